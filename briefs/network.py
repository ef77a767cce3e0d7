"""The model's files, and how they are run.

`words.onnx` reads windows of pieces: scores of attribution and of names for each piece, and a vector for each sentence, at its
marker. Its large products are of integers, and all else in it is such that processors agree to the last bit
(`training/graph.py`). `sentences.onnx` reads the vectors of an article's sentences in a row: scores of roles and of speech.
`vocab.txt` is the vocabulary and `model.json` the card: version, checksums, and what the decoder needs.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from importlib.resources import as_file, files
from importlib.resources.abc import Traversable
from pathlib import Path

import briefs.offline  # noqa: F401 (first: it silences onnxruntime)

# isort: split
import numpy as np
import onnxruntime
from numpy.typing import NDArray
from onnxruntime.capi.onnxruntime_pybind11_state import (
    Fail,
    InvalidArgument,
    InvalidGraph,
    InvalidProtobuf,
    RuntimeException,
)

from briefs.errors import TaggerError

Floats = NDArray[np.float32]
Ints = NDArray[np.int64]

SPAN_HEADS = ("attribution", "entity")
_REFUSED = (
    Fail,
    InvalidArgument,
    InvalidGraph,
    InvalidProtobuf,
    RuntimeException,
)  # what a file that is no graph leads to


@dataclass(frozen=True)
class Words:
    """What the model says of a window: scores [pieces, labels], sentence vectors [markers, width]."""

    attribution: Floats
    entity: Floats
    sentence: Floats


@dataclass(frozen=True)
class Sentences:
    """What the model says of the sentences of an article: scores [sentences, roles] and [sentences, 2]."""

    role: Floats
    speech: Floats


class OnnxNetwork:
    """The two graphs, opened. Raises OSError where a file cannot, and what onnxruntime raises where it holds no graph."""

    def __init__(self, words: Path, sentences: Path, *, threads: int) -> None:
        self._words = _open_session(words, threads)
        self._sentences = _open_session(sentences, 1)

    def read_words(self, ids: Ints, cases: Ints, markers: Ints) -> Words:
        """Return what is read in a window of `ids` and `cases` [pieces]; `markers` [markers] are places, two at least.

        At one place alone some processors would add up in another order.
        """
        return Words(
            *self._words.run(["attribution", "entity", "sentence"], {"ids": ids, "cases": cases, "markers": markers})
        )

    def read_sentences(self, vectors: Floats, positions: Ints) -> Sentences:
        """Return what is read from the vectors [sentences, width] and position buckets [sentences] of one article."""
        return Sentences(*self._sentences.run(["role", "speech"], {"sentences": vectors, "positions": positions}))


@dataclass(frozen=True)
class Model:
    """A model, read from its folder."""

    network: OnnxNetwork
    vocabulary: tuple[str, ...]
    version: str
    transitions: dict[str, Floats]  # log-potentials of a label (column) after another (row), by head


def read_vocabulary(folder: Traversable | None = None) -> tuple[str, ...]:
    """Return the pieces of a vocabulary, that of a folder or the one that ships with briefs, in the order of their numbers."""
    return tuple(((folder or files("briefs") / "model") / "vocab.txt").read_text(encoding="utf-8").splitlines())


def load_model(*, threads: int = 1, folder: Traversable | None = None) -> Model:
    """Return the model in a folder, or the one that ships with briefs. Raises TaggerError if a file is missing or broken."""
    folder = folder or files("briefs") / "model"
    try:
        card = json.loads((folder / "model.json").read_text(encoding="utf-8"))
        with as_file(folder / "words.onnx") as words, as_file(folder / "sentences.onnx") as sentences:
            network = OnnxNetwork(words, sentences, threads=threads)
        return Model(
            network=network,
            vocabulary=read_vocabulary(folder),
            version=card["version"],
            transitions={head: np.array(card["transitions"][head], np.float32) for head in SPAN_HEADS},
        )
    except (OSError, ValueError, KeyError, *_REFUSED) as error:
        raise TaggerError(f"{folder}: the tagger cannot be loaded: {error}") from error


def _open_session(graph: Path, threads: int) -> onnxruntime.InferenceSession:
    with graph.open("rb"):
        pass  # onnxruntime, which reads a file faster than bytes, has no clear words for one that cannot be read
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = threads
    options.inter_op_num_threads = 1
    options.log_severity_level = 3
    options.add_session_config_entry("session.intra_op.allow_spinning", "0")
    return onnxruntime.InferenceSession(str(graph), options, providers=["CPUExecutionProvider"])
