"""From annotated rows to what the network is trained on: documents, cut into the windows that the tagger reads.

A document is an article, or one sentence or passage of a corpus of names. It carries the labels that its corpus has; a label
of -1 is unknown and is not trained on.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import groupby

import numpy as np
from numpy.typing import NDArray

from briefs.schema import Article, Span
from briefs.tagger import ATTRIBUTION, KINDS, ROLES
from briefs.windows import Unit, Window, cut_windows, read_article
from briefs.wordpiece import WordPiece
from training.corpora import (
    AttributionRow,
    DiscourseRow,
    NerRow,
    SummaryRow,
    attribution_article,
    discourse_article,
    ner_article,
    summary_article,
)
from training.evaluate import LABELS, NER_LABELS

UNKNOWN = -1
# In training every repetition costs time, and so does length; in use a window is a little longer, which reads no worse.
WINDOW, OVERLAP = 288, 1  # pieces of a window, and sentences that it repeats
PASSAGE = 8  # sentences of a corpus of names read together, at most

Ints = NDArray[np.int64]
Labelled = tuple[Span, int]  # a span and the number of its kind

_ROLE_NUMBERS = {LABELS[role]: number for number, role in enumerate(ROLES)}
_KIND_NUMBERS = {NER_LABELS[kind]: number for number, kind in enumerate(KINDS)}
_CURLY = str.maketrans({"“": '"', "”": '"', "‘": "'", "’": "'"})
_SMALL = frozenset("a an and as at but by for from in is of on or the to up with".split())


@dataclass(frozen=True)
class Source:
    """An article with its labels, before it is cut into pieces: what augmentation changes."""

    article: Article
    attribution: tuple[Labelled, ...] | None = None
    entity: tuple[Labelled, ...] | None = None
    roles: tuple[int, ...] | None = None  # one a sentence of the article
    speech: tuple[int, ...] | None = None


@dataclass(frozen=True)
class Piecewise:
    """One window: pieces and case classes; which word each piece is of, and the words' labels; its markers."""

    ids: Ints
    cases: Ints
    owners: Ints  # the number in the window of each piece's word, or -1
    attribution: Ints  # a label a word
    entity: Ints
    markers: Ints  # index in the window of each marker whose sentence begins here
    sentences: Ints  # and the number of that sentence in the document


@dataclass(frozen=True)
class Document:
    """What one article gives: windows, and labels for its sentences, the headline (if any) the first of them."""

    windows: tuple[Piecewise, ...]
    positions: Ints
    roles: Ints
    speech: Ints

    @property
    def longest(self) -> int:
        """Return the pieces of the longest window."""
        return max(len(w.ids) for w in self.windows)


@dataclass(frozen=True)
class Prepared:
    """A document in its versions, the first as it stands; `kind` is the corpus that it is from, of names with the draw."""

    kind: str
    versions: tuple[Document, ...]

    @property
    def corpus(self) -> str:
        """Return the corpus without the draw."""
        return self.kind.partition("/")[0]

    @property
    def is_article(self) -> bool:
        """Return whether this is an article, and not a sentence or a passage of the corpus of names."""
        return "/" not in self.kind


def attribution_source(row: AttributionRow) -> Source:
    """Return an article of PolNeAR with its sources, cues and contents; where two overlap, the rarer kind comes last."""
    order = ("content", "source", "cue")
    spans = [
        (Span(start=start, end=end), ATTRIBUTION.index(name))
        for name in order
        for attribution in row["attributions"]
        for start, end in attribution.get(name, [])
    ]
    return Source(attribution_article(row), attribution=tuple(dict.fromkeys(spans)))


def discourse_source(row: DiscourseRow) -> Source:
    """Return an article of NewsDiscourse with the roles of its sentences."""
    sentences = row["sentences"]
    return Source(
        discourse_article(row),
        roles=tuple(_ROLE_NUMBERS[s["label"]] for s in sentences),
        speech=tuple(int(s["speech"]) for s in sentences),
    )


def summary_source(row: SummaryRow) -> Source:
    """Return an article of the corpus of summaries, of which nothing is known."""
    return Source(summary_article(row))


def name_sources(rows: Iterable[NerRow], rng: random.Random) -> Iterator[Source]:
    """Yield rows of names: half of them alone, half with the next rows of their document as one passage."""
    for _, group in groupby(rows, key=lambda r: (r["source"], r["doc"] or r["id"])):
        document = list(group)
        while document:
            taken = 1 if rng.random() < 0.5 else rng.randint(2, PASSAGE)
            yield _name_source(document[:taken])
            del document[:taken]


def _name_source(rows: Sequence[NerRow]) -> Source:
    tokens = [token for row in rows for token in row["tokens"]]
    tags = [tag for row in rows for tag in row["tags"]]
    article, spans = ner_article({**rows[0], "tokens": tokens, "tags": tags})
    found: list[Labelled] = []
    for span, tag in zip(spans, tags, strict=True):
        if tag == "O":
            continue
        kind = _KIND_NUMBERS[tag[2:]]
        if tag[0] == "I" and found and found[-1][1] == kind and found[-1][0].end + 1 == span.start:
            found[-1] = (Span(start=found[-1][0].start, end=span.end), kind)
        else:
            found.append((span, kind))
    return Source(article, entity=tuple(found))


def augment(source: Source, rng: random.Random) -> Source:
    """Return the source with, now and then, other quotation marks or another case; its offsets stay as they are."""
    text = source.article.text
    if rng.random() < 0.3:
        text = _straightened(text) if any(c in text for c in "“”‘’") else _curled(text)
    chance = rng.random()
    if source.entity is not None and chance < 0.12:
        changes = (str.upper, _titled, str.lower)
        text = _same_length(text, changes[int(chance / 0.04)])
    elif source.attribution is not None and chance < 0.1:
        headline = source.article.headline
        text = _same_length(text[: headline.end], str.upper) + text[headline.end :]
    return replace(source, article=source.article.model_copy(update={"text": text}))


def _straightened(text: str) -> str:
    return text.translate(_CURLY)


def _curled(text: str) -> str:
    """Return the text with curly quotation marks, each opening after white space or a bracket."""
    curled = []
    before = " "
    for character in text:
        if character == '"':
            curled.append("“" if before in " \n(" else "”")
        elif character == "'":
            curled.append("‘" if before in " \n(" else "’")
        else:
            curled.append(character)
        before = character
    return "".join(curled)


def _titled(text: str) -> str:
    return " ".join(w if w.lower() in _SMALL else w[:1].upper() + w[1:] for w in text.split(" "))


def _same_length(text: str, change: Callable[[str], str]) -> str:
    changed = change(text)
    return changed if len(changed) == len(text) else text


def make_document(source: Source, wordpiece: WordPiece) -> Document:
    """Cut a source into windows."""
    article = source.article
    units, positions, headline = read_article(article, wordpiece)
    attribution = word_labels(units, source.attribution)
    entity = word_labels(units, source.entity)
    windows = tuple(
        _piecewise(window, units, attribution, entity)
        for window in cut_windows(units, size=WINDOW, overlap=OVERLAP, headline=headline)
    )
    count = len(article.sentences)
    titles = len(units) - count
    return Document(
        windows,
        positions=np.array(positions, np.int64),
        roles=np.array([*[UNKNOWN] * titles, *(source.roles or [UNKNOWN] * count)], np.int64),
        speech=np.array([*[UNKNOWN] * titles, *(source.speech or [UNKNOWN] * count)], np.int64),
    )


def word_labels(units: Sequence[Unit], spans: Sequence[Labelled] | None) -> list[Ints]:
    """Return, for each unit, the labels of its words: 0 outside, then B and I of each kind; -1 if there are no spans to know.

    A word is in a span if they share a character; later spans write over earlier ones.
    """
    bounds = [_word_bounds(unit) for unit in units]
    if spans is None:
        return [np.full(len(b), UNKNOWN, np.int64) for b in bounds]
    starts = np.array([start for b in bounds for start, _ in b], np.int64)
    ends = np.array([end for b in bounds for _, end in b], np.int64)
    labels = np.zeros(len(starts), np.int64)
    for span, kind in spans:
        inside = np.flatnonzero((starts < span.end) & (ends > span.start))
        if len(inside):
            labels[inside] = 2 * kind + 2
            labels[inside[0]] = 2 * kind + 1
    return np.split(labels, np.cumsum([len(b) for b in bounds])[:-1])


def _word_bounds(unit: Unit) -> list[tuple[int, int]]:
    bounds: list[tuple[int, int]] = []
    for (start, end), opens in zip(unit.offsets, unit.opens, strict=True):
        if opens:
            bounds.append((start, end))
        else:
            bounds[-1] = (bounds[-1][0], end)
    return bounds


def _piecewise(window: Window, units: Sequence[Unit], attribution: Sequence[Ints], entity: Sequence[Ints]) -> Piecewise:
    owners = [UNKNOWN] * len(window.ids)
    labels: tuple[list[int], list[int]] = ([], [])
    for unit, first, length, at in window.parts:
        opens = units[unit].opens
        number = sum(opens[:first])
        for piece in range(first, first + length):
            if opens[piece]:
                labels[0].append(int(attribution[unit][number]))
                labels[1].append(int(entity[unit][number]))
                number += 1
            if piece > first or opens[piece]:  # the rest of a word that a cut has divided belongs to none
                owners[at + piece - first] = len(labels[0]) - 1
    # A span that began before the window goes on in it: its first word here begins it as far as the window can tell.
    for row in labels:
        for place, label in enumerate(row):
            before = row[place - 1] if place else 0
            if label > 0 and label % 2 == 0 and before not in (label, label - 1):
                row[place] = label - 1
    sentences, markers = [unit for unit, _ in window.openings], [at for _, at in window.openings]
    arrays = [np.array(x, np.int64) for x in (window.ids, window.cases, owners, *labels, markers, sentences)]
    return Piecewise(*arrays)
