"""The graph of the words: what it holds, and that it reads as the network does. Needs the extra `training`."""

from __future__ import annotations

from importlib.resources import files
from typing import TYPE_CHECKING

import numpy as np
import pytest
from small_networks import small_network

from briefs.network import Floats
from briefs.tagger import WINDOW

if TYPE_CHECKING:
    import onnx

pytestmark = pytest.mark.training

PLACES = {
    "Cast",
    "Concat",
    "ConstantOfShape",
    "Gather",
    "Identity",
    "Range",
    "Reshape",
    "Shape",
    "Split",
    "Squeeze",
    "Transpose",
}
SINGLE = {"Add", "Clip", "Div", "DynamicQuantizeLinear", "Exp", "Gelu", "Mul", "Sqrt", "Sub", "Tanh"}
MANY = {"MatMul", "QGemm"}


def run_graph(model: onnx.ModelProto, pieces: int) -> list[Floats]:
    """Return what a graph says of a window of so many pieces, at three markers."""
    from onnxruntime import InferenceSession

    ids = np.random.default_rng(pieces).integers(1000, 20_000, pieces)
    session = InferenceSession(model.SerializeToString(), providers=["CPUExecutionProvider"])
    found: list[Floats] = session.run(None, {"ids": ids, "cases": ids % 6, "markers": np.array([0, 3, 1])})
    return found


def test_what_ships_holds_nothing_that_processors_do_differently() -> None:
    """Numbers are moved about, changed one at a time, or summed in products; the large ones of integers of 7 bits."""
    import onnx
    from onnx import numpy_helper

    model = onnx.load_model_from_string((files("briefs") / "model" / "words.onnx").read_bytes())
    assert {node.op_type for node in model.graph.node} == PLACES | SINGLE | MANY
    constants = {tensor.name: tensor for tensor in model.graph.initializer}
    for node in model.graph.node:
        if node.op_type == "QGemm":
            matrix = numpy_helper.to_array(constants[node.input[3]])
            assert matrix.dtype == np.int8
            assert np.abs(matrix).max() == 63
        if node.op_type == "MatMul" and node.input[1] in constants:
            rows, columns = constants[node.input[1]].dims
            assert rows * columns <= 384 * 192


@pytest.mark.parametrize("pieces", [4, 31, WINDOW])
def test_the_graph_reads_as_the_network_does(pieces: int) -> None:
    """To what integers lose, for windows of any length, with layers of its own for sentences."""
    import torch

    from training.graph import words_graph

    network = small_network(own=2, fork=1)
    ids = torch.from_numpy(np.random.default_rng(pieces).integers(1000, 20_000, pieces))[None]
    with torch.no_grad():
        wanted = network.words(ids, ids % 6, None, torch.tensor([[0, 3, 1]]))
    for found, tensor in zip(run_graph(words_graph(network, {}), pieces), wanted, strict=True):
        assert found == pytest.approx(tensor[0].numpy(), abs=0.1)
        assert np.corrcoef(found.ravel(), tensor.numpy().ravel())[0, 1] > 0.998


def test_attention_stands_scores_of_any_size() -> None:
    """Weights a thousand times as large make scores whose exponentials are no numbers; what is said stays finite."""
    import torch

    from training.graph import words_graph

    network = small_network()
    with torch.no_grad():
        for layer in network.words.encoder.layers:
            layer.get_submodule("attention.inputs").weight.mul_(1000)  # type: ignore[operator]
    for found in run_graph(words_graph(network, {}), 40):
        assert np.isfinite(found).all()


def test_inputs_that_run_far_out_cost_the_others_little() -> None:
    """One inner unit a thousand times as loud: with its size known, the rest is read nearer to the network."""
    import torch

    from briefs.windows import Window
    from training.graph import largest_inputs, words_graph

    network = small_network()
    with torch.no_grad():
        for layer in network.words.encoder.layers:
            layer.get_submodule("attention_norm").weight[0] = 1000.0  # type: ignore[index,operator]
            layer.get_submodule("inner").weight[:, 0] /= 1000.0  # type: ignore[index,operator]
    ids = torch.from_numpy(np.random.default_rng(40).integers(1000, 20_000, 40))[None]
    window = Window(tuple(ids[0].tolist()), tuple((ids[0] % 6).tolist()), ((0, 0, 30, 5),))
    with torch.no_grad():
        wanted = network.words(ids, ids % 6, None, torch.tensor([[0, 3, 1]]))
    missed = []
    for largest in ({}, largest_inputs(network, [window])):
        found = run_graph(words_graph(network, largest), 40)
        missed.append(float(np.abs(found[0] - wanted.attribution[0].numpy()).mean()))
    assert missed[1] < missed[0] / 2
