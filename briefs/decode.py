"""From scores of pieces to labelled spans: the likeliest spans of words, snapped to what a reader would mark."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from briefs.network import Floats
from briefs.text import AMBIGUOUS, BEFORE_NAME

FORBIDDEN = np.float32(-1e9)
LONGEST = 400  # words of a span; the longest of a hundred thousand in the corpora has 355
TINY = 1e-300
LEAST = np.log(TINY)
RESCALED = 16  # words after which weights are brought to a sum of 1: they neither vanish nor run over

Logs = NDArray[np.float64]

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

    `rows` has log-potentials of the labels of each word, and `table` of a label (column) after another (row); `before` and
    `onwards` have the log-weights of all that ends with a label at each word, from the first word on and from the last back.
    """

    def __init__(self, rows: Logs, table: Logs, before: Logs, onwards: Logs) -> None:
        self.words, labels = rows.shape
        begin, inside = np.arange(1, labels, 2), np.arange(2, labels, 2)
        leaving = np.zeros_like(rows)  # what follows a word that is the last of its span: anything but that span's I
        onward = table.copy()
        onward[begin, inside] = onward[inside, inside] = FORBIDDEN
        leaving[:-1] = _log_product(onwards[-2::-1], onward.T)
        total = np.logaddexp.reduce(before[-1])
        steps = np.cumsum(rows[:, inside] + table[inside, inside], axis=0)
        self._single = before[:, begin] + leaving[:, begin] - total
        # A row a kind: sums over hundreds of words in a row take half as long as over as many rows.
        self._opens = np.ascontiguousarray((before[:, begin] + table[begin, inside] - table[inside, inside] - steps).T)
        self._closes = steps + leaving[:, inside] - total
        self._ends = np.exp(before[:, inside] + leaving[:, inside] - total)
        self._goes_on = np.exp(before[:, inside] + onwards[::-1, inside] - rows[:, inside] - total)

    def reaches(self, floors: Floats) -> Iterator[tuple[int, int]]:
        """Yield where spans whose chance reaches the floor of their kind may be: the first word, and the last, in its order.

        None ends with a word, or goes on with it, where the chances of all spans that do so do not reach a floor together.
        """
        ends = ((np.exp(self._single) >= floors) | (self._ends >= floors)).any(axis=1)
        goes_on = (self._goes_on >= floors).any(axis=1)
        first = np.maximum.accumulate(np.where(goes_on, 0, np.arange(self.words)))
        lasts = np.flatnonzero(ends)
        return zip(first[lasts].tolist(), lasts.tolist(), strict=True)

    def chances(self, last: int, first: int = 0) -> Logs:
        """Return the chances of the spans that end with a word, by their first words from `first` on: [kinds, words].

        No span is longer than `LONGEST`.
        """
        logs = self._opens[:, max(first, last + 1 - LONGEST) : last + 1] + self._closes[last][:, None]
        logs[:, -1] = self._single[last]
        chances: Logs = np.exp(np.maximum(logs, LEAST, out=logs), out=logs)  # smaller ones take four times as long
        return chances


def read_lattices(heads: Sequence[tuple[Floats, Floats]]) -> list[Lattice]:
    """Return the lattice of each head over the same words, one at least, from its scores and transitions.

    Scores have a row a word and columns O, B and I of each kind in turn; transitions say how well a label (column) follows
    another (row). Both are log-potentials: [words, labels] and [labels, labels].
    """
    rows = [scores.astype(np.float64) for scores, _ in heads]
    tables = [(transitions + barred(len(transitions))).astype(np.float64) for _, transitions in heads]
    openings = [row.copy() for row in rows]
    for opening in openings:
        opening[0, 2::2] = FORBIDDEN
    sums = _sum_chains([*openings, *(row[::-1] for row in rows)], [*tables, *(table.T for table in tables)])
    return [Lattice(*each) for each in zip(rows, tables, sums[: len(rows)], sums[len(rows) :], strict=True)]


def best_spans(lattice: Lattice, floors: Floats) -> list[LabelledWords]:
    """Return the spans, none overlapping, whose chances exceed the floor of their kind by the largest sum, in order.

    The best sequence of labels has the words right most often; these have whole spans right most often, which is what a
    reader sees. The best floor for F1 is half of the F1 that can be reached.

    >>> rows = np.log(np.array([[0.4, 0.35, 0.25], [0.1, 0.2, 0.7]], np.float32))
    >>> [lattice] = read_lattices([(rows, np.zeros((3, 3), np.float32))])
    >>> [(span.kind, span.first, span.past, round(span.chance, 3)) for span in best_spans(lattice, np.array([0.25]))]
    [(0, 0, 2, 0.521)]
    """
    best = np.zeros(lattice.words + 1)
    chosen: list[
        LabelledWords
    ] = []  # of the spans that end with a word, the one that the best sum up to there ends with
    done = 0
    for first, last in lattice.reaches(floors):
        best[done + 1 : last + 2] = best[done]
        done = last + 1
        chances = lattice.chances(last, first)
        start = done - chances.shape[1]
        sums = best[start:done] + chances
        sums -= floors[:, None]
        kind, column = divmod(int(sums.argmax()), done - start)
        if sums[kind, column] > best[last]:
            best[done] = sums[kind, column]
            chosen.append(LabelledWords(kind, start + column, done, float(chances[kind, column])))
    found: list[LabelledWords] = []
    place = lattice.words
    for span in reversed(chosen):
        if span.past <= place:
            found.append(span)
            place = span.first
    return found[::-1]


def _sum_chains(rows: Sequence[Logs], tables: Sequence[Logs]) -> list[Logs]:
    """Return the log-weight of all sequences up to each word that end with each label, for several chains over the same words.

    A chain has `rows` [words, labels] and a table [labels, labels]. The chains run side by side, as one of all labels whose
    table has the tables on its diagonal.
    """
    widths = [len(table) for table in tables]
    starts = np.cumsum([0, *widths])
    peaks = np.stack([row.max(axis=1) for row in rows], axis=1)
    weights = np.exp(np.concatenate(rows, axis=1) - np.repeat(peaks, widths, axis=1))
    moves = np.zeros((starts[-1], starts[-1]))
    for start, past, table in zip(starts, starts[1:], tables, strict=False):
        moves[start:past, start:past] = np.exp(table)
    states, scales = np.empty_like(weights), np.zeros_like(peaks)
    state = states[0] = weights[0]
    for word, (after, weight) in enumerate(zip(states[1:], weights[1:], strict=True), 1):
        state = state.dot(moves, after)
        state *= weight
        if word % RESCALED == 0:
            totals = np.add.reduceat(state, starts[:-1])
            state /= np.repeat(totals, widths)
            scales[word] = np.log(totals)
    logs = _log(states) + np.repeat(np.cumsum(scales + peaks, axis=0), widths, axis=1)
    return np.split(logs, starts[1:-1], axis=1)


def _log_product(logs: Logs, table: Logs) -> Logs:
    """Return the logarithm of the product of two matrices given by their logarithms."""
    peak = logs.max(axis=1, keepdims=True)
    product: Logs = _log(np.exp(logs - peak) @ np.exp(table)) + peak
    return product


def _log(values: Logs) -> Logs:
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
