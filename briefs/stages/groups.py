"""Names that mean one thing, put together: full names, short forms, acronyms; and what kind of thing it is."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence

from briefs.schema import Kind
from briefs.stages.evidence import kind_evidence
from briefs.stages.lexicon import word_set
from briefs.stages.mentions import Name
from briefs.stages.names import is_initials, kind_of_name, name_key, surname
from briefs.stages.short_forms import Group, Key, join_short_forms

SHORT_WEIGHT = 0.4  # a one-word name is misread more often than a longer one
_AMBIGUOUS_ENDS = word_set(
    "bank city water court house park hill lake west north south east forest bridge bay road square"
)  # of organizations and of places


def group_names(text: str, names: Sequence[Name]) -> list[Group]:
    """Return the names in groups that each mean one thing, by first place in the story.

    Persons go by first name and surname, other names by their beginning or end; a short form that fits several goes to
    the one in use, and stays apart where none is.
    """
    told = {n.span.start: kind_evidence(text, n.span) for n in names if not n.in_headline}
    by_key: dict[Key, Group] = {}
    for name in names:
        key = name_key(name.span.of(text))
        if key:
            by_key.setdefault(key, Group(key)).names.append(name)
    for group in by_key.values():
        group.kind = _vote(text, group, told)
    _join_persons(by_key)
    _join_acronyms(text, by_key)
    apart = [group for size in (4, 3, 2, 1) for group in join_short_forms(text, by_key, size=size)]
    groups = [*by_key.values(), *apart]
    for group in groups:
        group.names.sort(key=lambda n: n.span.start)
        group.kind = _vote(text, group, told)
    return sorted((g for g in groups if not all(n.in_headline for n in g.names)), key=Group.first)


def _vote(text: str, group: Group, told: Mapping[int, dict[Kind, float]]) -> Kind:
    """Return the kind that most speaks for: what the tagger says, the words of the name, what is `told` around it."""
    votes: dict[Kind, float] = defaultdict(float)
    for name in group.names:
        if name.kind is not None:
            votes[name.kind] += name.score * (SHORT_WEIGHT if len(name_key(name.span.of(text))) == 1 else 1.0)
        if not name.in_headline:
            for kind, weight in told[name.span.start].items():
                votes[kind] += weight
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
    """Put acronyms to the names whose initials they are: those in brackets beside the name, then any that fits one."""
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
    alike = inner.isupper() and len(inner) <= 6 and inner[0] == outer[0] and len(owner.key) > 1
    if alike or is_initials(inner, outer):
        beside[group.key] = owner
    elif is_initials(outer, inner):
        beside[owner.key] = group
