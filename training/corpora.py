"""The folder of annotated news: its rows, and the articles that they make.

A row is one line of JSON. Offsets are half-open ranges of code points of the row's own text. Rows are read as they stand;
the types below name the fields that training and evaluation use.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any, TypedDict

from briefs.schema import Article, Origin, Sentence, Span
from briefs.text import find_sentences

Pairs = list[list[int]]


class AttributionRow(TypedDict):
    """An article of PolNeAR; its text begins with the title, ended by a full stop."""

    id: str
    title: str
    text: str
    attributions: list[dict[str, Pairs]]


class DiscourseSentence(TypedDict):
    """A sentence of NewsDiscourse."""

    text: str
    paragraph: int
    label: str
    speech: bool


class DiscourseRow(TypedDict):
    """An article of NewsDiscourse."""

    id: str
    headline: str
    sentences: list[DiscourseSentence]


class NerRow(TypedDict):
    """A tokenised sentence or article with names as BIO tags."""

    id: str
    source: str
    doc: str
    tokens: list[str]
    tags: list[str]


class SummaryRow(TypedDict):
    """An article of a corpus of summaries."""

    id: str
    title: str
    text: str


def read_rows(path: Path) -> Iterator[Any]:
    """Yield the rows of a JSON Lines file; the caller knows their type."""
    with path.open(encoding="utf-8") as lines:
        for line in lines:
            yield json.loads(line)


def make_article(text: str, headline: Span, paragraphs: Sequence[Sequence[Span]]) -> Article:
    """Return an article whose paragraphs are the given lists of sentences."""
    kept = [sentences for sentences in paragraphs if sentences]
    return Article(
        text=text,
        headline=headline,
        paragraphs=tuple(Span(start=s[0].start, end=s[-1].end) for s in kept),
        sentences=tuple(Sentence(span=span, paragraph=n) for n, sentences in enumerate(kept) for span in sentences),
        origin=Origin(path="", sha256=""),
    )


def attribution_article(row: AttributionRow) -> Article:
    r"""Return a row of PolNeAR as an article: the first line is the headline, each further line a paragraph.

    >>> row: AttributionRow = {"id": "1", "title": "Rain", "text": "Rain.\n\nIt rains. It pours.", "attributions": []}
    >>> [s.span.of(row["text"]) for s in attribution_article(row).sentences]
    ['It rains.', 'It pours.']
    """
    return _lined_article(row["text"])


def discourse_article(row: DiscourseRow) -> Article:
    """Return a row of NewsDiscourse as an article with the row's own sentences, joined by spaces and blank lines."""
    text = row["headline"]
    headline = Span(start=0, end=len(text))
    paragraphs: dict[int, list[Span]] = {}
    for sentence in row["sentences"]:
        words = sentence["text"].strip() or "."
        text += (" " if sentence["paragraph"] in paragraphs else "\n\n") + words
        paragraphs.setdefault(sentence["paragraph"], []).append(Span(start=len(text) - len(words), end=len(text)))
    return make_article(text, headline, list(paragraphs.values()))


def summary_article(row: SummaryRow) -> Article:
    r"""Return a row of a corpus of summaries as an article, its title the headline, each line of its text a paragraph.

    >>> article = summary_article({"id": "1", "title": "Rain", "text": "It rains. It pours.\n\nIt ends."})
    >>> [(s.span.of(article.text), s.paragraph) for s in article.sentences]
    [('It rains.', 0), ('It pours.', 0), ('It ends.', 1)]
    """
    return _lined_article(f"{row['title']}\n\n{row['text']}")


def _lined_article(text: str) -> Article:
    """Return a text as an article: its first line is the headline, each further line a paragraph."""
    lines = [Span(start=m.start(), end=m.end()) for m in re.finditer(r"[^\n]*\S[^\n]*", text)]
    return make_article(text, lines[0], [find_sentences(text, line) for line in lines[1:]])


def ner_article(row: NerRow) -> tuple[Article, list[Span]]:
    """Return a row of tokens as an article of one paragraph without a headline, and the span of each token."""
    text, tokens = "", []
    for token in row["tokens"]:
        text += " " if text else ""
        tokens.append(Span(start=len(text), end=len(text) + len(token)))
        text += token
    return make_article(text, Span(start=0, end=0), [find_sentences(text, Span(start=0, end=len(text)))]), tokens
