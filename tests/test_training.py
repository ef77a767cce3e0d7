"""The evaluation runs over any folder laid out like the corpora, and says what it lacks."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from briefs.tagger import load_tagger
from training.evaluate import evaluate
from training.links import fit
from training.roles import count_habits

SCORER = """
def scores(gold, pred):
    assert set(gold) == set(pred)
    return {"f1": 0.5, "p": 0.5, "r": 0.5, "pred": list(pred.values())}

TASKS = {"attribution": scores, "discourse": scores, "ner": scores}
"""
TEXT = "Dam holds.\n\nThe dam in Selmoor will hold, Ana Ruiz said on Monday. Nobody left the town."


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
        "content": ["The dam in Selmoor will hold"],
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
