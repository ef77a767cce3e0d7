"""What was parsed before, kept between builds by what it was made from: so that no article goes through the model twice.

The folder may be deleted, copied and shared at any time, also while a build runs: a file there is whole or not there, its name
says what it is of, and one that cannot be read counts for nothing.
"""

from __future__ import annotations

import hashlib
import json
import os
import time
import zlib
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Set
from contextlib import suppress
from functools import cached_property
from pathlib import Path
from typing import Any, NamedTuple, TypeVar

from briefs.errors import BuildError
from briefs.files import UNFINISHED, write_whole

MOST_BYTES = 500_000_000  # about 40,000 articles; what was not used for longest goes first
_TIDIED = ".tidied"  # its date says when the cache was tidied last
_DAY = 24 * 60 * 60.0  # seconds
_NEW_MANY = 100
_FILES = {
    ".gitignore": "*\n",
    # https://bford.info/cachedir/
    "CACHEDIR.TAG": "Signature: 8a477f597d28d172789f06886806bc55\n# What briefs parsed. It may be deleted.\n",
}


Line = TypeVar("Line")


class Parsed(NamedTuple):
    """An article and its brief, as JSON; `known` is what the article is called, where its seed may hold several."""

    known: str | None
    article: str
    brief: str


class Shown(NamedTuple):
    """What the page of a brief shows, as JSON, and the brief's card, as it is."""

    known: str | None
    page: str
    card: list[object]


class Cache:
    """A folder of what was parsed. What is in `besides`, another such folder, counts too, and nothing is written there."""

    def __init__(self, folder: Path, besides: Path | None = None) -> None:
        self._folder, self._besides = folder, besides

    def make(self) -> None:
        """Make the folder, marked as one that backups and git leave out. Raises BuildError."""
        try:
            self._folder.mkdir(parents=True, exist_ok=True)
            for name, text in _FILES.items():
                if not (self._folder / name).is_file():
                    write_whole(self._folder / name, text.encode())
        except OSError as error:
            raise self._unwritable(error) from error

    def takes(self) -> bool:
        """Return whether anything can be written there now."""
        try:
            write_whole(self._folder / "CACHEDIR.TAG", _FILES["CACHEDIR.TAG"].encode())
        except OSError:
            return False
        return True

    def holds(self, key: str, kind: str) -> bool:
        """Return whether there is what was parsed of what has this key, and what of it shows with evidence of a kind."""
        return key in self._held and f"{key}.{kind}" in self._held

    @cached_property
    def _held(self) -> Set[str]:
        """The names of what is kept."""
        found: set[str] = set()
        for folder in filter(None, (self._besides, self._folder)):
            with suppress(OSError):
                found.update(place + entry.name for place, entry in _scan(folder))
        return found

    def find(self, key: str) -> list[Parsed] | None:
        """Return what was parsed of what has this key, or None where that is not known."""
        return _each(Parsed, self._load(key))

    def find_shown(self, key: str, kind: str) -> list[Shown] | None:
        """Return what shows of what has this key, with evidence of a kind, or None where that is not known."""
        return _each(Shown, self._load(f"{key}.{kind}"))

    def keep(self, key: str, parsed: Iterable[Parsed]) -> None:
        """Keep what was parsed of what has this key. Raises BuildError."""
        self._store(key, parsed)

    def keep_shown(self, key: str, kind: str, shown: Iterable[Shown]) -> None:
        """Keep what shows of what has this key, with evidence of a kind. Raises BuildError."""
        self._store(f"{key}.{kind}", shown)

    def find_cards(self, name: str) -> dict[str, list[list[Any]]]:
        """Return what `keep_cards` kept under a name: for each key what its briefs are called and their cards."""
        for folder in (self._folder, self._besides):
            with suppress(OSError, ValueError):
                content = (folder / "cards" / name).read_bytes() if folder else b""
                if content[:64] == _digest(content[64:]):
                    from pydantic_core import from_json  # noqa: PLC0415 (three times as fast as json, and only needed here)

                    found: dict[str, list[list[Any]]] = from_json(content[64:])
                    return found
        return {}

    def keep_cards(self, name: str, cards: Mapping[str, list[list[Any]]]) -> None:
        """Keep the cards of all briefs of a site in one file, if that can be written: one is faster to read than thousands."""
        content = json.dumps(cards, ensure_ascii=False, separators=(",", ":")).encode()
        with suppress(OSError):
            path = self._folder / "cards" / name
            path.parent.mkdir(parents=True, exist_ok=True)
            write_whole(path, _digest(content) + content)

    def tidy(self, used: Collection[str], *, new: int, most: int = MOST_BYTES) -> None:
        """Note what is used; then remove what was not used for longest, until no more than so many bytes are left.

        It takes a while to look at all: where a build keeps few things that are `new`, it is done once a day.
        """
        done = self._folder / _TIDIED
        with suppress(OSError):
            if new < _NEW_MANY and done.is_file() and done.stat().st_mtime > time.time() - _DAY:
                return
            done.touch()
            for name in used:
                with suppress(OSError):
                    os.utime(_place(self._folder, name))
            found = [(entry, entry.stat()) for _, entry in _scan(self._folder)]
            total = sum(status.st_size for _, status in found)
            for entry, status in sorted(found, key=lambda pair: pair[1].st_mtime_ns):
                if Path(entry.path).match(UNFINISHED) or total > most:
                    Path(entry.path).unlink(missing_ok=True)
                    total -= status.st_size

    def _load(self, name: str) -> list[list[object]] | None:
        for folder in filter(None, (self._folder, self._besides)):
            with suppress(OSError, zlib.error, ValueError, TypeError):
                lines = zlib.decompress(_place(folder, name).read_bytes()).decode().split("\n")
                return [list(json.loads(line)) for line in lines]
        return None

    def _store(self, name: str, lines: Iterable[Parsed | Shown]) -> None:
        content = "\n".join(json.dumps(line, ensure_ascii=False) for line in lines).encode()
        path = _place(self._folder, name)
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            write_whole(path, zlib.compress(content, 1))
        except OSError as error:
            raise self._unwritable(error) from error

    def _unwritable(self, error: OSError) -> BuildError:
        reason = (error.strerror or "an error").lower()
        return BuildError(f"{self._folder}: cannot be written: {reason}; expected room for what is parsed, see --cache")


def _each(made: Callable[..., Line], lines: list[list[object]] | None) -> list[Line] | None:
    """Return each line as what it is; None where one of them is not."""
    try:
        return None if lines is None else [made(*line) for line in lines]
    except TypeError:
        return None


def _place(folder: Path, name: str) -> Path:
    return folder / name[:2] / name[2:]


def _scan(folder: Path) -> Iterator[tuple[str, os.DirEntry[str]]]:
    """Yield the files of what is kept, with the names of their folders."""
    for place in os.scandir(folder):
        if place.is_dir(follow_symlinks=False):
            yield from ((place.name, entry) for entry in os.scandir(place.path))


def _digest(content: bytes) -> bytes:
    return hashlib.sha256(content).hexdigest().encode()


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
