"""Words of a text with their places, as names are compared by."""

from __future__ import annotations

from typing import NamedTuple

from briefs.schema import Span
from briefs.stages.names import WORD


class Token(NamedTuple):
    """A word without possessive and final stop, and where it stands."""

    start: int
    end: int
    word: str


def tokens_of(text: str, span: Span) -> list[Token]:
    """Return the words of `span` with their places.

    >>> [t.word for t in tokens_of("Acme Inc.'s Lee left.", Span(start=0, end=21))]
    ['Acme', 'Inc', 'Lee', 'left']
    """
    found = []
    for match in WORD.finditer(text, span.start, span.end):
        start, word = match.start(), match[0]
        if word.isalnum():
            found.append(Token(start, match.end(), word))
        else:
            word = word.removesuffix(".").replace("’", "'").removesuffix("'s")
            found.append(Token(start, start + len(word), word.rstrip(".")))
    return found
