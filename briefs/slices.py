"""Inputs of any size, cut into slices that each worker can read by itself: ranges of bytes, of rows, or a few files.

Which record is where, and what it is called, does not depend on how the input is cut.
"""

from __future__ import annotations

import gzip
import math
import zlib
from collections.abc import Iterator, Sequence
from itertools import pairwise
from pathlib import Path
from typing import Any, BinaryIO, Literal, NamedTuple

from briefs.engine import engine_error
from briefs.opening import find_files, is_remote, open_input
from briefs.readers import SIDECAR_SUFFIX, SUFFIXES

Form = Literal["warc", "parquet", "lines", "seeds"]

_FORMS: dict[str, Form] = {
    ".warc": "warc",
    ".warc.gz": "warc",
    ".parquet": "parquet",
    ".jsonl": "lines",
    ".ndjson": "lines",
    ".jsonl.gz": "lines",
    ".ndjson.gz": "lines",
}
_MAGIC: dict[bytes, Form] = {b"PAR1": "parquet", b"WARC/": "warc"}
_ARTICLE = {"warc": 40_000, "lines": 8_000}  # bytes of a file that an article takes, about
_PARTS = 64  # slices of a group of rows: each reads the group from its beginning


class Slice(NamedTuple):
    """A part of the input: bytes or rows from `start` to `stop` of a file, or some files as they are.

    Of its records, at most so many are wanted, or all.
    """

    form: Form
    files: Sequence[str]
    start: int = 0
    stop: int = 0
    most: int | None = None


def find_slices(inputs: Sequence[str], *, articles: int, leave: Path | None = None) -> list[Slice]:
    """Return the slices of all inputs, each of about so many articles: files, folders, patterns and addresses.

    `leave` is a folder that is left out. Raises BuildError where an input is not there.
    """
    slices: list[Slice] = []
    seeds: list[str] = []
    for file, size in find_files(inputs, _is_known, leave):
        form = _form_of(file)
        if form == "seeds":
            seeds.append(file)
        else:
            slices += _cut(form, file, size, articles)
    return [*slices, *(Slice("seeds", seeds[at : at + articles]) for at in range(0, len(seeds), articles))]


def _is_known(name: str) -> bool:
    lower = name.lower()
    seed = Path(lower).suffix in SUFFIXES and not lower.endswith(SIDECAR_SUFFIX)
    return seed or lower.endswith(tuple(_FORMS))


def _form_of(file: str) -> Form:
    """Return the form of a file by its name, or else by its first bytes."""
    lower = file.lower()
    named = next((form for suffix, form in _FORMS.items() if lower.endswith(suffix)), None)
    if named or Path(lower).suffix in SUFFIXES or is_remote(file):
        return named or "seeds"
    try:
        with open_input(file) as stream:
            head = stream.read(8)
            if head.startswith(b"\x1f\x8b"):
                stream.seek(0)
                head = gzip.GzipFile(fileobj=stream).read(8)
    except (OSError, EOFError, zlib.error):
        return "seeds"
    return next((form for magic, form in _MAGIC.items() if head.startswith(magic)), "seeds")


def _cut(form: Form, file: str, size: int, articles: int) -> Iterator[Slice]:
    """Yield the slices of a file."""
    if form == "parquet":
        yield from _cut_rows(file, articles)
    elif form == "lines" and file.lower().endswith(".gz"):
        yield Slice(form, [file], 0, 0)
    else:
        step = articles * _ARTICLE[form]
        bounds = [*range(0, max(size, 1), step), max(size, 1)]
        yield from (Slice(form, [file], start, stop) for start, stop in pairwise(bounds))


def _cut_rows(file: str, articles: int) -> Iterator[Slice]:
    try:
        with open_input(file) as stream:
            metadata = open_table(stream).metadata
            sizes = [metadata.row_group(number).num_rows for number in range(metadata.num_row_groups)]
    except (OSError, ValueError, engine_error()):  # whoever reads it says what is wrong
        yield Slice("parquet", [file], 0, 1)
        return
    first = 0
    for size in sizes:
        step = max(articles, math.ceil(size / _PARTS))
        yield from (
            Slice("parquet", [file], at, min(at + step, first + size)) for at in range(first, first + size, step)
        )
        first += size


def open_table(stream: BinaryIO) -> Any:  # noqa: ANN401 - of a library without types
    """Open a file of Parquet. Raises ValueError and OSError where it is none."""
    from pyarrow.parquet import ParquetFile  # noqa: PLC0415 (an extra)

    return ParquetFile(stream)
