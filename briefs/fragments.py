"""Links that lead to words on a page: text fragments (https://wicg.github.io/scroll-to-text-fragment/).

A browser looks for the words of the fragment, white space and case aside, and takes the first place where they stand. Where
they stand in an article more than once, the words before or after them say which place is meant.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Sequence
from itertools import islice
from urllib.parse import quote

from briefs.escape import clean
from briefs.schema import Span

WHOLE = 10  # words up to which a quotation stands in a fragment whole: the middle of a longer one may be corrected
_FIRST, _LAST = 6, 4  # words of the two ends that tell a longer one
_AROUND = 4  # words at first of what stands before or after; more where they do not suffice
_MOST = 12
_PLACES = 64  # places that are compared: a text with more of the same words is no article
_WORD = re.compile(r"\S+")
_LETTERS = re.compile(r"\w+")


def text_fragment(url: str, pieces: Sequence[str], *, prefix: str | None = None, suffix: str | None = None) -> str:
    """Return the address of words on a page: of one piece, or from the first of several to the last.

    `prefix` and `suffix` are what stands right before and after, where that must be told (`Surroundings`). A fragment that the
    address has stays, for pages that are chosen by it.

    >>> text_fragment("https://example.com/dam#top", ["We are dry, mostly"], suffix="for now")
    'https://example.com/dam#top:~:text=We%20are%20dry%2C%20mostly,-for%20now'
    """
    first, last = (_WORD.findall(clean(piece)) for piece in (pieces[0], pieces[-1]))
    ends = [first] if len(pieces) == 1 and len(first) <= WHOLE else [first[:_FIRST], last[-_LAST:]]
    before = [f"{_encode(clean(prefix).split())}-"] if prefix else []
    after = [f"-{_encode(clean(suffix).split())}"] if suffix else []
    page, _, fragment = url.partition("#")
    directive = ",".join([*before, *map(_encode, ends), *after])
    return f"{page}#{fragment.partition(':~:')[0]}:~:text={directive}"


class Surroundings:
    """What stands around the words of a text, and where the same words stand elsewhere in it. Made once for a text."""

    def __init__(self, text: str) -> None:
        self._text = text
        found = list(_LETTERS.finditer(text))
        self._words = [match[0].casefold() for match in found]
        self._starts = [match.start() for match in found]
        self._ends = [match.end() for match in found]
        self._places: dict[str, list[int]] = {}
        for place, word in enumerate(self._words):
            self._places.setdefault(word, []).append(place)

    def find(self, spans: Sequence[Span]) -> tuple[str | None, str | None]:
        """Return what stands before and after some spans, in their order, that tells them from the same words elsewhere.

        None where it is not needed: the first alone, the last alone, or both. Of several spans, and of a long one, the words
        that begin them must be told from others: by them a browser starts.

        >>> around = Surroundings("It held. It broke, she said. It held, he said.")
        >>> around.find([Span(start=0, end=8)]), around.find([Span(start=9, end=17)])
        ((None, 'It broke, she said'), (None, None))
        """
        first = bisect_left(self._starts, spans[0].start)
        words = list(islice(_WORD.finditer(self._text, spans[0].start, spans[0].end), WHOLE + 1))
        whole = len(spans) == 1 and len(words) <= WHOLE
        past = bisect_left(self._starts, spans[0].end if whole or len(words) < _FIRST else words[_FIRST - 1].end())
        others = self._others(first, past)
        if not others:
            return None, None
        last = bisect_left(self._starts, spans[-1].end)
        behind = [other + past - first for other in others]
        for count in range(_AROUND, _MOST + 1):
            before, after = self._words[max(0, first - count) : first], self._words[past : past + count]
            told_before = all(self._words[max(0, o - count) : o] != before for o in others)
            told_after = all(self._words[b : b + count] != after for b in behind)
            if told_before and before:
                return self._before(first, count, spans), None
            if told_after and after and whole:
                return None, self._after(last, count, spans)
        return self._before(first, _MOST, spans), self._after(last, _MOST, spans)

    def _others(self, first: int, past: int) -> list[int]:
        """Return where else the words from one number to another stand; of very many places the first ones."""
        words = self._words[first:past]
        if not words:
            return []
        rarest = min(range(len(words)), key=lambda n: len(self._places[words[n]]))
        starts = [place - rarest for place in self._places[words[rarest]][:_PLACES]]
        return [s for s in starts if s != first and s >= 0 and self._words[s : s + len(words)] == words]

    def _before(self, first: int, count: int, spans: Sequence[Span]) -> str | None:
        start = self._starts[max(0, first - count)] if self._starts else 0
        return " ".join(self._text[start : spans[0].start].split()) or None

    def _after(self, last: int, count: int, spans: Sequence[Span]) -> str | None:
        end = self._ends[min(last + count, len(self._ends)) - 1] if self._ends else 0
        return " ".join(self._text[spans[-1].end : max(end, spans[-1].end)].split()) or None


def _encode(words: Sequence[str]) -> str:
    """Return words percent-encoded, also the three characters that mean something in a fragment."""
    return quote(" ".join(words), safe="").replace("-", "%2D")
