"""The evaluation runs over any folder laid out like the corpora; what is trained towards is said by annotators and teachers."""

from __future__ import annotations

import itertools
import json
import pickle
import random
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from briefs.network import read_vocabulary
from briefs.tagger import LABELS, load_tagger
from briefs.wordpiece import WordPiece
from training.evaluate import evaluate
from training.examples import Document, Piecewise, attribution_source, make_document
from training.lessons import Lesson, Said, Sequences, batches, gold_sequences, load_said, make_lesson
from training.links import fit
from training.roles import count_habits

SCORER = """
def scores(gold, pred):
    assert set(gold) == set(pred)
    return {"f1": 0.5, "p": 0.5, "r": 0.5, "pred": list(pred.values())}

TASKS = {"attribution": scores, "discourse": scores, "ner": scores}
"""
TEXT = "Dam holds.\n\n“The dam in Selmoor will hold,” Ana Ruiz said on Monday. Nobody left the town."


@pytest.fixture(scope="module")
def corpora(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a row for each task, in our own words, and a scorer that shows what it was given."""
    folder = tmp_path_factory.mktemp("corpora")
    rows = {
        "attribution": {"id": "a", "title": "Dam holds", "text": TEXT, "attributions": []},
        "discourse": {
            "id": "d",
            "headline": "Dam holds",
            "sentences": [
                {"text": "The dam in Selmoor held on Monday.", "paragraph": 0, "label": "Main", "speech": False},
                {"text": "It was built in 1961.", "paragraph": 1, "label": "Distant_Historical", "speech": False},
            ],
        },
        "ner": {"id": "n", "tokens": ["Ana", "Ruiz", "lives", "in", "Paris", "."], "tags": []},
    }
    for task, row in rows.items():
        (folder / f"{task}.test.jsonl").write_text(json.dumps(row) + "\n", encoding="utf-8")
    (folder / "score.py").write_text(SCORER, encoding="utf-8")
    return folder


def test_each_task_is_predicted_in_the_shape_of_its_rows(corpora: Path) -> None:
    """Attributions have three lists of spans, sentences a label and a flag, tokens a tag each."""
    report = evaluate(corpora, split="test", tagger=load_tagger())
    (attribution,) = report["attribution"]["pred"][0]["attributions"]
    assert {k: [TEXT[a:b] for a, b in v] for k, v in attribution.items()} == {
        "source": ["Ana Ruiz"],
        "cue": ["said"],
        "content": ["“The dam in Selmoor will hold,”"],
    }
    sentences = report["discourse"]["pred"][0]["sentences"]
    assert [set(s) for s in sentences] == [{"label", "speech"}] * 2
    assert report["ner"]["pred"][0]["tags"] == ["B-PER", "I-PER", "O", "O", "B-LOC", "O"]


def test_each_publisher_is_scored_by_itself(tmp_path: Path) -> None:
    """A group has the scores of its own rows, under its name and the number of rows."""
    rows = [{"id": str(n), "source": source, "tokens": ["Ana", "Ruiz"], "tags": []} for n, source in enumerate("aab")]
    (tmp_path / "ner.dev.jsonl").write_text("\n".join(map(json.dumps, rows)), encoding="utf-8")
    (tmp_path / "score.py").write_text(
        SCORER.replace("set(gold) == set(pred)", "set(gold) <= set(pred)"), encoding="utf-8"
    )
    assert list(evaluate(tmp_path, split="dev", tagger=load_tagger(), grouped=True)) == [
        "ner",
        "ner, a (2)",
        "ner, b (1)",
    ]


def test_the_command_prints_one_json_object_or_one_table(corpora: Path) -> None:
    """The same figures for programs and for people; a missing split is named, with exit code 2."""
    command = [sys.executable, "-m", "training.evaluate", "--corpora", str(corpora), "--split", "test"]
    found = subprocess.run([*command, "--task", "ner", "--json"], capture_output=True, text=True, check=True)
    assert set(json.loads(found.stdout)) == {"ner"}
    missing = subprocess.run([*command[:-1], "dev"], capture_output=True, text=True, check=False)
    assert (missing.returncode, missing.stdout) == (2, "")
    assert "no rows of split 'dev'" in missing.stderr


def test_weights_tell_what_belongs_together() -> None:
    """A feature that marks the positive pairs gets a positive weight, one that marks nothing none."""
    examples = [({"near": float(i % 2), "noise": 0.0}, bool(i % 2)) for i in range(40)]
    weights = fit(examples)
    assert weights["near"] > 0
    assert "noise" not in weights


def test_habits_are_log_probabilities_of_what_follows() -> None:
    """The role that follows another in the rows is likelier after it than any other."""
    row = {
        "id": "x",
        "headline": "",
        "sentences": [
            {"text": "", "paragraph": 0, "label": "Main", "speech": False},
            {"text": "", "paragraph": 0, "label": "Distant_Historical", "speech": False},
        ],
    }
    same_paragraph, new_paragraph = count_habits([row])  # type: ignore[list-item]
    assert same_paragraph[0].index(max(same_paragraph[0])) == 4
    assert new_paragraph[-1].index(max(new_paragraph[-1])) == 0


def sequences(labels: list[int], kinds: int = 3) -> Sequences:
    """Return known labels of a window's words as a target."""
    made = gold_sequences(np.array(labels), kinds)
    assert made is not None
    return made


def test_a_target_is_half_what_annotators_and_half_what_teachers_say() -> None:
    """Where both have spoken; where one has, it is all that one's; what nobody knows is no target."""
    row = {
        "id": "a",
        "title": "",
        "text": TEXT,
        "attributions": [{"cue": [[TEXT.index("said"), TEXT.index("said") + 4]]}],
    }
    document = make_document(attribution_source(row), WordPiece({p: n for n, p in enumerate(read_vocabulary())}))  # type: ignore[arg-type]
    (window,) = document.windows
    words = len(window.attribution)
    taught = {
        head: (Sequences(np.full((words, labels), 1 / labels), np.full((labels, labels), (words - 1) / labels**2)),)
        for head, labels in LABELS.items()
    }
    roles, speech = np.ones((len(document.positions), 9)), np.ones((len(document.positions), 2))
    alone, both = make_lesson(document, None), make_lesson(document, Said(taught, roles, speech))
    assert (set(alone.words), alone.roles, alone.speech) == ({"attribution"}, None, None)
    assert both.words["entity"] is taught["entity"]
    assert (both.roles is roles, both.speech is speech) == (True, True)
    gold, mixed = alone.words["attribution"][0], both.words["attribution"][0]
    assert gold.chances.sum() == words
    assert gold.pairs.sum() == words - 1
    assert mixed.chances == pytest.approx((gold.chances + 1 / 7) / 2, abs=1e-3)
    assert mixed.pairs == pytest.approx((gold.pairs + (words - 1) / 49) / 2)


def test_of_what_two_files_know_the_first_counts(tmp_path: Path) -> None:
    """By head, and for roles and speech together; a file of other documents is refused by its name."""
    one, two = sequences([1, 2, 0]), sequences([0, 0, 0])
    ones, twos = np.ones((2, 9)), np.full((2, 9), 2.0)
    files = {
        "names": [Said({"entity": (one,)}, None, None), Said({}, None, None)],
        "roles": [Said({}, ones, ones), Said({}, ones, ones)],
        "all": [Said({"entity": (two,), "attribution": (two,)}, twos, twos)] * 2,
    }
    for name, said in files.items():
        (tmp_path / name).write_bytes(pickle.dumps(said))
    first, second = load_said([tmp_path / name for name in files], 2)
    for said, entity in ((first, one), (second, two)):
        assert said.words["entity"][0].chances.tolist() == entity.chances.tolist()
        assert said.words["attribution"][0].chances.tolist() == two.chances.tolist()
        assert said.roles is not None
        assert said.speech is not None
        assert (said.roles == 1).all()
        assert (said.speech == 1).all()
    turned, _ = load_said([tmp_path / name for name in reversed(files)], 2)
    assert turned.words["entity"][0].chances.tolist() == two.chances.tolist()
    with pytest.raises(ValueError, match="roles: 2 documents; expected 3"):
        load_said([tmp_path / "roles"], 3)


def piecewise(length: int) -> Piecewise:
    """Return a window of so many pieces."""
    return Piecewise(*(np.zeros(length, np.int64),) * 7)


def test_batches_hold_all_documents_of_like_length_together() -> None:
    """No batch takes more than it may, but for a document that is longer by itself."""
    rng = random.Random(4)
    lessons = [
        Lesson(Document((piecewise(length),) * windows, *(np.zeros(1, np.int64),) * 3), {}, None, None)
        for length, windows in ((rng.randint(3, 300), rng.randint(1, 4)) for _ in range(200))
    ]
    made = batches(lessons, pieces=1000, rng=rng)
    assert sorted(id(lesson) for batch in made for lesson in batch) == sorted(map(id, lessons))
    for batch in made:
        longest = max(lesson.document.longest for lesson in batch)
        assert len(batch) == 1 or (longest - 24) * sum(len(lesson.document.windows) for lesson in batch) <= 1000
    shortest = [min(lesson.document.longest for lesson in batch) for batch in made]
    assert shortest != sorted(shortest)
    for batch, others in itertools.pairwise(sorted(made, key=lambda b: sum(x.document.longest for x in b) / len(b))):
        assert max(x.document.longest for x in batch) - min(x.document.longest for x in others) <= 24
    assert sum(len(batch) > 1 for batch in made) > 20
