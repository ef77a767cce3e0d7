"""Who is the same over articles: the actors of many briefs by kind and name, and people of one name told apart."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from typing import NamedTuple

from briefs.cards import Card, Named
from briefs.listing import Entry
from briefs.schema import Kind

_TELLING_LENGTH = 4  # letters of a word that tells something: not "of" and "the"


class Member(NamedTuple):
    """An actor in one brief."""

    place: int  # of the brief in the list of all
    entry: Entry
    named: Named


class Key(NamedTuple):
    """What names an actor across briefs: its kind, and its name in small letters, without stops and article.

    `number` tells people of one name apart, in the order in which they first come up.
    """

    kind: Kind
    name: str
    number: int = 0


def group_actors(listed: Sequence[Entry]) -> dict[Key, list[Member]]:
    """Return the actors of briefs, the newest first, by what names them.

    The same entity is one actor: its name is the same, or the one's name is an alias of the other's and of nobody else's. A
    surname alone is a person's only where role or affiliation agree, too; and people of one name are one only where
    something else agrees: role, affiliation, section, a tag, or somebody else in the story.
    """
    return _part(_join(_gather(listed)))


def _gather(listed: Sequence[Entry]) -> dict[Key, list[Member]]:
    """Return the actors of all briefs, the newest first, by kind and name."""
    groups: dict[Key, list[Member]] = defaultdict(list)
    for place, entry in enumerate(listed):
        for named in entry.card.actors:
            groups[Key(named.kind, named.key)].append(Member(place, entry, named))
    return groups


def _join(groups: dict[Key, list[Member]]) -> dict[Key, list[Member]]:
    """Return the groups with those put together whose names are aliases of one other alone."""
    owners: dict[Key, set[Key]] = defaultdict(set)
    names = {key.name for key in groups}
    for key, members in groups.items():
        for member in members:
            for alias in member.named.aliases.values():
                if alias in names and alias != key.name:
                    owners[Key(key.kind, alias)].add(key)
    joined = dict(groups)
    for key in sorted(owners.keys() & groups.keys(), key=lambda key: (len(key.name), key)):
        if len(owners[key]) == 1:
            (owner,) = owners[key]
            if owner in joined and _agree(groups[key], groups[owner], key):
                joined[owner] = sorted([*joined[owner], *joined.pop(key)], key=lambda member: member.place)
    return joined


def _part(groups: dict[Key, list[Member]]) -> dict[Key, list[Member]]:
    """Return the groups with people of one name told apart, where nothing but the name makes them one."""
    parted: dict[Key, list[Member]] = {}
    common: dict[int, set[str]] = {}
    for key, members in groups.items():
        if key.kind != "person" or len(members) == 1 or set.intersection(*map(_words, members)):
            parted[key] = members
            continue
        people: list[tuple[set[str], list[Member]]] = []
        for member in reversed(members):  # from the oldest on, so that who is known keeps the address when others come
            signs = _signs(member, common)
            found = next((person for person in people if person[0] & signs or not (person[0] and signs)), None)
            if found is None:
                people.append((signs, [member]))
            else:
                found[0].update(signs)
                found[1].append(member)
        for number, (_, found_members) in enumerate(people):
            parted[key._replace(number=number)] = found_members[::-1]
    return parted


def _signs(member: Member, common: dict[int, set[str]]) -> set[str]:
    """Return what else tells who somebody is: words of role and affiliation, and what the story is about and files under.

    `common` keeps what those of one brief share, by its place.
    """
    named = member.named
    signs = common.get(member.place)
    if signs is None:
        signs = common[member.place] = _of_story(member.entry.card)
    return (signs | _words(member)) - {f"{named.kind} {named.key}"}


def _words(member: Member) -> set[str]:
    """Return what in the roles and the affiliation of somebody tells who it is."""
    return {word for office in member.named.offices for word in office.split() if len(word) >= _TELLING_LENGTH}


def _of_story(card: Card) -> set[str]:
    signs = {f"{named.kind} {named.key}" for named in card.actors if named.salience != "minor"}
    signs.update(f"tag {tag.casefold()}" for tag in card.tags)
    if card.section:
        signs.add(f"section {card.section.casefold()}")
    return signs


def _agree(short: Sequence[Member], whole: Sequence[Member], key: Key) -> bool:
    """Return whether those of a short name may be those of a whole one: a surname alone wants more than the name."""
    if key.kind != "person" or " " in key.name:
        return len(key.name) > 1
    return bool(_offices(short) & _offices(whole))


def _offices(members: Sequence[Member]) -> set[str]:
    return {office for member in members for office in member.named.offices}
