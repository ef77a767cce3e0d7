"""The same parse over any number of articles, on Daft: inputs to slices, slices to parts, parts to tables.

    cut      the inputs, into slices, each of which can be read by itself (`slices`, `reading`)
    parse    each slice in a worker, which holds the model and writes a part: a row for each record (`tables`)
    finish   parts and what earlier runs wrote, into the tables, which take the place of the old ones at once (`finishing`)

The engine has the workers, on this machine or on a cluster, gives them slices, and does those of a worker that is lost once
more: a part is named after its slice, so that it is written over. Nothing here waits for, counts or repeats anything itself.
"""

from __future__ import annotations

import json
import os
import shutil
from collections import Counter
from collections.abc import Generator, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field, replace
from functools import cached_property
from itertools import islice
from pathlib import Path
from typing import NamedTuple
from uuid import uuid4

from briefs.engine import engine_errors, frame_of  # first: it silences Daft

# isort: split
import daft
from daft import DataType
from pyarrow import ArrowException

from briefs.cache import key_of
from briefs.copies import find_copies
from briefs.errors import BuildError, SeedError, TaggerError
from briefs.files import write_whole
from briefs.finishing import Run, finish, put_in_place
from briefs.folder import alone
from briefs.names import as_utf8
from briefs.parsing import parse
from briefs.reading import Found, Reading, is_sampled, read_slice, told
from briefs.seeds import BATCH
from briefs.slices import Slice, find_slices
from briefs.tables import Row, files_of, read_rows, row_of, write_rows
from briefs.tagger import load_tagger

COUNTS = ("parsed", "failed", "known", "folded", "left_out", "passed_over")
FORMAT = 1  # of what is in the folder: one more where the columns of the tables change
PARTS, WORK = ".parts", ".work"  # what is in the folder beside the tables
_ADVICE = "with --resume, another run goes on where this one ended"
_COUNTED = DataType.struct({name: DataType.int64() for name in COUNTS})


@dataclass(frozen=True, slots=True)
class Asked:
    """What a batch is to do; see `briefs batch --help`. Of `workers`, each takes about so many `articles` at once.

    `folder` is what names of files are relative to, on every machine.
    """

    inputs: Sequence[str]
    into: Path
    workers: int
    articles: int = 100
    limit: int | None = None
    sample: float = 1.0
    resume: bool = False
    dedupe: bool = False
    folder: Path = field(default_factory=Path.cwd)
    reading: Reading = field(default_factory=Reading)


class Ended(NamedTuple):
    """What became of all records: by `COUNTS`, and how many were there already, in this run or an earlier one."""

    counts: Counter[str]
    repeated: int


def run(asked: Asked, slices: Sequence[Slice]) -> Generator[tuple[Counter[str], float], None, Ended]:
    """Do a batch; yield what became of records as slices are done, and the share of the slices that are done by then.

    Raises BuildError where the output folder cannot be written, or the engine gives up.
    """
    asked = replace(asked, into=asked.into.absolute())
    with alone(asked.into), _writing(asked.into):
        version, work = load_tagger(1).version, asked.into / WORK
        put_in_place(asked.into, asked.into / PARTS)
        shutil.rmtree(work, ignore_errors=True)
        known, folded = work / "known.parquet", work / "folded.parquet"
        write_rows(known, "ids", ({"id": id_} for id_ in find_known(asked.into, version)))
        copies = (
            find_copies(slices, asked.reading, asked.sample, asked.folder, workers=asked.workers)
            if asked.dedupe
            else []
        )
        write_rows(folded, "ids", ({"id": row["id"]} for row in copies))
        counts: Counter[str] = Counter()
        name = uuid4().hex[:12]
        for number, found in enumerate(run_slices(asked, slices, name, known=known, folded=folded), 1):
            counts.update(found)
            yield found, number / len(slices)
        this = Run(name, frozenset(as_utf8(file) for part in slices for file in part.files))
        dropped = finish(asked.into, asked.into / PARTS, this, copies=copies, version=version)
        shutil.rmtree(work, ignore_errors=True)
    counts.subtract({"parsed": dropped.repeated - dropped.failed, "failed": dropped.failed})
    return Ended(counts, dropped.repeated)


def take_folder(asked: Asked) -> None:
    """Make sure that the output folder is new, or that of runs that read alike, if these are to be gone on with.

    Raises BuildError.
    """
    settings = asked.into / BATCH
    reading = json.dumps({"format": FORMAT, **asdict(asked.reading)}, sort_keys=True).encode()
    with _writing(asked.into):
        asked.into.mkdir(parents=True, exist_ok=True)
        found = settings.read_bytes() if settings.exists() else None
        if found is None and any(asked.into.iterdir()):
            raise BuildError(f"{asked.into}: not empty, and not of a batch; expected a new folder")
        if found is not None and not asked.resume:
            raise BuildError(
                f"{asked.into}: has the output of a batch; expected --resume to go on with it, or a new folder"
            )
        if found is not None and found != reading:
            raise BuildError(
                f"{asked.into}: of a batch with another --language, --map or --max-bytes, or version; expected the same"
            )
        write_whole(settings, reading)


@contextmanager
def _writing(into: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        reason = (error.strerror or "an error").lower()
        raise BuildError(f"{error.filename or into}: cannot be written: {reason}") from error
    except ArrowException as error:
        reason = str(error).partition("\n")[0].rstrip(".")
        raise BuildError(
            f"{into}: a table cannot be read: {reason}; expected those that a batch has written"
        ) from error


def run_slices(
    asked: Asked, slices: Sequence[Slice], name: str, *, known: Path, folded: Path
) -> Iterator[Counter[str]]:
    """Have slices parsed, and yield for each what became of its records, by `COUNTS`: in any order.

    The names of the parts begin with `name`; `known` and `folded` are tables of what is not parsed. Raises BuildError where the
    engine gives up, TaggerError.
    """
    made = daft.cls(Worker, use_process=True, max_concurrency=asked.workers)
    worker = made(asked, name, known, folded)
    frame = frame_of([json.dumps(part) for part in slices])
    done = 0
    with engine_errors(_ADVICE):
        for row in frame.select(worker.parse(frame["slice"])).iter_rows():
            yield Counter(row)
            done += 1
    if done < len(slices):  # it ends without a word where it was interrupted
        raise BuildError(f"the engine ended after {done} of {len(slices)} slices; {_ADVICE}")


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

    def __init__(self, asked: Asked, run: str, known: Path, folded: Path) -> None:
        self._into, self._run, self._reading, self._sample = asked.into / PARTS, run, asked.reading, asked.sample
        self._known_in, self._folded_in = known, folded
        os.chdir(asked.folder)

    @daft.method.batch(return_dtype=_COUNTED, unnest=True, batch_size=1)
    def parse(self, slices: daft.Series) -> list[dict[str, int]]:
        """Return what became of the records of slices."""
        return [self._parse(Slice(*json.loads(told_))) for told_ in slices.to_pylist()]

    def _parse(self, part: Slice) -> dict[str, int]:
        counts = dict.fromkeys(COUNTS, 0)
        path = self._into / f"{self._run}-{key_of(json.dumps(part))[:24]}.parquet"
        write_rows(path, "parts", ({"part": path.name, **row} for row in self._rows(part, counts)))
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
                if found.id in self._folded:
                    counts["folded"] += 1
                elif found.id in self._known:
                    counts["known"] += 1
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
    row: Row = {
        "id": found.id,
        "sha256": found.sha256,
        "file": as_utf8(found.file),
        "place": found.place,
        "url": found.url,
    }
    try:
        if found.read is not None:
            row |= row_of(parse(found.read()))
    except TaggerError:
        raise
    except SeedError as error:
        row["error"] = told(error, found.file, part.form, found.place)
    except Exception as error:  # noqa: BLE001 (a bug of ours, or of a library: one record of millions must not end the run)
        row["error"] = told(f"{type(error).__name__}: {error}", found.file, part.form, found.place)
    if row.get("error"):
        row["tagger"] = load_tagger(1).version
        row["error"] = row["error"].encode("utf-8", "backslashreplace").decode()
    return row


def find_known(into: Path, version: str) -> Iterator[str]:
    """Yield the ids of records that are in the output, or on their way to it, from a version of the tagger.

    Where a file could not be read, for lack of a network maybe, it is tried again: such a row has no digest.
    """
    for folder in (into / "briefs", into / PARTS):
        rows = read_rows(files_of(folder), ["id", "tagger", "sha256"])
        yield from (row["id"] for row in rows if row["tagger"] == version and row["sha256"])


def _read_ids(path: Path) -> frozenset[str]:
    return frozenset(row["id"] for row in read_rows([path], ["id"])) if path.exists() else frozenset()
