"""What a network is judged by, and cut by: the CRF against brute force, the losses of batches, the parts that are kept."""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
import pytest
from numpy.typing import NDArray
from small_networks import small_network

from briefs.decode import word_scores
from briefs.network import SPAN_HEADS
from briefs.tagger import LABELS, ROLES
from training.examples import UNKNOWN
from training.lessons import Lesson, Sequences, gold_sequences, make_lesson
from training.material import load

if TYPE_CHECKING:
    from torch import Tensor

    from training.losses import Trainer
    from training.model import Crf, Network
    from training.prune import Weight

pytestmark = pytest.mark.training

KINDS = 5  # labels of the small CRF
LENGTHS = (1, 3, 5)  # of its sequences


class Brute(NamedTuple):
    """All sequences of labels that are allowed, [sequences, words], and the chance of each by a CRF."""

    paths: NDArray[np.int64]
    chances: NDArray[np.float64]

    def sums(self, weights: NDArray[np.floating]) -> Sequences:
        """Return the chances of labels and of pairs where the sequences have these chances."""
        words = self.paths.shape[1]
        labels = np.zeros((words, KINDS))
        pairs = np.zeros((KINDS, KINDS))
        for word in range(words):
            np.add.at(labels[word], self.paths[:, word], weights)
        for word in range(1, words):
            np.add.at(pairs, (self.paths[:, word - 1], self.paths[:, word]), weights)
        return Sequences(labels, pairs)


@pytest.fixture(scope="module")
def crf() -> Crf:
    """Return a CRF with transitions of all sizes."""
    import torch

    from training.model import Crf

    torch.manual_seed(1)
    made = Crf(KINDS)
    torch.nn.init.normal_(made.transitions)
    return made


@pytest.fixture(scope="module")
def scores() -> Tensor:
    """Return scores of sequences with the lengths above; those past a length should not matter."""
    import torch

    return torch.randn(len(LENGTHS), max(LENGTHS), KINDS, generator=torch.Generator().manual_seed(2)) * 2


def brute(crf: Crf, scores: Tensor, length: int) -> Brute:
    """Return the chances of all sequences, each reckoned by itself."""
    allowed = [
        path
        for path in itertools.product(range(KINDS), repeat=length)
        if all(b == 0 or b % 2 or a in (b, b - 1) for a, b in zip((0, *path), path, strict=False))
    ]
    table, rows = crf.transitions.detach().numpy().astype(float), scores.numpy().astype(float)
    weights = np.array(
        [
            sum(rows[word, label] for word, label in enumerate(path))
            + sum(table[pair] for pair in itertools.pairwise(path))
            for path in allowed
        ]
    )
    chances = np.exp(weights - np.logaddexp.reduce(weights))
    return Brute(np.array(allowed), chances)


def together(targets: Sequence[Sequences]) -> tuple[Tensor, Tensor, Tensor]:
    """Return what a CRF takes for some targets: chances, zeros past a length, and pairs; and the lengths."""
    import torch

    chances = torch.zeros(len(targets), max(LENGTHS), KINDS)
    for row, target in enumerate(targets):
        chances[row, : len(target.chances)] = torch.from_numpy(np.asarray(target.chances, np.float32))
    pairs = torch.from_numpy(np.stack([t.pairs for t in targets]).astype(np.float32))
    return chances, pairs, torch.tensor(LENGTHS)


def test_the_cross_entropy_of_known_labels_is_their_share_of_all_sequences(crf: Crf, scores: Tensor) -> None:
    """For each sequence by itself, beside longer ones."""
    rng = np.random.default_rng(3)
    targets, expected = [], []
    for row, length in enumerate(LENGTHS):
        all_ = brute(crf, scores[row], length)
        chosen = rng.integers(len(all_.paths))
        target = gold_sequences(all_.paths[chosen], KINDS)
        assert target is not None
        targets.append(target)
        expected.append(-np.log(all_.chances[chosen]))
    assert crf(scores, *together(targets)).tolist() == pytest.approx(expected, abs=1e-3)


def test_the_cross_entropy_of_a_distribution_is_the_mean_over_its_sequences(crf: Crf, scores: Tensor) -> None:
    """However the chances lie over the allowed sequences: those of labels and of pairs are all it takes."""
    rng = np.random.default_rng(4)
    targets, expected = [], []
    for row, length in enumerate(LENGTHS):
        all_ = brute(crf, scores[row], length)
        wanted = rng.dirichlet(np.full(len(all_.paths), 0.1))
        targets.append(all_.sums(wanted))
        expected.append(-(wanted * np.log(all_.chances)).sum())
    assert crf(scores, *together(targets)).tolist() == pytest.approx(expected, abs=1e-3)


def test_marginals_are_sums_over_all_sequences(crf: Crf, scores: Tensor) -> None:
    """Of labels for each word, zeros past a length, and of pairs over all words."""
    import torch

    chances, pairs = crf.marginals(scores, torch.tensor(LENGTHS))
    for row, length in enumerate(LENGTHS):
        all_ = brute(crf, scores[row], length)
        expected = all_.sums(all_.chances)
        assert chances[row, :length].numpy() == pytest.approx(expected.chances, abs=1e-4)
        assert pairs[row].numpy() == pytest.approx(expected.pairs, abs=1e-4)
        assert not chances[row, length:].any()


def test_scores_of_words_are_those_that_the_tagger_makes() -> None:
    """Of pieces that belong to words; markers and the rest are left out."""
    import torch

    from training.losses import word_means

    rows = torch.randn(1, 7, KINDS, generator=torch.Generator().manual_seed(5))
    found = word_means(rows, torch.tensor([[-1, 0, 0, 1, 2, 2, -1]]), 3)
    assert found[0].numpy() == pytest.approx(
        word_scores(rows[0, 1:6].numpy(), [True, False, True, True, False]), abs=1e-6
    )


def taught_lesson(lesson: Lesson, seed: int) -> Lesson:
    """Return a document with targets for all heads, as if a teacher had spoken: sentences by chance, words all but surely O."""
    rng = np.random.default_rng(seed)
    document = lesson.document
    words = dict(lesson.words)
    for head in SPAN_HEADS:
        if head not in words:
            windows = [np.zeros(len(window.entity), np.int64) for window in document.windows]
            known = [gold_sequences(labels, LABELS[head]) for labels in windows]
            words[head] = tuple(target for target in known if target is not None)
    count = len(document.positions)
    roles, speech = (rng.dirichlet(np.ones(n), count).astype(np.float32) for n in (len(ROLES), 2))
    return Lesson(document, words, roles, speech)


@pytest.fixture(scope="module")
def lessons(material: Path) -> list[Lesson]:
    """Return the documents with the labels of their corpora: attribution, roles, none, and twice names."""
    return [make_lesson(prepared.versions[0], None) for prepared in load(material)]


def make_trainer(network: Network) -> Trainer:
    import torch

    from training.losses import Trainer

    return Trainer(network, torch.ones(len(ROLES)))


def test_documents_of_several_corpora_make_one_batch(network: Network, lessons: list[Lesson]) -> None:
    """Each head has the loss of the documents that tell of it, as if they were alone, to the rounding of bfloat16."""
    import torch

    network.eval()
    trainer = make_trainer(network)
    attribution, discourse, unknown, names, _ = lessons
    long = Lesson(replace(unknown.document, windows=3 * unknown.document.windows), {}, None, None)
    with torch.no_grad():
        batch = trainer.losses([long, attribution, discourse, names])
        alone = [trainer.losses([lesson]) for lesson in (attribution, names, discourse)]
    assert [set(parts) for parts in alone] == [{"attribution"}, {"entity"}, {"roles", "speech"}]
    assert set(batch) == {"attribution", "entity", "roles", "speech"}
    for parts in alone:
        for name, part in parts.items():
            assert batch[name].item() == pytest.approx(part.item(), rel=0.02)


def test_what_is_said_of_sentences_is_a_loss_beside_the_annotation(network: Network, lessons: list[Lesson]) -> None:
    """The cross-entropy of the roles said, over sentences of which anything is said, by the share of roles."""
    import torch

    from training.losses import make_batch, read_batch, sentence_means

    network.eval()
    trainer = make_trainer(network)
    lesson = taught_lesson(lessons[1], 6)
    assert lesson.roles is not None
    lesson.roles[0] = 0  # the headline's
    with torch.no_grad():
        parts = trainer.losses([lesson])
        trainer.role_share = 0.5
        less = trainer.losses([lesson])
        batch = make_batch([lesson.document])
        vectors = sentence_means(read_batch(network, batch)[0].sentence, batch)
        role, _ = network.sentences(vectors[0], batch.positions[0])
    logs = role.log_softmax(1).numpy()
    assert parts["taught"].item() == pytest.approx(-(lesson.roles * logs).sum() / lesson.roles.sum(), rel=1e-3)
    assert [less[n].item() / parts[n].item() for n in ("taught", "roles", "voice")] == pytest.approx([0.5, 0.5, 1])


def test_a_network_is_like_itself(network: Network, lessons: list[Lesson]) -> None:
    """Imitation of the same layers costs nothing, of others something."""
    import torch

    network.eval()
    trainer = make_trainer(network)
    trainer.imitated, trainer.levels = network, [(0, 0), (1, 1)]
    with torch.no_grad():
        assert trainer.losses(lessons[:2])["imitation"].item() == 0
        trainer.levels = [(0, 1)]
        assert trainer.losses(lessons[:2])["imitation"].item() > 0.01


def test_vectors_that_are_kept_below_own_layers_lead_to_the_same_losses(lessons: list[Lesson]) -> None:
    """Of documents of several lengths, the first time and again, to the rounding of half precision."""
    import torch

    network = small_network()
    trainer = make_trainer(network)
    chosen = [taught_lesson(lesson, 7) for lesson in lessons[:3]]
    with torch.no_grad():
        whole = trainer.losses(chosen)
        trainer.frozen = {}
        frozen = [trainer.losses(chosen), trainer.losses(chosen[::-1])]
    assert len(trainer.frozen) == 3
    for parts in frozen:
        assert set(parts) == {"roles", "speech", "taught", "voice"}
        for name, part in parts.items():
            assert part.item() == pytest.approx(whole[name].item(), rel=0.01)


def test_training_lowers_each_loss(lessons: list[Lesson]) -> None:
    """Thirty steps over the documents: each head learns them."""
    import torch

    from training.train import TASKS, Options, parameter_groups

    network = small_network(own=0).train()
    options = Options(
        seed=1,
        epochs=1,
        tasks=TASKS,
        encoder_rate=1e-3,
        head_rate=5e-3,
        pieces=2304,
        role_share=1,
        imitation=0,
        seconds=0,
    )
    trainer = make_trainer(network)
    optimizer = torch.optim.AdamW(parameter_groups(network, options))
    losses = []
    torch.manual_seed(4)
    for _ in range(30):
        parts = trainer.losses(lessons[:4])
        torch.stack(list(parts.values())).sum().backward()
        optimizer.step()
        optimizer.zero_grad()
        losses.append({name: part.item() for name, part in parts.items()})
    assert all(losses[-1][name] < 0.8 * losses[0][name] for name in ("attribution", "entity", "roles"))


def read_ids(network: Network) -> tuple[Tensor, ...]:
    """Return what a network reads in two windows with markers."""
    import torch

    ids = torch.randint(1000, 2000, (2, 12), generator=torch.Generator().manual_seed(8))
    with torch.no_grad():
        return network.words(ids, ids % 6, torch.ones_like(ids), torch.tensor([[1, 5], [1, 0]]))


def same_weights(network: Network) -> list[Weight]:
    """Return weights of parts of which all are alike."""
    import torch

    from training.prune import Weight, layers_of

    shape = network.words.encoder.shape
    return [Weight(torch.ones(shape.heads), torch.ones(shape.inner)) for _ in layers_of(network.words)]


@pytest.mark.parametrize(("own", "fork"), [(2, 3), (1, 2)])
def test_a_network_of_which_nothing_is_cut_reads_the_same(own: int, fork: int) -> None:
    """To the last bit, sentences by its own layers, too, wherever they stand."""
    import torch

    from training.prune import cut

    network = small_network(own=own, layers=3, fork=fork)
    made = cut(network, same_weights(network), layers=[0, 1, 2], heads=2, inner=48).eval()
    for one, other in zip(read_ids(network), read_ids(made), strict=True):
        assert torch.equal(one, other)
    for name in ("sentences", "attribution", "entity"):
        kept = getattr(made, name).state_dict()
        assert all(torch.equal(value, kept[key]) for key, value in getattr(network, name).state_dict().items())


def test_a_network_gets_a_layer_for_sentences_when_it_has_none() -> None:
    """A copy of its last layer, on top; words are read as before."""
    import torch

    from training.prune import cut

    network = small_network(own=0)
    made = cut(network, same_weights(network), layers=[0, 1], heads=2, inner=48).eval()
    before, after = read_ids(network), read_ids(made)
    assert torch.equal(before[0], after[0])
    assert torch.equal(before[1], after[1])
    assert made.words.fork == 2
    (own,) = made.words.own
    last = network.words.encoder.layers[1].state_dict()
    assert all(torch.equal(value, last[name]) for name, value in own.state_dict().items())


def test_the_heads_and_units_of_the_largest_weight_are_kept() -> None:
    """What is cut reads as the whole does when the other parts lead nowhere; layers that are left out are not run."""
    import torch

    from training.prune import Weight, cut, layers_of

    network = small_network(own=1, layers=3)
    generator = torch.Generator().manual_seed(9)
    weights = [Weight(torch.rand(2, generator=generator), torch.rand(48, generator=generator)) for _ in range(4)]
    made = cut(network, weights, layers=[0, 2], heads=1, inner=20).eval()
    assert made.words.encoder.shape.layers == 2
    with torch.no_grad():
        for layer, weight in zip(layers_of(network.words), weights, strict=True):
            least = int(weight.heads.argmin())
            layer.attention.output.weight[:, 12 * least : 12 * least + 12] = 0
            layer.outer.weight[:, weight.inner.argsort()[:28]] = 0
    del network.words.encoder.layers[1]
    network.words.fork = 2
    for one, other in zip(read_ids(network), read_ids(made), strict=True):
        assert other.numpy() == pytest.approx(one.numpy(), abs=1e-5)


def test_more_than_a_network_has_cannot_be_kept() -> None:
    """The message says what was asked for, and what there is."""
    from training.prune import cut

    network = small_network()
    for asked in ({"layers": [0, 2]}, {"heads": 3}, {"inner": 49}):
        options = {"layers": [0, 1], "heads": 2, "inner": 48} | asked
        with pytest.raises(ValueError, match="layers 0 to 1, heads 2, inner 48"):
            cut(network, same_weights(network), **options)  # type: ignore[arg-type]


def test_nothing_hangs_on_parts_that_lead_nowhere(lessons: list[Lesson]) -> None:
    """Of a layer each, the losses say which head and which units can go; all others have some weight, the same each time."""
    import torch

    from training.prune import layers_of, weigh

    network = small_network()
    with torch.no_grad():
        for layer in layers_of(network.words):
            layer.attention.output.weight[:, :12] = 0
            layer.outer.weight[:, 5:9] = 0
    chosen = [[taught_lesson(lesson, 10) for lesson in lessons[:2]]]
    found, again = (weigh(make_trainer(network.train()), chosen) for _ in range(2))
    assert len(found) == 3
    assert all(torch.equal(one.inner, other.inner) for one, other in zip(found, again, strict=True))
    for weight in found:
        assert (weight.heads > 0).tolist() == [False, True]
        assert [unit for unit, value in enumerate(weight.inner) if not value] == [5, 6, 7, 8]


def test_unknown_labels_are_no_target(lessons: list[Lesson]) -> None:
    """Documents of the small corpora know of attribution, of roles, of nothing and of names."""
    assert [set(lesson.words) for lesson in lessons] == [{"attribution"}, set(), set(), {"entity"}, {"entity"}]
    assert [bool((lesson.document.roles != UNKNOWN).any()) for lesson in lessons] == [False, True, False, False, False]
