"""How far a network is from its targets (`training.lessons`): documents put together, read, and judged."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
import torch
from torch import Tensor
from torch.nn import functional

from briefs.network import SPAN_HEADS
from briefs.tagger import LABELS, ROLES
from training import model
from training.examples import UNKNOWN, Document, Ints, Piecewise
from training.lessons import Lesson, Sequences
from training.model import Network

HEAD_WEIGHTS = {"attribution": 1.0, "entity": 2.0}  # names have few hard words, and so small gradients
SPEECH_WEIGHT = 0.3
TOKEN_WEIGHT = 0.3  # of plain cross-entropy beside the CRF
SMOOTHING = 0.05


def make_markers(rows: Sequence[Sequence[int]]) -> Ints:
    """Return the places of markers, a row a window, short rows filled up with 0: one column at least.

    >>> make_markers([[1, 9], [4], []]).tolist()
    [[1, 9], [4, 0], [0, 0]]
    """
    markers = np.zeros((len(rows), max(1, *map(len, rows))), np.int64)
    for row, places in enumerate(rows):
        markers[row, : len(places)] = places
    return markers


class Batch(NamedTuple):
    """Documents as the network takes them: B windows of T pieces, D documents of N sentences."""

    ids: Tensor  # [B, T]
    cases: Tensor
    mask: Tensor
    markers: Tensor  # [B, S]
    owners: Tensor  # [B, T]: the number in the window of each piece's word, or -1
    lengths: Tensor  # [B]: words
    places: Tensor  # [all markers]: where in the flattened [B, S] they stand
    sentences: Tensor  # [all markers]: and in the flattened [D, N] which sentence they open
    positions: Tensor  # [D, N]
    sizes: Tensor  # [D], where the processor reads it: sentences
    words: int  # the most words of a window

    def to(self, device: torch.device) -> Batch:
        """Return the batch on a device."""
        moved = {name: value.to(device) for name, value in self._asdict().items() if name not in ("sizes", "words")}
        return self._replace(**moved)


class WordTargets(NamedTuple):
    """What one head is trained towards, in R of a batch's windows."""

    rows: Tensor  # [R]: which windows
    chances: Tensor  # [R, words, labels], zeros past a length
    pairs: Tensor  # [R, labels, labels]

    def to(self, device: torch.device) -> WordTargets:
        """Return the targets on a device."""
        return WordTargets(*(value.to(device) for value in self))


class SentenceTargets(NamedTuple):
    """What is known of the sentences of a batch, [D, N], and what teachers say of them, zeros where they say nothing."""

    roles: Tensor  # [D, N], -1 where it is not known
    speech: Tensor
    said_roles: Tensor  # [D, N, roles]
    said_speech: Tensor  # [D, N, 2]
    known: bool  # of any sentence
    said: bool

    def to(self, device: torch.device) -> SentenceTargets:
        """Return the targets on a device."""
        roles, speech, said_roles, said_speech = (
            value.to(device) for value in (self.roles, self.speech, self.said_roles, self.said_speech)
        )
        return SentenceTargets(roles, speech, said_roles, said_speech, self.known, self.said)


class Assembled(NamedTuple):
    """Lessons put together: what the network takes, and what it is trained towards, by head and of sentences."""

    batch: Batch
    words: dict[str, WordTargets]
    sentences: SentenceTargets

    def to(self, device: torch.device) -> Assembled:
        """Return all of it on a device."""
        words = {head: targets.to(device) for head, targets in self.words.items()}
        return Assembled(self.batch.to(device), words, self.sentences.to(device))


def make_batch(documents: Sequence[Document]) -> Batch:
    """Put documents together."""
    windows: list[Piecewise] = [w for d in documents for w in d.windows]
    longest = max(len(w.ids) for w in windows)
    ids, cases, mask = (np.zeros((len(windows), longest), np.int64) for _ in range(3))
    owners = np.full((len(windows), longest), UNKNOWN, np.int64)
    for row, window in enumerate(windows):
        size = len(window.ids)
        ids[row, :size] = window.ids
        cases[row, :size] = window.cases
        mask[row, :size] = 1
        owners[row, :size] = window.owners
    markers = make_markers([window.markers.tolist() for window in windows])
    most = max(len(d.positions) for d in documents)
    positions = np.zeros((len(documents), most), np.int64)
    places, sentences, row = [], [], 0
    for number, document in enumerate(documents):
        positions[number, : len(document.positions)] = document.positions
        for window in document.windows:
            places.append(row * markers.shape[1] + np.arange(len(window.sentences)))
            sentences.append(number * most + window.sentences)
            row += 1
    lengths = owners.max(1) + 1
    of = torch.from_numpy
    return Batch(
        ids=of(ids),
        cases=of(cases),
        mask=of(mask),
        markers=of(markers),
        owners=of(owners),
        lengths=of(lengths),
        places=of(np.concatenate(places)),
        sentences=of(np.concatenate(sentences)),
        positions=of(positions),
        sizes=torch.tensor([len(d.positions) for d in documents]),
        words=int(lengths.max()),
    )


def assemble(lessons: Sequence[Lesson]) -> Assembled:
    """Put lessons together."""
    batch = make_batch([lesson.document for lesson in lessons])
    words = {head: _word_targets(head, lessons, batch.words) for head in SPAN_HEADS}
    known = {head: targets for head, targets in words.items() if targets is not None}
    return Assembled(batch, known, _sentence_targets(lessons, batch.positions.shape))


def _word_targets(head: str, lessons: Sequence[Lesson], words: int) -> WordTargets | None:
    rows: list[int] = []
    targets: list[Sequences] = []
    row = 0
    for lesson in lessons:
        if head in lesson.words:
            rows += range(row, row + len(lesson.document.windows))
            targets += lesson.words[head]
        row += len(lesson.document.windows)
    if not rows:
        return None
    chances = np.zeros((len(rows), words, LABELS[head]), np.float32)
    for place, target in enumerate(targets):
        chances[place, : len(target.chances)] = target.chances
    pairs = np.stack([target.pairs for target in targets]).astype(np.float32)
    return WordTargets(torch.tensor(rows), torch.from_numpy(chances), torch.from_numpy(pairs))


def _sentence_targets(lessons: Sequence[Lesson], shape: Sequence[int]) -> SentenceTargets:
    roles, speech = (np.full(shape, UNKNOWN, np.int64) for _ in range(2))
    said_roles, said_speech = (np.zeros((*shape, labels), np.float32) for labels in (len(ROLES), 2))
    for row, lesson in enumerate(lessons):
        count = len(lesson.document.positions)
        roles[row, :count] = lesson.document.roles
        speech[row, :count] = lesson.document.speech
        if lesson.roles is not None and lesson.speech is not None:
            said_roles[row, :count] = lesson.roles
            said_speech[row, :count] = lesson.speech
    of = torch.from_numpy
    return SentenceTargets(
        roles=of(roles),
        speech=of(speech),
        said_roles=of(said_roles),
        said_speech=of(said_speech),
        known=bool((roles >= 0).any()),
        said=bool(said_roles.any()),
    )


def read_batch(network: Network, batch: Batch) -> tuple[model.Words, list[Tensor]]:
    """Return what a network reads and the vectors after each of its layers; products are in bfloat16, which is faster."""
    with torch.autocast(batch.ids.device.type, torch.bfloat16):
        layers, story = network.words.encode_layers(batch.ids, batch.cases, batch.mask, batch.markers)
    return network.words.read(layers[-1].float(), story.float()), layers


def word_means(scores: Tensor, owners: Tensor, words: int) -> Tensor:
    """Return [B, words, labels] from scores of pieces [B, T, labels] and the number of each piece's word [B, T], or -1.

    As `briefs.decode.word_scores` does it: the mean over a word's pieces, where the B of all but the first is their I.

    >>> scores = torch.tensor([[[0.0, 4.0, 2.0], [0.0, 9.0, 1.0], [1.0, 0.0, 0.0]]])
    >>> word_means(scores, torch.tensor([[0, 0, 1]]), 2).tolist()
    [[[0.0, 2.5, 1.5], [1.0, 0.0, 0.0]]]
    """
    inside = torch.zeros_like(owners, dtype=torch.bool)
    inside[:, 1:] = (owners[:, 1:] == owners[:, :-1]) & (owners[:, 1:] >= 0)
    columns = [label + label % 2 for label in range(scores.shape[2])]
    rows = torch.where(inside[..., None], scores[..., columns], scores)
    places = torch.where(owners >= 0, owners, words)[..., None]
    total = scores.new_zeros(len(rows), words + 1, rows.shape[2]).scatter_add(1, places.expand_as(rows), rows)
    counts = scores.new_zeros(len(rows), words + 1, 1).scatter_add(1, places, torch.ones_like(places, dtype=rows.dtype))
    return (total / counts.clamp(min=1))[:, :words]


def sentence_means(vectors: Tensor, batch: Batch) -> Tensor:
    """Return [D, N, width]: the mean of each sentence's vectors, of the windows that it opens in, from [B, S, width]."""
    documents, most = batch.positions.shape
    chosen = vectors.flatten(0, 1)[batch.places]
    total = vectors.new_zeros(documents * most, vectors.shape[2]).index_add(0, batch.sentences, chosen)
    seen = vectors.new_zeros(documents * most, 1).index_add(0, batch.sentences, torch.ones_like(chosen[:, :1]))
    return (total / seen.clamp(min=1)).view(documents, most, -1)


class Trainer:
    """The losses of lessons under a network; `imitated`, where there is one, is a network whose layers it learns to be like."""

    def __init__(self, network: Network, role_weights: Tensor, *, role_share: float = 1.0) -> None:
        self.network = network
        self.role_weights = role_weights
        self.role_share = role_share
        self.device = role_weights.device
        self.imitated: Network | None = None
        self.levels: Sequence[tuple[int, int]] = ()  # a layer of the network, and that of the other that it is like
        self.frozen: dict[int, Tensor] | None = None  # where only own layers learn: by document, the vectors below them

    def losses(self, lessons: Sequence[Lesson], assembled: Assembled | None = None) -> dict[str, Tensor]:
        """Return the loss of a batch by head: of each for which there is a target. `assembled` has the lessons put together."""
        batch, words, sentences = (assembled or assemble(lessons)).to(self.device)
        if self.frozen is not None:
            documents = [lesson.document for lesson in lessons]
            return self._sentence_parts(batch, sentences, self._tell_frozen(documents, batch, self.frozen))
        read, layers = read_batch(self.network, batch)
        parts = {head: self._word_part(head, batch, targets, read) for head, targets in words.items()}
        parts |= self._sentence_parts(batch, sentences, read.sentence)
        if self.imitated is not None and self.levels:
            parts["imitation"] = self._imitation(batch, layers, self.imitated)
        return parts

    def _word_part(self, head: str, batch: Batch, targets: WordTargets, read: model.Words) -> Tensor:
        rows, chances, pairs = targets
        lengths = batch.lengths[rows]
        scores = word_means(getattr(read, head)[rows], batch.owners[rows], batch.words)
        whole: Tensor = getattr(self.network, head)(scores, chances, pairs, lengths).sum()
        plain = -(chances * scores.log_softmax(2)).sum()
        return HEAD_WEIGHTS[head] * (whole + TOKEN_WEIGHT * plain) / lengths.sum().clamp(min=1)

    def _sentence_parts(self, batch: Batch, targets: SentenceTargets, vectors: Tensor) -> dict[str, Tensor]:
        if not targets.known and not targets.said:
            return {}
        role, voice = self.network.sentences.read_many(sentence_means(vectors, batch), batch.positions, batch.sizes)
        parts = {}
        if targets.known:
            parts["roles"] = self.role_share * functional.cross_entropy(
                role.flatten(0, 1),
                targets.roles.flatten(),
                self.role_weights,
                ignore_index=UNKNOWN,
                label_smoothing=SMOOTHING,
            )
            parts["speech"] = SPEECH_WEIGHT * functional.cross_entropy(
                voice.flatten(0, 1), targets.speech.flatten(), ignore_index=UNKNOWN
            )
        if targets.said:
            told = targets.said_roles.sum().clamp(min=1)
            parts["taught"] = self.role_share * -(targets.said_roles * role.log_softmax(2)).sum() / told
            parts["voice"] = SPEECH_WEIGHT * -(targets.said_speech * voice.log_softmax(2)).sum() / told
        return parts

    def _tell_frozen(self, documents: Sequence[Document], batch: Batch, kept: dict[int, Tensor]) -> Tensor:
        """Return sentence vectors [B, S, width], made of vectors below the own layers that are found once for a document."""
        words = self.network.words
        rows: list[Tensor] = []
        for document in documents:
            if id(document) not in kept:
                alone = make_batch([document]).to(self.device)
                learning = words.training
                words.eval()
                with torch.no_grad(), torch.autocast(self.device.type, torch.bfloat16):
                    layers, _ = words.encode_layers(alone.ids, alone.cases, alone.mask, alone.markers)
                words.train(learning)
                kept[id(document)] = layers[words.fork - 1].to(torch.float16)
            rows.append(kept[id(document)].float())
        longest = batch.ids.shape[1]
        shared = torch.cat([functional.pad(row, (0, 0, 0, longest - row.shape[1])) for row in rows])
        story = words.run_own(shared, model.bias_of(batch.mask), batch.markers)
        return words.tell(words.dropout(story))

    def _imitation(self, batch: Batch, layers: Sequence[Tensor], imitated: Network) -> Tensor:
        """Return how far the layers are from those of the network that is imitated: squares, as a share of its squares."""
        with torch.no_grad(), torch.autocast(batch.ids.device.type, torch.bfloat16):
            theirs, _ = imitated.words.encode_layers(batch.ids, batch.cases, batch.mask, batch.markers)
        inside = batch.mask[..., None].float()
        apart = []
        for ours, other in self.levels:
            wanted = theirs[other].float()
            missed = ((layers[ours].float() - wanted).square() * inside).sum()
            apart.append(missed / (wanted.square() * inside).sum())
        return torch.stack(apart).mean()
