"""Networks and encoders at a size that trains in seconds, for the tests of training."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING

from briefs.network import read_vocabulary
from briefs.tagger import WINDOW

if TYPE_CHECKING:
    from training.model import Network, Shape


def small_shape(*, relative: int = 0) -> Shape:
    """Return the measures of a small encoder: of the MPNet kind if it has buckets of relative position."""
    from training.model import Shape

    return Shape(
        vocabulary=len(read_vocabulary()),
        width=24,
        layers=2,
        heads=2,
        head=12,
        inner=48,
        places=WINDOW + 2,
        first_place=2 if relative else 0,
        epsilon=1e-12,
        relative=relative,
    )


def small_network(*, own: int = 1, layers: int = 2, fork: int | None = None) -> Network:
    """Return a network that has learned nothing, its biases and norms not the plain ones."""
    from dataclasses import replace

    import torch

    from training.model import Network

    torch.manual_seed(3)
    network = Network(replace(small_shape(), layers=layers), own=own, fork=fork).eval()
    with torch.no_grad():
        for parameter in network.parameters():
            if parameter.dim() == 1:
                parameter.add_(torch.randn_like(parameter), alpha=0.1)
    return network


def write_encoder(folder: Path, *, relative: int = 0) -> None:
    """Write the files of a small encoder, laid out like the package of a real one."""
    import torch
    from safetensors.torch import save_file

    from training.model import BERT, MPNET

    shape = small_shape(relative=relative)
    config = {
        "model_type": "mpnet" if relative else "bert",
        "vocab_size": shape.vocabulary,
        "hidden_size": shape.width,
        "num_hidden_layers": shape.layers,
        "num_attention_heads": shape.heads,
        "intermediate_size": shape.inner,
        "max_position_embeddings": shape.places,
        "layer_norm_eps": shape.epsilon,
    }
    torch.manual_seed(2)
    weights = {
        "embeddings.word_embeddings.weight": torch.randn(shape.vocabulary, shape.width) * 0.1,
        "embeddings.position_embeddings.weight": torch.randn(shape.places, shape.width) * 0.1,
        "embeddings.LayerNorm.weight": torch.ones(shape.width),
        "embeddings.LayerNorm.bias": torch.zeros(shape.width),
    }
    if relative:
        config["relative_attention_num_buckets"] = relative
        weights["encoder.relative_attention_bias.weight"] = torch.randn(relative, shape.heads)
    else:
        weights["embeddings.token_type_embeddings.weight"] = torch.zeros(2, shape.width)
    sizes = {"inner": (shape.inner, shape.width), "outer": (shape.width, shape.inner)}
    for layer in range(shape.layers):
        for part, names in (MPNET if relative else BERT).items():
            rows, columns = sizes.get(part, (shape.width, shape.width))
            for name in names:
                norm = part.endswith("norm")
                weights[f"encoder.layer.{layer}.{name}.weight"] = (
                    torch.ones(shape.width) if norm else torch.randn(rows, columns) * 0.1
                )
                weights[f"encoder.layer.{layer}.{name}.bias"] = torch.zeros(rows)
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "config.json").write_text(json.dumps(config), encoding="utf-8")
    save_file(weights, folder / "model.safetensors")
