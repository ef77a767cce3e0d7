"""Short forms of names and what they stand for: surnames, first names, the beginning or the end of a longer name."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from briefs.schema import Kind
from briefs.stages.evidence import names_person, stands_as_place
from briefs.stages.lexicon import COMMON_FIRST_WORDS, COUNTRIES
from briefs.stages.mentions import Name
from briefs.stages.names import Gender, name_gender, surname, title_gender

Key = tuple[str, ...]
INITIALS = 3  # letters: "U.N." is not the end of "Kim Jong Un"
ACRONYM = 5  # letters: what is longer and in capitals is a word in capitals
_ADDRESS = re.compile(r"\b(Mr|Mrs|Ms|Miss|Sir|Dame|Lady|Lord|Madam)\.? $")
_WORKS_AT = re.compile(r"\b[a-z]+(?:er|or|ist|st|ant|man|ive|cer) (?:at|with|for) $")


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


@dataclass(frozen=True)
class _Use:
    """A short form where it stands, who may be meant, and where each of those is named in the story in full."""

    text: str
    name: Name
    short: Group
    held: Group | None  # who was meant by the form before
    starts: dict[int, list[int]]

    @property
    def written(self) -> str:
        return self.name.span.of(self.text)

    @property
    def at(self) -> int:
        return self.name.span.start if not self.name.in_headline else len(self.text)


def join_short_forms(text: str, by_key: dict[Key, Group], *, size: int) -> list[Group]:
    """Put each short form of `size` words to the full name in use there; return the groups of those left apart.

    >>> from briefs.schema import Span
    >>> names = [Name(Span(start=a, end=b), "person", 1.0, False) for a, b in ((0, 7), (14, 17))]
    >>> by_key = {key: Group(key, [n], "person") for key, n in zip([("ana", "lee"), ("lee",)], names)}
    >>> join_short_forms("Ana Lee left. Lee sang.", by_key, size=1), len(by_key["ana", "lee"].names)
    ([], 2)
    """
    ends = _index(by_key.values())
    shorts = [g for g in by_key.values() if len(g.key) == size and ends.get(g.key)]
    uses = sorted(((n, g) for g in shorts for n in g.names), key=lambda use: (use[0].in_headline, use[0].span.start))
    starts = {id(g): sorted(n.span.start for n in g.names if not n.in_headline) for g in by_key.values()}
    held: dict[Key, Group] = {}
    apart: dict[Key, Group] = {}
    for name, short in uses:
        left = name.in_headline and short.key in apart and short.key not in held
        use = _Use(text, name, short, held.get(short.key), starts)
        owner = None if left else _owner(use, [g for g in ends[short.key] if g is not short])
        if owner is None:
            apart.setdefault(short.key, Group(short.key)).names.append(name)
        else:
            held[short.key] = owner
            owner.names.append(name)
    for short in shorts:
        del by_key[short.key]
    return list(apart.values())


def _index(groups: Iterable[Group]) -> dict[Key, list[Group]]:
    """Return which full names each shorter key may stand for."""
    ends: dict[Key, list[Group]] = defaultdict(list)
    for group in groups:
        if len(group.key) > 1:
            for short in _person_forms(group.key) if group.kind == "person" else _other_forms(group):
                ends[short].append(group)
    return ends


def _person_forms(key: Key) -> set[Key]:
    """Return the surname, the first name, and all ends of a long name: "Peña Nieto"."""
    forms = {surname(key), key[:1], *(key[i:] for i in range(1, len(key)))}
    bare = key[-1].removeprefix("al-").removeprefix("el-")
    return forms if bare == key[-1] else {*forms, (bare,)}


def _other_forms(group: Group) -> set[Key]:
    """Return the beginnings of a name, its last word, and what a department is for; a place goes by its whole name."""
    key = group.key
    if group.kind != "organization" and key[-1] != "city" and not key[-1].isdigit():
        return set()
    forms = {key[:size] for size in range(1, len(key))}
    if key[0] in COMMON_FIRST_WORDS or "of" in key:
        forms = {f for f in forms if len(f) > 1 and "of" not in f}
    if group.kind == "organization" and "of" not in key:
        forms.add(key[-1:])
    if key[0] in ("department", "ministry", "office") and key[1] == "of" and len(key) > 3:
        forms.add(key[2:])
    return forms


def _owner(use: _Use, candidates: Sequence[Group]) -> Group | None:
    """Return the full name that a short form stands for, or None if it stands for itself."""
    if use.name.in_headline and use.held is not None:
        return use.held
    initials = use.written.isupper() and len(use.written.replace(".", "")) <= INITIALS
    people = [] if initials else [g for g in candidates if g.kind == "person"]
    if people:
        return _person(use, people)
    return None if _is_itself(use) else _body(use, [g for g in candidates if g.kind != "person"])


def _person(use: _Use, people: Sequence[Group]) -> Group | None:
    """Return which person is meant: by surname before first name, and of the sex that "Mrs." tells."""
    text, name = use.text, use.name
    country = use.written in COUNTRIES and name.kind != "person" and not names_person(text, name.span)
    if country and (use.held is None or stands_as_place(text, name.span)):
        return None
    size = len(use.short.key)
    fits = [g for g in people if g.key[-size:] == use.short.key] or people
    told = _told_gender(text, name)
    right = [g for g in fits if told is None or _group_gender(text, g) in (told, None)] or fits
    if use.held in right:
        return use.held
    met = [g for g in right if use.starts[id(g)] and use.starts[id(g)][0] < use.at]
    return max(met or right, key=lambda g: (any(n.in_headline for n in g.names), *(-s for s in use.starts[id(g)][:1])))


def _is_itself(use: _Use) -> bool:
    """Return whether a short form names something of its own: a place, or a person who bears no longer name."""
    text, name = use.text, use.name
    if use.written in COUNTRIES or stands_as_place(text, name.span):
        return True
    unsure = name.kind is None or (name.kind == "place" and name.score > 0.5)
    if (
        use.short.kind == "place"
        and unsure
        and not _WORKS_AT.search(text, max(0, name.span.start - 30), name.span.start)
    ):
        return True
    return name.kind == "person" and (names_person(text, name.span) or name_gender(use.written) is not None)


def _body(use: _Use, candidates: Sequence[Group]) -> Group | None:
    """Return which body is meant: one that begins with the form before one that ends with it, the one named last."""
    if use.held is not None and use.held in candidates:
        return use.held
    own = use.starts[id(use.short)]
    fits = [g for g in candidates if use.short.kind == "organization" or not own or use.starts[id(g)][:1] < own]
    if use.written.isupper() and len(use.written) <= ACRONYM:  # "BBC" is not short for "BBC Radio"
        fits = [g for g in fits if not g.names[0].span.of(use.text).startswith(use.written + " ")]
    fits = [g for g in fits if g.key[: len(use.short.key)] == use.short.key] or fits
    if not fits:
        return None
    counts = [bisect_left(use.starts[id(g)], use.at) for g in fits]
    last = [
        use.starts[id(g)][n - 1] if n else -(use.starts[id(g)] or [0])[0] - 1 for g, n in zip(fits, counts, strict=True)
    ]
    return fits[last.index(max(last))]


def _told_gender(text: str, name: Name) -> Gender | None:
    """Return the sex that the form of address before a name tells: "Mrs. Lee"."""
    before = _ADDRESS.search(text, max(0, name.span.start - 8), name.span.start)
    return title_gender(before[1]) if before else None


def _group_gender(text: str, group: Group) -> Gender | None:
    return next((g for n in group.names if (g := name_gender(n.span.of(text)) or _told_gender(text, n))), None)
