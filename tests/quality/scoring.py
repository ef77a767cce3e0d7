"""Figures of a brief against its gold: what `floors.json` pins.

Sentences and claims are compared as sets of code points of the article's text, so that a comma more or less does not count
against a match; names are compared without articles, titles and possessives.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from briefs.schema import Article, Brief, Claim, Span

CLAIM_OVERLAP = 0.3
SENTENCE_OVERLAP = 0.5
_NAME_LEFT = re.compile(r"^(?:the|a|an|mr\.?|mrs\.?|ms\.?|dr\.?|sir)\s+")


@dataclass
class Tally:
    """Hits, and how many were found and wanted."""

    hits: int = 0
    found: int = 0
    wanted: int = 0

    def add(self, hits: int, found: int, wanted: int) -> None:
        self.hits, self.found, self.wanted = self.hits + hits, self.found + found, self.wanted + wanted

    @property
    def f1(self) -> float:
        return 2 * self.hits / (self.found + self.wanted) if self.found + self.wanted else 1.0

    @property
    def precision(self) -> float:
        return self.hits / self.found if self.found else 1.0

    @property
    def recall(self) -> float:
        return self.hits / self.wanted if self.wanted else 1.0


@dataclass
class Report:
    """All tallies over the articles scored, and a line for each thing that is wrong."""

    tallies: dict[str, Tally] = field(default_factory=dict)
    faults: list[str] = field(default_factory=list)

    def tally(self, name: str) -> Tally:
        return self.tallies.setdefault(name, Tally())

    def figures(self) -> dict[str, float]:
        figures = {}
        for name, tally in self.tallies.items():
            figures[name] = round(tally.f1, 4)
            figures[f"{name} precision"] = round(tally.precision, 4)
            figures[f"{name} recall"] = round(tally.recall, 4)
        return figures


def name_key(name: str) -> str:
    bare = re.sub(r"(?:'s|’s|'|’)$", "", " ".join(name.split())).lower()
    return " ".join(re.findall(r"\w+", _NAME_LEFT.sub("", bare)))


def place(text: str, quoted: str) -> Span:
    """Return where a gold string stands in the article, white space aside."""
    pattern = r"\s+".join(re.escape(word) for word in quoted.split())
    match = re.search(pattern, text)
    if match is None:
        raise ValueError(f"gold text is not in the article: {quoted!r}")
    return Span(start=match.start(), end=match.end())


def points(spans: list[Span]) -> set[int]:
    return {i for s in spans for i in range(s.start, s.end)}


def pairs(gold: list[set[int]], found: list[set[int]], least: float) -> list[tuple[int, int]]:
    """Return one-to-one pairs whose Jaccard overlap is at least `least`, best first."""
    scored = sorted(
        ((len(g & f) / len(g | f), i, j) for i, g in enumerate(gold) for j, f in enumerate(found) if g & f),
        key=lambda s: (-s[0], s[1], s[2]),
    )
    used: list[tuple[int, int]] = []
    for overlap, i, j in scored:
        if overlap >= least and all(i != a and j != b for a, b in used):
            used.append((i, j))
    return used


def score(report: Report, name: str, article: Article, brief: Brief, gold: dict[str, Any]) -> None:
    """Add the figures of one brief to `report`."""
    _score_fields(report, name, article, brief, gold)
    _score_actors(report, name, brief, gold)
    _score_claims(report, name, article, brief, gold)
    for part in ("lede", "context", "outlook"):
        wanted = [points([place(article.text, s)]) for s in gold[part]]
        passages = getattr(brief, part)
        found = [points([p.span]) for p in passages]
        matched = pairs(wanted, found, SENTENCE_OVERLAP)
        report.tally(part).add(len(matched), len(found), len(wanted))
        hit, used = {i for i, _ in matched}, {j for _, j in matched}
        report.faults += [f"{name}: {part} misses: {s}" for i, s in enumerate(gold[part]) if i not in hit]
        report.faults += [f"{name}: {part} has: [{p.role}] {p.text}" for j, p in enumerate(passages) if j not in used]


def _score_fields(report: Report, name: str, article: Article, brief: Brief, gold: dict[str, Any]) -> None:
    origin = brief.origin
    found = {
        "headline": brief.headline.text,
        "dek": brief.dek.text if brief.dek else None,
        "byline": origin.byline,
        "dateline": origin.dateline,
        "published": origin.published,
        "updated": origin.updated,
        "section": origin.section,
        "publisher": origin.publisher,
        "tags": list(origin.tags),
    }
    for key, value in found.items():
        wanted = gold[key]
        right = value == wanted
        report.tally("fields").add(int(right), 1, 1)
        if not right:
            report.faults.append(f"{name}: {key} is {value!r}, gold {wanted!r}")
    leaked = leaks(article, brief, gold["furniture"])
    report.tally("furniture").add(len(gold["furniture"]) - len(leaked), len(gold["furniture"]), len(gold["furniture"]))
    report.faults += [f"{name}: furniture leaks: {f}" for f in leaked]


def leaks(article: Article, brief: Brief, furniture: list[str]) -> list[str]:
    """Return the gold furniture of which any part came out in the brief."""
    spans = [p.span for part in (brief.lede, brief.context, brief.outlook, brief.summary) for p in part]
    spans += [s for c in brief.claims for s in c.spans] + [m for a in brief.actors for m in a.mentions]
    found = points(spans)
    return [f for f in furniture if found & points([place(article.text, f)])]


def _score_actors(report: Report, name: str, brief: Brief, gold: dict[str, Any]) -> None:
    wanted = [{name_key(n) for n in (a["name"], *a["aliases"])} for a in gold["actors"]]
    found = [{name_key(n) for n in (a.name, *a.aliases)} for a in brief.actors]
    matched: dict[int, int] = {}
    for i, names in enumerate(wanted):
        best = max(
            (j for j in range(len(found)) if j not in matched.values() and names & found[j]),
            key=lambda j: (
                name_key(brief.actors[j].name) == name_key(gold["actors"][i]["name"]),
                len(names & found[j]),
                -j,
            ),
            default=None,
        )
        if best is not None:
            matched[i] = best
    report.tally("actors").add(len(matched), len(found), len(wanted))
    for i, g in enumerate(gold["actors"]):
        if g["kind"] == "person":
            report.tally("people").add(int(i in matched), 1, 1)
        if i not in matched:
            report.faults.append(f"{name}: actor missed: {g['name']} ({g['kind']})")
            continue
        actor = brief.actors[matched[i]]
        for key, right in {
            "actor name": name_key(actor.name) == name_key(g["name"]),
            "kind": actor.kind == g["kind"],
            "salience": actor.salience == g["salience"],
            "affiliation": name_key(actor.affiliation or "") == name_key(g["affiliation"] or ""),
        }.items():
            report.tally(key).add(int(right), 1, 1)
            if not right:
                report.faults.append(
                    f"{name}: {key} of {g['name']}: {actor.name}, {actor.kind}, {actor.salience},"
                    f" {actor.affiliation!r}; gold {g}"
                )
        roles, theirs = {name_key(r) for r in g["roles"]}, {name_key(r) for r in actor.roles}
        report.tally("roles").add(len(roles & theirs), len(theirs), len(roles))
        if roles != theirs:
            report.faults.append(f"{name}: roles of {g['name']}: {actor.roles}; gold {g['roles']}")
    report.faults += [
        f"{name}: no actor: {a.name} ({a.kind}, {a.salience})"
        for j, a in enumerate(brief.actors)
        if j not in matched.values()
    ]


def _score_claims(report: Report, name: str, article: Article, brief: Brief, gold: dict[str, Any]) -> None:
    wanted = [points([place(article.text, c) for c in g["content"]]) for g in gold["claims"]]
    found = [points(list(c.spans)) for c in brief.claims]
    matched = dict(pairs(wanted, found, CLAIM_OVERLAP))
    report.tally("claims").add(len(matched), len(found), len(wanted))
    for i, g in enumerate(gold["claims"]):
        if i not in matched:
            report.faults.append(f"{name}: claim missed: {g['source']} / {g['cue']} / {' … '.join(g['content'])}")
            continue
        claim = brief.claims[matched[i]]
        speaker, right = name_key(claim.speaker or ""), name_key(g["speaker"] or "")
        names = next(
            ({name_key(n) for n in (a["name"], *a["aliases"])} for a in gold["actors"] if a["name"] == g["speaker"]),
            {right},
        )
        same = speaker in names
        report.tally("speaker").add(int(same), 1, 1)
        report.tally("named rightly").add(int(same or not speaker), 1, 1)
        report.tally("certainty").add(int(claim.certainty == g["certainty"]), 1, 1)
        report.tally("form").add(int(claim.form == g["form"]), 1, 1)
        report.faults += _claim_faults(name, claim, g, same=same)
    report.faults += [f"{name}: no claim: {_said(c)}" for j, c in enumerate(brief.claims) if j not in matched.values()]


def _said(claim: Claim) -> str:
    return f"{claim.source.text if claim.source else None} / {claim.cue.text if claim.cue else None} / {claim.text}"


def _claim_faults(name: str, claim: Claim, gold: dict[str, Any], *, same: bool) -> list[str]:
    faults = []
    if not same:
        faults.append(f"{name}: speaker {claim.speaker!r}, gold {gold['speaker']!r}: {_said(claim)}")
    faults += [
        f"{name}: {key} {getattr(claim, key)}, gold {gold[key]}: {_said(claim)}"
        for key in ("certainty", "form")
        if getattr(claim, key) != gold[key]
    ]
    return faults


def read_gold(folder: Path) -> dict[str, dict[str, Any]]:
    """Return the gold briefs of a folder by the stem of their article."""
    return {path.stem: json.loads(path.read_text(encoding="utf-8")) for path in sorted(folder.glob("*.json"))}
