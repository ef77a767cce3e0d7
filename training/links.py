"""Fit the weights of `briefs.stages.links` to the training split of the attribution corpus, and print them.

    python -m training.links --corpora FOLDER

Each gold cue is paired with the gold sources and contents near it; a pair that belongs to one attribution is positive.
Logistic regression by Newton's method with an L2 penalty: the same weights on every run.
"""

from __future__ import annotations

import argparse
import pprint
from collections.abc import Iterable, Iterator
from pathlib import Path

import numpy as np

from briefs.schema import Span
from briefs.stages.links import Surroundings, read_features
from training.corpora import AttributionRow, attribution_article, read_rows

PENALTY = 1.0
STEPS = 25

Example = tuple[dict[str, float], bool]


def read_pairs(row: AttributionRow) -> Iterator[tuple[str, Example]]:
    """Yield ("content" or "source", (features, whether they belong together)) for the pairs of one article."""
    article = attribution_article(row)
    spans = {
        name: sorted({pair for attribution in row["attributions"] for pair in map(tuple, attribution.get(name, []))})
        for name in ("cue", "source", "content")
    }
    around = Surroundings(
        article.text,
        sentences=[article.headline, *(s.span for s in article.sentences)],
        paragraphs=[article.headline, *article.paragraphs],
        cues=[Span(start=a, end=b) for a, b in spans["cue"]],
        sources=[Span(start=a, end=b) for a, b in spans["source"]],
        contents=[Span(start=a, end=b) for a, b in spans["content"]],
    )
    for attribution in row["attributions"]:
        cues = [Span(start=a, end=b) for a, b in attribution.get("cue", [])]
        sources = [Span(start=a, end=b) for a, b in attribution.get("source", [])]
        for start, end in attribution.get("content", []):
            content = Span(start=start, end=end)
            for cue in around.near("cues", start):
                if not content.overlaps(cue):
                    yield "content", (read_features(around, cue, content), cue in cues)
        for cue in cues[:1]:
            for source in around.near("sources", cue.start):
                if not source.overlaps(cue):
                    yield "source", (read_features(around, cue, source), source in sources)


def fit(examples: Iterable[Example]) -> dict[str, float]:
    """Return the weights, to two places, of a logistic regression over the examples."""
    rows = list(examples)
    names = list(dict.fromkeys(name for features, _ in rows for name in features))
    x = np.array([[features.get(name, 0.0) for name in names] for features, _ in rows])
    y = np.array([float(positive) for _, positive in rows])
    weights = np.zeros(len(names))
    for _ in range(STEPS):
        chance = 1 / (1 + np.exp(-x @ weights))
        gradient = x.T @ (y - chance) - PENALTY * weights
        hessian = (x * (chance * (1 - chance))[:, None]).T @ x + PENALTY * np.eye(len(names))
        weights += np.linalg.solve(hessian, gradient)
    return {name: round(float(w), 2) for name, w in zip(names, weights, strict=True) if abs(w) >= 0.005}


def main() -> None:
    """Print the two tables of weights."""
    parser = argparse.ArgumentParser(description="Fit the weights that link sources and contents to cues.")
    parser.add_argument("--corpora", type=Path, required=True, help="folder with attribution.train.jsonl")
    folder: Path = parser.parse_args().corpora
    pairs: dict[str, list[Example]] = {"content": [], "source": []}
    for row in read_rows(folder / "attribution.train.jsonl"):
        for name, example in read_pairs(row):
            pairs[name].append(example)
    for name, examples in pairs.items():
        print(f"{name.upper()}_WEIGHTS =", pprint.pformat(fit(examples), sort_dicts=False, width=100))


if __name__ == "__main__":
    main()
