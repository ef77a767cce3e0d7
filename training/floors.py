"""Find the chances from which a span is worth marking: `briefs.tagger.FLOORS`.

    python -m training.floors --corpora FOLDER [--split dev] [--every 5]

Reads the split once and prints, for each choice of floors, what `training.evaluate` would say with it.
"""

from __future__ import annotations

import argparse
import itertools
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path

import numpy as np

from briefs.network import Floats
from briefs.schema import Article, Tags
from briefs.tagger import FLOORS, KINDS, Reading, Tagger, load_tagger, make_tags
from training.evaluate import evaluate, summary_of

SOURCES, CUES, CONTENTS = (0.1, 0.15, 0.2, 0.25), (0.15, 0.2, 0.25), (0.2, 0.25, 0.3)
NAMES = (0.2, 0.25, 0.3, 0.35, 0.4, 0.45, 0.5)


class Swept:
    """A tagger that reads each article once and makes tags of it under the floors of the moment."""

    def __init__(self, tagger: Tagger) -> None:
        self._tagger = tagger
        self._readings: dict[str, Reading] = {}
        self.floors: Mapping[str, Floats] = FLOORS

    def tag(self, article: Article) -> Tags:
        """Return the tags of an article."""
        if article.text not in self._readings:
            self._readings[article.text] = self._tagger.read(article)
        return make_tags(article, self._readings[article.text], self.floors)


def choices() -> Iterator[tuple[str, Mapping[str, Floats]]]:
    """Yield a task and floors to try for it."""
    for floors in itertools.product(SOURCES, CUES, CONTENTS):
        yield "attribution", {**FLOORS, "attribution": np.array(floors)}
    for floor in NAMES:
        yield "ner", {**FLOORS, "entity": np.full(len(KINDS), floor)}


def main() -> int:
    """Print a line for each choice."""
    parser = argparse.ArgumentParser(description="Find the chances from which a span is worth marking.")
    parser.add_argument("--corpora", type=Path, required=True, help="folder with score.py and TASK.SPLIT.jsonl")
    parser.add_argument("--split", default="dev", help="which rows to read (default: dev)")
    parser.add_argument("--every", type=int, default=5, help="read each so manieth row of names (default: 5)")
    options = parser.parse_args()
    swept = Swept(load_tagger())
    for task, swept.floors in choices():
        scores = summary_of(
            evaluate(options.corpora, split=options.split, tasks=[task], tagger=swept, every={"ner": options.every})
        )
        head = "attribution" if task == "attribution" else "entity"
        print(
            *(f"{floor:.2f}" for floor in swept.floors[head]), *(f"{k} {v:.3f}" for k, v in scores.items()), flush=True
        )
    return 0


if __name__ == "__main__":
    sys.exit(main())
