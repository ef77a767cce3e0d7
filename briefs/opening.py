"""Files by their names, and what is at addresses, as the engine opens it: s3://, gs://, https://, hf://."""

from __future__ import annotations

import glob
import io
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import AbstractContextManager, closing
from pathlib import Path
from typing import Any

from briefs.engine import engine_error
from briefs.errors import BuildError
from briefs.seeds import walk

Known = Callable[[str], bool]


def find_files(inputs: Sequence[str], known: Known, leave: Path | None) -> Iterator[tuple[str, int]]:
    """Yield the files of inputs and their sizes, each once: files, folders, patterns and addresses.

    Of folders and patterns at addresses, those whose names are `known`; what is in the folder `leave` is left out. Raises
    BuildError where there is none.
    """
    taken: set[str] = set()
    for name in inputs:
        found = list(
            _find_remote(name, known) if is_remote(name) else _find_local(name.removeprefix("file://"), known, leave)
        )
        if not found:
            found_none = "no articles in it" if Path(name).is_dir() else "no such file"
            raise BuildError(f"{name}: {found_none}; expected files, folders, patterns or addresses of articles")
        for file, size in sorted(found):
            if file not in taken:
                taken.add(file)
                yield file, size


def _find_local(name: str, known: Known, leave: Path | None) -> Iterator[tuple[str, int]]:
    path = Path(name)
    if path.is_dir():
        files: Iterable[Path] = (file for file in walk(path, leave.resolve() if leave else None) if known(file.name))
    elif path.exists():
        files = [path]
    else:
        files = (Path(file) for file in glob.glob(name, recursive=True) if Path(file).is_file())  # noqa: PTH207 (a pattern may be absolute)
    yield from ((str(file), _size_of(file)) for file in files)


def _size_of(file: Path) -> int:
    try:
        return file.stat().st_size
    except OSError:  # whoever reads it says what is wrong
        return 0


def _find_remote(name: str, known: Known) -> Iterator[tuple[str, int]]:
    from daft import from_glob_path  # noqa: PLC0415 (an extra)

    try:
        found = from_glob_path(name).to_pydict()
    except (OSError, engine_error()) as error:
        lines = [line.strip() for line in str(error).splitlines() if line.strip()]
        raise BuildError(f"{name}: cannot be read: {lines[-1].rstrip('.') if lines else 'an error'}") from error
    several = any(letter in name for letter in "*?[{") or len(found["path"]) > 1
    pairs = zip(found["path"], found["size"], strict=True)
    yield from ((path, size or 0) for path, size in pairs if not several or known(path))


def is_remote(name: str) -> bool:
    """Return whether a name is an address."""
    return "://" in name and not name.startswith("file://")


class _Remote(io.RawIOBase):
    """What is at an address, as Python reads files."""

    def __init__(self, file: Any) -> None:  # noqa: ANN401 - of a library without types
        self._opened = file.open()
        self._file = self._opened.__enter__()

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def seek(self, offset: int, whence: int = 0) -> int:
        return int(self._file.seek(offset, whence))

    def tell(self) -> int:
        return int(self._file.tell())

    def readinto(self, buffer: Any) -> int:  # noqa: ANN401 - a buffer of any kind
        content: bytes = self._file.read(len(buffer))
        buffer[: len(content)] = content
        return len(content)

    def close(self) -> None:
        if not self.closed:
            self._opened.__exit__(None, None, None)
        super().close()


def open_input(file: str) -> AbstractContextManager[io.BufferedReader]:
    """Open a file, or what is at an address, to read any part of it. Raises OSError."""
    if not is_remote(file):
        return Path(file).open("rb")
    from daft import File  # noqa: PLC0415 (an extra)

    return closing(io.BufferedReader(_Remote(File(file))))
