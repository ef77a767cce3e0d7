"""What `import briefs` gives is exactly what it says, typed, documented, and loaded when used."""

from __future__ import annotations

import ast
import subprocess
import sys
from pathlib import Path

import pytest
from commands import ARTICLE

import briefs
from briefs import errors


def test_all_is_exact() -> None:
    assert briefs.__all__ == [
        "Actor",
        "Article",
        "Brief",
        "BriefsError",
        "BuildError",
        "Claim",
        "ConfigError",
        "Origin",
        "Passage",
        "RenderError",
        "SeedError",
        "Span",
        "TaggerError",
        "parse",
        "read",
        "read_all",
        "render",
    ]
    assert dir(briefs) == briefs.__all__


@pytest.mark.parametrize("name", briefs.__all__)
def test_every_name_is_there_and_documented(name: str) -> None:
    value = getattr(briefs, name)
    assert value.__name__ == name
    assert value.__doc__
    assert value.__module__.startswith("briefs.")


def test_type_checkers_see_the_same_names_from_the_same_modules() -> None:
    tree = ast.parse(Path(briefs.__file__).read_text(encoding="utf-8"))
    seen = {
        node.module: tuple(alias.name for alias in node.names)
        for statement in tree.body
        if isinstance(statement, ast.If)
        for node in statement.body
        if isinstance(node, ast.ImportFrom)
    }
    assert seen == briefs._HOMES
    assert sorted(name for names in seen.values() for name in names) == briefs.__all__
    assert Path(briefs.__file__).with_name("py.typed").is_file()


def test_a_name_that_is_not_there_is_an_attribute_error() -> None:
    with pytest.raises(AttributeError, match="module 'briefs' has no attribute 'summarize'"):
        briefs.summarize  # noqa: B018


def test_importing_briefs_loads_nothing_but_itself_and_the_standard_library() -> None:
    script = (
        "import sys; old = set(sys.modules); import briefs; print(*{n.split('.')[0] for n in set(sys.modules) - old})"
    )
    loaded = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True).stdout.split()
    assert set(loaded) <= {"briefs", *sys.stdlib_module_names}
    assert "briefs" in loaded


def test_every_error_is_a_briefs_error() -> None:
    raised = [value for value in vars(errors).values() if isinstance(value, type) and issubclass(value, Exception)]
    assert {error.__name__ for error in raised} == {name for name in briefs.__all__ if name.endswith("Error")}
    assert all(issubclass(error, briefs.BriefsError) for error in raised)


def test_parse_takes_a_text_or_an_article_that_was_read() -> None:
    assert briefs.parse(ARTICLE) == briefs.parse(briefs.read(ARTICLE)) == briefs.parse(briefs.read(ARTICLE.encode()))
    assert briefs.read(ARTICLE, path="dam.txt").origin.path == "dam.txt"


def test_a_text_that_is_no_article_is_a_seed_error() -> None:
    for text in ("", "Dam holds", "Dam holds\n\n\ud800 lone surrogate\n", "Dam\0\n\nholds"):
        with pytest.raises(briefs.SeedError):
            briefs.parse(text)


def test_offsets_count_code_points_of_the_text_that_was_given() -> None:
    text = "🏔 Dam holds\n\nThe 🏔 dam above Selmoor will hold, Mayor Ana Ruiz said on Monday.\n"
    brief = briefs.parse(text)
    assert text[brief.headline.span.start : brief.headline.span.end] == brief.headline.text
    assert [text[span.start : span.end] for actor in brief.actors for span in actor.mentions] == ["Ana Ruiz"]


def test_a_brief_survives_its_json_and_cannot_be_changed() -> None:
    brief = briefs.parse(ARTICLE)
    assert briefs.Brief.model_validate_json(briefs.render(brief, "json")) == brief
    with pytest.raises(ValueError, match="frozen"):
        brief.headline = brief.lede[0]  # type: ignore[misc]


def test_an_unknown_form_is_a_render_error() -> None:
    with pytest.raises(briefs.RenderError, match="expected one of md, html, summary, json"):
        briefs.render(briefs.parse(ARTICLE), "pdf")  # type: ignore[arg-type]
