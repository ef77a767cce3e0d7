"""Briefs that a batch has made, in Parquet: a build takes them as they are, and parses nothing again."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from briefs.errors import SeedError
from briefs.names import as_utf8
from briefs.schema import Brief

STORED_SUFFIX = ".parquet"
_EXPECTED = "a table of briefs that briefs batch has written, or a part of one"


def is_stored(path: Path) -> bool:
    """Return whether a file has briefs and not articles, by its name."""
    return path.suffix.lower() == STORED_SUFFIX


def read_briefs(path: Path) -> Iterator[Brief | SeedError]:
    """Yield the briefs of a table; of a row that has none, nothing, as the batch has said what is wrong with it.

    A brief that cannot be read is yielded as its error. Raises SeedError where the file is no such table, and where pyarrow is
    not installed.
    """
    shown = as_utf8(str(path))
    try:
        from pyarrow.parquet import ParquetFile  # noqa: PLC0415 (an extra)
    except ModuleNotFoundError as error:
        found = "a table, which needs pyarrow"
        raise SeedError(shown, 1, 1, found=found, expected="pip install 'briefs[batch]'") from error
    row = 0
    try:
        with ParquetFile(path) as file:
            if "brief" not in file.schema_arrow.names:
                raise SeedError(shown, 1, 1, found="a table without a column brief", expected=_EXPECTED)
            for batch in file.iter_batches(batch_size=64, columns=["brief"]):
                for told in batch.column("brief").to_pylist():
                    row += 1
                    if told is not None:
                        yield _read(told, shown, row)
    except (OSError, ValueError) as error:  # of pyarrow, too
        found = str(error).strip().partition("\n")[0].rstrip(".") or "an error"
        raise SeedError(shown, row + 1, 1, found=found, expected=_EXPECTED) from error


def _read(told: str, shown: str, row: int) -> Brief | SeedError:
    try:
        return Brief.model_validate_json(told)
    except ValueError:
        return SeedError(shown, row, 1, found="no brief, or one of another version", expected=_EXPECTED)
