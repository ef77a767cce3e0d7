"""The tagger: which words are names, sources, cues and contents, and what each sentence does in the story.

The network (`briefs.network`) reads windows of an article (`briefs.windows`) and gives scores for every word and a vector for
every sentence; where windows overlap, log-probabilities and vectors are averaged. `briefs.decode` makes spans of the scores
of words; from the vectors of all sentences in a row the network tells their roles.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from functools import cache
from itertools import chain, compress
from threading import Lock, Thread
from typing import Any, NamedTuple, Protocol, get_args

import numpy as np
from numpy.typing import NDArray

from briefs.decode import Lattice, best_spans, log_softmax, read_lattices, snap, word_scores
from briefs.errors import TaggerError
from briefs.network import Floats, Ints, Sentences, Words, load_model
from briefs.schema import (
    Article,
    AttributionLabel,
    AttributionSpan,
    DiscourseRole,
    Kind,
    Mention,
    SentenceTag,
    Span,
    Tags,
)
from briefs.windows import Unit, Window, cut_windows, read_article
from briefs.wordpiece import WordPiece

ATTRIBUTION: tuple[AttributionLabel, ...] = get_args(AttributionLabel)  # the order of the model's labels
KINDS: tuple[Kind, ...] = get_args(Kind)  # PER, ORG, LOC, MISC
ROLES: tuple[DiscourseRole, ...] = get_args(DiscourseRole)
LABELS = {"attribution": 1 + 2 * len(ATTRIBUTION), "entity": 1 + 2 * len(KINDS)}  # O, then B and I of each kind

# The chance from which a span is worth marking, in the order of ATTRIBUTION and of KINDS. Those of attribution are chosen on
# the dev split, by what `python -m training.floors` prints. That of names is lower than its best (.4, by .2 points): a name
# whose kind is in doubt has half of the chance, and a person left out is worse for a brief than a name too many.
FLOORS = {"attribution": np.array([0.1, 0.15, 0.25]), "entity": np.full(len(KINDS), 0.3)}

WINDOW = 320  # pieces; windows are read one at a time, as on a CPU two at once take longer

_LOADING = Lock()


class Network(Protocol):
    """What the tagger asks of a model; `briefs.network.OnnxNetwork` says what comes in and out."""

    def read_words(self, ids: Ints, cases: Ints, markers: Ints) -> Words:
        """Return what is read in a window."""

    def read_sentences(self, vectors: Floats, positions: Ints) -> Sentences:
        """Return what is read from the sentences of one article in a row."""


class Reading(NamedTuple):
    """What the network says of an article: of its words, each a range of code points, and of its sentences."""

    bounds: list[tuple[int, int]]
    words: dict[str, Lattice]  # by head; empty where there are no words
    sentences: Sentences


class Tagger:
    """A network with its vocabulary and the transitions of its labels; the tags of an article depend on nothing else."""

    def __init__(
        self,
        network: Network,
        *,
        vocabulary: Sequence[str],
        transitions: Mapping[str, Floats],
        version: str,
    ) -> None:
        self.version = version
        self._network = network
        self._transitions = transitions
        self._wordpiece = WordPiece({piece: number for number, piece in enumerate(vocabulary)})

    def tag(self, article: Article) -> Tags:
        """Return the tags of `article`: spans in the order of its text, one sentence tag for each of its sentences."""
        return make_tags(article, self.read(article))

    def read(self, article: Article) -> Reading:
        """Return what the network says of `article`."""
        units, positions, headline = read_article(article, self._wordpiece)
        pieces, said = self._score(units, positions, headline=headline)
        opens = list(chain.from_iterable(unit.opens for unit in units))
        offsets = list(chain.from_iterable(unit.offsets for unit in units))
        closes = [*opens[1:], True]
        heads = [(word_scores(scores, opens), self._transitions[head]) for head, scores in pieces.items()]
        lattices = read_lattices(heads) if opens else []
        titles = len(units) - len(article.sentences)
        return Reading(
            bounds=[(a, b) for (a, _), (_, b) in zip(compress(offsets, opens), compress(offsets, closes), strict=True)],
            words=dict(zip(pieces, lattices, strict=False)),
            sentences=Sentences(said.role[titles:], said.speech[titles:]),
        )

    def _score(
        self, units: Sequence[Unit], positions: Sequence[int], *, headline: Unit | None
    ) -> tuple[dict[str, Floats], Sentences]:
        """Return log-probabilities by head, a row a piece over all units, and what is said of each unit."""
        scores: dict[str, list[Floats]] = {head: [np.zeros((0, labels), np.float32)] for head, labels in LABELS.items()}
        vectors: list[Floats] = []
        for window in cut_windows(units, size=WINDOW, headline=headline):
            read = self._read_window(window)
            for head, rows in scores.items():
                logs = log_softmax(getattr(read, head))
                rows += [logs[at : at + length] for _, _, length, at in window.parts]
            vectors.append(read.sentence[: len(window.openings)])
        if vectors:
            said = self._network.read_sentences(np.concatenate(vectors), np.array(positions, np.int64))
        else:
            said = Sentences(np.zeros((0, len(ROLES)), np.float32), np.zeros((0, 2), np.float32))
        return {head: np.concatenate(rows) for head, rows in scores.items()}, said

    def _read_window(self, window: Window) -> Words:
        opened = [at for _, at in window.openings]
        markers = opened + [0] * (2 - len(opened))  # the network wants two; what it says of those added is not used
        return self._network.read_words(*(np.array(row, np.int64) for row in (window.ids, window.cases, markers)))


def load_tagger(threads: int = 1) -> Tagger:
    """Return the tagger that ships with briefs, opened once in a process for each number of threads.

    May be called from several threads: the first opens it, the others wait. Raises TaggerError if it cannot be opened.
    """
    with _LOADING:
        return _load(threads)


def load_ahead(threads: int = 1) -> None:
    """Begin to open what `load_tagger` returns, in a thread of its own: what else is needed can be imported meanwhile.

    Where it cannot be opened, `load_tagger` says so.
    """

    def load() -> None:
        with suppress(TaggerError):
            load_tagger(threads)

    Thread(target=load).start()


@cache
def _load(threads: int) -> Tagger:
    model = load_model(threads=threads)
    return Tagger(model.network, vocabulary=model.vocabulary, transitions=model.transitions, version=model.version)


def make_tags(article: Article, reading: Reading, floors: Mapping[str, Floats] = FLOORS) -> Tags:
    """Return the tags that a reading of `article` amounts to; `floors` has the least chance of a span of each kind, by head."""
    return Tags(
        mentions=tuple(
            Mention(span=span, kind=KINDS[kind], score=score)
            for kind, span, score in _find_spans(article.text, reading, "entity", floors)
        ),
        attributions=tuple(
            AttributionSpan(span=span, label=ATTRIBUTION[kind], score=score)
            for kind, span, score in _find_spans(article.text, reading, "attribution", floors)
        ),
        sentences=_sentence_tags([s.span for s in article.sentences], reading.sentences),
    )


def _find_spans(
    text: str, reading: Reading, head: str, floors: Mapping[str, Floats]
) -> Iterator[tuple[int, Span, float]]:
    """Yield (kind, span, score) of each span; the score is the chance that there is exactly this span."""
    if head not in reading.words:
        return
    for kind, first, past, chance in best_spans(reading.words[head], floors[head]):
        start, end = snap(text, reading.bounds[first][0], reading.bounds[past - 1][1], name=head == "entity")
        if start < end:
            yield kind, Span(start=start, end=end), min(1.0, round(chance, 3))


def _sentence_tags(spans: Sequence[Span], said: Sentences) -> tuple[SentenceTag, ...]:
    """Return the tags of the sentences, a row of scores each."""
    chances = np.exp(log_softmax(said.role))
    spoken = np.exp(log_softmax(said.speech))[:, 1]
    rows = zip(spans, chances.argmax(axis=1), _rounded(chances), _rounded(spoken), strict=True)
    return tuple(SentenceTag(span=span, role=ROLES[best], scores=row, speech=voice) for span, best, row, voice in rows)


def _rounded(scores: NDArray[np.floating]) -> list[Any]:
    """Return scores to three places, as lists: what differs beyond differs between processors."""
    rounded: list[Any] = scores.astype(np.float64).round(3).clip(0, 1).tolist()
    return rounded
