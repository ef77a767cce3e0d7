"""The folder that a build writes to, by itself: every file whole, none over a seed, and none of somebody else's.

A file is written beside its place and moved there, so that nobody ever sees half of it; one whose bytes are the same is
left alone.
"""

from __future__ import annotations

import os
from collections.abc import Collection, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from briefs.errors import BuildError
from briefs.files import UNFINISHED, write_whole
from briefs.ledger import Made, digest_of, find_ledgers, read_ledger

try:
    import fcntl
except ImportError:  # Windows
    fcntl = None  # type: ignore[assignment]


@contextmanager
def alone(out: Path) -> Iterator[None]:
    """Make the folder where it is missing, and keep other builds out of it. Raises BuildError."""
    try:
        out.mkdir(parents=True, exist_ok=True)
        handle = os.open(out, os.O_RDONLY) if fcntl else -1
    except OSError as error:
        raise _unwritable(out, error) from error
    try:
        if fcntl:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError as error:
        os.close(handle)
        raise BuildError(f"{out}: another build is writing there; expected to be alone") from error
    except OSError:
        pass  # a file system without locks
    try:
        yield
    finally:
        if handle >= 0:
            os.close(handle)


class Folder:
    """The folder that is built: files go there whole, and of others only those are touched that a build made.

    `target` is what the folder is built for: each target has a ledger of its own. With `force`, files are overwritten that
    somebody else put there or changed.
    """

    def __init__(self, path: Path, seeds: Iterable[Path], *, target: str, force: bool = False) -> None:
        self.path = path.resolve()
        self._seeds = {path.resolve() for path in seeds}
        self._force = force
        self._ledger = read_ledger(self.path, target)
        self._made: dict[str, Made] = {}
        self._foreign: list[Path] = []
        self._cleared: set[Path] = set()

    def spare(self, name: str) -> None:
        """Raise BuildError where the file of this name is a seed."""
        if self.path / name in self._seeds:
            raise BuildError(
                f"{self.path / name}: a brief would be written over this seed; expected another folder to write to"
            )

    def write(self, name: str, content: bytes, *, seed: str = "") -> None:
        """Put bytes into a file, whole or not at all; leave the file alone if it holds them already. Raises BuildError.

        `seed` is the name of the seed that they were made from. A file that no build made is left alone: see `finish`.
        """
        path, digest = self.path / name, digest_of(content)
        self.spare(name)
        self._made[name] = Made(digest, len(content), seed)
        try:
            self._clear(path.parent)
            there = path.read_bytes() if path.is_file() else None
            if there == content:
                return
            if there is not None and not self._force and not self._ledger.knows(name, there):
                self._foreign.append(path)
                return
            path.parent.mkdir(parents=True, exist_ok=True)
            self._ledger.note(name, digest)
            write_whole(path, content)
        except OSError as error:
            raise _unwritable(path, error) from error

    def finish(self, *, failed: Collection[str], inputs: str | None, briefs: int) -> None:
        """Remove what builds made before and this one did not, but for what was made from a seed that failed now.

        `inputs` is a digest of what the files were made from; by it the next build knows, where nothing failed, that there is
        nothing to do. Raises BuildError where a file was left alone because no build made it.
        """
        kept = {name: made for name, made in self._ledger.made.items() if made.seed and made.seed in failed}
        try:
            for name in list(self._ledger.names()):
                if name not in self._made and name not in kept:
                    self._remove(name)
            whole = inputs if not failed and not self._foreign else None
            self._ledger.settle(kept | self._made, inputs=whole, briefs=briefs)
        except OSError as error:
            raise _unwritable(Path(error.filename or self.path), error) from error
        if self._foreign:
            first, *others = self._foreign
            more = f" and {len(others)} more" if others else ""
            raise BuildError(f"{first}{more}: not as a build left it, so left alone; expected to be gone, or --force")

    def _remove(self, name: str) -> None:
        """Remove a file if it is as a build left it, and the folders that have nothing in them then."""
        path = self.path / name
        if path.is_file() and self._ledger.knows(name, path.read_bytes()):
            _remove(path, self.path)

    def _clear(self, folder: Path) -> None:
        """Remove what a build that was killed left on its way."""
        if folder not in self._cleared:
            self._cleared.add(folder)
            for left in folder.glob(UNFINISHED):
                left.unlink(missing_ok=True)


@dataclass(slots=True)
class Cleaned:
    """What `clean` did: the files that builds made and it removed, or would remove, and those that it left alone.

    The latter stand where builds made files, but are not as a build left them.
    """

    removed: list[Path] = field(default_factory=list)
    left: list[Path] = field(default_factory=list)


def clean(out: Path, *, dry_run: bool = False) -> Cleaned:
    """Remove what builds made in a folder, for whatever target, then their ledgers; with `dry_run`, only tell.

    Folders below it that have nothing in them then are removed, too. Raises BuildError where a file cannot be removed, or a
    build is writing there.
    """
    cleaned = Cleaned()
    if not out.is_dir():
        return cleaned
    with alone(out):
        try:
            _clean(out, cleaned, dry_run=dry_run)
        except OSError as error:
            reason = (error.strerror or "an error").lower()
            raise BuildError(f"{error.filename or out}: cannot be removed: {reason}") from error
    return cleaned


def _clean(out: Path, cleaned: Cleaned, *, dry_run: bool) -> None:
    ledgers = find_ledgers(out)
    names = sorted({name for ledger in ledgers for name in ledger.names()})
    # A link may lead out of the folder. What is there is left alone, whoever put it there.
    within = {name for name in names if (out / name).parent.resolve().is_relative_to(out.resolve())}
    # What a build that was killed left on its way goes first, so that its folder is found empty.
    for path in sorted({left for name in within for left in (out / name).parent.glob(UNFINISHED)}):
        cleaned.removed.append(path)
        if not dry_run:
            path.unlink()
    for name in names:
        path = out / name
        if not path.is_file():
            continue
        content = path.read_bytes()
        if name not in within or not any(ledger.knows(name, content) for ledger in ledgers):
            cleaned.left.append(path)
            continue
        cleaned.removed.append(path)
        if not dry_run:
            _remove(path, out)
    if not dry_run:
        for ledger in ledgers:
            ledger.remove()


def _remove(path: Path, out: Path) -> None:
    """Remove a file, and the folders on its way that have nothing in them then."""
    path.unlink()
    for folder in path.parents:
        if folder == out or folder.is_symlink() or any(folder.iterdir()):
            break
        folder.rmdir()


def _unwritable(path: Path, error: OSError) -> BuildError:
    return BuildError(f"{path}: cannot be written: {(error.strerror or 'an error').lower()}")
