"""Entities while they are being put together: what the stages that find references know of each."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field

from briefs.schema import Kind, Span
from briefs.stages.entities import Reference
from briefs.stages.evidence import apposed_head, role_heads
from briefs.stages.lexicon import (
    AGENCY_NOUNS,
    COMPANY_NOUNS,
    COMPANY_SUFFIXES,
    FEMALE_KIN,
    GROUP_NOUNS,
    MALE_KIN,
    ORG_NOUNS,
    word_set,
)
from briefs.stages.names import Gender, name_gender, title_gender, words_of
from briefs.stages.roles import RoleFact

_BEFORE = re.compile(r"([\w’'-]+)\.?,? (?:(?:Mr|Mrs|Ms|Dr|Prof)\.? )?$")
# Nouns that stand for any body of their family; other nouns only for one that bears or was given the noun.
GENERIC_AGENCY = word_set("agency regulator watchdog department")
GENERIC_GROUP = word_set("group organization organisation body nonprofit non-profit charity club team side union")
GENERIC_MEDIA = word_set("newspaper paper magazine outlet publication daily network broadcaster agency")
MEDIA_WORDS = word_set(
    "times post journal tribune herald gazette guardian news courier press magazine chronicle telegraph observer mirror"
    " bbc cnn reuters bloomberg msnbc nbc cbs abc politico buzzfeed ap upi afp xinhua weekly daily globe republic"
)
GENERIC_COMPANY = COMPANY_NOUNS - word_set("bank airline group plaintiff exchange network studio brand platform chain")
# Words that tell the family of a body, and nouns that fit one of a family unknown.
_COMPANY = COMPANY_SUFFIXES | (COMPANY_NOUNS - word_set("group network exchange bank"))
_GROUP = (GROUP_NOUNS - word_set("group trust fund")) | word_set("nations accord democrats republicans")
_ANY_BODY = ORG_NOUNS - AGENCY_NOUNS - word_set("campaign party")
# How well a noun that stands for many bodies fits one of a family.
_GENERIC: tuple[tuple[frozenset[str], dict[str, float]], ...] = (
    (GENERIC_AGENCY, {"agency": 1.0}),
    (GENERIC_MEDIA, {"media": 1.0}),
    (GENERIC_COMPANY, {"company": 1.0, "unknown": 0.8, "media": 0.4}),
    (GENERIC_GROUP, {"group": 0.8, "unknown": 0.4}),
)


@dataclass
class Draft:
    """An entity in the making; also somebody without a name, who may stand for a named body (`proxy`) or for nobody."""

    name: str
    kind: Kind
    spans: tuple[Span, ...] = ()
    gender: Gender | None = None
    named: bool = True
    proxy: Draft | None = None
    facts: tuple[RoleFact, ...] = ()
    heads: set[str] = field(default_factory=set)
    called: set[str] = field(default_factory=set)
    phrases: set[tuple[str, ...]] = field(default_factory=set)
    references: list[Reference] = field(default_factory=list)
    count: int = 0
    sentence: int = -99
    told: int = -99  # the last sentence with a name or a description of it
    paragraph: int = -99
    weight: float = 0.0
    spoke: bool = False


def draft_of(text: str, name: str, kind: Kind, spans: tuple[Span, ...], facts: Iterable[RoleFact]) -> Draft:
    """Return the draft of a named entity with what its name, titles and appositions tell of it.

    >>> draft = draft_of("Ana Lee, a lawyer,", "Ana Lee", "person", (Span(start=0, end=7),), [])
    >>> draft.gender
    'female'
    """
    draft = Draft(name=name, kind=kind, spans=spans, facts=tuple(facts))
    if kind == "person":
        draft.gender = _gender(text, draft)
        for fact in draft.facts:
            if fact.role is not None:
                words = words_of(fact.role.of(text))
                draft.phrases.add(words)
                draft.heads |= role_heads(words)
        return draft
    words = words_of(name)
    draft.phrases.add(words)
    if kind != "organization":
        return draft
    draft.heads = {w for w in words if w in ORG_NOUNS}
    for span in spans:
        head = apposed_head(text, span)
        if head in ORG_NOUNS:
            draft.heads.add(head)
        before = _BEFORE.search(text, max(0, span.start - 30), span.start)
        if before and before[1] in ORG_NOUNS and "," not in before[0]:
            draft.heads.add(before[1])
    return draft


def _gender(text: str, draft: Draft) -> Gender | None:
    told = name_gender(draft.name)
    for span in draft.spans:
        before = _BEFORE.search(text, max(0, span.start - 40), span.start)
        found = title_gender(before[1]) if before else None
        if before and found is None:
            found = kin_gender(before[1].split("-", 1)[0])
        if found is not None:
            return found
    for fact in draft.facts:
        if fact.role is not None and (found := title_gender(words_of(fact.role.of(text))[-1])):
            return found
    return told


def kin_gender(word: str) -> Gender | None:
    """Return the sex that a word for a relative tells.

    >>> kin_gender("wife"), kin_gender("cousin")
    ('female', None)
    """
    plain = word.casefold()
    return "female" if plain in FEMALE_KIN else "male" if plain in MALE_KIN else None


def fits_noun(draft: Draft, noun: str) -> float:
    """Return how well a noun with "the" before it may mean an entity: 0 for not at all, 2 where it was given the noun.

    >>> board = Draft("Rail Safety Board", "organization", heads={"board"})
    >>> fits_noun(board, "board"), fits_noun(board, "agency"), fits_noun(board, "company"), fits_noun(board, "court")
    (2.0, 1.0, 0.0, 0.0)
    """
    if noun in draft.heads:
        return 2.0
    if draft.kind != "organization":
        return 0.0
    if noun in draft.called:
        return 1.1
    family = _family(draft)
    for nouns, fits in _GENERIC:
        if noun in nouns and family in fits:
            return fits[family]
    return 0.4 if family == "unknown" and noun in _ANY_BODY else 0.0


def _family(draft: Draft) -> str:
    words = set(words_of(draft.name))
    if words & MEDIA_WORDS:
        return "media"
    heads = draft.heads | words
    if heads & _COMPANY:
        return "company"
    if words & AGENCY_NOUNS:
        return "agency"
    if words & _GROUP:
        return "group"
    return "unknown"
