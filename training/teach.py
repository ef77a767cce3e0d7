"""Let networks say what they see in all documents, for another to learn from.

    python -m training.teach --material FILE --run TEACHER [--run TEACHER] --into FILE [--articles]

Of each document (`training.material`), as it stands, is kept what the teachers say of its words and sentences: the chances of
labels and of pairs of labels in each window, of roles and of speech for each sentence. A teacher is asked for what it was
trained on; of several that know the same, the mean is kept. With `--articles` nothing is kept but the names in articles. FILE
is for the next steps on this machine and no other: it is read with pickle.
"""

from __future__ import annotations

import argparse
import pickle
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import torch
from torch import Tensor

from briefs.network import SPAN_HEADS
from briefs.windows import HEADLINE
from training import material
from training.examples import Document, Prepared
from training.lessons import Said, Sequences
from training.losses import make_batch, read_batch, sentence_means, word_means
from training.model import Network
from training.train import best_device, load_average, tasks_of

PIECES = 32_768  # read at a time
TAUGHT = {"attribution": "attribution", "entity": "names"}  # the task that teaches a head


@dataclass(frozen=True)
class Teacher:
    """A network, and the tasks that it was trained on."""

    network: Network
    tasks: tuple[str, ...]


def said_by(teacher: Teacher, documents: Sequence[Document], device: torch.device) -> Iterator[Said]:
    """Yield what a teacher says of each document."""
    said: dict[int, Said] = {}
    for chosen in groups(documents):
        said |= zip(chosen, _read(teacher, [documents[n] for n in chosen], device), strict=True)
    for number in range(len(documents)):
        yield said[number]


def groups(documents: Sequence[Document]) -> Iterator[list[int]]:
    """Yield the numbers of documents that are read at a time, those of like length together."""
    chosen: list[int] = []
    pieces = 0
    for number in sorted(range(len(documents)), key=lambda n: documents[n].longest):
        size = len(documents[number].windows) * documents[number].longest
        if chosen and pieces + size > PIECES:
            yield chosen
            chosen, pieces = [], 0
        chosen.append(number)
        pieces += size
    if chosen:
        yield chosen


@torch.no_grad()
def _read(teacher: Teacher, documents: Sequence[Document], device: torch.device) -> list[Said]:
    batch = make_batch(documents).to(device)
    read, _ = read_batch(teacher.network, batch)
    lengths = batch.lengths.tolist()
    words: dict[str, list[Sequences]] = {}
    for head in (h for h in SPAN_HEADS if TAUGHT[h] in teacher.tasks):
        scores = word_means(getattr(read, head), batch.owners, batch.words)
        chances, pairs = (_numbers(x) for x in getattr(teacher.network, head).marginals(scores, batch.lengths))
        words[head] = [Sequences(chances[n, :length], pairs[n]) for n, length in enumerate(lengths)]
    roles = speech = None
    if "roles" in teacher.tasks:
        vectors = sentence_means(read.sentence, batch)
        role, voice = teacher.network.sentences.read_many(vectors, batch.positions, batch.sizes)
        roles, speech = _numbers(role.softmax(2)), _numbers(voice.softmax(2))
    made, row = [], 0
    for number, document in enumerate(documents):
        count, windows = len(document.positions), len(document.windows)
        made.append(
            Said(
                {head: tuple(found[row : row + windows]) for head, found in words.items()},
                None if roles is None else roles[number, :count],
                None if speech is None else speech[number, :count],
            )
        )
        row += windows
    return made


def _numbers(values: Tensor) -> np.ndarray:
    return values.float().cpu().numpy()


def mean_of(said: Sequence[Said]) -> Said:
    """Return the mean of what several teachers say of one document, each of what it knows."""
    words = {}
    for head in SPAN_HEADS:
        known = [s.words[head] for s in said if head in s.words]
        if known:
            words[head] = tuple(
                Sequences(
                    np.mean([s.chances for s in window], axis=0).astype(np.float16),
                    np.mean([s.pairs for s in window], axis=0).astype(np.float32),
                )
                for window in zip(*known, strict=True)
            )
    roles = [s.roles for s in said if s.roles is not None]
    speech = [s.speech for s in said if s.speech is not None]
    return Said(words, np.mean(roles, axis=0) if roles else None, np.mean(speech, axis=0) if speech else None)


def without_headline(said: Said, document: Document) -> Said:
    """Return what is said with nothing of the headline's role: the annotators of roles did not look at it."""
    if said.roles is None or said.speech is None:
        return said
    story = (document.positions != HEADLINE)[:, None]
    return replace(said, roles=said.roles * story, speech=said.speech * story)


def ask(runs: Sequence[Path], prepared: Sequence[Prepared], *, articles: bool = False) -> list[Said]:
    """Return what the networks of some runs say of each document; if `articles`, of the names in articles and nothing else."""
    device = best_device()
    chosen = [number for number, one in enumerate(prepared) if one.is_article or not articles]
    documents = [prepared[number].versions[0] for number in chosen]
    heard = []
    for run in runs:
        tasks = tuple(task for task in tasks_of(run) if task == "names" or not articles)
        heard.append(list(said_by(Teacher(load_average(run).to(device), tasks), documents, device)))
    made = [Said({}, None, None)] * len(prepared)
    for number, document, *said in zip(chosen, documents, *heard, strict=True):
        made[number] = without_headline(mean_of(said), document)
    return made


def main() -> int:
    """Write the file."""
    parser = argparse.ArgumentParser(description="Let networks say what they see in all documents.")
    parser.add_argument("--material", type=Path, required=True, help="what training.material has written")
    parser.add_argument("--run", type=Path, required=True, action="append", help="folder of a teacher's run")
    parser.add_argument("--into", type=Path, required=True, help="the file to write")
    parser.add_argument("--articles", action="store_true", help="keep the names in articles, and nothing else")
    options = parser.parse_args()
    made = ask(options.run, material.load(options.material), articles=options.articles)
    with options.into.open("wb") as file:
        pickle.dump(made, file, pickle.HIGHEST_PROTOCOL)
    return 0


if __name__ == "__main__":
    sys.exit(main())
