"""Who a phrase means: from the words that name a source to the entity behind them, or to nobody.

An unnamed source is information, a wrong name is a defect: each rule stops where it is not certain.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from briefs.schema import Article, Span
from briefs.stages.cast import Cast, Phrase
from briefs.stages.entities import Entity
from briefs.stages.evidence import is_role
from briefs.stages.lexicon import DOCUMENTS, KIN, ORG_NOUNS, OUTSIDERS, SPOKES, STAFF, word_set
from briefs.stages.tokens import Token, tokens_of

_LINKS = word_set("of for at by from in with to on about near against between among inside under over around")
_RELATIVE = word_set("who which that whose where when")
_CLAUSES = _LINKS | _RELATIVE
_GO_ON = _CLAUSES | word_set("and or et himself herself itself alone also")
# Prepositions after which the body stands that speaks: "a report by", "officials at", "a page on its website".
_GIVEN = word_set("by of from at for on in")
_PARTICIPLES = word_set(
    "compiled published released issued written given provided conducted obtained made commissioned"
)
_STRANGERS = OUTSIDERS | KIN
_ONE = word_set("a an one")
_OTHERS = word_set("another other one some many several former ex onetime then")
_PRONOUNS_OWNING = word_set("its his her their")
_PERSONAL = word_set("office campaign team view administration")  # these speak for their person
_GOVERNING = word_set("government diplomat diplomats envoy")  # and these for their country
_FEW = 4  # words of a source that are few enough for its role to be the whole of it
# Before a source, these say where something is said, not by whom.
_WHERE = re.compile(r"\b(?:in|at|on|outside|inside|near|across) (?:the )?$", re.IGNORECASE)


@dataclass(frozen=True)
class _Source:
    """A source with its words and the phrases in it that mean entities, both in order."""

    text: str
    span: Span
    tokens: Sequence[Token]
    phrases: Sequence[Phrase]
    cast: Cast


class Speakers:
    """Who speaks in the sources of an article: each is looked for once, whoever asks."""

    def __init__(self, entities: Sequence[Entity], article: Article) -> None:
        self._cast = Cast(entities)
        self._article = article
        self._found: dict[tuple[int, int], Entity | None] = {}

    def of(self, source: Span) -> Entity | None:
        """Return the entity whose words a source gives, or None: see `speaker_of`."""
        place = (source.start, source.end)
        if place not in self._found:
            self._found[place] = speaker_of(source, self._cast, self._article)
        return self._found[place]


def speaker_of(source: Span, cast: Cast, article: Article) -> Entity | None:
    """Return the entity whose words a source gives, or None where the article does not say.

    A person before the body that he or she speaks for; the body where its people are not named; nobody where the source
    is somebody else's lawyer, rival or neighbour.

    >>> from briefs.schema import Origin, Sentence
    >>> from briefs.stages.entities import Reference
    >>> text = "An Acme spokesman said so."
    >>> whole = Span(start=0, end=len(text))
    >>> article = Article(text=text, headline=Span(start=0, end=0), paragraphs=(whole,),
    ...     sentences=(Sentence(span=whole, paragraph=0),), origin=Origin(path="", sha256=""))
    >>> name = Span(start=3, end=7)
    >>> names = (Reference(span=name, form="name"),)
    >>> acme = Entity(name="Acme", kind="organization", mentions=(name,), references=names)
    >>> speaker_of(Span(start=0, end=17), Cast([acme]), article).name
    'Acme'
    """
    text = article.text
    found = _Source(text, source, tokens_of(text, source), cast.phrases_in(source), cast)
    if found.tokens and is_role(found.tokens[-1].word):
        cut_off = _named_after(found)
        if cut_off is not None:
            return cut_off
    if not found.phrases or _is_scene(found):
        return None
    return _head_entity(found) or _behind(found)


def _named_after(source: _Source) -> Entity | None:
    """Return the person whose name stands right after a source that is only a title: "Acme chief" + "Ana Lee"."""
    gap = re.compile(r",? ").match(source.text, source.span.end)
    return source.cast.person_at(gap.end()) if gap else None


def _is_scene(source: _Source) -> bool:
    """Return whether a source is only where something is said or printed: "in Geneva", "in the journal Reefs"."""
    where = all(p.entity.kind == "place" and p.named for p in source.phrases)
    printed = source.span.of(source.text).casefold().removeprefix("the ").startswith("journal ")
    start = source.span.start
    return (where or printed) and bool(_WHERE.search(source.text, max(0, start - 16), start))


def _head_entity(source: _Source) -> Entity | None:
    """Return the entity whose phrase is the head of the source: first or after titles, or in apposition to its head."""
    for phrase in source.phrases:
        before = source.text[source.span.start : phrase.span.start]
        if _owns(source, phrase) or not _reaches(before, person=phrase.entity.kind == "person"):
            continue
        if phrase.named or phrase.entity.kind == "person" or not _is_explained(source, phrase):
            return phrase.entity
    return None


def _is_explained(source: _Source, phrase: Phrase) -> bool:
    """Return whether the name of another follows a description as apposition: "the agency's head, Lee" is Lee."""
    return any(p.named and source.text[phrase.span.end : p.span.start] == ", " for p in source.phrases)


def _owns(source: _Source, phrase: Phrase) -> bool:
    """Return whether a phrase is the owner of what follows it in the source, or a modifier of it."""
    if source.text[phrase.span.start : phrase.span.end].casefold() in _PRONOUNS_OWNING:
        return phrase.span.end < source.span.end
    after = source.text[phrase.span.end : source.span.end]
    if after.startswith("-") or re.match(r"['’]s? \w", after):
        return True
    return re.match(r" \w", after) is not None and after.split(maxsplit=1)[0].casefold().strip(",.;:") not in _GO_ON


def _reaches(before: str, *, person: bool) -> bool:
    """Return whether the head of a source can stand after `before`: titles, an article, a description and a comma.

    >>> [_reaches(x, person=True) for x in ("", "Finance Minister ", "Acme's chief, ", "critics of ", "a report by ")]
    [True, True, True, False, False]
    """
    words = [w.casefold().strip(",") for w in before.split()]
    if not words:
        return True
    if before.rstrip().endswith(","):
        described = any(is_role(w) or w in _STRANGERS for w in words) and words[0] not in _LINKS
        return described if person else words[-1] in ORG_NOUNS
    if not person and not _OTHERS.isdisjoint(words):
        return False
    return "," not in before and _CLAUSES.isdisjoint(words)


def _behind(source: _Source) -> Entity | None:
    """Return the body behind a source whose head is no entity: a spokesperson, an official, a report."""
    head, link = _head_of(source)
    if head is None:
        return None
    if head.start >= source.phrases[0].span.end:
        return _behind_owned(source, head)
    return _behind_linked(source, head, link) if link is not None else None


def _behind_owned(source: _Source, head: Token) -> Entity | None:
    """Read a head that an entity owns or modifies: "Acme's general counsel", "Acme officials"."""
    owner = [p for p in source.phrases if p.span.end <= head.start][-1]
    following = next(t for t in source.tokens if t.start >= owner.span.end)
    if following is not head and following.word[0].isupper() and not is_role(following.word):
        return None  # a longer name that was cut: "USA" of "a USA Weekly analysis"
    holder = _holder_of_role(source, owner.entity, head)
    if holder is not None:
        return holder
    noun = head.word.casefold()
    definite = source.tokens[0].word.casefold() == "the" and owner.named and source.text[owner.span.end] == " "
    if definite and is_role(noun) and noun not in SPOKES:  # "the Acme chief" is somebody whom readers know by name
        return None
    whole = source.tokens[0].word.casefold() in _ONE or source.text[owner.span.end] != " " or not owner.named
    if is_role(noun) and owner.entity.kind == "organization" and noun not in OUTSIDERS | SPOKES | STAFF:
        return owner.entity if whole else None  # "Acme research fellow" is a title that lost its name
    return _speaks_for(owner.entity, noun)


def _behind_linked(source: _Source, head: Token, link: Token) -> Entity | None:
    """Read a head with a preposition after it: "a spokesman for Acme", "a report by the board"."""
    noun, preposition = head.word.casefold(), link.word.casefold()
    owner = next((p for p in source.phrases if p.span.start > link.start), None)
    if preposition not in _GIVEN or owner is None:
        return None
    if _owns(source, owner):
        inner = next((t.word.casefold() for t in source.tokens if t.start >= owner.span.end), "")
        if inner not in DOCUMENTS | ORG_NOUNS | {"press", "own"}:
            return None
    if preposition == "in" and noun not in DOCUMENTS:
        return None
    if preposition in ("in", "on") and owner.entity.kind == "place":
        return None
    return _speaks_for(owner.entity, noun)


def _head_of(source: _Source) -> tuple[Token | None, Token | None]:
    """Return the head noun of a source, its last word before a preposition or a clause, and that preposition."""
    head: Token | None = None
    for token in source.tokens:
        if any(p.span.start <= token.start < p.span.end for p in source.phrases):
            continue
        plain = token.word.casefold()
        if plain in _LINKS and head is None:
            continue
        if plain in _LINKS:
            return head, token
        if plain in _PARTICIPLES:
            later = (t for t in source.tokens if t.start > token.start and t.word.casefold() in ("by", "from"))
            return head, next(later, None)
        if plain in _RELATIVE or (head is not None and source.text[head.end : token.start].startswith(",")):
            return head, None
        head = token
    return head, None


def _holder_of_role(source: _Source, body: Entity, head: Token) -> Entity | None:
    """Return the one person whom the article gives a role at a body: "Acme's chief", "the Iowa governor"."""
    noun = head.word.casefold()
    if not is_role(noun) or noun in SPOKES:
        return None
    words = tuple(t.word.casefold() for t in source.tokens if t.end <= head.end)
    likely = source.cast.holders_of(noun)
    sure = []
    for holder in likely:
        exact = any(words[-len(role) :] == role for role in holder.roles)
        if holder.person.affiliation == body.name and (exact or len(words) < _FEW):
            sure.append(holder.person)
    if len(sure) == 1:
        return sure[0]
    lone = len(likely) == 1 and body.kind == "place" and likely[0].person.affiliation in (None, body.name)
    return likely[0].person if lone else None


def _speaks_for(owner: Entity, noun: str) -> Entity | None:
    """Return the owner if what it owns speaks for it: a spokesperson, a report, the officials of a body."""
    if noun in SPOKES | DOCUMENTS:
        return owner
    if owner.kind == "person":
        return owner if noun in _PERSONAL else None
    if noun in _STRANGERS:
        return None
    return owner if noun in STAFF or (owner.kind == "place" and noun in _GOVERNING) else None
