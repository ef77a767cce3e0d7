"""Measure what ships against annotated news.

    python -m training.evaluate --corpora FOLDER [--split dev] [--task ner] [--by-group] [--json]

FOLDER holds `score.py` and, for each task, `TASK.SPLIT.jsonl`; a task without its file is left out. The predictions are
those of the installed package: its tagger and its attribution stage. The figures are those of the folder's own `score.py`.
"""

from __future__ import annotations

import argparse
import importlib.util
import json
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from itertools import islice
from pathlib import Path
from types import ModuleType
from typing import Any, Protocol

from briefs.schema import Article, DiscourseRole, Kind, Tags
from briefs.stages.attribution import find_attributions
from briefs.stages.discourse import find_roles
from briefs.tagger import load_tagger
from training.corpora import (
    AttributionRow,
    DiscourseRow,
    NerRow,
    attribution_article,
    discourse_article,
    ner_article,
    read_rows,
)

Row = dict[str, Any]


class Tagging(Protocol):
    """What makes tags of an article: a tagger, or what stands in for one."""

    def tag(self, article: Article) -> Tags:
        """Return the tags of an article."""


LABELS: dict[DiscourseRole, str] = {
    "main": "Main",
    "main_consequence": "Main_Consequence",
    "previous_event": "Cause_Specific",
    "current_context": "Cause_General",
    "historical": "Distant_Historical",
    "anecdotal": "Distant_Anecdotal",
    "evaluation": "Distant_Evaluation",
    "expectation": "Distant_Expectations_Consequences",
    "not_article": "NA",
}
NER_LABELS: dict[Kind, str] = {"person": "PER", "organization": "ORG", "place": "LOC", "other": "MISC"}
GROUPS = {"attribution": "publisher", "discourse": "domain", "ner": "source"}
COLUMNS = ("p", "r", "f1")


def predict_attribution(row: AttributionRow, tagger: Tagging) -> Row:
    """Return the row's id and the attributions found in its text."""
    article = attribution_article(row)
    found = find_attributions(article, tagger.tag(article))
    return {
        "id": row["id"],
        "attributions": [
            {name: [[s.start, s.end] for s in getattr(a, name)] for name in ("source", "cue", "content")} for a in found
        ],
    }


def predict_discourse(row: DiscourseRow, tagger: Tagging) -> Row:
    """Return the row's id and a label and a speech flag for each of its sentences."""
    article = discourse_article(row)
    tags = tagger.tag(article)
    roles = find_roles(article, tags)
    return {
        "id": row["id"],
        "sentences": [
            {"label": LABELS[role], "speech": tag.speech > 0.5} for role, tag in zip(roles, tags.sentences, strict=True)
        ],
    }


def predict_ner(row: NerRow, tagger: Tagging) -> Row:
    """Return the row's id and BIO tags for its tokens."""
    article, tokens = ner_article(row)
    tags = ["O"] * len(tokens)
    for mention in tagger.tag(article).mentions:
        touched = [i for i, token in enumerate(tokens) if token.overlaps(mention.span)]
        for place, i in enumerate(touched):
            tags[i] = ("I-" if place else "B-") + NER_LABELS[mention.kind]
    return {"id": row["id"], "tags": tags}


TASKS: dict[str, Callable[[Any, Tagging], Row]] = {
    "attribution": predict_attribution,
    "discourse": predict_discourse,
    "ner": predict_ner,
}


def load_scorer(folder: Path) -> ModuleType:
    """Return the folder's `score.py` as a module."""
    spec = importlib.util.spec_from_file_location("corpora_score", folder / "score.py")
    if spec is None or spec.loader is None or not (folder / "score.py").is_file():
        raise FileNotFoundError(f"{folder / 'score.py'}: not found; expected the scorers of the corpora")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def evaluate(
    folder: Path,
    *,
    split: str,
    tagger: Tagging,
    tasks: Sequence[str] = tuple(TASKS),
    every: Mapping[str, int] | None = None,
    grouped: bool = False,
) -> dict[str, Any]:
    """Return the scores of each task that has rows of `split` in `folder`, as `score.py` counts them.

    `every` says for a task that only each so manieth row is read. `grouped` adds the scores of each publisher, domain or set
    by itself, under its name.
    """
    scorer = load_scorer(folder)
    report = {}
    for task in tasks:
        path = folder / f"{task}.{split}.jsonl"
        if not path.is_file():
            continue
        rows = {row["id"]: row for row in islice(read_rows(path), 0, None, (every or {}).get(task, 1))}
        predicted = {key: TASKS[task](row, tagger) for key, row in rows.items()}
        report[task] = scorer.TASKS[task](rows, predicted)
        groups = sorted({str(row.get(GROUPS[task])) for row in rows.values()}) if grouped else []
        for group in groups:
            chosen = {key: row for key, row in rows.items() if str(row.get(GROUPS[task])) == group}
            report[f"{task}, {group} ({len(chosen)})"] = scorer.TASKS[task](chosen, predicted)
    if not report:
        raise FileNotFoundError(
            f"{folder}: no rows of split {split!r}; expected TASK.{split}.jsonl for {', '.join(tasks)}"
        )
    return report


def summary_of(report: Mapping[str, Any]) -> dict[str, float]:
    """Return the few figures by which a run is followed, to three places."""
    figures: dict[str, float] = {}
    if "attribution" in report:
        scores = report["attribution"]
        names = ("source_exact", "cue_exact", "content_exact", "linked")
        figures |= {name.replace("_exact", ""): scores[name]["f1"] for name in names}
    if "discourse" in report:
        fine = report["discourse"]["fine"]
        figures |= {"roles": fine["macro_f1"], "expectation": fine[LABELS["expectation"]]["f1"]}
        figures |= {"speech": report["discourse"]["speech"]["f1"]}
    if "ner" in report:
        figures["names"] = report["ner"]["micro_without_MISC"]["f1"]
    return {name: round(figure, 3) for name, figure in figures.items()}


def table(scores: dict[str, Any], indent: str = "") -> Iterator[str]:
    r"""Yield the lines of a table: a name, then precision, recall and F1, or a single figure.

    >>> print(*table({"ner": {"micro": {"p": 1.0, "r": 0.5, "f1": 0.667, "gold": 2, "pred": 1}, "macro": 0.25}}), sep="\n")
    ner
      micro                              1.000  0.500  0.667
      macro                                             0.250
    """
    for name, value in scores.items():
        title = f"{indent}{name}"
        if not isinstance(value, dict):
            yield f"{title:36}{'':14} {value:6.3f}"
        elif "f1" in value:
            yield f"{title:36} " + "  ".join(f"{value[c]:.3f}" for c in COLUMNS)
        else:
            yield title
            yield from table(value, indent + "  ")


def main() -> int:
    """Print the figures as one table, or as one JSON object with a key for each task."""
    parser = argparse.ArgumentParser(description="Measure what ships against annotated news.")
    parser.add_argument("--corpora", type=Path, required=True, help="folder with score.py and TASK.SPLIT.jsonl")
    parser.add_argument("--split", default="dev", help="which rows to read (default: dev)")
    parser.add_argument("--task", choices=TASKS, action="append", help="only this task; may be repeated")
    parser.add_argument("--by-group", action="store_true", help="also each publisher, domain or set by itself")
    parser.add_argument("--json", action="store_true", help="print one JSON object")
    options = parser.parse_args()
    try:
        report = evaluate(
            options.corpora,
            split=options.split,
            tagger=load_tagger(),
            tasks=options.task or tuple(TASKS),
            grouped=options.by_group,
        )
    except FileNotFoundError as error:
        print(error, file=sys.stderr)
        return 2
    if options.json:
        print(json.dumps(report, indent=2))
    else:
        print(f"{'':36} {'p':>5}  {'r':>5}  {'f1':>5}", *table(report), sep="\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
