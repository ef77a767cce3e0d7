"""From attributions to claims: the words that a source stands for, how they are put, and how sure they are.

Attributions are many; claims are those that a reader would call "X says Y": something said, reported, believed, ordered
or planned by somebody. Scenery ("signaling a shift"), the article's own hedges ("it seems") and what a quotation itself
quotes are left out.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass

from briefs.schema import Article, Attribution, Form, Span
from briefs.stages.cue_words import (
    ASSERTING,
    CLAUSE_ONLY,
    DENYING,
    DOCUMENT,
    GLOSSING,
    HEDGING,
    INTENDING,
    NOUNS,
    RUMOUR,
    cue_lemmas,
)
from briefs.text import covering, find_quotes, overlapping

VERBS = ASSERTING | HEDGING | DENYING | INTENDING

_OPENING = re.compile(r"[\s,:;–—-]*(?:that\b(?! \w+ to\b))?[\s,:;–—-]*", re.IGNORECASE)
_MARK = re.compile(r"[,;:—.!?“”\"«»]")
# A content does not end in one of these.
LOOSE_ENDS = frozenset(
    "a about after an and as at be been before but by for from had has have her his if in into its more not of on or over so"
    " than that the their to very was were when which while who will with would".split()
)
_JOINED = re.compile(r"\s+(?:and|or|but)\Z", re.IGNORECASE)
_LOOSE_CUE = re.compile(r"(?:\s+(?:in|of|to|on|at|by|for|with|from))?\s+(?:a|an|the)\Z|\s+by\Z")
_ABBREVIATED = re.compile(r"\b(?:[A-Za-z]\.)+[A-Za-z]\Z")
_MARKS = "\"“”«»„‘’'"
_WORD = re.compile(r"\w+")
_CLAUSE = re.compile(r"\bthat\b|:\s*$|\bhow\b|\b(?:said|stated|wrote|argued|claimed)\s*$")
_PASSIVE = re.compile(r"(?:is|are|was|were|be|been|being|has|have|had|comes?|came|puts?)\b", re.IGNORECASE)
_GERUND = re.compile(r"(?:\w+ly )?\w+ing\b")
_PARTICIPLE = re.compile(r"\w+ing\b|seem|appear|(?:think|look|see|worry|imagine|consider)\b", re.IGNORECASE)
_NO_ANSWER = re.compile(
    r"\b(?:declin|refus)\w+ to (?:comment|discuss|say|elaborate|answer|be (?:named|identified|interviewed))"
    r"|\b(?:requests?|asked|asking|called?s?|questions?) (?:seeking|for) (?:a )?(?:comment|response|interview)"
    r"|\b(?:ask|request)\w* not to be \w+"
    r"|\bnot (?:immediately )?(?:respond|repl(?:y|ied)|return|answer|comment|be reached)",
    re.IGNORECASE,
)
# Words that only point to what was said elsewhere.
_POINTING = re.compile(
    r"\W*(?:(?:so|it|them|both|neither|(?:this|that|these|those|the same|the former|the latter)(?: ones?| thing)?)\W*)+",
    re.IGNORECASE,
)
_SUPPOSED = re.compile(r"(?:will|would|may|might|can|could|must|should|shall|to|let)\b", re.IGNORECASE)
LEAST_WORDS = 2
NESTED = 0.7  # share of a claim's words from which another claim over them makes it superfluous
STRETCH = 1000  # code points
LEAST_QUOTED_WORDS = 3  # fewer quoted words by themselves are a name or an irony
# A content that opens with its own reporting clause: "where they stated …", "in which she said …".
_INNER_CUE = re.compile(
    r"(?:where|wherein|in which|which)\s+(?:\w+\s+){1,3}?(?:said|stated|says|wrote|argued|claimed|announced)\s+(?:that\s+)?",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Reading:
    """An attribution read for a reader, its speaker and certainty still to be found. Spans are of `Article.text`."""

    source: Span | None
    cue: Span | None
    content: tuple[Span, ...]
    form: Form
    sentence: Span


def find_claims(article: Article, attributions: Sequence[Attribution]) -> tuple[Reading, ...]:
    """Return the claims among the attributions of the story itself, in the order of their contents."""
    setting = _Setting(
        text=article.text,
        paragraphs=article.paragraphs,
        sentences=tuple(s.span for s in article.sentences),
        quotes=find_quotes(article.text, article.paragraphs),
        taken=sorted((s for a in attributions for s in (*a.source, *a.cue, *a.content)), key=lambda s: s.start),
    )
    readings = [r for a in attributions if (r := _read(setting, a)) is not None]
    return tuple(sorted(_without_nested(readings), key=lambda r: r.content[0].start))


@dataclass(frozen=True, slots=True)
class _Setting:
    """What of an article a claim is read in: each list in the order of the text."""

    text: str
    paragraphs: Sequence[Span]
    sentences: Sequence[Span]
    quotes: Sequence[Span]
    taken: Sequence[Span]  # the spans of all attributions

    def taken_in(self, sentence: Span) -> Sequence[Span]:
        """Return the spans of attributions that begin in a sentence."""
        first = bisect_left(self.taken, sentence.start, key=lambda s: s.start)
        return self.taken[first : bisect_left(self.taken, sentence.end, lo=first, key=lambda s: s.start)]


def _read(setting: _Setting, attribution: Attribution) -> Reading | None:
    """Return an attribution of the story as a claim, or None where it is none."""
    text, cue = setting.text, attribution.cue[0]
    if not overlapping(setting.paragraphs, cue):
        return None
    sentence = covering(setting.sentences, cue.start) or cue
    whole = [whole_clause(text, c, sentence, cue, setting.taken_in(sentence)) for c in attribution.content]
    pieces = _apart([p for c in whole for p in _whole_quotes(setting, c)])
    quotes = overlapping(setting.quotes, Span(start=min(p.start for p in pieces), end=max(p.end for p in pieces)))
    trimmed = [t for p in pieces if (t := trim_content(text, p, quotes)) is not None]
    content = _main_pieces(setting, trimmed, sentence, quotes)
    if not content or overlapping(setting.quotes, cue):
        return None
    form = read_form(text, content, quotes)
    if not is_claim(text, attribution, content, form):
        return None
    return Reading(
        source=attribution.source[0] if attribution.source else None,
        cue=_without_loose_end(text, cue),
        content=content,
        form=form,
        sentence=sentence,
    )


def _main_pieces(setting: _Setting, pieces: Sequence[Span], sentence: Span, quotes: Sequence[Span]) -> tuple[Span, ...]:
    """Return the pieces that are the content's own: what stands in the sentence of the cue, and quoted sentences.

    A quotation within another sentence is somebody else's. Beside a quotation, loose words shorter than it are no part of
    what is said.
    """
    text = setting.text
    formed = [(p, read_form(text, [p], quotes)) for p in pieces]
    quoted = [p for p, form in formed if form == "direct" and (p.overlaps(sentence) or _opens_sentence(setting, p))]
    words = sum(_count(text, p) for p in quoted)
    kept = [
        p
        for p, form in formed
        if p not in quoted and p.overlaps(sentence) and (form == "mixed" or _count(text, p) > words)
    ]
    return tuple(sorted([*quoted, *kept], key=lambda p: p.start))


def _opens_sentence(setting: _Setting, piece: Span) -> bool:
    """Return whether nothing but marks stands before a piece in its sentence."""
    sentence = covering(setting.sentences, piece.start) or piece
    return not _WORD.search(setting.text, sentence.start, piece.start)


def _count(text: str, span: Span) -> int:
    return len(_WORD.findall(text, span.start, span.end))


def _without_loose_end(text: str, cue: Span) -> Span:
    """Return a cue without an article and preposition at its end, whose noun it lost: "wrote in a"."""
    loose = _LOOSE_CUE.search(text, cue.start, cue.end)
    return Span(start=cue.start, end=loose.start()) if loose and loose.start() > cue.start else cue


def _whole_quotes(setting: _Setting, content: Span) -> list[Span]:
    """Return a content with every quotation that it enters taken whole, parted where it crosses a paragraph."""
    start, end = content.start, content.end
    for quote in overlapping(setting.quotes, content):
        if _share(quote, content) >= 0.5:
            start, end = min(start, quote.start), max(end, quote.end)
    return [
        Span(start=max(start, p.start), end=min(end, p.end))
        for p in overlapping(setting.paragraphs, Span(start=start, end=end))
    ] or [content]


def _share(quote: Span, content: Span) -> float:
    return (min(quote.end, content.end) - max(quote.start, content.start)) / (quote.end - quote.start)


def whole_clause(text: str, content: Span, sentence: Span, cue: Span, taken: Sequence[Span]) -> Span:
    """Return a content without a loose end: the tagger at times lets go of a clause before it is over.

    A content that ends in "and" or "of" goes on to the next mark or span of another attribution; where that follows at once,
    the "and" goes. One that stands before its cue begins where its clause does. `taken` are the spans of attributions in its
    sentence, in order.

    >>> text = "The guild will ballot its drivers, he said."
    >>> spans = {"sentence": Span(start=0, end=43), "cue": Span(start=38, end=42), "taken": ()}
    >>> whole_clause(text, Span(start=22, end=33), **spans).of(text)
    'The guild will ballot its drivers'
    >>> text = "It found cracks and urged repairs."
    >>> spans = {"sentence": Span(start=0, end=34), "cue": Span(start=3, end=8), "taken": (Span(start=20, end=25),)}
    >>> whole_clause(text, Span(start=9, end=19), **spans).of(text)
    'cracks'
    """
    start, end = content.start, content.end
    if not sentence.contains(content):
        return content
    words = _WORD.findall(text, start, end)
    if words and words[-1].lower() in LOOSE_ENDS:
        limit = min([s.start for s in taken if s.start >= end] + [sentence.end])
        mark = _MARK.search(text, end, limit)
        rest = text[end : mark.start() if mark else limit].rstrip()
        joined = not rest and _JOINED.search(text, start, end)
        end = joined.start() if joined else end + len(rest)
    if cue.start >= end:
        before = max([s.end for s in taken if s.end <= start] + [sentence.start])
        if before == sentence.start and not _MARK.search(text, before, start):
            start = before
    return Span(start=start, end=end)


def _apart(pieces: Sequence[Span]) -> list[Span]:
    """Return the pieces in order, those that overlap made one."""
    merged: list[Span] = []
    for piece in sorted(pieces, key=lambda p: (p.start, p.end)):
        if merged and piece.start < merged[-1].end:
            merged[-1] = Span(start=merged[-1].start, end=max(merged[-1].end, piece.end))
        else:
            merged.append(piece)
    return merged


def trim_content(text: str, piece: Span, quotes: Sequence[Span]) -> Span | None:
    """Return a content without "that" before it, a comma after it, or marks around the whole; None if no word is left.

    The full stop of an indirect content goes, but for that of an abbreviation ("9 p.m."); that of a quotation stays.

    >>> text = 'He said that the rain had stopped.'
    >>> trim_content(text, Span(start=8, end=34), ()).of(text)
    'the rain had stopped'
    """
    start, end = piece.start, piece.end
    if (match := _OPENING.match(text, start, end)) and len(_WORD.findall(text, match.end(), end)) > len(
        "that account".split()
    ):
        start = match.end()
    if (match := _INNER_CUE.match(text, start, end)) and match.end() < end:
        start = match.end()
    inside = any(q.start <= start and end <= q.end for q in quotes)
    while start < end and (text[end - 1] in " \n\t\u00a0,;:–—-" or (not inside and text[end - 1] == ".")):
        end -= 1
    if _ABBREVIATED.search(text, start, end) and text.startswith(".", end):
        end += 1
    if inside:
        while start < end and text[start] in _MARKS + "\u00a0 `":
            start += 1
        while start < end and text[end - 1] in _MARKS + "\u00a0 ,":
            end -= 1
    return Span(start=start, end=end) if _WORD.search(text, start, end) else None


def read_form(text: str, content: Sequence[Span], quotes: Sequence[Span]) -> Form:
    """Return whether a content is quoted throughout, in part, or not at all.

    >>> text = 'He said "no way" to that.'
    >>> read_form(text, [Span(start=9, end=15)], [Span(start=8, end=16)])
    'direct'
    >>> read_form(text, [Span(start=8, end=24)], [Span(start=8, end=16)])
    'mixed'
    """
    total = sum(len(_WORD.findall(c.of(text))) for c in content)
    quoted = sum(
        len(_WORD.findall(text, max(c.start, q.start), min(c.end, q.end)))
        for c in content
        for q in quotes
        if q.overlaps(c)
    )
    if not quoted:
        return "indirect"
    return "direct" if quoted >= total else "mixed"


def is_claim(text: str, attribution: Attribution, content: Sequence[Span], form: Form) -> bool:
    """Return whether an attribution is something that a source says, reports, believes, orders or plans."""
    cue = attribution.cue[0]
    size = sum(_count(text, c) for c in content)
    if (silence := _NO_ANSWER.search(text, cue.start, content[-1].end)) and silence.start() < cue.end:
        return False
    if all(_POINTING.fullmatch(piece.of(text)) for piece in content):
        return False
    if form == "direct" and size >= LEAST_QUOTED_WORDS:
        return True
    words = cue_lemmas(cue.of(text))
    if form == "indirect" and _SUPPOSED.match(cue.of(text)):
        return False
    if not words or size < LEAST_WORDS:
        return form != "indirect"
    if any(RUMOUR.search(span.of(text)) for span in (cue, *attribution.source)):
        return True
    verbs = [w for w in words if w & VERBS]
    if not verbs:
        return any(w & NOUNS for w in words) and not _PASSIVE.match(cue.of(text))
    if _GERUND.match(cue.of(text)) and any(w & GLOSSING for w in words):
        return form != "indirect"
    weak = all(w & CLAUSE_ONLY for w in verbs)
    if attribution.source:
        return (
            not weak or opens_clause(text, cue, content, form) or bool(DOCUMENT.search(attribution.source[0].of(text)))
        )
    return not _PARTICIPLE.match(cue.of(text)) and opens_clause(text, cue, content, form)


def opens_clause(text: str, cue: Span, content: Sequence[Span], form: Form) -> bool:
    """Return whether a content is quoted, or a clause or an infinitive that its cue opens: "that …", "to …"."""
    if form != "indirect":
        return True
    between = text[cue.end : content[0].start]
    return (
        bool(_CLAUSE.search(between))
        or content[0].of(text).startswith("to ")
        or cue.of(text).endswith((" to", " that"))
    )


def _without_nested(readings: Sequence[Reading]) -> list[Reading]:
    """Return the readings without those whose words another has already: the longer one stands."""
    kept: list[Reading] = []
    near: dict[int, list[Reading]] = {}  # readings by stretches of the text: only those can share words
    for reading in sorted(readings, key=lambda r: -_length(r)):
        places = {n for c in reading.content for n in range(c.start // STRETCH, c.end // STRETCH + 1)}
        rivals = [other for place in places for other in near.get(place, ())]
        if all(_common(reading, other) < NESTED * _length(reading) for other in rivals):
            kept.append(reading)
            for place in places:
                near.setdefault(place, []).append(reading)
    return kept


def _length(reading: Reading) -> int:
    return sum(c.end - c.start for c in reading.content)


def _common(one: Reading, other: Reading) -> int:
    return sum(max(0, min(a.end, b.end) - max(a.start, b.start)) for a in one.content for b in other.content)
