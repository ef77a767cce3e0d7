"""What was parsed before, kept between builds by what it was made from: so that no article goes through the model twice.

The folder may be deleted, copied and shared at any time, also while a build runs: a file there is whole or not there, its name
says what it is of, and one that cannot be read counts for nothing.
"""

from __future__ import annotations

import hashlib
import json
import os
import zlib
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path
from typing import NamedTuple

from briefs.errors import BuildError
from briefs.files import UNFINISHED, write_whole
from briefs.schema import Article, Brief

MOST_BYTES = 500_000_000  # about 80,000 articles; what was not used for longest goes first
_FILES = {
    ".gitignore": "*\n",
    # https://bford.info/cachedir/
    "CACHEDIR.TAG": "Signature: 8a477f597d28d172789f06886806bc55\n# What briefs parsed. It may be deleted.\n",
}


class Parsed(NamedTuple):
    """A brief and its article, as JSON; `known` is what the article is called, where its seed may hold several."""

    known: str | None
    article: str
    brief: str


class Cache:
    """A folder of what was parsed."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def make(self) -> None:
        """Make the folder, marked as one that backups and git leave out. Raises BuildError."""
        try:
            self._folder.mkdir(parents=True, exist_ok=True)
            for name, text in _FILES.items():
                if not (self._folder / name).is_file():
                    write_whole(self._folder / name, text.encode())
        except OSError as error:
            reason = (error.strerror or "an error").lower()
            raise BuildError(f"{self._folder}: cannot be written: {reason}; expected a folder for --cache") from error

    def find(self, key: str) -> list[Parsed] | None:
        """Return what was parsed of what has this key, or None where that is not known."""
        path = self._path(key)
        try:
            lines = zlib.decompress(path.read_bytes()).decode().split("\n")
            found = [Parsed(*json.loads(line)) for line in lines]
            os.utime(path)
        except (OSError, zlib.error, ValueError, TypeError):
            return None
        return found

    def keep(self, key: str, parsed: Iterable[tuple[str | None, Article, Brief]]) -> None:
        """Keep what was parsed of what has this key, if that can be written."""
        lines = [
            json.dumps([known, article.model_dump_json(), brief.model_dump_json()]) for known, article, brief in parsed
        ]
        with suppress(OSError):
            self._path(key).parent.mkdir(exist_ok=True)
            write_whole(self._path(key), zlib.compress("\n".join(lines).encode(), 1))

    def tidy(self, most: int = MOST_BYTES) -> None:
        """Remove what was not used for longest, until no more than so many bytes are left."""
        with suppress(OSError):
            found = [(path, path.stat()) for path in self._folder.glob("??/*") if path.is_file()]
            total = sum(status.st_size for _, status in found)
            for path, status in sorted(found, key=lambda pair: pair[1].st_mtime_ns):
                if path.match(UNFINISHED) or total > most:
                    path.unlink(missing_ok=True)
                    total -= status.st_size

    def _path(self, key: str) -> Path:
        return self._folder / key[:2] / key[2:]


def key_of(*parts: str | bytes) -> str:
    """Return the key of what is made of some parts: a SHA-256, in hex.

    >>> key_of("a", "bc") == key_of("ab", "c")
    False
    """
    digest = hashlib.sha256()
    for part in parts:
        content = part.encode("utf-8", "surrogatepass") if isinstance(part, str) else part
        digest.update(len(content).to_bytes(8))
        digest.update(content)
    return digest.hexdigest()
