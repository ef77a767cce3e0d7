"""The commands that make a model, one after another: words, teachers, what they say, a smaller network, its sentences."""

from __future__ import annotations

import json
import pickle
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from small_networks import write_encoder

from briefs.tagger import LABELS, ROLES
from training.lessons import Said, Sequences
from training.material import load

pytestmark = pytest.mark.training

WORDS = ("--task", "attribution", "--task", "names")
CUT = ("--layers", "0,1", "--heads", "1", "--inner", "32")


class Commands:
    """The commands of training, run in this process over one material; what they make is in one folder."""

    def __init__(self, corpora: Path, material: Path, folder: Path, patch: pytest.MonkeyPatch) -> None:
        self.corpora, self.material, self.folder = corpora, material, folder
        self._patch = patch

    def train(self, into: str, *options: str | Path) -> int:
        """Train; return the exit code."""
        from training.train import main

        given = ("--corpora", self.corpora, "--material", self.material, "--into", self.folder / into, *options)
        self._patch.setattr("sys.argv", ["train", *map(str, given)])
        return main()

    def teach(self, into: str, *options: str | Path) -> list[Said]:
        """Let runs teach; return what they say."""
        from training.teach import main

        path = self.folder / into
        self._patch.setattr("sys.argv", ["teach", *map(str, ("--material", self.material, "--into", path, *options))])
        assert main() == 0
        said: list[Said] = pickle.loads(path.read_bytes())
        return said

    def log(self, run: str) -> list[dict[str, Any]]:
        """Return the lines of a run's log."""
        return [json.loads(line) for line in (self.folder / run / "log.jsonl").read_text(encoding="utf-8").splitlines()]

    def weights(self, run: str) -> dict[str, Any]:
        """Return the averaged weights of a run."""
        from training.train import load_average

        weights: dict[str, Any] = load_average(self.folder / run).state_dict()
        return weights


@pytest.fixture(scope="module")
def made(corpora: Path, material: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Commands]:
    """Return the commands, after a run that reads words, two teachers, what they say, and a smaller network."""
    folder = tmp_path_factory.mktemp("runs")
    write_encoder(folder / "bert")
    write_encoder(folder / "mpnet", relative=32)
    with pytest.MonkeyPatch.context() as patch:
        commands = Commands(corpora, material, folder, patch)
        short = ("--epochs", "1")
        assert commands.train("words", "--encoder", folder / "bert", *WORDS, *short) == 0
        assert commands.train("teacher-words", "--encoder", folder / "mpnet", *WORDS, *short, "--pieces", "6144") == 0
        assert commands.train("teacher-roles", "--encoder", folder / "mpnet", "--task", "roles", *short) == 0
        commands.teach("taught.pkl", "--run", folder / "teacher-words", "--run", folder / "teacher-roles")
        pupil = ("--words", folder / "words", "--taught", folder / "taught.pkl", "--articles", *CUT, "--epochs", "2")
        assert commands.train("pupil", *pupil) == 0
        yield commands


def sums(windows: tuple[Sequences, ...], words: list[int], labels: int) -> bool:
    """Return whether chances and pairs of windows with so many words are distributions."""
    return all(
        w.chances.shape == (n, labels)
        and np.allclose(w.chances.sum(1), 1, atol=2e-3)
        and np.isclose(w.pairs.sum(), n - 1, atol=1e-3)
        and (w.chances >= 0).all()
        for w, n in zip(windows, words, strict=True)
    )


def test_the_material_has_every_corpus_in_its_versions(material: Path) -> None:
    """Names in two draws; versions differ in their pieces or cases, and agree in their words."""
    prepared = load(material)
    assert [one.kind for one in prepared] == ["attribution", "roles", "summary", "names/0", "names/1"]
    assert [one.is_article for one in prepared] == [True, True, True, False, False]
    for one in prepared:
        assert 1 <= len(one.versions) <= 3
        assert len({tuple(len(window.entity) for window in version.windows) for version in one.versions}) == 1
    assert max(len(one.versions) for one in prepared) == 3


def test_an_epoch_has_one_draw_of_names_and_one_version_of_each_document(material: Path) -> None:
    """The other draw is for the next epoch; the same epoch has always the same."""
    from training.train import Material, Options

    options = Options(
        seed=1,
        epochs=2,
        tasks=("attribution", "names"),
        encoder_rate=0,
        head_rate=0,
        pieces=1,
        role_share=1,
        imitation=0,
        seconds=0,
    )
    prepared = load(material)
    told = Material(prepared, None, options.tasks)
    assert {kind: len(lessons) for kind, lessons in told.lessons.items()} == {
        "attribution": 1,
        "names/0": 1,
        "names/1": 1,
    }
    number = {id(version): (n, v) for n, one in enumerate(prepared) for v, version in enumerate(one.versions)}

    def drawn(epoch: int) -> list[tuple[int, int]]:
        return [number[id(lesson.document)] for batch in told.epoch(epoch, options) for lesson in batch]

    assert [sorted(n for n, _ in drawn(epoch)) for epoch in range(3)] == [[0, 3], [0, 4], [0, 3]]
    assert drawn(0) == drawn(0)
    assert len({version for epoch in range(20) for n, version in drawn(epoch) if n == 0}) > 1
    plain = Material(prepared, None, options.tasks, varied=False)
    assert {len(versions) for lessons in plain.lessons.values() for versions in lessons} == {1}


def test_all_articles_are_trained_on_when_they_are_asked_for(material: Path) -> None:
    """Whatever the task; the corpus of names only if it is asked for."""
    from training.train import Material

    prepared = load(material)
    said = [Said({}, None, None)] * len(prepared)
    assert set(Material(prepared, said, ("roles",)).lessons) == {"roles"}
    assert set(Material(prepared, said, ("roles",), articles=True).lessons) == {"attribution", "roles", "summary"}


def test_teachers_say_what_they_were_trained_on(made: Commands) -> None:
    """Of each document distributions: over labels of words and of pairs of words, and over roles but for the headline's."""
    from training.train import tasks_of

    assert tasks_of(made.folder / "teacher-words") == ("attribution", "names")
    prepared = load(made.material)
    apart = [
        made.teach("apart.pkl", "--run", made.folder / run, *options)
        for run, options in (("teacher-words", ()), ("teacher-roles", ()))
    ]
    both = pickle.loads((made.folder / "taught.pkl").read_bytes())
    assert len(both) == len(prepared)
    for one, words, roles, said in zip(prepared, *apart, both, strict=True):
        document = one.versions[0]
        assert (set(words.words), words.roles, words.speech) == (set(LABELS), None, None)
        assert roles.words == {}
        lengths = [len(window.entity) for window in document.windows]
        for head, labels in LABELS.items():
            assert sums(said.words[head], lengths, labels)
            assert np.array_equal(said.words[head][0].chances, words.words[head][0].chances)
        titled = one.is_article
        assert said.roles.shape == (len(document.positions), len(ROLES))
        assert said.roles.sum(1) == pytest.approx([0] * titled + [1] * (len(document.positions) - titled), abs=1e-3)
        assert said.speech.sum(1) == pytest.approx(said.roles.sum(1), abs=1e-3)
        assert np.array_equal(said.roles, roles.roles)


def test_documents_are_read_in_groups_and_said_in_their_order(made: Commands, monkeypatch: pytest.MonkeyPatch) -> None:
    """One at a time or all at once: the same is said of each, to the rounding of bfloat16."""
    monkeypatch.setattr("training.teach.PIECES", 1)
    alone = made.teach("alone.pkl", "--run", made.folder / "teacher-words")
    for one, other in zip(alone, pickle.loads((made.folder / "taught.pkl").read_bytes()), strict=True):
        for head in LABELS:
            for window, beside in zip(one.words[head], other.words[head], strict=True):
                assert window.chances.astype(float) == pytest.approx(beside.chances.astype(float), abs=0.02)


def test_two_that_know_the_same_say_its_mean() -> None:
    """Each of what it knows, so that a network that reads words takes nothing from one that reads sentences."""
    from training.teach import mean_of

    def said(chance: float, *, roles: bool) -> Said:
        target = Sequences(np.array([[chance, 1 - chance, 0]]), np.full((3, 3), chance))
        spoken = np.array([[chance, 1 - chance]])
        return Said({"entity": (target,)}, spoken if roles else None, spoken if roles else None)

    mean = mean_of([said(0.25, roles=True), said(0.75, roles=False)])
    assert set(mean.words) == {"entity"}
    assert mean.words["entity"][0].chances.tolist() == [[0.5, 0.5, 0]]
    assert mean.words["entity"][0].pairs.tolist() == [[0.5] * 3] * 3
    assert mean.roles is not None
    assert mean.roles.tolist() == [[0.25, 0.75]]


def test_names_in_articles_are_taught_alone(made: Commands) -> None:
    """Nothing else of articles, and nothing of the corpus of names; what is said is what the run says anyway."""
    run = ("--run", made.folder / "words")
    whole, names = made.teach("whole.pkl", *run), made.teach("names.pkl", *run, "--articles")
    for one, said, known in zip(load(made.material), names, whole, strict=True):
        assert (said.roles, said.speech) == (None, None)
        assert set(said.words) == ({"entity"} if one.is_article else set())
        for window, other in zip(said.words.get("entity", ()), known.words["entity"], strict=False):
            assert window.chances.astype(float) == pytest.approx(other.chances.astype(float), abs=0.02)
    roles = made.teach("none.pkl", "--run", made.folder / "teacher-roles", "--articles")
    assert all(said == Said({}, None, None) for said in roles)


def test_a_pupil_is_cut_and_learns_from_all(made: Commands) -> None:
    """It has the parts asked for, and a layer for sentences; it imitates in the first half and has all losses."""
    import torch

    kept = torch.load(made.folder / "pupil/last.pt", weights_only=True)
    assert [kept["shape"][name] for name in ("layers", "heads", "head", "inner")] == [2, 1, 12, 32]
    assert (kept["own"], kept["fork"], kept["epoch"]) == (1, 2, 2)
    first, second = made.log("pupil")
    assert set(second["loss"]) == {"attribution", "entity", "roles", "speech", "taught", "voice"}
    assert set(first["loss"]) == {*second["loss"], "imitation"}
    assert {"source", "roles", "expectation", "names"} <= set(second["dev"])


@pytest.mark.parametrize("of", ["encoder", "words", "frozen"])
def test_a_stopped_run_goes_on_to_the_same_weights(made: Commands, monkeypatch: pytest.MonkeyPatch, of: str) -> None:
    """Three epochs at once, and three with a stop between them, give one result; the log has a line an epoch."""
    import torch

    from training.train import Run

    given: tuple[str | Path, ...] = ("--encoder", made.folder / "bert", "--epochs", "3")
    if of == "words":
        given = (
            "--words",
            made.folder / "words",
            "--taught",
            made.folder / "taught.pkl",
            "--articles",
            *CUT,
            "--epochs",
            "3",
        )
    if of == "frozen":
        given = (
            "--frozen",
            made.folder / "pupil",
            "--taught",
            made.folder / "taught.pkl",
            "--articles",
            "--task",
            "roles",
            "--epochs",
            "3",
        )
    save = Run.save

    def save_and_stop(run: Run) -> None:
        save(run)
        if run.done == 2:
            raise KeyboardInterrupt

    assert made.train(f"{of}-whole", *given) == 0
    monkeypatch.setattr(Run, "save", save_and_stop)
    with pytest.raises(KeyboardInterrupt):
        made.train(f"{of}-halves", *given)
    half = made.weights(f"{of}-halves")
    monkeypatch.setattr(Run, "save", save)
    assert made.train(f"{of}-halves", *given) == 0
    whole, halves = made.weights(f"{of}-whole"), made.weights(f"{of}-halves")
    assert all(torch.equal(whole[name], halves[name]) for name in whole)
    assert not all(torch.equal(whole[name], half[name]) for name in whole)
    lines = made.log(f"{of}-whole")
    assert [line["epoch"] for line in lines] == [1, 2, 3]
    assert made.log(f"{of}-halves")[-1]["loss"] == lines[-1]["loss"]


def test_a_pupil_of_a_pupil_learns_from_several_files(made: Commands) -> None:
    """Cut once more, with as many layers for sentences; without imitation there is no such loss."""
    import torch

    folder = made.folder
    made.teach("from-words.pkl", "--run", folder / "words", "--articles")
    made.teach("from-roles.pkl", "--run", folder / "teacher-roles")
    made.teach("from-itself.pkl", "--run", folder / "pupil")
    taught = [x for name in ("words", "roles", "itself") for x in ("--taught", folder / f"from-{name}.pkl")]
    smaller = ("--layers", "0,1", "--heads", "1", "--inner", "24", "--imitation", "0", "--role-share", "0.5")
    assert made.train("small", "--words", folder / "pupil", *smaller, *taught, "--articles", "--epochs", "1") == 0
    kept = torch.load(folder / "small/last.pt", weights_only=True)
    assert (kept["shape"]["inner"], kept["own"]) == (24, 1)
    assert set(made.log("small")[0]["loss"]) == {"attribution", "entity", "roles", "speech", "taught", "voice"}


def test_only_what_reads_sentences_learns_on_a_frozen_network(made: Commands) -> None:
    """All else is the same, to the last bit: the encoder, and what reads words."""
    import torch

    taught = ("--taught", made.folder / "taught.pkl", "--articles")
    given = ("--frozen", made.folder / "pupil", "--task", "roles", *taught)
    assert made.train("frozen", *given, "--epochs", "2") == 0
    before, after = made.weights("pupil"), made.weights("frozen")
    changed = {name for name in before if not torch.equal(before[name], after[name])}
    parts = ("words.own.", "words.sentence.", "sentences.")
    assert all(name.startswith(parts) for name in changed)
    assert all(any(name.startswith(part) for name in changed) for part in parts)
    assert [set(line["loss"]) for line in made.log("frozen")] == [{"roles", "speech", "taught", "voice"}] * 2
    assert set(made.log("frozen")[0]["dev"]) == {"roles", "expectation", "speech"}


def test_batches_that_are_put_together_ahead_are_the_same(made: Commands) -> None:
    """By two processes: the weights are those of a run that puts them together itself."""
    import torch

    given = ("--words", made.folder / "words", "--taught", made.folder / "taught.pkl", "--articles", *CUT)
    for run, ahead in (("between", "0"), ("ahead", "2")):
        assert made.train(run, *given, "--epochs", "2", "--score-every", "0", "--ahead", ahead) == 0
    between, ahead = made.weights("between"), made.weights("ahead")
    assert all(torch.equal(between[name], ahead[name]) for name in between)
    assert made.log("between")[-1]["loss"] == made.log("ahead")[-1]["loss"]


def test_a_run_ends_when_its_time_is_up(made: Commands) -> None:
    """However many epochs are left; what it has learned is kept, and no dev scores were asked for."""
    given = ("--frozen", made.folder / "pupil", "--task", "roles", "--epochs", "100000")
    assert made.train("timed", *given, "--seconds", "0.5", "--score-every", "0") == 0
    lines = made.log("timed")
    assert [line["epoch"] for line in lines] == list(range(1, 1 + len(lines)))
    assert 1 <= len(lines) < 100_000
    assert all(line["dev"] == {} for line in lines)


def test_a_run_says_what_does_not_fit(made: Commands, capfd: pytest.CaptureFixture[str]) -> None:
    """In a line, with exit code 2, before anything is written."""
    folder = made.folder
    (folder / "short.pkl").write_bytes(pickle.dumps([Said({}, None, None)]))
    cases = [
        (("--words", folder / "words"), "expected --taught"),
        (("--words", folder / "words", "--taught", folder / "short.pkl"), "short.pkl: 1 documents; expected 5"),
        (("--words", folder / "words", "--taught", folder / "taught.pkl"), "layers [0, 2, 5]"),
        (("--frozen", folder / "words"), "has no layers at the markers"),
        (("--frozen", folder / "nothing"), "nothing/last.pt"),
    ]
    capfd.readouterr()
    for options, message in cases:
        assert made.train("refused", *options) == 2
        out, err = capfd.readouterr()
        assert (out, err.count("\n")) == ("", 1)
        assert message in err
    assert not (folder / "refused").exists()
