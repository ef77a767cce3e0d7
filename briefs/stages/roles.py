"""Roles and affiliations: what titles, appositions and relative clauses call a person, and whose person it is."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass

from briefs.schema import Span
from briefs.stages.evidence import is_role
from briefs.stages.lexicon import (
    ACTION_VERBS,
    CALENDAR,
    HONORIFICS,
    KIN,
    NATIONALITIES,
    ORG_NOUNS,
    PLACE_NOUNS,
    ROLE_MODIFIERS,
    SHORT_TITLES,
)
from briefs.stages.names import is_nationality
from briefs.text import OPENERS

_REACH = 140  # code points looked at on either side of a name
_TITLE_WORDS = re.compile(r"(?:[^\s,.;:()\"“”«»—–]+\.?[ ]+){1,7}$")
_DETERMINER = word_set("a an the its his her their our my one another")
_POSSESSIVE = re.compile(r"(?:['’]s|s['’])$")
_AFTER = re.compile(r"(?: \([^()]{1,30}\))?\)?,\s+(?:(?:\d{1,3}|aged \d+|now \d+),\s+)?")
_WHO = re.compile(
    r"\)?,?\s+who\s+(?:(?:was|has been|had been|is|also|now|currently|previously|formerly)\s+)*"
    r"(?:(?P<as>took over|serves?|served|works?|worked|acts?|acted|stepped down|resigned|retired)\s+as\s+"
    r"|(?P<leads>heads?|headed|leads?|led|runs?|ran|chairs?|chaired|founded|co-founded|owns?|owned|represents?|left|joined"
    r"|directs?|directed|edits?)\s+)"
)
_WORD = re.compile(r"[^\s,;:()\"“”«»—–]+")
_GAP = re.compile(r"[ ]")
_ENDS = word_set(
    "who which that whose when where and or but at in on with from by near said says told is was has had has had will to since"
    " as until under during after before known best not he she it according"
)
_OF = frozenset({"of", "for"})


@dataclass(frozen=True)
class RoleFact:
    """A role as written, or None where only the body is told; `body` is the phrase that names whose person it is."""

    role: Span | None
    body: Span | None


def find_roles(text: str, name: Span, names: Sequence[Span]) -> list[RoleFact]:
    """Return what the words before and after a person's name call that person.

    `names` are the spans of all names in order: a role does not reach over another name.

    >>> text = "The head of research, Ana Lee, a lawyer at Acme,"
    >>> facts = find_roles(text, Span(start=22, end=29), [Span(start=22, end=29), Span(start=43, end=47)])
    >>> [(f.role and f.role.of(text), f.body and f.body.of(text)) for f in facts]
    [('head of research', None), ('lawyer', 'Acme')]
    """
    found = [
        _title_before(text, name, names),
        _apposed_before(text, name, names),
        _apposed_after(text, name, names),
        _told_by_clause(text, name, names),
        _owner_after(text, name, names),
    ]
    return [fact for fact in found if fact is not None]


def _name_at(names: Sequence[Span], start: int) -> Span | None:
    place = bisect_left(names, start, key=lambda s: s.start)
    return names[place] if place < len(names) and names[place].start == start else None


def _name_before(names: Sequence[Span], end: int) -> Span | None:
    """Return the name that ends at `end`, or with a possessive there."""
    place = bisect_left(names, end, key=lambda s: s.start) - 1
    if place >= 0 and 0 <= end - names[place].end <= 2:
        return names[place]
    return None


def _title_before(text: str, name: Span, names: Sequence[Span]) -> RoleFact | None:
    """Read the title right before a name: "CFO", "Finance Minister", "Acme chief economist"."""
    low = max(0, name.start - _REACH)
    match = _TITLE_WORDS.search(text, low, name.start)
    if match is None:
        return None
    words = [Span(start=m.start(), end=m.end()) for m in re.finditer(r"\S+", text[: match.end()][match.start() :])]
    words = [Span(start=w.start + match.start(), end=w.end + match.start()) for w in words]
    while words and words[-1].of(text).casefold().rstrip(".") in HONORIFICS:
        words.pop()
    return _read_back(text, words, names, loose=True) or _read_back(text, words, names)


def _apposed_before(text: str, name: Span, names: Sequence[Span]) -> RoleFact | None:
    """Read the description before a name and a comma: "its leader, Ana Lee", "the head of Acme, Ana Lee"."""
    honorific = re.search(r"(?:\b(?:Mr|Mrs|Ms|Dr|Prof|Sir)\.? )$", text[max(0, name.start - 6) : name.start])
    comma = name.start - (len(honorific[0]) if honorific else 0) - 2
    if comma < 1 or text[comma : comma + 1] != "," or text[comma + 1] not in " \n":
        return None
    low = max(0, comma - _REACH)
    match = re.compile(r"(?:[^\s,.;:()\"“”«»—–]+\.?[ ]+){0,9}[^\s,.;:()\"“”«»—–]+$").search(text, low, comma)
    if match is None:
        return None
    words = [Span(start=m.start(), end=m.end()) for m in re.compile(r"\S+").finditer(text, match.start(), comma)]
    return _read_back(text, words, names, loose=True) or _read_back_of(text, words, names)


def _read_back(text: str, words: list[Span], names: Sequence[Span], *, loose: bool = False) -> RoleFact | None:
    """Read a role that ends with the last of `words`: of words known in roles, or `loose`, of any back to its owner."""
    if not words or not is_role(words[-1].of(text)) or _name_over(names, words[-1]):
        return None
    head = words[-1].of(text)
    if head.endswith((".", "!", "?")) and head.casefold().rstrip(".") not in SHORT_TITLES:
        return None
    capital = head[0].isupper()
    abbreviated = head.casefold().rstrip(".") in SHORT_TITLES
    first = len(words) - 1
    body = None
    closed = False
    for place in range(len(words) - 2, -1, -1):
        word = words[place]
        plain = word.of(text).casefold()
        over = _name_over(names, word)
        if plain in _DETERMINER:
            body = Span(start=word.start, end=word.end) if plain in ("its", "his", "her", "their") else None
            closed = True
            break
        if over is not None:
            body, closed = over, True
            break
        if _POSSESSIVE.search(word.of(text)):
            body = Span(start=_determined(text, words, place), end=word.end - _owner_mark(word.of(text)))
            closed = True
            break
        if not _modifies(word.of(text), capital=capital, abbreviated=abbreviated, loose=loose):
            break
        first = place
    if loose and not closed:
        return None
    return _checked(text, words[first:], body)


def _owner_mark(word: str) -> int:
    return 2 if word.endswith(("'s", "’s")) else 1


def _determined(text: str, words: list[Span], place: int) -> int:
    """Return where the noun phrase that ends with `words[place]` begins: up to three words back, at its article."""
    for back in range(1, 4):
        if place - back >= 0 and words[place - back].of(text).casefold() in ("the", "this", "that"):
            return words[place - back].start
    return words[place].start


def _modifies(word: str, *, capital: bool, abbreviated: bool, loose: bool) -> bool:
    plain = word.casefold()
    if plain in CALENDAR or plain in _ENDS or plain in _OF or plain in OPENERS:
        return False
    if word.endswith((".", "!", "?")) and not abbreviated and plain.rstrip(".") not in SHORT_TITLES and plain.count(".") < 2:
        return False
    if abbreviated:
        return plain.rstrip(".") in SHORT_TITLES
    if plain in ROLE_MODIFIERS or is_role(word) or plain.startswith(("ex-", "vice-", "co-", "then-")):
        return plain != "the"
    if plain in NATIONALITIES or is_nationality(plain):
        return False
    if capital:
        return word[0].isupper()
    if plain in ACTION_VERBS or plain.endswith(("ed", "ing")):
        return False
    return loose and word[0].islower() and word.replace("-", "").isalpha()


def _name_over(names: Sequence[Span], word: Span) -> Span | None:
    place = bisect_left(names, word.end, key=lambda s: s.start) - 1
    return names[place] if place >= 0 and names[place].end > word.start else None


def _checked(text: str, words: Sequence[Span], body: Span | None) -> RoleFact | None:
    """Return the role that the words make, unless they name kin or a mere honorific."""
    while words and words[0].of(text).casefold() in ("the", "its"):
        words = words[1:]
    if not words:
        return None
    span = Span(start=words[0].start, end=words[-1].end)
    last = words[-1].of(text).casefold().rstrip(".")
    if last == "counterpart" and body is not None:
        return RoleFact(None, body)
    if last in HONORIFICS or last in KIN:
        return None
    if body is None and len(words) > 1 and words[0].of(text) in ORG_NOUNS:
        body = words[0]
    if last in ("sens", "reps", "govs", "lts"):
        return None
    if len(words) == 1 and last in SHORT_TITLES and not words[-1].of(text)[0].isupper():
        return None
    return RoleFact(span, body)


def _read_back_of(text: str, words: list[Span], names: Sequence[Span]) -> RoleFact | None:
    """Read "the head of research", "the president of Acme" back from its end."""
    ofs = [i for i, w in enumerate(words) if w.of(text) in ("of", "for", "at") and i > 0 and not _name_over(names, w)]
    for place in ofs:
        if not is_role(words[place - 1].of(text)):
            continue
        fact = _read_back(text, words[:place], names, loose=True)
        if fact is not None and fact.role is not None:
            end, body = _complement(text, words, place, names, limit=words[-1].end)
            return RoleFact(Span(start=fact.role.start, end=end), body or fact.body)
    return None


def _complement(
    text: str, words: Sequence[Span], place: int, names: Sequence[Span], *, limit: int
) -> tuple[int, Span | None]:
    """Read what follows `words[place]`, the preposition of a role: return where the role ends, and whose person it is.

    A body ("of Acme", "of the union") ends the role before the preposition; anything else ("of law") is part of it.
    """
    role_end = words[place - 1].end
    preposition = words[place].of(text).casefold()
    rest = list(words[place + 1 :])
    if not rest:
        return role_end, None
    article = rest[0].of(text).casefold() in ("the", "its", "his", "her", "their", "this", "that", "a", "an")
    lead = rest[1:] if article else rest
    if not lead:
        return role_end, None
    if rest[0].of(text).casefold() in ("this", "that"):
        return role_end, None
    over = _name_soon(text, lead, names)
    if over is not None:
        return role_end, over if preposition != "in" else None
    taken = []
    for word in lead:
        if word.end > limit or word.of(text).casefold() in _ENDS:
            break
        if _name_over(names, word) and taken and taken[-1].of(text) not in ("of", "for", "the"):
            break
        taken.append(word)
        if len(taken) > 6:
            break
    if not taken:
        return role_end, None
    nouns = [i for i, w in enumerate(taken) if w.of(text).casefold() in ORG_NOUNS | PLACE_NOUNS]
    if article and nouns and not any(w.of(text) in _OF for w in taken[: nouns[0]]):
        return role_end, Span(start=rest[0].start, end=taken[nouns[0]].end)
    if preposition in ("at", "in"):
        named = preposition == "at" and taken[0].of(text)[0].isupper()
        return role_end, Span(start=rest[0].start, end=taken[-1].end) if named else None
    return _with_second_of(text, taken, names, preposition_end=words[place].end)


def _name_soon(text: str, words: Sequence[Span], names: Sequence[Span]) -> Span | None:
    """Return the name that words begin with, adjectives before it not counted: "centrist Tax Policy Center"."""
    for word in words[:3]:
        over = _name_over(names, word)
        if over is not None:
            return over
        if not word.of(text).replace("-", "").islower() or word.of(text) in _ENDS | _OF or is_role(word.of(text)):
            return None
        if word.of(text) in ORG_NOUNS:
            return None
    return None


def _with_second_of(
    text: str, taken: list[Span], names: Sequence[Span], *, preposition_end: int
) -> tuple[int, Span | None]:
    """End a role such as "director of research for Acme" before the body, "professor of the law of the sea" never."""
    for i, word in enumerate(taken):
        if word.of(text) in _OF and i + 1 < len(taken):
            after = taken[i + 1 :]
            first = after[1] if after[0].of(text).casefold() == "the" and len(after) > 1 else after[0]
            over = _name_over(names, first)
            if over is not None or first.of(text).casefold() in ORG_NOUNS:
                return word.start - 1, over or Span(start=after[0].start, end=first.end)
    end = taken[-1].end
    return end if end > preposition_end else preposition_end, None


def _apposed_after(text: str, name: Span, names: Sequence[Span]) -> RoleFact | None:
    """Read the description after a name and a comma: ", 61, a professor of law at Yale,"."""
    match = _AFTER.match(text, name.end)
    return _read_phrase(text, match.end(), names, needs_end=True) if match else None


def _read_phrase(text: str, start: int, names: Sequence[Span], *, needs_end: bool) -> RoleFact | None:
    """Read a noun phrase that calls somebody something, from `start`."""
    words = _clause_words(text, start)
    if not words:
        return None
    place = 0
    body = None
    determined = False
    first = words[0].of(text).casefold()
    if first in _DETERMINER:
        determined = True
        body = words[0] if first in ("its", "his", "her", "their") else None
        place = 1
    over = _name_over(names, words[place]) if place < len(words) else None
    while over is not None:
        body, determined = over, True
        while place < len(words) and words[place].start < over.end:
            place += 1
        over = _name_over(names, words[place]) if place < len(words) else None
    begin = place
    end = place
    while end < len(words) and words[end].of(text).casefold() not in _ENDS | _OF:
        if _POSSESSIVE.search(words[end].of(text)) and end + 1 < len(words):
            owner = words[place - 1].start if first == "the" and begin == 1 else words[begin].start
            body, determined = Span(start=owner, end=words[end].end - _owner_mark(words[end].of(text))), True
            begin = end + 1
        end += 1
    if end == begin or end - begin > 5 or _name_over(names, words[end - 1]):
        return None
    return _phrase(text, words, names, (begin, end), body, determined=determined, needs_end=needs_end)


def _phrase(
    text: str,
    words: list[Span],
    names: Sequence[Span],
    bounds: tuple[int, int],
    body: Span | None,
    *,
    determined: bool,
    needs_end: bool,
) -> RoleFact | None:
    begin, end = bounds
    head = words[end - 1].of(text)
    if not is_role(head) or (not determined and needs_end and not _opens_role(words[begin].of(text))):
        return None
    fact = _checked(text, words[begin:end], body)
    if fact is None or fact.role is None:
        return None
    if end < len(words) and words[end].of(text).casefold() in _OF | {"at", "in", "with", "from"}:
        stop, owner = _complement(text, words, end, names, limit=words[-1].end)
        if words[end].of(text).casefold() not in _OF:
            stop = words[end - 1].end
        if owner is None:
            owner = _body_later(text, words, end, names)
        return RoleFact(Span(start=fact.role.start, end=stop), owner or fact.body)
    return fact


def _opens_role(word: str) -> bool:
    return word.casefold() in ROLE_MODIFIERS or is_role(word)


def _body_later(text: str, words: list[Span], place: int, names: Sequence[Span]) -> Span | None:
    """Return the body after a later "at": "professor of law at Yale"."""
    for i in range(place + 1, len(words) - 1):
        if words[i].of(text) == "at":
            return _complement(text, words, i, names, limit=words[-1].end)[1]
        if words[i].of(text).casefold() in ("who", "which", "that", "said"):
            return None
    return None


def _clause_words(text: str, start: int) -> list[Span]:
    """Return up to 16 words from `start` that no punctuation parts."""
    words: list[Span] = []
    at = start
    while len(words) < 16 and (match := _WORD.match(text, at)):
        end = match.end()
        stopped = match[0].endswith((".", "!", "?")) and match[0].casefold().rstrip(".") not in SHORT_TITLES
        trimmed = end - 1 if stopped else end
        if trimmed > match.start():
            words.append(Span(start=match.start(), end=trimmed))
        if stopped or not _GAP.match(text, end):
            break
        at = end + 1
    return words


def _told_by_clause(text: str, name: Span, names: Sequence[Span]) -> RoleFact | None:
    """Read ", who took over as Acme's coach", ", who heads the institute"."""
    match = _WHO.match(text, name.end)
    if match is None:
        return None
    if match["as"]:
        return _read_phrase(text, match.end(), names, needs_end=False)
    words = _clause_words(text, match.end())
    if not words:
        return None
    over = _name_over(names, words[0]) or (_name_over(names, words[1]) if len(words) > 1 else None)
    if over is not None:
        return RoleFact(None, over)
    for i, word in enumerate(words[:5]):
        plain = word.of(text).casefold()
        owned = bool(_POSSESSIVE.search(plain))
        if (plain[:-2] if owned else plain) in ORG_NOUNS and words[0].of(text).casefold() in ("the", "its", "his", "her"):
            return RoleFact(None, Span(start=words[0].start, end=word.end - (2 if owned else 0)))
        if i and plain in _ENDS:
            break
    return None


def _owner_after(text: str, name: Span, names: Sequence[Span]) -> RoleFact | None:
    """Read "Ana Lee of Acme", "Gov. Ana Lee of Brannoch province"."""
    match = re.compile(r" (?:of (?:the )?|from the )").match(text, name.end)
    over = _name_at(names, match.end()) if match else None
    if over is None or match is None:
        return None
    place = re.compile(r" (?:province|state|county)\b").match(text, over.end)
    return RoleFact(None, Span(start=over.start, end=place.end()) if place else over)
