"""Words around a name, and what each can be in a role: its head, a word before the head, an owner, an end."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Sequence
from typing import NamedTuple

from briefs.schema import Span
from briefs.stages.evidence import is_role
from briefs.stages.lexicon import (
    ACTION_VERBS,
    CALENDAR,
    HONORIFICS,
    NATIONALITIES,
    ORG_NOUNS,
    ROLE_MODIFIERS,
    SHORT_TITLES,
    word_set,
)
from briefs.stages.names import is_nationality
from briefs.text import OPENERS

OWNERS = frozenset({"its", "his", "her", "their"})
DETERMINERS = OWNERS | word_set("a an the our my one another")
OF = frozenset({"of", "for"})
ENDS = word_set(
    "who which that whose when where and or but at in on with from by near said says told is was has had will to"
    " since as until under during after before known best not he she it like according"
)
_NO_MODIFIERS = CALENDAR | ENDS | OF | OPENERS | (NATIONALITIES - ROLE_MODIFIERS)
_REACH = 140  # code points looked at on either side of a name
_PARTING = ',;:()"“”«»—–\n'
# Up to ten words, read from the last back.
_BACK = re.compile(r"\.?[^\s,.;:()\"“”«»—–]+(?:[ ]+\.?[^\s,.;:()\"“”«»—–]+){0,9}")
_WORD = re.compile(r"[^\s,;:()\"“”«»—–]+")
_SPACED = re.compile(r"\S+")
_POSSESSIVE = re.compile(r"(?:['’]s|s['’])$")


class Word(NamedTuple):
    """A word, where it stands, and the name that it is part of."""

    start: int
    end: int
    text: str
    name: Span | None

    @property
    def plain(self) -> str:
        """The word in lower case."""
        return self.text.casefold()

    @property
    def owner(self) -> int:
        """How many characters of possessive the word ends with."""
        if not _POSSESSIVE.search(self.text):
            return 0
        return 2 if self.text.endswith(("'s", "’s")) else 1

    @property
    def stops(self) -> bool:
        """Whether the word ends a sentence: it has a stop that no title or initials have."""
        return self.text.endswith((".", "!", "?")) and self.text.count(".") < 2 and not is_short_title(self.text)


def is_short_title(word: str) -> bool:
    """Return whether a word is the abbreviation of a title that is a role.

    >>> is_short_title("Gov."), is_short_title("CFO")
    (True, False)
    """
    return word.casefold().rstrip(".") in SHORT_TITLES


def words_before(text: str, end: int, names: Sequence[Span]) -> list[Word]:
    """Return up to ten words before `end` that no punctuation parts.

    >>> [w.text for w in words_before("In May, the chief Lee", 17, [])]
    ['the', 'chief']
    """
    low = max(0, end - _REACH)
    low = max(low, *(text.rfind(mark, low, end) + 1 for mark in _PARTING))
    match = _BACK.match(text[low:end][::-1])
    if match is None:
        return []
    return [_word(text, m.start(), m.end(), names) for m in _SPACED.finditer(text, end - match.end(), end)]


def words_after(text: str, start: int, names: Sequence[Span]) -> list[Word]:
    """Return up to 16 words from `start` that no punctuation parts, the last one without the stop of its sentence.

    >>> [w.text for w in words_after("chief of Acme. He", 0, [])]
    ['chief', 'of', 'Acme']
    """
    words: list[Word] = []
    at = start
    while len(words) < 16 and (match := _WORD.match(text, at)):
        stopped = match[0].endswith((".", "!", "?")) and not is_short_title(match[0])
        end = match.end() - stopped
        if end > match.start():
            words.append(_word(text, match.start(), end, names))
        if stopped or text[match.end() : match.end() + 1] != " ":
            break
        at = match.end() + 1
    return words


def _word(text: str, start: int, end: int, names: Sequence[Span]) -> Word:
    place = bisect_left(names, end, key=lambda s: s.start) - 1
    name = names[place] if place >= 0 and names[place].end > start else None
    return Word(start, end, text[start:end], name)


def may_head(word: Word) -> bool:
    """Return whether a word can be the head of a role: the noun that says what somebody is."""
    return is_role(word.text) and word.name is None and not word.stops


def may_modify(word: Word, head: Word, *, loose: bool) -> bool:
    """Return whether a word can stand before the head of a role: a word known there; if `loose`, any adjective or noun.

    Before a head in capitals any word in capitals may stand ("Deputy Mayor"), before an abbreviation only another
    ("Lt. Gov.").
    """
    plain = word.plain
    if is_short_title(head.text):
        return is_short_title(word.text)
    if plain in _NO_MODIFIERS or word.stops:
        return False
    if plain in ROLE_MODIFIERS or is_role(plain) or plain.startswith(("ex-", "vice-", "co-", "then-")):
        return True
    if is_nationality(plain):
        return False
    if head.text[0].isupper():
        return word.text[0].isupper()
    action = plain in ACTION_VERBS or plain.endswith(("ed", "ing"))
    return loose and not action and word.text.replace("-", "").islower() and word.text.replace("-", "").isalpha()


def may_open(word: Word) -> bool:
    """Return whether a role without an article can begin with a word: ", chief economist at"."""
    return word.plain in ROLE_MODIFIERS or is_role(word.text)


def name_soon(words: Sequence[Word]) -> Span | None:
    """Return the name that words begin with, up to two adjectives before it not counted: "centrist Tax Center"."""
    for word in words[:3]:
        if word.name is not None:
            return word.name
        noun = word.plain in ENDS | OF | ORG_NOUNS or is_role(word.text)
        if noun or not word.text.replace("-", "").islower():
            return None
    return None


def trimmed(words: Sequence[Word]) -> Sequence[Word]:
    """Return the words without articles and honorifics before them."""
    first = 0
    while first < len(words) and words[first].plain.rstrip(".") in HONORIFICS | {"its"}:
        first += 1
    return words[first:]
