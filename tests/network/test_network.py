"""The network, its training and its export, at a size that trains in seconds. Needs the extra `training`."""

from __future__ import annotations

import itertools
import json
import math
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pytest

from briefs import read
from briefs.network import load_model, read_vocabulary
from briefs.tagger import LABELS, ROLES, WINDOW, Tagger
from briefs.wordpiece import WordPiece

if TYPE_CHECKING:
    from training.model import Network, Shape

pytestmark = pytest.mark.training

TEXT = "Dam holds.\n\nThe dam in Selmoor will hold, Ana Ruiz said on Monday. “Nobody left the town.”"
SCORER = """
def scores(gold, pred):
    assert set(gold) == set(pred)
    figure = {"f1": 0.5, "p": 0.5, "r": 0.5}
    names = ("source_exact", "cue_exact", "content_exact", "linked", "speech", "micro_without_MISC")
    return {name: figure for name in names} | {
        "fine": {"macro_f1": 0.5, "Distant_Expectations_Consequences": figure}
    }

TASKS = {"attribution": scores, "discourse": scores, "ner": scores}
"""


def small_shape(*, relative: int = 0) -> Shape:
    from training.model import Shape

    return Shape(
        vocabulary=len(read_vocabulary()),
        width=24,
        layers=2,
        heads=2,
        inner=48,
        places=WINDOW + 2,
        first_place=2 if relative else 0,
        epsilon=1e-12,
        relative=relative,
    )


@pytest.fixture(scope="module")
def network() -> Network:
    import torch

    from training.model import Network

    torch.manual_seed(3)
    return Network(small_shape(), own=1).eval()


@pytest.fixture(scope="module")
def corpora(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Rows of our own for each task, for training and for dev."""
    folder = tmp_path_factory.mktemp("corpora")
    said = TEXT.index("said")
    rows = {
        "attribution": {
            "id": "a",
            "title": "Dam holds",
            "text": TEXT,
            "attributions": [
                {"source": [[said - 9, said - 1]], "cue": [[said, said + 4]], "content": [[12, said - 11]]}
            ],
        },
        "discourse": {
            "id": "d",
            "headline": "Dam holds",
            "sentences": [
                {"text": "The dam in Selmoor held on Monday.", "paragraph": 0, "label": "Main", "speech": False},
                {"text": "“It was built in 1961.”", "paragraph": 1, "label": "Distant_Historical", "speech": True},
            ],
        },
        "ner": {
            "id": "n",
            "source": "ours",
            "doc": "n",
            "tokens": ["Ana", "Ruiz", "lives", "in", "Paris", "."],
            "tags": ["B-PER", "I-PER", "O", "O", "B-LOC", "O"],
        },
    }
    for task, row in rows.items():
        for split in ("train", "dev"):
            (folder / f"{task}.{split}.jsonl").write_text(json.dumps(row) + "\n", encoding="utf-8")
    (folder / "score.py").write_text(SCORER, encoding="utf-8")
    return folder


def test_the_crf_gives_every_sequence_its_share() -> None:
    """The likelihoods of all allowed sequences sum to one, and what lies past a length is not read."""
    import torch

    from training.model import Crf

    torch.manual_seed(1)
    crf = Crf(5)
    torch.nn.init.normal_(crf.transitions)
    scores = torch.randn(1, 4, 5)
    for length in (1, 3, 4):
        total = 0.0
        for path in itertools.product(range(5), repeat=length):
            if all(b == 0 or b % 2 or a in (b, b - 1) for a, b in zip((0, *path), path, strict=False)):
                labels = torch.tensor([[*path, *[0] * (4 - length)]])
                total += math.exp(-crf(scores, labels, torch.tensor([length])).item())
        assert total == pytest.approx(1.0, abs=1e-3)


@pytest.mark.parametrize("relative", [0, 32])
def test_weights_of_bert_and_of_mpnet_are_put_in_place(relative: int) -> None:
    """Every parameter but the case embedding comes from the file; MPNet's special pieces move to BERT's numbers."""
    import torch

    from training.model import BERT, MPNET, WordReader, load_weights

    shape = small_shape(relative=relative)
    reader = WordReader(shape, own=0)
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


@pytest.mark.parametrize("storage", ["float32", "float16", "int8"])
def test_what_is_exported_reads_as_the_network_does(network: Network, tmp_path: Path, storage: str) -> None:
    """The files answer as the network, to what their storage loses, for windows and articles of any length."""
    import torch

    from training.export import write_model

    write_model(network, tmp_path, version="small", storage=storage)  # type: ignore[arg-type]
    model = load_model(folder=tmp_path)
    assert model.version == "small"
    rng = np.random.default_rng(5)
    for pieces in (4, 31, WINDOW):
        ids = rng.integers(1000, 20_000, pieces)
        cases, mask = ids % 6, np.ones_like(ids)
        markers = rng.integers(0, pieces, 1 + pieces // 20)
        read_ = model.network.read_words(ids, cases, markers)
        with torch.no_grad():
            want = network.words(*(torch.from_numpy(x)[None] for x in (ids, cases, mask, markers)))
        for name, tensor in want._asdict().items():
            assert getattr(read_, name) == pytest.approx(
                tensor[0].numpy(), abs={"int8": 0.1, "float16": 1e-2}.get(storage, 1e-4)
            )
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
        write_model(network, tmp_path / name, version="small", storage="int8")
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


@pytest.fixture(scope="module")
def encoder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a small encoder, laid out like the package of the real one."""
    import torch
    from safetensors.torch import save_file

    from training.model import BERT

    folder = tmp_path_factory.mktemp("encoder")
    shape = small_shape()
    config = {
        "model_type": "bert",
        "vocab_size": shape.vocabulary,
        "hidden_size": shape.width,
        "num_hidden_layers": shape.layers,
        "num_attention_heads": shape.heads,
        "intermediate_size": shape.inner,
        "max_position_embeddings": shape.places,
        "layer_norm_eps": 1e-12,
    }
    (folder / "config.json").write_text(json.dumps(config), encoding="utf-8")
    torch.manual_seed(2)
    weights = {
        "embeddings.word_embeddings.weight": torch.randn(shape.vocabulary, shape.width) * 0.1,
        "embeddings.position_embeddings.weight": torch.randn(shape.places, shape.width) * 0.1,
        "embeddings.token_type_embeddings.weight": torch.zeros(2, shape.width),
        "embeddings.LayerNorm.weight": torch.ones(shape.width),
        "embeddings.LayerNorm.bias": torch.zeros(shape.width),
    }
    sizes = {"inner": (shape.inner, shape.width), "outer": (shape.width, shape.inner)}
    for layer in range(shape.layers):
        for part, names in BERT.items():
            rows, columns = sizes.get(part, (shape.width, shape.width))
            for name in names:
                norm = part.endswith("norm")
                weights[f"encoder.layer.{layer}.{name}.weight"] = (
                    torch.ones(shape.width) if norm else torch.randn(rows, columns) * 0.1
                )
                weights[f"encoder.layer.{layer}.{name}.bias"] = torch.zeros(rows)
    save_file(weights, folder / "model.safetensors")
    return folder


def run_training(monkeypatch: pytest.MonkeyPatch, *options: str | Path) -> None:
    from training.train import main

    monkeypatch.setattr("sys.argv", ["train", *map(str, options)])
    assert main() == 0


def test_a_stopped_run_goes_on_to_the_same_weights(
    corpora: Path,
    encoder: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capfd: pytest.CaptureFixture[str],
) -> None:
    """Two epochs at once, and two with a stop between them, give one result; the log has a line an epoch."""
    import torch

    from training.train import Run, load_average

    given = ("--corpora", corpora, "--encoder", encoder, "--epochs", "2")
    run_training(monkeypatch, *given, "--into", tmp_path / "whole")
    save = Run.save

    def save_and_stop(run: Run) -> None:
        save(run)
        raise KeyboardInterrupt

    monkeypatch.setattr(Run, "save", save_and_stop)
    with pytest.raises(KeyboardInterrupt):
        run_training(monkeypatch, *given, "--into", tmp_path / "halves")
    monkeypatch.setattr(Run, "save", save)
    run_training(monkeypatch, *given, "--into", tmp_path / "halves")
    whole, halves = (load_average(tmp_path / name).state_dict() for name in ("whole", "halves"))
    assert all(torch.equal(whole[name], halves[name]) for name in whole)
    lines = [json.loads(line) for line in (tmp_path / "whole/log.jsonl").read_text(encoding="utf-8").splitlines()]
    assert [line["epoch"] for line in lines] == [1, 2]
    assert {"attribution", "entity", "roles", "speech"} == set(lines[0]["loss"])
    assert {"source", "roles", "expectation", "names"} <= set(lines[0]["dev"])
    capfd.readouterr()


def test_roles_are_added_to_a_run_that_reads_words(
    corpora: Path,
    encoder: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capfd: pytest.CaptureFixture[str],
) -> None:
    """The words are read as before, to the last bit; the roles are learned, from a teacher's file too."""
    import torch

    from training.teach import main as teach
    from training.train import load_average

    given = ("--corpora", corpora, "--epochs", "1")
    run_training(monkeypatch, *given, "--encoder", encoder, "--task", "roles", "--into", tmp_path / "teacher")
    run_training(
        monkeypatch,
        *given,
        "--encoder",
        encoder,
        "--task",
        "attribution",
        "--task",
        "names",
        "--into",
        tmp_path / "words",
    )
    monkeypatch.setattr(
        "sys.argv",
        [
            "teach",
            "--corpora",
            str(corpora),
            "--run",
            str(tmp_path / "teacher"),
            "--into",
            str(tmp_path / "taught.npz"),
        ],
    )
    assert teach() == 0
    added = ("--words", tmp_path / "words", "--taught", tmp_path / "taught.npz", "--own-layers", "1", "--epochs", "2")
    run_training(monkeypatch, *given, *added, "--into", tmp_path / "roles")
    words, roles = load_average(tmp_path / "words"), load_average(tmp_path / "roles")
    ids = torch.randint(1000, 2000, (1, 12))
    with torch.no_grad():
        given_ids = (ids, torch.zeros_like(ids), torch.ones_like(ids), torch.tensor([[1]]))
        before, after = (n.words(*given_ids) for n in (words, roles))
    assert torch.equal(before.attribution, after.attribution)
    assert torch.equal(before.entity, after.entity)
    assert not torch.equal(before.sentence, after.sentence)
    kept = words.words.encoder.layers[-1].state_dict()
    assert not all(torch.equal(value, kept[name]) for name, value in roles.words.own[0].state_dict().items())
    line, _ = (tmp_path / "roles/log.jsonl").read_text(encoding="utf-8").splitlines()
    assert {"roles", "speech", "taught"} == set(json.loads(line)["loss"])
    capfd.readouterr()


def test_training_lowers_the_loss(corpora: Path, encoder: Path) -> None:
    """Thirty steps over three articles: each head learns them."""
    import torch

    from training.train import TASKS, Material, Options, Trainer, new_network, parameter_groups

    options = Options(seed=1, epochs=1, tasks=TASKS, encoder_rate=1e-3, head_rate=5e-3)
    wordpiece = WordPiece({piece: n for n, piece in enumerate(read_vocabulary())})
    material = Material(corpora, wordpiece, options)
    network = new_network(encoder, 1)
    trainer = Trainer(network, material.role_weights())
    optimizer = torch.optim.AdamW(parameter_groups(network, options))
    losses: list[dict[str, float]] = []
    for _ in range(30):
        seen: dict[str, float] = {}
        for documents in material.epoch(0):
            loss = trainer.loss(documents)
            loss.total.backward()
            seen |= loss.parts
        optimizer.step()
        optimizer.zero_grad()
        losses.append(seen)
    assert all(losses[-1][name] < 0.8 * losses[0][name] for name in ("attribution", "entity", "roles"))


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
