"""From an article to its brief: the stages, in order.

    tag          the model's names, attribution spans and sentence roles
    entities     names, pronouns and descriptions, gathered by whom they mean
    actors       those that act, speak or are affected
    attributions sources, cues and contents that belong together
    claims       what is said, by whom, how surely
    parts        lede, context, outlook
    summary      one paragraph

Every stage is a function of the article and what came before it; none knows of files, templates or the command line.
"""

from __future__ import annotations

from collections.abc import Sequence

from briefs.schema import Actor, Article, Brief, Claim, Passage, Span, Tags
from briefs.stages.actors import find_actors, find_entities
from briefs.stages.attribution import find_attributions
from briefs.stages.claims import Reading, find_claims, read_certainty
from briefs.stages.coreference import speaker_of
from briefs.stages.discourse import find_parts
from briefs.stages.entities import Entity
from briefs.stages.summary import find_summary
from briefs.tagger import Tagger

SEPARATOR = " … "  # between the pieces of a broken content


def parse_article(article: Article, tagger: Tagger) -> Brief:
    """Return the brief of an article, as `tagger` reads it."""
    return assemble(article, tagger.tag(article), tagger=tagger.version)


def assemble(article: Article, tags: Tags, *, tagger: str) -> Brief:
    """Return the brief of an article from its tags. `tagger` is the version that made them."""
    entities = find_entities(article, tags)
    actors = find_actors(entities, article, tags)
    readings = find_claims(article, find_attributions(article, tags))
    claims = tuple(_claim(article, reading, entities, actors) for reading in readings)
    parts = find_parts(article, tags)
    return Brief(
        headline=_passage(article, article.headline),
        dek=_passage(article, article.dek) if article.dek else None,
        lede=parts.lede,
        actors=actors,
        claims=claims,
        context=parts.context,
        outlook=parts.outlook,
        summary=find_summary(article, parts, claims, actors),
        origin=article.origin,
        tagger=tagger,
    )


def _passage(article: Article, span: Span) -> Passage:
    return Passage(text=span.of(article.text), span=span)


def _claim(article: Article, reading: Reading, entities: Sequence[Entity], actors: Sequence[Actor]) -> Claim:
    entity = speaker_of(reading.source, entities, article) if reading.source else None
    speaker = next((a for a in actors if entity and a.name == entity.name), None)
    known = [speaker.name, *speaker.aliases, speaker.affiliation or ""] if speaker else []
    return Claim(
        text=SEPARATOR.join(span.of(article.text) for span in reading.content),
        spans=reading.content,
        speaker=speaker.name if speaker else None,
        source=_passage(article, reading.source) if reading.source else None,
        cue=_passage(article, reading.cue) if reading.cue else None,
        form=reading.form,
        certainty=read_certainty(article.text, reading, speaker_names=known),
        sentence=reading.sentence,
    )
