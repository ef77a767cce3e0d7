"""The anatomy of an article: every case of `tests/cases/anatomy.md`, and what holds for any text."""

from __future__ import annotations

import re
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from briefs.errors import SeedError
from briefs.readers.text import read_text
from briefs.schema import Article
from briefs.stages.furniture import WEIGHTS, judge, score
from briefs.stages.phrases import PHRASES

CASES = Path(__file__).parent / "cases" / "anatomy.md"
_CASE = re.compile(r"^# ([^\n]+)\n\n~~~\n(.*?)^~~~\n\n~~~\n(.*?)\n~~~$", re.MULTILINE | re.DOTALL)
_FIELDS = ("publisher", "byline", "dateline", "published", "updated", "section")


def read_cases() -> list[tuple[str, str, str]]:
    return [(match[1], match[2], match[3]) for match in _CASE.finditer(CASES.read_text(encoding="utf-8"))]


def show(article: Article) -> str:
    """Return the parts of an article, a line each, in the order of the text, then the fields of its origin."""
    parts = [(article.headline, "headline"), *((span, "story") for span in article.paragraphs)]
    parts += [(article.dek, "dek")] if article.dek else []
    parts += [(part.span, part.kind) for part in article.furniture]
    lines = [f"{name}: {span.of(article.text)}" for span, name in sorted(parts, key=lambda part: part[0].start)]
    fields = [(name, getattr(article.origin, name)) for name in _FIELDS]
    lines += [f"@{name}: {value}" for name, value in fields if value]
    lines += ["@tags: " + " | ".join(article.origin.tags)] if article.origin.tags else []
    return "\n".join(lines)


def test_no_case_is_lost_by_the_form_of_the_file() -> None:
    headings = re.findall(r"^# ", CASES.read_text(encoding="utf-8"), re.MULTILINE)
    assert len(read_cases()) == len(headings) >= 55


@pytest.mark.parametrize(
    ("text", "parts"), [pytest.param(text, parts, id=title) for title, text, parts in read_cases()]
)
def test_each_part_is_what_the_case_says(text: str, parts: str) -> None:
    assert show(read_text(text.encode(), path="case.txt")) == parts


@pytest.mark.parametrize(
    ("text", "parts"), [pytest.param(text, parts, id=title) for title, text, parts in read_cases()]
)
@pytest.mark.parametrize("form", ["bom", "crlf", "cr", "indent", "trailing"])
def test_the_form_of_the_file_changes_no_part(text: str, parts: str, form: str) -> None:
    forms = {
        "bom": lambda: "\ufeff" + text,
        "crlf": lambda: text.replace("\n", "\r\n"),
        "cr": lambda: text.replace("\n", "\r"),
        "indent": lambda: "\n".join("  " + line if line else line for line in text.split("\n")),
        "trailing": lambda: "\n\n \n" + text.replace("\n", " \t\n") + "\n\n",
    }
    found = show(read_text(forms[form]().encode(), path="case.txt"))
    assert re.sub(r"[ \t]+", " ", found) == re.sub(r"[ \t]+", " ", parts)


@pytest.mark.parametrize(
    ("text", "parts"), [pytest.param(text, parts, id=title) for title, text, parts in read_cases()]
)
def test_invisible_code_points_and_hard_spaces_change_no_part(text: str, parts: str) -> None:
    hidden = "\u200b" + text.replace(" ", "\xa0", 1)
    found = show(read_text(hidden.encode(), path="case.txt"))
    assert found.replace("\u200b", "").replace("\xa0", " ") == parts


@pytest.mark.parametrize("kind", list(WEIGHTS))
def test_a_line_without_features_is_story(kind: str) -> None:
    assert score(kind, frozenset()) < 0
    assert judge(frozenset()) is None


def test_every_kind_with_phrases_weighs_them() -> None:
    for kind, forms in PHRASES.items():
        assert {f"{kind}:{form}" for form in forms} <= set(WEIGHTS[kind])


_LINES = st.sampled_from(
    [
        "By Ann Lee",
        "March 3, 2026",
        "GENEVA (AP) — Talks resumed.",
        "Advertisement",
        "Source: X",
        "(Reuters)",
        "The dam cracked on Monday, the town said. (AP)",
        "A short line",
        "“Quote",
        "",
        "    indented words of a line",
        "© 2026 The Post",
    ]
)


@settings(deadline=None)
@given(st.lists(st.one_of(_LINES, st.text(max_size=60)), max_size=20))
def test_parts_never_overlap_and_stay_within_the_text(lines: list[str]) -> None:
    source = "\n".join(lines).encode("utf-8", "ignore")
    try:
        article = read_text(source, path="any.txt", language="any")
    except SeedError:
        return
    spans = [article.headline, *article.paragraphs, *(part.span for part in article.furniture)]
    spans += [article.dek] if article.dek else []
    spans.sort(key=lambda span: span.start)
    assert all(span.of(article.text).strip() == span.of(article.text) != "" for span in spans)
    assert all(before.end <= after.start for before, after in pairwise(spans))
