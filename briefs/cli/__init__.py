"""The command line: all printing, all exit codes.

Exit codes: 0 fine; 1 something is wrong with an article, a template or an output; 2 the command or the settings were not
understood, or name a folder that cannot be used, and nothing was done; 130 interrupted, and 143 terminated.
"""

from __future__ import annotations

import signal
import sys
from typing import TYPE_CHECKING, Annotated

import typer

from briefs.cli.batching import batch
from briefs.cli.building import build
from briefs.cli.checking import check
from briefs.cli.cleaning import clean
from briefs.cli.configuring import config
from briefs.cli.fetching import fetch
from briefs.cli.initializing import init
from briefs.cli.serving import serve
from briefs.cli.settings import Group
from briefs.cli.showing import inspect, schema, show
from briefs.cli.terminal import Stopped, discard, say

if TYPE_CHECKING:
    from types import FrameType

app = typer.Typer(
    name="briefs",
    cls=Group,
    add_completion=False,
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
    help=(
        "Turn news articles into briefs: what happened, who says what and how surely, background, what is next."
        " Every word of a brief is a span of its article. Works offline.\n\n"
        "Start with:\n\n  briefs show ARTICLE.txt\n\n  briefs build FOLDER out\n\n  briefs init"
    ),
    epilog=(
        "Exit codes: 0 fine; 1 something is wrong with an article, a template or an output; 2 the command or the"
        " settings were not understood, and nothing was done; 130 interrupted."
    ),
)
for command in (show, build, serve, check, inspect, schema, clean, fetch, batch, config, init):
    app.command()(command)


def _version(wanted: bool) -> None:  # noqa: FBT001 (typer calls it so)
    if wanted:
        from importlib.metadata import version

        typer.echo(f"briefs {version('briefs')}")
        raise typer.Exit


@app.callback()
def _root(
    version: Annotated[  # noqa: FBT002
        bool, typer.Option("--version", callback=_version, is_eager=True, help="Print the version and stop.")
    ] = False,
) -> None:
    pass


def main() -> None:
    """Run the command line: the only place where errors become messages."""
    asked: list[int] = []

    def stop(number: int, _frame: FrameType | None) -> None:
        signal.signal(number, signal.SIG_DFL)  # whoever asks twice does not have to wait
        asked.append(number)
        raise Stopped

    for number in (signal.SIGINT, signal.SIGTERM):
        if signal.getsignal(number) != signal.SIG_IGN:  # as `nohup` and shells ask of processes in the background
            signal.signal(number, stop)
    try:
        _run()
    finally:
        if asked:  # also where a library has made another error of ours, as an import in C does
            sys.exit(128 + asked[0])


def _run() -> None:
    from briefs.errors import BriefsError, ConfigError

    try:
        app()
    except BriefsError as error:
        say(f"error: {error}")
        sys.exit(2 if isinstance(error, ConfigError) else 1)
    except OSError as error:  # those of files have become BriefsErrors
        discard(sys.stdout)
        say(f"error: standard output: cannot be written: {(error.strerror or 'an error').lower()}")
        sys.exit(1)
