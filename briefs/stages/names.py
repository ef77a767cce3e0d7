"""What can be told from a name alone: its parts, its variants, what kind of thing it names."""

from __future__ import annotations

import re
import unicodedata
from functools import cache
from typing import Literal

from briefs.schema import Kind
from briefs.stages.lexicon import (
    AGENCY_NOUNS,
    CALENDAR,
    COMPANY_SUFFIXES,
    COUNTRIES,
    EVENT_WORDS,
    FEMALE_ROLES,
    HONORIFICS,
    HONORIFICS_FEMALE,
    HONORIFICS_MALE,
    IRREGULAR_ADJECTIVES,
    MALE_ROLES,
    NATIONALITIES,
    ORG_NAME_WORDS,
    ORG_SINGLE,
    PLACE_NAME_WORDS,
    ROLE_MODIFIERS,
    ROLES,
    SENTENCE_STARTS,
    SHORT_TITLES,
    word_set,
)
from briefs.stages.lexicon_people import FEMALE_NAMES, MALE_NAMES
from briefs.text import OPENERS

FIRST_NAMES = MALE_NAMES | FEMALE_NAMES
Gender = Literal["female", "male"]

WORD = re.compile(r"[^\W_]+(?:[.’'&-]+[^\W_]+)*\.?")
PARTICLES = word_set(
    "al bin bint da das de del della den der di do dos du el ibn la le los mac st ten ter van vom von y zu zum"
)
_ADJECTIVE_ENDINGS = frozenset({"n", "an", "ian", "ean", "ish", "ese", "i", "ic"})
_SMALL = word_set("of and the for in on at to a an de la du des y e &")
_OPENERS = OPENERS | SENTENCE_STARTS
_GENERATIONS = word_set("jr sr ii iii iv phd md qc kc mp obe cbe")
_ENDINGS = COMPANY_SUFFIXES | _GENERATIONS
_EVENTS = EVENT_WORDS - FIRST_NAMES


@cache
def words_of(name: str) -> tuple[str, ...]:
    """Return the words of a name in lower case, without stops, with straight apostrophes and no possessive.

    >>> words_of("The People’s Party Inc.")
    ('the', "people's", 'party', 'inc')
    """
    plain = unicodedata.normalize("NFC", name).replace("’", "'").casefold()
    return tuple(w.rstrip(".").replace(".", "") for w in WORD.findall(plain))


@cache
def name_key(name: str) -> tuple[str, ...]:
    """Return what two spellings of one name share: words without article, honorific, company suffix or generation.

    >>> name_key("The Lindmoor Terminals Inc.") == name_key("LINDMOOR TERMINALS")
    True
    >>> name_key("Mr. Lee"), name_key("Inc.")
    (('lee',), ('inc',))
    """
    words = words_of(name)
    first, last = 0, len(words)
    while last - first > 1 and words[first] in HONORIFICS:
        first += 1
    while last - first > 1 and words[last - 1] in _ENDINGS:
        last -= 1
    return tuple(w.removesuffix("'s") or w for w in words[first:last])


def surname(key: tuple[str, ...]) -> tuple[str, ...]:
    """Return the surname in the key of a full name, with its particles.

    >>> surname(("ursula", "von", "der", "leyen")), surname(("ana", "lee"))
    (('von', 'der', 'leyen'), ('lee',))
    """
    first = len(key) - 1
    while first > 1 and key[first - 1] in PARTICLES:
        first -= 1
    return key[first:]


def is_initials(short: str, name: str) -> bool:
    """Return whether `short` is made of the first letters of the words of `name`, small words counted or not.

    >>> is_initials("FTC", "Federal Trade Commission"), is_initials("U.N.", "United Nations"), is_initials("AI", "Acme")
    (True, True, False)
    """
    letters = short.replace(".", "").casefold()
    if not 2 <= len(letters) <= 8 or not re.fullmatch(r"[A-Z][A-Za-z.]*[A-Z]\.?s?", short):
        return False
    words = [w for part in words_of(name) for w in re.split(r"[-&']", part) if w]
    if len(words) < 2:
        return False
    full = "".join(w[0] for w in words)
    big = "".join(w[0] for w in words if w not in _SMALL)
    plain = [w for w in words if w not in COMPANY_SUFFIXES]
    if words[0] in ("department", "ministry", "office") and len(words) > 3:
        plain = plain[2:] if letters == "".join(w[0] for w in words[2:] if w not in _SMALL) else plain
    return letters in (full, big, "".join(w[0] for w in plain if w not in _SMALL), "".join(w[0] for w in plain))


def name_gender(name: str) -> Gender | None:
    """Return the sex that a first name leaves no doubt of, or None.

    >>> name_gender("Ana Ruiz"), name_gender("Ruiz"), name_gender("Jean-Luc Moreau")
    ('female', None, None)
    """
    key = name_key(name)
    if not key:
        return None
    first = key[0]
    if first in MALE_NAMES:
        return "male"
    if first in FEMALE_NAMES:
        return "female"
    return None


def title_gender(word: str) -> Gender | None:
    """Return the sex that an honorific or a role leaves no doubt of, or None.

    >>> title_gender("Mrs."), title_gender("spokesman"), title_gender("CFO")
    ('female', 'male', None)
    """
    plain = word.casefold().rstrip(".")
    if plain in HONORIFICS_MALE or plain in MALE_ROLES:
        return "male"
    if plain in HONORIFICS_FEMALE or plain in FEMALE_ROLES:
        return "female"
    return None


def kind_of_name(name: str) -> Kind | None:
    """Return the kind that the words of a name leave no doubt of, or None.

    >>> kind_of_name("Acme Corp."), kind_of_name("Ana Ruiz"), kind_of_name("Northmark Cup"), kind_of_name("Ester")
    ('organization', 'person', 'other', None)
    """
    key = name_key(name)
    if not key:
        return "other"
    if name in COUNTRIES or ", " in name:
        return "place"
    if " ".join(key) in ORG_SINGLE:
        return "organization"
    return _kind_by_words(words_of(name), key) if len(words_of(name)) > 1 else None


def _kind_by_words(words: tuple[str, ...], key: tuple[str, ...]) -> Kind | None:
    """Return the kind that the first or last words of a longer name tell; what tells most comes first."""
    last = key[-1]
    version = last.isdigit() and key[0] not in ORG_NAME_WORDS | {"channel", "group"}
    tests: tuple[tuple[bool, Kind], ...] = (
        (version and len(key) > 1, "other"),
        ("of" in key[1:] and key[0] in ORG_NAME_WORDS, "organization"),
        (words[-1] in COMPANY_SUFFIXES, "organization"),
        (len(key) > 1 and last in EVENT_WORDS, "other"),
        (len(key) > 1 and key[0] in FIRST_NAMES and last not in ORG_NAME_WORDS | PLACE_NAME_WORDS, "person"),
        (len(key) > 1 and (last in ORG_NAME_WORDS or not AGENCY_NOUNS.isdisjoint(key)), "organization"),
        (len(key) > 1 and last in PLACE_NAME_WORDS, "place"),
    )
    return next((kind for holds, kind in tests if holds), None)


def is_no_name(name: str) -> bool:
    """Return whether a tagged name is none: in lower case, a pronoun, a role, an honorific, a day, a nationality.

    >>> [is_no_name(x) for x in ("CFO", "southern", "Tuesday", "French", "The", "He", "WHO", "Lee")]
    [True, True, True, True, True, True, False, False]
    """
    words = words_of(name)
    if not words or not any(c.isupper() for c in name):
        return True
    if len(words) == 1:
        word = words[0]
        return (
            word in ROLES
            or word in HONORIFICS
            or word in SHORT_TITLES
            or word in CALENDAR
            or word in NATIONALITIES
            or len(word) < 2
            or word.isdigit()
            or (word in _OPENERS and not name.isupper())
            or word in ROLE_MODIFIERS
            or word in _GENERATIONS
            or word in _EVENTS
            or word.removesuffix("s") in ROLES
            or is_nationality(word)
        )
    return all(w in ROLES or w in HONORIFICS or w in CALENDAR or w in NATIONALITIES or w.isdigit() for w in words)


def is_nationality(word: str) -> bool:
    """Return whether a word is the adjective of a country by its ending: the stem must begin a country's name.

    >>> is_nationality("nigerian"), is_nationality("vivian")
    (True, False)
    """
    for ending in ("ians", "ian", "ans", "an", "ese", "is", "i"):
        if word.endswith(ending) and len(word) - len(ending) >= 4:
            stem = word[: len(word) - len(ending)][:5]
            if any(country.casefold().startswith(stem) for country in COUNTRIES):
                return True
    return False


def is_adjective_of(word: str, place: str) -> bool:
    """Return whether a word is the adjective of a place.

    >>> is_adjective_of("Karsian", "Karsia"), is_adjective_of("French", "France"), is_adjective_of("Roman", "Romania")
    (True, True, False)
    """
    plain, name = word.casefold(), place.casefold()
    if name in IRREGULAR_ADJECTIVES.get(plain, "").split("|"):
        return True
    if plain == name or len(name) < 4 or not word[:1].isupper():
        return False
    for cut in range(3):
        stem = name[: len(name) - cut]
        if len(stem) >= 4 and plain.startswith(stem) and plain[len(stem) :] in _ADJECTIVE_ENDINGS:
            return True
    return plain == name[:-1] and name.endswith("ny")
