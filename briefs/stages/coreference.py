"""Who a phrase means: from the words that name a source to the entity behind them, or to nobody.

An unnamed source is information, a wrong name is a defect: each rule stops where it is not certain.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass

from briefs.schema import Article, Span
from briefs.stages.entities import Entity, Reference
from briefs.stages.evidence import is_role, role_heads
from briefs.stages.lexicon import DOCUMENTS, KIN, ORG_NOUNS, OUTSIDERS, SPOKES, STAFF
from briefs.stages.mentions import Token, tokens_of
from briefs.stages.names import words_of

_LINKS = word_set("of for at by from in with to on about near against between among inside under over around")
# Before a source, these say where something is said, not by whom.
_WHERE = re.compile(r"\b(?:in|at|on|outside|inside|near|across) (?:the )?$", re.IGNORECASE)
_RELATIVE = word_set("who which that whose where when")
_GIVEN = word_set("by of from at for on in")
_PARTICIPLES = word_set("compiled published released issued written given provided conducted obtained made commissioned")


@dataclass(frozen=True)
class _Phrase:
    """A phrase of the source that means an entity."""

    span: Span
    entity: Entity
    named: bool


def speaker_of(source: Span, entities: Sequence[Entity], article: Article) -> Entity | None:
    """Return the entity whose words a source gives, or None where the article does not say.

    A person before the body that he or she speaks for; the body where its people are not named; nobody where the source is
    somebody else's lawyer, rival or neighbour.

    >>> from briefs.schema import Origin, Sentence
    >>> text = "An Acme spokesman said so."
    >>> whole = Span(start=0, end=len(text))
    >>> article = Article(text=text, headline=Span(start=0, end=0), paragraphs=(whole,),
    ...     sentences=(Sentence(span=whole, paragraph=0),), origin=Origin(path="", sha256=""))
    >>> name = Span(start=3, end=7)
    >>> acme = Entity(name="Acme", kind="organization", mentions=(name,), references=(Reference(span=name, form="name"),))
    >>> speaker_of(Span(start=0, end=17), [acme], article).name
    'Acme'
    """
    phrases = _phrases_in(source, entities)
    text = article.text
    tokens = tokens_of(text, source)
    if tokens and is_role(tokens[-1].word):
        cut_off = _named_after(text, source, entities)
        if cut_off is not None:
            return cut_off
    if not phrases or _is_scene(text, source, phrases[0]):
        return None
    named = _named_head(text, source, phrases, tokens)
    if named is not None:
        return named
    return _behind(text, source, phrases, tokens, entities)


def _named_after(text: str, source: Span, entities: Sequence[Entity]) -> Entity | None:
    """Return the person whose name stands right after a source that is only a title: "Acme chief executive" + "Ana Lee"."""
    for gap in (" ", ", "):
        if not text.startswith(gap, source.end):
            continue
        start = source.end + len(gap)
        for entity in entities:
            place = bisect_left(entity.mentions, start, key=lambda s: s.start) if entity.kind == "person" else 0
            if entity.kind == "person" and place < len(entity.mentions) and entity.mentions[place].start == start:
                return entity
    return None


def _is_scene(text: str, source: Span, first: _Phrase) -> bool:
    """Return whether a source is only where something is said or printed: "in Geneva", "in the journal Reefs"."""
    scene = first.entity.kind == "place" or source.of(text).casefold().startswith(("journal", "the journal"))
    return scene and first.named and bool(_WHERE.search(text, max(0, source.start - 16), source.start))


def _phrases_in(source: Span, entities: Sequence[Entity]) -> list[_Phrase]:
    found = []
    for entity in entities:
        references = entity.references
        if not references or references[-1].span.end <= source.start or references[0].span.start >= source.end:
            continue
        place = bisect_left(references, source.start, key=_start)
        while place < len(references) and references[place].span.start < source.end:
            reference = references[place]
            if reference.span.end <= source.end:
                found.append(_Phrase(reference.span, entity, reference.form == "name"))
            place += 1
    return sorted(found, key=lambda p: (p.span.start, -p.span.end))


def _start(reference: Reference) -> int:
    return reference.span.start


def _owns(text: str, phrase: _Phrase, source: Span) -> bool:
    """Return whether a phrase is the owner of what follows it in the source."""
    span = phrase.span
    if text[span.start : span.end].casefold() in ("its", "his", "her", "their"):
        return span.end < source.end
    after = text[span.end : source.end]
    if after[:1] == "-":
        return True
    return bool(re.match(r"['’]s? \w", after)) or bool(re.match(r" \w", after) and not _stops(after))


def _stops(after: str) -> bool:
    """Return whether the words after a phrase begin something else: a preposition, a relative clause."""
    word = after.split()[0].casefold().strip(",.;:") if after.split() else ""
    return word in _LINKS | _RELATIVE or word in ("and", "or", "et", "himself", "herself", "itself", "alone", "also")


def _named_head(text: str, source: Span, phrases: Sequence[_Phrase], tokens: Sequence[Token]) -> Entity | None:
    """Return the entity whose phrase is the head of the source: first or after titles, or in apposition to its head."""
    for phrase in phrases:
        before = text[source.start : phrase.span.start]
        if _owns(text, phrase, source):
            continue
        if not _reaches(before, person=phrase.entity.kind == "person"):
            continue
        if not phrase.named and phrase.entity.kind != "person" and any(p.named and p is not phrase for p in _apposed(text, phrase, phrases)):
            continue
        return phrase.entity
    return None


def _apposed(text: str, phrase: _Phrase, phrases: Sequence[_Phrase]) -> list[_Phrase]:
    return [p for p in phrases if text[phrase.span.end : p.span.start] == ", "]


def _reaches(before: str, *, person: bool) -> bool:
    """Return whether the head of a source can stand after the words `before`: titles, an article, a description and a comma.

    >>> [_reaches(x, person=True) for x in ("", "Finance Minister ", "Acme's chief executive, ", "critics of ", "a report by ")]
    [True, True, True, False, False]
    """
    words = [w.casefold().strip(",") for w in before.split()]
    if not words:
        return True
    if before.rstrip().endswith(","):
        if not person:
            return words[-1] in ORG_NOUNS
        return any(is_role(w) or w in KIN | OUTSIDERS for w in words) and words[0] not in _LINKS
    if not person and any(w in ("former", "ex", "onetime", "then") for w in words):
        return False
    return not any(w in _LINKS | _RELATIVE for w in words) and "," not in before


def _behind(
    text: str, source: Span, phrases: Sequence[_Phrase], tokens: Sequence[Token], entities: Sequence[Entity]
) -> Entity | None:
    """Return the body behind a source whose head is no entity: a spokesperson, an official, a report."""
    first = phrases[0]
    head, link = _head_of(tokens, [p.span for p in phrases], first.span)
    if head is None:
        return None
    noun = head.word.casefold()
    speaks = noun in SPOKES
    if head.start >= first.span.end:  # the entity owns or modifies the head: "Acme's general counsel"
        owner = _last_owner(phrases, head)
        known = _holder_of_role(owner.entity, head, tokens, entities)
        if known is not None:
            return known
        definite = tokens[0].word.casefold() == "the" and owner.named and text[owner.span.end] == " "
        if definite and is_role(noun) and not speaks:  # "the Acme chief": a known person, whoever that is
            return None
        return _by_noun(owner.entity, noun, speaks=speaks, singular=True)
    if link is None or link.word.casefold() not in _GIVEN:
        return None
    owner = next((p for p in phrases if p.span.start > link.start), first)
    if _owns(text, owner, source):
        after = [t for t in tokens if t.start >= owner.span.end]
        inner = after[0].word.casefold() if after else ""
        if inner not in DOCUMENTS | ORG_NOUNS | {"press", "own"}:
            return None
    if link.word.casefold() == "in" and noun not in ("page",) and noun not in DOCUMENTS:
        return None
    if link.word.casefold() in ("in", "on") and owner.entity.kind == "place":
        return None
    return _by_noun(owner.entity, noun, speaks=speaks, singular=False)


def _last_owner(phrases: Sequence[_Phrase], head: Token) -> _Phrase:
    return [p for p in phrases if p.span.end <= head.start][-1]


def _head_of(tokens: Sequence[Token], covered: Sequence[Span], first: Span) -> tuple[Token | None, Token | None]:
    """Return the head noun of a source and the preposition after it: the last word before a preposition or a clause."""
    head: Token | None = None
    for token in tokens:
        if any(s.start <= token.start < s.end for s in covered):
            if head is not None and head.end < token.start and token.start == first.start:
                continue
            continue
        plain = token.word.casefold()
        if plain in _LINKS:
            if head is not None:
                return head, token
            continue
        if plain in _RELATIVE or plain in _PARTICIPLES:
            if plain in _PARTICIPLES and head is not None:
                link = next((t for t in tokens if t.start > token.start and t.word.casefold() in ("by", "from")), None)
                return head, link
            return head, None
        if head is not None and _comma_between(head, token):
            return head, None
        head = token
    return head, None


def _comma_between(head: Token, token: Token) -> bool:
    return token.start - head.end > 1 and token.start - head.end < 3


def _holder_of_role(body: Entity, head: Token, tokens: Sequence[Token], entities: Sequence[Entity]) -> Entity | None:
    """Return the one person whom the article gives the role at a body: "Acme's chief executive", "the Iowa governor"."""
    noun = head.word.casefold()
    if not is_role(noun) or noun in SPOKES:
        return None
    words = [t.word.casefold() for t in tokens if t.end <= head.end]
    sure, likely = [], []
    for entity in entities:
        if entity.kind != "person":
            continue
        heads = {h for role in entity.roles for h in role_heads(words_of(role))}
        if noun not in heads:
            continue
        likely.append(entity)
        exact = any(words[-len(p) :] == list(p) for p in map(words_of, entity.roles))
        if entity.affiliation == body.name and (exact or len(words) < 4):
            sure.append(entity)
    if len(sure) == 1:
        return sure[0]
    return likely[0] if len(likely) == 1 and likely[0].affiliation in (None, body.name) and body.kind == "place" else None


def _by_noun(owner: Entity, noun: str, *, speaks: bool, singular: bool) -> Entity | None:
    """Return the owner if what it owns speaks for it: a spokesperson always, a report, an official of a body."""
    if speaks or noun in DOCUMENTS:
        return owner
    if owner.kind == "person":
        return owner if noun in ("office", "campaign", "team", "view", "administration") else None
    if noun in OUTSIDERS or noun in KIN:
        return None
    if noun in STAFF:
        return owner
    if singular and is_role(noun) and owner.kind == "organization":
        return owner
    return owner if owner.kind == "place" and noun in ("government", "diplomat", "diplomats", "envoy") else None
