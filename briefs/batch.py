"""The same parse over any number of articles, on Daft: inputs to slices, slices to parts, parts to tables.

    cut      the inputs, into slices that are read one by one (`slices`)
    parse    each slice in a worker, which holds the model and writes a part: a row for each record (`tables`)
    finish   parts and what earlier runs wrote, into the tables, which take the place of the old ones at once (`finishing`)

The engine has the workers, on this machine or on a cluster, gives them slices, and does those of a worker that is lost once
more: a part is named after its slice, so that it is written over. Nothing here waits for, counts or repeats anything itself.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from functools import cached_property
from itertools import islice
from pathlib import Path
from typing import Any
from uuid import uuid4

import daft
from daft import DataType

from briefs.cache import key_of
from briefs.engine import engine_errors
from briefs.errors import BriefsError, TaggerError
from briefs.parsing import parse
from briefs.slices import Found, Reading, Slice, find_slices, read_slice, told
from briefs.tables import Row, files_of, read_rows, row_of, write_rows
from briefs.tagger import load_tagger

COUNTS = ("parsed", "failed", "known", "folded", "left_out", "passed_over")
PARTS = ".parts"  # where they lie until they are in the tables
_ADVICE = "with --resume, another run goes on where this one ended"
_COUNTED = DataType.struct({name: DataType.int64() for name in COUNTS})


@dataclass(frozen=True, slots=True)
class Asked:
    """What a batch is to do; see `briefs batch --help`. `workers` are processes, `articles` about how many each takes at once."""

    inputs: Sequence[str]
    into: Path
    workers: int
    articles: int = 100
    limit: int | None = None
    sample: float = 1.0
    reading: Reading = field(default_factory=Reading)


def run_slices(asked: Asked, slices: Sequence[Slice], *, known: Path | None, folded: Path | None) -> Iterator[Counter[str]]:
    """Have slices parsed, and yield for each what became of its records, by `COUNTS`: in any order.

    `known` and `folded` are tables of what is not parsed. Raises BuildError where the engine gives up, TaggerError.
    """
    made = daft.cls(Worker, use_process=True, max_concurrency=asked.workers)
    worker = made(str(asked.into / PARTS), uuid4().hex, asked.reading, asked.sample, known, folded)
    frame = frame_of(slices)
    with engine_errors(_ADVICE):
        for row in frame.select(worker.parse(frame["slice"])).iter_rows():
            yield Counter(row)


def frame_of(slices: Sequence[Slice]) -> daft.DataFrame:
    """Return slices as a table; on a cluster, each is a task of its own."""
    frame = daft.from_pydict({"slice": [json.dumps(part) for part in slices]})
    return frame if daft.get_or_infer_runner_type() == "native" else frame.into_partitions(len(slices))


def plan(asked: Asked) -> list[Slice]:
    """Return the slices of the inputs, as far as the limit goes. Raises BuildError where an input is not there."""
    slices = find_slices(asked.inputs, articles=asked.articles, leave=asked.into)
    if asked.limit is None:
        return slices
    left, taken = asked.limit, []
    for part in slices:
        wanted = (found for found in read_slice(part, asked.reading) if found.read and is_sampled(found, asked.sample))
        count = sum(1 for _ in islice(wanted, left))
        taken.append(part._replace(most=left))
        left -= count
        if not left:
            break
    return taken


class Worker:
    """What a process of the engine does: it reads slices, parses what is new in them, and writes the parts."""

    def __init__(
        self, into: str, run: str, reading: Reading, sample: float, known: Path | None, folded: Path | None
    ) -> None:
        self._into, self._run, self._reading, self._sample = Path(into), run, reading, sample
        self._known_in, self._folded_in = known, folded

    @daft.method.batch(return_dtype=_COUNTED, unnest=True, batch_size=1)
    def parse(self, slices: daft.Series) -> list[dict[str, int]]:
        """Return what became of the records of slices."""
        return [self._parse(Slice(*json.loads(told_))) for told_ in slices.to_pylist()]

    def _parse(self, part: Slice) -> dict[str, int]:
        counts = dict.fromkeys(COUNTS, 0)
        path = self._into / f"{key_of(self._run, json.dumps(part))[:24]}.parquet"
        write_rows(path, "parts", self._rows(part, counts))
        return counts

    def _rows(self, part: Slice, counts: dict[str, int]) -> Iterator[Row]:
        left = part.most
        for found in read_slice(part, self._reading):
            if found.read is None:
                counts["passed_over"] += 1
            elif not is_sampled(found, self._sample):
                counts["left_out"] += 1
            elif left == 0:
                return
            else:
                left = None if left is None else left - 1
                if found.id in self._known:
                    counts["known"] += 1
                elif found.id in self._folded:
                    counts["folded"] += 1
                else:
                    row = make_row(found, part)
                    counts["failed" if row.get("error") else "parsed"] += 1
                    yield row

    @cached_property
    def _known(self) -> frozenset[str]:
        return _read_ids(self._known_in)

    @cached_property
    def _folded(self) -> frozenset[str]:
        return _read_ids(self._folded_in)


def make_row(found: Found, part: Slice) -> Row:
    """Return the row of a record: its brief, or why there is none."""
    row: Row = {"id": found.id, "sha256": found.sha256, "file": found.file, "place": found.place, "url": found.url}
    try:
        if found.read is not None:
            row |= row_of(parse(found.read()))
    except TaggerError:
        raise
    except BriefsError as error:
        row["error"] = told(error, found.file, part.form, found.place)
    except Exception as error:  # noqa: BLE001 (a bug of ours, or of a library: one record of millions must not end the run)
        row["error"] = told(f"{type(error).__name__}: {error}", found.file, part.form, found.place)
    if row.get("error"):
        row["tagger"] = load_tagger(1).version
        row["error"] = row["error"].encode("utf-8", "backslashreplace").decode()
    return row


def is_sampled(found: Found, share: float) -> bool:
    """Return whether a record belongs to a sample: told by its id, so the same on every machine.

    >>> [is_sampled(Found(f"{n:x}" * 32, "", "", 0, None, None), 0.25) for n in (0, 3, 4, 15)]
    [True, True, False, False]
    """
    return int(found.id[:8], 16) < share * 2**32


def find_known(into: Path) -> Iterator[str]:
    """Yield the ids of records that are in the output, or on their way to it, from the tagger that is in use."""
    version = load_tagger(1).version
    for folder in (into / "briefs", into / PARTS):
        yield from (row["id"] for row in read_rows(files_of(folder), ["id", "tagger"]) if row["tagger"] == version)


def _read_ids(path: Path | None) -> frozenset[str]:
    return frozenset(row["id"] for row in read_rows([path], ["id"])) if path else frozenset()


def total(counts: Iterable[Counter[str]]) -> Counter[str]:
    """Return the sum of counts."""
    return sum(counts, Counter())
