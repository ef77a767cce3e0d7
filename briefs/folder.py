"""The folder that a build writes to, by itself: every file whole, none over a seed, and none of somebody else's.

A file is written beside its place and moved there, so that nobody ever sees half of it; one whose bytes are the same is
left alone.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Set
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from functools import cached_property
from pathlib import Path
from typing import NamedTuple

from briefs.errors import BuildError
from briefs.files import UNFINISHED, write_whole
from briefs.ledger import Made, Source, digest_of, read_ledger

try:
    import fcntl
except ImportError:  # Windows
    fcntl = None  # type: ignore[assignment]

_AT_ONCE = 500  # files that are noted in the journal before the first of them is written: each note waits for the disk


class BusyError(BuildError):
    """Another build is writing to the folder: the same may go well a moment later."""


@contextmanager
def alone(out: Path, *, make: bool = True) -> Iterator[None]:
    """Make the folder where it is missing, if asked to, and keep other builds out of it.

    Raises BuildError, which is a BusyError where one is there.
    """
    if not make and not out.is_dir():
        yield
        return
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
        raise BusyError(f"{out}: another build is writing there; expected to be alone") from error
    except OSError:
        pass  # a file system without locks
    try:
        yield
    finally:
        if handle >= 0:
            os.close(handle)


class Change(NamedTuple):
    """What a build would do to a file: its name, what it has now, and what it would have; None where there is none."""

    name: str
    before: bytes | None
    after: bytes | None


class Folder:
    """The folder that is built: files go there whole, and of others only those are touched that a build made.

    `target` is what the folder is built for: each target has a ledger of its own; `program` is a digest of the program that
    builds. With `force`, files are overwritten that somebody else put there or changed. With `tell`, nothing is written: it is
    told what would be, and where it `rereads`, `read` gives it, too. With `behind`, files are written while the caller goes on;
    then the folder has to be closed.
    """

    def __init__(
        self,
        path: Path,
        seeds: Iterable[Path],
        *,
        target: str,
        program: str,
        force: bool = False,
        tell: Callable[[Change], None] | None = None,
        rereads: bool = False,
        behind: bool = False,
    ) -> None:
        self.path = path.resolve()
        self._seeds = set(_resolved(seeds))
        self._force, self._tell, self._rereads = force, tell, rereads
        self._ledger = read_ledger(self.path, target)
        if self._ledger.program != program:  # another one may make other files of the same
            self._ledger.facts = dict.fromkeys(self._ledger.facts, "")
        self._program = program
        self._made: dict[str, Made] = {}
        self._waiting: dict[str, bytes] = {}  # to be written, or where that is only told, would be
        self._thread = ThreadPoolExecutor(1) if behind else None
        self._written: dict[str, bytes] = {}  # what is being written meanwhile
        self._writing: Future[None] | None = None
        self._closed = False
        self._foreign: list[Path] = []
        self._cleared: set[Path] = set()

    @property
    def sources(self) -> Mapping[str, Source]:
        """Where the briefs are from that earlier builds left, by their slugs."""
        return self._ledger.sources

    @cached_property
    def briefs(self) -> Set[str]:
        """The slugs of the briefs of which an earlier build left files."""
        return {made.slug for made in self._ledger.made.values() if made.sha256 and made.slug}

    def begin(self) -> None:
        """Begin once more: of what was written until now, nothing counts that is not written again. Raises BuildError."""
        if not self._tell:
            self._flush()
            self._settle()
        self._made.clear()
        self._foreign.clear()

    @property
    def among_seeds(self) -> bool:
        """Whether seeds lie in the folder."""
        return any(seed.startswith(f"{self.path}{os.sep}") for seed in self._seeds)

    def spare(self, name: str) -> None:
        """Raise BuildError where the file of this name is a seed."""
        if f"{self.path}{os.sep}{name}" in self._seeds:
            raise BuildError(
                f"{self.path / name}: a brief would be written over this seed; expected another folder to write to"
            )

    def keeps(self, name: str, own: str, digest: Callable[[frozenset[str]], str]) -> bool:
        """Return whether a file is as it would be made again; then it stays.

        `own` is a digest of what it alone is made from, and `digest` gives that of facts by their names.
        """
        ledger = self._ledger
        made = ledger.made.get(name)
        if made is None or made.own != own or ledger.facts[made.reads] != digest(made.reads) or not ledger.has(name):
            return False
        self._made[name] = made
        return True

    def write(
        self, name: str, content: bytes, *, slug: str = "", own: str, reads: frozenset[str] = frozenset()
    ) -> None:
        """Put bytes into a file, whole or not at all; leave the file alone if it holds them already. Raises BuildError.

        No bytes are no file. A file that no build made is left alone: see `finish`. Of the others see `ledger.Made`.
        """
        if not content:
            self._made[name] = Made("", 0, slug, own, reads)
            return
        path = self.path / name
        self._made[name] = Made(digest_of(content), len(content), slug, own, reads)
        try:
            if not self._tell:
                self._clear(path.parent)
            there = path.read_bytes() if path.is_file() else None
        except OSError as error:
            raise _unwritable(path, error) from error
        if there == content:
            return
        if there is not None and not self._force and not self._ledger.knows(name, there):
            self._foreign.append(path)
            return
        if self._tell:
            self._tell(Change(name, there, content))
            if not self._rereads:
                return
        self._waiting[name] = content
        if not self._tell and len(self._waiting) >= _AT_ONCE:
            self._flush()

    def _flush(self) -> None:
        """Write what waits, or begin to. Raises BuildError, also of what was begun before."""
        self._settle()
        if not self._waiting:
            return
        try:
            self._ledger.note(self._waiting.items())
        except OSError as error:
            raise _unwritable(self._ledger.journal, error) from error
        self._written, self._waiting = self._waiting, {}
        if self._thread:
            self._writing = self._thread.submit(self._write_all, self._written)
        else:
            self._write_all(self._written)

    def _write_all(self, files: Mapping[str, bytes]) -> None:
        for name, content in files.items():
            if self._closed:
                return
            path = self.path / name
            try:
                path.parent.mkdir(parents=True, exist_ok=True)
                write_whole(path, content)
            except OSError as error:
                raise _unwritable(path, error) from error

    def _settle(self) -> None:
        """Wait for what is being written. Raises BuildError."""
        if self._writing:
            writing, self._writing = self._writing, None
            writing.result()
        self._written = {}

    def close(self) -> None:
        """Write nothing more, and wait for the file that is being written."""
        self._closed = True
        if self._thread:
            self._thread.shutdown()

    def read(self, name: str) -> bytes | None:
        """Return what a file has, or would have, None where it is not there. Raises BuildError."""
        for files in (self._waiting, self._written):
            if name in files:
                return files[name]
        made = self._made.get(name)
        try:
            return (self.path / name).read_bytes() if made and made.sha256 else None
        except OSError as error:
            raise _unwritable(self.path / name, error) from error

    def made_of(self, own: str) -> list[str]:
        """Return the names of the files that an earlier build made of what has this digest."""
        return [name for name, made in self._ledger.made.items() if made.own == own]

    def digest_of(self, name: str) -> str:
        """Return the SHA-256 of a file of this build, in hex; "" where it made none."""
        made = self._made.get(name)
        return made.sha256 if made else ""

    def finish(
        self,
        *,
        sources: Mapping[str, Source],
        failed: Collection[str],
        inputs: str | None,
        digest: Callable[[frozenset[str]], str],
    ) -> None:
        """Remove what builds made before and this one did not, but for what was made from a seed that failed now.

        `sources` are the briefs of this build, `failed` the names of seeds, `digest` gives that of facts by their names, and
        `inputs` is one of what the files were made from: by it the next build knows, where nothing failed, that it has nothing
        to do. Raises BuildError where a file was left alone because no build made it.
        """
        if not self._tell:
            self._flush()
            self._settle()
        ledger = self._ledger
        left = {slug: source for slug, source in ledger.sources.items() if source.seed in failed}
        # What they were made from may not be what it is now: the next build that can makes them anew.
        kept = {
            name: made._replace(own="", reads=frozenset()) for name, made in ledger.made.items() if made.slug in left
        }
        made = kept | self._made
        try:
            for name in list(ledger.names()):
                if name not in made or not made[name].sha256:
                    self._remove(name)
            if not self._tell:
                ledger.facts = {names: digest(names) for names in {one.reads for one in made.values()}}
                ledger.made, ledger.sources = made, left | dict(sources)
                ledger.inputs = inputs if not failed and not self._foreign else None
                ledger.program = self._program
                ledger.settle()
        except OSError as error:
            raise _unwritable(Path(error.filename or self.path), error) from error
        if self._foreign:
            first, *others = self._foreign
            more = f" and {len(others)} more" if others else ""
            raise BuildError(f"{first}{more}: not as a build left it, so left alone; expected to be gone, or --force")

    def _remove(self, name: str) -> None:
        """Remove a file if it is as a build left it, and what a build that was killed left around it."""
        path = self.path / name
        there = path.read_bytes() if path.is_file() else None
        known = there is not None and self._ledger.knows(name, there)
        if self._tell:
            if known:
                self._tell(Change(name, there, None))
            return
        if known:
            path.unlink()
        self._clear(path.parent)
        remove_empty(path.parent, self.path)

    def _clear(self, folder: Path) -> None:
        """Remove what a build that was killed left on its way."""
        if folder not in self._cleared:
            self._cleared.add(folder)
            for left in folder.glob(UNFINISHED):
                left.unlink(missing_ok=True)


def remove_empty(folder: Path, out: Path) -> None:
    """Remove a folder below another if it has nothing in it, or is gone, and then those on the way to it."""
    while folder != out and not folder.exists():
        folder = folder.parent
    while folder != out and folder.is_dir() and not folder.is_symlink() and not any(folder.iterdir()):
        folder.rmdir()
        folder = folder.parent


def _resolved(paths: Iterable[Path]) -> Iterator[str]:
    """Yield paths without links and dots, each folder of them looked up once: there may be very many."""
    folders: dict[Path, Path] = {}
    for path in paths:
        folder = folders.get(path.parent) or folders.setdefault(path.parent, path.parent.resolve())
        found = f"{folder}{os.sep}{path.name}"
        yield os.path.realpath(found) if os.path.islink(found) else found  # noqa: PTH114 (as above)


def _unwritable(path: Path, error: OSError) -> BuildError:
    return BuildError(f"{path}: cannot be written: {(error.strerror or 'an error').lower()}")
