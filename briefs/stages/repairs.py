"""The tagger's mentions, repaired: without what is no name, without what is no part of a name, halves made whole."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence

from briefs.schema import Kind, Mention, Span
from briefs.stages.lexicon import (
    AUXILIARIES,
    CALENDAR,
    NATIONALITIES,
    OUTSIDERS,
    ROLE_MODIFIERS,
    ROLES,
    SHORT_TITLES,
    SPOKES,
    word_set,
)
from briefs.stages.names import FIRST_NAMES, PARTICLES, is_adjective_of, is_no_name, kind_of_name, name_key, words_of
from briefs.stages.tokens import tokens_of
from briefs.text import OPENERS

_JUNK = re.compile(
    r"^[DRI]-[A-Z]|^[A-Z]+\.[A-Z]{1,2}$(?<!U\.[A-Z])|^(?:Republican|Democrat) of |/|https?:"
    r"|\w\d\w|^[A-Z]{3}$(?<=[ECMP][DS]T)|\(|@|_"
)
_AGE = re.compile(r", \d+\Z")
_COMMA = re.compile(r", (?!(?:Jr|Sr|I{2,3}|IV)\b)")
_OWNED = re.compile(r"[’']s? (?=(?:Assembly|Cabinet|Congress|Council|Court|Government|Ministry|Parliament|Senate)\Z)")
_INITIALS = re.compile(r"(?:[A-Z]\.)+[A-Z]")
_DATELINE = re.compile(
    r"\W{0,2}(?:[A-Z][A-Z ./’'-]{2,}(?:, [\w. ]{2,20})?(?: ?\([\w ]+\))?|\([\w ]+\)|[A-Z][\w.’' ,]{2,30} \([A-Z]\w*\))"
    r" ?(?:—|–|--|-) "
)
_INITIAL_GAP = re.compile(r" (?:[A-Z]\. )?")
_SURNAME = re.compile(r" (?:[A-Z]\. )?[A-Z][a-z’'-]+[a-z](?![\w-])")
_LEADING = frozenset({"rival", "former", "neither", "either", "nonpartisan", "late", "dear", "both", "embattled"})
_FORMS_OF_ADDRESS = frozenset({"mr", "mrs", "ms", "miss", "mx", "dr", "prof", "messrs"})
_LEADERS = OUTSIDERS | SPOKES  # nouns that stand before "of" and the name
_LABELS = NATIONALITIES | ROLE_MODIFIERS
_LED = re.compile(r"\s+(?:of|for|at)\s+")
_AND_OF = re.compile(r"\s+(?:of|for|on)(?:\s+the)?\s+")
_HALF_OF = word_set(
    "bank university ministry department institute college court house chamber bureau office council"
    " association federation union republic government church museum board league guild society parliament"
    " school academy commission committee center centre agency authority foundation institute"
)


def repair(text: str, mentions: Iterable[Mention]) -> list[Mention]:
    """Return the mentions that are names, without titles and labels, those made one that are one name.

    >>> text = "Rivals of Acme met CFO Ana Lee on Tuesday"
    >>> tagged = [Mention(span=Span(start=a, end=b), kind=k, score=1.0)
    ...     for a, b, k in ((0, 14, "organization"), (19, 22, "organization"), (23, 30, "person"), (34, 41, "other"))]
    >>> [m.span.of(text) for m in repair(text, tagged)]
    ['Acme', 'Ana Lee']
    """
    parts = [part for mention in mentions for part in _parted(text, mention)]
    repaired = [m for m in (_repaired(text, m) for m in parts) if m is not None]
    people = {name_key(m.span.of(text)) for m in repaired if m.kind == "person"}
    places = {m.span.of(text) for m in repaired}
    names = [m for m in repaired if not _is_adjective(m.span.of(text), m.kind, places)]
    return _joined(text, [_without_label(text, m, people) for m in names])


def _parted(text: str, mention: Mention) -> Iterator[Mention]:
    """Yield a name without the age after it, and those of "Lagos, Nigeria" one by one; the commas of a body's name stay.

    >>> text = "Ana Lee, 61, of Lagos, Nigeria"
    >>> tagged = [Mention(span=Span(start=a, end=b), kind="place", score=1.0) for a, b in ((0, 11), (16, 30))]
    >>> [(m.span.of(text), m.kind) for part in tagged for m in _parted(text, part)]
    [('Ana Lee', 'person'), ('Lagos', 'place'), ('Nigeria', 'place')]

    A body of a place that is named by its kind alone is parted from the place: "Norway’s Parliament".
    """
    start, end = mention.span.start, mention.span.end
    owned = _OWNED.search(text[start:end])
    if owned and mention.kind == "organization":
        yield Mention(span=Span(start=start, end=start + owned.start()), kind="place", score=mention.score)
        yield Mention(span=Span(start=start + owned.end(), end=end), kind="organization", score=mention.score)
        return
    age = _AGE.search(text, start, end)
    if age and age.start() > start:
        end = age.start()
    cuts = [end] if mention.kind == "organization" else [*(m.start() for m in _COMMA.finditer(text, start, end)), end]
    for cut in cuts:
        part = Span(start=start, end=cut)
        given = text[start:cut].split(" ", maxsplit=1)[0].casefold() in FIRST_NAMES and " " in text[start:cut]
        changed = len(cuts) > 1 or end < mention.span.end
        kind: Kind = "person" if given and changed else mention.kind
        yield Mention(span=part, kind=kind, score=mention.score)
        start = cut + 2


def _repaired(text: str, mention: Mention) -> Mention | None:
    """Return the mention without title or outsiders before it ("Rivals of Acme"), or None where no name is left."""
    start, end = mention.span.start, mention.span.end
    if _JUNK.search(text[start:end]) or is_stray(text, mention.span):
        return None
    led = _LED.search(text, start, end)
    if led and words_of(text[start : led.start()])[-1:] and words_of(text[start : led.start()])[-1] in _LEADERS:
        start = led.end()
    tokens = tokens_of(text, Span(start=start, end=end))
    while len(tokens) > 1 and _leads(tokens[0].word, person=mention.kind == "person", short=len(tokens) == 2):
        tokens = tokens[1:]
        start = tokens[0].start
    while len(tokens) > 1 and _trails(tokens[-1].word, alone=len(tokens) == 2 and mention.kind == "person"):
        tokens = tokens[:-1]
        end = tokens[-1].end
    start = tokens[0].start if tokens else start
    if _INITIALS.fullmatch(text, start, end) and text[end : end + 1] == ".":
        end += 1
    if start >= end or is_no_name(text[start:end]):
        return None
    kind: Kind = "person" if text.startswith(" et al", end) else mention.kind
    return Mention(span=Span(start=start, end=end), kind=kind, score=mention.score)


def _is_adjective(name: str, kind: Kind, places: set[str]) -> bool:
    """Return whether a one-word name is the adjective of a place that the story names: "Karsian"."""
    return kind == "other" and " " not in name and any(p[:3] == name[:3] and is_adjective_of(name, p) for p in places)


def _trails(word: str, *, alone: bool) -> bool:
    """Return whether a word at the end of a tagged name is no part of it: a day, a noun in lower case.

    Where it would leave one word of a person (`alone`) only an auxiliary is none.

    >>> _trails("would", alone=True), _trails("hooks", alone=True), _trails("economist", alone=False)
    (True, False, True)
    """
    if alone:
        return word in AUXILIARIES
    return word.casefold() in CALENDAR or (word.islower() and word.isalpha())


def _leads(word: str, *, person: bool, short: bool) -> bool:
    """Return whether a word at the start of a tagged name is no part of it: an article, "Neither", a title."""
    plain = word.casefold()
    if short and plain in FIRST_NAMES:
        return False
    if plain in OPENERS or plain in _LEADING or plain in _FORMS_OF_ADDRESS:
        return True
    if word.islower() and plain not in PARTICLES and word.replace("-", "").isalpha():
        return True
    return person and (_is_title(word) or plain in _LABELS)


def _without_label(text: str, mention: Mention, people: set[tuple[str, ...]]) -> Mention:
    """Return "Ana Lee" for "Democrat Ana Lee", where the story names the person without the label too."""
    tokens = tokens_of(text, mention.span)
    for number in (1, 2):
        if len(tokens) > number + 1 and tokens[number - 1].word.casefold() in _LABELS:
            span = Span(start=tokens[number].start, end=mention.span.end)
            if name_key(span.of(text)) in people:
                return Mention(span=span, kind="person", score=mention.score)
    return mention


def is_stray(text: str, span: Span) -> bool:
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
            both = before.kind == mention.kind == "person" and _INITIAL_GAP.fullmatch(gap)
            if half or same or both:
                found[-1] = Mention(span=span, kind=before.kind, score=max(before.score, mention.score))
                continue
        found.append(_with_surname(text, mention))
    return found


def _with_surname(text: str, mention: Mention) -> Mention:
    """Return a person of whom only the first name was tagged with the capitalised word after it: "Theresa" of "Theresa May"."""
    if mention.kind != "person" or mention.span.of(text).casefold() not in FIRST_NAMES:
        return mention
    surname_after = _SURNAME.match(text, mention.span.end)
    if surname_after is None:
        return mention
    return Mention(span=Span(start=mention.span.start, end=surname_after.end()), kind="person", score=mention.score)
