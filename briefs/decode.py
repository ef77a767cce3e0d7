"""From scores of pieces to labelled spans: constrained Viterbi over words, spans snapped to what a reader would mark."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from briefs.network import Floats
from briefs.text import AMBIGUOUS, BEFORE_NAME

FORBIDDEN = np.float32(-1e9)

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


def viterbi(scores: Floats, transitions: Floats) -> list[int]:
    """Return the best sequence of labels in which no I stands without its B or I before it.

    `scores` has a row a word and columns O, B and I of each kind in turn; `transitions` says how well a label (column)
    follows another (row). Both are log-potentials: [words, labels] and [labels, labels].

    >>> rows = np.log(np.array([[0.4, 0.35, 0.25], [0.1, 0.2, 0.7]], np.float32))
    >>> viterbi(rows, np.zeros((3, 3), np.float32))
    [1, 2]
    """
    count, labels = scores.shape
    if not count:
        return []
    table = transitions + barred(labels)
    best = scores[0].copy()
    best[2::2] = FORBIDDEN
    back = np.zeros((count, labels), np.int32)
    columns = np.arange(labels)
    for row in range(1, count):
        reached = best[:, None] + table
        back[row] = reached.argmax(axis=0)
        best = reached[back[row], columns] + scores[row]
    path = [int(best.argmax())]
    for row in range(count - 1, 0, -1):
        path.append(int(back[row, path[-1]]))
    return path[::-1]


def read_spans(path: Sequence[int]) -> list[tuple[int, int, int]]:
    """Return (kind, first word, one past the last word) of each span of a label sequence; kinds count from 0.

    >>> read_spans([0, 1, 2, 3, 0, 1])
    [(0, 1, 3), (1, 3, 4), (0, 5, 6)]
    """
    spans: list[tuple[int, int, int]] = []
    for word, label in enumerate(path):
        if label % 2 == 1:
            spans.append((label // 2, word, word + 1))
        elif label:
            kind, first, _ = spans[-1]
            spans[-1] = (kind, first, word + 1)
    return spans


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
