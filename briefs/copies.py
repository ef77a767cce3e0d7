"""Syndicated copies: the articles of many publishers that are one text, found by MinHash and folded to the earliest.

Each text has a signature: how many of its places two of them share is how much of their words in a row they share. Only texts
that share a band of their signatures are held side by side, so that a million need not be compared with a million.
"""

from __future__ import annotations

import json
import os
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import islice
from pathlib import Path

from briefs.engine import engine_errors, frame_of  # first: it silences Daft

# isort: split
import daft
from daft import DataType, col, lit
from daft.functions import list_count, minhash

from briefs.escape import clean
from briefs.moments import moment, timestamp
from briefs.names import as_utf8
from briefs.reading import Reading, is_sampled, read_slice
from briefs.slices import Slice
from briefs.tables import Row

HASHES, BANDS = 64, 16  # of a signature; a band has four hashes
WORDS = 5  # in a row that are hashed together
ALIKE = 0.8  # share of a signature that copies have in common
_LATEST = "9999"  # after all dates: an article without a date is no one's original
_FEWEST = 20  # words of a text that can be told from others
_WORD = re.compile(r"\w+")
_ADVICE = "nothing was parsed"
_FIELDS = ("id", "url", "publisher", "published", "headline", "file")
_SIGNED = DataType.list(
    DataType.struct(
        {**dict.fromkeys((*_FIELDS, "when", "text"), DataType.string()), "place": DataType.int64()},
    )
)


def find_copies(slices: Sequence[Slice], reading: Reading, sample: float, folder: Path, *, workers: int) -> list[Row]:
    """Return the rows of the articles that are copies of another, `copy_of`: the earliest of those alike.

    The articles are read for that and not parsed; the names of their files are relative to `folder`. Raises BuildError.
    """
    reader = daft.cls(Reader, use_process=True, max_concurrency=workers)(reading, sample, folder)
    frame = frame_of([json.dumps(part) for part in slices])
    with engine_errors(_ADVICE):
        read = (
            frame.select(reader.read(frame["slice"]).alias("article"))
            .explode("article")
            .where(col("article").not_null())
        )
        signed = read.select(
            *(col("article")[name].alias(name) for name in (*_FIELDS, "when", "place")),
            minhash(col("article")["text"], num_hashes=HASHES, ngram_size=WORDS).alias("signature"),
        ).collect()
        banded = signed.select("id", _bands(col("signature")).alias("band")).explode("band")
        shared = (
            banded.groupby("band")
            .agg(col("id").list_agg_distinct().alias("ids"))
            .where(list_count(col("ids")) > lit(1))
        )
        groups = [sorted(row["ids"]) for row in shared.select("ids").iter_rows()]
        wanted = sorted({id_ for group in groups for id_ in group})
        rows = signed.where(col("id").is_in(wanted)).to_pylist() if wanted else []
    return list(fold({row["id"]: row for row in rows}, groups))


def fold(rows: Mapping[str, Row], groups: Iterable[Sequence[str]]) -> Iterator[Row]:
    """Yield the copies among articles with their signatures; `groups` are those that may be alike.

    >>> rows = {id_: {"id": id_, "when": when, "signature": [1] * 9 + [ord(id_)]} for id_, when in ("a5", "b3", "c4")}
    >>> [(row["id"], row["copy_of"]) for row in fold(rows, [["a", "b"], ["b", "c"]])]
    [('a', 'b'), ('c', 'b')]
    """
    original = {id_: id_ for id_ in rows}

    def first(id_: str) -> str:
        while original[id_] != id_:
            original[id_] = id_ = original[original[id_]]
        return id_

    def age(id_: str) -> tuple[str, str]:
        return rows[id_]["when"], id_

    for group in groups:
        leader = min(group, key=age)
        for id_ in group:
            if id_ != leader and are_alike(rows[leader]["signature"], rows[id_]["signature"]):
                earlier, later = sorted((first(leader), first(id_)), key=age)
                original[later] = earlier
    for id_ in sorted(rows):
        if first(id_) != id_:
            yield {name: value for name, value in rows[id_].items() if name not in {"when", "signature"}} | {
                "copy_of": first(id_)
            }


def are_alike(one: Sequence[int], other: Sequence[int]) -> bool:
    """Return whether two signatures are those of copies.

    >>> are_alike([1, 2, 3, 4, 5], [1, 2, 3, 4, 6]), are_alike([1, 2, 3, 4, 5], [1, 2, 3, 7, 6])
    (True, False)
    """
    return sum(a == b for a, b in zip(one, other, strict=True)) >= ALIKE * len(one)


@daft.func.batch(return_dtype=DataType.list(DataType.string()))
def _bands(signatures: daft.Series) -> list[list[str]]:
    step = HASHES // BANDS
    return [
        [f"{at}:{','.join(map(str, signature[at : at + step]))}" for at in range(0, HASHES, step)]
        for signature in signatures.to_pylist()
    ]


class Reader:
    """What a process of the engine does: it reads the articles of slices."""

    def __init__(self, reading: Reading, sample: float, folder: Path) -> None:
        self._reading, self._sample = reading, sample
        os.chdir(folder)

    @daft.method.batch(return_dtype=_SIGNED, batch_size=1)
    def read(self, slices: daft.Series) -> list[list[Row]]:
        """Return the articles of slices that are long enough to be told from others."""
        return [list(self._read(Slice(*json.loads(told)))) for told in slices.to_pylist()]

    def _read(self, part: Slice) -> Iterator[Row]:
        wanted = (found for found in read_slice(part, self._reading) if found.read and is_sampled(found, self._sample))
        for found in islice(wanted, part.most):
            try:
                article = found.read() if found.read else None
            except Exception:  # noqa: BLE001, S112 (whatever is wrong with it, parsing it says so)
                continue
            words = (
                _WORD.findall(" ".join(span.of(article.text) for span in article.paragraphs).casefold())
                if article
                else []
            )
            if article and len(words) >= _FEWEST:
                origin = article.origin
                yield {
                    "id": found.id,
                    "url": origin.url or found.url,
                    "publisher": origin.publisher,
                    "published": origin.published,
                    "headline": clean(article.headline.of(article.text)),
                    "file": as_utf8(found.file),
                    "place": found.place,
                    "when": timestamp(moment(origin.published)) or _LATEST,
                    "text": " ".join(words),
                }
