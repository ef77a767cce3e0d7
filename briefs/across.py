"""What several briefs have in common: the same actors, tags and sections, and which briefs belong together."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

from briefs.escape import clean
from briefs.evidence import Evidence
from briefs.identity import Key, Member, group_actors, name_key
from briefs.moments import month_name
from briefs.schema import Brief, Kind
from briefs.slugs import distinct, plain, slugify
from briefs.view import LISTED_MOST, Entry, Said, Site, about, entries

RELATED_MOST = 5  # briefs named at the foot of another
NEAR = (
    50  # briefs of an actor, on either side of one in time, that may belong with it: of thousands not all are compared
)
REMARKS_MOST = 50  # claims on the page of an actor, the newest: a page is read, an archive is searched

_TELLING: frozenset[Kind] = frozenset({"person", "organization"})  # two briefs from one country have little in common


@dataclass(frozen=True, slots=True)
class Remark:
    """A claim in a brief, and who makes it, as its page says."""

    entry: Entry
    voice: str
    said: Said


@dataclass(frozen=True, slots=True)
class Portrait:
    """An actor over all briefs: those that name it, what it said in them, and what others said of it, the newest first.

    `about` is what the newest brief says that it is; `more` is how many claims are left out.
    """

    slug: str
    name: str
    kind: Kind
    about: str
    aliases: tuple[str, ...]
    entries: tuple[Entry, ...]
    said: tuple[Remark, ...]
    told: tuple[Remark, ...]
    more: int


@dataclass(frozen=True, slots=True)
class Shelf:
    """The briefs of one tag, section or month, the newest first."""

    slug: str
    name: str
    entries: tuple[Entry, ...]

    @property
    def latest(self) -> tuple[Entry, ...]:
        """The newest briefs, as many as the first page has."""
        return self.entries[:LISTED_MOST]

    @property
    def earlier(self) -> tuple[Entry, ...]:
        """All the others: a page of a thousand briefs gives their headlines alone."""
        return self.entries[LISTED_MOST:]


@dataclass(frozen=True, slots=True)
class Across:
    """All that leads from one brief to others. Actors, tags and sections stand by name, months the newest first.

    The last month has an empty name where some briefs have no date.
    """

    actors: tuple[Portrait, ...] = ()
    tags: tuple[Shelf, ...] = ()
    sections: tuple[Shelf, ...] = ()
    months: tuple[Shelf, ...] = ()
    _slugs: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    _shelves: Mapping[tuple[str, str], str] = field(default_factory=dict)
    _related: Mapping[str, tuple[Entry, ...]] = field(default_factory=dict)

    def links(self, slug: str) -> Mapping[str, str]:
        """Return the addresses, below the folder of the site, of the actors of a brief that have a page, by their names."""
        return self._slugs.get(slug, {})

    def shelf(self, kind: str, name: str) -> str | None:
        """Return the address, below the folder of the site, of the page of one of the "tags" or "sections"."""
        return self._shelves.get((kind, name.casefold()))

    def related(self, slug: str) -> tuple[Entry, ...]:
        """Return the briefs whose main actors are also those of a brief: most in common first, then the newest."""
        return self._related.get(slug, ())


def find_across(
    briefs: Iterable[tuple[str, Brief]], site: Site, evidence: Mapping[str, Evidence | None] | None = None
) -> tuple[Site, Across]:
    """Return a site with its entries, from pairs of slug and brief, and what they have in common.

    `evidence` is what the site shows of the articles of the briefs, by their slugs.
    """
    known = dict(briefs)
    listed = entries(known.items(), evidence)
    groups = group_actors(listed, known)
    portraits = dict(_portraits(groups))
    slugs: dict[str, dict[str, str]] = defaultdict(dict)
    for key, portrait in portraits.items():
        for member in groups[key]:
            slugs[member.entry.slug][clean(member.actor.name)] = f"actors/{portrait.slug}.html"
    tags = _shelves((tag, entry) for entry in listed for tag in entry.page.tags)
    sections = _shelves((entry.page.section, entry) for entry in listed if entry.page.section)
    shelved = [("tags", shelf) for shelf in tags] + [("sections", shelf) for shelf in sections]
    across = Across(
        actors=tuple(sorted(portraits.values(), key=lambda p: (plain(p.name), p.slug))),
        tags=tags,
        sections=sections,
        months=_find_months(listed),
        _slugs=slugs,
        _shelves={(kind, shelf.name.casefold()): f"{kind}/{shelf.slug}.html" for kind, shelf in shelved},
        _related=_find_related(groups, listed),
    )
    return replace(site, entries=listed), across


def _portraits(groups: Mapping[Key, Sequence[Member]]) -> Iterator[tuple[Key, Portrait]]:
    """Yield the portraits of the actors that matter in a brief, that speak, or that stand in several."""
    taken = {"index"}
    for key in sorted(groups):
        members = groups[key]
        slugs = dict.fromkeys(member.entry.slug for member in members)
        said = [remark for member in members for remark in _said(member)]
        if len(slugs) > 1 or said or any(member.actor.salience != "minor" for member in members):
            told = [remark for member in members for remark in _told(member)]
            name = _name(members, key)
            shown = dict.fromkeys(clean(alias) for m in members for alias in (m.actor.name, *m.actor.aliases))
            yield (
                key,
                Portrait(
                    slug=distinct(slugify(name), f"{key.kind} {key.name} {key.number or ''}".rstrip(), taken),
                    name=name,
                    kind=key.kind,
                    about=next((text for text in (about(member.actor) for member in members) if text), ""),
                    aliases=tuple(alias for alias in shown if alias and alias != name),
                    entries=tuple({member.entry.slug: member.entry for member in members}.values()),
                    said=tuple(said[:REMARKS_MOST]),
                    told=tuple(told[:REMARKS_MOST]),
                    more=max(0, len(said) - REMARKS_MOST) + max(0, len(told) - REMARKS_MOST),
                ),
            )


def _name(members: Sequence[Member], key: Key) -> str:
    """Return the commonest writing of the whole name, of like common ones the longest."""
    counts = Counter(name for name in (clean(member.actor.name) for member in members) if name_key(name) == key.name)
    return max(counts, key=lambda name: (counts[name], len(name), name))


def _said(member: Member) -> Iterator[Remark]:
    name = clean(member.actor.name)
    for voice in member.entry.page.voices:
        if voice.named and voice.name == name:
            yield from (Remark(member.entry, voice.name, said) for said in voice.said)


def _told(member: Member) -> Iterator[Remark]:
    """Yield what others say with the actor's name in it."""
    name = clean(member.actor.name)
    for voice in member.entry.page.voices:
        if voice.named and voice.name == name:
            continue
        for said in voice.said:
            spans = member.brief.claims[said.number].spans
            if any(span.overlaps(mention) for span in spans for mention in member.actor.mentions):
                yield Remark(member.entry, voice.name, said)


def _shelves(pairs: Iterable[tuple[str, Entry]]) -> tuple[Shelf, ...]:
    """Return the shelves of names and entries; names that differ in case alone share one."""
    shelves: dict[str, tuple[str, dict[str, Entry]]] = {}
    for name, entry in pairs:
        shelves.setdefault(name.casefold(), (name, {}))[1][entry.slug] = entry
    taken: set[str] = set()
    return tuple(
        Shelf(distinct(slugify(name), key, taken), name, tuple(held.values()))
        for key, (name, held) in sorted(shelves.items())
    )


def _find_months(listed: Sequence[Entry]) -> tuple[Shelf, ...]:
    """Return the entries by month; what has no date stands last, as it does in the list."""
    months: dict[str, list[Entry]] = {}
    for entry in listed:
        months.setdefault(entry.day[:7], []).append(entry)
    return tuple(Shelf(month or "undated", month_name(month), tuple(held)) for month, held in months.items())


def _find_related(groups: Mapping[Key, Sequence[Member]], listed: Sequence[Entry]) -> dict[str, tuple[Entry, ...]]:
    """Return the briefs that have main actors in common with each."""
    common: dict[int, Counter[int]] = defaultdict(Counter)
    for key, members in groups.items():
        if key.kind in _TELLING:
            places = sorted({member.place for member in members if member.actor.salience == "main"})
            for number, place in enumerate(places):
                near = places[max(0, number - NEAR) : number + NEAR + 1]
                common[place].update(other for other in near if other != place)
    return {
        listed[place].slug: tuple(
            listed[other] for other, _ in sorted(counts.items(), key=lambda pair: (-pair[1], pair[0]))[:RELATED_MOST]
        )
        for place, counts in common.items()
        if counts
    }
