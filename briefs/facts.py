"""What the facts are that templates read (`reads`), as digests: by them a build tells whether a file would be another now."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path

from briefs.across import SHELF_KINDS, Across, Portrait, Shelf
from briefs.listing import Entry, Site
from briefs.templating import template_source


class Facts:
    """The digests of what can be read of a site and of its templates, each taken when it is first asked for."""

    def __init__(self, site: Site, across: Across, templates: Path | None) -> None:
        self._site, self._across, self._templates = site, across, templates
        self._known: dict[str, str] = {}
        self._found: dict[frozenset[str], str] = {}
        self._facts: Mapping[str, Callable[[], object]] = {
            "site title": lambda: site.title,
            "site url": lambda: site.url,
            "site made": lambda: site.made,
            "site search": lambda: site.search,
            "site updated": lambda: site.updated,
            "site entries": lambda: _listed(site.entries),
            "site latest": lambda: _listed(site.latest),
            "site news": lambda: _listed(site.news),
            "actors": lambda: [[actor.slug, actor.name, actor.kind, actor.about] for actor in across.actors],
            "actors whole": lambda: [of_actor(actor) for actor in across.actors],
        }

    def digest(self, names: frozenset[str]) -> str:
        """Return the digest of some facts, by their names."""
        if names not in self._found:
            self._found[names] = _digest(f"{name} {self._one(name)}" for name in sorted(names))
        return self._found[names]

    def _one(self, name: str) -> str:
        if name not in self._known:
            told = self._facts[name]() if name in self._facts else self._of_one(name)
            self._known[name] = _digest([json.dumps(told)])
        return self._known[name]

    def _of_one(self, name: str) -> object:
        """Return what a fact is that is about one thing: the first word says of which kind, what follows is its name."""
        kind, _, known = name.partition(" ")
        if kind == "template":
            return template_source(known, self._templates)
        if kind == "links":
            return dict(self._across.links(known))
        if kind == "related":
            return _listed(self._across.related(known))
        if kind == "shelf":
            shelf, _, known = known.partition(" ")
            return [self._across.shelf(each, known) for each in SHELF_KINDS if each == shelf]
        shelves = [shelf for each in SHELF_KINDS if each == kind for shelf in self._across.shelves(each)]
        return [of_shelf(shelf) if known == "whole" else [shelf.slug, shelf.name] for shelf in shelves]


def of_entry(entry: Entry, across: Across) -> str:
    """Return the digest of what a brief has of its own: its record, and what it has in common with others."""
    card, links = entry.card, across.links(entry.slug)
    parts = [entry.slug, card.digest]
    parts += [links.get(named.name, "") for named in card.actors]
    parts += [across.shelf("tags", name) or "" for name in card.tags]
    parts.append(across.shelf("sections", card.section) or "")
    for other in across.related(entry.slug):
        parts += (other.slug, other.card.digest)
    return _digest(parts)


def own_of_entry(entry: Entry) -> set[str]:
    """Return the names of the facts that the digest of a brief covers."""
    shelves = [("tags", tag) for tag in entry.card.tags] + [("sections", entry.card.section)]
    names = {f"shelf {kind} {name.casefold()}" for kind, name in shelves}
    return names | {f"links {entry.slug}", f"related {entry.slug}"}


def of_actor(actor: Portrait) -> str:
    """Return the digest of what the page of an actor has of its own."""
    parts = [actor.slug, actor.name, actor.kind]
    for member in actor.members:
        parts += (member.entry.slug, member.entry.card.digest, member.named.name)
    return _digest(parts)


def of_shelf(shelf: Shelf) -> str:
    """Return the digest of what the page of a tag, a section or a month has of its own."""
    return _digest([shelf.kind, shelf.slug, shelf.name, *_listed(shelf.entries)])


def _listed(entries: Iterable[Entry]) -> list[str]:
    return [part for entry in entries for part in (entry.slug, entry.card.digest)]


def _digest(parts: Iterable[str]) -> str:
    """Return the digest of some parts, none of which has a line end: names and addresses are clean, and so is JSON."""
    return hashlib.sha256("\n".join(parts).encode()).hexdigest()[:32]
