"""Which source and which content belong to which cue: a small linear model over what lies between them.

`python -m training.links` fits the weights to the training split of PolNeAR 1.0 (Newell et al., 2018) by logistic regression
over pairs of a cue and a span near it, and prints the two tables below.
"""

from __future__ import annotations

import math
import re
from bisect import bisect_left, bisect_right
from collections.abc import Mapping, Sequence
from functools import lru_cache

from briefs.schema import Span

NEAR = 4  # spans looked at on each side of a cue, or cues on each side of a span

CONTENT_WEIGHTS: Mapping[str, float] = {
    "bias": 0.62,
    "distance": -0.58,
    "next to": 2.47,
    "one sentence apart": 0.01,
    "more sentences apart": 0.1,
    "apart, own cue": -7.16,
    "another paragraph": -5.0,
    "cue between": -3.1,
    "cues between": -1.45,
    "source between": 2.59,
    "sources between": -1.47,
    "content between": -1.44,
    "contents between": 1.91,
    "quotation mark between": 2.59,
    "comma between": -1.71,
    "participle": -3.28,
    "according": 6.18,
    "bias, after": 1.46,
    "distance, after": 0.7,
    "next to, after": 2.0,
    "one sentence apart, after": 1.51,
    "more sentences apart, after": 1.36,
    "apart, own cue, after": -0.96,
    "another paragraph, after": 1.6,
    "cue between, after": -1.2,
    "cues between, after": -0.71,
    "source between, after": -3.07,
    "sources between, after": 1.97,
    "content between, after": -1.57,
    "contents between, after": -0.37,
    "quotation mark between, after": -1.82,
    "comma between, after": 1.46,
    "participle, after": 2.32,
    "according, after": -3.93,
}
SOURCE_WEIGHTS: Mapping[str, float] = {
    "bias": 2.38,
    "distance": 0.06,
    "next to": 3.81,
    "one sentence apart": -0.84,
    "more sentences apart": -1.12,
    "apart, own cue": -4.7,
    "another paragraph": -1.08,
    "cue between": -0.89,
    "cues between": 2.5,
    "source between": -3.89,
    "sources between": -0.83,
    "content between": -0.57,
    "contents between": -2.56,
    "quotation mark between": 0.21,
    "comma between": -0.48,
    "participle": 1.32,
    "according": -2.56,
    "bias, after": 1.34,
    "distance, after": -1.15,
    "next to, after": -2.61,
    "one sentence apart, after": -1.21,
    "more sentences apart, after": -0.06,
    "apart, own cue, after": -0.9,
    "another paragraph, after": -1.62,
    "cue between, after": 0.1,
    "cues between, after": -0.31,
    "source between, after": 0.24,
    "content between, after": -1.11,
    "contents between, after": 0.58,
    "quotation mark between, after": -0.08,
    "comma between, after": -1.0,
    "participle, after": 2.13,
    "according, after": 0.79,
}

_AFTER = {name: f"{name}, after" for name in CONTENT_WEIGHTS if not name.endswith(", after")}
_COUNTED = tuple((f"{name}s", f"{name} between", f"{name}s between") for name in ("cue", "source", "content"))
_QUOTE_MARK = re.compile(r"(?=([\"“”«»]|''|``))")  # at every place where one begins, though they overlap
_NEXT_TO = re.compile(
    r"[\s,:;\"“”'‘’—–-]*(?:(?:that|to|if|whether|how|why|what|of|for|about|in|on|as|with)\b[\s\"“]*)?",
)


class Surroundings:
    """An article's cues, sources and contents, its sentences and paragraphs, ready to be counted between two points."""

    def __init__(
        self,
        text: str,
        *,
        sentences: Sequence[Span],
        paragraphs: Sequence[Span],
        cues: Sequence[Span],
        sources: Sequence[Span],
        contents: Sequence[Span],
    ) -> None:
        self.text = text
        self.cues, self.contents = cues, contents
        self._spans = {"cues": cues, "sources": sources, "contents": contents}
        self._starts = {name: [s.start for s in spans] for name, spans in self._spans.items()}
        self._sentences, self._sentence_ends = sentences, [s.end for s in sentences]
        self._cued = {self.sentence_of(cue.start) for cue in cues}
        self._paragraph_ends = [p.end for p in paragraphs]
        marks = list(_QUOTE_MARK.finditer(text))
        self._mark_starts, self._mark_ends = [m.start() for m in marks], [m.end(1) for m in marks]

    def near(self, name: str, position: int) -> Sequence[Span]:
        """Return the few spans of a kind on each side of a code point."""
        here = bisect_left(self._starts[name], position)
        return self._spans[name][max(0, here - NEAR + 1) : here + NEAR]

    def between(self, name: str, start: int, end: int) -> int:
        """Return how many spans of a kind begin in a half-open range."""
        starts = self._starts[name]
        return bisect_left(starts, end) - bisect_left(starts, start)

    def has_quote_mark(self, start: int, end: int) -> bool:
        """Return whether a quotation mark stands in a half-open range."""
        place = bisect_left(self._mark_starts, start)
        return place < len(self._mark_ends) and self._mark_ends[place] <= end

    def first_from(self, name: str, position: int) -> Span | None:
        """Return the first span of a kind that begins at a code point or after it."""
        place = bisect_left(self._starts[name], position)
        return self._spans[name][place] if place < len(self._spans[name]) else None

    def sentence_around(self, span: Span) -> Span | None:
        """Return the sentence, or the headline, that a span stands in."""
        number = self.sentence_of(span.start)
        found = self._sentences[number] if number < len(self._sentences) else None
        return found if found and found.contains(span) else None

    def sentence_of(self, position: int) -> int:
        """Return the number of the sentence of a code point."""
        return bisect_right(self._sentence_ends, position)

    def sentences_apart(self, first: int, second: int) -> int:
        """Return how many sentence ends lie between two code points."""
        return abs(self.sentence_of(first) - self.sentence_of(second))

    def has_cue(self, position: int) -> bool:
        """Return whether a cue stands in the sentence of a code point."""
        return self.sentence_of(position) in self._cued

    def paragraphs_apart(self, first: int, second: int) -> int:
        """Return how many paragraph ends lie between two code points."""
        return abs(bisect_right(self._paragraph_ends, first) - bisect_right(self._paragraph_ends, second))


def read_features(around: Surroundings, cue: Span, span: Span) -> dict[str, float]:
    """Return the features of a cue and a source or content: how far apart, on which side, and what stands between.

    Those that are 0 are left out.
    """
    after = span.start >= cue.start
    low, high, edge = (cue.end, span.start, span.start) if after else (span.end, cue.start, span.end - 1)
    if high < low:
        low, high = high, low
    gap = around.text[low:high]
    found = {"bias": 1.0}
    if gap:
        found["distance"] = min(math.log1p(high - low), 6.0)
    if _NEXT_TO.fullmatch(gap):
        found["next to"] = 1.0
    sentences = around.sentences_apart(cue.start, edge)
    if sentences:
        found["one sentence apart" if sentences == 1 else "more sentences apart"] = 1.0
        if around.has_cue(edge):
            found["apart, own cue"] = 1.0
    if around.paragraphs_apart(cue.start, edge):
        found["another paragraph"] = 1.0
    for name, one, several in _COUNTED:
        count = around.between(name, low, high)
        if count:
            found[one] = 1.0
        if count > 1:
            found[several] = 1.0
    if around.has_quote_mark(low, high):
        found["quotation mark between"] = 1.0
    if "," in gap:
        found["comma between"] = 1.0
    found.update(_read_cue(cue.of(around.text)))
    return found | {_AFTER[name]: value for name, value in found.items()} if after else found


@lru_cache(maxsize=1000)
def _read_cue(cue: str) -> Mapping[str, float]:
    """Return the features of the words of a cue alone."""
    words = cue.lower().split()
    participle = words[0].endswith("ing") or (words[0] == "to" and len(words) > 1)
    according = words[0].startswith("accord")
    return {name: 1.0 for name, holds in (("participle", participle), ("according", according)) if holds}


def score(weights: Mapping[str, float], features: Mapping[str, float]) -> float:
    """Return the log-odds that the pair belongs together.

    >>> score({"bias": 1.0, "next to": 2.0}, {"bias": 1.0, "next to": 1.0, "comma between": 1.0})
    3.0
    """
    return sum([weights.get(name, 0.0) * value for name, value in features.items()])
