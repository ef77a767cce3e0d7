"""Make a smaller network of one that has been trained: fewer layers, heads of attention and inner units.

What is kept of a layer is what the losses hang on most: for a head and for an inner unit, the sum of weight times gradient
over the matrix that leads out of it (first-order Taylor; Molchanov et al., 2017), absolute values averaged over batches.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

import torch
from torch import Tensor

from training.lessons import Lesson
from training.losses import Trainer
from training.model import Layer, Network, WordReader


@dataclass(frozen=True)
class Weight:
    """How much hangs on each head [heads] and each inner unit [inner] of a layer."""

    heads: Tensor
    inner: Tensor


def weigh(trainer: Trainer, batches: Iterable[Sequence[Lesson]]) -> list[Weight]:
    """Return what hangs on the parts of each layer of `layers_of`, by the losses of batches."""
    words = trainer.network.words
    shape = words.encoder.shape
    layers = layers_of(words)
    found = [Weight(torch.zeros(shape.heads), torch.zeros(shape.inner)) for _ in layers]
    trainer.network.eval()
    trainer.network.sentences.story.train()  # which is the same, and on an accelerator all that has a gradient
    for lessons in batches:
        trainer.network.zero_grad()
        torch.stack(list(trainer.losses(lessons).values())).sum().backward()  # type: ignore[no-untyped-call]
        for layer, weight in zip(layers, found, strict=True):
            weight.heads.add_(_share(layer.attention.output.weight).view(shape.heads, -1).sum(1).abs())
            weight.inner.add_(_share(layer.outer.weight).abs())
    trainer.network.zero_grad()
    return found


def layers_of(words: WordReader) -> list[Layer]:
    """Return the layers of an encoder, and then those of its own that read sentences."""
    return [layer for layer in (*words.encoder.layers, *words.own) if isinstance(layer, Layer)]


def _share(weight: Tensor) -> Tensor:
    """Return weight times gradient, summed for each input of a matrix [outputs, inputs]; zeros where no gradient came."""
    if weight.grad is None:
        return torch.zeros(weight.shape[1])
    return (weight.detach() * weight.grad).sum(0).cpu()


def cut(network: Network, weights: Sequence[Weight], *, layers: Sequence[int], heads: int, inner: int) -> Network:
    """Return a network of the given layers of another, with so many of their heads and inner units: those with the most weight.

    Of one that has layers of its own for sentences it has as many, cut alike; else one, a copy of its last layer. Raises
    ValueError if the other has not as much.
    """
    shape = network.words.encoder.shape
    if max(layers) >= shape.layers or heads > shape.heads or inner > shape.inner:
        raise ValueError(
            f"layers {layers}, heads {heads}, inner {inner}: expected no more than the network has, "
            f"layers 0 to {shape.layers - 1}, heads {shape.heads}, inner {shape.inner}"
        )
    own = len(network.words.own)
    fork = sum(layer < network.words.fork for layer in layers)
    made = Network(replace(shape, layers=len(layers), heads=heads, inner=inner), own=max(own, 1), fork=fork)
    state = network.state_dict()
    kept = {name: value for name, value in state.items() if ".layers." not in name and ".own." not in name}
    made.load_state_dict(kept, strict=False)
    old, new = layers_of(network.words), layers_of(made.words)
    chosen = [*layers, *range(shape.layers, shape.layers + own)]
    with torch.no_grad():
        for number, layer in zip(chosen, new, strict=False):
            best_heads = weights[number].heads.topk(heads).indices.sort().values
            best_inner = weights[number].inner.topk(inner).indices.sort().values
            _copy(old[number], layer, best_heads, best_inner)
        if not own:
            new[-1].load_state_dict(new[-2].state_dict())
    return made


def _copy(old: Layer, new: Layer, heads: Tensor, inner: Tensor) -> None:
    """Put what is kept of a layer into a smaller one."""
    state = old.state_dict()
    width = old.attention.heads * old.attention.head
    within = (heads[:, None] * old.attention.head + torch.arange(old.attention.head)).flatten()
    joint = torch.cat([within + part * width for part in range(3)])
    for name in ("attention.inputs.weight", "attention.inputs.bias"):
        state[name] = state[name][joint]
    state["attention.output.weight"] = state["attention.output.weight"][:, within]
    for name in ("inner.weight", "inner.bias"):
        state[name] = state[name][inner]
    state["outer.weight"] = state["outer.weight"][:, inner]
    new.load_state_dict(state)
