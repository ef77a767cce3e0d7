"""How an article was read, for people and for programs: what `briefs inspect` prints."""

from __future__ import annotations

import json
from bisect import bisect_left
from collections.abc import Iterator, Sequence

from briefs.escape import clean
from briefs.schema import Article, Origin, Span, Tags

_Labelled = tuple[Span, str, float]  # where, the label or kind, its probability


def to_json(article: Article, tags: Tags) -> str:
    """Return the article and its tags as JSON: an object with the keys `article` and `tags`."""
    return json.dumps({"article": article.model_dump(), "tags": tags.model_dump()}, indent=2, ensure_ascii=False) + "\n"


def describe(article: Article, tags: Tags) -> str:
    """Return the article's fields and furniture, then the headline and each sentence with role, names and attributions.

    Numbers are the tagger's probabilities; positions are code points of the article's text. Nothing in it is a control
    character, whatever the article holds.
    """
    return "\n".join([*_describe_origin(article), "", *_describe_sentences(article, tags)]) + "\n"


def _describe_origin(article: Article) -> Iterator[str]:
    yield f"headline   {_line(article, article.headline)}"
    if article.dek:
        yield f"dek        {_line(article, article.dek)}"
    for name in [name for name in Origin.model_fields if name != "landmarks"]:
        value = getattr(article.origin, name)
        if value:
            yield f"{name:10} {clean(', '.join(value) if isinstance(value, tuple) else str(value))}"
    for piece in article.furniture:
        yield f"furniture  {piece.kind}: {_line(article, piece.span)}"


def _describe_sentences(article: Article, tags: Tags) -> Iterator[str]:
    labelled = _labelled(tags)
    yield "headline"
    yield f"  {_line(article, article.headline)}"
    yield f"    {article.headline.start}-{article.headline.end}"
    yield from _describe_spans(article, labelled, article.headline)
    paragraph = None
    for sentence, tag in zip(article.sentences, tags.sentences, strict=True):
        if sentence.paragraph != paragraph:
            paragraph = sentence.paragraph
            yield f"paragraph {paragraph + 1}"
        speech = f", speech {tag.speech:.2f}" if tag.speech >= 0.5 else ""
        yield f"  {_line(article, sentence.span)}"
        yield f"    {sentence.span.start}-{sentence.span.end} {tag.role} {max(tag.scores):.2f}{speech}"
        yield from _describe_spans(article, labelled, sentence.span)


def _labelled(tags: Tags) -> list[_Labelled]:
    """Return the attribution spans and the names with their labels and scores, in the order of the text."""
    found: list[_Labelled] = [
        *((t.span, t.label, t.score) for t in tags.attributions),
        *((t.span, t.kind, t.score) for t in tags.mentions),
    ]
    return sorted(found, key=lambda s: (s[0].start, s[0].end))


def _describe_spans(article: Article, labelled: Sequence[_Labelled], where: Span) -> Iterator[str]:
    """Yield a line for each attribution span and each name that begins in a sentence."""
    first = bisect_left(labelled, where.start, key=lambda s: s[0].start)
    last = bisect_left(labelled, where.end, lo=first, key=lambda s: s[0].start)
    for span, label, score in labelled[first:last]:
        yield f"    {label:12} {score:.2f}  {_line(article, span)}"


def _line(article: Article, span: Span) -> str:
    return clean(span.of(article.text))
