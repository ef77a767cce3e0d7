"""From scores of pieces to labelled spans: the likeliest spans of words, snapped to what a reader would mark."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from briefs.network import Floats
from briefs.text import AMBIGUOUS, BEFORE_NAME

FORBIDDEN = np.float32(-1e9)
LONGEST = 400  # words of a span; the longest of a hundred thousand in the corpora has 355
TINY = 1e-300
RESCALED = 16  # words after which weights are brought to a sum of 1: they neither vanish nor run over

_EDGES = frozenset(" \t\n\r\u00a0,;:-–—")
_CLOSERS = {"(": ")", "[": "]", "“": "”", "«": "»", '"': '"', "‘": "’"}


def log_softmax(logits: Floats) -> Floats:
    """Return log-probabilities along the last axis.

    >>> [round(float(x), 3) for x in np.exp(log_softmax(np.array([0.0, 0.0], np.float32)))]
    [0.5, 0.5]
    """
    shifted = logits - logits.max(axis=-1, keepdims=True)
    normal: Floats = shifted - np.log(np.exp(shifted).sum(axis=-1, keepdims=True))
    return normal


def word_scores(pieces: Floats, opens: Sequence[bool]) -> Floats:
    """Return one row of scores a word from rows of log-probabilities a piece: the mean over its pieces.

    Labels are O, then B and I of each kind in turn. A word that begins a span does so with its first piece; the rest of its
    pieces are inside, so their I counts for the word's B as well. Shapes: [pieces, labels] to [words, labels].

    >>> rows = np.log(np.array([[0.2, 0.7, 0.1], [0.2, 0.1, 0.7]], np.float32))
    >>> np.exp(word_scores(rows, [True, False])).round(2).tolist()
    [[0.20000000298023224, 0.699999988079071, 0.25999999046325684]]
    """
    opening = np.asarray(opens, dtype=bool)
    first = np.flatnonzero(opening)
    if not len(first):
        return pieces[:0]
    rows = pieces.copy()
    rows[~opening, 1::2] = rows[~opening, 2::2]
    counts = np.diff(np.append(first, len(rows)))
    means: Floats = (np.add.reduceat(rows, first, axis=0) / counts[:, None]).astype(np.float32)
    return means


def barred(labels: int) -> Floats:
    """Return what keeps an I from following all but its own B or I, to be added to transitions: [labels, labels].

    >>> (barred(3) < 0).tolist()
    [[False, False, True], [False, False, False], [False, False, False]]
    """
    table = np.zeros((labels, labels), np.float32)
    for inside in range(2, labels, 2):
        table[:, inside] = FORBIDDEN
        table[[inside - 1, inside], inside] = 0
    return table


class LabelledWords(NamedTuple):
    """A span of words, half-open, its kind counted from 0, and the chance that there is exactly this span."""

    kind: int
    first: int
    past: int
    chance: float


class Lattice:
    """All sequences of labels over the words of an article, weighed by a linear-chain CRF (Lafferty et al., 2001).

    `scores` has a row a word and columns O, B and I of each kind in turn; `transitions` says how well a label (column) follows
    another (row). Both are log-potentials: [words, labels], one word at least, and [labels, labels].
    """

    def __init__(self, scores: Floats, transitions: Floats) -> None:
        self.words, labels = scores.shape
        begin, inside = np.arange(1, labels, 2), np.arange(2, labels, 2)
        table = (transitions + barred(labels)).astype(np.float64)
        rows = scores.astype(np.float64)
        opening = rows.copy()
        opening[0, inside] = FORBIDDEN
        before, onwards = _sum_chains(np.stack([opening, rows[::-1]]), np.stack([table, table.T]))
        leaving = np.zeros_like(rows)  # what follows a word that is the last of its span: anything but that span's I
        onward = table.copy()
        onward[begin, inside] = onward[inside, inside] = FORBIDDEN
        leaving[:-1] = _log_product(onwards[-2::-1], onward.T)
        total = np.logaddexp.reduce(before[-1])
        steps = np.cumsum(rows[:, inside] + table[inside, inside], axis=0)
        self._single = before[:, begin] + leaving[:, begin] - total
        self._opens = before[:, begin] + table[begin, inside] - table[inside, inside] - steps
        self._closes = steps + leaving[:, inside] - total
        self._ends = np.exp(before[:, inside] + leaving[:, inside] - total)

    def ends(self, floors: Floats) -> NDArray[np.bool_]:
        """Return for each word whether the chances of all spans that end with it reach the floor of their kind: [words]."""
        reached: NDArray[np.bool_] = ((np.exp(self._single) >= floors) | (self._ends >= floors)).any(axis=1)
        return reached

    def chances(self, last: int) -> NDArray[np.float64]:
        """Return the chances of the spans that end with a word, a row for each first word, up to `LONGEST`: [words, kinds]."""
        first = max(0, last + 1 - LONGEST)
        logs = np.append(self._opens[first:last] + self._closes[last], self._single[last : last + 1], axis=0)
        chances: NDArray[np.float64] = np.exp(logs)
        return chances


def best_spans(lattice: Lattice, floors: Floats) -> list[LabelledWords]:
    """Return the spans, none overlapping, whose chances exceed the floor of their kind by the largest sum, in order.

    The best sequence of labels has the words right most often; these have whole spans right most often, which is what a
    reader sees. The best floor for F1 is half of the F1 that can be reached.

    >>> rows = np.log(np.array([[0.4, 0.35, 0.25], [0.1, 0.2, 0.7]], np.float32))
    >>> found = best_spans(Lattice(rows, np.zeros((3, 3), np.float32)), np.array([0.25]))
    >>> [(span.kind, span.first, span.past, round(span.chance, 3)) for span in found]
    [(0, 0, 2, 0.521)]
    """
    best = np.zeros(lattice.words + 1)
    chosen: list[LabelledWords | None] = [None]
    plausible = lattice.ends(floors)
    for last in range(lattice.words):
        best[last + 1] = best[last]
        chosen.append(None)
        if plausible[last]:
            chances = lattice.chances(last)
            first = last + 1 - len(chances)
            sums = best[first : last + 1, None] + chances - floors
            row, kind = divmod(int(sums.argmax()), len(floors))
            if sums[row, kind] > best[last]:
                best[last + 1] = sums[row, kind]
                chosen[-1] = LabelledWords(kind, first + row, last + 1, float(chances[row, kind]))
    found: list[LabelledWords] = []
    place = lattice.words
    while place:
        span = chosen[place]
        if span:
            found.append(span)
        place = span.first if span else place - 1
    return found[::-1]


def _sum_chains(rows: NDArray[np.float64], tables: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return the log-weight of all sequences up to each word that end with each label, for several chains at once.

    `rows` is [chains, words, labels] and `tables` [chains, labels, labels]. The chains run side by side, as one of all labels
    whose table has the others' tables on its diagonal.
    """
    chains, words, labels = rows.shape
    peaks = rows.max(axis=2)
    weights = np.exp(rows - peaks[:, :, None]).transpose(1, 0, 2).reshape(words, -1)
    blocks = np.zeros((chains, labels, chains, labels))
    blocks[range(chains), :, range(chains)] = np.exp(tables)
    moves = blocks.reshape(chains * labels, -1)
    states, scales = np.empty_like(weights), np.zeros_like(peaks)
    state = states[0] = weights[0]
    for word in range(1, words):
        state = np.dot(state, moves, out=states[word])
        state *= weights[word]
        if word % RESCALED == 0:
            totals = state.reshape(chains, labels).sum(axis=1)
            state /= np.repeat(totals, labels)
            scales[:, word] = np.log(totals)
    logs = _log(states).reshape(words, chains, labels).transpose(1, 0, 2)
    sums: NDArray[np.float64] = logs + np.cumsum(scales + peaks, axis=1)[:, :, None]
    return sums


def _log_product(logs: NDArray[np.float64], table: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return the logarithm of the product of two matrices given by their logarithms."""
    peak = logs.max(axis=1, keepdims=True)
    product: NDArray[np.float64] = _log(np.exp(logs - peak) @ np.exp(table)) + peak
    return product


def _log(values: NDArray[np.float64]) -> NDArray[np.float64]:
    return np.log(np.maximum(values, TINY))


def snap(text: str, start: int, end: int, *, name: bool) -> tuple[int, int]:
    """Return the span widened to whole words and without punctuation at its edges.

    A `name` also loses a possessive and unpaired brackets or marks; it keeps the stop of an abbreviation.

    >>> text = "Acme Inc.'s Lee, (who left)"
    >>> [text[slice(*snap(text, a, b, name=True))] for a, b in ((0, 11), (12, 16), (0, 9))]
    ['Acme Inc.', 'Lee', 'Acme Inc.']
    """
    while start > 0 and start < end and text[start - 1].isalnum() and text[start].isalnum():
        start -= 1
    while end < len(text) and end > start and text[end - 1].isalnum() and text[end].isalnum():
        end += 1
    changed = True
    while changed and start < end:
        changed = False
        if text[start] in _EDGES or (name and not _stands_first(text, start, end)):
            start, changed = start + 1, True
        elif text[end - 1] in _EDGES or (name and not _stands_last(text, start, end)):
            end, changed = end - 1, True
        elif name and end - start > 2 and text[end - 2 : end] in ("'s", "’s"):
            end, changed = end - 2, True
    return start, end


def _stands_first(text: str, start: int, end: int) -> bool:
    """Return whether a name may begin with the character at `start`."""
    character = text[start]
    if character in _CLOSERS:
        return _CLOSERS[character] in text[start + 1 : end - 1]
    return character.isalnum() or character in "$€£@#&.'’"


def _stands_last(text: str, start: int, end: int) -> bool:
    """Return whether a name may end with the character before `end`."""
    character = text[end - 1]
    if character == ".":
        words = text[start : end - 1].split()
        word = words[-1].lower() if words else ""
        return "." in word or len(word) == 1 or word in AMBIGUOUS or word in BEFORE_NAME
    if character in ")]”»\"’'":
        opening = {v: k for k, v in _CLOSERS.items()}.get(character, character)
        return opening in text[start : end - 1]
    return character.isalnum() or character in "!+%&*"
