"""The records that pass between the stages that read names: entities and the phrases that mean them."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from briefs.schema import Kind, Record, Span
from briefs.stages.names import Gender

ReferenceForm = Literal["name", "pronoun", "description"]


class Reference(Record):
    """A phrase that means an entity: a name, a pronoun, or a description such as "the company".

    A bare noun that stands before another ("council" in "a council spokeswoman") is a description too.
    """

    span: Span
    form: ReferenceForm


class Entity(Record):
    """Somebody or something that the article names, with every phrase that means it."""

    name: str = Field(description="the fullest form of the name in the article")
    kind: Kind
    gender: Gender | None = None
    aliases: tuple[str, ...] = Field(default=(), description="other forms of the name, as written")
    mentions: tuple[Span, ...] = Field(description="where the name stands, in order")
    roles: tuple[str, ...] = Field(default=(), description="what the article calls it, as written")
    affiliation: str | None = Field(default=None, description="the body it belongs to: an entity's name, or as written")
    references: tuple[Reference, ...] = Field(default=(), description="every phrase that means it, in order")
