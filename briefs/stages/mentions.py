"""Names in an article, repaired: the tagger's mentions without what is no name, with the repeats that it missed."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

from briefs.schema import Article, Kind, Mention, Span, Tags
from briefs.stages.evidence import is_role, kind_evidence
from briefs.stages.lexicon import CALENDAR, NATIONALITIES, ORG_NAME_WORDS, ROLES
from briefs.stages.names import name_key, surname, words_of
from briefs.stages.repairs import is_stray, repair
from briefs.stages.tokens import Token, Words, tokens_of


class Name(NamedTuple):
    """A name where it stands; `kind` and `score` are the tagger's, None and 0 where it saw no name here."""

    span: Span
    kind: Kind | None
    score: float
    in_headline: bool


_CAPITALS = re.compile(r"(?<=[a-z,] )[A-Z][a-z][\w’'-]*(?: [A-Z][a-z][\w’-]*)+(?!\w)")
_NO_NAME = CALENDAR | NATIONALITIES | frozenset(("i", "act", "war", "day", "eve", "street", "road", "avenue"))
_BREAK = re.compile(r"[,;:()\[\]“”\"?!]|\w{4,}\.\s")  # between the words of one name stands none of these

_Known = dict[
    str, dict[int, set[tuple[str, ...]]]
]  # names as words: by the first of them, then by how many, most first


def story_of(article: Article) -> list[Span]:
    """Return the dek, if there is one, and the paragraphs."""
    return [*([article.dek] if article.dek else []), *article.paragraphs]


def find_names(article: Article, tags: Tags, words: Words) -> tuple[Name, ...]:
    """Return the names of the headline, the dek and the story, in order of the text, none of them overlapping.

    `words` are those of dek and story.

    Names of the story are trusted; in the headline, where capitals mean little, only names that the story has too.
    """
    text = article.text
    regions = story_of(article)
    body = _with_unseen(text, regions, repair(text, _within(tags.mentions, regions)))
    known = _known_words(text, body)
    found = list(_completed(text, regions, words, body, known))
    return tuple(sorted([*_headline_names(article, tags.mentions, found), *found], key=lambda n: n.span.start))


def _with_unseen(text: str, regions: Sequence[Span], mentions: Sequence[Mention]) -> list[Mention]:
    """Return the mentions with those that the tagger did not see: words with capitals in the midst of a sentence, two at least.

    They name a body, where what stands around them does not speak for a person or a place.
    """
    taken = {n for m in mentions for n in range(m.span.start, m.span.end)}
    unseen = []
    for region in regions:
        for match in _CAPITALS.finditer(text, region.start, region.end):
            span = Span(start=match.start(), end=match.end())
            words = [word.casefold() for word in match[0].split()]
            if taken.isdisjoint(range(span.start, span.end)) and not any(w in _NO_NAME or is_role(w) for w in words):
                evidence = kind_evidence(text, span)
                kind = max(evidence, key=lambda k: evidence[k]) if evidence else "organization"
                unseen.append(Mention(span=span, kind=kind, score=0.0))
    return sorted([*mentions, *unseen], key=lambda m: m.span.start)


def _within(mentions: Iterable[Mention], regions: Sequence[Span]) -> Iterator[Mention]:
    """Yield the mentions that lie in one of the regions; both are in the order of the text."""
    place = 0
    for mention in mentions:
        while place < len(regions) and regions[place].end <= mention.span.start:
            place += 1
        if place < len(regions) and regions[place].contains(mention.span):
            yield mention


def _known_words(text: str, mentions: Iterable[Mention]) -> _Known:
    """Return the names of the mentions."""
    names: set[tuple[str, ...]] = set()
    for mention in mentions:
        words = tuple(t.word for t in tokens_of(text, mention.span))
        if not words:
            continue
        if len(words) > 1 or len(words[0]) > 2:
            names.add(words)
        if mention.kind == "person" and len(words) > 1:
            names.add(words[-len(surname(name_key(" ".join(words)))) :])
    return _by_first_word(names)


def _by_first_word(names: Iterable[tuple[str, ...]]) -> _Known:
    known: _Known = {}
    for name in sorted(names, key=len, reverse=True):
        known.setdefault(name[0], {}).setdefault(len(name), set()).add(name)
    return known


def _completed(
    text: str, regions: Sequence[Span], words: Words, tagged: Sequence[Mention], known: _Known
) -> Iterator[Name]:
    """Yield the tagged mentions and the untagged repeats of their names; where the two overlap, the longer."""
    place = 0
    for region in regions:
        here = []
        while place < len(tagged) and tagged[place].span.start < region.end:
            here.append(tagged[place])
            place += 1
        tokens = words.within(region)
        repeats = (span for span in _repeats(text, region, tokens, known) if not is_stray(text, span))
        yield from _merged(text, here, repeats, tokens)


def _repeats(text: str, region: Span, tokens: Sequence[Token], known: _Known) -> Iterator[Span]:
    past = 0
    for number, first in enumerate(tokens):
        if first.word not in known or number < past:
            continue
        for length, names in known[first.word].items():
            here = tokens[number : number + length]
            if tuple(token.word for token in here) in names:
                span = Span(start=here[0].start, end=here[-1].end)
                if not _BREAK.search(span.of(text)):
                    yield span
                    past = number + length
                    break


def _merged(text: str, tagged: Sequence[Mention], repeats: Iterable[Span], tokens: Sequence[Token]) -> list[Name]:
    names = [Name(m.span, m.kind, m.score, in_headline=False) for m in tagged]
    place = 0
    added: list[Name] = []
    dropped: set[int] = set()
    for span in repeats:
        while place < len(names) and names[place].span.end <= span.start:
            place += 1
        others = []
        look = place
        while look < len(names) and names[look].span.start < span.end:
            others.append(look)
            look += 1
        if not others:
            added.append(_extended(text, span, tokens, names[place].span.start if place < len(names) else None))
        elif all(span.contains(names[i].span) for i in others) and span != names[others[0]].span:
            best = max((names[i] for i in others), key=lambda n: n.score)
            dropped.update(others)
            added.append(Name(span, best.kind, best.score, in_headline=False))
    kept = [n for i, n in enumerate(names) if i not in dropped]
    return _disjoint(sorted([*kept, *added], key=lambda n: (n.span.start, -n.span.end)))


def _disjoint(names: Iterable[Name]) -> list[Name]:
    found: list[Name] = []
    for name in names:
        if not found or found[-1].span.end <= name.span.start:
            found.append(name)
    return found


def _extended(text: str, span: Span, tokens: Sequence[Token], limit: int | None) -> Name:
    """Return a repeat that the tagger missed, with the capitalised words right after it: "Acme Energy Systems"."""
    end = span.end
    for token in tokens:
        if token.start < end:
            continue
        gap = text[end : token.start]
        plain = token.word.casefold()
        stop = (
            gap != " " or not token.word[0].isupper() or plain in CALENDAR or plain in NATIONALITIES or plain in ROLES
        )
        if stop or (limit is not None and token.end > limit):
            break
        end = token.end
    longer = Span(start=span.start, end=end)
    if end > span.end and words_of(longer.of(text))[-1] not in ORG_NAME_WORDS:
        longer = span
    return Name(longer, None, 0.0, in_headline=False)


def _headline_names(article: Article, mentions: Iterable[Mention], body: Sequence[Name]) -> list[Name]:
    """Return the names of the headline that the story knows, whatever their capitals."""
    text = article.text
    keys = {name_key(n.span.of(text)) for n in body}
    tails = {surname(key) for n in body if n.kind == "person" for key in [name_key(n.span.of(text))] if len(key) > 1}
    known = _by_first_word(key for key in keys | tails if key)
    tokens = [Token(t.start, t.end, t.word.casefold().replace(".", "")) for t in tokens_of(text, article.headline)]
    found = [
        Name(span, None, 0.0, in_headline=True)
        for span in _repeats(text, article.headline, tokens, known)
        if span.of(text)[0].isupper() or not span.of(text)[0].isalpha()
    ]
    parts = {key[:size] for key in keys for size in range(2, len(key))}
    for mention in mentions:
        if article.headline.contains(mention.span) and name_key(mention.span.of(text)) in parts:
            found = [n for n in found if not n.span.overlaps(mention.span)]
            found.append(Name(mention.span, None, 0.0, in_headline=True))
    return _disjoint(sorted(found, key=lambda n: (n.span.start, -n.span.end)))
