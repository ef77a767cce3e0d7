"""The graphs of a network: of the words, `words.onnx`, and of the sentences, `sentences.onnx`.

That of the words has large products in integers, and nothing that processors do differently.

A product of vectors with a trained matrix is done in 8 bits, several times as fast as in float32: the vectors get one scale
for all of a window, the matrix one for each column. One rounding turned on the way to an integer moves a score visibly, so that
all before it must be the same to the last bit wherever it runs. It is, on processors that multiply and add in one step (x86-64
since 2013, 64-bit Arm), because the graph holds

- products of integers, which have no rounding: matrices take 7 bits, as a processor without instructions for it adds two
  products in 16 bits;
- operations on one number at a time, which are all defined to the bit, or done by onnxruntime in the same steps everywhere;
- sums of float32 as products of matrices only, which it takes in order, but for a single row or column made on the way.

Its `Softmax`, `LayerNormalization` and `MatMulIntegerToFloat` add in another order, or round once less, on some, so they
are made of other operations here. The graph of the sentences has float32 and a GRU: its scores are only rounded.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import fields
from typing import Any, NamedTuple, TypeAlias

import numpy as np
import onnx
import torch
from numpy.typing import NDArray
from onnx import TensorProto, helper, numpy_helper
from torch import Tensor

from briefs.network import Floats, Words
from briefs.windows import Window
from training.model import SENTENCE, Network

OPSET = 20
CONTRIB = "com.microsoft"  # onnxruntime's own operators
MATRIX, TABLE = 63, 127  # the largest numbers in a stored matrix and in a table of embeddings
# Scores of attention are held between these, so that no exponential, and no sum of 512 times a value, leaves float32. Over the
# seeds they are from -100 to 78. What is weighed by exponentials is made smaller first, the ones that sum them up alike.
LEAST_SCORE, LARGEST_SCORE, WEIGHED = np.float32(-60), np.float32(80), np.float32(2**-30)
# Where a few inputs of a product run far out, one scale for all leaves little to the rest. Such are divided by this power of
# their largest size, and the other of the largest weight (Xiao et al., 2023); sizes count from the smallest on.
EVENED, SMALLEST = 0.7, 1e-3

Constant: TypeAlias = NDArray[Any] | np.generic
Attribute: TypeAlias = int | str | Sequence[int] | onnx.TensorProto


class Graph:
    """A graph in the making; its parts are named by numbers, and a constant that is used twice is kept once."""

    def __init__(self) -> None:
        self._nodes: list[onnx.NodeProto] = []
        self._constants: dict[tuple[str, tuple[int, ...], bytes], str] = {}
        self._tensors: list[onnx.TensorProto] = []
        self._made = 0

    def add(self, operator: str, *inputs: str | Constant, domain: str = "", **attributes: Attribute) -> str:
        """Add an operation with one result; return the result's name."""
        return self.add_many(operator, *inputs, results=1, domain=domain, **attributes)[0]

    def add_many(
        self, operator: str, *inputs: str | Constant, results: int, domain: str = "", **attributes: Attribute
    ) -> list[str]:
        """Add an operation; return the names of its results."""
        names = [value if isinstance(value, str) else self._constant(value) for value in inputs]
        made = [f"v{self._made + number}" for number in range(results)]
        self._made += results
        node = helper.make_node(operator, names, made, domain=domain)
        node.attribute.extend(helper.make_attribute(name, value) for name, value in attributes.items())
        self._nodes.append(node)
        return made

    def _constant(self, value: Constant) -> str:
        key = (value.dtype.str, value.shape, value.tobytes())
        if key not in self._constants:
            self._constants[key] = f"c{len(self._constants)}"
            self._tensors.append(numpy_helper.from_array(np.ascontiguousarray(value), self._constants[key]))
        return self._constants[key]

    def finish(self, inputs: Sequence[onnx.ValueInfoProto], outputs: Mapping[str, str]) -> onnx.ModelProto:
        """Return the model; `outputs` has the result that each is."""
        for name, result in outputs.items():
            self._nodes.append(helper.make_node("Identity", [result], [name]))
        graph = helper.make_graph(
            self._nodes,
            "briefs",
            inputs,
            [helper.make_tensor_value_info(name, TensorProto.FLOAT, None) for name in outputs],
            self._tensors,
        )
        versions = [helper.make_opsetid("", OPSET), helper.make_opsetid(CONTRIB, 1)]
        return helper.make_model(graph, opset_imports=versions, ir_version=9)


def words_graph(network: Network, largest: Mapping[str, Floats]) -> onnx.ModelProto:
    """Return the graph that reads a window: `ids` and `cases` int64 [pieces], `markers` int64 [markers], two at least.

    `largest` has, by the name of a product, what `largest_inputs` found; a product that is not in it takes vectors as they are.
    """
    return _Builder(network, largest).build()


def largest_inputs(network: Network, windows: Iterable[Window]) -> dict[str, Floats]:
    """Return the largest size of each input of the products around the inner units, by their names, over some windows."""
    found: dict[str, Tensor] = {}

    def note(name: str, inputs: tuple[Tensor, ...]) -> None:
        sizes = inputs[0].flatten(0, -2).abs().amax(0)
        found[name] = torch.maximum(found[name], sizes) if name in found else sizes

    modules = [(n, m) for n, m in network.named_modules() if n.endswith((".inner", ".outer"))]
    hooks = [m.register_forward_hook(lambda _, inputs, __, name=n: note(name, inputs)) for n, m in modules]
    with torch.no_grad():
        for window in windows:
            markers = [at for _, at in window.openings] or [0]
            network.words(torch.tensor([window.ids]), torch.tensor([window.cases]), None, torch.tensor([markers]))
    for hook in hooks:
        hook.remove()
    return {name: sizes.numpy() for name, sizes in found.items()}


def sentences_graph(network: Network) -> onnx.ModelProto:
    """Return the graph that reads an article: `sentences` float32 [sentences, SENTENCE], `positions` int64 [sentences]."""
    graph, reader = Graph(), network.sentences
    weights: dict[str, Floats] = {name: value.numpy().astype(np.float32) for name, value in reader.state_dict().items()}
    placed = graph.add("Add", "sentences", graph.add("Gather", weights["positions.weight"], "positions"))
    ways = ("", "_reverse")
    inputs, states = (np.stack([_gates(weights[f"story.weight_{k}_l0{way}"]) for way in ways]) for k in ("ih", "hh"))
    offsets = np.stack(
        [np.concatenate([_gates(weights[f"story.bias_{k}_l0{way}"]) for k in ("ih", "hh")]) for way in ways]
    )
    row = graph.add("Unsqueeze", placed, np.array([1], np.int64))
    size = SENTENCE // 2
    told = graph.add(
        "GRU", row, inputs, states, offsets, hidden_size=size, direction="bidirectional", linear_before_reset=1
    )
    told = graph.add("Reshape", told, np.array([0, -1], np.int64))
    both = graph.add("Concat", placed, told, axis=1)
    outputs = {
        name: graph.add("Gemm", vectors, weights[f"{name}.weight"], weights[f"{name}.bias"], transB=1)
        for name, vectors in (("role", both), ("speech", "sentences"))
    }
    given = [
        helper.make_tensor_value_info("sentences", TensorProto.FLOAT, ["sentences", SENTENCE]),
        helper.make_tensor_value_info("positions", TensorProto.INT64, ["sentences"]),
    ]
    return graph.finish(given, outputs)


def _gates(rows: Floats) -> Floats:
    """Return the rows of a GRU's gates as ONNX has them, update before reset, from PyTorch's order."""
    reset, update, new = np.split(rows, 3)
    return np.concatenate([update, reset, new])


def quantize(matrix: Floats, *, axis: int, most: int) -> tuple[NDArray[np.int8], Floats]:
    """Return a matrix as whole numbers up to `most` and the scale of each of its columns (axis 1) or rows (axis 0).

    >>> whole, scale = quantize(np.array([[1.0, -2.0], [0.5, 1.0]], np.float32), axis=1, most=127)
    >>> whole.tolist(), (scale * 127).tolist()
    ([[127, -127], [64, 64]], [1.0, 2.0])
    """
    largest = np.abs(matrix).max(axis=1 - axis)
    scale = (np.where(largest > 0, largest, 1) / most).astype(np.float32)
    whole = np.rint(matrix / np.expand_dims(scale, 1 - axis))
    return whole.astype(np.int8), scale


class _States(NamedTuple):
    """Vectors, but for what is still to be added to each: products take it up in their own offset."""

    vectors: str
    shift: Floats


class _Builder:
    """Puts the layers of a network into a graph. Shapes: T pieces, S markers, W the encoder's width, H heads."""

    def __init__(self, network: Network, largest: Mapping[str, Floats]) -> None:
        self._network = network
        self._largest = largest
        self._weights: dict[str, Floats] = {
            name: value.detach().numpy().astype(np.float32) for name, value in network.state_dict().items()
        }
        self._shape = network.words.encoder.shape
        self._graph = Graph()
        self._ones = ""

    def build(self) -> onnx.ModelProto:
        graph, words = self._graph, self._network.words
        count = graph.add("Shape", "ids")
        places = graph.add("Range", np.int64(0), graph.add("Squeeze", count), np.int64(1))
        rows = graph.add("Concat", np.array([self._shape.heads, 2], np.int64), count, axis=0)
        self._ones = graph.add("ConstantOfShape", rows, value=numpy_helper.from_array(np.array([WEIGHED])))
        states = self._norm(self._embed(places), "words.encoder.norm")
        after = []
        for number in range(len(words.encoder.layers)):
            states = self._layer(states, f"words.encoder.layers.{number}")
            after.append(states)
        story = after[words.fork - 1]
        for number in range(len(words.own) - 1):
            story = self._layer(story, f"words.own.{number}")
        story = self._layer(story, f"words.own.{len(words.own) - 1}", at="markers")
        told = {
            "attribution": self._head(states, "words.attribution"),
            "entity": self._head(states, "words.entity"),
            "sentence": graph.add("Tanh", self._head(story, "words.sentence")),
        }
        axes = {"ids": "pieces", "cases": "pieces", "markers": "markers"}
        inputs = [helper.make_tensor_value_info(name, TensorProto.INT64, [axis]) for name, axis in axes.items()]
        return graph.finish(inputs, {field.name: told[field.name] for field in fields(Words)})

    def _embed(self, places: str) -> str:
        """Return the sum of embeddings [T, W]; of large tables, with a scale a row, only rows looked up are made float32."""
        found = []
        for name, numbers in (("words", "ids"), ("places", places)):
            whole, scale = quantize(self._weights[f"words.encoder.{name}.weight"], axis=0, most=TABLE)
            rows = self._graph.add("Cast", self._graph.add("Gather", whole, numbers), to=TensorProto.FLOAT)
            found.append(self._graph.add("Mul", rows, self._graph.add("Gather", scale[:, None], numbers)))
        cases = self._graph.add("Gather", self._weights["words.encoder.cases.weight"], "cases")
        return self._graph.add("Add", self._graph.add("Add", *found), cases)

    def _layer(self, states: _States, name: str, *, at: str | None = None) -> _States:
        """Return [T, W] from [T, W]; or [S, W], the vectors at the places `at` only."""
        asking = states if at is None else _States(self._graph.add("Gather", states.vectors, at), states.shift)
        mixed, shift = self._attend(states, asking, name)
        weight, offset = self._parameters(f"{name}.attention.output")
        states = self._add_and_norm(
            asking, self._product(mixed, weight), weight @ shift + offset, f"{name}.attention_norm"
        )
        weight, offset = self._parameters(f"{name}.inner")
        product = self._product(*self._evened(states.vectors, f"{name}.inner"))
        # As a row: onnxruntime makes of a plain offset and Gelu one operation, which takes longer than both.
        inner = self._graph.add("Gelu", self._graph.add("Add", product, (weight @ states.shift + offset)[None]))
        _, offset = self._parameters(f"{name}.outer")
        return self._add_and_norm(states, self._product(*self._evened(inner, f"{name}.outer")), offset, f"{name}.norm")

    def _attend(self, states: _States, asking: _States, name: str) -> tuple[str, Floats]:
        """Return what attention mixes, [T or S, H * head], and what is to be added to it.

        An offset of the keys would change nothing, as it adds the same to all scores of a piece; that of the values is added
        once, as the weights of a piece sum up to one. The sum is a product with ones, which stand in two rows below the values.
        """
        weight, offset = self._parameters(f"{name}.attention.inputs")
        heads, third = self._shape.heads, len(weight) // 3
        root = math.sqrt(third // heads)
        asked, others = weight[:third] / root, np.concatenate([weight[third:-third], weight[-third:] * WEIGHED])
        if asking is states:
            query, key, value = self._split(self._product(states.vectors, np.concatenate([asked, others])), 3)
        else:
            (query,) = self._split(self._product(asking.vectors, asked), 1)
            key, value = self._split(self._product(states.vectors, others), 2)
        query = self._graph.add("Add", query, (asked @ states.shift + offset[:third] / root).reshape(heads, -1, 1))
        scores = self._graph.add("MatMul", self._graph.add("Transpose", key, perm=[0, 2, 1]), query)
        weights = self._graph.add("Exp", self._graph.add("Clip", scores, LEAST_SCORE, LARGEST_SCORE))
        summed = self._graph.add("MatMul", self._graph.add("Concat", value, self._ones, axis=1), weights)
        sizes = np.array([third // heads, 1, 1], np.int64)
        mixed, total, _ = self._graph.add_many("Split", summed, sizes, results=3, axis=1)
        joined = self._graph.add("Transpose", self._graph.add("Div", mixed, total), perm=[2, 0, 1])
        shift = weight[-third:] @ states.shift + offset[-third:]
        return self._graph.add("Reshape", joined, np.array([0, -1], np.int64)), shift

    def _split(self, joint: str, parts: int) -> list[str]:
        """Return so many parts [H, head, T] of [T, parts * H * head]."""
        heads = self._shape.heads
        split = self._graph.add("Reshape", joint, np.array([0, parts * heads, -1], np.int64))
        apart = self._graph.add("Transpose", split, perm=[1, 2, 0])
        return self._graph.add_many("Split", apart, results=parts, axis=0, num_outputs=parts)

    def _parameters(self, name: str) -> tuple[Floats, Floats]:
        return self._weights[f"{name}.weight"], self._weights[f"{name}.bias"]

    def _product(self, states: str, weight: Floats) -> str:
        """Return states times the weight [outputs, inputs], in integers."""
        whole, scales = quantize(weight.T, axis=1, most=MATRIX)
        vectors, scale, zero = self._graph.add_many("DynamicQuantizeLinear", states, results=3)
        return self._graph.add(
            "QGemm", vectors, scale, zero, whole, scales, np.zeros(len(scales), np.int8), domain=CONTRIB
        )

    def _evened(self, states: str, name: str) -> tuple[str, Floats]:
        """Return states and weight of a product; a few inputs that run far out are made smaller, their weights larger."""
        weight, _ = self._parameters(name)
        if name not in self._largest:
            return states, weight
        sizes, weights = (x.clip(min=SMALLEST) for x in (self._largest[name], np.abs(weight).max(axis=0)))
        evened = (sizes**EVENED / weights ** (1 - EVENED)).astype(np.float32)
        return self._graph.add("Mul", states, 1 / evened), weight * evened

    def _add_and_norm(self, states: _States, product: str, offset: Floats, name: str) -> _States:
        """Return the norm of states and a product, together."""
        added = self._graph.add("Add", states.vectors, product)
        return self._norm(self._graph.add("Add", added, states.shift + offset), name)

    def _norm(self, states: str, name: str) -> _States:
        """Return vectors with mean 0 and variance 1, scaled; means are products with a column of fractions."""
        mean = np.full((self._shape.width, 1), 1 / self._shape.width, np.float32)
        apart = self._graph.add("Sub", states, self._graph.add("MatMul", states, mean))
        variance = self._graph.add("MatMul", self._graph.add("Mul", apart, apart), mean)
        deviation = self._graph.add("Sqrt", self._graph.add("Add", variance, np.float32(self._shape.epsilon)))
        unit = self._graph.add("Mul", apart, self._graph.add("Div", np.float32(1), deviation))
        scale, shift = self._parameters(name)
        return _States(self._graph.add("Mul", unit, scale), shift)

    def _head(self, states: _States, name: str) -> str:
        weight, offset = self._parameters(name)
        return self._graph.add(
            "Add", self._graph.add("MatMul", states.vectors, weight.T), weight @ states.shift + offset
        )
