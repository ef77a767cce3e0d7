"""The network: an encoder, a head for the words, and a layer over the sentences of a whole article.

The encoder is a BERT (Devlin et al., 2019), with a case embedding because its vocabulary is uncased. On its pieces stand two
linear heads, attribution and entity, each with a linear-chain CRF over words (Lafferty et al., 2001; a word's score is the
mean over its pieces). At the marker that opens a sentence its vector is read, from the encoder's last layer or from layers of
its own on a lower one; a bidirectional GRU runs over the sentences of an article, and from its states come the role and the
speech of each.

A teacher may have a wider encoder of the MPNet kind (Song et al., 2020): the same with a bias for relative position.

Shapes: B windows, T pieces, S markers, N sentences, W the encoder's width.
"""

from __future__ import annotations

import json
import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

import torch
from torch import Tensor, nn
from torch.nn import functional

from briefs.decode import barred
from briefs.tagger import LABELS, ROLES
from briefs.windows import CASES, CLS, POSITIONS, SEP

SENTENCE = 192  # width of a sentence's vector, and of the two directions of the layer over them together
FORBIDDEN = -1e4


@dataclass(frozen=True)
class Shape:
    """The measures of an encoder."""

    vocabulary: int
    width: int
    layers: int
    heads: int
    head: int  # width of one head of attention
    inner: int
    places: int
    first_place: int  # MPNet numbers its positions from 2
    epsilon: float
    relative: int  # buckets of relative position; 0 for none


class Dropout(nn.Module):
    """Dropout to the nearest 256th, a byte of random bits for each element.

    PyTorch's own draws a number for each, which on a processor takes a tenth of a training step.
    """

    def __init__(self, share: float) -> None:
        super().__init__()
        self.dropped = round(256 * share)

    def forward(self, states: Tensor) -> Tensor:
        """Return the states, some of them put to zero and the rest raised to the same mean; in use, as they are."""
        if not self.training or not self.dropped:
            return states
        if states.is_cuda:
            return functional.dropout(states, self.dropped / 256)
        bits = torch.empty(-(-states.numel() // 8), dtype=torch.int64).random_(-(2**63), None)
        kept = bits.view(torch.uint8)[: states.numel()].view(states.shape) >= self.dropped
        return states * (kept.to(states.dtype) * (256 / (256 - self.dropped)))


class Attention(nn.Module):
    """Self-attention; `bias` [B or 1, heads or 1, T or 1, T], where there is one, is added to its scores."""

    def __init__(self, shape: Shape) -> None:
        super().__init__()
        self.heads, self.head = shape.heads, shape.head
        self.inputs = nn.Linear(shape.width, 3 * shape.heads * shape.head)  # query, key and value
        self.output = nn.Linear(shape.heads * shape.head, shape.width)

    def forward(self, states: Tensor, bias: Tensor | None, asking: Tensor | None = None) -> Tensor:
        """Return [B, T, W] from [B, T, W]; or [B, S, W], where only the vectors `asking` [B, S, W] look at the others."""
        if asking is None:
            query, key, value = self._split(self.inputs(states), 3)
        else:
            width = self.heads * self.head
            weight, offset = self.inputs.weight, self.inputs.bias
            (query,) = self._split(functional.linear(asking, weight[:width], offset[:width]), 1)
            key, value = self._split(functional.linear(states, weight[width:], offset[width:]), 2)
        bias = None if bias is None else bias.to(query.dtype)
        scale = 1 / math.sqrt(self.head)
        if query.is_cuda:
            mixed = functional.scaled_dot_product_attention(query, key, value, bias, scale=scale)
        else:
            scores = (query * scale) @ key.transpose(2, 3)
            mixed = (scores if bias is None else scores + bias).softmax(-1, dtype=query.dtype) @ value
        joined: Tensor = self.output(mixed.transpose(1, 2).flatten(2))
        return joined

    def _split(self, joint: Tensor, parts: int) -> tuple[Tensor, ...]:
        """Return so many parts of [B, T, parts * heads * head], each [B, heads, T, head]."""
        windows, pieces, _ = joint.shape
        split = joint.view(windows, pieces, parts, self.heads, self.head)
        return split.permute(2, 0, 3, 1, 4).unbind(0)


class Layer(nn.Module):
    """One layer of the encoder."""

    def __init__(self, shape: Shape, dropout: float) -> None:
        super().__init__()
        self.attention = Attention(shape)
        self.attention_norm = nn.LayerNorm(shape.width, shape.epsilon)
        self.inner = nn.Linear(shape.width, shape.inner)
        self.outer = nn.Linear(shape.inner, shape.width)
        self.norm = nn.LayerNorm(shape.width, shape.epsilon)
        self.dropout = Dropout(dropout)

    def forward(self, states: Tensor, bias: Tensor | None, places: Tensor | None = None) -> Tensor:
        """Return [B, T, W] from [B, T, W]; or [B, S, W], the vectors at `places` [B, S] only."""
        asking = None if places is None else pick(states, places)
        mixed = self.attention(states, bias, asking)
        states = self.attention_norm((states if asking is None else asking) + self.dropout(mixed))
        inner = functional.gelu(self.inner(states))
        normed: Tensor = self.norm(states + self.dropout(self.outer(inner)))
        return normed


def pick(states: Tensor, places: Tensor) -> Tensor:
    """Return the vectors [B, S, W] that stand in [B, T, W] at places int64 [B, S].

    >>> pick(torch.tensor([[[1.0], [2.0], [3.0]]]), torch.tensor([[2, 0]])).tolist()
    [[[3.0], [1.0]]]
    """
    return states.gather(1, places[..., None].expand(-1, -1, states.shape[2]))


def run_layers(layers: Iterable[nn.Module], states: Tensor, bias: Tensor | None) -> Tensor:
    """Return [B, T, W] after all of some layers."""
    for layer in layers:
        states = layer(states, bias)
    return states


class Encoder(nn.Module):
    """From pieces and their case classes to a vector for each piece."""

    def __init__(self, shape: Shape, dropout: float) -> None:
        super().__init__()
        self.shape = shape
        self.words = nn.Embedding(shape.vocabulary, shape.width)
        self.places = nn.Embedding(shape.places, shape.width)
        self.cases = nn.Embedding(CASES, shape.width)
        nn.init.zeros_(self.cases.weight)
        self.norm = nn.LayerNorm(shape.width, shape.epsilon)
        self.layers = nn.ModuleList(Layer(shape, dropout) for _ in range(shape.layers))
        self.dropout = Dropout(dropout)
        if shape.relative:
            self.relative = nn.Embedding(shape.relative, shape.heads)
            self.relative.weight.requires_grad_(False)  # noqa: FBT003

    def embed(self, ids: Tensor, cases: Tensor, mask: Tensor | None) -> tuple[Tensor, Tensor | None]:
        """Return what the first layer starts from, [B, T, W], and the bias of attention for all layers, if there is any.

        `ids`, `cases` and `mask` (1 for a piece, 0 for padding; None where nothing is padded) are int64 [B, T].
        """
        places = torch.arange(ids.shape[1], device=ids.device) + self.shape.first_place
        states = self.words(ids) + self.places(places) + self.cases(cases)
        bias = None if mask is None else bias_of(mask)
        if self.shape.relative:
            buckets = relative_buckets(ids.shape[1], self.shape.relative).to(ids.device)
            apart = self.relative(buckets).permute(2, 0, 1)[None]
            bias = apart if bias is None else bias + apart
        return self.dropout(self.norm(states)), bias


def bias_of(mask: Tensor) -> Tensor:
    """Return what keeps attention [B, 1, 1, T] from padding, from a mask [B, T] that has a 1 for each piece."""
    return (1.0 - mask[:, None, None, :].to(torch.float32)) * FORBIDDEN


def relative_buckets(pieces: int, buckets: int) -> Tensor:
    """Return the bucket of each pair's distance [T, T]: a half for each side, near ones singly, far ones by logarithm.

    >>> relative_buckets(3, 32).tolist()
    [[0, 17, 18], [1, 0, 17], [2, 1, 0]]
    """
    places = torch.arange(pieces)
    distance = places[:, None] - places[None, :]
    half, exact = buckets // 2, buckets // 4
    size = distance.abs()
    far = exact + (torch.log(size.clamp(min=1) / exact) / math.log(128 / exact) * (half - exact)).long()
    return torch.where(distance < 0, half, 0) + torch.where(size < exact, size, far.clamp(max=half - 1))


class Crf(nn.Module):
    """A linear-chain CRF over labels O, then B and I of each kind: no I without its B or I before it."""

    def __init__(self, labels: int) -> None:
        super().__init__()
        self.transitions = nn.Parameter(torch.zeros(labels, labels))
        self.register_buffer("barred", torch.from_numpy(barred(labels)).clamp(min=FORBIDDEN), persistent=False)
        self.barred: Tensor

    def forward(self, scores: Tensor, chances: Tensor, pairs: Tensor, lengths: Tensor) -> Tensor:
        """Return the cross-entropy of each sequence's labels, [B]: of those that are known, or of a distribution over such.

        `scores` is [B, T, labels] and `lengths` int64 [B]; `chances` [B, T, labels] has each word's chances of a label, zeros
        past a length; `pairs` [B, labels, labels] has the sums over words of the chances of a label (column) after another
        (row).
        """
        reached = (scores * chances).sum((1, 2)) + (self.transitions * pairs).sum((1, 2))
        table = (self.transitions + self.barred).expand(len(scores), -1, -1)
        return self.total(scores, table, lengths) - reached

    def marginals(self, scores: Tensor, lengths: Tensor) -> tuple[Tensor, Tensor]:
        """Return what `forward` takes for `chances` and `pairs`, as the CRF itself sees them."""
        with torch.enable_grad():
            leaf = scores.detach().requires_grad_()
            table = (self.transitions + self.barred).detach().expand(len(scores), -1, -1).clone().requires_grad_()
            chances, pairs = torch.autograd.grad(self.total(leaf, table, lengths).sum(), (leaf, table))
        return chances, pairs

    @staticmethod
    def total(scores: Tensor, table: Tensor, lengths: Tensor) -> Tensor:
        """Return the logarithm of the sum of all sequences' weights, [B]; `table` [B, labels, labels] has the transitions.

        Matrices of neighbours are multiplied in pairs, so that it takes as many steps as the logarithm of the length.
        """
        batch, words, labels = scores.shape
        first = scores[:, 0].clone()
        first[:, 2::2] += FORBIDDEN
        if words == 1:
            return first.logsumexp(1)
        inside = torch.arange(1, words, device=scores.device)[None] < lengths[:, None]
        same = torch.full((labels, labels), FORBIDDEN, device=scores.device).fill_diagonal_(0.0)
        moves = torch.where(inside[..., None, None], table[:, None] + scores[:, 1:, None, :], same)
        while moves.shape[1] > 1:
            if moves.shape[1] % 2:
                moves = torch.cat([moves, same.expand(batch, 1, -1, -1)], dim=1)
            moves = torch.logsumexp(moves[:, ::2, :, :, None] + moves[:, 1::2, None, :, :], dim=3)
        return (first[:, :, None] + moves[:, 0]).logsumexp((1, 2))


class Words(NamedTuple):
    """What is read in windows: scores [B, T, labels], and sentence vectors [B, S, SENTENCE] at the markers."""

    attribution: Tensor
    entity: Tensor
    sentence: Tensor


class WordReader(nn.Module):
    """The encoder and what is read at each piece; `own` layers read sentences, on the encoder's first `fork`."""

    def __init__(self, shape: Shape, own: int, fork: int, dropout: float = 0.1) -> None:
        super().__init__()
        self.encoder = Encoder(shape, dropout)
        self.own = nn.ModuleList(Layer(shape, dropout) for _ in range(own))
        self.fork = fork
        self.dropout = Dropout(dropout)
        self.attribution = nn.Linear(shape.width, LABELS["attribution"])
        self.entity = nn.Linear(shape.width, LABELS["entity"])
        self.sentence = nn.Linear(shape.width, SENTENCE)

    def forward(self, ids: Tensor, cases: Tensor, mask: Tensor | None, markers: Tensor) -> Words:
        """Return what is read at each piece of the windows, and at the markers, int64 [B, S]."""
        return self.read(*self.encode(ids, cases, mask, markers))

    def encode(self, ids: Tensor, cases: Tensor, mask: Tensor | None, markers: Tensor) -> tuple[Tensor, Tensor]:
        """Return the vectors of pieces from which words are read, [B, T, W], and those of sentences, [B, S, W]."""
        layers, story = self.encode_layers(ids, cases, mask, markers)
        return layers[-1], story

    def encode_layers(
        self, ids: Tensor, cases: Tensor, mask: Tensor | None, markers: Tensor
    ) -> tuple[list[Tensor], Tensor]:
        """Return the vectors of pieces after each layer of the encoder, and those of sentences."""
        states, bias = self.encoder.embed(ids, cases, mask)
        layers = []
        for layer in self.encoder.layers:
            states = layer(states, bias)
            layers.append(states)
        if not len(self.own):
            return layers, pick(states, markers)
        return layers, self.run_own(layers[self.fork - 1], bias, markers)

    def run_own(self, shared: Tensor, bias: Tensor | None, markers: Tensor) -> Tensor:
        """Return the vectors of sentences, from those of pieces below the own layers; the last works at the markers alone."""
        told: Tensor = self.own[-1](run_layers(self.own[:-1], shared, bias), bias, markers)
        return told

    def read(self, states: Tensor, story: Tensor) -> Words:
        """Return what is read from the vectors of `encode`."""
        states = self.dropout(states)
        return Words(self.attribution(states), self.entity(states), self.tell(self.dropout(story)))

    def tell(self, story: Tensor) -> Tensor:
        """Return sentence vectors, [B, S, SENTENCE], from vectors after dropout."""
        return torch.tanh(self.sentence(story))


class SentenceReader(nn.Module):
    """What the sentences of one article do in it."""

    def __init__(self, dropout: float = 0.3) -> None:
        super().__init__()
        self.positions = nn.Embedding(POSITIONS, SENTENCE)
        self.dropout = Dropout(dropout)
        self.story = nn.GRU(SENTENCE, SENTENCE // 2, batch_first=True, bidirectional=True)
        self.role = nn.Linear(2 * SENTENCE, len(ROLES))
        self.speech = nn.Linear(SENTENCE, 2)

    def forward(self, sentences: Tensor, positions: Tensor) -> tuple[Tensor, Tensor]:
        """Return scores of roles [N, roles] and of speech [N, 2]; `sentences` is [N, SENTENCE], `positions` int64 [N]."""
        placed = self.dropout(sentences + self.positions(positions))
        told, _ = self.story(placed[None])
        both = torch.cat([placed, self.dropout(told[0])], dim=1)
        return self.role(both), self.speech(self.dropout(sentences))

    def read_many(self, sentences: Tensor, positions: Tensor, lengths: Tensor) -> tuple[Tensor, Tensor]:
        """Return the same of several articles, [D, N, roles] and [D, N, 2]; `lengths` int64 [D], one sentence at least."""
        placed = self.dropout(sentences + self.positions(positions))
        packed = nn.utils.rnn.pack_padded_sequence(placed, lengths.cpu(), batch_first=True, enforce_sorted=False)
        told, _ = nn.utils.rnn.pad_packed_sequence(
            self.story(packed)[0], batch_first=True, total_length=placed.shape[1]
        )
        both = torch.cat([placed, self.dropout(told)], dim=2)
        return self.role(both), self.speech(self.dropout(sentences))


class Network(nn.Module):
    """All that is trained."""

    def __init__(self, shape: Shape, *, own: int = 0, fork: int | None = None, dropout: float = 0.1) -> None:
        super().__init__()
        self.words = WordReader(shape, own, shape.layers if fork is None else fork, dropout)
        self.sentences = SentenceReader()
        self.attribution = Crf(LABELS["attribution"])
        self.entity = Crf(LABELS["entity"])


# Names of a layer's parts in BERT and in MPNet.
BERT = {
    "attention.inputs": ("attention.self.query", "attention.self.key", "attention.self.value"),
    "attention.output": ("attention.output.dense",),
    "attention_norm": ("attention.output.LayerNorm",),
    "inner": ("intermediate.dense",),
    "outer": ("output.dense",),
    "norm": ("output.LayerNorm",),
}
MPNET = BERT | {
    "attention.inputs": ("attention.attn.q", "attention.attn.k", "attention.attn.v"),
    "attention.output": ("attention.attn.o",),
    "attention_norm": ("attention.LayerNorm",),
}
AROUND = {
    "words": "embeddings.word_embeddings",
    "places": "embeddings.position_embeddings",
    "norm": "embeddings.LayerNorm",
    "relative": "encoder.relative_attention_bias",
}


def read_shape(folder: Path) -> Shape:
    """Return the measures of the encoder in a folder with `config.json`."""
    config = json.loads((folder / "config.json").read_text(encoding="utf-8"))
    return Shape(
        vocabulary=config["vocab_size"],
        width=config["hidden_size"],
        layers=config["num_hidden_layers"],
        heads=config["num_attention_heads"],
        head=config["hidden_size"] // config["num_attention_heads"],
        inner=config["intermediate_size"],
        places=config["max_position_embeddings"],
        first_place=2 if config["model_type"] == "mpnet" else 0,
        epsilon=config["layer_norm_eps"],
        relative=config.get("relative_attention_num_buckets", 0),
    )


def load_weights(encoder: Encoder, weights: Mapping[str, Tensor]) -> None:
    """Put pretrained weights, named as in BERT or MPNet, in place; raise KeyError if one is missing."""
    parts = MPNET if encoder.shape.relative else BERT
    with torch.no_grad():
        for name, parameter in encoder.named_parameters():
            part, kind = name.rsplit(".", 1)
            if name == "words.weight" and encoder.shape.relative:
                parameter.copy_(mpnet_words(weights["embeddings.word_embeddings.weight"]))
            elif part in AROUND:
                parameter.copy_(weights[f"{AROUND[part]}.{kind}"])
            elif part != "cases":
                _, number, inside = part.split(".", 2)
                theirs = [weights[f"encoder.layer.{number}.{name}.{kind}"] for name in parts[inside]]
                parameter.copy_(torch.cat(theirs))
        if "embeddings.token_type_embeddings.weight" in weights:  # one kind of text: its row goes into every position
            encoder.places.weight += weights["embeddings.token_type_embeddings.weight"][0]


def mpnet_words(table: Tensor) -> Tensor:
    """Return MPNet's word embeddings in BERT's order: MPNet puts four pieces of its own, three of them special, before it."""
    ordered = torch.cat([table[4:], table[:4]])[: len(table)]
    ordered[[CLS, SEP, 0]] = table[[0, 2, 1]]
    return ordered
