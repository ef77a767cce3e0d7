"""The tables that a batch writes: what one row of each is, and Parquet files of them, each whole or not there."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Any
from uuid import uuid4

from briefs.escape import clean
from briefs.moments import moment, timestamp
from briefs.schema import Brief
from briefs.view import view

if TYPE_CHECKING:
    from pyarrow import Schema

Row = dict[str, Any]

TABLES = ("briefs", "claims", "actors", "copies")
UNFINISHED = ".tmp"  # how the names of files end until they are whole

_BRIEFS = {
    "id": "string",
    "url": "string",
    "publisher": "string",
    "published": "string",
    "date": "date32",
    "headline": "string",
    "summary": "string",
    "section": "string",
    "tags": ["string"],
    "brief": "string",
    "sha256": "string",
    "tagger": "string",
    "error": "string",
    "file": "string",
    "place": "int64",
}
_CLAIMS = {
    "number": "int32",
    "speaker": "string",
    "speaker_kind": "string",
    "source": "string",
    "cue": "string",
    "form": "string",
    "certainty": "string",
    "text": "string",
    "spans": [{"start": "int32", "end": "int32"}],
}
_ACTORS = {
    "number": "int32",
    "name": "string",
    "kind": "string",
    "roles": ["string"],
    "affiliation": "string",
    "aliases": ["string"],
    "salience": "string",
    "mentions": "int32",
    "claims": "int32",
}
_WITH_CLAIMS: dict[str, Any] = {"date": "date32", "publisher": "string", "url": "string"}
COLUMNS: Mapping[str, Mapping[str, Any]] = {
    "parts": {"part": "string", **_BRIEFS, "claims": [_CLAIMS], "actors": [_ACTORS]},
    "briefs": _BRIEFS,
    "claims": {"id": "string", **_CLAIMS, **_WITH_CLAIMS, "speaker_key": "string"},
    "actors": {"id": "string", **_ACTORS, **_WITH_CLAIMS, "actor_key": "string"},
    "copies": {"id": "string", "copy_of": "string", "url": "string", "publisher": "string", "published": "string",
               "headline": "string", "file": "string", "place": "int64"},
    "keys": {"id": "string", "name": "string", "kind": "string", "key": "string"},
    "ids": {"id": "string"},
}  # fmt: skip


def schema_of(table: str) -> Schema:
    """Return the columns of a table as Arrow has them."""
    import pyarrow as pa  # noqa: PLC0415 (an extra)

    def made(kind: Any) -> Any:  # noqa: ANN401 - of a library without types
        if isinstance(kind, list):
            return pa.list_(made(kind[0]))
        if isinstance(kind, dict):
            return pa.struct([(name, made(each)) for name, each in kind.items()])
        return getattr(pa, kind)()

    return pa.schema([(name, made(kind)) for name, kind in COLUMNS[table].items()])


def row_of(brief: Brief) -> Row:
    """Return the columns of a brief, with its claims and actors as lists of theirs."""
    page, origin = view(brief), brief.origin
    kinds = {actor.name: actor.kind for actor in reversed(brief.actors)}
    said = [claim.speaker for claim in brief.claims]
    when = timestamp(moment(origin.published))
    return {
        "url": origin.url,
        "publisher": origin.publisher,
        "published": origin.published,
        "date": _day(when),
        "headline": page.headline,
        "summary": page.summary,
        "section": origin.section,
        "tags": list(origin.tags),
        "brief": brief.model_dump_json(),
        "tagger": brief.tagger,
        "claims": [
            {
                "number": number,
                "speaker": clean(claim.speaker) if claim.speaker else None,
                "speaker_kind": kinds.get(claim.speaker or ""),
                "source": clean(claim.source.text) if claim.source else None,
                "cue": clean(claim.cue.text) if claim.cue else None,
                "form": claim.form,
                "certainty": claim.certainty,
                "text": clean(claim.text),
                "spans": [span.model_dump() for span in claim.spans],
            }
            for number, claim in enumerate(brief.claims)
        ],
        "actors": [
            {
                "number": number,
                "name": clean(actor.name),
                "kind": actor.kind,
                "roles": list(actor.roles),
                "affiliation": actor.affiliation,
                "aliases": list(actor.aliases),
                "salience": actor.salience,
                "mentions": len(actor.mentions),
                "claims": said.count(actor.name),
            }
            for number, actor in enumerate(brief.actors)
        ],
    }


def _day(when: str | None) -> Any:  # noqa: ANN401
    from datetime import date  # noqa: PLC0415

    return date.fromisoformat(when[:10]) if when else None


def write_rows(path: Path, table: str, rows: Iterable[Row], *, at_once: int = 256) -> int:
    """Write rows to a Parquet file, which is there when it is whole, and return how many. Without a row there is no file.

    So many rows are in memory at once. Raises OSError.
    """
    import pyarrow as pa  # noqa: PLC0415 (an extra)
    from pyarrow.parquet import ParquetWriter  # noqa: PLC0415

    each, count = iter(rows), 0
    batch = list(islice(each, at_once))
    if not batch:
        return 0
    schema = schema_of(table)
    path.parent.mkdir(parents=True, exist_ok=True)
    unfinished = path.with_name(f".{path.name}.{uuid4().hex[:8]}{UNFINISHED}")
    try:
        with ParquetWriter(unfinished, schema, compression="zstd") as writer:
            while batch:
                writer.write_batch(pa.RecordBatch.from_pylist(batch, schema=schema))
                count += len(batch)
                batch = list(islice(each, at_once))
        unfinished.replace(path)
    except BaseException:
        unfinished.unlink(missing_ok=True)
        raise
    return count


def write_empty(path: Path, table: str) -> None:
    """Write a table without rows. Raises OSError."""
    from pyarrow.parquet import write_table  # noqa: PLC0415 (an extra)

    path.parent.mkdir(parents=True, exist_ok=True)
    write_table(schema_of(table).empty_table(), path)


def count_rows(folder: Path) -> int:
    """Return how many rows a table has."""
    from pyarrow.parquet import read_metadata  # noqa: PLC0415 (an extra)

    return sum(read_metadata(path).num_rows for path in files_of(folder))


def read_rows(files: Iterable[Path], columns: list[str]) -> Iterator[Row]:
    """Yield some columns of the rows of Parquet files."""
    from pyarrow.parquet import ParquetFile  # noqa: PLC0415 (an extra)

    for path in files:
        with ParquetFile(path) as file:
            for batch in file.iter_batches(columns=columns):
                yield from batch.to_pylist()


def files_of(folder: Path) -> list[Path]:
    """Return the Parquet files of a table, in the order of their names."""
    return sorted(path for path in folder.glob("*.parquet") if not path.name.startswith("."))
