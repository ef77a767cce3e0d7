"""Names that mean one thing, put together: full names, surnames, short forms, acronyms; and what kind of thing it is."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from briefs.schema import Kind
from briefs.stages.evidence import kind_evidence, names_person, stands_as_place
from briefs.stages.lexicon import COMMON_FIRST_WORDS, COUNTRIES
from briefs.stages.mentions import Name
from briefs.stages.names import Gender, is_initials, kind_of_name, name_gender, name_key, surname, title_gender

Key = tuple[str, ...]
SHORT_WEIGHT = 0.4  # a one-word name is misread more often than a longer one
_ADDRESS = re.compile(r"\b(Mr|Mrs|Ms|Miss|Sir|Dame|Lady|Lord|Madam)\.? $")
_WORKS_AT = re.compile(r"\b[a-z]+(?:er|or|ist|st|ant|man|ive|cer) (?:at|with|for) $")
_AMBIGUOUS_ENDS = word_set(
    "bank city water court house park hill lake west north south east forest bridge bay road square"
)  # of organizations and of places


@dataclass
class Group:
    """The names of one thing while they are being gathered, in order of the text."""

    key: Key
    names: list[Name] = field(default_factory=list)
    kind: Kind = "other"

    def first(self) -> int:
        """Return where the thing is first named in the story, or in the headline if only there."""
        body = [n.span.start for n in self.names if not n.in_headline]
        return min(body or [n.span.start for n in self.names])


def group_names(text: str, names: Sequence[Name]) -> list[Group]:
    """Return the names in groups that each mean one thing, by first place in the story.

    Persons go by first name and surname, other names by their beginning or end; a short form that fits several goes to
    the one in use, and stays apart where none is.
    """
    by_key: dict[Key, Group] = {}
    for name in names:
        key = name_key(name.span.of(text))
        if key:
            by_key.setdefault(key, Group(key)).names.append(name)
    for group in by_key.values():
        group.kind = _vote(text, group)
    _join_persons(by_key)
    _join_acronyms(text, by_key)
    apart = [group for size in (4, 3, 2, 1) for group in _join_short_forms(text, by_key, size=size)]
    groups = [*by_key.values(), *apart]
    for group in groups:
        group.names.sort(key=lambda n: n.span.start)
        group.kind = _vote(text, group)
    return sorted((g for g in groups if not all(n.in_headline for n in g.names)), key=Group.first)


def _vote(text: str, group: Group) -> Kind:
    """Return the kind that most speaks for: what the tagger says of each name, the words of the name, what stands around."""
    votes: Counter[Kind] = Counter()
    for name in group.names:
        if name.kind is not None:
            votes[name.kind] += name.score * (SHORT_WEIGHT if len(name_key(name.span.of(text))) == 1 else 1.0)
        if not name.in_headline:
            votes.update(kind_evidence(text, name.span))
    spelled = kind_of_name(max((n.span.of(text) for n in group.names), key=len))
    if spelled is not None:
        sure = group.key[-1] not in _AMBIGUOUS_ENDS or len(group.key) == 1
        votes[spelled] += 2.0 if sure else 0.5
    if not votes:
        return "other"
    best = max(votes, key=lambda k: (votes[k], k))
    if best == "other" and votes["other"] < 1.5 * max(votes[k] for k in ("person", "organization", "place")):
        del votes["other"]
        best = max(votes, key=lambda k: (votes[k], k))
    return best


def _take(by_key: dict[Key, Group], owner: Group, key: Key) -> None:
    other = by_key.pop(key)
    owner.names.extend(other.names)


def _join_persons(by_key: dict[Key, Group]) -> None:
    """Put together full names of one person: with and without middle names."""
    people: dict[tuple[str, Key], list[Group]] = defaultdict(list)
    for key, group in list(by_key.items()):
        if len(key) > 1 and group.kind == "person":
            people[key[0], surname(key)].append(group)
    for same in people.values():
        same.sort(key=lambda g: (-len(g.key), g.first()))
        for other in same[1:]:
            middles = [set(g.key[1 : len(g.key) - len(surname(g.key))]) for g in (same[0], other)]
            if middles[1] <= middles[0] or all(len(m) == 1 for m in middles[1]):
                _take(by_key, same[0], other.key)


def _join_acronyms(text: str, by_key: dict[Key, Group]) -> None:
    """Put acronyms to the names whose initials they are: first those in brackets beside the name, then any that fits one."""
    owners = {(n.span.end, text[n.span.end : n.span.end + 2]): g for g in by_key.values() for n in g.names}
    beside: dict[Key, Group] = {}
    for group in by_key.values():
        for name in group.names:
            owner = owners.get((name.span.start - 2, " ("))
            if owner is not None and owner is not group and text[name.span.end : name.span.end + 1] == ")":
                _note_bracket(text, beside, owner, group, name)
    for key, owner in beside.items():
        if key in by_key and owner.key in by_key and owner.key != key:
            _take(by_key, owner, key)
    wholes = [(g.names[0].span.of(text), g) for g in by_key.values() if len(g.key) > 1 and g.kind != "person"]
    shorts = [g for g in by_key.values() if len(g.key) == 1 and g.names[0].span.of(text).isupper()]
    for short in shorts:
        written = short.names[0].span.of(text)
        fits = [g for whole, g in wholes if written[0].casefold() == g.key[0][0] and is_initials(written, whole)]
        if len(fits) == 1 and short.key in by_key:
            _take(by_key, fits[0], short.key)


def _note_bracket(text: str, beside: dict[Key, Group], owner: Group, group: Group, name: Name) -> None:
    """Note which of two names, one in brackets after the other, stands for the other."""
    inner = name.span.of(text)
    outer = next(n.span.of(text) for n in owner.names if n.span.end == name.span.start - 2)
    if is_initials(inner, outer) or (inner.isupper() and len(inner) <= 6 and inner[0] == outer[0] and len(owner.key) > 1):
        beside[group.key] = owner
    elif is_initials(outer, inner):
        beside[owner.key] = group


def _join_short_forms(text: str, by_key: dict[Key, Group], *, size: int) -> list[Group]:
    """Put each short form of `size` words to the full name in use where it stands; return the groups of those that stand for a place."""
    ends = _index(by_key.values())
    shorts = [g for g in by_key.values() if len(g.key) == size and ends.get(g.key)]
    by_place = sorted(((n, g) for g in shorts for n in g.names), key=lambda pair: (pair[0].in_headline, pair[0].span.start))
    held: dict[Key, Group] = {}
    places: dict[Key, Group] = {}
    starts = {id(g): sorted(n.span.start for n in g.names if not n.in_headline) for g in by_key.values()}
    for name, short in by_place:
        known_place = name.in_headline and short.key in places and short.key not in held
        owner = None if known_place else _owner(text, name, short, ends[short.key], held.get(short.key), starts)
        if owner is None:
            places.setdefault(short.key, Group(short.key)).names.append(name)
        else:
            held[short.key] = owner
            owner.names.append(name)
    for short in shorts:
        del by_key[short.key]
    return list(places.values())


def _index(groups: Iterable[Group]) -> dict[Key, list[Group]]:
    """Return which full names each shorter key may stand for: surnames, first names, beginnings and ends of other names."""
    ends: dict[Key, list[Group]] = defaultdict(list)
    for group in groups:
        key = group.key
        if len(key) < 2 or (group.kind == "other" and not key[-1].isdigit()):
            continue
        if group.kind == "person":
            tails = {key[i:] for i in range(1, len(key))} if len(key) > 2 else set()
            for short in {surname(key), (key[0],), *tails}:
                ends[short].append(group)
            continue
        whole = group.kind in ("organization", "other") or key[-1] == "city"
        shorts = {key[:size] for size in range(1, len(key))} if whole else set()
        if key[0] in COMMON_FIRST_WORDS or "of" in key:
            shorts = {s for s in shorts if len(s) > 1 and s[-1] != "of" and "of" not in s}
        if group.kind == "organization" and "of" not in key:
            shorts.add(key[-1:])
        if key[0] in ("department", "ministry", "office") and key[1:2] == ("of",) and len(key) > 3:
            shorts.add(key[2:])
        for short in shorts:
            ends[short].append(group)
    return ends


def _owner(
    text: str, name: Name, short: Group, candidates: Sequence[Group], held: Group | None, starts: dict[int, list[int]]
) -> Group | None:
    """Return the full name that a short form stands for, or None if it stands for itself."""
    people = [g for g in candidates if g.kind == "person" and g is not short]
    others = [g for g in candidates if g.kind != "person" and g is not short]
    written = name.span.of(text)
    at = name.span.start if not name.in_headline else 1 << 60
    if name.in_headline and held is not None:
        return held
    surnames = [g for g in people if g.key[-len(short.key) :] == short.key]
    if surnames or people:
        if written in COUNTRIES and name.kind != "person" and not names_person(text, name.span):
            if held is None or stands_as_place(text, name.span):
                return None
        told = _told_gender(text, name)
        fits = [g for g in surnames or people if told is None or _group_gender(text, g) in (told, None)]
        return _in_use(fits or surnames or people, at, held if held in fits else None, starts)
    if written in COUNTRIES or stands_as_place(text, name.span):
        return None
    if short.kind == "place" and (name.kind is None or (name.kind == "place" and name.score > 0.5)) and not _WORKS_AT.search(
        text, max(0, name.span.start - 30), name.span.start
    ):
        return None
    if name.kind == "person" and (names_person(text, name.span) or name_gender(written)):
        return None
    others = [g for g in others if short.kind == "organization" or not starts[id(short)] or starts[id(g)][:1] < starts[id(short)]]
    if written.isupper() and len(written) <= 5:  # "BBC" is not short for "BBC Radio"
        others = [g for g in others if not g.names[0].span.of(text).startswith(written + " ")]
    beginnings = [g for g in others if g.key[: len(short.key)] == short.key]
    fits = beginnings or others
    return _in_use(fits, at, held, starts) if fits else None


def _in_use(candidates: Sequence[Group], at: int, held: Group | None, starts: dict[int, list[int]]) -> Group | None:
    """Return the candidate that a short form at `at` means: the holder of the form, or else the person
    told in the headline or introduced first, the body named last."""
    if held is not None:
        return held
    before = [(bisect_left(starts[id(g)], at), g) for g in candidates]
    met = [(count, g) for count, g in before if count]
    if not met:
        return min(candidates, key=lambda g: starts[id(g)][:1] or [at])
    if met[0][1].kind == "person":
        return max(met, key=lambda pair: (any(n.in_headline for n in pair[1].names), -starts[id(pair[1])][0]))[1]
    return max(met, key=lambda pair: starts[id(pair[1])][pair[0] - 1])[1]


def _told_gender(text: str, name: Name) -> Gender | None:
    """Return the sex that the form of address before a name tells: "Mrs. Lee"."""
    before = _ADDRESS.search(text, max(0, name.span.start - 8), name.span.start)
    return title_gender(before[1]) if before else None


def _group_gender(text: str, group: Group) -> Gender | None:
    return next((g for n in group.names if (g := name_gender(n.span.of(text)) or _told_gender(text, n))), None)
