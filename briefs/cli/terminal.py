"""Standard output and standard error: the only place where briefs prints."""

from __future__ import annotations

import os
import sys
from typing import TYPE_CHECKING, NoReturn

import typer

from briefs.names import as_utf8

if TYPE_CHECKING:
    from typing import TextIO


def print_text(text: str) -> None:
    """Write to standard output as UTF-8, whatever the locale."""
    if sys.stdout is None:
        fail("standard output is closed")
    try:
        sys.stdout.buffer.write(text.encode("utf-8"))
        sys.stdout.flush()
    except BrokenPipeError:
        discard(sys.stdout)  # whoever reads it has enough: no error


def discard(stream: TextIO) -> None:
    """Let what is left in the buffer go nowhere: it would fail once more as Python ends."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), stream.fileno())


def printable(text: str) -> str:
    r"""Return a text that does nothing to a terminal, nor to the log of a workflow, where `##[` begins a command.

    >>> print(printable("a\x1b[31m\n##[group]"))
    a\x1b[31m\n#\x23[group]
    """
    line = "".join(c if c.isprintable() else c.encode("unicode_escape").decode() for c in as_utf8(text))
    return line.replace("##[", r"#\x23[")


def say(text: str) -> None:
    """Write a line to standard error: file names may hold anything. Nobody has to read it."""
    put(f"{printable(text)}\n")


def put(text: str) -> None:
    """Write a text to standard error as it is. Nobody has to read it."""
    try:
        typer.echo(text, nl=False, err=True)
    except OSError:
        discard(sys.stderr)


def await_input(file: str) -> str:
    """Return the name of a file; say what is awaited where it is a terminal."""
    if file == "-" and sys.stdin is not None and sys.stdin.isatty():
        say("reading an article from the terminal; Ctrl-D ends it")
    return file


def fail(error: Exception | str, *, code: int = 1) -> NoReturn:
    say(f"error: {error}")
    raise typer.Exit(code)


class Stopped(BaseException):
    """A signal asks the process to end. No KeyboardInterrupt, which libraries catch to do as they please."""
