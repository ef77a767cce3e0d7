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

from collections.abc import Iterator, Mapping, Sequence
from io import BytesIO
from itertools import islice

from briefs.errors import SeedError
from briefs.fragments import Surroundings
from briefs.limits import DEFAULT_MAX_BYTES
from briefs.readers import ReadOptions, read_articles
from briefs.schema import Actor, Article, Brief, Claim, Passage, Span, Tags
from briefs.stages.actors import find_actors, find_entities
from briefs.stages.attribution import find_attributions
from briefs.stages.certainty import read_certainty
from briefs.stages.claims import Reading, find_claims
from briefs.stages.coreference import Speakers
from briefs.stages.discourse import find_parts
from briefs.stages.summary import find_summary
from briefs.tagger import load_tagger

SEPARATOR = " … "  # between the pieces of a broken content


def read(source: str | bytes, *, path: str = "", language: str = "en") -> Article:
    r"""Return the article in a text, a Markdown file, a web page, a record or any other form that holds one.

    `path` names the source in errors and in `Article.origin`; its suffix is a hint to its form. `language` is "en", or "any"
    to take other languages as well. Raises SeedError where the source is no article, or holds more than one.

    >>> article = read("Dam holds\n\nThe dam above Selmoor held on Monday, officials said.\n")
    >>> article.headline.of(article.text)
    'Dam holds'
    """
    articles = list(islice(read_all(source, path=path, language=language), 2))
    if len(articles) > 1:
        raise SeedError(path, 1, 1, found="several articles", expected="one; read_all gives each")
    return articles[0]


def read_all(source: str | bytes, *, path: str = "", language: str = "en") -> Iterator[Article]:
    r"""Yield the articles of a source: of a feed its entries, of JSON Lines its records; else see `read`.

    Raises SeedError at the first that is no article.

    >>> lines = '{"title": "Dam holds", "text": "It held on Monday."}\n{"title": "Dam fails", "text": "It broke on Friday."}'
    >>> [article.headline.of(article.text) for article in read_all(lines)]
    ['Dam holds', 'Dam fails']
    """
    data = source.encode("utf-8", "surrogatepass") if isinstance(source, str) else source
    options = ReadOptions(max_bytes=max(len(data), DEFAULT_MAX_BYTES), language=language)
    for article in read_articles(BytesIO(data), path=path, options=options).each:
        if isinstance(article, SeedError):
            raise article
        yield article


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
    speakers = Speakers(entities, article)
    readings = find_claims(article, find_attributions(article, tags))
    actors = find_actors(entities, article, speakers, [r.source for r in readings if r.source])
    around = Surroundings(article.text)
    known = {actor.name: actor for actor in reversed(actors)}
    claims = tuple(_claim(article, reading, speakers, known, around) for reading in readings)
    parts = find_parts(article, tags)
    return Brief(
        headline=_passage(article, article.headline),
        dek=_passage(article, article.dek) if article.dek else None,
        lede=_placed(parts.lede, around),
        actors=actors,
        claims=claims,
        context=_placed(parts.context, around),
        outlook=_placed(parts.outlook, around),
        summary=_placed(find_summary(article, parts, claims, actors), around),
        origin=article.origin,
        tagger=tagger,
    )


def _passage(article: Article, span: Span) -> Passage:
    return Passage(text=span.of(article.text), span=span)


def _placed(passages: Sequence[Passage], around: Surroundings) -> tuple[Passage, ...]:
    """Return passages with what tells them from the same words elsewhere."""
    found = [(passage, *around.find([passage.span])) for passage in passages]
    return tuple(p.model_copy(update={"prefix": b, "suffix": a}) if b or a else p for p, b, a in found)


def _claim(
    article: Article, reading: Reading, speakers: Speakers, actors: Mapping[str, Actor], around: Surroundings
) -> Claim:
    entity = speakers.of(reading.source) if reading.source else None
    speaker = actors.get(entity.name) if entity else None
    known = [speaker.name, *speaker.aliases, speaker.affiliation or ""] if speaker else []
    prefix, suffix = around.find(reading.content)
    return Claim(
        text=SEPARATOR.join(span.of(article.text) for span in reading.content),
        spans=reading.content,
        speaker=speaker.name if speaker else None,
        source=_passage(article, reading.source) if reading.source else None,
        cue=_passage(article, reading.cue) if reading.cue else None,
        form=reading.form,
        certainty=read_certainty(article.text, reading, speaker_names=known),
        sentence=reading.sentence,
        prefix=prefix,
        suffix=suffix,
    )
