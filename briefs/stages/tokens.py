"""Words of a text with their places, as names are compared by."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence
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


class Words:
    """The words of some regions of a text, which are in order and apart: read once, whatever part is asked for."""

    def __init__(self, text: str, regions: Sequence[Span]) -> None:
        self._text = text
        self._tokens = [token for region in regions for token in tokens_of(text, region)]
        self._starts = [token.start for token in self._tokens]

    def within(self, span: Span) -> list[Token]:
        """Return the words of a part of a region, as `tokens_of` does: of a word at its edge what lies within.

        >>> words = Words("Acme Inc.'s Lee left.", [Span(start=0, end=21)])
        >>> [t.word for t in words.within(Span(start=5, end=15))], [t.word for t in words.within(Span(start=2, end=8))]
        (['Inc', 'Lee'], ['me', 'Inc'])
        """
        first, past = bisect_left(self._starts, span.start), bisect_left(self._starts, span.end)
        if self._crosses(first - 1, span.start) or self._crosses(past - 1, span.end):
            return tokens_of(self._text, span)
        return self._tokens[first:past]

    def _crosses(self, number: int, at: int) -> bool:
        """Return whether a word may go on past a code point."""
        match = WORD.match(self._text, self._starts[number]) if number >= 0 else None
        return match is not None and match.end() > at
