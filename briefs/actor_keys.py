"""The same actor over articles under one key: what a site does for its pages of actors, for the rows of a table."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from sys import intern
from typing import NamedTuple, NoReturn

from briefs.cards import Card, Named, name_actor
from briefs.identity import Key, group_actors
from briefs.listing import Entry, Site
from briefs.moments import dated, moment, timestamp
from briefs.schema import Actor
from briefs.tables import Row

_TOLD: list[int] = []


class Actors(NamedTuple):
    """The actors of briefs: `stories` are their articles by id, `rows` the actors."""

    stories: Mapping[str, Row]
    rows: Iterable[Row]


def find_keys(actors: Actors) -> Iterator[Row]:
    """Yield `id`, `name`, `kind` and `key` of each actor that has a key: the same for the same actor in all articles.

    >>> story = {"published": "2026-02-16", "section": None, "tags": []}
    >>> row = {"kind": "person", "roles": ["Mayor"], "affiliation": None, "aliases": ["Ruiz"], "salience": "main"}
    >>> rows = [row | {"id": "a", "name": "Ana Ruiz"}, row | {"id": "b", "name": "Ruiz", "aliases": []}]
    >>> [found["key"] for found in find_keys(Actors({"a": story, "b": story}, rows))]
    ['person:ana ruiz', 'person:ana ruiz']
    """
    named: dict[str, list[Named]] = defaultdict(list)
    shared = _Shared()
    for row in actors.rows:
        found = name_actor(_actor(row))
        if found and all((found.kind, found.name) != (other.kind, other.name) for other in named[row["id"]]):
            named[row["id"]].append(shared.small(found))
    entries = [_entry(id_, story, named[id_]) for id_, story in actors.stories.items() if id_ in named]
    for key, members in group_actors(Site("", None, entries).entries).items():
        yield from ({"id": m.entry.slug, "name": m.named.name, "kind": key.kind, "key": _shown(key)} for m in members)


class _Shared:
    """What many actors have in common, held once."""

    def __init__(self) -> None:
        self._aliases: dict[tuple[tuple[str, str], ...], dict[str, str]] = {}
        self._offices: dict[tuple[str, ...], list[str]] = {}

    def small(self, named: Named) -> Named:
        """Return an actor in as few bytes as may be, since millions are held at once: without what tells nothing here."""
        aliases = tuple((intern(alias), intern(key)) for alias, key in named.aliases.items())
        offices = tuple(map(intern, named.offices))
        return Named(
            kind=named.kind,
            key=intern(named.key),
            name=intern(named.name),
            salience=named.salience,
            about="",
            aliases=self._aliases.setdefault(aliases, dict(aliases)),
            offices=self._offices.setdefault(offices, list(offices)),
            said=0,
            told=_TOLD,
        )


def _shown(key: Key) -> str:
    """Return a key as text: the kind and the name; of several of one name, all but the first have a number."""
    return f"{key.kind}:{key.name}" + (f" #{key.number + 1}" if key.number else "")


def _actor(row: Row) -> Actor:
    return Actor.model_construct(
        **{name: row[name] for name in ("name", "kind", "roles", "affiliation", "aliases", "salience")}
    )


def _entry(slug: str, story: Row, actors: list[Named]) -> Entry:
    published = moment(story["published"])
    when = timestamp(published)
    card = Card(
        digest="",
        headline="",
        published=published,
        date=dated(published),
        dated=when,
        time=when or "",
        section=story["section"] or "",
        tags=story["tags"] or (),
        actors=actors,
    )
    return Entry(slug, card, _absent, _absent)


def _absent() -> NoReturn:
    raise LookupError("a row of a table has no page")
