"""Write what a training run has learned as the model that ships.

    python -m training.export --run RUN --into briefs/model --version NAME [--weights int8]

Two graphs (`words.onnx`, `sentences.onnx`), the vocabulary and the card. Large matrices are kept as int8 with one scale for
each output (symmetric: the largest weight is 127) and made float32 again when the model is opened; the arithmetic is float32.
The files carry nothing but the graph: no paths, no traces of the code. The same checkpoint gives the same bytes.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import math
import sys
import warnings
from dataclasses import fields
from pathlib import Path
from typing import Literal, get_args

import numpy as np
import onnx
import torch
from numpy.typing import NDArray
from onnx import TensorProto, helper, numpy_helper
from torch import Tensor, nn
from torch.export import Dim

from briefs.network import SPAN_HEADS, Floats, Sentences, Words, read_vocabulary
from training.model import SENTENCE, Network, WordReader
from training.train import load_average

Storage = Literal["float32", "float16", "int8"]
LARGE = 16_384  # weights: what is smaller stays float32
OPSET = 20


class OneWindow(nn.Module):
    """A reader of words as it is used: one window, nothing padded, and no axis for windows."""

    def __init__(self, reader: WordReader) -> None:
        super().__init__()
        self.reader = reader

    def forward(self, ids: Tensor, cases: Tensor, markers: Tensor) -> tuple[Tensor, ...]:
        """Return what is read at pieces [T] and markers [S]: scores [T, labels] of two heads, and vectors [S, SENTENCE]."""
        read = self.reader(ids[None], cases[None], None, markers[None])
        return tuple(x[0] for x in read)


def export_words(network: Network) -> onnx.ModelProto:
    """Return the graph that reads a window: `ids` and `cases` int64 [pieces], `markers` int64 [markers]."""
    pieces, markers = {0: Dim("pieces", min=3, max=512)}, {0: Dim("markers", min=1, max=512)}
    # A tensor each: the exporter takes one tensor given twice for one input.
    example = {name: torch.ones(9, dtype=torch.int64) for name in ("ids", "cases")}
    example["markers"] = torch.ones(3, dtype=torch.int64)
    return _export(OneWindow(network.words), example, {"ids": pieces, "cases": pieces, "markers": markers}, Words)


def export_sentences(network: Network) -> onnx.ModelProto:
    """Return the graph that reads an article: `sentences` float32 [sentences, width], `positions` int64 [sentences]."""
    axes = {0: Dim("sentences", min=1, max=100_000)}
    example = {"sentences": torch.zeros(5, SENTENCE), "positions": torch.ones(5, dtype=torch.int64)}
    return _export(network.sentences, example, dict.fromkeys(example, axes), Sentences)


def _export(
    module: nn.Module, example: dict[str, Tensor], axes: dict[str, dict[int, Dim]], outputs: type
) -> onnx.ModelProto:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # the exporter warns of its own parts
        program = torch.onnx.export(
            module.eval(),
            tuple(example.values()),
            input_names=list(example),
            output_names=[field.name for field in fields(outputs)],
            dynamic_shapes=tuple(axes.values()),
            opset_version=OPSET,
            dynamo=True,
            verbose=False,
        )
    if program is None:
        raise RuntimeError("the exporter returned nothing")
    return strip(program.model_proto)


def strip(model: onnx.ModelProto) -> onnx.ModelProto:
    """Remove from a graph all that it does not need to run, in place: traces, doc strings, names of tools, shapes between."""
    model.producer_name = model.producer_version = model.domain = model.doc_string = ""
    del model.metadata_props[:]
    del model.functions[:]
    graph = model.graph
    graph.name = "briefs"
    graph.doc_string = ""
    del graph.metadata_props[:]
    del graph.value_info[:]
    names: dict[str, str] = {}
    kept = {value.name for value in (*graph.input, *graph.output)}
    for node in graph.node:
        node.name = node.doc_string = ""
        del node.metadata_props[:]
        for value in (*node.input, *node.output):
            if value and value not in kept:
                names.setdefault(value, f"v{len(names)}")
    for node in graph.node:
        node.input[:] = [names.get(value, value) for value in node.input]
        node.output[:] = [names.get(value, value) for value in node.output]
    for tensor in graph.initializer:
        tensor.name = names.get(tensor.name, tensor.name)
        tensor.doc_string = ""
        del tensor.metadata_props[:]
    for value in (*graph.input, *graph.output):
        value.doc_string = ""
        del value.metadata_props[:]
    return model


def store(model: onnx.ModelProto, storage: Storage) -> onnx.ModelProto:
    """Return the graph with its large matrices stored as asked for; the arithmetic stays float32.

    A matrix multiplied with has a scale for each output (column); a table of embeddings has one for each row, and only the
    rows looked up are made float32.
    """
    if storage == "float32":
        return model
    stored = onnx.ModelProto()
    stored.CopyFrom(model)
    graph = stored.graph
    large = {t.name: t for t in graph.initializer if len(t.dims) == 2 and math.prod(t.dims) >= LARGE}
    nodes = []
    for node in graph.node:
        if node.op_type == "Gather" and node.input[0] in large:
            nodes += _looked_up(graph, large.pop(node.input[0]), node, storage)
        else:
            nodes.append(node)
    made = [node for tensor in large.values() for node in _restored(graph, tensor, storage)]
    del graph.node[:]
    graph.node.extend([*made, *nodes])
    return stored


def quantize(matrix: Floats, *, axis: int) -> tuple[NDArray[np.int8], Floats]:
    """Return a matrix as int8 and the scale of each of its columns (axis 1) or rows (axis 0).

    >>> whole, scale = quantize(np.array([[1.0, -2.0], [0.5, 1.0]], np.float32), axis=1)
    >>> whole.tolist(), (scale * 127).tolist()
    ([[127, -127], [64, 64]], [1.0, 2.0])
    """
    largest = np.abs(matrix).max(axis=1 - axis)
    scale = (np.where(largest > 0, largest, 1) / 127).astype(np.float32)
    whole = np.rint(matrix / np.expand_dims(scale, 1 - axis))
    return whole.astype(np.int8), scale


def _restored(graph: onnx.GraphProto, tensor: onnx.TensorProto, storage: Storage) -> list[onnx.NodeProto]:
    """Replace a matrix by its stored form; return the node that makes it float32 again, once, when the model is opened."""
    matrix = numpy_helper.to_array(tensor)
    graph.initializer.remove(tensor)
    name = f"{tensor.name}_stored"
    if storage == "float16":
        graph.initializer.append(numpy_helper.from_array(matrix.astype(np.float16), name))
        return [helper.make_node("Cast", [name], [tensor.name], to=TensorProto.FLOAT)]
    whole, scale = quantize(matrix, axis=1)
    graph.initializer.append(numpy_helper.from_array(whole, name))
    graph.initializer.append(numpy_helper.from_array(scale, f"{tensor.name}_scale"))
    return [helper.make_node("DequantizeLinear", [name, f"{tensor.name}_scale"], [tensor.name], axis=1)]


def _looked_up(
    graph: onnx.GraphProto, tensor: onnx.TensorProto, node: onnx.NodeProto, storage: Storage
) -> list[onnx.NodeProto]:
    """Replace a table by its stored form; return the nodes that look rows up in it and make them float32."""
    matrix = numpy_helper.to_array(tensor)
    graph.initializer.remove(tensor)
    table, scales = f"{tensor.name}_stored", f"{tensor.name}_scale"
    rows, found = f"{tensor.name}_rows", f"{tensor.name}_found"
    if storage == "float16":
        graph.initializer.append(numpy_helper.from_array(matrix.astype(np.float16), table))
        return [
            helper.make_node("Gather", [table, node.input[1]], [rows], axis=0),
            helper.make_node("Cast", [rows], [node.output[0]], to=TensorProto.FLOAT),
        ]
    whole, scale = quantize(matrix, axis=0)
    graph.initializer.append(numpy_helper.from_array(whole, table))
    graph.initializer.append(numpy_helper.from_array(scale[:, None], scales))
    return [
        helper.make_node("Gather", [table, node.input[1]], [rows], axis=0),
        helper.make_node("Cast", [rows], [f"{rows}_float"], to=TensorProto.FLOAT),
        helper.make_node("Gather", [scales, node.input[1]], [found], axis=0),
        helper.make_node("Mul", [f"{rows}_float", found], [node.output[0]]),
    ]


def write_model(network: Network, folder: Path, *, version: str, storage: Storage) -> None:
    """Write the model's files into a folder."""
    folder.mkdir(parents=True, exist_ok=True)
    files = {
        "words.onnx": store(export_words(network), storage).SerializeToString(deterministic=True),
        "sentences.onnx": export_sentences(network).SerializeToString(deterministic=True),
        "vocab.txt": ("\n".join(read_vocabulary()) + "\n").encode(),
    }
    for name, content in files.items():
        (folder / name).write_bytes(content)
    card = {
        "version": version,
        "license": "Apache-2.0",
        "encoder": "MiniLM-L6-H384, uncased, with case embedding",
        "weights": storage,
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
    parser.add_argument("--weights", choices=get_args(Storage), default="int8", help="(default: int8)")
    options = parser.parse_args()
    write_model(load_average(options.run), options.into, version=options.version, storage=options.weights)
    for path in sorted(options.into.iterdir()):
        print(f"{path.stat().st_size:>12,} {path.name}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
