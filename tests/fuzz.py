"""Look for bytes that break a reader, with atheris: `make fuzz`. What it finds becomes a case of `hostile.py`.

The first byte of an input chooses the suffix of its name; the rest is the file. Inputs begin from the files in `tests/forms`
and `tests/cases`. Options of libFuzzer may follow, such as -max_total_time=240.
"""

from __future__ import annotations

import sys
import tempfile
from io import BytesIO
from pathlib import Path

import atheris

with atheris.instrument_imports(include=["briefs"]):
    from briefs.errors import SeedError
    from briefs.readers import ReadOptions, read_articles
    from briefs.readers.forms import SUFFIXES

HERE = Path(__file__).parent
NAMES = [f"a{suffix}" for suffix in sorted(SUFFIXES)]
OPTIONS = ReadOptions(max_bytes=100_000, language="any")


def read_one(source: bytes) -> None:
    """Read an input; whatever is raised but a SeedError is a find."""
    name = NAMES[source[0] % len(NAMES)] if source else NAMES[0]
    try:
        for read in read_articles(BytesIO(source[1:]), path=name, options=OPTIONS).each:
            if not isinstance(read, SeedError):
                read.text.encode("utf-8")
    except SeedError:
        pass


def main() -> None:
    """Fuzz until stopped, or for as long as the options say."""
    with tempfile.TemporaryDirectory() as corpus:
        for path in sorted([*(HERE / "forms").rglob("*.*"), *(HERE / "cases").rglob("*.*")]):
            suffix = NAMES.index(f"a{path.suffix}") if f"a{path.suffix}" in NAMES else 0
            kept = Path(corpus) / f"{path.parent.name}-{path.name}"
            kept.write_bytes(bytes([suffix]) + path.read_bytes())
        atheris.Setup([sys.argv[0], "-artifact_prefix=fuzz-", *sys.argv[1:], corpus], read_one)
        atheris.Fuzz()


if __name__ == "__main__":
    main()
