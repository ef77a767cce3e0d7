"""The same actor over articles under one key: what a site does for its pages of actors, for the rows of a table."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from functools import partial
from sys import intern
from typing import NamedTuple, NoReturn

from briefs.cards import Card, Named, name_actor
from briefs.identity import Key, group_actors
from briefs.listing import Entry, Site
from briefs.moments import dated, moment, timestamp
from briefs.schema import Actor
from briefs.tables import Row


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
    for row in actors.rows:
        found = name_actor(_actor(row))
        if found and all((found.kind, found.name) != (other.kind, other.name) for other in named[row["id"]]):
            # Millions are held at once: names stand in many articles, and what the actor is said to be tells nothing here.
            named[row["id"]].append(found._replace(key=intern(found.key), name=intern(found.name), about=""))
    entries = [_entry(id_, story, named[id_]) for id_, story in actors.stories.items() if id_ in named]
    for key, members in group_actors(Site("", None, entries).entries).items():
        yield from ({"id": m.entry.slug, "name": m.named.name, "kind": key.kind, "key": _shown(key)} for m in members)


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
        tags=story["tags"] or [],
        actors=actors,
    )
    return Entry(slug, card, partial(_absent, slug), partial(_absent, slug))


def _absent(slug: str) -> NoReturn:
    raise LookupError(slug)
