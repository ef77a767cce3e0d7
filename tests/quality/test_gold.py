"""The briefs of the seeds against gold briefs written by hand, and the floors that only rise."""

from __future__ import annotations

import json
import re
from functools import cache
from pathlib import Path
from typing import Any, get_args

import pytest
from parsed_seeds import STEMS, parsed_seed

from briefs.schema import Certainty, Form, Kind, Salience
from quality.scoring import Report, place, read_gold, score

HERE = Path(__file__).parent
GOLD = read_gold(HERE / "gold")
FLOORS: dict[str, float] = json.loads((HERE / "floors.json").read_text(encoding="utf-8"))


@cache
def report() -> Report:
    """Return the figures over all seeds."""
    total = Report()
    for stem in STEMS:
        article, brief = parsed_seed(stem)
        score(total, stem, article, brief, GOLD[stem])
    return total


def quoted(gold: dict[str, Any]) -> list[str]:
    """Return every string of a gold brief that quotes its article."""
    found = [gold["headline"], *gold["furniture"], *gold["lede"], *gold["context"], *gold["outlook"]]
    found += [s for s in (gold["dek"], gold["byline"], gold["dateline"], gold["publisher"]) if s and " and " not in s]
    for actor in gold["actors"]:
        found += [actor["name"], *actor["aliases"], *actor["roles"]]
    for claim in gold["claims"]:
        found += [*claim["content"], *(s for s in (claim["source"], claim["cue"]) if s)]
    return found


def test_every_seed_has_its_gold() -> None:
    """Each article in seeds/ has one gold brief, and no gold brief is without its article."""
    assert set(STEMS) == set(GOLD)


@pytest.mark.parametrize("stem", STEMS)
def test_gold_quotes_its_article(stem: str) -> None:
    """Every quoted string of a gold brief stands in the article; `place` says which does not."""
    article, _ = parsed_seed(stem)
    for string in quoted(GOLD[stem]):
        place(article.text, string)


@pytest.mark.parametrize("stem", STEMS)
def test_gold_keeps_its_own_rules(stem: str) -> None:
    """Speakers are actors, labels are those of the schema, and no sentence stands in two parts."""
    gold = GOLD[stem]
    names = {a["name"] for a in gold["actors"]}
    assert {c["speaker"] for c in gold["claims"]} - {None} <= names
    assert {c["certainty"] for c in gold["claims"]} <= set(get_args(Certainty))
    assert {c["form"] for c in gold["claims"]} <= set(get_args(Form))
    assert {a["kind"] for a in gold["actors"]} <= set(get_args(Kind))
    assert {a["salience"] for a in gold["actors"]} <= set(get_args(Salience))
    parts = [*gold["lede"], *gold["context"], *gold["outlook"]]
    assert len(parts) == len(set(parts))


@pytest.mark.parametrize("figure", FLOORS)
def test_no_figure_falls_below_its_floor(figure: str) -> None:
    """Each figure is at least what it was when its floor was set; the faults say what is wrong where."""
    got = report().figures()[figure]
    assert got >= FLOORS[figure], "\n".join(report().faults)


def test_floors_are_as_high_as_the_figures_allow() -> None:
    """A floor lags its figure by no more than two points: a gain that is not pinned can be lost unseen."""
    got = report().figures()
    assert {f: got[f] for f, floor in FLOORS.items() if got[f] > floor + 0.02} == {}


def test_nothing_false_is_said_with_confidence() -> None:
    """At most one matched claim in twenty names the wrong speaker, no furniture leaks, and every person is found."""
    got = report().figures()
    assert got["named rightly"] >= 0.95
    assert got["furniture"] == got["fields"] == got["people recall"] == 1.0


def test_the_docs_state_the_floors() -> None:
    """The figures in docs/quality.md are those that the tests hold, each once and in two places."""
    text = (HERE.parents[1] / "docs/quality.md").read_text(encoding="utf-8")
    stated = [float(x) for x in re.findall(r"\| ([01]\.\d\d) \|$", text, re.MULTILINE)]
    silent = {"actor name", "kind"}  # always right
    assert sorted(stated) == sorted(floor for name, floor in FLOORS.items() if name not in silent)
