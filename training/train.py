"""Train the network.

    python -m training.train --corpora FOLDER --encoder FOLDER --into RUN [--task roles] [--epochs 8]
    python -m training.train --corpora FOLDER --words RUN --into RUN [--taught FILE] [--epochs 8]

The first trains the encoder for the tasks asked for. The second adds roles to a run that reads words, whose weights stay as
they are: it trains layers of their own, beside the encoder's uppermost.

Each step takes whole documents of one task, about 2,300 pieces of them. RUN gets `log.jsonl`, a line an epoch (the mean loss
of each task, the scores on the dev splits), and `last.pt`; a run that was stopped goes on from there with the same command.
The same seed on the same machine gives the same weights.
"""

from __future__ import annotations

import argparse
import json
import math
import random
import sys
import time
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import numpy as np
import torch
from safetensors.torch import load_file
from torch import Tensor, nn
from torch.nn import functional

from briefs.network import SPAN_HEADS, Floats, Ints, Sentences, Words, read_vocabulary
from briefs.tagger import OVERLAP, ROLES, Tagger
from briefs.wordpiece import WordPiece
from training import model
from training.corpora import NerRow, read_rows
from training.evaluate import evaluate, summary_of
from training.examples import (
    UNKNOWN,
    Document,
    Piecewise,
    Source,
    attribution_source,
    augment,
    batches,
    discourse_source,
    make_document,
    name_sources,
    taught_sources,
)
from training.model import Network, Shape, load_weights, read_shape

PIECES = 2304  # of a step, padding included
DECAY = 0.9  # of the learning rate, from each layer of the encoder to the one below
AVERAGE_EVERY, AVERAGE_DECAY = 5, 0.98  # moving average of the weights, over some 250 steps
SMOOTHING = 0.05
HEAD_WEIGHTS = {"attribution": 1.0, "entity": 2.0}  # names have few hard words, and so small gradients
SPEECH_WEIGHT = 0.3
TOKEN_WEIGHT = 0.3  # of plain cross-entropy beside the CRF
TAUGHT_SHARE = 0.5  # of the articles that a teacher has read, drawn anew for each epoch
WARM = 0.06  # share of the run in which the learning rate rises
CHECKPOINT = "last.pt"
TASKS = ("attribution", "roles", "names")
SCORED = {"attribution": "attribution", "roles": "discourse", "names": "ner"}


@dataclass(frozen=True)
class Options:
    """What a run is made with; kept in its checkpoint."""

    seed: int
    epochs: int
    tasks: tuple[str, ...]
    encoder_rate: float
    head_rate: float


def make_markers(rows: Sequence[Sequence[int]]) -> Ints:
    """Return the places of markers, a row a window, short rows filled up with 0: one column at least.

    >>> make_markers([[1, 9], [4], []]).tolist()
    [[1, 9], [4, 0], [0, 0]]
    """
    markers = np.zeros((len(rows), max(1, *map(len, rows))), np.int64)
    for row, places in enumerate(rows):
        markers[row, : len(places)] = places
    return markers


def read_windows(network: Network, ids: Tensor, cases: Tensor, mask: Tensor | None, markers: Tensor) -> model.Words:
    """Return what a network reads, the encoder's products in bfloat16, which many processors multiply faster."""
    with torch.autocast("cpu", torch.bfloat16):
        states, story = network.words.encode(ids, cases, mask, markers)
    return network.words.read(states.float(), story.float())


def read_story(network: Network, ids: Tensor, cases: Tensor, mask: Tensor, markers: Tensor) -> Tensor:
    """Return the sentence vectors alone that a network with layers of its own for them reads, in bfloat16 likewise."""
    with torch.autocast("cpu", torch.bfloat16):
        story = network.words.encode_story(ids, cases, mask, markers)
    return network.words.tell(network.words.dropout(story.float()))


class TorchNetwork:
    """A network in training, as the tagger calls it; its encoder's products are in bfloat16, as in training."""

    def __init__(self, network: Network) -> None:
        self._network = network.eval()

    @torch.no_grad()
    def read_words(self, ids: Ints, cases: Ints, markers: Ints) -> Words:
        """Return what is read in a window."""
        pieces, classes, places = (torch.from_numpy(x)[None] for x in (ids, cases, markers))
        return Words(*(x[0].numpy() for x in read_windows(self._network, pieces, classes, None, places)))

    @torch.no_grad()
    def read_sentences(self, vectors: Floats, positions: Ints) -> Sentences:
        """Return what is read from the sentences of one article in a row."""
        return Sentences(
            *(x.numpy() for x in self._network.sentences(torch.from_numpy(vectors), torch.from_numpy(positions)))
        )


def make_tagger(network: Network, vocabulary: Sequence[str], *, overlap: int = OVERLAP) -> Tagger:
    """Return a tagger that calls a network in training; `overlap` is how many sentences a window repeats."""
    transitions = {head: getattr(network, head).transitions.detach().numpy() for head in SPAN_HEADS}
    return Tagger(
        TorchNetwork(network), vocabulary=vocabulary, transitions=transitions, version="training", overlap=overlap
    )


@dataclass(frozen=True)
class Loss:
    """The loss of one step, and those of the heads that it is the sum of."""

    total: Tensor
    parts: dict[str, float]


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
    total = torch.zeros(len(rows), words + 1, rows.shape[2]).scatter_add(1, places.expand_as(rows), rows)
    counts = torch.zeros(len(rows), words + 1, 1).scatter_add(1, places, torch.ones_like(places, dtype=rows.dtype))
    return (total / counts.clamp(min=1))[:, :words]


class Trainer:
    """The losses of documents under a network."""

    def __init__(self, network: Network, role_weights: Tensor) -> None:
        self.network = network
        self.role_weights = role_weights

    def loss(self, documents: Sequence[Document]) -> Loss:
        """Return the loss of a batch: of each head for which a document has labels."""
        windows = [w for d in documents for w in d.windows]
        longest = max(len(w.ids) for w in windows)
        ids, cases, mask = (torch.zeros(len(windows), longest, dtype=torch.int64) for _ in range(3))
        for row, window in enumerate(windows):
            size = len(window.ids)
            ids[row, :size] = torch.from_numpy(window.ids)
            cases[row, :size] = torch.from_numpy(window.cases)
            mask[row, :size] = 1
        markers = torch.from_numpy(make_markers([window.markers.tolist() for window in windows]))
        if len(self.network.words.own):  # then nothing but roles is trained
            parts = self._sentence_losses(documents, read_story(self.network, ids, cases, mask, markers))
        else:
            read = read_windows(self.network, ids, cases, mask, markers)
            parts = self._word_losses(windows, read)
            if any((d.roles >= 0).any() or d.soft is not None for d in documents):
                parts |= self._sentence_losses(documents, read.sentence)
        total = torch.stack(list(parts.values())).sum()
        return Loss(total, {name: part.item() for name, part in parts.items()})

    def _word_losses(self, windows: Sequence[Piecewise], read: model.Words) -> dict[str, Tensor]:
        owners = torch.full(read.attribution.shape[:2], UNKNOWN)
        for row, window in enumerate(windows):
            owners[row, : len(window.ids)] = torch.from_numpy(window.owners)
        lengths = owners.amax(1) + 1
        parts = {}
        for head in SPAN_HEADS:
            labels = torch.zeros(len(windows), int(lengths.max()), dtype=torch.int64)
            for row, window in enumerate(windows):
                labels[row, : lengths[row]] = torch.from_numpy(getattr(window, head))
            if bool((labels >= 0).all()) and int(lengths.min()):
                scores = word_means(getattr(read, head), owners, int(lengths.max()))
                kept = torch.arange(labels.shape[1])[None] < lengths[:, None]
                likelihood = getattr(self.network, head)(scores, labels, lengths).sum() / lengths.sum()
                plain = functional.cross_entropy(scores[kept], labels[kept])
                parts[head] = HEAD_WEIGHTS[head] * (likelihood + TOKEN_WEIGHT * plain)
        return parts

    def _sentence_losses(self, documents: Sequence[Document], vectors: Tensor) -> dict[str, Tensor]:
        roles, speech, gold_roles, gold_speech, soft_losses = [], [], [], [], []
        row = 0
        for document in documents:
            total = torch.zeros(len(document.positions), vectors.shape[2])
            seen = torch.zeros(len(document.positions), 1)
            for window in document.windows:
                sentences = torch.from_numpy(window.sentences)
                total = total.index_add(0, sentences, vectors[row, : len(sentences)])
                seen = seen.index_add(0, sentences, torch.ones(len(sentences), 1))
                row += 1
            role, said = self.network.sentences(total / seen.clamp(min=1), torch.from_numpy(document.positions))
            roles.append(role)
            speech.append(said)
            gold_roles.append(torch.from_numpy(document.roles))
            gold_speech.append(torch.from_numpy(document.speech))
            if document.soft is not None:
                soft = torch.from_numpy(document.soft)
                known = soft.sum(1) > 0
                soft_losses.append(-(soft[known] * role[known].log_softmax(1)).sum(1))
        parts = {}
        gold = torch.cat(gold_roles)
        if bool((gold >= 0).any()):
            parts["roles"] = functional.cross_entropy(
                torch.cat(roles), gold, self.role_weights, ignore_index=UNKNOWN, label_smoothing=SMOOTHING
            )
        gold = torch.cat(gold_speech)
        if bool((gold >= 0).any()):
            parts["speech"] = SPEECH_WEIGHT * functional.cross_entropy(torch.cat(speech), gold, ignore_index=UNKNOWN)
        if soft_losses:
            parts["taught"] = torch.cat(soft_losses).mean()
        return parts


class Material:
    """The training splits, ready to be drawn from; `taught` is what `training.teach` has written."""

    def __init__(self, folder: Path, wordpiece: WordPiece, options: Options, taught: Path | None = None) -> None:
        self.options = options
        self.wordpiece = wordpiece
        self.names: list[NerRow] = []
        self.attribution: list[Source] = []
        self.roles: list[Source] = []
        self.taught: list[Source] = []
        if "names" in options.tasks:
            self.names = [r for r in read_rows(folder / "ner.train.jsonl") if "leaks" not in r]
        if "attribution" in options.tasks:
            self.attribution = [attribution_source(r) for r in read_rows(folder / "attribution.train.jsonl")]
        if "roles" in options.tasks:
            rows = read_rows(folder / "discourse.train.jsonl")
            self.roles = [discourse_source(r) for r in rows if "leaks" not in r]
        if taught:
            self.taught = list(taught_sources(folder, taught))

    def role_weights(self) -> Tensor:
        """Return the weight of each role in the loss: the inverse square root of its share, one on average over sentences."""
        counts = np.bincount([r for s in self.roles for r in s.roles or ()], minlength=len(ROLES)).clip(1)
        weights = counts**-0.5
        return torch.tensor(weights / (weights * counts / counts.sum()).sum(), dtype=torch.float32)

    def epoch(self, number: int) -> list[list[Document]]:
        """Return the batches of an epoch, each of documents from one corpus, shuffled together."""
        rng = random.Random(f"{self.options.seed}/{number}")
        drawn = [self.attribution, self.roles, rng.sample(self.taught, math.ceil(TAUGHT_SHARE * len(self.taught)))]
        if self.names:
            drawn.append(list(name_sources(self.names, rng)))
        made = [
            batch
            for sources in drawn
            for batch in batches(
                [make_document(augment(source, rng), self.wordpiece) for source in sources], pieces=PIECES, rng=rng
            )
        ]
        rng.shuffle(made)
        return made


def parameter_groups(network: Network, options: Options) -> list[dict[str, Any]]:
    """Return the parameters with their learning rates: the encoder's fall from layer to layer towards the words."""
    depth = network.words.encoder.shape.layers
    groups: dict[tuple[float, float], list[nn.Parameter]] = {}
    uppermost = depth - len(network.words.own)
    for name, parameter in network.named_parameters():
        if not parameter.requires_grad:
            continue
        if name.startswith(("words.encoder.layers.", "words.own.")):
            layer = int(name.split(".")[3]) if "encoder" in name else uppermost + int(name.split(".")[2])
            rate = options.encoder_rate * DECAY ** (depth - 1 - layer)
        elif name.startswith("words.encoder.") and "cases" not in name:
            rate = options.encoder_rate * DECAY**depth
        else:
            rate = options.head_rate
        groups.setdefault((rate, 0.01 if parameter.dim() > 1 else 0.0), []).append(parameter)
    return [{"params": p, "lr": rate, "weight_decay": decay} for (rate, decay), p in groups.items()]


def rate_at(progress: float) -> float:
    """Return the share of the learning rate at a point of the run, 0 to 1: up over the first 6 %, then down to nothing.

    >>> [round(rate_at(p), 2) for p in (0, 0.06, 0.53, 1)]
    [0.0, 1.0, 0.5, 0.0]
    """
    return progress / WARM if progress < WARM else (1 - progress) / (1 - WARM)


class Run:
    """A training run: its network and optimizer, and where its log and checkpoint are kept."""

    def __init__(self, network: Network, material: Material, options: Options, into: Path) -> None:
        self.network, self.material, self.options, self.into = network, material, options, into
        self.trainer = Trainer(network, material.role_weights())
        groups = parameter_groups(network, options)
        self.rates = [group["lr"] for group in groups]
        self.optimizer = torch.optim.AdamW(groups, fused=True)
        self.average = {name: p.detach().clone() for name, p in network.named_parameters()}
        self.done = 0
        if (into / CHECKPOINT).exists():
            self._resume()

    def _resume(self) -> None:
        kept = torch.load(self.into / CHECKPOINT, weights_only=True)
        self.network.load_state_dict(kept["weights"])
        self.optimizer.load_state_dict(kept["optimizer"])
        self.average = kept["average"]
        self.done = kept["epoch"]

    def epoch(self) -> dict[str, float]:
        """Train for one epoch; return the mean loss of each head."""
        torch.manual_seed(1000 * self.options.seed + self.done)
        self.network.train()
        sums: dict[str, list[float]] = {}
        made = self.material.epoch(self.done)
        began = time.monotonic()
        for step, documents in enumerate(made):
            share = rate_at((self.done + step / len(made)) / self.options.epochs)
            for group, rate in zip(self.optimizer.param_groups, self.rates, strict=True):
                group["lr"] = rate * share
            loss = self.trainer.loss(documents)
            loss.total.backward()  # type: ignore[no-untyped-call]
            nn.utils.clip_grad_norm_(self.network.parameters(), 1.0)
            self.optimizer.step()
            self.optimizer.zero_grad(set_to_none=True)
            for name, part in loss.parts.items():
                sums.setdefault(name, []).append(part)
            if step % AVERAGE_EVERY == 0:
                with torch.no_grad():
                    for name, parameter in self.network.named_parameters():
                        self.average[name].lerp_(parameter, 1 - AVERAGE_DECAY)
            if step % 50 == 49:
                recent = " ".join(f"{name} {np.mean(values[-50:]):.3f}" for name, values in sums.items())
                print(
                    f"{self.done}: {step + 1}/{len(made)} {time.monotonic() - began:.0f} s {recent}",
                    file=sys.stderr,
                    flush=True,
                )
        self.done += 1
        return {name: round(float(np.mean(values)), 4) for name, values in sums.items()}

    def save(self) -> None:
        """Write the checkpoint; a run that is stopped while it does so keeps the one before."""
        self.into.mkdir(parents=True, exist_ok=True)
        part = self.into / f"{CHECKPOINT}.part"
        kept = {
            "own": len(self.network.words.own),
            "weights": self.network.state_dict(),
            "average": self.average,
            "optimizer": self.optimizer.state_dict(),
            "epoch": self.done,
            "options": asdict(self.options),
            "shape": asdict(self.network.words.encoder.shape),
        }
        torch.save(kept, part)
        part.replace(self.into / CHECKPOINT)


def load_average(run: Path) -> Network:
    """Return the network of a run with its averaged weights."""
    kept = torch.load(run / CHECKPOINT, weights_only=True)
    network = Network(Shape(**kept["shape"]), own=kept["own"])
    network.load_state_dict(kept["average"], strict=False)
    return network.eval()


def new_network(encoder: Path, seed: int) -> Network:
    """Return a network with the pretrained encoder of a folder with `config.json` and `model.safetensors`."""
    torch.manual_seed(seed)
    network = Network(read_shape(encoder))
    load_weights(network.words.encoder, load_file(encoder / "model.safetensors"))
    return network


def add_roles(words: Network, *, own: int, seed: int) -> Network:
    """Return a network that reads words as the given one does, with layers of its own for sentences, yet to be trained.

    They start as copies of the encoder's uppermost; only they, and what stands on them, can change.
    """
    torch.manual_seed(seed)
    network = Network(words.words.encoder.shape, own=own)
    network.load_state_dict(words.state_dict(), strict=False)
    if own:
        network.words.own.load_state_dict(words.words.encoder.layers[-own:].state_dict())
    network.requires_grad_(False)  # noqa: FBT003
    for part in (network.words.own, network.words.sentence, network.sentences):
        part.requires_grad_(True)  # noqa: FBT003
    return network


def read_options() -> argparse.Namespace:
    """Return the options of the command line."""
    parser = argparse.ArgumentParser(description="Train the network.")
    parser.add_argument("--corpora", type=Path, required=True, help="folder with score.py and TASK.SPLIT.jsonl")
    start = parser.add_mutually_exclusive_group(required=True)
    start.add_argument("--encoder", type=Path, help="folder with config.json and model.safetensors")
    start.add_argument("--words", type=Path, help="folder of a run that reads words, to which roles are added")
    parser.add_argument("--own-layers", type=int, default=3, help="layers that roles have of their own (default: 3)")
    parser.add_argument("--into", type=Path, required=True, help="folder for the log and the checkpoint")
    parser.add_argument("--taught", type=Path, help="roles that a teacher sees, as training.teach writes them")
    parser.add_argument("--task", choices=TASKS, action="append", help="only this task; may be repeated")
    parser.add_argument("--epochs", type=int, default=8, help="(default: 8)")
    parser.add_argument(
        "--encoder-rate", type=float, default=2e-4, help="learning rate of its top layer (default: 2e-4)"
    )
    parser.add_argument("--head-rate", type=float, default=6e-4, help="learning rate of the rest (default: 6e-4)")
    parser.add_argument("--seed", type=int, default=1, help="(default: 1)")
    return parser.parse_args()


def main() -> int:
    """Train, with a line in the log and a checkpoint after each epoch."""
    given = read_options()
    tasks = ("roles",) if given.words else tuple(given.task or TASKS)
    options = Options(given.seed, given.epochs, tasks, given.encoder_rate, given.head_rate)
    vocabulary = read_vocabulary()
    wordpiece = WordPiece({piece: number for number, piece in enumerate(vocabulary)})
    material = Material(given.corpora, wordpiece, options, given.taught)
    if given.words:
        network = add_roles(load_average(given.words), own=given.own_layers, seed=options.seed)
    else:
        network = new_network(given.encoder, options.seed)
    run = Run(network, material, options, given.into)
    while run.done < options.epochs:
        began = time.monotonic()
        losses = run.epoch()
        seconds = round(time.monotonic() - began)
        run.save()
        dev = summary_of(
            evaluate(
                given.corpora,
                split="dev",
                tasks=[SCORED[t] for t in tasks],
                tagger=make_tagger(load_average(given.into), vocabulary),
                every={"ner": 10},
            )
        )
        line = json.dumps({"epoch": run.done, "seconds": seconds, "loss": losses, "dev": dev})
        print(line, flush=True)
        with (given.into / "log.jsonl").open("a", encoding="utf-8") as log:
            log.write(line + "\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
