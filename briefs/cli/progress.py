"""How far a command is: one line of a terminal that changes in place, or elsewhere a line for each step."""

from __future__ import annotations

import os
import sys
from types import TracebackType
from typing import Self
from unicodedata import category, east_asian_width

from briefs.cli.terminal import printable, put, say

_COLUMNS = 80  # where a terminal does not say how many it has


class Progress:
    """Says how far a command is, on standard error, inside a `with`; after it, a line that changes in place is gone.

    With `quiet`, nothing is said. With `verbose`, there is a line for each step on a terminal, too. There is no color.
    """

    def __init__(self, *, quiet: bool, verbose: bool) -> None:
        self._quiet, self.verbose = quiet, verbose
        self.in_place = not quiet and not verbose and _on_terminal()
        self._begun = False

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._begun:
            self._replace("")

    def step(self, begun: str, done: str) -> None:
        """Say that a step has been done; where the line changes in place, only the first half, which may be cut."""
        if self.in_place:
            self._replace(begun)
        elif not self._quiet:
            say(begun + done)

    def _replace(self, text: str) -> None:
        """Put a text in place of the one that stands there. In the last column no character is put: some terminals wrap."""
        encoding, columns = sys.stderr.encoding, _columns() - 1
        shown = printable(text).encode(encoding, "backslashreplace").decode(encoding)
        self._begun = True  # before it is: a signal may come at any time
        put(f"\r{' ' * columns}\r{cut(shown, columns)}")


def cut(text: str, columns: int) -> str:
    """Return the beginning of a text that is no wider than so many columns of a terminal.

    >>> cut("[1/2] 記事.txt", 9), cut("[1/2] 記事.txt", 10), cut("dam.txt", 80)
    ('[1/2] 記', '[1/2] 記事', 'dam.txt')
    """
    taken = 0
    for place, character in enumerate(text):
        taken += _width(character)
        if taken > columns:
            return text[:place]
    return text


def _width(character: str) -> int:
    r"""Return how many columns a character has; where terminals do not agree on a sign and its picture, the most.

    >>> [_width(character) for character in ("a", "記", "é", "\N{COMBINING ACUTE ACCENT}")]
    [1, 2, 1, 0]
    """
    if character == "\N{VARIATION SELECTOR-16}":  # makes a picture of a sign
        return 1
    if category(character) in {"Mn", "Me"}:
        return 0
    return 2 if east_asian_width(character) in "WF" else 1


def _on_terminal() -> bool:
    """Return whether standard error is a terminal on which a line can be changed."""
    return sys.stderr is not None and sys.stderr.isatty() and os.environ.get("TERM") != "dumb"


def _columns() -> int:
    try:
        return os.get_terminal_size(sys.stderr.fileno()).columns or _COLUMNS
    except OSError:
        return _COLUMNS
