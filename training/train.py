"""Train the network.

    python -m training.train --corpora FOLDER --material FILE --encoder FOLDER --into RUN [--task names]
    python -m training.train --corpora FOLDER --material FILE --words RUN --taught FILE --articles --into RUN [--heads 6]
    python -m training.train --corpora FOLDER --material FILE --frozen RUN --task roles --into RUN [--taught FILE]

The first trains a pretrained encoder for the tasks asked for. The second cuts a smaller network from that of a run
(`training.prune`) and trains it towards what teachers say (`training.teach`); in the first half of the run its layers are
drawn to those that they were cut from. The third has only the layers at the markers, and what reads their vectors, learn
more: all else stays as it is in the run.

Each step takes whole documents of like length, about 2,300 pieces of them. RUN gets `log.jsonl`, a line an epoch (the mean of
each loss, the scores on the dev splits), and `last.pt`; a run that was stopped goes on from there with the same command. The
same seed on the same processor gives the same weights, unless time (`--seconds`) ends the run.
"""

from __future__ import annotations

import argparse
import json
import random
import sys
import time
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
import torch
from safetensors.torch import load_file
from torch import Tensor, nn
from torch.utils.data import DataLoader, Dataset

from briefs.network import SPAN_HEADS, Floats, Ints, Sentences, Words, read_vocabulary
from briefs.tagger import ROLES, Tagger
from training.evaluate import evaluate, summary_of
from training.examples import Prepared
from training.lessons import Lesson, Said, batches, load_said, make_lesson
from training.losses import Assembled, Trainer, assemble
from training.material import load as load_material
from training.model import Network, Shape, load_weights, read_shape
from training.prune import cut, weigh

DECAY = 0.9  # of the learning rate, from each layer of the encoder to the one below
AVERAGE_EVERY, AVERAGE_DECAY = 5, 0.98  # moving average of the weights, over some 250 steps
WARM = 0.06  # share of the run in which the learning rate rises
IMITATED = 0.5  # share of the run after which another network's layers are imitated no more
WEIGHED = 40  # batches by which the parts of a network are weighed
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
    pieces: int
    role_share: float
    imitation: float
    seconds: float


class TorchNetwork:
    """A network in training, as the tagger calls it; its encoder's products are in bfloat16, as in training."""

    def __init__(self, network: Network) -> None:
        self._network = network.eval()
        self._device = next(network.parameters()).device

    @torch.no_grad()
    def read_words(self, ids: Ints, cases: Ints, markers: Ints) -> Words:
        """Return what is read in a window."""
        pieces, classes, places = (torch.from_numpy(x)[None].to(self._device) for x in (ids, cases, markers))
        with torch.autocast(self._device.type, torch.bfloat16):
            states, story = self._network.words.encode(pieces, classes, None, places)
        return Words(*(x[0].cpu().numpy() for x in self._network.words.read(states.float(), story.float())))

    @torch.no_grad()
    def read_sentences(self, vectors: Floats, positions: Ints) -> Sentences:
        """Return what is read from the sentences of one article in a row."""
        given = (torch.from_numpy(x).to(self._device) for x in (vectors, positions))
        return Sentences(*(x.cpu().numpy() for x in self._network.sentences(*given)))


def make_tagger(network: Network, vocabulary: Sequence[str]) -> Tagger:
    """Return a tagger that calls a network in training."""
    transitions = {head: getattr(network, head).transitions.detach().cpu().numpy() for head in SPAN_HEADS}
    return Tagger(TorchNetwork(network), vocabulary=vocabulary, transitions=transitions, version="training")


def role_weights(lessons: Iterable[Lesson]) -> Tensor:
    """Return the weight of each role in the loss: the inverse square root of its share, one on average over sentences."""
    roles = np.concatenate([lesson.document.roles for lesson in lessons])
    counts = np.bincount(roles[roles >= 0], minlength=len(ROLES)).clip(1)
    weights = counts**-0.5
    return torch.tensor(weights / (weights * counts / counts.sum()).sum(), dtype=torch.float32)


class Material:
    """What is trained on: lessons in their versions (or as they stand, if not `varied`), by the corpus that they are from.

    They are those of the tasks, and with `articles` all articles.
    """

    def __init__(
        self,
        prepared: Sequence[Prepared],
        said: Sequence[Said] | None,
        tasks: Sequence[str],
        *,
        articles: bool = False,
        varied: bool = True,
    ) -> None:
        self.lessons: dict[str, list[tuple[Lesson, ...]]] = {}
        for number, one in enumerate(prepared):
            if one.corpus in tasks or (articles and one.is_article):
                first = make_lesson(one.versions[0], said[number] if said else None)
                documents = one.versions if varied else one.versions[:1]
                versions = tuple(replace(first, document=document) for document in documents)
                self.lessons.setdefault(one.kind, []).append(versions)

    def all(self) -> Iterator[Lesson]:
        """Yield all lessons, each as it stands."""
        for lessons in self.lessons.values():
            for versions in lessons:
                yield versions[0]

    def epoch(self, number: int, options: Options) -> list[list[Lesson]]:
        """Return the batches of an epoch; of names one draw is taken, of each document one version."""
        rng = random.Random(f"{options.seed}/{number}")
        kinds = [kind for kind in self.lessons if kind.startswith("names/")]
        left_out = {kind for place, kind in enumerate(kinds) if place != number % len(kinds)}
        drawn = [
            rng.choice(versions)
            for kind, lessons in self.lessons.items()
            if kind not in left_out
            for versions in lessons
        ]
        return batches(drawn, pieces=options.pieces, rng=rng)


class Batches(Dataset[Assembled]):
    """The batches of an epoch, each put together when it is asked for."""

    def __init__(self, made: Sequence[Sequence[Lesson]]) -> None:
        self._made = made

    def __len__(self) -> int:
        return len(self._made)

    def __getitem__(self, number: int) -> Assembled:
        return assemble(self._made[number])


def parameter_groups(network: Network, options: Options) -> list[dict[str, Any]]:
    """Return the parameters with their learning rates: the encoder's fall from layer to layer towards the words."""
    depth = network.words.encoder.shape.layers
    groups: dict[tuple[float, float], list[nn.Parameter]] = {}
    for name, parameter in network.named_parameters():
        if not parameter.requires_grad:
            continue
        if name.startswith(("words.encoder.layers.", "words.own.")):
            layer = int(name.split(".")[3]) if "encoder" in name else depth - 1
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
    """A training run: its network and optimizer, and where its log and checkpoint are kept.

    Its batches are put together in so many processes `ahead`, or where there are none, between the steps.
    """

    def __init__(self, trainer: Trainer, material: Material, options: Options, into: Path, *, ahead: int = 0) -> None:
        self.network, self.trainer, self.material = trainer.network, trainer, material
        self.options, self.into, self.ahead = options, into, ahead
        groups = parameter_groups(self.network, options)
        self.rates = [group["lr"] for group in groups]
        self.optimizer = torch.optim.AdamW(groups, fused=True)
        self.average = {name: p.detach().clone() for name, p in self.network.named_parameters()}
        self.done = 0
        self.began = time.monotonic()
        if (into / CHECKPOINT).exists():
            self._resume()

    def _resume(self) -> None:
        kept = torch.load(self.into / CHECKPOINT, weights_only=True, map_location=self.trainer.device)
        self.network.load_state_dict(kept["weights"])
        self.optimizer.load_state_dict(kept["optimizer"])
        self.average = kept["average"]
        self.done = kept["epoch"]

    def progress(self, share: float = 0.0) -> float:
        """Return the share of the run that is behind it in `share` of an epoch more: by epochs, or by time if that is short."""
        spent = (time.monotonic() - self.began) / self.options.seconds if self.options.seconds else 0.0
        return max(spent, (self.done + share) / self.options.epochs)

    def epoch(self) -> dict[str, float]:
        """Train for one epoch; return the mean loss of each head."""
        torch.manual_seed(1000 * self.options.seed + self.done)
        self.network.train()
        sums: dict[str, list[Tensor]] = {}
        made = self.material.epoch(self.done, self.options)
        began = time.monotonic()
        averaged: list[Tensor] = list(self.average.values())
        weights: list[Tensor] = list(self.network.parameters())
        assembled_ahead = DataLoader(Batches(made), batch_size=None, num_workers=self.ahead)
        for step, (lessons, assembled) in enumerate(zip(made, assembled_ahead, strict=True)):
            progress = self.progress(step / len(made))
            if progress >= 1:
                break
            if progress >= IMITATED:
                self.trainer.levels = ()
            for group, rate in zip(self.optimizer.param_groups, self.rates, strict=True):
                group["lr"] = rate * rate_at(progress)
            parts = self.trainer.losses(lessons, assembled)
            if "imitation" in parts:
                parts["imitation"] = self.options.imitation * (1 - progress / IMITATED) * parts["imitation"]
            torch.stack(list(parts.values())).sum().backward()  # type: ignore[no-untyped-call]
            nn.utils.clip_grad_norm_(weights, 1.0)
            self.optimizer.step()
            self.optimizer.zero_grad(set_to_none=True)
            for name, part in parts.items():
                sums.setdefault(name, []).append(part.detach())
            if step % AVERAGE_EVERY == 0:
                with torch.no_grad():
                    torch._foreach_lerp_(averaged, weights, 1 - AVERAGE_DECAY)
            if step % 50 == 49:
                recent = " ".join(f"{name} {torch.stack(v[-50:]).mean():.3f}" for name, v in sums.items())
                print(
                    f"{self.done}: {step + 1}/{len(made)} {time.monotonic() - began:.0f} s {recent}",
                    file=sys.stderr,
                    flush=True,
                )
        self.done += 1
        return {name: round(float(torch.stack(values).mean()), 4) for name, values in sums.items()}

    def save(self) -> None:
        """Write the checkpoint; a run that is stopped while it does so keeps the one before."""
        self.into.mkdir(parents=True, exist_ok=True)
        part = self.into / f"{CHECKPOINT}.part"
        kept = {
            "own": len(self.network.words.own),
            "fork": self.network.words.fork,
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
    kept = torch.load(run / CHECKPOINT, weights_only=True, map_location="cpu")
    network = Network(Shape(**kept["shape"]), own=kept["own"], fork=kept["fork"])
    network.load_state_dict(kept["average"], strict=False)
    return network.eval()


def tasks_of(run: Path) -> tuple[str, ...]:
    """Return the tasks that a run was trained on."""
    kept = torch.load(run / CHECKPOINT, weights_only=True, map_location="cpu")
    return tuple(kept["options"]["tasks"])


def best_device() -> torch.device:
    """Return the accelerator of this machine that PyTorch knows, or its processor."""
    return torch.device("cuda" if torch.cuda.is_available() else "cpu")


def new_network(encoder: Path) -> Network:
    """Return a network with the pretrained encoder of a folder with `config.json` and `model.safetensors`."""
    network = Network(read_shape(encoder))
    load_weights(network.words.encoder, load_file(encoder / "model.safetensors"))
    return network


def small_network(words: Network, material: Material, given: argparse.Namespace, options: Options) -> Network:
    """Return a network cut from another, by what hangs on its parts.

    Raises ValueError if teachers do not say attributions and names of one batch: by half of that no part can be judged.
    """
    device = best_device()
    trainer = Trainer(words.to(device), role_weights(material.all()).to(device))
    chosen = [
        batch for batch in material.epoch(0, options) if all(set(lesson.words) == set(SPAN_HEADS) for lesson in batch)
    ]
    if not chosen:
        raise ValueError("--words: expected --taught with both attributions and names of all articles")
    weights = weigh(trainer, chosen[:WEIGHED])
    return cut(words.cpu(), weights, layers=given.layers, heads=given.heads, inner=given.inner)


def levels(layers: Sequence[int], depth: int) -> list[tuple[int, int]]:
    """Return for each kept layer the one whose vectors it should come to: the last before the next that is kept.

    >>> levels([0, 2, 5], 6)
    [(0, 1), (1, 4), (2, 5)]
    """
    return [(place, after - 1) for place, after in enumerate([*layers[1:], depth])]


def read_options() -> argparse.Namespace:
    """Return the options of the command line."""
    parser = argparse.ArgumentParser(description="Train the network.")
    parser.add_argument("--corpora", type=Path, required=True, help="folder with score.py and TASK.dev.jsonl")
    parser.add_argument("--material", type=Path, required=True, help="what training.material has written")
    start = parser.add_mutually_exclusive_group(required=True)
    start.add_argument("--encoder", type=Path, help="folder with config.json and model.safetensors")
    start.add_argument("--words", type=Path, help="folder of a run whose network is to be cut down")
    start.add_argument("--frozen", type=Path, help="folder of a run whose layers at the markers are to learn more")
    parser.add_argument("--layers", type=_numbers, default=[0, 2, 5], help="those kept of --words (default: 0,2,5)")
    parser.add_argument("--heads", type=int, default=6, help="of attention, kept in each layer of --words (default: 6)")
    parser.add_argument("--inner", type=int, default=1024, help="units kept in each layer of --words (default: 1024)")
    parser.add_argument("--into", type=Path, required=True, help="folder for the log and the checkpoint")
    parser.add_argument(
        "--taught",
        type=Path,
        action="append",
        help="what training.teach has written; may be repeated: of what two files know, the first counts",
    )
    parser.add_argument(
        "--task",
        choices=TASKS,
        action="append",
        help="only documents of this task (default: of all); may be repeated",
    )
    parser.add_argument(
        "--articles", action="store_true", help="and all articles, for what is said of them by those of --taught"
    )
    parser.add_argument("--epochs", type=int, default=8, help="(default: 8)")
    parser.add_argument("--pieces", type=int, default=2304, help="of a step, padding included (default: 2304)")
    parser.add_argument(
        "--encoder-rate", type=float, default=2e-4, help="learning rate of its top layer (default: 2e-4)"
    )
    parser.add_argument("--head-rate", type=float, default=6e-4, help="learning rate of the rest (default: 6e-4)")
    parser.add_argument("--role-share", type=float, default=1.0, help="weight of roles in the loss (default: 1)")
    parser.add_argument(
        "--imitation", type=float, default=1.0, help="weight of being like the layers of --words (default: 1)"
    )
    parser.add_argument(
        "--seconds", type=float, default=0, help="end after so long, if the epochs do not (default: 0, never)"
    )
    parser.add_argument(
        "--ahead", type=int, default=0, help="processes that put batches together, for an accelerator (default: 0)"
    )
    parser.add_argument("--seed", type=int, default=1, help="(default: 1)")
    parser.add_argument(
        "--score-every", type=int, default=1, help="epochs between scores on dev; 0: never (default: 1)"
    )
    return parser.parse_args()


def _numbers(text: str) -> list[int]:
    return [int(part) for part in text.split(",")]


def start_run(given: argparse.Namespace, options: Options) -> Run:
    """Return the run that is asked for, at its beginning or where it was stopped.

    Raises ValueError if what it starts from, or what it is taught, does not fit.
    """
    torch.manual_seed(options.seed)
    device = best_device()
    prepared = load_material(given.material)
    said = load_said(given.taught, len(prepared)) if given.taught else None
    material = Material(prepared, said, options.tasks, articles=given.articles, varied=not given.frozen)
    if given.frozen:
        network = load_average(given.frozen).to(device).requires_grad_(False)  # noqa: FBT003
        if not len(network.words.own):
            raise ValueError(f"{given.frozen}: its network has no layers at the markers; expected a run with --words")
    elif given.words:
        words = load_average(given.words)
        network = small_network(words, material, given, options).to(device)
    else:
        network = new_network(given.encoder).to(device)
    trainer = Trainer(network, role_weights(material.all()).to(device), role_share=options.role_share)
    if given.words and options.imitation:
        trainer.imitated = words.to(device)
        trainer.levels = levels(given.layers, words.words.encoder.shape.layers)
    if given.frozen:
        trainer.frozen = {}
        for part in (network.words.own, network.words.sentence, network.sentences):
            part.requires_grad_(True)  # noqa: FBT003
    return Run(trainer, material, options, given.into, ahead=given.ahead)


def main() -> int:
    """Train, with a line in the log and a checkpoint after each epoch."""
    given = read_options()
    options = Options(
        seed=given.seed,
        epochs=given.epochs,
        tasks=tuple(given.task or TASKS),
        encoder_rate=given.encoder_rate,
        head_rate=given.head_rate,
        pieces=given.pieces,
        role_share=given.role_share,
        imitation=given.imitation,
        seconds=given.seconds,
    )
    try:
        run = start_run(given, options)
    except (FileNotFoundError, ValueError) as error:
        print(error, file=sys.stderr)
        return 2
    vocabulary = read_vocabulary()
    while run.progress() < 1:
        began = time.monotonic()
        losses = run.epoch()
        seconds = round(time.monotonic() - began)
        run.save()
        dev = {}
        if given.score_every and (run.progress() >= 1 or run.done % given.score_every == 0):
            dev = summary_of(
                evaluate(
                    given.corpora,
                    split="dev",
                    tasks=[SCORED[t] for t in options.tasks],
                    tagger=make_tagger(load_average(given.into).to(best_device()), vocabulary),
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
