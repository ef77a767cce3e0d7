"""How far a network is from its targets (`training.lessons`): documents put together, read, and judged."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

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


@dataclass(frozen=True)
class Batch:
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


def make_batch(documents: Sequence[Document], device: torch.device) -> Batch:
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
    return Batch(
        ids=torch.from_numpy(ids).to(device),
        cases=torch.from_numpy(cases).to(device),
        mask=torch.from_numpy(mask).to(device),
        markers=torch.from_numpy(markers).to(device),
        owners=torch.from_numpy(owners).to(device),
        lengths=torch.from_numpy(lengths).to(device),
        places=torch.from_numpy(np.concatenate(places)).to(device),
        sentences=torch.from_numpy(np.concatenate(sentences)).to(device),
        positions=torch.from_numpy(positions).to(device),
        sizes=torch.tensor([len(d.positions) for d in documents]),
        words=int(lengths.max()),
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

    def losses(self, lessons: Sequence[Lesson]) -> dict[str, Tensor]:
        """Return the loss of a batch by head: of each for which there is a target."""
        documents = [lesson.document for lesson in lessons]
        batch = make_batch(documents, self.device)
        if self.frozen is not None:
            return self._sentence_parts(lessons, batch, self._tell_frozen(documents, batch, self.frozen))
        read, layers = read_batch(self.network, batch)
        parts = self._word_parts(lessons, batch, read) | self._sentence_parts(lessons, batch, read.sentence)
        if self.imitated is not None and self.levels:
            parts["imitation"] = self._imitation(batch, layers, self.imitated)
        return parts

    def _word_parts(self, lessons: Sequence[Lesson], batch: Batch, read: model.Words) -> dict[str, Tensor]:
        parts = {}
        for head in SPAN_HEADS:
            rows: list[int] = []
            targets: list[Sequences] = []
            row = 0
            for lesson in lessons:
                if head in lesson.words:
                    rows += range(row, row + len(lesson.document.windows))
                    targets += lesson.words[head]
                row += len(lesson.document.windows)
            if not rows:
                continue
            labels = LABELS[head]
            chances = np.zeros((len(rows), batch.words, labels), np.float32)
            for place, target in enumerate(targets):
                chances[place, : len(target.chances)] = target.chances
            pairs = torch.from_numpy(np.stack([t.pairs for t in targets]).astype(np.float32)).to(self.device)
            wanted = torch.from_numpy(chances).to(self.device)
            chosen = torch.tensor(rows, device=self.device)
            lengths = batch.lengths[chosen]
            scores = word_means(getattr(read, head)[chosen], batch.owners[chosen], batch.words)
            whole = getattr(self.network, head)(scores, wanted, pairs, lengths).sum()
            plain = -(wanted * scores.log_softmax(2)).sum()
            parts[head] = HEAD_WEIGHTS[head] * (whole + TOKEN_WEIGHT * plain) / lengths.sum().clamp(min=1)
        return parts

    def _sentence_parts(self, lessons: Sequence[Lesson], batch: Batch, vectors: Tensor) -> dict[str, Tensor]:
        gold_roles, gold_speech = (np.full(batch.positions.shape, UNKNOWN, np.int64) for _ in range(2))
        roles = np.zeros((*batch.positions.shape, len(ROLES)), np.float32)
        speech = np.zeros((*batch.positions.shape, 2), np.float32)
        for row, lesson in enumerate(lessons):
            count = len(lesson.document.positions)
            gold_roles[row, :count] = lesson.document.roles
            gold_speech[row, :count] = lesson.document.speech
            if lesson.roles is not None and lesson.speech is not None:
                roles[row, :count] = lesson.roles
                speech[row, :count] = lesson.speech
        marked, taught = bool((gold_roles >= 0).any()), bool(roles.any())
        if not marked and not taught:
            return {}
        role, said = self.network.sentences.read_many(sentence_means(vectors, batch), batch.positions, batch.sizes)
        parts = {}
        if marked:
            gold = torch.from_numpy(gold_roles).to(self.device)
            parts["roles"] = self.role_share * functional.cross_entropy(
                role.flatten(0, 1), gold.flatten(), self.role_weights, ignore_index=UNKNOWN, label_smoothing=SMOOTHING
            )
            gold = torch.from_numpy(gold_speech).to(self.device)
            parts["speech"] = SPEECH_WEIGHT * functional.cross_entropy(
                said.flatten(0, 1), gold.flatten(), ignore_index=UNKNOWN
            )
        if taught:
            wanted, voice = (torch.from_numpy(x).to(self.device) for x in (roles, speech))
            known = wanted.sum().clamp(min=1)
            parts["taught"] = self.role_share * -(wanted * role.log_softmax(2)).sum() / known
            parts["voice"] = SPEECH_WEIGHT * -(voice * said.log_softmax(2)).sum() / known
        return parts

    def _tell_frozen(self, documents: Sequence[Document], batch: Batch, kept: dict[int, Tensor]) -> Tensor:
        """Return sentence vectors [B, S, width], made of vectors below the own layers that are found once for a document."""
        words = self.network.words
        rows: list[Tensor] = []
        for document in documents:
            if id(document) not in kept:
                alone = make_batch([document], self.device)
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
