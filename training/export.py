"""Write what a training run has learned as the model that ships.

    python -m training.export --run RUN --into briefs/model --version NAME [--articles seeds]

Two graphs (`words.onnx`, `sentences.onnx`), the vocabulary and the card. The files carry nothing but the graph: no paths, no
traces of the code. The same checkpoint gives the same bytes. How the words are computed, and why so, says `training.graph`.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path

import numpy as np

from briefs import read
from briefs.network import SPAN_HEADS, read_vocabulary
from briefs.tagger import WINDOW
from briefs.windows import Window, cut_windows, read_article
from briefs.wordpiece import WordPiece
from training.graph import largest_inputs, sentences_graph, words_graph
from training.model import Network
from training.train import load_average

SEEDS = Path(__file__).parents[1] / "seeds"


def read_windows(folder: Path) -> Iterator[Window]:
    """Yield the windows of the articles in a folder, `*.txt`, as the tagger cuts them."""
    wordpiece = WordPiece({piece: number for number, piece in enumerate(read_vocabulary())})
    for path in sorted(folder.glob("*.txt")):
        units, _, headline = read_article(read(path.read_bytes()), wordpiece)
        yield from cut_windows(units, size=WINDOW, headline=headline)


def write_model(network: Network, folder: Path, *, version: str, windows: Iterable[Window]) -> None:
    """Write the model's files into a folder; how far its vectors run out is found on `windows`."""
    folder.mkdir(parents=True, exist_ok=True)
    largest = largest_inputs(network, windows)
    files = {
        "words.onnx": words_graph(network, largest).SerializeToString(deterministic=True),
        "sentences.onnx": sentences_graph(network).SerializeToString(deterministic=True),
        "vocab.txt": ("\n".join(read_vocabulary()) + "\n").encode(),
    }
    for name, content in files.items():
        (folder / name).write_bytes(content)
    shape = network.words.encoder.shape
    card = {
        "version": version,
        "license": "Apache-2.0",
        "encoder": f"of MiniLM-L6-H384, uncased: {shape.layers} layers of {shape.heads} heads and {shape.inner} inner units, "
        "with case embedding",
        "weights": "int8",
        "sha256": {name: hashlib.sha256(content).hexdigest() for name, content in files.items()},
        "transitions": {
            head: np.round(getattr(network, head).transitions.detach().numpy().astype(float), 3).tolist()
            for head in SPAN_HEADS
        },
    }
    (folder / "model.json").write_text(json.dumps(card, indent=1) + "\n", encoding="utf-8")


def main() -> int:
    """Export a run."""
    parser = argparse.ArgumentParser(description="Write what a training run has learned as the model that ships.")
    parser.add_argument("--run", type=Path, required=True, help="folder of the run")
    parser.add_argument("--into", type=Path, required=True, help="folder of the model")
    parser.add_argument("--version", required=True, help="the model's name, as briefs will state it")
    parser.add_argument("--articles", type=Path, default=SEEDS, help="folder of articles to look at (default: seeds)")
    options = parser.parse_args()
    windows = read_windows(options.articles)
    write_model(load_average(options.run), options.into, version=options.version, windows=windows)
    for path in sorted(options.into.iterdir()):
        print(f"{path.stat().st_size:>12,} {path.name}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
