"""Who is the same over articles: the actors of many briefs by kind and name, and people of one name told apart."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import NamedTuple

from briefs.escape import clean
from briefs.schema import Actor, Brief, Kind
from briefs.view import Entry

_WORD = re.compile(r"[^\W_]+")
_TELLING_LENGTH = 4  # letters of a word that tells something: not "of" and "the"


class Member(NamedTuple):
    """An actor in one brief."""

    place: int  # of the brief in the list of all
    entry: Entry
    brief: Brief
    actor: Actor


class Key(NamedTuple):
    """What names an actor across briefs: its kind, and its name in small letters, without stops and article.

    `number` tells people of one name apart, in the order in which they first come up.
    """

    kind: Kind
    name: str
    number: int = 0


def name_key(name: str) -> str:
    """Return what two writings of a name have in common.

    >>> name_key("The U.S. Senate"), name_key("US Senate")
    ('us senate', 'us senate')
    """
    words = _WORD.findall(name.casefold().replace(".", ""))
    return " ".join(words[1:] if len(words) > 1 and words[0] == "the" else words)


def group_actors(listed: Sequence[Entry], known: Mapping[str, Brief]) -> dict[Key, list[Member]]:
    """Return the actors of briefs, the newest first, by what names them; `listed` and `known` have the briefs by their slugs.

    The same entity is one actor: its name is the same, or the one's name is an alias of the other's and of nobody else's. A
    surname alone is a person's only where role or affiliation agree, too; and people of one name are one only where
    something else agrees: role, affiliation, section, a tag, or somebody else in the story.
    """
    return _part(_join(_gather(listed, known)))


def _gather(listed: Sequence[Entry], known: Mapping[str, Brief]) -> dict[Key, list[Member]]:
    """Return the actors of all briefs, the newest first, by kind and name."""
    groups: dict[Key, list[Member]] = defaultdict(list)
    for place, entry in enumerate(listed):
        for actor in known[entry.slug].actors:
            key = Key(actor.kind, name_key(clean(actor.name)))
            if key.name:
                groups[key].append(Member(place, entry, known[entry.slug], actor))
    return groups


def _join(groups: dict[Key, list[Member]]) -> dict[Key, list[Member]]:
    """Return the groups with those put together whose names are aliases of one other alone."""
    owners: dict[Key, set[Key]] = defaultdict(set)
    for key, members in groups.items():
        for alias in {name_key(clean(alias)) for member in members for alias in member.actor.aliases}:
            if alias and alias != key.name:
                owners[Key(key.kind, alias)].add(key)
    joined = dict(groups)
    for key in sorted(groups, key=lambda key: (len(key.name), key)):
        if len(owners[key]) == 1:
            (owner,) = owners[key]
            if owner in joined and _agree(groups[key], groups[owner], key):
                joined[owner] = sorted([*joined[owner], *joined.pop(key)], key=lambda member: member.place)
    return joined


def _part(groups: dict[Key, list[Member]]) -> dict[Key, list[Member]]:
    """Return the groups with people of one name told apart, where nothing but the name makes them one."""
    parted: dict[Key, list[Member]] = {}
    for key, members in groups.items():
        people: list[tuple[set[str], list[Member]]] = []
        for member in reversed(members):  # from the oldest on, so that who is known keeps the address when others come
            signs = _signs(member) if key.kind == "person" and len(members) > 1 else {""}
            found = next((person for person in people if person[0] & signs or not (person[0] and signs)), None)
            if found is None:
                people.append((signs, [member]))
            else:
                found[0].update(signs)
                found[1].append(member)
        for number, (_, found_members) in enumerate(people):
            parted[key._replace(number=number)] = found_members[::-1]
    return parted


def _signs(member: Member) -> set[str]:
    """Return what else tells who somebody is: words of role and affiliation, and what the story is about and files under."""
    told = [*member.actor.roles, member.actor.affiliation or ""]
    words = {word for text in told for word in name_key(clean(text)).split() if len(word) >= _TELLING_LENGTH}
    others = {
        f"{actor.kind} {name_key(clean(actor.name))}"
        for actor in member.brief.actors
        if actor is not member.actor and actor.salience != "minor"
    }
    filed = {f"tag {tag.casefold()}" for tag in member.entry.page.tags} | {
        f"section {member.entry.page.section.casefold()}"
    }
    return words | others | filed - {"section "}


def _agree(short: Sequence[Member], whole: Sequence[Member], key: Key) -> bool:
    """Return whether those of a short name may be those of a whole one: a surname alone wants more than the name."""
    if key.kind != "person" or " " in key.name:
        return len(key.name) > 1
    return bool(_offices(short) & _offices(whole))


def _offices(members: Sequence[Member]) -> set[str]:
    told = [text for m in members for text in (*m.actor.roles, m.actor.affiliation or "")]
    return {key for key in map(name_key, told) if key}
