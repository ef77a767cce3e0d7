"""What several briefs have in common: the same actors, tags and sections, and which briefs belong together.

What templates read of it is noted (`reads`).
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from heapq import nsmallest
from itertools import chain, islice
from typing import Literal

from briefs.identity import Key, Member, group_actors
from briefs.listing import LISTED_MOST, Entry
from briefs.moments import month_name
from briefs.reads import read
from briefs.schema import Kind
from briefs.slugs import distinct, plain, slugify
from briefs.view import Said

RELATED_MOST = 5  # briefs named at the foot of another
NEAR = 25  # briefs of an actor, on either side of one in time, that may belong with it: not all of thousands
REMARKS_MOST = 50  # claims on the page of an actor, the newest: a page is read, an archive is searched

ShelfKind = Literal["tags", "sections", "archive"]
SHELF_KINDS: tuple[ShelfKind, ...] = ("tags", "sections", "archive")  # and the folders of their pages
_TELLING: frozenset[Kind] = frozenset({"person", "organization"})  # two briefs from one country have little in common


@dataclass(frozen=True, slots=True)
class Remark:
    """A claim in a brief, and who makes it, as its page says."""

    entry: Entry
    voice: str
    said: Said


class Portrait:
    """An actor over all briefs: those that name it, what it said in them, and what others said of it, the newest first.

    `about` is what the newest brief says that it is; `more` is how many claims are left out.
    """

    def __init__(self, slug: str, name: str, kind: Kind, members: Sequence[Member]) -> None:
        self.slug, self.name, self.kind, self.members = slug, name, kind, members
        self.about = next((member.named.about for member in members if member.named.about), "")

    @property
    def aliases(self) -> tuple[str, ...]:
        """Other writings of its name."""
        self._read()
        shown = dict.fromkeys(alias for m in self.members for alias in (m.named.name, *m.named.aliases))
        return tuple(alias for alias in shown if alias != self.name)

    @property
    def entries(self) -> tuple[Entry, ...]:
        """The briefs that name it."""
        self._read()
        return tuple({member.entry.slug: member.entry for member in self.members}.values())

    @property
    def said(self) -> tuple[Remark, ...]:
        """What it said."""
        self._read()
        return tuple(islice((remark for member in self.members for remark in _said(member)), REMARKS_MOST))

    @property
    def told(self) -> tuple[Remark, ...]:
        """What others said of it."""
        self._read()
        return tuple(islice((remark for member in self.members for remark in _told(member)), REMARKS_MOST))

    @property
    def more(self) -> int:
        """How many of these there are beyond those shown."""
        self._read()
        said = sum(member.named.said for member in self.members)
        told = sum(len(member.named.told) for member in self.members)
        return max(0, said - REMARKS_MOST) + max(0, told - REMARKS_MOST)

    def _read(self) -> None:
        read("actors whole", part=f"actor {self.slug}")


class Shelf:
    """The briefs of one tag, section or month, the newest first."""

    def __init__(self, kind: ShelfKind, slug: str, name: str, entries: Sequence[Entry]) -> None:
        self.kind, self.slug, self.name, self._entries = kind, slug, name, tuple(entries)

    @property
    def entries(self) -> tuple[Entry, ...]:
        """All of them."""
        read(f"{self.kind} whole", part=f"{self.kind} {self.slug}")
        return self._entries

    @property
    def latest(self) -> tuple[Entry, ...]:
        """The newest briefs, as many as the first page has."""
        return self.entries[:LISTED_MOST]

    @property
    def earlier(self) -> tuple[Entry, ...]:
        """All the others: a page of a thousand briefs gives their headlines alone."""
        return self.entries[LISTED_MOST:]


@dataclass(frozen=True)
class Across:
    """All that leads from one brief to others. Actors, tags and sections stand by name, months the newest first.

    The last month has an empty name where some briefs have no date.
    """

    _actors: tuple[Portrait, ...] = ()
    _shelves: Mapping[ShelfKind, tuple[Shelf, ...]] = field(default_factory=dict)
    _links: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    _related: Mapping[str, tuple[Entry, ...]] = field(default_factory=dict)

    @property
    def actors(self) -> tuple[Portrait, ...]:
        """All actors that have a page."""
        read("actors")
        return self._actors

    @property
    def tags(self) -> tuple[Shelf, ...]:
        """The briefs of each tag."""
        return self.shelves("tags")

    @property
    def sections(self) -> tuple[Shelf, ...]:
        """The briefs of each section."""
        return self.shelves("sections")

    @property
    def months(self) -> tuple[Shelf, ...]:
        """The briefs of each month."""
        return self.shelves("archive")

    def shelves(self, kind: ShelfKind) -> tuple[Shelf, ...]:
        """Return all tags, sections or months."""
        read(kind)
        return self._shelves.get(kind, ())

    def links(self, slug: str) -> Mapping[str, str]:
        """Return the addresses, below the folder of the site, of the actors of a brief that have a page, by their names."""
        read(f"links {slug}")
        return self._links.get(slug, {})

    def shelf(self, kind: ShelfKind, name: str) -> str | None:
        """Return the address, below the folder of the site, of the page of one of the "tags" or "sections"."""
        read(f"shelf {kind} {name.casefold()}")
        return self._addresses.get((kind, name.casefold()))

    def related(self, slug: str) -> tuple[Entry, ...]:
        """Return the briefs whose main actors are also those of a brief: most in common first, then the newest."""
        read(f"related {slug}")
        return self._related.get(slug, ())

    @cached_property
    def _addresses(self) -> Mapping[tuple[str, str], str]:
        shelved = [shelf for kind in ("tags", "sections") for shelf in self._shelves.get(kind, ())]
        return {(shelf.kind, shelf.name.casefold()): f"{shelf.kind}/{shelf.slug}.html" for shelf in shelved}


def find_across(listed: Sequence[Entry]) -> Across:
    """Return what the briefs of a site, the newest first, have in common."""
    groups = group_actors(listed)
    portraits = dict(_portraits(groups))
    links: dict[str, dict[str, str]] = defaultdict(dict)
    for key, portrait in portraits.items():
        address = f"actors/{portrait.slug}.html"
        for member in groups[key]:
            links[member.entry.slug][member.named.name] = address
    return Across(
        tuple(sorted(portraits.values(), key=lambda p: (plain(p.name), p.slug))),
        {
            "tags": _shelves("tags", ((tag, entry) for entry in listed for tag in entry.card.tags)),
            "sections": _shelves("sections", ((e.card.section, e) for e in listed if e.card.section)),
            "archive": _find_months(listed),
        },
        links,
        _find_related(groups, listed),
    )


def _portraits(groups: Mapping[Key, Sequence[Member]]) -> Iterator[tuple[Key, Portrait]]:
    """Yield the portraits of the actors that matter in a brief, that speak, or that stand in several."""
    taken = {"index"}
    for key in sorted(groups):
        members = groups[key]
        if _matters(members):
            name = _name(members, key)
            slug = distinct(slugify(name), f"{key.kind} {key.name} {key.number or ''}".rstrip(), taken)
            yield key, Portrait(slug, name, key.kind, members)


def _matters(members: Sequence[Member]) -> bool:
    first = members[0]
    return any(
        member.named.said or member.named.salience != "minor" or member.place != first.place for member in members
    )


def _name(members: Sequence[Member], key: Key) -> str:
    """Return the commonest writing of the whole name, or else of the name, of like common ones the longest."""
    if len(members) == 1:
        return members[0].named.name
    counts = Counter(member.named.name for member in members if member.named.key == key.name)
    counts = counts or Counter(member.named.name for member in members)
    return max(counts, key=lambda name: (counts[name], len(name), name))


def _said(member: Member) -> Iterator[Remark]:
    if member.named.said:
        for voice in member.entry.page.voices:
            if voice.named and voice.name == member.named.name:
                yield from (Remark(member.entry, voice.name, said) for said in voice.said)


def _told(member: Member) -> Iterator[Remark]:
    """Yield what others say with the actor's name in it."""
    if member.named.told:
        for voice in member.entry.page.voices:
            yield from (
                Remark(member.entry, voice.name, said) for said in voice.said if said.number in member.named.told
            )


def _shelves(kind: ShelfKind, pairs: Iterable[tuple[str, Entry]]) -> tuple[Shelf, ...]:
    """Return the shelves of names and entries; names that differ in case alone share one."""
    shelves: dict[str, tuple[str, dict[str, Entry]]] = {}
    for name, entry in pairs:
        shelves.setdefault(name.casefold(), (name, {}))[1][entry.slug] = entry
    taken: set[str] = set()
    return tuple(
        Shelf(kind, distinct(slugify(name), key, taken), name, tuple(held.values()))
        for key, (name, held) in sorted(shelves.items())
    )


def _find_months(listed: Sequence[Entry]) -> tuple[Shelf, ...]:
    """Return the entries by month; what has no date stands last, as it does in the list."""
    months: dict[str, list[Entry]] = {}
    for entry in listed:
        months.setdefault(entry.card.day[:7], []).append(entry)
    return tuple(Shelf("archive", month or "undated", month_name(month), held) for month, held in months.items())


def _find_related(groups: Mapping[Key, Sequence[Member]], listed: Sequence[Entry]) -> dict[str, tuple[Entry, ...]]:
    """Return the briefs that have main actors in common with each."""
    near: dict[int, list[list[int]]] = defaultdict(list)
    for key, members in groups.items():
        if key.kind in _TELLING and len(members) > 1:
            places = sorted({member.place for member in members if member.named.salience == "main"})
            for number, place in enumerate(places):
                near[place].append(places[max(0, number - NEAR) : number + NEAR + 1])
    related: dict[str, tuple[Entry, ...]] = {}
    for place, others in near.items():
        found = _nearest(place, others)
        if found:
            related[listed[place].slug] = tuple(listed[other] for other in found)
    return related


def _nearest(place: int, others: Sequence[Sequence[int]]) -> list[int]:
    """Return those that stand in most of some ascending lists, and of like ones the least, but for one place, which is in all.

    >>> _nearest(3, [[1, 2, 3, 4, 5], [2, 3, 5, 6], [3, 5]])
    [5, 2, 1, 4, 6]
    """
    if len(others) == 1:
        return [other for other in others[0][: RELATED_MOST + 1] if other != place][:RELATED_MOST]
    counts = Counter(chain.from_iterable(others))
    del counts[place]
    # One number for each: what is in most lists is the least.
    step = max(map(max, others)) + 1
    return [number % step for number in nsmallest(RELATED_MOST, [other - n * step for other, n in counts.items()])]
