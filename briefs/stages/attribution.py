"""From the tagger's sources, cues and contents to attributions: which of them belong together.

The cue is the anchor. Each content goes to the cue that it fits best, each cue takes the source that it fits best; one
source may serve several cues ("Lee said … and warned …"). A cue that is left without content takes the content of its own
sentence, tagged or not. What fits nothing is left out.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from briefs.schema import Article, Attribution, AttributionLabel, Span, Tags
from briefs.stages.links import CONTENT_WEIGHTS, SOURCE_WEIGHTS, Surroundings, read_features, score

# Log-odds below which a pair is left apart: where linked F1 on the dev split of PolNeAR is highest.
CONTENT_FLOOR = -3.0
SOURCE_FLOOR = -1.0
GAP_WORDS = 2  # a content broken by no more words than this, none of them a source or cue, is one piece
LEAST_CONTENT_WORDS = 4
MOST_LOST_WORDS = 6

_WORD = re.compile(r"\w+")
_MARK = re.compile(r"[,;:.!?“”\"()—]")
_PREPOSITIONS = frozenset("at by for from in of on to with".split())
_GAP = re.compile(r",?\s*")
_CLAUSE = re.compile(r",?\s*(?:who|which|whose)\b")
_IN_CLAUSE = re.compile(r",\s*(?:who|which|whose|speaking)\b[^.,;:!?“”\"«»]*")
_BY = re.compile(r"(?:\s+\w+){0,3}\s+by\s+")
_ASKING = re.compile(
    r"\b(?:urg(?:es?|ed|ing)|call(?:s|ed|ing)? (?:up)?on|order(?:s|ed)|instruct(?:s|ed)|implor(?:es?|ed)|beg(?:s|ged))\Z",
    re.IGNORECASE,
)
_PLANNING = re.compile(r"\b(?:aim|agree|hope|intend|plan|pledge|promise|threaten|vow)(?:s|d|ed|ned)?\Z", re.IGNORECASE)
_SOMEBODY_TO = re.compile(r"\s+(?=(?:[\w’'-]+\s+){1,4}(to) \w+)")
_TO = re.compile(r"\s+(?=(to) \w+)")
_STOP = re.compile(r"[;:—“”\"«»]")
_LOOSE_MARKS = " \t\n\u00a0,.!?"
_LOOSE_WORDS = (" and", " but", " while")
_DETERMINERS = frozenset("a an the his her its their this that one some".split())
_PRONOUN = re.compile(r"(he|she|it|they|we|who)\s+(?=\w)", re.IGNORECASE)
_OBJECT = re.compile(r" (?:[\w’'-]+ ){1,4}[“\"]?")
_INFINITIVE = re.compile(r"[“\"]?to\b")
_CLOSING_CUE = re.compile(
    r"(?:say|says|said|add(?:s|ed)|report(?:s|ed)|announced|wrote|show(?:s|ed)?|according to)\Z", re.IGNORECASE
)


def find_attributions(article: Article, tags: Tags) -> tuple[Attribution, ...]:
    """Return the attributions of an article, in the order of their cues. Each has a cue and a content, most a source."""
    cues = _side_by_side(article.text, _spans(tags, "cue"))
    pronouns, cues = _without_pronouns(article.text, cues)
    sources = _with_clauses(article.text, sorted([*_spans(tags, "source"), *pronouns], key=lambda s: s.start), cues)
    around = Surroundings(
        article.text,
        sentences=[article.headline, *(s.span for s in article.sentences)],
        paragraphs=[article.headline, *article.paragraphs],
        cues=cues,
        sources=sources,
        contents=_spans(tags, "content"),
    )
    contents = _own_contents(around, _nearest_contents(around))
    found = []
    for cue in around.cues:
        source = _best_source(around, cue)
        pieces = contents.get(cue, [])
        pieces = _infinitive(around, cue, pieces) or pieces or _sentence_before(around, cue, source)
        if pieces:
            found.append(
                Attribution(
                    source=(_whole_phrase(article.text, source, cue),) if source else (),
                    cue=(cue,),
                    content=_with_object(around, cue, _joined(around, pieces)),
                )
            )
    return tuple(found)


def _spans(tags: Tags, label: AttributionLabel) -> list[Span]:
    return [t.span for t in tags.attributions if t.label == label]


def _side_by_side(text: str, cues: Sequence[Span]) -> list[Span]:
    """Return the cues, those with nothing but white space between them made one."""
    merged: list[Span] = []
    for cue in cues:
        if merged and not text[merged[-1].end : cue.start].strip():
            merged[-1] = Span(start=merged[-1].start, end=cue.end)
        else:
            merged.append(cue)
    return merged


def _without_pronouns(text: str, cues: Sequence[Span]) -> tuple[list[Span], list[Span]]:
    """Return the pronouns that open a cue ("It dismissed"), which are sources, and the cues without them."""
    pronouns, bare = [], []
    for cue in cues:
        opening = _PRONOUN.match(text, cue.start, cue.end)
        if opening:
            pronouns.append(Span(start=cue.start, end=opening.end(1)))
        bare.append(Span(start=opening.end(), end=cue.end) if opening else cue)
    return pronouns, bare


def _with_clauses(text: str, sources: Sequence[Span], cues: Sequence[Span]) -> list[Span]:
    """Return the sources, those made one of which the second is in what is told about the first.

    "Reyes, who chairs the talks"; "an official, who spoke on condition of anonymity"; "economists polled last week by Acme".
    """
    joined: list[Span] = []
    for source in sources:
        if joined and _tells_of(text, joined[-1], source, cues):
            joined[-1] = Span(start=joined[-1].start, end=source.end)
        else:
            joined.append(source)
    return joined


def _tells_of(text: str, first: Span, second: Span, cues: Sequence[Span]) -> bool:
    if _CLAUSE.match(text, first.end) and _GAP.fullmatch(text, first.end, second.start):
        return True
    told = _IN_CLAUSE.fullmatch(text, first.end, second.start) and text.startswith(",", second.end)
    by = len(" by") if text.endswith(" by", first.start, first.end) else 0
    if not told and not _BY.fullmatch(text, first.end - by, second.start):
        return False
    between = Span(start=first.end, end=second.start)
    return not any(between.overlaps(cue) for cue in cues)


def _nearest_contents(around: Surroundings) -> dict[Span, list[Span]]:
    """Return the contents that each cue fits best; a cue of the content's own sentence comes before any other."""
    contents: dict[Span, list[Span]] = {}
    for content in around.contents:
        cues = [c for c in around.near("cues", content.start) if not c.overlaps(content)]
        own = [c for c in cues if not around.sentences_apart(c.start, content.start)]
        cues = own or cues
        scored = [(score(CONTENT_WEIGHTS, read_features(around, cue, content)), -cue.start, cue) for cue in cues]
        best = max(scored, key=lambda s: s[:2], default=None)
        if best and (own or best[0] > CONTENT_FLOOR):
            contents.setdefault(best[2], []).append(content)
    return contents


def _own_contents(around: Surroundings, contents: dict[Span, list[Span]]) -> dict[Span, list[Span]]:
    """Give each cue without content that of its own sentence, if a cue of another sentence has taken it."""
    holders: dict[int, dict[Span, None]] = {}  # cues, by the sentences in which their contents end
    for cue, pieces in contents.items():
        for piece in pieces:
            holders.setdefault(around.sentence_of(piece.end - 1), {})[cue] = None
    for cue in around.cues:
        if cue in contents:
            continue
        sentence = around.sentence_of(cue.start)
        for other in [c for c in holders.get(sentence, ()) if around.sentence_of(c.start) != sentence]:
            own = [p for p in contents[other] if around.sentence_of(p.end - 1) == sentence]
            if own:
                contents[cue] = own
                contents[other] = [p for p in contents[other] if p not in own]
    return {cue: pieces for cue, pieces in contents.items() if pieces}


def _best_source(around: Surroundings, cue: Span) -> Span | None:
    """Return the source that a cue fits best, or None."""
    sources = around.near("sources", cue.start)
    scored = [(score(SOURCE_WEIGHTS, read_features(around, cue, source)), -source.start, source) for source in sources]
    best = max(scored, key=lambda s: s[:2], default=None)
    return best[2] if best and best[0] > SOURCE_FLOOR else None


def _whole_phrase(text: str, source: Span, cue: Span) -> Span:
    """Return a source with the noun that the tagger lost: after a bare article, or after "by" or "of" at its end."""
    words = source.of(text).lower().split()
    if words[-1] in _PREPOSITIONS:
        mark = _MARK.search(text, source.end)
        end = min(mark.start() if mark else len(text), cue.start if cue.start >= source.end else len(text))
    elif words[-1] in _DETERMINERS and len(words) == 1 and cue.start > source.end:
        end = cue.start
    else:
        return source
    lost = text[source.end : end]
    if not 0 < len(_WORD.findall(lost)) <= MOST_LOST_WORDS or _MARK.search(lost):
        return source
    return Span(start=source.start, end=source.end + len(lost.rstrip()))


def _infinitive(around: Surroundings, cue: Span, pieces: Sequence[Span]) -> list[Span]:
    """Return what is asked or planned after a cue, where its pieces do not say it: "urged both sides to talk"."""
    text, said = around.text, cue.of(around.text)
    if _ASKING.search(said):
        begins = _SOMEBODY_TO.match(text, cue.end)
    else:
        begins = _TO.match(text, cue.end) if _PLANNING.search(said) else None
    sentence = around.sentence_around(cue) if begins else None
    if begins is None or sentence is None or any(p.start < begins.end() or p.end > begins.start(1) for p in pieces):
        return []
    stop = _STOP.search(text, begins.end(), sentence.end)
    after = around.first_from("cues", begins.end())
    end = min(sentence.end, after.start if after else sentence.end, stop.start() if stop else sentence.end)
    held = text[begins.end() : end].rstrip(_LOOSE_MARKS)
    loose = next((word for word in _LOOSE_WORDS if held.endswith(word)), "")
    held = held.removesuffix(loose).rstrip(_LOOSE_MARKS)
    return [Span(start=begins.end(), end=begins.end() + len(held))]


def _sentence_before(around: Surroundings, cue: Span, source: Span | None) -> list[Span]:
    """Return the words before a cue and source that close a sentence: "…, she said." The tagger may have missed them."""
    if (
        source is None
        or not _CLOSING_CUE.search(cue.of(around.text))
        or around.sentences_apart(source.start, cue.start)
    ):
        return []
    first, last = min(cue.start, source.start), max(cue.end, source.end)
    sentence = around.sentence_around(cue)
    if sentence is None or around.between("contents", last, sentence.end) or around.between("cues", last, sentence.end):
        return []
    before = around.text[sentence.start : first].rstrip()
    if not before.endswith((",", "”", '"')) or len(_WORD.findall(before)) < LEAST_CONTENT_WORDS:
        return []
    return [Span(start=sentence.start, end=sentence.start + len(before.rstrip(" ,")))]


def _joined(around: Surroundings, pieces: Sequence[Span]) -> tuple[Span, ...]:
    """Return the pieces of a content, those joined that only a few loose words keep apart."""
    joined: list[Span] = []
    for piece in sorted(pieces, key=lambda p: p.start):
        if joined and _belongs(around, joined[-1], piece):
            joined[-1] = Span(start=joined[-1].start, end=piece.end)
        else:
            joined.append(piece)
    return tuple(joined)


def _with_object(around: Surroundings, cue: Span, pieces: tuple[Span, ...]) -> tuple[Span, ...]:
    """Return a content that is an infinitive with those who are to do it: of "urged the club to wait" also "the club"."""
    first = pieces[0]
    gap = around.text[cue.end : first.start]
    if not _OBJECT.fullmatch(gap) or not _INFINITIVE.match(around.text, first.start):
        return pieces
    start = first.start - len(gap.lstrip())
    if any(around.between(name, start, first.start) for name in ("cues", "sources", "contents")):
        return pieces
    return (Span(start=start, end=first.end), *pieces[1:])


def _belongs(around: Surroundings, first: Span, second: Span) -> bool:
    gap = Span(start=first.end, end=max(first.end, second.start))
    if around.sentences_apart(first.end - 1, second.start):
        return False
    if any(s.overlaps(gap) for name in ("cues", "sources") for s in around.near(name, gap.start)):
        return False
    return len(_WORD.findall(gap.of(around.text))) <= GAP_WORDS
