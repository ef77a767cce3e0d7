"""A brief as its readers see it: what is shown, in which order and beside what. The templates only lay it out.

Every string here is one clean line (`escape.clean`); what is empty after cleaning is left out.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from briefs.escape import clean, safe_url
from briefs.evidence import Anchors, Evidence
from briefs.fragments import text_fragment
from briefs.moments import Moment, moment
from briefs.schema import Actor, Brief, Certainty, Claim, Form, Kind, Passage, Salience

Node = dict[str, object]  # of JSON

_WEIGHT: dict[Salience, int] = {"main": 0, "secondary": 1, "minor": 2}
_UNKNOWN_WEIGHT = 2  # a speaker who is no actor stands among the minor voices
_UNNAMED_WEIGHT = 3
EVIDENCE_FILE = "evidence.html"  # in the folder of a brief
_RIGHT_TO_LEFT = frozenset({"ar", "ckb", "dv", "fa", "he", "ps", "sd", "ug", "ur", "yi"})
_OUTER = re.compile(r"\A[“„\"«]\s*|\s*[”“\"»]\Z")


@dataclass(frozen=True, slots=True)
class Line:
    """A sentence of the article. `id` is its anchor, the same in every build; `href` leads to it in the article."""

    text: str
    id: str
    href: str | None


@dataclass(frozen=True, slots=True)
class Figure:
    """An actor: `about` has its roles and affiliation, and is empty where the article says neither."""

    name: str
    kind: Kind
    salience: Salience
    about: str


@dataclass(frozen=True, slots=True)
class Said:
    """A claim. `text` has no outer quotation marks where it is a direct quotation; `by` is "SOURCE CUE" as written.

    `number` is its place among the brief's claims.
    """

    number: int
    text: str
    by: str
    form: Form
    certainty: Certainty
    id: str
    href: str | None


@dataclass(frozen=True, slots=True)
class Voice:
    """Somebody who says something. `name` is an actor's name or, if not `named`, the source as written or empty."""

    name: str
    named: bool
    about: str
    said: tuple[Said, ...]


@dataclass(frozen=True, slots=True)
class Page:
    """Everything that a page about one brief shows."""

    headline: str
    dek: str
    summary: str
    lede: tuple[Line, ...]
    cast: tuple[Figure, ...]
    also: tuple[Figure, ...]
    voices: tuple[Voice, ...]
    context: tuple[Line, ...]
    outlook: tuple[Line, ...]
    publisher: str
    byline: str
    dateline: str
    section: str
    tags: tuple[str, ...]
    published: Moment | None
    updated: Moment | None
    url: str | None
    host: str
    language: str
    direction: str
    tagger: str
    evidence: Evidence | None

    @property
    def sourced(self) -> bool:
        """Whether the article says anything of where it comes from."""
        said = (
            self.publisher,
            self.byline,
            self.dateline,
            self.section,
            self.tags,
            self.published,
            self.updated,
            self.url,
        )
        return any(said)


@dataclass(frozen=True, slots=True)
class _Links:
    """Leads from a brief to its article: to the words at the publisher, or else to the sentence where the site shows it."""

    url: str | None
    evidence: Evidence | None

    def address(self, pieces: Sequence[str], found: Passage | Claim) -> str | None:
        """Return the address of words of the article, or None where they can be seen nowhere."""
        if self.url:
            return text_fragment(self.url, pieces, prefix=found.prefix, suffix=found.suffix)
        spans = (found.span,) if isinstance(found, Passage) else (found.sentence, *found.spans)
        anchor = self.evidence.anchor(*spans) if self.evidence else None
        return f"{EVIDENCE_FILE}#{anchor}" if anchor else None


def view(brief: Brief, evidence: Evidence | None = None) -> Page:
    """Return what a page about `brief` shows. `evidence` is what the site shows of its article."""
    origin, url, anchors = brief.origin, safe_url(brief.origin.url), Anchors()
    links = _Links(url, evidence)

    def lines(passages: Iterable[Passage]) -> tuple[Line, ...]:
        shown = [(text, passage) for passage in passages if (text := clean(passage.text))]
        return tuple(Line(text, anchors.anchor(text), links.address([text], passage)) for text, passage in shown)

    figures = find_figures(brief.actors)
    lede = lines(brief.lede)
    summary = [text for text in (clean(passage.text) for passage in brief.summary) if text]
    headline = clean(brief.headline.text)
    return Page(
        headline=headline,
        dek=clean(brief.dek.text) if brief.dek else "",
        summary=" ".join(summary) or " ".join(line.text for line in lede) or headline,
        lede=lede,
        cast=tuple(figure for figure in figures if figure.salience != "minor"),
        also=tuple(figure for figure in figures if figure.salience == "minor"),
        voices=find_voices(brief.claims, brief.actors, links=links, anchors=anchors),
        context=lines(brief.context),
        outlook=lines(brief.outlook),
        publisher=clean(origin.publisher or ""),
        byline=clean(origin.byline or ""),
        dateline=clean(origin.dateline or ""),
        section=clean(origin.section or ""),
        tags=tuple(tag for tag in map(clean, origin.tags) if tag),
        published=moment(origin.published),
        updated=moment(origin.updated),
        url=url,
        host=re.sub(r"https?://(www\.)?|(?<!/)[/?#].*", "", url) if url else "",
        language=language(origin.language),
        direction="rtl" if language(origin.language).lower().partition("-")[0] in _RIGHT_TO_LEFT else "ltr",
        tagger=clean(brief.tagger),
        evidence=evidence and replace(evidence, anchors=()),
    )


def told(node: Mapping[str, object]) -> Node:
    """Return a node of somebody's JSON without what the article does not say.

    >>> told({"name": "Ana Ruiz", "description": "", "tags": [], "count": 0})
    {'name': 'Ana Ruiz', 'count': 0}
    """
    return {key: value for key, value in node.items() if value not in (None, "", [])}


def find_figures(actors: Iterable[Actor]) -> tuple[Figure, ...]:
    """Return the actors that have a name, the main ones first, otherwise in their order."""
    ordered = sorted(actors, key=lambda actor: _WEIGHT[actor.salience])
    return tuple(
        Figure(name=clean(actor.name), kind=actor.kind, salience=actor.salience, about=about(actor))
        for actor in ordered
        if clean(actor.name)
    )


def about(actor: Actor) -> str:
    """Return the roles and the affiliation of `actor` as one phrase.

    >>> about(Actor(name="Ida Crewe", kind="person", roles=("harbor master",), affiliation="Port of Selmoor",
    ...             mentions=(), salience="main"))
    'harbor master, Port of Selmoor'
    """
    roles = [role for role in map(clean, actor.roles) if role]
    affiliation = clean(actor.affiliation or "")
    told = any(affiliation.casefold() in role.casefold() for role in roles)
    return ", ".join(roles + [affiliation] * bool(affiliation and not told))


def find_voices(
    claims: Iterable[Claim], actors: Iterable[Actor], *, links: _Links, anchors: Anchors
) -> tuple[Voice, ...]:
    """Return who speaks, the weightiest first and then by who speaks first, each with what is said in its order.

    A claim without a speaker goes to the source as the article words it; one without either, to a voice without name.
    """
    by_name = {actor.name: actor for actor in actors}
    groups: dict[tuple[bool, str], list[tuple[int, Claim]]] = {}
    for number, claim in enumerate(claims):
        if clean(claim.text):
            name = clean(claim.speaker or "")
            groups.setdefault((True, name) if name else (False, _source(claim).casefold()), []).append((number, claim))
    weighed: list[tuple[int, Voice]] = []
    for (named, name), group in groups.items():
        first = group[0][1]
        actor = by_name.get(first.speaker or "")
        said = tuple(_said(number, claim, links=links, anchors=anchors) for number, claim in group)
        voice = Voice(name if named else _source(first), named, about(actor) if actor else "", said)
        weight = _WEIGHT[actor.salience] if actor else _UNKNOWN_WEIGHT if named else _UNNAMED_WEIGHT
        weighed.append((weight, voice))
    return tuple(voice for _, voice in sorted(weighed, key=lambda pair: pair[0]))


def _source(claim: Claim) -> str:
    return clean(claim.source.text) if claim.source else ""


def _said(number: int, claim: Claim, *, links: _Links, anchors: Anchors) -> Said:
    pieces = [text for text in map(clean, find_pieces(claim)) if text] or [clean(claim.text)]
    if claim.form == "direct":
        pieces = [unquoted(text) for text in pieces]
    # A comma before the cue ("We wait," she said) ends nothing where the cue stands elsewhere.
    pieces[-1] = pieces[-1].rstrip(",") or pieces[-1]
    return Said(
        number=number,
        text=" … ".join(pieces),
        by=find_attribution(claim.source, claim.cue),
        form=claim.form,
        certainty=claim.certainty,
        id=anchors.anchor(" … ".join(pieces)),
        href=links.address(pieces, claim),
    )


def find_pieces(claim: Claim) -> tuple[str, ...]:
    """Return the parts of a claim's content, one for each of its spans; its whole text where the two do not agree."""
    lengths = [span.end - span.start for span in claim.spans]
    if sum(lengths) + len(" … ") * (len(lengths) - 1) != len(claim.text):
        return (claim.text,)
    pieces, start = [], 0
    for length in lengths:
        pieces.append(claim.text[start : start + length])
        start += length + len(" … ")
    return tuple(pieces)


def unquoted(text: str) -> str:
    """Return `text` without a quotation mark at its start and one at its end.

    >>> unquoted("“We will wait,”")
    'We will wait,'
    """
    return _OUTER.sub("", text) or text


def find_attribution(source: Passage | None, cue: Passage | None) -> str:
    """Return who says it and how, in the article's words and order; words left out between the two show as "…".

    >>> from briefs.schema import Span
    >>> said = Passage(text="according to", span=Span(start=40, end=52))
    >>> find_attribution(Passage(text="two officials", span=Span(start=53, end=66)), said)
    'according to two officials'
    """
    parts = sorted((part for part in (source, cue) if part and clean(part.text)), key=lambda part: part.span.start)
    if len(parts) < 2:
        return clean(parts[0].text) if parts else ""
    gap = parts[1].span.start - parts[0].span.end
    return (" … " if gap > 2 else " ").join(clean(part.text) for part in parts)


def language(tag: str) -> str:
    """Return a BCP 47 tag, or the empty string, which HTML takes for "unknown", where `tag` is none or `und`."""
    known = re.fullmatch(r"[A-Za-z]{2,3}(-[A-Za-z0-9]{1,8})*", tag) and tag.lower() != "und"
    return tag if known else ""
