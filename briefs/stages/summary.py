"""Which sentences make the one-paragraph summary: the event, the weightiest claim, what is next.

Whole sentences in the article's order, about 40 to 90 words. None leans on a sentence that is not there: one that opens
with "however" or "they", or says "he" of nobody it names, may only follow the sentence before it in the article.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import chain

from briefs.schema import Actor, Article, Claim, Passage, Span
from briefs.stages.cue_words import LEANING
from briefs.stages.discourse import Parts
from briefs.text import find_quotes, overlapping

LEAST_WORDS, MOST_WORDS = 40, 90
LEAST_SENTENCE = 6  # words: a shorter sentence says little by itself

# What somebody said before: a sentence about it says nothing by itself.
_ANSWERING = re.compile(
    r"\b(?:the|that|those|these|such|this) "
    r"(?:allegations?|accusations?|account|claims?|criticism|idea|suggestion|charges?|reports?)\b(?! that)",
    re.IGNORECASE,
)
# Phrases that point back: "the company" of a sentence that names none.
_POINTING = re.compile(
    r"\b(?:the|that|those|these|such) "
    r"(?:company|firm|group|agency|party|club|team|union|bank|ministry|council|board|study|offer|proposal|man|woman|younger|elder|older|pair|two|former|latter)\b",
    re.IGNORECASE,
)
_PRONOUN = re.compile(r"\b(?:he|she|him|his|her|hers)\b", re.IGNORECASE)
_WEIGHTS = {"main": 2.0, "secondary": 1.0, "minor": 0.5}


@dataclass(frozen=True, slots=True)
class _Setting:
    """What is needed to see whether a sentence stands by itself."""

    text: str
    sentences: tuple[Span, ...]
    numbers: dict[int, int]  # of the sentences, by where they begin
    quotes: tuple[Span, ...]
    mentions: tuple[tuple[Span, Actor], ...]  # of all actors, in the order of the text

    def mentioned_in(self, span: Span) -> Iterator[tuple[Span, Actor]]:
        """Yield the mentions that stand in a span, each with whom it means."""
        first = bisect_left(self.mentions, span.start, key=_start)
        past = bisect_left(self.mentions, span.end, key=_start)
        return ((m, actor) for m, actor in self.mentions[first:past] if m.end <= span.end)


def _start(mention: tuple[Span, Actor]) -> int:
    return mention[0].start


def find_summary(
    article: Article, parts: Parts, claims: Sequence[Claim], actors: Sequence[Actor]
) -> tuple[Passage, ...]:
    """Return the sentences of the summary, in the order of the article; the first of the lede is always one."""
    setting = _Setting(
        text=article.text,
        sentences=tuple(s.span for s in article.sentences),
        numbers={s.span.start: number for number, s in enumerate(article.sentences)},
        quotes=find_quotes(article.text, article.paragraphs),
        mentions=tuple(sorted(((m, a) for a in actors for m in a.mentions), key=_start)),
    )
    chosen = list(parts.lede[:1])
    _take(setting, chosen, parts.lede[1:])
    _take(setting, chosen, _claim_sentences(article, claims, actors))
    _take(setting, chosen, reversed(parts.outlook))
    if _words(chosen) < LEAST_WORDS:
        _take(setting, chosen, parts.context)
    return tuple(sorted(chosen, key=lambda p: p.span.start))


def _take(setting: _Setting, chosen: list[Passage], candidates: Iterable[Passage]) -> None:
    """Add the first candidate that is new, fits, and stands by itself; better one whose actors are all introduced."""
    taken = {p.span for p in chosen}
    room = MOST_WORDS - _words(chosen)
    fitting = (
        p
        for p in candidates
        if p.span not in taken and LEAST_SENTENCE <= _words([p]) <= room and not _leans(setting, p.span, taken)
    )
    first = next(fitting, None)
    if first is not None:
        chosen.append(next((p for p in chain([first], fitting) if _introduces(setting, p.span, taken)), first))


def _introduces(setting: _Setting, span: Span, taken: set[Span]) -> bool:
    """Return whether each actor of a sentence stands in it, or before it in the summary, by its full name."""
    known = [span, *taken]
    named = {a.name for k in known for m, a in setting.mentioned_in(k) if m.of(setting.text) == a.name}
    return all(actor.name in named for _, actor in setting.mentioned_in(span))


def _words(passages: Sequence[Passage]) -> int:
    return sum(len(p.text.split()) for p in passages)


def _leans(setting: _Setting, span: Span, taken: set[Span]) -> bool:
    """Return whether a sentence needs the one before it, and that one is not in the summary."""
    number = setting.numbers[span.start]
    if number and setting.sentences[number - 1] in taken:
        return False
    sentence = span.of(setting.text)
    if LEANING.match(sentence) or _ANSWERING.search(sentence):
        return True
    pointing = _POINTING.search(sentence)
    if pointing and not any(m.end <= span.start + pointing.start() for m, _ in setting.mentioned_in(span)):
        return True
    pronouns = (m.start() + span.start for m in _PRONOUN.finditer(sentence))
    quotes = overlapping(setting.quotes, span)
    spoken = next((p for p in pronouns if not any(q.start <= p < q.end for q in quotes)), None)
    people = (m for m, actor in setting.mentioned_in(span) if actor.kind == "person")
    if spoken is not None and not any(m.start < spoken for m in people):
        return True
    return sentence.count("“") != sentence.count("”") or sentence.count('"') % 2 == 1


def _claim_sentences(article: Article, claims: Sequence[Claim], actors: Sequence[Actor]) -> list[Passage]:
    """Return the sentences that hold claims, the weightiest first: a main actor's, named in it, early, with substance."""
    salience = {a.name: a.salience for a in actors}
    weights: dict[Span, float] = {}
    for claim in claims:
        weight = _WEIGHTS[salience[claim.speaker]] if claim.speaker else 0.5
        weight += 0.5 * (claim.certainty in ("asserted", "denied")) + 0.5 * (len(claim.text.split()) >= LEAST_SENTENCE)
        weights[claim.sentence] = max(weight, weights.get(claim.sentence, 0.0))
    end = max((s.span.end for s in article.sentences), default=1)
    ranked = sorted(weights, key=lambda s: (-(weights[s] - 2.0 * s.start / end), s.start))
    return [Passage(text=s.of(article.text), span=s) for s in ranked]
