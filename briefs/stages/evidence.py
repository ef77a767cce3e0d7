"""What the words around a name say of it: person, organization or place."""

from __future__ import annotations

import re
from functools import cache

from briefs.schema import Kind, Span
from briefs.stages.lexicon import (
    HONORIFICS,
    KIN,
    ORG_NOUNS,
    PLACE_NOUNS,
    ROLES,
    SHORT_TITLES,
    SPOKES,
    TITLE_NOUNS,
    word_set,
)

_AGE = re.compile(r",? (?:\(?\d{1,2}\)?|aged \d{1,2})(?=[,.;)])")
_WHO = re.compile(r"\)?,? (?:who|whose)\b")
_WHICH = re.compile(r"\)?, which\b")
_LOCATIVE = re.compile(
    r"\b(?:in|across|near|outside|throughout|around|inside|within|into|north of|south of|east of|west of)\s+$",
    re.IGNORECASE,
)
_STATE = re.compile(
    r"\b(?:government|capital|republic|people|president|minister|ambassador|city|town|village|state) (?:of|in|to)\s+$",
    re.IGNORECASE,
)
_CAPITAL = re.compile(
    r"['’]s (?:capital|coast|border|government|parliament|president|prime minister|foreign minister|economy)\b"
)
_OWNED = re.compile(
    r"['’]s? (?:\w+ ){0,2}(?:ceo|cfo|chief executive|board|shares|customers|shareholders|headquarters|counsel|director"
    r"|coach|manager|captain|spokes\w+|chairman|chairwoman|founder|owner|players?|fans|members|clients|employees|staff"
    r"|investors|stock|revenue|lawyers?|attorneys?)\b",
    re.IGNORECASE,
)
_APPOSED = re.compile(r"\)?, (?:an?|the|one of|its|his|her|their|[A-Z][\w-]+['’]s) ((?:[\w’'-]+ ?){1,6})")
_BEFORE = re.compile(r"([\w’'-]+)\.?\s+$")
_BASED = re.compile(r"-(?:based|born|area)\b")
_STOP = word_set("of for at in on with who that which from by to whose near and based is was has had")
_PERSON_ENDINGS = ("ist", "woman", "man", "ician")
_NO_PERSON = word_set(
    "resist insist assist consist persist subsist exist twist checklist shortlist blacklist german roman norman ottoman"
    " talisman playlist racist sexist fascist communist feminist socialist nationalist populist marxist human mechanist"
)
_STORMS = frozenset({"hurricane", "typhoon", "storm", "cyclone"})
_TITLES = (HONORIFICS - {"the"}) | SHORT_TITLES
_WINDOW = 80


@cache
def is_role(word: str) -> bool:
    """Return whether a noun says what a person is or does.

    >>> is_role("hydrologist"), is_role("CEO"), is_role("company")
    (True, True, False)
    """
    plain = word.casefold().rstrip(".")
    if plain in ROLES or plain in SHORT_TITLES:
        return True
    last = plain.rsplit("-", 1)[-1]
    return last in ROLES or (len(plain) > 5 and plain.endswith(_PERSON_ENDINGS) and plain not in KIN | _NO_PERSON)


def role_heads(words: tuple[str, ...]) -> frozenset[str]:
    """Return the nouns that a role may be called back with: its head, and what an abbreviated title stands for.

    >>> sorted(role_heads(("gov",))), sorted(role_heads(("director", "of", "research")))
    (['gov', 'governor'], ['director'])
    """
    cut = next((i for i, w in enumerate(words) if w in ("of", "for")), len(words))
    head = words[cut - 1] if cut else words[-1]
    return frozenset({head, *TITLE_NOUNS.get(head, "").split()})


def apposed_head(text: str, span: Span) -> str | None:
    """Return the head noun of the apposition after a name, in lower case: "company" in ", the company that …".

    >>> apposed_head("Acme, the rail company that", Span(start=0, end=4))
    'company'
    """
    match = _APPOSED.match(text, span.end, span.end + _WINDOW)
    if match is None:
        return None
    head = None
    for word in match[1].split():
        if word.casefold() in _STOP:
            break
        if word[0].isupper() and not is_role(word):
            return None
        head = word.casefold()
    return head


def kind_evidence(text: str, span: Span) -> dict[Kind, float]:
    """Return how much the words around a name speak for each kind.

    >>> kind_evidence("the charity Open Shelf", Span(start=12, end=22))
    {'organization': 2.0}
    """
    votes: dict[Kind, float] = {}

    def add(kind: Kind, weight: float) -> None:
        votes[kind] = votes.get(kind, 0.0) + weight

    if names_person(text, span):
        add("person", 2.0)
    head = apposed_head(text, span)
    if head is not None:
        if (is_role(head) or head in KIN) and head not in SPOKES:
            add("person", 1.5 if " " in span.of(text) else 0.5)
        elif head in PLACE_NOUNS:
            add("place", 2.0)
        elif head in ORG_NOUNS:
            add("organization", 2.0)
    before = _BEFORE.search(text, max(0, span.start - 30), span.start)
    noun = before[1] if before else ""
    if noun.casefold() in _STORMS:
        add("other", 3.0)
    if noun in ORG_NOUNS and noun not in ("operator", "owner", "developer", "campaign"):
        add("organization", 2.0)
    if stands_as_place(text, span):
        add("place", 1.0)
    if _WHICH.match(text, span.end):
        add("organization", 0.5)
    if _OWNED.match(text, span.end):
        add("organization", 2.0)
    if _CAPITAL.match(text, span.end):
        add("place", 1.5)
    return votes


def names_person(text: str, span: Span) -> bool:
    """Return whether the words around a name are those around a person's: a title before, an age or "who" after.

    >>> names_person("Mr. Lee left", Span(start=4, end=7)), names_person("Lee, 61, left", Span(start=0, end=3))
    (True, True)
    """
    if _AGE.match(text, span.end):
        return True
    owned = text[max(0, span.start - 4) : span.start] == " of "
    if _WHO.match(text, span.end) and not owned and not stands_as_place(text, span):
        return True
    before = _BEFORE.search(text, max(0, span.start - 30), span.start)
    word = before[1].casefold() if before else ""
    return word in _TITLES


def stands_as_place(text: str, span: Span) -> bool:
    """Return whether a name stands where a place does: after "in" or "across", before "-based".

    >>> stands_as_place("rain across Selmoor", Span(start=12, end=19))
    True
    """
    start = max(0, span.start - 40)
    return bool(
        _LOCATIVE.search(text[start : span.start])
        or _STATE.search(text[start : span.start])
        or _BASED.match(text, span.end)
    )
