"""Settings in a file are the options of a build, come in below the command line, and every fault has its line."""

from __future__ import annotations

import json
import os
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from commands import ARTICLE, ROOT, Outcome, run
from whole import build_site

from briefs import parse
from briefs.cli.building import ONCE
from briefs.cli.settings import find_settings
from briefs.cli.toml_file import MOST_BYTES
from briefs.cores import count_cores
from briefs.seeds import Options, find_seeds

Call = Callable[..., Outcome]
Write = Callable[..., None]
GUIDE = (ROOT / "docs/configuration.md").read_text(encoding="utf-8")
# For each key, a value in a file, the same as an argument, and another one as an argument.
VALUES: dict[str, tuple[str, tuple[str, ...], tuple[str, ...]]] = {
    "seeds": ('"articles"', ("articles",), ("others",)),
    "out": ('"site"', (".", "site"), (".", "public")),
    "templates": ('"mine"', ("--templates", "mine"), ("--templates", ".")),
    "target": ('"hugo"', ("--target", "hugo"), ("--target", "jekyll")),
    "title": ('"Morning"', ("--title", "Morning"), ("--title", "Evening")),
    "base-url": ('"https://a.example"', ("--base-url", "https://a.example/"), ("--base-url", "https://b.example/")),
    "language": ('"any"', ("--language", "any"), ("--language", "en")),
    "max-bytes": ("1_000", ("--max-bytes", "1000"), ("--max-bytes", "999")),
    "map": ('{headline = "kop"}', ("--map", "headline=kop"), ("--map", "text=tekst")),
    "threads": ("3", ("--threads", "3"), ("--threads", "5")),
    "jobs": ("61", ("--jobs", "61"), ("--jobs", "62")),
    "evidence": ('"full"', ("--evidence", "full"), ("--evidence", "link")),
    "cache": ('"kept"', ("--cache", "kept"), ("--cache", "lost")),
    "no-cache": ("true", ("--no-cache",), ("--use-cache",)),
    "force": ("true", ("--force",), ("--no-force",)),
    "search": ("true", ("--search",), ("--no-search",)),
    "strict": ("true", ("--strict",), ("--no-strict",)),
    "quiet": ("true", ("-q",), ("--no-quiet",)),
    "verbose": ("true", ("-v",), ("--no-verbose",)),
    "output-format": ('"json"', ("--output-format", "json"), ("--output-format", "github")),
}


@pytest.fixture(autouse=True)
def _with_defaults(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("BRIEFS_NO_CACHE")


@pytest.fixture
def write(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Write:
    """Return a function that puts settings into the current folder, which is one of the test's own."""
    monkeypatch.chdir(tmp_path)
    Path("mine").mkdir()

    def put(text: str | bytes, name: str = "briefs.toml") -> None:
        Path(name).parent.mkdir(parents=True, exist_ok=True)
        Path(name).write_bytes(text.encode() if isinstance(text, str) else text)

    return put


def in_force(call: Call, *arguments: object) -> dict[str, dict[str, Any]]:
    ended = call("config", "--format", "json", *arguments)
    assert (ended.code, ended.err) == (0, "")
    return json.loads(ended.out)


def test_every_argument_and_option_of_a_build_is_a_key_and_explained(call: Call) -> None:
    listed = call("build", "--help").out.partition("\nArguments:")[2]
    options = set(re.findall(r"(?:^  |, )--([a-z-]+)", listed, re.MULTILINE)) - {"config", "help", *ONCE}
    keys = {"seeds", "out", *options}
    assert set(in_force(call)) - {"date"} == set(VALUES) == keys
    assert set(re.findall(r"^\| `([a-z-]+)` \|", GUIDE, re.MULTILINE)) == keys


@pytest.mark.parametrize("key", VALUES)
def test_the_command_line_wins_over_the_file_and_the_file_over_the_default(key: str, call: Call, write: Write) -> None:
    text, same, other = VALUES[key]
    default = in_force(call)[key]
    assert default["source"] == "default"
    write(f"\n{key} = {text}\n")
    told = in_force(call)[key]
    assert told["source"] == "briefs.toml:2"
    asked = in_force(call, *same)[key]
    assert asked == {"value": told["value"], "source": "command line"}
    won = in_force(call, *other)[key]
    assert won["source"] == "command line"
    assert len({repr(each["value"]) for each in (default, told, won)}) == 3 - (won["value"] == default["value"])


@pytest.fixture
def articles(write: Write) -> None:
    """Put articles into the current folder: in English, in French, and with names of their own."""
    write(ARTICLE, "articles/dam.txt")
    write((ROOT / "tests/cases/errors/french.txt").read_bytes(), "articles/french.txt")
    record = {"kop": "Dam holds", "tekst": ARTICLE.split("\n\n", 1)[1]}
    write(json.dumps(record), "articles/wire.json")
    write("{{ page.headline }}", "mine/summary.txt.j2")


SETTINGS = """\
seeds = "articles"
out = "site"
templates = "mine"
title = "Morning"
base-url = "https://a.example/"
language = "any"
threads = 1
quiet = true
[map]
headline = "kop"
text = "tekst"
"""
OPTIONS = [
    *("articles", "asked", "--templates", "mine", "--title", "Morning", "--base-url", "https://a.example/"),
    *("--language", "any", "--threads", 1, "--quiet", "--map", "headline=kop", "--map", "text=tekst"),
]


def files(folder: str) -> dict[str, bytes]:
    return {str(path.relative_to(folder)): path.read_bytes() for path in Path(folder).rglob("*") if path.is_file()}


@pytest.mark.usefixtures("articles")
@pytest.mark.parametrize(
    ("name", "text", "options"),
    [
        ("briefs.toml", SETTINGS, ()),
        ("pyproject.toml", f"[tool.briefs]\n{SETTINGS.replace('[map]', '[tool.briefs.map]')}", ()),
        ("any.toml", SETTINGS, ("--config", "any.toml")),
    ],
)
def test_a_build_from_settings_is_that_from_options(
    name: str, text: str, options: tuple[str, ...], call: Call, write: Write
) -> None:
    assert call("build", *OPTIONS).code == 0
    write(text, name)
    assert call("build", *options) == (0, "", "")
    assert files("site") == files("asked")


@pytest.mark.usefixtures("articles")
def test_show_check_and_inspect_take_what_they_have_options_for(call: Call, write: Write) -> None:
    write(SETTINGS.replace('"articles"', '"none"') + "id = 'x'\n")
    assert call("show", "articles/wire.json", "-f", "summary").out == "Dam holds\n"
    assert call("check", "articles/wire.json", "articles/french.txt") == (0, "", "")
    assert call("inspect", "articles/french.txt").code == 0
    write("max-bytes = 9")
    for command in ("show", "check", "inspect"):
        assert call(command, "articles/dam.txt").err.endswith("expected at most 9\n")
        assert call(command, "articles/dam.txt", "--max-bytes", 999).code == 0


def test_paths_are_relative_to_the_file_that_has_them(call: Call, write: Write) -> None:
    write('seeds = "a"\nout = "/b"\ntemplates = "../mine"', "sub/settings.toml")
    said = in_force(call, "--config", "sub/settings.toml")
    assert [said[key]["value"] for key in ("seeds", "out", "templates")] == ["sub/a", "/b", "sub/../mine"]
    assert said["seeds"]["source"] == "sub/settings.toml:1"


def test_a_file_that_is_named_is_read_in_place_of_those_of_the_folder(call: Call, write: Write) -> None:
    write('title = "Here"')
    write('[tool.briefs]\ntitle = "There"', "sub/pyproject.toml")
    assert in_force(call, "--config", "sub/pyproject.toml")["title"]["value"] == "There"
    assert in_force(call, "--config", "/dev/null")["title"]["source"] == "default"
    write("[tool]\nbriefs = 3", "sub/pyproject.toml")
    ended = call("config", "--config", "sub/pyproject.toml")
    assert ended.err == "error: sub/pyproject.toml:2: 'tool.briefs' is the integer 3; expected a table\n"
    write("[project]", "sub/pyproject.toml")
    ended = call("config", "--config", "sub/pyproject.toml")
    assert ended == (2, "", "error: sub/pyproject.toml:1: no settings; expected a table [tool.briefs]\n")


def test_folders_above_are_not_looked_at(call: Call, write: Write, monkeypatch: pytest.MonkeyPatch) -> None:
    write('title = "Above"')
    monkeypatch.chdir("mine")
    assert in_force(call)["title"]["source"] == "default"


def test_settings_in_both_files_are_an_error_that_names_both(call: Call, write: Write) -> None:
    write('# ours\ntitle = "Here"')
    write('[project]\nname = "a"\n\n[tool.briefs]\ntitle = "There"', "pyproject.toml")
    message = "briefs.toml:2: settings here and in pyproject.toml:4, [tool.briefs]; expected one of the two"
    assert call("config") == (2, "", f"error: {message}\n")
    write("# nothing\n")
    assert in_force(call)["title"]["source"] == "pyproject.toml:5"
    write('title = "Here"')
    write("[tool.briefs]", "pyproject.toml")
    assert in_force(call)["title"]["source"] == "briefs.toml:1"


@pytest.mark.parametrize(
    "text", ["", "[tool.ruff]", "tool = 1", "[tool]\nbriefs-like = 1", "[project]\nname = 'briefs'"]
)
def test_a_project_without_the_table_has_no_settings(text: str, write: Write) -> None:
    write(text, "pyproject.toml")
    assert find_settings() is None


def test_a_project_that_is_not_of_briefs_may_be_broken_but_one_that_may_be_is_not(call: Call, write: Write) -> None:
    write("[project", "pyproject.toml")
    assert call("config").code == 0
    write("[tool.briefs", "pyproject.toml")
    assert call("config").err.startswith("error: pyproject.toml:1:13: no TOML: ")


BAD = {
    "unknown": ("\n\ntitel = 'x'", "3: unknown key 'titel'; did you mean 'title'?"),
    "with an underscore": ("max_bytes = 1", "1: unknown key 'max_bytes'; did you mean 'max-bytes'?"),
    "like none": ("# a\nzzz = 1", "2: unknown key 'zzz'; expected one of seeds, out, templates, target, title, "),
    "unknown table": ("title = 'x'\n[build]\na = 1", "2: unknown key 'build'; expected one of "),
    "unknown field": (
        "[map]\ntext = 'a'\n'headlin' = 'kop'",
        "3: unknown key 'map.headlin'; did you mean 'map.headline'?",
    ),
    "field with a sign": ("map.'headline=a' = 'b'", "1: unknown key 'map.headline=a'; did you mean 'map.headline'?"),
    "field without a name": ("map.text = ''", "1: map: 'text=' is not FIELD=NAME with one of the fields "),
    "string for integer": ("max-bytes = '10'", "1: 'max-bytes' is the string '10'; expected an integer"),
    "float for integer": ("max-bytes = 1e6", "1: 'max-bytes' is the float 1000000.0; expected an integer"),
    "boolean for integer": ("threads = true", "1: 'threads' is the boolean true; expected an integer"),
    "integer for boolean": ("search = 1", "1: 'search' is the integer 1; expected true or false"),
    "integer for string": ("title = 3", "1: 'title' is the integer 3; expected a string"),
    "date for string": ("title = 2026-02-16", "1: 'title' is the date or time \"2026-02-16\"; expected a string"),
    "array for path": ("seeds = ['a']", "1: 'seeds' is an array; expected a string"),
    "table for string": ("[title]", "1: 'title' is a table; expected a string"),
    "array for table": ("map = ['text=a']", "1: 'map' is an array; expected a table of strings"),
    "integer in table": ("map.text = 1", "1: 'map.text' is the integer 1; expected a string"),
    "integer of 100 bits": (
        f"threads = {2**99}",
        "1: 'threads' is an integer of more than 64 bits; expected an integer",
    ),
    "integer of 9000 digits": (
        f"threads = 0x{'f' * 9000}",
        "1: 'threads' is an integer of more than 64 bits; expected",
    ),
    "too many threads": ("threads = 65", "1: threads: "),
    "no language": ("language = 'fr'", "1: language: 'fr' is not one of 'en', 'any'"),
    "no templates": ("templates = 'none'", "1: templates: "),
    "out a file": ("\nout = 'briefs.toml'", "2: out: "),
    "no target": ("\ntarget = 'none'", "2: target: 'none' is none of plain, "),
    "no address": ("base-url = 'b'", "1: base-url: 'b' is no address of a folder on the web"),
    "search of another": ("target = 'hugo'\nsearch = true", "2: search: is for a site by itself, not for hugo"),
    "NUL": (r"seeds = 'a'" + "\n" + r'out = "a\u0000b"', "2: 'out' has a NUL character in it; expected text"),
    "a terminal's": ('"\\u001b]0;x\\u0007\\u202e\\n" = 1', r"1: unknown key '\x1b]0;x\x07\u202e\n'; expected one of "),
    "a key without end": (f"{'a' * 100_000} = 1", f"1: unknown key '{'a' * 59}…'; expected one of "),
    "syntax": ("title = 'x'\nout 'y'", "2:5: no TOML: Expected '=' after a key in a key/value pair"),
    "no end": ("title = 'x'\nout = [\n  1,", "3:5: no TOML: "),
    "twice": ("title = 'x'\ntitle = 'y'", "2:12: no TOML: Cannot overwrite a value"),
    "not UTF-8": (
        "title = 'žluť'\nout = 'ž".encode() + b"\xff'",
        "2:9: byte 0xff, which is not UTF-8; expected UTF-8 text",
    ),
    "UTF-16": ("title = 'x'".encode("utf-16"), "1:1: byte 0xff, which is not UTF-8; expected UTF-8 text"),
    "binary": (b"\x7fELF\x02", "1:1: no TOML: "),
    "huge": (b"#" * (MOST_BYTES + 1), "1: more than 1,000,000 bytes; expected a file of settings"),
    "deep": (f"title = {'[' * 100_000}", "1: values nested too deep"),
    "digits": (f"threads = {'9' * 9000}", "1: a number of too many digits"),
}


@pytest.mark.parametrize("kind", BAD)
def test_what_is_wrong_is_said_with_its_line(kind: str, call: Call, write: Write) -> None:
    text, expected = BAD[kind]
    write(text)
    ended = call("config")
    assert (ended.code, ended.out) == (2, "")
    assert ended.err.startswith(f"error: briefs.toml:{expected}")
    assert ended.err.count("\n") == 1
    assert ended.err.rstrip("\n").isprintable()


def test_every_command_that_reads_settings_stops_at_a_fault_and_does_nothing(call: Call, write: Write) -> None:
    write("titel = 'x'")
    write(ARTICLE, "seeds/dam.txt")
    for command in (("build",), ("config",), *((name, "seeds/dam.txt") for name in ("show", "check", "inspect"))):
        assert call(*command) == (2, "", "error: briefs.toml:1: unknown key 'titel'; did you mean 'title'?\n")
    assert not Path("out").exists()


def test_a_fault_of_an_option_is_not_blamed_on_the_file(call: Call, write: Write) -> None:
    write("threads = 2\ntarget = 'hugo'")
    for options, message in ((("--threads", 65), "'--threads'"), (("--search",), "'--search'")):
        ended = call("config", *options)
        assert ended.code == 2
        assert f"Invalid value for {message}: " in ended.err


def test_a_folder_in_place_of_a_file_is_an_error(call: Call, write: Write) -> None:
    Path("briefs.toml").mkdir()
    assert call("config") == (2, "", "error: briefs.toml:1: is a directory; expected a file that can be read\n")
    assert "is a directory" in call("config", "--config", "mine").err
    assert "does not exist" in call("config", "--config", "none.toml").err


@pytest.mark.parametrize("text", ["", "\n \n", "# nothing\n", "\ufeff", "\ufefftitle = 'x'\r\nout = 'y'\r\n"])
def test_an_empty_file_a_byte_order_mark_and_any_line_ends_are_fine(text: str, call: Call, write: Write) -> None:
    write(text)
    assert in_force(call)["out"]["source"] == ("briefs.toml:2" if "out" in text else "default")


def test_what_does_not_need_settings_does_not_read_them(call: Call, write: Write) -> None:
    write("titel = 'x'")
    assert call("build", "--help").code == call("--version").code == call("schema").code == 0
    assert "[default: Briefs]" in " ".join(call("config", "-h").out.split())
    assert parse(ARTICLE).headline
    write(ARTICLE, "seeds/dam.txt")
    found, _ = find_seeds(Path("seeds"), Path("out"))
    assert [result.error for result in build_site(found, Path("out"), Options())] == [None]


def test_config_prints_a_table_as_toml_and_says_what_comes_from_the_environment(write: Write) -> None:
    write("title = 'Morning “briefs”'\n[map]\ntext = \"\\u001b\\u202e\\U000e0001\"\n")
    ended = run("config", "--threads", 2, "articles", SOURCE_DATE_EPOCH="1772323200")
    assert (ended.code, ended.err) == (0, "")
    assert [re.split("  +", line) for line in ended.out.splitlines()] == [
        ["seeds", '"articles"', "command line"],
        ["out", '"out"', "default"],
        ["templates", "-", "default"],
        ["target", '"plain"', "default"],
        ["title", '"Morning “briefs”"', "briefs.toml:1"],
        ["base-url", "-", "default"],
        ["language", '"en"', "default"],
        ["max-bytes", "10000000", "default"],
        ["map", r'{text = "\u001b\u202e\U000e0001"}', "briefs.toml:2"],
        ["threads", "2", "command line"],
        ["jobs", str(max(1, count_cores() // 2)), "default"],
        ["evidence", '"excerpt"', "default"],
        ["search", "false", "default"],
        ["cache", '".briefs-cache"', "default"],
        ["no-cache", "false", "default"],
        ["force", "false", "default"],
        ["strict", "false", "default"],
        ["quiet", "false", "default"],
        ["verbose", "false", "default"],
        ["output-format", '"text"', "default"],
        ["date", '"2026-03-01T00:00:00Z"', "environment SOURCE_DATE_EPOCH"],
    ]
    assert len({line.rindex("  ") for line in ended.out.splitlines()}) == 1
    assert "SOURCE_DATE_EPOCH is 'x'" in run("config", SOURCE_DATE_EPOCH="x").err


def test_what_config_prints_is_safe_on_a_terminal_whatever_names_files_have(call: Call, write: Write) -> None:
    write('title = "\\u007f"', "a\x1b\n\u202e.toml")
    for form in ("text", "json"):
        ended = call("config", "--config", "a\x1b\n\u202e.toml", os.fsdecode(b"\xff\x07"), "--format", form)
        assert (ended.code, ended.err) == (0, "")
        assert ended.out.replace("\n", "").isprintable()
    assert json.loads(ended.out)["title"] == {"value": "\x7f", "source": "a\x1b\n\u202e.toml:1"}


@pytest.mark.parametrize("block", re.findall(r"^```toml\n((?s:.*?))^```$", GUIDE, re.MULTILINE))
def test_every_file_that_the_guide_shows_is_understood(block: str, call: Call, write: Write) -> None:
    name = block.splitlines()[0].removeprefix("# ")
    write(block, name)
    line = block.splitlines().index('seeds = "articles"') + 1
    assert in_force(call)["seeds"] == {"value": "articles", "source": f"{name}:{line}"}


def test_the_file_of_the_readme_is_understood(call: Call, write: Write) -> None:
    (block,) = re.findall(r"^```toml\n((?s:.*?))^```$", (ROOT / "README.md").read_text(encoding="utf-8"), re.MULTILINE)
    write(block)
    assert {row["source"] for row in in_force(call).values()} == {
        *(f"briefs.toml:{n}" for n in (1, 2, 3, 4, 6)),
        "default",
    }
