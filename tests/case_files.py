"""Case files: Markdown in which each `##` section is a case, its title first, its parts parted by a line of `---`."""

from __future__ import annotations

import re
from pathlib import Path
from typing import NamedTuple

import pytest

CASES = Path(__file__).parent / "cases"


class Case(NamedTuple):
    """A case as its file has it; `expected` is empty where the file gives one part only."""

    title: str
    given: str
    expected: str


def read_cases(name: str) -> list[Case]:
    """Return the cases of `tests/cases/NAME.md`."""
    sections = re.split(r"^## ", (CASES / f"{name}.md").read_text(encoding="utf-8"), flags=re.MULTILINE)[1:]
    cases = []
    for section in sections:
        title, _, body = section.partition("\n")
        given, _, expected = body.partition("\n---\n" if "\n---\n" in body else "\n---")
        cases.append(Case(title.strip(), given.strip("\n"), expected.strip("\n")))
    return cases


def parametrize(name: str) -> pytest.MarkDecorator:
    """Run a test once for each case of a file, under its title."""
    cases = read_cases(name)
    return pytest.mark.parametrize("case", cases, ids=[case.title for case in cases])
