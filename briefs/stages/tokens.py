"""Words of a text with their places, as names are compared by."""

from __future__ import annotations

import re
from typing import NamedTuple

from briefs.schema import Span
from briefs.stages.names import WORD

_OWNER = re.compile(r"(?:['’]s|['’])?\.?$")


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
        owner = _OWNER.search(match[0])
        end = match.end() - (len(owner[0]) if owner else 0)
        found.append(Token(match.start(), end, text[match.start() : end].rstrip(".").replace("’", "'")))
    return found
