"""Where the command starts: `briefs`, and `python -m briefs`."""

from __future__ import annotations

import signal


def main() -> None:
    """Run the command line. Until it has its own handlers, an interrupt ends the process without a word."""
    for number in (signal.SIGINT, signal.SIGTERM):
        if signal.getsignal(number) != signal.SIG_IGN:
            signal.signal(number, signal.SIG_DFL)
    from briefs.cli import main as run

    run()


if __name__ == "__main__":
    main()
