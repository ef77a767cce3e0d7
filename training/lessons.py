"""What the network is trained towards.

A target is a distribution: over the sequences of labels of a window's words, given by what `training.model.Crf` asks for, and
over the roles of each sentence. It comes from annotation, from what teachers say (`training.teach`), or half from each.
"""

from __future__ import annotations

import pickle
import random
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from briefs.network import SPAN_HEADS
from briefs.tagger import LABELS
from training.examples import UNKNOWN, Document, Ints

GOLD = 0.5  # share of the annotation in a target, where teachers have spoken, too

Floats = NDArray[np.floating]


@dataclass(frozen=True)
class Sequences:
    """A distribution over labels of a window's words: of each word [words, labels], and of pairs, summed [labels, labels]."""

    chances: Floats
    pairs: Floats


@dataclass(frozen=True)
class Said:
    """What teachers say of a document: by head, of each window; of its sentences. An empty mapping or None: nothing."""

    words: Mapping[str, tuple[Sequences, ...]]
    roles: Floats | None  # [sentences, roles], zeros where the headline stands
    speech: Floats | None


def load_said(paths: Sequence[Path], documents: int) -> list[Said]:
    """Return what `training.teach` has written into some files; of what two of them know, the first counts.

    Raises ValueError if a file is not about so many documents.
    """
    heard: list[list[Said]] = []
    for path in paths:
        with path.open("rb") as file:
            said = pickle.load(file)
        if len(said) != documents:
            raise ValueError(f"{path}: {len(said)} documents; expected {documents}, those of the material")
        heard.append(said)
    return [_joined(said) for said in zip(*heard, strict=True)]


def _joined(said: Sequence[Said]) -> Said:
    words = {head: found for one in reversed(said) for head, found in one.words.items()}
    roles = next(((one.roles, one.speech) for one in said if one.roles is not None), (None, None))
    return Said(words, *roles)


@dataclass(frozen=True)
class Lesson:
    """A document, and its targets: by head, of each window; what teachers say of its sentences."""

    document: Document
    words: Mapping[str, tuple[Sequences, ...]]
    roles: Floats | None
    speech: Floats | None


def make_lesson(document: Document, said: Said | None) -> Lesson:
    """Return a document with its targets."""
    words = {}
    for head in SPAN_HEADS:
        gold = [gold_sequences(getattr(window, head), LABELS[head]) for window in document.windows]
        taught = said.words.get(head) if said else None
        known = [g for g in gold if g is not None]
        if len(known) == len(gold):
            words[head] = tuple(known) if taught is None else tuple(map(_mixed, known, taught))
        elif taught is not None:
            words[head] = taught
    return Lesson(document, words, said.roles if said else None, said.speech if said else None)


def gold_sequences(labels: Ints, number: int) -> Sequences | None:
    """Return the labels of a window's words as a distribution, or None if one of them is unknown.

    >>> made = gold_sequences(np.array([1, 2, 0]), 3)
    >>> made.chances.tolist(), made.pairs.tolist()
    ([[0.0, 1.0, 0.0], [0.0, 0.0, 1.0], [1.0, 0.0, 0.0]], [[0.0, 0.0, 0.0], [0.0, 0.0, 1.0], [1.0, 0.0, 0.0]])
    """
    if (labels == UNKNOWN).any():
        return None
    chances = np.zeros((len(labels), number), np.float16)
    chances[np.arange(len(labels)), labels] = 1
    pairs = np.zeros((number, number), np.float32)
    np.add.at(pairs, (labels[:-1], labels[1:]), 1)
    return Sequences(chances, pairs)


def _mixed(gold: Sequences, taught: Sequences) -> Sequences:
    return Sequences(
        (GOLD * gold.chances + (1 - GOLD) * taught.chances).astype(np.float16),
        GOLD * gold.pairs + (1 - GOLD) * taught.pairs,
    )


def batches(lessons: Sequence[Lesson], *, pieces: int, rng: random.Random) -> list[list[Lesson]]:
    """Return lessons in batches of about so many pieces, those of like length together, in random order."""
    lengths = {id(lesson): lesson.document.longest for lesson in lessons}
    order = sorted(lessons, key=lambda lesson: lengths[id(lesson)] + rng.random() * 24)
    made: list[list[Lesson]] = []
    size = 0
    for lesson in order:
        count, longest = len(lesson.document.windows), lengths[id(lesson)]
        if made and (size + count) * longest <= pieces:
            made[-1].append(lesson)
            size += count
        else:
            made.append([lesson])
            size = count
    rng.shuffle(made)
    return made
