"""The folder that a build writes to, by itself: every file whole, and none over a seed.

A file is written beside its place and moved there, so that nobody ever sees half of it; one whose bytes are the same is
left alone.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path

from briefs.errors import BuildError
from briefs.files import UNFINISHED, write_whole

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
    """The folder that is built: files go there whole, and what a build that was killed left on its way is removed."""

    def __init__(self, path: Path, seeds: Iterable[Path]) -> None:
        self.path = path.resolve()
        self._seeds = {path.resolve() for path in seeds}
        self._cleared: set[Path] = set()

    def spare(self, name: str) -> None:
        """Raise BuildError where the file of this name is a seed."""
        if self.path / name in self._seeds:
            raise BuildError(
                f"{self.path / name}: a brief would be written over this seed; expected another folder to write to"
            )

    def write(self, name: str, text: str) -> None:
        """Put `text` into a file, whole or not at all; leave the file alone if it holds it already. Raises BuildError."""
        path = self.path / name
        self.spare(name)
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            if path.parent not in self._cleared:
                self._cleared.add(path.parent)
                for left in path.parent.glob(UNFINISHED):
                    left.unlink(missing_ok=True)
            write_whole(path, text.encode("utf-8"))
        except OSError as error:
            raise _unwritable(path, error) from error


def _unwritable(path: Path, error: OSError) -> BuildError:
    return BuildError(f"{path}: cannot be written: {(error.strerror or 'an error').lower()}")
