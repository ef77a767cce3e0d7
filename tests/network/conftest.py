"""What the tests of training share: corpora of our own, and what is made of them."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from small_networks import small_network

if TYPE_CHECKING:
    from training.model import Network

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


@pytest.fixture(scope="session")
def corpora(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a folder with a row for each task, for training and for dev, and one of which nothing is known."""
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
        "summary": {"id": "s", "title": "Rain ends", "text": "It rained in Selmoor. “It ends,” Ana Ruiz said."},
    }
    for task, row in rows.items():
        for split in ("train", "dev"):
            (folder / f"{task}.{split}.jsonl").write_text(json.dumps(row) + "\n", encoding="utf-8")
    (folder / "score.py").write_text(SCORER, encoding="utf-8")
    return folder


@pytest.fixture(scope="module")
def network() -> Network:
    """Return a small network with a layer of its own for sentences."""
    return small_network()


@pytest.fixture(scope="session")
def material(corpora: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the file that `training.material` makes of the corpora."""
    path = tmp_path_factory.mktemp("material") / "material.pkl"
    command = [sys.executable, "-m", "training.material", "--corpora", str(corpora), "--into", str(path)]
    subprocess.run(command, check=True)
    return path
