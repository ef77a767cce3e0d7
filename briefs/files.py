"""Files written whole: beside their place first, then moved there, so that nobody ever sees half of one."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path

UNFINISHED = ".briefs-*.tmp"  # the names of files on their way to their place


def write_whole(path: Path, content: bytes) -> None:
    """Put bytes into a file, whole or not at all. Raises OSError.

    >>> with tempfile.TemporaryDirectory() as folder:
    ...     write_whole(Path(folder, "a.txt"), b"Dam holds")
    ...     [path.read_bytes() for path in Path(folder).iterdir()]
    [b'Dam holds']
    """
    before, after = UNFINISHED.split("*")
    handle, name = tempfile.mkstemp(prefix=before, suffix=after, dir=path.parent)
    unfinished = Path(name)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(content)
        unfinished.chmod(0o644)
        unfinished.replace(path)
    except BaseException:
        unfinished.unlink(missing_ok=True)
        raise
