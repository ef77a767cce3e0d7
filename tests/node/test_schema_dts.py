"""The JSON-LD of the pages has the types that schema.org gives its terms; schema-dts, which has them all, says so."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping
from pathlib import Path

import made_briefs
import pytest
from parsed_seeds import STEMS, parsed_seed
from whole import assemble, render_files

from briefs.listing import Site
from briefs.rendering import render
from briefs.schema import Brief

from .conftest import MODULES, Run

MADE = {
    name: make()
    for name, make in {
        "tiny": made_briefs.tiny,
        "typical": made_briefs.typical,
        "large": made_briefs.large,
        "hostile": made_briefs.hostile,
        "right-to-left": made_briefs.right_to_left,
    }.items()
}
SOURCE = """\
import type {{ NewsArticle, WithContext }} from "schema-dts";
export const page: WithContext<NewsArticle> = {};
"""
Check = Callable[[Mapping[str, str]], dict[str, str]]


@pytest.fixture
def check(node: Run, tmp_path: Path) -> Check:
    """Return a function that takes JSON-LD by name, and returns by name what TypeScript has against it."""

    def run(pages: Mapping[str, str]) -> dict[str, str]:
        (tmp_path / "node_modules").symlink_to(MODULES)
        for name, data in pages.items():
            (tmp_path / f"{name}.ts").write_text(SOURCE.format(data), encoding="utf-8")
        options = ("--strict", "--noEmit", "--pretty", "false")
        ended = node(MODULES / "typescript/bin/tsc", *options, *(f"{name}.ts" for name in pages), cwd=tmp_path)
        found = dict(re.findall(r"^(.+)\.ts\(\d+,\d+\): (error .+)$", ended.out, re.MULTILINE))
        assert (ended.err, bool(ended.code)) == ("", bool(found)), ended
        return found

    return run


def linked_data_of(html: str) -> str:
    """Return the JSON-LD of a page, as it stands there."""
    [found] = re.findall(r'<script type="application/ld\+json">(.*?)</script>', html, re.DOTALL)
    return found


def with_claim(page: dict[str, object], **changes: object) -> dict[str, object]:
    """Return JSON-LD with a claim that was changed."""
    claim = {"@type": "Claim", "text": "the dam will hold", "author": {"@type": "Person", "name": "Ana Ruiz"}}
    return page | {"hasPart": [claim | changes]}


def test_the_linked_data_of_every_page_has_the_types_of_schema_org(check: Check) -> None:
    briefs: dict[str, Brief] = MADE | {stem: parsed_seed(stem)[1] for stem in STEMS}
    site, across = assemble(briefs.items(), Site("Briefs", "https://briefs.example/"))
    pages = {
        entry.slug: linked_data_of(dict(render_files(entry, site, across))[f"{entry.slug}/index.html"])
        for entry in site.entries
    }
    alone = {f"{name}-alone": linked_data_of(render(brief, "html")) for name, brief in MADE.items()}
    assert check(pages | alone) == {}


def test_types_that_schema_org_does_not_have_are_refused(check: Check) -> None:
    page = json.loads(linked_data_of(render(MADE["typical"], "html")))
    wrong = {
        "unknown-property": page | {"headlines": page["headline"]},
        "unknown-type": page | {"@type": "NewsBrief"},
        "number-for-text": page | {"headline": 7},
        "unknown-source-type": page | {"digitalSourceType": "https://schema.org/HandmadeDigitalSource"},
        "unknown-property-of-the-article": page | {"isBasedOn": page["isBasedOn"] | {"writer": "Ida Crewe"}},
        "unknown-property-of-a-claim": with_claim(page, certainty="hedged"),
        "property-of-quotations": with_claim(page, spokenByCharacter={"@type": "Person", "name": "Ana Ruiz"}),
        "place-that-speaks": with_claim(page, author={"@type": "Place", "name": "Selmoor"}),
    }
    right = {"as-it-is": page, "claim": with_claim(page)}
    found = check({name: json.dumps(data) for name, data in (wrong | right).items()})
    assert found.keys() == wrong.keys()
