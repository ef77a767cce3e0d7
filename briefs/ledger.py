"""What builds wrote into a folder, and what of.

By it, the next build tells its own files from those of others, removes what nothing makes any more, and makes anew only what
would be another file now. The ledger is a file of the folder itself, and the same for the same site. What is written is noted
beforehand, in a journal beside it: a build that is killed leaves no file that the next one does not know for its own.
"""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import NamedTuple

from briefs.files import append_durably, write_whole

_FORMAT = 2
_JOURNAL = ".journal"  # the suffix of the file beside


class Made(NamedTuple):
    """A file that a build made: the SHA-256 of its content, "" where its template printed nothing, and its bytes.

    `slug` is the brief that it is of, or "". `own` is a digest of what it alone was made from, and `reads` names what else it
    was made from: see the modules `reads` and `facts`.
    """

    sha256: str
    size: int
    slug: str
    own: str
    reads: frozenset[str]


class Source(NamedTuple):
    """Where a brief is from: the name of its seed, and the key and the number under which a cache has what was parsed."""

    seed: str
    key: str
    number: int


_Content = tuple[str | None, str, dict[str, Source], dict[frozenset[str], str], dict[str, Made]]


@dataclass(slots=True)
class Ledger:
    """What builds for one target made in a folder, by path below it, and what a build that was killed was about to make.

    `inputs` is a digest of all that they were made from, where nothing of it failed; `program` one of the program that made
    them, `facts` have those of what they read.
    """

    path: Path
    inputs: str | None = None
    program: str = ""
    sources: dict[str, Source] = field(default_factory=dict)
    facts: dict[frozenset[str], str] = field(default_factory=dict)
    made: dict[str, Made] = field(default_factory=dict)
    noted: dict[str, set[str]] = field(default_factory=dict)

    root: str = ""  # the folder, with a slash
    date: int = 0  # of the file, in nanoseconds
    newer: bool = False  # whether a file was found that is newer

    def __post_init__(self) -> None:
        self.root = f"{self.path.parent}{os.sep}"

    @property
    def journal(self) -> Path:
        """The file in which it is noted what is about to be made."""
        return self.path.with_suffix(_JOURNAL)

    def knows(self, name: str, content: bytes) -> bool:
        """Return whether a file of this name with this content is of a build. An empty one is: power that fails leaves such."""
        if not content:
            return True
        digest = digest_of(content)
        made = self.made.get(name)
        return (made is not None and made.sha256 == digest) or digest in self.noted.get(name, ())

    def note(self, files: Iterable[tuple[str, bytes]]) -> None:
        """Note that files are about to be written, from their names and contents. It is on the disk then. Raises OSError."""
        pairs = [(name, digest_of(content)) for name, content in files]
        append_durably(self.journal, "".join(f"{json.dumps(pair)}\n" for pair in pairs).encode())
        for name, digest in pairs:
            self.noted.setdefault(name, set()).add(digest)

    def names(self) -> Iterator[str]:
        """Yield the names of all files that a build made, or was about to make."""
        yield from {name: None for name, made in self.made.items() if made.sha256} | dict.fromkeys(self.noted)

    def holds(self) -> bool:
        """Return whether all files are there, of the size that they had, and no build was killed since."""
        held = not self.noted and all(map(self.has, self.made))
        if held and self.newer:
            self.confirm()
        return held

    def has(self, name: str) -> bool:
        """Return whether a file that was made is there, of the size that it had.

        One that is newer than the ledger, by its date, is looked into.
        """
        made = self.made[name]
        if not made.sha256:
            return True
        try:
            found = os.stat(self.root + name)  # noqa: PTH116 (half the time of a Path, for very many)
            if found.st_size != made.size or name in self.noted:
                return False
            if found.st_mtime_ns <= self.date:
                return True
            self.newer = True
            return digest_of(Path(self.root, name).read_bytes()) == made.sha256
        except OSError:
            return False

    def confirm(self) -> None:
        """Have it that all files are older than the ledger, where that can be: they need not be looked into again."""
        with suppress(OSError):
            os.utime(self.path)

    def settle(self) -> None:
        """Put down what is there now. Raises OSError."""
        reads = sorted(set(self.facts), key=sorted)
        numbers = {names: number for number, names in enumerate(reads)}
        files: dict[str, list[tuple[str, Made]]] = {}
        for name, made in self.made.items():
            files.setdefault(made.slug, []).append((name, made))
        parts = {
            "format": _FORMAT,
            "inputs": self.inputs,
            "program": self.program,
            "sources": {slug: self.sources[slug] for slug in sorted(self.sources)},
            "reads": [[self.facts[names], sorted(names)] for names in reads],
        }
        head = ",\n".join(f"{json.dumps(name)}: {_json(part)}" for name, part in parts.items())

        def rows(slug: str) -> dict[str, object]:
            return {name: [made.sha256, made.size, made.own, numbers[made.reads]] for name, made in sorted(files[slug])}

        body = ",\n".join(f"{_json(slug)}: {_json(rows(slug))}" for slug in sorted(files))  # a line for each brief
        content = f'{{{head},\n"files": {{{body}}}}}\n'.encode()
        if not self.path.is_file() or self.path.read_bytes() != content:
            write_whole(self.path, content, durable=True)
        elif self.newer:
            self.confirm()
        self.journal.unlink(missing_ok=True)

    def remove(self) -> None:
        """Remove the ledger and its journal. Raises OSError."""
        self.path.unlink(missing_ok=True)
        self.journal.unlink(missing_ok=True)


def digest_of(content: bytes) -> str:
    """Return the SHA-256 of bytes, in hex."""
    return hashlib.sha256(content).hexdigest()


def read_ledger(folder: Path, target: str) -> Ledger:
    """Return the ledger of a folder for a target; an empty one where there is none that can be read."""
    ledger = Ledger(_place(folder, target))
    _read(ledger)
    ledger.noted = _read_journal(ledger.journal)
    return ledger


def find_ledgers(folder: Path) -> list[Ledger]:
    """Return the ledgers of a folder, for all targets. A file that is named as one and is none is passed over."""
    before, after = _place(folder, "*").name.split("*")
    places = {path.with_suffix(after) for path in folder.glob(f"{before}*") if path.suffix in {after, _JOURNAL}}
    ledgers = [read_ledger(folder, path.name.removeprefix(before).removesuffix(after)) for path in sorted(places)]
    return [ledger for ledger in ledgers if ledger.noted or ledger.made or ledger.program]


def _json(told: object) -> str:
    return json.dumps(told, ensure_ascii=False, separators=(",", ":"))


def _place(folder: Path, target: str) -> Path:
    return folder / f".briefs-{target}.json"


def _read(ledger: Ledger) -> bool:
    """Fill in a ledger from its file; return whether that can be read."""
    try:
        found = ledger.path.stat()
        content = _content(ledger.path, (found.st_mtime_ns, found.st_size, found.st_ino))
    except (OSError, ValueError, TypeError, LookupError, AttributeError):
        return False
    ledger.inputs, ledger.program, ledger.sources, ledger.facts, ledger.made = content
    ledger.date = found.st_mtime_ns
    return True


@lru_cache(1)
def _content(path: Path, _state: tuple[int, ...]) -> _Content:
    """Return what the file of a ledger has. A build asks twice: whether there is anything to do, and when it is alone."""
    told = json.loads(path.read_bytes())
    if told["format"] != _FORMAT:
        raise ValueError(told["format"])
    reads = [(frozenset(names), str(digest)) for digest, names in told["reads"]]
    made = {
        name: Made(str(sha), int(size), slug, str(own), reads[number][0])
        for slug, files in told["files"].items()
        for name, (sha, size, own, number) in files.items()
        if _is_below(name)
    }
    sources = {slug: Source(str(seed), str(key), int(number)) for slug, (seed, key, number) in told["sources"].items()}
    return told["inputs"], told["program"], sources, dict(reads), made


def _read_journal(path: Path) -> dict[str, set[str]]:
    noted: dict[str, set[str]] = {}
    try:
        lines = path.read_text(encoding="utf-8").splitlines()
    except (OSError, UnicodeDecodeError):
        return noted
    for line in lines:
        try:
            name, digest = json.loads(line)
        except (ValueError, TypeError):  # the last line may be half of one
            continue
        if isinstance(name, str) and isinstance(digest, str) and _is_below(name):
            noted.setdefault(name, set()).add(digest)
    return noted


def _is_below(name: str) -> bool:
    """Return whether a path leads to a place below the folder: a ledger may be anybody's."""
    return not name.startswith("/") and ".." not in name.split("/") and "\0" not in name
