"""What builds wrote into a folder.

By it, the next build tells its own files from those of others, and removes what nothing makes any more. The ledger is a file
of the folder itself, and the same for the same site. What is written is noted beforehand, in a journal beside it: a build that
is killed leaves no file that the next one does not know for its own.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath

from briefs.files import write_whole

_FORMAT = 1
_JOURNAL = ".journal"  # the suffix of the file beside


@dataclass(frozen=True, slots=True)
class Made:
    """A file that a build made: the SHA-256 of its content, its bytes, and the seed it was made from, or "" if from several."""

    sha256: str
    size: int
    seed: str


@dataclass(slots=True)
class Ledger:
    """What builds for one target made in a folder, by path below it, and what a build that was killed was about to make."""

    path: Path
    inputs: str | None = None  # a digest of what they were made from, where nothing of it failed
    briefs: int = 0
    made: dict[str, Made] = field(default_factory=dict)
    noted: dict[str, set[str]] = field(default_factory=dict)

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

    def note(self, name: str, digest: str) -> None:
        """Note that a file is about to be written. Raises OSError."""
        with self.journal.open("a", encoding="utf-8") as journal:
            journal.write(json.dumps([name, digest]) + "\n")
        self.noted.setdefault(name, set()).add(digest)

    def names(self) -> Iterator[str]:
        """Yield the names of all files that a build made, or was about to make."""
        yield from {**self.made, **self.noted}

    def holds(self) -> bool:
        """Return whether all files are there, of the size that they had, and no build was killed since."""
        try:
            sizes = all((self.path.parent / name).stat().st_size == made.size for name, made in self.made.items())
        except OSError:
            return False
        return sizes and not self.noted

    def settle(self, made: Mapping[str, Made], *, inputs: str | None, briefs: int) -> None:
        """Put down that these files are there, and no others, what they were made from and how many briefs. Raises OSError."""
        files = {name: [made[name].sha256, made[name].size, made[name].seed] for name in sorted(made)}
        told = {"format": _FORMAT, "inputs": inputs, "briefs": briefs, "files": files}
        content = (json.dumps(told, indent=0, ensure_ascii=False) + "\n").encode()
        if not self.path.is_file() or self.path.read_bytes() != content:
            write_whole(self.path, content)
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
    return [ledger for ledger in ledgers if ledger.noted or _read(ledger)]


def _place(folder: Path, target: str) -> Path:
    return folder / f".briefs-{target}.json"


def _read(ledger: Ledger) -> bool:
    """Fill in a ledger from its file; return whether that can be read."""
    try:
        told = json.loads(ledger.path.read_bytes())
        if told["format"] != _FORMAT:
            return False
        files = {name: Made(str(sha), int(size), str(seed)) for name, (sha, size, seed) in told["files"].items()}
        ledger.made = {name: made for name, made in files.items() if _is_below(name)}
        ledger.inputs, ledger.briefs = told["inputs"], int(told["briefs"])
    except (OSError, ValueError, TypeError, KeyError, AttributeError):
        return False
    return True


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
    path = PurePosixPath(name)
    return not path.is_absolute() and ".." not in path.parts and "\0" not in name
