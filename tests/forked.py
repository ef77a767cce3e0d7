"""The command in a process of its own, as a copy of this one: quick, as modules are loaded, and with nothing else in memory.

No copy is made of a process that has run the model: the threads of that would be missing. So these are programs of their own.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Callable
from typing import IO


def fork(arguments: list[str], said: IO[bytes], *, before: Callable[[], object] = bool) -> int:
    """Start the command, which says all into a file, after a function has been called there; return its process."""
    child = os.fork()
    if child:
        return child
    code = 70
    try:
        from briefs.cli import main

        os.dup2(said.fileno(), 1)
        os.dup2(said.fileno(), 2)
        before()
        sys.argv = ["briefs", *arguments]
        main()
    except SystemExit as ended:
        code = int(ended.code or 0)
    finally:
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(code)


def load() -> None:
    """Load once what each process needs."""
    import jinja2  # noqa: F401

    import briefs.cli.building
    import briefs.site  # noqa: F401
