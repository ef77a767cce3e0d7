"""The tagger: one small ONNX model.

It reads an article and says which words are names, sources, cues and contents, and what each sentence does in the story.

The model reads windows of an article (`briefs.windows`) and answers with scores for every piece; where windows overlap, the
log-probabilities are averaged. `briefs.decode` makes spans of them. A session is opened once in a process.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from functools import cache
from importlib.resources import files
from importlib.resources.abc import Traversable
from threading import Lock
from typing import Literal, NamedTuple, get_args

import numpy as np
import onnxruntime
from numpy.typing import NDArray
from onnxruntime.capi.onnxruntime_pybind11_state import Fail, InvalidGraph, InvalidProtobuf, RuntimeException

from briefs.decode import Floats, log_softmax, read_spans, snap, viterbi, word_scores
from briefs.errors import TaggerError
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
from briefs.windows import Unit, Window, cut_windows, read_units
from briefs.wordpiece import WordPiece

Head = Literal["attribution", "entity", "role", "speech"]
ATTRIBUTION: tuple[AttributionLabel, ...] = get_args(AttributionLabel)  # the order of the model's labels
KINDS: tuple[Kind, ...] = get_args(Kind)  # PER, ORG, LOC, MISC
ROLES: tuple[DiscourseRole, ...] = get_args(DiscourseRole)
SPAN_HEADS: tuple[Head, ...] = ("attribution", "entity")  # labels: O, then B and I of each kind
MARKER_HEADS: tuple[Head, ...] = ("role", "speech")  # read at the piece that opens a sentence
HEADS: dict[Head, int] = {
    "attribution": 1 + 2 * len(ATTRIBUTION),
    "entity": 1 + 2 * len(KINDS),
    "role": len(ROLES),
    "speech": 2,
}

# One pass reads everything. In training, names and attributions were seen in windows of 256 pieces, roles in windows of 384
# that begin with the headline; of the windows between, these give the best sum of scores on the dev splits.
WINDOW, OVERLAP = 288, 3
BATCH = 2  # windows a run: on a CPU more take more memory and no less time
PADDING = 1.15  # a batch may be this much longer than its shortest window

_LOADING = Lock()


class _Scores(NamedTuple):
    """Sums of log-probabilities over windows, and how many windows they come from."""

    total: Floats
    seen: NDArray[np.float32]

    @classmethod
    def empty(cls, rows: int, labels: int) -> _Scores:
        return cls(np.zeros((rows, labels), np.float32), np.zeros(rows, np.float32))

    def add(self, rows: slice, values: Floats) -> None:
        self.total[rows] += values
        self.seen[rows] += 1

    def mean(self) -> Floats:
        return (self.total / np.maximum(self.seen, 1)[:, None]).astype(np.float32)


class Tagger:
    """A loaded model.

    `threads` is how many the model may use for one article. The tags of an article depend on nothing but the article and the
    model. Raises TaggerError if the model's files are missing or broken.
    """

    def __init__(self, *, threads: int = 1, model: Traversable | None = None) -> None:
        folder = model or files("briefs") / "model"
        try:
            vocabulary = (folder / "vocab.txt").read_text(encoding="utf-8").splitlines()
            card = json.loads((folder / "model.json").read_text(encoding="utf-8"))
            weights = (folder / "tagger.onnx").read_bytes()
            self._session = _open_session(weights, threads)
        except (OSError, ValueError, KeyError, Fail, InvalidGraph, InvalidProtobuf, RuntimeException) as error:
            raise TaggerError(f"{folder}: the tagger cannot be loaded: {error}") from error
        self.version: str = card["version"]
        self._wordpiece = WordPiece({piece: number for number, piece in enumerate(vocabulary)})

    def tag(self, article: Article) -> Tags:
        """Return the tags of `article`: spans in the order of its text, one sentence tag for each of its sentences."""
        text = article.text
        sentences = [s.span for s in article.sentences]
        titles = read_units(
            text, [article.headline] if article.headline.end > article.headline.start else [], self._wordpiece
        )
        units = [*titles, *read_units(text, sentences, self._wordpiece)]
        scores = self._score(units, headline=titles[0] if titles else None)
        return Tags(
            mentions=tuple(
                Mention(span=span, kind=KINDS[kind], score=score)
                for kind, span, score in _find_spans(text, units, scores["entity"], name=True)
            ),
            attributions=tuple(
                AttributionSpan(span=span, label=ATTRIBUTION[kind], score=score)
                for kind, span, score in _find_spans(text, units, scores["attribution"], name=False)
            ),
            sentences=_sentence_tags(sentences, scores, first=len(titles)),
        )

    def _score(self, units: Sequence[Unit], *, headline: Unit | None) -> dict[Head, _Scores]:
        """Return the scores of each head: a row a piece, over all units in a row, or a row a unit."""
        starts = np.concatenate([[0], np.cumsum([len(u) for u in units])]).astype(int)
        found = {
            head: _Scores.empty(int(starts[-1]) if head in SPAN_HEADS else len(units), labels)
            for head, labels in HEADS.items()
        }
        for window, outputs in self._run(cut_windows(units, size=WINDOW, overlap=OVERLAP, headline=headline)):
            for unit, first, length, at in window.parts:
                pieces = slice(starts[unit] + first, starts[unit] + first + length)
                for head in SPAN_HEADS:
                    found[head].add(pieces, outputs[head][at : at + length])
                if first == 0:  # the marker that opens the sentence itself, not the rest of a long one
                    for head in MARKER_HEADS:
                        found[head].add(slice(unit, unit + 1), outputs[head][at - 1 : at])
        return found

    def _run(self, windows: Sequence[Window]) -> list[tuple[Window, dict[Head, Floats]]]:
        """Run the model over windows, those of like length together; return log-probabilities in the windows' order."""
        results: dict[int, dict[Head, Floats]] = {}
        for batch in _batches(windows):
            longest = max(len(windows[i].ids) for i in batch)
            feed = {name: np.zeros((len(batch), longest), np.int64) for name in ("ids", "shapes", "mask", "positions")}
            for row, number in enumerate(batch):
                window = windows[number]
                size = len(window.ids)
                feed["ids"][row, :size] = window.ids
                feed["shapes"][row, :size] = window.cases
                feed["mask"][row, :size] = 1
                feed["positions"][row, :size] = window.positions
            outputs = self._session.run(list(HEADS), feed)
            for row, number in enumerate(batch):
                size = len(windows[number].ids)
                results[number] = {h: log_softmax(out[row, :size]) for h, out in zip(HEADS, outputs, strict=True)}
        return [(window, results[number]) for number, window in enumerate(windows)]


def load_tagger(threads: int = 1) -> Tagger:
    """Return the tagger that ships with briefs, opened once in a process for each number of threads.

    May be called from several threads: the first opens it, the others wait.
    """
    with _LOADING:
        return _load(threads)


@cache
def _load(threads: int) -> Tagger:
    return Tagger(threads=threads)


def _open_session(weights: bytes, threads: int) -> onnxruntime.InferenceSession:
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = threads
    options.inter_op_num_threads = 1
    options.log_severity_level = 3
    # Weights are stored as int8; the arithmetic is float32, which is the same on every processor to a rounding error.
    options.add_session_config_entry("session.disable_quant_qdq", "1")
    options.add_session_config_entry("session.intra_op.allow_spinning", "0")
    return onnxruntime.InferenceSession(weights, options, providers=["CPUExecutionProvider"])


def _batches(windows: Sequence[Window]) -> list[list[int]]:
    """Return the numbers of the windows in batches of like length, so that little is padded."""
    batches: list[list[int]] = []
    for number in sorted(range(len(windows)), key=lambda i: (len(windows[i].ids), i)):
        size = len(windows[number].ids)
        if batches and len(batches[-1]) < BATCH and size <= PADDING * len(windows[batches[-1][0]].ids):
            batches[-1].append(number)
        else:
            batches.append([number])
    return batches


def _find_spans(text: str, units: Sequence[Unit], scores: _Scores, *, name: bool) -> list[tuple[int, Span, float]]:
    """Return (kind, span, score) of each span; the score is the mean probability of its words' labels."""
    opens = [flag for unit in units for flag in unit.opens]
    offsets = [offset for unit in units for offset in unit.offsets]
    first = [i for i, flag in enumerate(opens) if flag]
    last = [*(i - 1 for i in first[1:]), len(opens) - 1]
    words = word_scores(scores.mean(), opens)
    path = viterbi(words)
    found = []
    for kind, begin, end in read_spans(path):
        start, stop = snap(text, offsets[first[begin]][0], offsets[last[end - 1]][1], name=name)
        if start < stop:
            mean = float(np.mean([np.exp(words[w, path[w]]) for w in range(begin, end)]))
            found.append((kind, Span(start=start, end=stop), _rounded(mean)))
    return found


def _sentence_tags(spans: Sequence[Span], scores: dict[Head, _Scores], *, first: int) -> tuple[SentenceTag, ...]:
    """Return the tags of the sentences, whose rows begin at `first`."""
    chances = np.exp(scores["role"].mean()[first:])
    chances /= chances.sum(axis=1, keepdims=True)
    spoken = np.exp(log_softmax(scores["speech"].mean()[first:]))
    return tuple(
        SentenceTag(
            span=span,
            role=ROLES[int(row.argmax())],
            scores=tuple(_rounded(x) for x in row),
            speech=_rounded(said[1]),
        )
        for span, row, said in zip(spans, chances, spoken, strict=True)
    )


def _rounded(score: float) -> float:
    """Scores are kept to three places: what differs beyond differs between processors."""
    return min(1.0, max(0.0, round(float(score), 3)))
