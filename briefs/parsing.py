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

from briefs.readers.text import read_text
from briefs.schema import Actor, Article, Brief, Claim, Passage, Span, Tags
from briefs.stages.actors import find_actors, find_entities
from briefs.stages.attribution import find_attributions
from briefs.stages.certainty import read_certainty
from briefs.stages.claims import Reading, find_claims
from briefs.stages.coreference import speaker_of
from briefs.stages.discourse import find_parts
from briefs.stages.entities import Entity
from briefs.stages.summary import find_summary
from briefs.tagger import load_tagger

SEPARATOR = " … "  # between the pieces of a broken content


def read(source: str | bytes, *, path: str = "", language: str = "en") -> Article:
    r"""Return the article in a text: its headline, paragraphs and sentences, and what is furniture.

    `path` names the text in errors and in `Article.origin`. `language` is "en", or "any" to take other languages as well.
    Raises SeedError where the text is no article.

    >>> article = read("Dam holds\n\nThe dam above Selmoor held on Monday, officials said.\n")
    >>> article.headline.of(article.text)
    'Dam holds'
    """
    data = source.encode("utf-8", "surrogatepass") if isinstance(source, str) else source
    return read_text(data, path=path, language=language)


def parse(source: str | Article, *, language: str = "en", threads: int = 1) -> Brief:
    r"""Return the brief of a text or of an article that was read before.

    Spans are half-open ranges of code points of `Article.text`: the text itself, but for line ends made LF, a byte order mark
    dropped, and line breaks inside paragraphs made spaces. `threads` are those of the model. Raises SeedError where the text
    is no article, TaggerError where the model cannot be loaded.

    >>> brief = parse("Dam holds\n\nThe dam above Selmoor will hold, Mayor Ana Ruiz said on Monday.\n")
    >>> [(actor.name, actor.roles) for actor in brief.actors]
    [('Ana Ruiz', ('Mayor',))]
    """
    article = source if isinstance(source, Article) else read(source, language=language)
    tagger = load_tagger(threads)
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
