"""The briefs of a newsroom's year, made by hand for tests of a whole site. All people and organizations are fictional."""

from __future__ import annotations

import random
from collections.abc import Sequence
from datetime import date, timedelta
from itertools import cycle, product

import made_briefs

from briefs.schema import Actor, Brief, Kind, Origin, Passage

TYPICAL = made_briefs.typical()
FIRST = "Ana, Bo, Cato, Dara, Edo, Fia, Gus, Hana, Ivo, Juno, Kai, Lena, Milo, Nia, Otis".split(", ")
LAST = "Abara, Bright, Castell, Dorn, Eke, Farrow, Grell, Holt, Ismay, Jarrow, Kestrel, Lund".split(", ")
PLACES = "Isk Valley, Selmoor, Brannoch, Fenwick, Caldria, Morvaine, Orvane, Skelby, Norvale, Lethmark".split(", ")
BODIES = "Water, Rail, Council, Dockers’ Union, University, Police, Steel, Health Board, Party, Bank".split(", ")
PEOPLE = tuple(f"{first} {last}" for last, first in product(LAST, FIRST))
ORGANIZATIONS = tuple(f"{place} {body}" for body, place in product(BODIES, PLACES))
TAGS = tuple(f"{place} {word}" for word, place in product(("floods", "vote", "strike", "trial"), PLACES))
SECTIONS = ("World", "Politics", "Business", "Courts", "Science & Health", "Sport", "")
FIRST_DAY = date(2025, 1, 1)
DAYS = 420


def archive(count: int) -> dict[str, Brief]:
    """Return so many briefs by the names of their folders, of fourteen months; a few names stand in very many of them."""
    chance = random.Random(1987)
    return {f"article-{number:04}": _brief(number, chance) for number in range(count)}


def _brief(number: int, chance: random.Random) -> Brief:
    people = _some(PEOPLE, 4, chance)
    bodies = _some(ORGANIZATIONS, 3, chance)
    place = chance.choice(PLACES)
    witnesses = [f"{chance.choice(FIRST)} {chance.choice(PLACES).split()[0]}-{number}{letter}" for letter in "ab"]
    speakers = cycle([*people[:2], *witnesses, *bodies[:2]])
    claims = tuple(
        claim.model_copy(update={"text": f"{claim.text} ({n})", "speaker": next(speakers) if claim.speaker else None})
        for n, claim in product(range(2), TYPICAL.claims)
    )
    headline = f"{bodies[0]} and {people[0]} at odds over dam {number}"
    lede = f"{people[0]} and {bodies[0]} were at odds on Monday over the repair of dam {number} above {place}."
    where = made_briefs.span("At least nine people were killed")
    day = FIRST_DAY + timedelta(days=chance.randrange(DAYS))
    return TYPICAL.model_copy(
        update={
            "headline": Passage(text=headline, span=where),
            "lede": (Passage(text=lede, span=where), *TYPICAL.lede),
            "summary": (Passage(text=lede, span=where), *TYPICAL.summary),
            "actors": (
                *(_actor(name, "person", place, n) for n, name in enumerate([*people, *witnesses])),
                *(_actor(name, "organization", None, n) for n, name in enumerate(bodies)),
                _actor(place, "place", None, 2),
            ),
            "claims": claims,
            "origin": Origin(
                path=f"seeds/article-{number:04}.txt",
                sha256="0" * 64,
                publisher="Meridian Press",
                url=f"https://meridian.example/{day:%Y/%m}/article-{number:04}",
                byline=chance.choice(PEOPLE),
                published=None if number % 40 == 0 else f"{day}T{number % 24:02}:00+00:00",
                section=chance.choice(SECTIONS) or None,
                tags=tuple(_some(TAGS, number % 4, chance)),
            ),
        }
    )


def _some(names: Sequence[str], count: int, chance: random.Random) -> list[str]:
    """Return so many of the names, the first ones far more often than the last."""
    found: dict[str, None] = {}
    while len(found) < count:
        found[names[int(len(names) * chance.random() ** 3)]] = None
    return list(found)


def _actor(name: str, kind: Kind, affiliation: str | None, number: int) -> Actor:
    """Return an actor: of those of a kind the first is a main one. The first two are named in what others say."""
    person = kind == "person"
    return Actor(
        name=name,
        kind=kind,
        salience="main" if number == 0 else "secondary" if number == 1 else "minor",
        roles=("spokesperson",) if person else (),
        affiliation=affiliation,
        aliases=(name.rsplit(maxsplit=1)[-1],) if person else (),
        mentions=(made_briefs.span("Lower Fenwick" if number else "a second dam"),),
    )
