"""The entities of an article, found by where they are meant and by the roles they have."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass

from briefs.schema import Span
from briefs.stages.entities import Entity
from briefs.stages.evidence import role_heads
from briefs.stages.names import words_of


@dataclass(frozen=True, slots=True)
class Phrase:
    """A phrase that means an entity."""

    span: Span
    entity: Entity
    named: bool


@dataclass(frozen=True, slots=True)
class Holder:
    """A person and the words of each of his or her roles."""

    person: Entity
    roles: tuple[tuple[str, ...], ...]


class Cast:
    """All entities of an article, put in order once: who is asked for is found without a look at each."""

    def __init__(self, entities: Sequence[Entity]) -> None:
        phrases = [Phrase(r.span, entity, r.form == "name") for entity in entities for r in entity.references]
        self._phrases = sorted(phrases, key=lambda p: (p.span.start, -p.span.end))
        self._starts = [phrase.span.start for phrase in self._phrases]
        self._people: dict[int, Entity] = {}
        self._holders: dict[str, list[Holder]] = {}
        for person in (entity for entity in entities if entity.kind == "person"):
            for mention in person.mentions:
                self._people.setdefault(mention.start, person)
            holder = Holder(person, tuple(tuple(words_of(role)) for role in person.roles))
            for noun in {noun for role in holder.roles if role for noun in role_heads(role)}:
                self._holders.setdefault(noun, []).append(holder)

    def phrases_in(self, span: Span) -> list[Phrase]:
        """Return the phrases within a span, in order; of those that begin together the longest first."""
        first, past = bisect_left(self._starts, span.start), bisect_left(self._starts, span.end)
        return [phrase for phrase in self._phrases[first:past] if phrase.span.end <= span.end]

    def person_at(self, position: int) -> Entity | None:
        """Return the person whose name begins at a code point, or None."""
        return self._people.get(position)

    def holders_of(self, noun: str) -> Sequence[Holder]:
        """Return the persons one of whose roles has a noun for its head, in the order of the entities."""
        return self._holders.get(noun, ())
