"""The end of a batch: the parts of this run and the tables of earlier ones become the tables, which change all at once.

The new tables are made beside the old ones, and one rename says that they hold: what was begun before it is made again, what
was begun after it is ended by the next run.
"""

from __future__ import annotations

import re
import shutil
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import chain
from pathlib import Path
from typing import NamedTuple

from briefs.engine import engine_errors  # first: it silences Daft

# isort: split
import daft
from daft import col
from daft.functions import concat_ws

from briefs.actor_keys import Actors, find_keys
from briefs.errors import BuildError
from briefs.tables import COLUMNS, TABLES, Row, count_rows, files_of, read_rows, schema_of, write_empty, write_rows

_NEW, _READY = ".new", ".ready"
_ADVICE = "what was parsed is kept; with --resume, another run goes on from there"
_PATTERN = re.compile(r"[*?\[\]{}\\]")  # what the engine takes for more than itself in the name of a file
_WHERE = ("part", "id", "file", "place")  # what tells a row of a part from all others


class Dropped(NamedTuple):
    """Rows that do not come into the tables: of parts by what tells them, of the table of briefs by id.

    `repeated` is how many rows of this run are there already, `failed` how many of these have an error; `kept` is how many rows
    there are then.
    """

    parts: frozenset[str]
    briefs: frozenset[str]
    repeated: int
    failed: int
    kept: int


class Run(NamedTuple):
    """A run: its name, with which those of its parts begin, and the files that it has read."""

    name: str
    files: frozenset[str]

    def has_tried_again(self, row: Row) -> bool:
        """Return whether a row of an earlier run says of a file that it cannot be read, and this run has read it."""
        return not row["sha256"] and row["file"] in self.files and not row.get("part", "").startswith(self.name)


def finish(into: Path, parts: Path, this: Run, *, copies: Sequence[Row] = (), version: str) -> Dropped:
    """Make the tables of a folder anew from them and from the parts of runs.

    `version` is the tagger that is in use. Rows of the same id are one article: one that this tagger read stays. Those of
    `copies` are listed apart. Raises BuildError.
    """
    put_in_place(into, parts)
    old, new = files_of(into / "briefs"), files_of(parts)
    dropped = _find_dropped(old, new, frozenset(row["id"] for row in copies), version, this)
    listed = {row["id"]: row for row in read_rows(files_of(into / "copies"), list(COLUMNS["copies"]))}
    unlisted = any(listed.get(row["id"]) != row for row in copies)
    listed |= {row["id"]: row for row in copies}
    if new or dropped.briefs or unlisted or not (into / "briefs").is_dir():
        shutil.rmtree(into / _NEW, ignore_errors=True)
        with engine_errors(_ADVICE):
            _write(into, into / _NEW, new, dropped, listed.values())
        (into / _NEW).rename(into / _READY)
    put_in_place(into, parts)
    return dropped


def put_in_place(into: Path, parts: Path) -> None:
    """Put tables that are ready in the place of the old ones, also where an earlier run was ended while it did that."""
    ready = into / _READY
    if not ready.is_dir():
        return
    for table in TABLES:
        if (ready / table).is_dir():
            shutil.rmtree(into / table, ignore_errors=True)
            (ready / table).rename(into / table)
    shutil.rmtree(parts, ignore_errors=True)
    shutil.rmtree(ready)


def _find_dropped(old: Sequence[Path], new: Sequence[Path], copies: frozenset[str], version: str, this: Run) -> Dropped:
    columns = [*_WHERE[1:], "tagger", "error", "sha256"]
    best: dict[str, tuple[object, ...]] = {}  # by id, what orders its rows: the least stays
    for row in chain(read_rows(old, columns), read_rows(new, [*columns, "part"])):
        if row["id"] not in copies and not this.has_tried_again(row):
            best[row["id"]] = min(best.get(row["id"], _rank(row, version)), _rank(row, version))
    dropped, repeated, failed = set(), 0, 0
    for row in read_rows(new, [*columns, "part"]):
        if best.get(row["id"]) != _rank(row, version):
            dropped.add(_key(row))
            again = row["id"] not in copies and row["part"].startswith(this.name)
            repeated += again
            failed += again and row["error"] is not None
    gone = (row["id"] for row in read_rows(old, columns) if best.get(row["id"]) != _rank(row, version))
    return Dropped(frozenset(dropped), frozenset(gone), repeated, failed, len(best))


def _rank(row: Row, version: str) -> tuple[object, ...]:
    return row["tagger"] != version, row["file"], row["place"], row.get("part", "")


def _key(row: Row) -> str:
    return " ".join(str(row[name]) for name in _WHERE)


def _write(into: Path, new: Path, parts: Sequence[Path], dropped: Dropped, copies: Iterable[Row]) -> None:
    """Write all tables to a folder of their own, from those of earlier runs and from parts."""
    fresh = _read("parts", parts)
    if dropped.parts:
        told = concat_ws(" ", col("part"), col("id"), col("file"), col("place").cast(daft.DataType.string()))
        fresh = _without(fresh.with_column("told", told), "told", dropped.parts)
    kept = {table: _read(table, files_of(into / table)) for table in ("briefs", "actors", "claims")}
    if dropped.briefs:
        kept = {table: _without(frame, "id", dropped.briefs) for table, frame in kept.items()}
    kept["briefs"].concat(fresh.select(*COLUMNS["briefs"])).write_parquet(str(new / "briefs"), compression="zstd")
    if count_rows(new / "briefs") != dropped.kept:  # an engine that was interrupted may end without a word
        raise BuildError(f"{new}: not all rows were written; {_ADVICE}")
    actors = kept["actors"].exclude("actor_key").concat(_explode(fresh, "actors"))
    actors.write_parquet(str(new / "found"), compression="zstd")  # read twice: for the keys, and to be joined with them
    write_rows(new / "keys/keys.parquet", "keys", _find_keys(new))
    _write_keyed(_found(new), new, "actors", ("id", "name", "kind", "actor_key"))
    claims = kept["claims"].exclude("speaker_key").concat(_explode(fresh, "claims"))
    _write_keyed(claims, new, "claims", ("id", "speaker", "speaker_kind", "speaker_key"))
    write_rows(new / "copies/copies.parquet", "copies", copies)
    for table in TABLES:
        if not files_of(new / table):
            write_empty(new / table / "empty.parquet", table)
    for name in ("found", "keys"):
        shutil.rmtree(new / name, ignore_errors=True)


def _explode(parts: daft.DataFrame, table: str) -> daft.DataFrame:
    """Return the rows of a table that stand as lists in parts."""
    own = parts.select("id", "date", "publisher", "url", col(table)).explode(table).where(col(table).not_null())
    fields = [field for field in COLUMNS[table] if not field.endswith("_key")]
    return own.select(*(col(f) if f in own.column_names else col(table)[f].alias(f) for f in fields))


def _write_keyed(frame: daft.DataFrame, new: Path, table: str, names: tuple[str, str, str, str]) -> None:
    """Write a table with the keys of its actors; `names` are those of its columns with brief, name, kind and key."""
    keys = _read("keys", files_of(new / "keys"))
    keys = keys.select(*(col(own).alias(name) for own, name in zip(("id", "name", "kind", "key"), names, strict=True)))
    joined = frame.exclude(names[-1]).join(keys, on=list(names[:-1]), how="left").select(*COLUMNS[table])
    joined.write_parquet(str(new / table), compression="zstd")


def _find_keys(new: Path) -> Iterator[Row]:
    found = read_rows(files_of(new / "found"), ["id", "name", "kind", "roles", "affiliation", "aliases", "salience"])
    stories: Mapping[str, Row] = {
        row["id"]: row
        for row in read_rows(files_of(new / "briefs"), ["id", "published", "section", "tags", "error"])
        if not row["error"]
    }
    yield from find_keys(Actors(stories, found))


def _without(frame: daft.DataFrame, column: str, values: frozenset[str]) -> daft.DataFrame:
    return frame.join(daft.from_pydict({column: sorted(values)}), on=column, how="anti")


def _read(table: str, files: Sequence[Path]) -> daft.DataFrame:
    if not files:
        return daft.from_arrow(schema_of(table).empty_table())
    return daft.read_parquet([_PATTERN.sub(r"\\\g<0>", str(path)) for path in files])


def _found(new: Path) -> daft.DataFrame:
    return _read("actors", files_of(new / "found"))
