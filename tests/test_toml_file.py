"""Any TOML file is read with the lines of its keys, and any other file is an error with a place."""

from __future__ import annotations

import json
import pickle
import tomllib
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from briefs import BriefsError, ConfigError
from briefs.cli import app
from briefs.cli.toml_file import TomlFile, read_toml


def basic(text: str) -> str:
    """Return a text as a string of TOML, or a key, in double quotes."""
    return json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007f")


def over_lines(text: str) -> str:
    """Return a text as a string over several lines, with line feeds and most quotes as they are."""
    inner = basic(text)[1:-1].replace("\\n", "\n").replace('\\"', '"').replace('""', '"\\"')
    return f'"""{inner}"""'


def fault(act: Callable[[], object]) -> ConfigError | None:
    try:
        act()
    except ConfigError as error:
        return error
    return None


TEXT = st.text(st.characters(exclude_categories=["Cs"]), max_size=12)
MARKS = st.text("a[]{}'\"#=\\\n", max_size=8)
ODD = [
    "'[\"#'",
    "'''[\n{''''",
    "2026-02-16",
    "[ # ']\n[1, '#'],\n]",
    "{a = '}', b.c = [']']}",
    "-1_0.5e3",
    "0xff",
    "[]",
]
VALUES = st.one_of(TEXT.map(basic), MARKS.map(over_lines), st.sampled_from(ODD), st.integers().map(str))
AFTER = st.sampled_from(["", "  # [ '", '\n\n # """', "\r"])
KEYS = ["title", "map", "max-bytes", "search", "seeds", "threads"]


@given(st.lists(st.tuples(TEXT, st.none() | VALUES, AFTER), unique_by=lambda statement: statement[0], max_size=8))
def test_the_line_of_a_key_is_that_on_which_it_stands(statements: list[tuple[str, str | None, str]]) -> None:
    text, table, places = "", (), {}
    for key, value, after in statements:
        table = (key,) if value is None else table
        keys = table if value is None else (*table, "a.b", key)
        places[keys] = text.count("\n") + 1
        text += (f"[{basic(key)}]" if value is None else f"  'a.b'. {basic(key)} = {value}") + f"{after}\n"
    text = text.replace("\r\n", "\n")
    file = TomlFile(Path("a.toml"), text, tomllib.loads(text))
    assert {keys: file.line(*keys) for keys in places} == places
    with pytest.raises(KeyError):
        file.line("a.b", "none", "such")


def test_the_line_of_a_table_is_that_of_its_first_part() -> None:
    text = "[[a]]\nb = 1\n[[a]]\n[a.c]\nd = 1\n[e.f]\ng.h = 1\ng.i = 2\n"
    file = TomlFile(Path("a.toml"), text, tomllib.loads(text))
    places = {("a",): 1, ("e",): 6, ("e", "f"): 6, ("e", "f", "g"): 7, ("e", "f", "g", "i"): 8}
    assert {keys: file.line(*keys) for keys in places} == places


@given(st.dictionaries(st.sampled_from(KEYS) | TEXT, VALUES, max_size=3))
def test_any_settings_are_in_force_or_an_error_with_a_line(
    tmp_path_factory: pytest.TempPathFactory, settings: dict[str, str]
) -> None:
    path = tmp_path_factory.mktemp("settings") / "a.toml"
    path.write_text("".join(f"{basic(key)} = {value}\n" for key, value in settings.items()), encoding="utf-8")
    error = fault(lambda: app(["config", "--config", str(path)], standalone_mode=False))
    if error is not None:
        assert str(error).startswith(f"{path}:{error.line}: ")
        assert 1 <= error.line <= path.read_text(encoding="utf-8").count("\n")


@given(st.binary(max_size=40))
def test_any_bytes_are_toml_or_an_error_with_a_place(tmp_path_factory: pytest.TempPathFactory, content: bytes) -> None:
    path = tmp_path_factory.mktemp("bytes") / "a.toml"
    path.write_bytes(content)
    error = fault(lambda: read_toml(path))
    assert error is None or 1 <= error.line <= content.count(b"\n") + 1


def test_an_error_survives_a_pickle() -> None:
    error = ConfigError("briefs.toml", 3, "no TOML: Invalid value", 9)
    again = pickle.loads(pickle.dumps(error))
    assert isinstance(again, BriefsError)
    assert (str(again), vars(again)) == ("briefs.toml:3:9: no TOML: Invalid value", vars(error))
