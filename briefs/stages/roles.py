"""Roles and affiliations: what titles, appositions and relative clauses call a person, and whose person it is."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from briefs.schema import Span
from briefs.stages.lexicon import CALENDAR, HONORIFICS, KIN, ORG_NOUNS, PLACE_NOUNS, SHORT_TITLES
from briefs.stages.role_words import (
    DETERMINERS,
    ENDS,
    OF,
    OWNERS,
    Word,
    is_short_title,
    may_head,
    may_modify,
    may_open,
    name_soon,
    trimmed,
    words_after,
    words_before,
)

LONGEST = 5  # words of a role
COMPLEMENT = 7  # words after its preposition
_NO_ROLES = HONORIFICS | KIN
_HONORIFIC = re.compile(r"\b(?:Mr|Mrs|Ms|Dr|Prof|Sir)\.? $")
_AFTER = re.compile(r"(?: \([^()]{1,30}\))?\)?,\s+(?:(?:\d{1,3}|aged \d+|now \d+),\s+)?")
_WHO = re.compile(
    r"\)?,?\s+who\s+(?:(?:was|has been|had been|is|also|now|currently|previously|formerly)\s+)*"
    r"(?:(?P<role>(?:took over|serves?|served|works?|worked|acts?|acted|stepped down|resigned|retired)\s+as)"
    r"|(?:heads?|headed|leads?|led|runs?|ran|chairs?|chaired|founded|co-founded|owns?|owned|represents?|left|joined"
    r"|directs?|directed|edits?))\s+"
)
_OF_BODY = re.compile(r" (?:of (?:the )?|from the )(?=\S)")
_REGION = re.compile(r" (?:province|state|county)\b")


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


def _title_before(text: str, name: Span, names: Sequence[Span]) -> RoleFact | None:
    """Read the title right before a name: "CFO", "Finance Minister", "Acme chief economist"."""
    if text[name.start - 1 : name.start] != " ":
        return None
    words = words_before(text, name.start - 1, names)
    while words and words[-1].plain.rstrip(".") in HONORIFICS:
        words.pop()
    return _read_back(words, loose=True) or _read_back(words)


def _apposed_before(text: str, name: Span, names: Sequence[Span]) -> RoleFact | None:
    """Read the description before a name and a comma: "its leader, Ana Lee", "the head of Acme, Ana Lee"."""
    honorific = _HONORIFIC.search(text, max(0, name.start - 6), name.start)
    start = honorific.start() if honorific else name.start
    if text[max(0, start - 2) : start] != ", ":
        return None
    words = words_before(text, start - 2, names)
    return _read_back(words, loose=True) or _read_back_of(words)


def _read_back(words: Sequence[Word], *, loose: bool = False) -> RoleFact | None:
    """Read a role that ends with the last of `words`: of words known in roles, or `loose`, of any back to its owner."""
    if not words or not may_head(words[-1]):
        return None
    first = len(words) - 1
    body = None
    closed = False
    for place in range(len(words) - 2, -1, -1):
        word = words[place]
        closed = word.plain in DETERMINERS or word.name is not None or bool(word.owner)
        if closed:
            body = _body_at(words, place)
            break
        if not may_modify(word, words[-1], loose=loose):
            break
        first = place
    if loose and not closed:
        return None
    return _checked(words[first:], body)


def _body_at(words: Sequence[Word], place: int) -> Span | None:
    """Return whose person somebody is by the word that closes a role: "its", a name, "the union's"."""
    word = words[place]
    if word.name is not None:
        return word.name
    if word.owner:
        articles = [i for i in range(max(0, place - 3), place) if words[i].plain in ("the", "this", "that")]
        start = words[articles[-1]].start if articles else word.start
        return Span(start=start, end=word.end - word.owner)
    return Span(start=word.start, end=word.end) if word.plain in OWNERS else None


def _checked(words: Sequence[Word], body: Span | None) -> RoleFact | None:
    """Return the role that the words make, unless they name kin, several people or a mere honorific."""
    words = trimmed(words)
    if not words:
        return None
    last = words[-1].plain.rstrip(".")
    if last == "counterpart" and body is not None:
        return RoleFact(None, body)
    several = is_short_title(last) and last.endswith("s") and last.removesuffix("s") in SHORT_TITLES
    if last in _NO_ROLES or several or (is_short_title(last) and words[-1].text.islower()):
        return None
    if body is None and len(words) > 1 and words[0].text in ORG_NOUNS:
        body = Span(start=words[0].start, end=words[0].end)
    return RoleFact(Span(start=words[0].start, end=words[-1].end), body)


def _read_back_of(words: Sequence[Word]) -> RoleFact | None:
    """Read "the head of research", "the president of Acme" back from its end."""
    for place in range(1, len(words) - 1):
        if words[place].plain not in OF | {"at"} or words[place].name is not None:
            continue
        fact = _read_back(words[:place], loose=True)
        if fact is not None and fact.role is not None:
            end, body = _complement(words, place)
            return RoleFact(Span(start=fact.role.start, end=end), body or fact.body)
    return None


def _complement(words: Sequence[Word], place: int) -> tuple[int, Span | None]:
    """Read what follows `words[place]`, the preposition of a role: return where the role ends, and whose person it is.

    A body ("of Acme", "of the union") ends the role before the preposition; anything else ("of law") is part of it.
    """
    role_end = words[place - 1].end
    rest = words[place + 1 :]
    article = bool(rest) and rest[0].plain in OWNERS | {"the", "a", "an"}
    lead = rest[1:] if article else rest
    if not lead or lead[0].plain in ("this", "that"):
        return role_end, None
    inside = words[place].plain == "in"
    name = name_soon(lead)
    if name is not None:
        return role_end, None if inside else name
    taken = _taken(lead)
    noun = next((i for i, w in enumerate(taken) if w.plain in ORG_NOUNS | PLACE_NOUNS), None)
    if article and noun is not None and not any(w.plain in OF for w in taken[:noun]):
        return role_end, Span(start=rest[0].start, end=taken[noun].end)
    if taken and words[place].plain in OF and not any(w.owner or w.plain in CALENDAR for w in taken):
        return _second_body(taken)
    named = words[place].plain == "at" and taken and taken[0].text[0].isupper()
    return role_end, Span(start=rest[0].start, end=taken[-1].end) if named else None


def _taken(lead: Sequence[Word]) -> list[Word]:
    """Return the words that go on with a role after its preposition."""
    taken: list[Word] = []
    for word in lead[:COMPLEMENT]:
        new_name = word.name is not None and taken and taken[-1].plain not in OF | {"the"}
        if word.plain in ENDS or new_name:
            break
        taken.append(word)
    return taken


def _second_body(taken: Sequence[Word]) -> tuple[int, Span | None]:
    """End "director of research for Acme" before the body; "professor of the law of the sea" goes on to the end."""
    for i, word in enumerate(taken[:-1]):
        if word.plain in OF:
            after = taken[i + 1 :]
            first = after[1] if after[0].plain == "the" and len(after) > 1 else after[0]
            if first.name is not None or first.plain in ORG_NOUNS:
                return word.start - 1, first.name or Span(start=after[0].start, end=first.end)
    return taken[-1].end, None


def _apposed_after(text: str, name: Span, names: Sequence[Span]) -> RoleFact | None:
    """Read the description after a name and a comma: ", 61, a professor of law at Yale,"."""
    match = _AFTER.match(text, name.end)
    return _read_phrase(words_after(text, match.end(), names), bare=False) if match else None


def _read_phrase(words: Sequence[Word], *, bare: bool) -> RoleFact | None:
    """Read the noun phrase that words begin with; `bare`: it needs no article ("as coach")."""
    begin, body = _opening(words)
    end = begin
    while end < len(words) and words[end].plain not in ENDS | OF:
        if words[end].owner and end + 1 < len(words):
            body = Span(start=words[0].start if begin else words[begin].start, end=words[end].end - words[end].owner)
            begin = end + 1
        end += 1
    if not begin < end <= begin + LONGEST or not may_head(words[end - 1]):
        return None
    if begin == 0 and not bare and not may_open(words[0]):
        return None
    fact = _checked(words[begin:end], body)
    if fact is None or fact.role is None or end >= len(words):
        return fact
    link = words[end].plain
    if link not in OF | {"at", "in", "with", "from"}:
        return fact
    stop, owner = _complement(words, end)
    role = Span(start=fact.role.start, end=stop if link in OF else words[end - 1].end)
    return RoleFact(role, owner or _body_later(words, end) or fact.body)


def _opening(words: Sequence[Word]) -> tuple[int, Span | None]:
    """Return how many words of article, owner and names a noun phrase begins with, and whose person they tell."""
    begin = 0
    body = None
    if words and words[0].plain in DETERMINERS:
        body = Span(start=words[0].start, end=words[0].end) if words[0].plain in OWNERS else None
        begin = 1
    while begin < len(words) and words[begin].name is not None:
        body = words[begin].name
        begin += 1
    return begin, body


def _body_later(words: Sequence[Word], place: int) -> Span | None:
    """Return the body after a later "at": "professor of law at Yale"."""
    for i in range(place + 1, len(words) - 1):
        if words[i].plain == "at":
            return _complement(words, i)[1]
        if words[i].plain in ("who", "which", "that", "said"):
            return None
    return None


def _told_by_clause(text: str, name: Span, names: Sequence[Span]) -> RoleFact | None:
    """Read ", who took over as Acme's coach", ", who heads the institute"."""
    match = _WHO.match(text, name.end)
    if match is None:
        return None
    words = words_after(text, match.end(), names)
    if match["role"]:
        return _read_phrase(words, bare=True)
    told = next((w.name for w in words[:2] if w.name is not None), None)
    if told is not None:
        return RoleFact(None, told)
    if not words or words[0].plain not in OWNERS | {"the"}:
        return None
    for word in words[1:5]:
        if word.plain[: len(word.text) - word.owner] in ORG_NOUNS:
            return RoleFact(None, Span(start=words[0].start, end=word.end - word.owner))
        if word.plain in ENDS:
            break
    return None


def _owner_after(text: str, name: Span, names: Sequence[Span]) -> RoleFact | None:
    """Read "Ana Lee of Acme", "Gov. Ana Lee of Brannoch province"."""
    match = _OF_BODY.match(text, name.end)
    words = words_after(text, match.end(), names) if match else []
    body = words[0].name if words else None
    if body is None or body.start != words[0].start:
        return None
    region = _REGION.match(text, body.end)
    return RoleFact(None, Span(start=body.start, end=region.end()) if region else body)
