"""Where the command starts and ends: `briefs`, and `python -m briefs`."""

from __future__ import annotations

import atexit
import gc
import os
import signal
import sys

# What libraries read of the environment when they are imported, unless somebody has set it.
QUICK = {
    "OPENBLAS_NUM_THREADS": "1",  # of numpy: our matrices are too small for threads, which would wait for work in a loop
    "PYDANTIC_DISABLE_PLUGINS": "__all__",  # there are none; looking for them takes as long as a page of text
}
# Objects, and rounds, between searches for garbage: modules make many objects, a build makes millions, and all of them stay.
GARBAGE = (400_000, 20, 20)


def main() -> None:
    """Run the command line. Until it has its own handlers, an interrupt ends the process without a word."""
    os.environ.update({name: value for name, value in QUICK.items() if name not in os.environ})
    gc.set_threshold(*GARBAGE)
    for number in (signal.SIGINT, signal.SIGTERM):
        if signal.getsignal(number) != signal.SIG_IGN:
            signal.signal(number, signal.SIG_DFL)
    from briefs.cli import main as run

    code: object = 0
    try:
        run()
    except SystemExit as asked:
        code = asked.code or 0
    if isinstance(code, int):
        _end(code)
    sys.exit(str(code))


def _end(code: int) -> None:
    """End the process, unless its output cannot be written, which Python then says.

    Python itself would take a tenth of a second to take apart what the system takes back at once.
    """
    atexit._run_exitfuncs()  # noqa: SLF001 (there is no other way to have done what was asked for)
    try:
        for stream in (sys.stdout, sys.stderr):
            if stream:
                stream.flush()
    except (OSError, ValueError):
        sys.exit(code)
    os._exit(code)


if __name__ == "__main__":
    main()
