"""From names to actors: who acts, speaks or is affected in the story, and how much the story is about each."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence

from briefs.schema import Actor, Article, Salience, Span, Tags
from briefs.stages.acting import acts, in_passing
from briefs.stages.affiliations import find_affiliations
from briefs.stages.coreference import Speakers
from briefs.stages.drafts import Draft, draft_of
from briefs.stages.entities import Entity
from briefs.stages.groups import group_names
from briefs.stages.mentions import Name, find_names, story_of
from briefs.stages.names import name_key, words_of
from briefs.stages.references import follow
from briefs.stages.roles import RoleFact, find_roles
from briefs.stages.short_forms import Group
from briefs.stages.tokens import Words


def find_entities(article: Article, tags: Tags) -> tuple[Entity, ...]:
    """Return what the story names, in order of first mention, with every phrase that means it."""
    text = article.text
    words = Words(text, story_of(article))
    names = find_names(article, tags, words)
    spans = [n.span for n in names]
    groups = group_names(text, names)
    drafts = [_draft(text, group, spans) for group in groups]
    follow(article, tags, words, drafts)
    bodies = find_affiliations(article, drafts)
    return tuple(_finished(text, draft, body) for draft, body in zip(drafts, bodies, strict=True))


def _draft(text: str, group: Group, spans: Sequence[Span]) -> Draft:
    facts: list[RoleFact] = []
    if group.kind == "person":
        facts = [f for n in group.names if not n.in_headline for f in find_roles(text, n.span, spans)]
    mentions = tuple(n.span for n in group.names)
    return draft_of(text, _fullest(text, group.names), group.kind, mentions, facts)


def _fullest(text: str, names: Sequence[Name]) -> str:
    """Return the longest form of a name, by words, first in the story; an acronym only where there is nothing else."""
    written = [n.span.of(text) for n in names if not n.in_headline] or [n.span.of(text) for n in names]
    return max(written, key=lambda w: (len(words_of(w)), not w.isupper()))


def _finished(text: str, draft: Draft, affiliation: str | None) -> Entity:
    roles: dict[tuple[str, ...], str] = {}
    for fact in draft.facts:
        if fact.role is not None:
            roles.setdefault(words_of(fact.role.of(text)), fact.role.of(text))
    return Entity(
        name=draft.name,
        kind=draft.kind,
        gender=draft.gender,
        aliases=_aliases(text, draft),
        mentions=draft.spans,
        roles=tuple(_shortest(roles)),
        affiliation=affiliation,
        references=tuple(sorted(draft.references, key=lambda r: (r.span.start, r.span.end))),
    )


def _shortest(roles: dict[tuple[str, ...], str]) -> list[str]:
    """Return the roles without those that another one says in more words: "chief executive", not "executive" too."""
    return [
        role
        for words, role in roles.items()
        if not any(words != other and len(words) < len(other) and other[-len(words) :] == words for other in roles)
    ]


def _aliases(text: str, draft: Draft) -> tuple[str, ...]:
    found: dict[str, None] = {}
    for span in draft.spans:
        written = span.of(text)
        owner = text[span.end : span.end + 2]
        if owner in ("'s", "’s") and draft.name.startswith(written + owner):
            written += owner
        known = {draft.name.casefold(), *(f.casefold() for f in found)}
        if written.casefold() not in known:
            found.setdefault(written)
    return tuple(found)


def find_actors(
    entities: Sequence[Entity], article: Article, speakers: Speakers, sources: Sequence[Span]
) -> tuple[Actor, ...]:
    """Return the entities that are actors, in order of first mention, with how much the story is about each.

    `sources` are those of the claims.
    """
    spoke = Counter(found.name for source in sources if (found := speakers.of(source)) is not None)
    bodies = {e.affiliation for e in entities if e.affiliation}
    kept = [e for e in entities if _is_actor(e, article, speaks=e.name in spoke, is_body=e.name in bodies)]
    saliences = _saliences(kept, article, spoke)
    return tuple(
        Actor(
            name=e.name,
            kind="organization" if e.kind == "other" else e.kind,
            roles=e.roles,
            affiliation=e.affiliation,
            aliases=e.aliases,
            mentions=e.mentions,
            salience=saliences[e.name],
        )
        for e in kept
    )


def _is_actor(entity: Entity, article: Article, *, speaks: bool, is_body: bool) -> bool:
    text = article.text
    if _is_outlet(entity, article):
        return False
    body = [s for s in entity.mentions if not article.headline.contains(s)]
    if entity.kind == "person":
        return True
    if entity.kind == "other":
        return speaks and acts(text, body)
    if entity.kind == "place":
        return speaks or acts(text, body)
    if speaks:
        return True
    called = sum(r.form != "name" for r in entity.references)
    return called > 2 or not all(in_passing(text, s) for s in body) or (len(body) > 2 and not is_body)


def _is_outlet(entity: Entity, article: Article) -> bool:
    """Return whether an entity is the article's publisher or one of its writers, and the story not about it."""
    own = [article.origin.publisher or "", article.origin.byline or ""]
    keys = [words_of(o) for o in own if o]
    key = name_key(entity.name)
    same = any(key and any(k[i : i + len(key)] == key for i in range(len(k))) for k in keys)
    told = any(article.headline.contains(s) for s in entity.mentions)
    return same and not (told and len(entity.mentions) > 3)


def _saliences(kept: Sequence[Entity], article: Article, speakers: Mapping[str, int]) -> dict[str, Salience]:
    """Return how much the story is about each actor, from headline, position, frequency and speaking."""
    first = article.sentences[0].span.end if article.sentences else 0
    opening = article.paragraphs[min(1, len(article.paragraphs) - 1)].end if article.paragraphs else 0
    scores = {}
    for e in kept:
        starts = [r.span.start for r in e.references]
        in_story = [s for s in starts if s >= article.headline.end]
        score = 2.5 * any(article.headline.contains(s) for s in e.mentions)
        score += 1.5 * any(s < first for s in in_story) + 0.5 * any(s < opening for s in in_story)
        score += min(len(in_story), 12) * 0.25 + min(speakers.get(e.name, 0), 3) * 0.1
        scores[e.name] = (score, len(in_story))
    top = max((s for s, _ in scores.values()), default=0.0)
    found: dict[str, Salience] = {}
    for e in kept:
        score, count = scores[e.name]
        if score >= max(1.8, 0.6 * top):
            found[e.name] = "main"
        elif speakers.get(e.name) or count >= 3 or score >= 2.0:
            found[e.name] = "secondary"
        else:
            found[e.name] = "minor"
    return found


__all__ = ["find_actors", "find_entities"]
