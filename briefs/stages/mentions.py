"""Names in an article, repaired: the tagger's mentions without what is no name, with the repeats that it missed."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

from briefs.schema import Article, Kind, Mention, Span, Tags
from briefs.stages.lexicon import (
    CALENDAR,
    NATIONALITIES,
    ORG_NAME_WORDS,
    OUTSIDERS,
    ROLE_MODIFIERS,
    ROLES,
    SHORT_TITLES,
    SPOKES,
    word_set,
)
from briefs.stages.lexicon_people import FEMALE_NAMES, MALE_NAMES
from briefs.stages.names import PARTICLES, WORD, is_adjective_of, is_no_name, kind_of_name, name_key, surname, words_of
from briefs.text import OPENERS


class Name(NamedTuple):
    """A name where it stands; `kind` and `score` are the tagger's, None and 0 where it saw no name here."""

    span: Span
    kind: Kind | None
    score: float
    in_headline: bool


class Token(NamedTuple):
    """A word without possessive and final stop, and where it stands."""

    start: int
    end: int
    word: str


_OWNER = re.compile(r"(?:['’]s|['’])?\.?$")
_OPENING = re.compile(r"[.!?:]['\"”’)]*\s+['\"“‘(]*$|^['\"“‘(\s]*$|[“\"‘(]$")
_BREAK = re.compile(r"[,;:()\[\]“”\"?!]|\w{4,}\.\s")  # between the words of one name stands none of these
_JUNK = re.compile(
    r"^[DRI]-[A-Z]|^[A-Z]+\.[A-Z]{1,2}$(?<!U\.[A-Z])|^(?:Republican|Democrat) of |/|https?:"
    r"|\w\d\w|^[A-Z]{3}$(?<=[ECMP][DS]T)|\(|@|_"
)
_INITIALS = re.compile(r"(?:[A-Z]\.)+[A-Z]")
_DATELINE = re.compile(
    r"\W{0,2}(?:[A-Z][A-Z ./’'-]{2,}(?:, [\w. ]{2,20})?(?: ?\([\w ]+\))?|\([\w ]+\)|[A-Z][\w.’' ,]{2,30} \([A-Z]\w*\)) ?(?:—|–|--|-) "
)
_LEADING = frozenset({"rival", "former", "neither", "either", "nonpartisan", "late", "dear", "both", "embattled"})
_FORMS_OF_ADDRESS = frozenset({"mr", "mrs", "ms", "miss", "mx", "dr", "prof", "messrs"})
_LED = re.compile(r"\s+(?:of|for|at)\s+")
_AND_OF = re.compile(r"\s+(?:of|for|on)(?:\s+the)?\s+")
_HALF_OF = word_set(
    "bank university ministry department institute college court house chamber bureau office council"
    " association federation union republic government church museum board league guild society parliament"
    " school academy commission committee center centre agency authority foundation institute"
)


def find_names(article: Article, tags: Tags) -> tuple[Name, ...]:
    """Return the names of the headline, the dek and the story, in order of the text, none of them overlapping.

    Names of the story are trusted; in the headline, where capitals mean little, only names that the story has too.
    """
    text = article.text
    regions = [*([article.dek] if article.dek else []), *article.paragraphs]
    tagged = _within(tags.mentions, regions)
    repaired = [m for m in (_repaired(text, m) for m in tagged) if m is not None]
    people = {name_key(m.span.of(text)) for m in repaired if m.kind == "person"}
    places = {m.span.of(text) for m in repaired}
    repaired = [m for m in repaired if not _is_adjective(m.span.of(text), m.kind, places)]
    body = _joined(text, [_without_label(text, m, people) for m in repaired])
    known = _known_words(text, body)
    found = list(_completed(text, regions, body, known))
    return tuple(sorted([*_headline_names(article, tags.mentions, found), *found], key=lambda n: n.span.start))


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


def _within(mentions: Iterable[Mention], regions: Sequence[Span]) -> Iterator[Mention]:
    """Yield the mentions that lie in one of the regions; both are in the order of the text."""
    place = 0
    for mention in mentions:
        while place < len(regions) and regions[place].end <= mention.span.start:
            place += 1
        if place < len(regions) and regions[place].contains(mention.span):
            yield mention


def _repaired(text: str, mention: Mention) -> Mention | None:
    """Return the mention without title or outsiders before it ("Rivals of Acme"), or None where no name is left."""
    start, end = mention.span.start, mention.span.end
    if _JUNK.search(text[start:end]) or _is_stray(text, mention.span):
        return None
    led = _LED.search(text, start, end)
    if (
        led
        and words_of(text[start : led.start()])[-1:]
        and words_of(text[start : led.start()])[-1] in OUTSIDERS | SPOKES
    ):
        start = led.end()
    tokens = tokens_of(text, Span(start=start, end=end))
    while len(tokens) > 1 and _leads(tokens[0].word, person=mention.kind == "person", short=len(tokens) == 2):
        tokens = tokens[1:]
        start = tokens[0].start
    while len(tokens) > 1 and _trails(tokens[-1].word):
        tokens = tokens[:-1]
        end = tokens[-1].end
    start = tokens[0].start if tokens else start
    if _INITIALS.fullmatch(text, start, end) and text[end : end + 1] == ".":
        end += 1
    if start >= end or is_no_name(text[start:end]):
        return None
    return Mention(span=Span(start=start, end=end), kind=mention.kind, score=mention.score)


def _is_adjective(name: str, kind: Kind, places: set[str]) -> bool:
    """Return whether a one-word name is the adjective of a place that the story names: "Karsian"."""
    return kind == "other" and " " not in name and any(p[:3] == name[:3] and is_adjective_of(name, p) for p in places)


def _trails(word: str) -> bool:
    """Return whether a word at the end of a tagged name is no part of it: a day, a noun in lower case."""
    return word.casefold() in CALENDAR or (word.islower() and word.isalpha())


def _leads(word: str, *, person: bool, short: bool) -> bool:
    """Return whether a word at the start of a tagged name is no part of it: an article, "Neither", a title."""
    plain = word.casefold()
    if short and plain in MALE_NAMES | FEMALE_NAMES:
        return False
    if plain in OPENERS or plain in _LEADING or plain in _FORMS_OF_ADDRESS:
        return True
    if word.islower() and plain not in PARTICLES and word.replace("-", "").isalpha():
        return True
    return person and (_is_title(word) or plain in ROLE_MODIFIERS or plain in NATIONALITIES)


def _without_label(text: str, mention: Mention, people: set[tuple[str, ...]]) -> Mention:
    """Return "Ana Lee" for "Democrat Ana Lee", where the story names the person without the label too."""
    tokens = tokens_of(text, mention.span)
    for number in (1, 2):
        if len(tokens) > number + 1 and tokens[number - 1].word.casefold() in NATIONALITIES | ROLE_MODIFIERS:
            span = Span(start=tokens[number].start, end=mention.span.end)
            if name_key(span.of(text)) in people:
                return Mention(span=span, kind="person", score=mention.score)
    return mention


def _is_stray(text: str, span: Span) -> bool:
    """Return whether a name is no part of the prose: a handle, a photo credit, what stands before the dash of a dateline."""
    if text[span.start - 1 : span.start] in ("@", "#", "/"):
        return True
    if span.of(text).isupper() and span.end - span.start > 4 and text[span.end : span.end + 1] == "/":
        return True
    begin = text.rfind("\n", 0, span.start) + 1
    line = _DATELINE.match(text, begin) if span.end - begin < 60 else None
    return line is not None and span.end <= line.end()


def _is_title(word: str) -> bool:
    plain = word.casefold()
    return (
        plain in ROLES
        or plain in SHORT_TITLES
        or plain in ("mr", "mrs", "ms", "dr", "prof", "sir", "dame", "lord", "lady")
    )


def _joined(text: str, mentions: Sequence[Mention]) -> list[Mention]:
    """Return mentions with those made one that are one name: "Central Bank" + of + "Morvaine"."""
    found: list[Mention] = []
    for mention in mentions:
        if found:
            before = found[-1]
            gap = text[before.span.end : mention.span.start]
            words = words_of(before.span.of(text))
            half = (
                not _HALF_OF.isdisjoint(words[:1] + words[-1:]) and mention.kind != "person" and _AND_OF.fullmatch(gap)
            )
            span = Span(start=before.span.start, end=mention.span.end)
            same = (
                gap == " "
                and before.kind == mention.kind == "organization"
                and kind_of_name(span.of(text)) == mention.kind
            )
            if half or same:
                found[-1] = Mention(span=span, kind=before.kind, score=max(before.score, mention.score))
                continue
        found.append(mention)
    return found


def _known_words(text: str, mentions: Iterable[Mention]) -> dict[str, list[tuple[str, ...]]]:
    """Return the names of the mentions as tuples of words, longest first, by their first word."""
    names: set[tuple[str, ...]] = set()
    for mention in mentions:
        words = tuple(t.word for t in tokens_of(text, mention.span))
        if not words:
            continue
        if len(words) > 1 or len(words[0]) > 2:
            names.add(words)
        if mention.kind == "person" and len(words) > 1:
            names.add(words[-len(surname(name_key(" ".join(words)))) :])
    known: dict[str, list[tuple[str, ...]]] = {}
    for name in sorted(names, key=lambda n: (-len(n), n)):
        known.setdefault(name[0], []).append(name)
    return known


def _completed(
    text: str, regions: Sequence[Span], tagged: Sequence[Mention], known: dict[str, list[tuple[str, ...]]]
) -> Iterator[Name]:
    """Yield the tagged mentions and the untagged repeats of their names; where the two overlap, the longer."""
    place = 0
    for region in regions:
        here = []
        while place < len(tagged) and tagged[place].span.start < region.end:
            here.append(tagged[place])
            place += 1
        tokens = tokens_of(text, region)
        repeats = (span for span in _repeats(text, region, tokens, known) if not _is_stray(text, span))
        yield from _merged(text, here, repeats, tokens)


def _repeats(
    text: str, region: Span, tokens: Sequence[Token], known: dict[str, list[tuple[str, ...]]]
) -> Iterator[Span]:
    number = 0
    while number < len(tokens):
        for name in known.get(tokens[number].word, ()):
            last = number + len(name) - 1
            if last < len(tokens) and all(tokens[number + i].word == w for i, w in enumerate(name)):
                span = Span(start=tokens[number].start, end=tokens[last].end)
                if not _BREAK.search(span.of(text)):
                    yield span
                    number = last
                    break
        number += 1


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
    known: dict[str, list[tuple[str, ...]]] = {}
    keys = {name_key(n.span.of(text)) for n in body}
    tails = {surname(key) for n in body if n.kind == "person" for key in [name_key(n.span.of(text))] if len(key) > 1}
    for key in sorted(keys | tails, key=lambda k: (-len(k), k)):
        if key:
            known.setdefault(key[0], []).append(key)
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
