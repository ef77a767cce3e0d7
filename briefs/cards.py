"""What the lists of a site and the pages of actors need to know of a brief, in small: ten thousand fit into memory at once."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator, Sequence
from functools import cache
from typing import TYPE_CHECKING, Any, NamedTuple

from briefs.escape import clean
from briefs.moments import Moment, dated, timestamp
from briefs.schema import Actor, Brief, Kind, Salience
from briefs.view import Page, about

if TYPE_CHECKING:
    from pydantic import TypeAdapter

_WORD = re.compile(r"[^\W_]+")


class Named(NamedTuple):
    """An actor in one brief, as far as other briefs are concerned.

    `key` is what writings of its name have in common, `aliases` maps other writings to their keys, `offices` are those of roles
    and affiliation. `said` is how many claims it makes, `told` the numbers of those of others that have its name in them.
    """

    kind: Kind
    key: str
    name: str
    salience: Salience
    about: str
    aliases: dict[str, str]
    offices: list[str]
    said: int
    told: list[int]


class Card(NamedTuple):
    """A brief in small. `digest` is of all that its pages show, `time` what orders the briefs of one day.

    `dated` is when the article was last changed, or else published, in UTC; `date` when it was published, or else last changed.
    """

    digest: str
    headline: str
    published: Moment | None
    date: str | None
    dated: str | None
    time: str
    section: str
    tags: Sequence[str]
    actors: Sequence[Named]

    @property
    def day(self) -> str:
        """The day for which the brief is listed, `2026-02-16`; or nothing."""
        return (self.date or "")[:10]


def card_of(brief: Brief, page: Page) -> Card:
    """Return the card of a brief and of what a page about it shows."""
    record = f"{brief.model_dump_json()}\n{page_to_json(page)}".encode()
    return Card(
        digest=hashlib.sha256(record).hexdigest()[:32],
        headline=page.headline,
        published=page.published,
        date=dated(page.published) or dated(page.updated),
        dated=timestamp(page.updated) or timestamp(page.published),
        time=timestamp(page.published) or timestamp(page.updated) or "",
        section=page.section,
        tags=list(page.tags),
        actors=list(_find_named(brief, page)),
    )


def name_actor(actor: Actor, *, said: int = 0, told: Sequence[int] = ()) -> Named | None:
    """Return an actor as other briefs know it; None where its name has no letter or digit."""
    name = clean(actor.name)
    key = name_key(name)
    if not key:
        return None
    offices = [found for text in (*actor.roles, actor.affiliation or "") if (found := name_key(clean(text)))]
    aliases = {alias: name_key(alias) for alias in map(clean, actor.aliases) if alias and alias != name}
    return Named(actor.kind, key, name, actor.salience, about(actor), aliases, offices, said, list(told))


def _find_named(brief: Brief, page: Page) -> Iterator[Named]:
    for actor in brief.actors:
        name = clean(actor.name)
        said = sum(len(voice.said) for voice in page.voices if voice.named and voice.name == name)
        named = name_actor(actor, said=said, told=list(_find_told(brief, page, actor, name)))
        if named:
            yield named


def _find_told(brief: Brief, page: Page, actor: Actor, name: str) -> Iterator[int]:
    """Yield the numbers of the claims of others that have the actor's name in them."""
    for voice in page.voices:
        if not (voice.named and voice.name == name):
            for said in voice.said:
                spans = brief.claims[said.number].spans
                if any(span.overlaps(mention) for span in spans for mention in actor.mentions):
                    yield said.number


def name_key(name: str) -> str:
    """Return what two writings of a name have in common.

    >>> name_key("The U.S. Senate"), name_key("US Senate")
    ('us senate', 'us senate')
    """
    words = _WORD.findall(name.casefold().replace(".", ""))
    return " ".join(words[1:] if len(words) > 1 and words[0] == "the" else words)


def card_to_list(card: Card) -> list[object]:
    """Return a card as a list for JSON, of which `card_from_list` makes it again."""
    published = card.published and [card.published.text, card.published.iso]
    return [*card[:2], published, *card[3:]]


def card_from_list(told: list[Any]) -> Card:
    """Return a card from what its list is after JSON. Raises TypeError or ValueError where that is none."""
    digest, headline, published, date, dated_, time, section, tags, actors = told
    when = Moment(*published) if published else None
    return Card(digest, headline, when, date, dated_, time, section, tags, list(map(Named._make, actors)))


def page_to_json(page: Page) -> str:
    """Return what a page shows as JSON."""
    return _pages().dump_json(page).decode()


def page_from_json(told: str) -> Page:
    """Return what a page shows from its JSON. Raises ValueError where that is none."""
    return _pages().validate_json(told)


@cache
def _pages() -> TypeAdapter[Page]:
    from pydantic import TypeAdapter  # noqa: PLC0415 (made when first used: it compiles)

    return TypeAdapter(Page)
