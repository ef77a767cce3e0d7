"""The network, its export, and what is fed to it. Needs the extra `training`."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pytest
from small_networks import small_shape

from briefs import read
from briefs.network import load_model, read_vocabulary
from briefs.tagger import LABELS, ROLES, WINDOW, Tagger
from briefs.windows import Window
from briefs.wordpiece import WordPiece

if TYPE_CHECKING:
    from training.model import Network

pytestmark = pytest.mark.training

TEXT = "Dam holds.\n\nThe dam in Selmoor will hold, Ana Ruiz said on Monday. “Nobody left the town.”"


@pytest.mark.parametrize("relative", [0, 32])
def test_weights_of_bert_and_of_mpnet_are_put_in_place(relative: int) -> None:
    """Every parameter but the case embedding comes from the file; MPNet's special pieces move to BERT's numbers."""
    import torch

    from training.model import BERT, MPNET, WordReader, load_weights

    shape = small_shape(relative=relative)
    reader = WordReader(shape, own=0, fork=shape.layers)
    encoder = reader.encoder
    width, inner = shape.width, shape.inner
    sizes = {"attention.inputs": (width, width), "inner": (inner, width), "outer": (width, inner)}
    weights = {
        "embeddings.word_embeddings.weight": torch.arange(shape.vocabulary)[:, None].repeat(1, width).float(),
        "embeddings.position_embeddings.weight": torch.ones(shape.places, width),
        "embeddings.LayerNorm.weight": torch.ones(width),
        "embeddings.LayerNorm.bias": torch.zeros(width),
        "encoder.relative_attention_bias.weight": torch.ones(32, shape.heads),
    }
    for layer in range(shape.layers):
        for part, names in (MPNET if relative else BERT).items():
            rows, columns = sizes.get(part, (width, width))
            for number, name in enumerate(names):
                weights[f"encoder.layer.{layer}.{name}.bias"] = torch.full((rows,), float(number))
                weights[f"encoder.layer.{layer}.{name}.weight"] = (
                    torch.full((width,), 2.0) if part.endswith("norm") else torch.full((rows, columns), float(number))
                )
    load_weights(encoder, weights)
    assert encoder.layers[1].attention.inputs.bias.tolist() == [0.0] * width + [1.0] * width + [2.0] * width
    assert encoder.norm.weight.tolist() == [1.0] * width
    assert [int(encoder.words.weight[i, 0]) for i in (0, 101, 102, 1000)] == (
        [1, 0, 2, 1004] if relative else [0, 101, 102, 1000]
    )
    read_ = reader(
        torch.tensor([[101, 5, 102]]), torch.zeros(1, 3, dtype=torch.int64), torch.ones(1, 3), torch.tensor([[1]])
    )
    assert all(x.isfinite().all() for x in read_)


def test_padding_changes_nothing(network: Network) -> None:
    """A window reads the same alone and beside a longer one."""
    import torch

    ids = torch.randint(1000, 2000, (1, 12))
    cases, mask = torch.zeros_like(ids), torch.ones_like(ids)
    markers = torch.tensor([[1, 7]])
    padded = [torch.cat([x, torch.zeros(1, 5, dtype=torch.int64)], dim=1) for x in (ids, cases, mask, markers)]
    with torch.no_grad():
        alone, beside = network.words(ids, cases, mask, markers), network.words(*padded)
    for one, other in zip(alone, beside, strict=True):
        assert torch.allclose(one, other[:, : one.shape[1]], atol=1e-5)


def made_windows() -> list[Window]:
    """Return windows of random pieces, to find the sizes of vectors on."""
    rng = np.random.default_rng(6)
    return [Window(tuple(rng.integers(1000, 20_000, 60).tolist()), (0,) * 60, ((0, 0, 50, 5),)) for _ in range(3)]


def test_what_is_exported_reads_as_the_network_does(network: Network, tmp_path: Path) -> None:
    """The files answer as the network, to what integers lose, for windows and articles of any length."""
    import torch

    from training.export import write_model

    write_model(network, tmp_path, version="small", windows=made_windows())
    model = load_model(folder=tmp_path)
    assert model.version == "small"
    rng = np.random.default_rng(5)
    for pieces in (4, 31, WINDOW):
        ids = rng.integers(1000, 20_000, pieces)
        cases, mask = ids % 6, np.ones_like(ids)
        markers = rng.integers(0, pieces, 2 + pieces // 20)
        read_ = model.network.read_words(ids, cases, markers)
        with torch.no_grad():
            want = network.words(*(torch.from_numpy(x)[None] for x in (ids, cases, mask, markers)))
        for name, tensor in want._asdict().items():
            assert getattr(read_, name) == pytest.approx(tensor[0].numpy(), abs=0.1)
    for count in (1, 40):
        vectors, positions = rng.standard_normal((count, 192), np.float32), np.arange(count)
        with torch.no_grad():
            role, speech = network.sentences(torch.from_numpy(vectors), torch.from_numpy(positions))
        said = model.network.read_sentences(vectors, positions)
        assert said.role == pytest.approx(role.numpy(), abs=1e-4)
        assert said.speech == pytest.approx(speech.numpy(), abs=1e-4)


def test_an_export_is_the_same_bytes_and_tells_nothing_of_where_it_was_made(network: Network, tmp_path: Path) -> None:
    """Twice from one network; no path, trace or name of a tool."""
    from training.export import write_model

    for name in ("one", "two"):
        write_model(network, tmp_path / name, version="small", windows=made_windows())
    files = sorted(path.name for path in (tmp_path / "one").iterdir())
    assert files == ["model.json", "sentences.onnx", "vocab.txt", "words.onnx"]
    for name in files:
        content = (tmp_path / "one" / name).read_bytes()
        assert content == (tmp_path / "two" / name).read_bytes()
        traces = (b".py", b"torch", b"stack_trace", b"encoder.", b"/home/", b"/root/", b"/tmp/")
        assert name == "vocab.txt" or not [trace for trace in traces if trace in content]


def test_documents_carry_the_labels_of_their_corpus(corpora: Path) -> None:
    """Words of a span get B and I, markers their sentence's role; what a corpus does not say is unknown."""
    from training.corpora import read_rows
    from training.examples import UNKNOWN, attribution_source, discourse_source, make_document

    vocabulary = read_vocabulary()
    wordpiece = WordPiece({piece: n for n, piece in enumerate(vocabulary)})
    document = make_document(attribution_source(next(read_rows(corpora / "attribution.train.jsonl"))), wordpiece)
    (window,) = document.windows
    labelled = [
        (vocabulary[window.ids[window.owners.tolist().index(word)]], int(label))
        for word, label in enumerate(window.attribution)
    ]
    assert [label for _, label in labelled if label] == [5, 6, 6, 6, 6, 6, 1, 2, 3]
    assert [word for word, label in labelled if label in (1, 2, 3)] == ["ana", "ruiz", "said"]
    assert set(window.entity.tolist()) == {UNKNOWN}
    assert set(document.roles.tolist()) == {UNKNOWN}
    assert len(window.markers) == len(document.roles) == 3
    document = make_document(discourse_source(next(read_rows(corpora / "discourse.train.jsonl"))), wordpiece)
    assert document.roles.tolist() == [UNKNOWN, 0, 4]
    assert document.speech.tolist() == [UNKNOWN, 0, 1]


def test_augmentation_keeps_every_offset(corpora: Path) -> None:
    """Quotation marks and case change; lengths do not."""
    import random

    from training.corpora import read_rows
    from training.examples import attribution_source, augment, name_sources

    rng = random.Random(1)
    sources = [
        attribution_source(next(read_rows(corpora / "attribution.train.jsonl"))),
        *name_sources(list(read_rows(corpora / "ner.train.jsonl")), rng),
    ]
    seen = {augment(source, rng).article.text for source in sources for _ in range(200)}
    assert len(seen) > 6
    assert {len(text) for text in seen} == {len(source.article.text) for source in sources}


def test_a_network_in_training_is_called_as_the_tagger_calls_a_model(network: Network) -> None:
    """Tags come out for each sentence, whatever the weights."""
    from training.train import make_tagger

    article = read(f"{TEXT}\n\nIt rains.\n")
    tagger = make_tagger(network, read_vocabulary())
    assert isinstance(tagger, Tagger)
    assert len(tagger.tag(article).sentences) == len(article.sentences)
    assert network.attribution.transitions.shape == (LABELS["attribution"],) * 2
    assert network.sentences.role.out_features == len(ROLES)


def test_a_log_is_shown_as_a_table_and_a_plot(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The same log gives the same files, with a row for each epoch."""
    from training.report import main

    lines = [{"epoch": n, "seconds": 60, "loss": {"roles": 1 / n}, "dev": {"roles": n / 4}} for n in (1, 2)]
    (tmp_path / "log.jsonl").write_text("\n".join(map(json.dumps, lines)), encoding="utf-8")
    for name in ("one", "two"):
        monkeypatch.setattr("sys.argv", ["report", "--run", str(tmp_path), "--into", str(tmp_path / name)])
        assert main() == 0
    assert (tmp_path / "one/log.md").read_text(encoding="utf-8").splitlines()[3] == "| 2 | 1 | 0.500 | .500 |"
    assert (tmp_path / "one/log.svg").read_bytes() == (tmp_path / "two/log.svg").read_bytes()
    assert b"<svg" in (tmp_path / "one/log.svg").read_bytes()
