"""The command line says exactly what is wrong and where, ends with the right code, and never with a traceback."""

from __future__ import annotations

import json
import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from importlib.metadata import version
from pathlib import Path

import pytest
from commands import ARTICLE, ROOT, Outcome, environment, run, start

import briefs
from briefs.__main__ import QUICK
from briefs.readers import DEFAULT_MAX_BYTES
from briefs.schema import Article, Brief, Tags

Call = Callable[..., Outcome]
COMMANDS = ("show", "build", "serve", "check", "inspect", "schema", "clean", "fetch", "batch", "config", "init")
HEAVY = {
    "daft",
    "pyarrow",
    "ray",
    "pydantic",
    "pydantic_core",
    "jinja2",
    "markupsafe",
    "numpy",
    "onnxruntime",
    "markdown_it",
    "rich",
    "html",
    "tomllib",
}

GOOD = ARTICLE.encode()
BAD: dict[str, tuple[bytes, str]] = {
    "empty": (b"", "1:1: an empty file; expected a title line and paragraphs"),
    "blank": (b" \n\n\t\n", "1:1: an empty file; expected a title line and paragraphs"),
    "only a headline": (b"Dam holds\n", "1:10: only a headline; expected paragraphs after it"),
    "Latin-1": (
        b"Caf\xe9 burns\n\nA caf\xe9 burned.\n",
        "1:4: byte 0xe9 at offset 3, which is not UTF-8; expected UTF-8 text",
    ),
    "binary": (
        b"\x7fELF\x02",
        "1:1: binary data: byte 0x7f at offset 0; expected UTF-8 text without control characters",
    ),
    "UTF-16": ("Dam holds".encode("utf-16"), "1:1: a UTF-16 byte order mark at byte 0; expected UTF-8 text"),
    "too large": (b"a" * 2_000_001, "1:1: more than 2,000,000 characters of text; expected one article"),
}


@pytest.mark.parametrize("kind", BAD)
def test_a_bad_file_is_an_error_with_place_finding_and_expectation(kind: str, call: Call, tmp_path: Path) -> None:
    path = tmp_path / "bad.txt"
    path.write_bytes(BAD[kind][0])
    for command in ("show", "check", "inspect"):
        assert call(command, path) == (1, "", f"error: {path}:{BAD[kind][1]}\n")


def test_what_is_no_file_is_an_error(call: Call, tmp_path: Path) -> None:
    missing, folder = tmp_path / "missing.txt", tmp_path
    expected = "expected a file that can be read\n"
    assert call("show", missing) == (1, "", f"error: {missing}:1:1: no such file or directory; {expected}")
    assert call("show", folder) == (1, "", f"error: {folder}:1:1: is a directory; {expected}")
    assert call("show", "") == (1, "", f"error: :1:1: is a directory; {expected}")


def test_another_language_is_an_error_unless_asked_for(call: Call) -> None:
    french = ROOT / "tests/cases/errors/french.txt"
    assert call("show", french).err.endswith(":1:1: text in French; expected English (--language any goes on)\n")
    assert call("show", french, "--language", "any").code == 0


def test_the_size_limit_is_an_option(call: Call, article: Path) -> None:
    assert call("show", article, "--max-bytes", len(GOOD)).code == 0
    assert "expected at most 9\n" in call("show", article, "--max-bytes", 9).err
    assert f"[default: {DEFAULT_MAX_BYTES};" in call("show", "--help").out


@pytest.mark.parametrize("form", ["md", "html", "summary", "json"])
def test_show_prints_what_render_returns(form: str, call: Call, article: Path) -> None:
    source = briefs.read(ARTICLE, path=str(article))
    assert call("show", article, "--format", form) == (0, briefs.render(briefs.parse(source), form), "")


def test_show_prints_markdown_if_not_told_otherwise(call: Call, article: Path) -> None:
    assert call("show", article).out.startswith("# Dam above Selmoor holds\n")


def test_the_json_of_show_is_a_brief(call: Call, article: Path) -> None:
    brief = Brief.model_validate_json(call("show", article, "-f", "json").out)
    assert [claim.speaker for claim in brief.claims][:1] == ["Ana Ruiz"]


def test_standard_input_is_read_for_a_dash(article: Path) -> None:
    piped = run("show", "-", "-f", "json", shell=f"COMMAND < '{article}'")
    assert piped.err == ""
    assert json.loads(piped.out)["origin"]["path"] == "-"
    assert json.loads(piped.out)["headline"]["text"] == "Dam above Selmoor holds"


def test_a_file_may_have_any_name(call: Call, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    for name in ("-dash.txt", "two words.txt", "žluť.txt", "a\nb.txt", os.fsdecode(b"\xff.txt")):
        Path(name).write_bytes(GOOD)
        assert call("show", "-f", "json", "--", name).code == 0, name


def test_a_name_cannot_write_to_the_terminal(call: Call) -> None:
    hostile = call("show", "no\n\x1b]0;title\x07\u202e" + os.fsdecode(b"\xff") + ".txt")
    assert hostile.err.startswith("error: no\\n\\x1b]0;title\\x07\\u202e\\xff.txt:1:1: no such file")
    assert hostile.err.count("\n") == 1


USAGE = {
    "no command": ((), "Commands:"),
    "unknown command": (("shw",), "No such command 'shw'"),
    "no file": (("show",), "Missing argument 'FILE'"),
    "nothing to check": (("check",), "Missing argument 'FILE...'"),
    "unknown option": (("show", "x", "--frmt"), "No such option: --frmt"),
    "unknown format": (("show", "x", "--format", "pdf"), "'pdf' is not one of 'md', 'html', 'summary', 'json'"),
    "unknown language": (("show", "x", "--language", "fr"), "'fr' is not one of 'en', 'any'"),
    "too many threads": (("show", "x", "--threads", "65"), "less than or equal to 64"),
    "no thread": (("show", "x", "--threads", "0"), "greater than or equal to 1"),
    "no job": (("build", "x", "y", "--jobs", "0"), "greater than or equal to 1"),
    "a limit beyond memory": (("show", "x", "--max-bytes", 10**20), "Invalid value for '--max-bytes'"),
    "templates that are not there": (("show", "x", "--templates", "none"), "'none' does not exist"),
    "templates that are a file": (("show", "x", "--templates", __file__), "is a file"),
    "too many arguments": (("build", "a", "b", "c"), "unexpected extra argument"),
}


@pytest.mark.parametrize("case", USAGE)
def test_a_command_that_is_not_understood_ends_with_2(case: str, call: Call) -> None:
    arguments, expected = USAGE[case]
    ended = call(*arguments)
    assert ended.code == 2
    assert expected in ended.out + ended.err
    assert "Traceback" not in ended.err


@pytest.mark.parametrize("command", COMMANDS)
def test_help_teaches_and_is_plain_ascii(command: str, call: Call) -> None:
    for flag in ("--help", "-h"):
        ended = call(command, flag)
        assert ended.code == 0
        assert ended.out.isascii()
        assert command == "schema" or f"  briefs {command}" in ended.out
    assert f"  {command} " in call("--help").out


def test_help_of_the_whole_names_each_command_in_one_line_and_the_exit_codes(call: Call) -> None:
    text = call("--help").out
    assert re.findall(r"^  (\w+)  +[A-Z][^.]*\.$", text, re.MULTILINE) == list(COMMANDS)
    assert "Exit codes: 0" in text


def test_the_version_is_that_of_the_package(call: Call) -> None:
    assert call("--version") == (0, f"briefs {version('briefs')}\n", "")


def test_python_m_briefs_is_the_command() -> None:
    script = subprocess.run(
        [Path(sys.executable).with_name("briefs"), "--version"], capture_output=True, text=True, check=True
    )
    assert run("--version") == (0, script.stdout, script.stderr)


def test_help_and_version_load_nothing_heavy() -> None:
    code = (
        "import sys; sys.argv = ['briefs', {!r}]\nfrom briefs.cli import main\ntry: main()\nexcept SystemExit: pass\n"
    )
    for flag in ("--help", "--version"):
        script = code.format(flag) + "print(*sorted({name.split('.')[0] for name in sys.modules}))"
        loaded = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True).stdout
        assert not HEAVY & set(loaded.splitlines()[-1].split())


def test_the_command_asks_libraries_to_start_fast_unless_somebody_asks_for_more() -> None:
    code = (
        "import os, briefs.cli\n"
        "briefs.cli.main = lambda: print(os.environ['OPENBLAS_NUM_THREADS'], os.environ['PYDANTIC_DISABLE_PLUGINS'])\n"
        "from briefs.__main__ import main\nmain()"
    )
    others = {name: value for name, value in environment().items() if name not in QUICK}
    for asked, expected in (({}, "1 __all__\n"), ({"OPENBLAS_NUM_THREADS": "3"}, "3 __all__\n")):
        ended = subprocess.run(
            [sys.executable, "-c", code], capture_output=True, text=True, env={**others, **asked}, check=True
        )
        assert ended.stdout == expected


@pytest.mark.parametrize(
    ("ending", "code"), [("None", 0), ("sys.exit()", 0), ("sys.exit(3)", 3), ("sys.exit('no')", 1)]
)
def test_the_command_ends_at_once_when_all_is_written_and_done(ending: str, code: int) -> None:
    script = (
        "import atexit, sys, briefs.cli\n"
        "class Kept:\n    def __del__(self): sys.__stderr__.write('taken apart')\n"
        "sys.kept = Kept()\n"
        "atexit.register(print, 'done')\n"
        f"def run():\n    print('written')\n    {ending}\n"
        "briefs.cli.main = run\n"
        "from briefs.__main__ import main\nmain()"
    )
    ended = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, env=environment(), check=False
    )
    assert (ended.returncode, ended.stdout) == (code, "written\ndone\n")
    assert ended.stderr.startswith("no\n") if code == 1 else not ended.stderr


def test_schema_prints_the_json_schema_of_a_brief(call: Call) -> None:
    ended = call("schema")
    assert (ended.code, ended.err) == (0, "")
    assert json.loads(ended.out) == Brief.model_json_schema(mode="serialization")


def test_check_prints_nothing_where_all_files_can_be_read(call: Call, article: Path) -> None:
    forms = ROOT / "tests/forms"
    assert call("check", article, forms / "quay.html", forms / "atom.xml", forms / "quay.jsonl") == (0, "", "")


def test_check_says_what_is_wrong_with_each_file_and_each_article_of_it(call: Call, article: Path) -> None:
    missing, records = article.with_name("missing.txt"), article.with_name("wire.jsonl")
    record = json.dumps({"title": "Dam holds", "text": ARTICLE})
    records.write_text(f'{{"title": "Empty"}}\n{record}\n[]\n', encoding="utf-8")
    ended = call("check", missing, article, records)
    assert (ended.code, ended.out) == (1, "")
    assert [line.split("; expected")[0] for line in ended.err.splitlines()] == [
        f"error: {missing}:1:1: no such file or directory",
        f"error: {records}:1:1: only a headline",
        f"error: {records}:3:1: JSON that is no record",
    ]


def test_check_reads_as_it_is_asked_to(call: Call, tmp_path: Path) -> None:
    (tmp_path / "a.json").write_text(json.dumps({"kop": "Dam holds", "tekst": ARTICLE}), encoding="utf-8")
    asked = ("check", tmp_path / "a.json", "--map", "headline=kop", "--map", "text=tekst")
    assert call(*asked).code == 0
    assert call(*asked[:2]).code == 1
    assert call(*asked, "--max-bytes", 9).err.endswith("expected at most 9\n")
    assert call("check", ROOT / "tests/cases/errors/french.txt", "--language", "any").code == 0
    assert run("check", "-", shell="echo Notes | COMMAND").err.startswith("error: -:1:6: only a headline")


def test_inspect_shows_every_sentence_and_piece_of_furniture(call: Call, tmp_path: Path) -> None:
    path = tmp_path / "a.txt"
    path.write_text(ARTICLE + "\nSource: The Isk Herald\n", encoding="utf-8")
    text, parsed = call("inspect", path).out, json.loads(call("inspect", path, "--format", "json").out)
    article, tags = Article.model_validate(parsed["article"]), Tags.model_validate(parsed["tags"])
    assert set(parsed) == {"article", "tags"}
    assert len(tags.sentences) == len(article.sentences) == 4
    for sentence, tag in zip(article.sentences, tags.sentences, strict=True):
        assert (
            f"\n  {sentence.span.of(article.text)}\n    {sentence.span.start}-{sentence.span.end} {tag.role} " in text
        )
    for mention in tags.mentions:
        assert f"    {mention.kind:12} {mention.score:.2f}  {mention.span.of(article.text)}\n" in text
    assert "\nfurniture  publisher: Source: The Isk Herald\n" in text
    assert "\npublisher  The Isk Herald\n" in text


BROKEN = {
    "syntax": ("a\n{% if %}", ":2: Expected an expression"),
    "variable": ("a\n{{ nope }}", ":2: 'nope' is undefined"),
    "field": ("a\n\n{{ page.nope }}", ":3: 'briefs.view.Page object' has no attribute 'nope'"),
    "include": ("{% include 'none.j2' %}", ":1: no template 'none.j2'"),
    "filter": ("{{ 1 | nope }}", ":1: No filter named 'nope'"),
    "arithmetic": ("{{ 1 / 0 }}", ":1: ZeroDivisionError: division by zero"),
    "recursion": ("{% extends 'summary.txt.j2' %}", ":1: RecursionError"),
}


@pytest.mark.parametrize("kind", BROKEN)
def test_a_broken_template_is_an_error_with_file_and_line(kind: str, call: Call, article: Path, tmp_path: Path) -> None:
    (tmp_path / "mine").mkdir()
    template = tmp_path / "mine/summary.txt.j2"
    template.write_text(BROKEN[kind][0], encoding="utf-8")
    ended = call("show", article, "--format", "summary", "--templates", tmp_path / "mine")
    assert (ended.code, ended.out) == (1, "")
    assert ended.err.startswith(f"error: {template}{BROKEN[kind][1]}")


def test_a_template_of_the_user_wins_and_the_others_stay(call: Call, article: Path, tmp_path: Path) -> None:
    (tmp_path / "summary.txt.j2").write_text("In short: {{ page.headline }}\n", encoding="utf-8")
    assert call("show", article, "-f", "summary", "--templates", tmp_path).out == "In short: Dam above Selmoor holds\n"
    assert call("show", article, "--templates", tmp_path) == call("show", article)


def test_show_prints_the_same_bytes_with_any_threads_hash_seed_and_locale(article: Path) -> None:
    plain = run("show", article, "-f", "html")
    odd = run(
        *("show", article, "-f", "html", "--threads", 2),
        PYTHONHASHSEED="1",
        LC_ALL="C",
        PYTHONIOENCODING="ascii",
        PYTHONUTF8="0",
        PYTHONCOERCECLOCALE="0",
    )
    assert plain.code == 0
    assert "“We have checked every bolt" in plain.out
    assert odd == plain


def test_errors_can_be_printed_in_any_locale(article: Path) -> None:
    odd = article.with_name("žlutý.txt")
    odd.write_bytes(b"")
    ended = run("show", odd, LC_ALL="C", PYTHONIOENCODING="ascii", PYTHONUTF8="0", PYTHONCOERCECLOCALE="0")
    assert ended.code == 1
    assert re.fullmatch(r"error: .*:1:1: an empty file; expected a title line and paragraphs\n", ended.err)


CLOSED = {
    "a reader that is gone": ("COMMAND | true", 0, ""),
    "a reader that has enough": ("COMMAND | head -c 1", 0, ""),
    "no standard output": ("COMMAND >&-", 1, "error: standard output is closed\n"),
    "no standard error": ("COMMAND 2>&- >/dev/null", 0, ""),
}


@pytest.mark.parametrize("kind", CLOSED)
def test_output_that_cannot_be_written_ends_quietly_or_with_an_error(kind: str) -> None:
    shell, code, err = CLOSED[kind]
    ended = run("schema", shell=shell)
    assert (ended.code, ended.err) == (code, err)


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs Linux's /dev/full")
@pytest.mark.parametrize("arguments", [("schema",), ("--help",), ("--version",)])
def test_a_full_disk_behind_standard_output_is_an_error(arguments: tuple[str, ...]) -> None:
    ended = run(*arguments, shell="COMMAND >/dev/full")
    assert (ended.code, ended.err) == (1, "error: standard output: cannot be written: no space left on device\n")


def test_no_standard_input_is_an_error() -> None:
    ended = run("show", "-", shell="COMMAND <&-")
    assert (ended.code, ended.out) == (1, "")
    assert ended.err == "error: -:1:1: standard input is closed; expected an article\n"


@pytest.fixture(scope="module")
def endless(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return an article that takes much longer to read than any test here."""
    path = tmp_path_factory.mktemp("endless") / "long.txt"
    body = ARTICLE.split("\n\n", 1)[1]
    path.write_text("Dam holds\n\n" + "\n".join([body] * 1500), encoding="utf-8")
    return path


@pytest.mark.parametrize(("number", "code"), [(signal.SIGINT, 130), (signal.SIGTERM, 143)])
@pytest.mark.parametrize("delay", [0.3, 1.5], ids=["while it starts", "while it reads"])
def test_a_signal_ends_the_command_at_once_and_without_a_word(
    number: signal.Signals, code: int, delay: float, endless: Path
) -> None:
    process = start("show", endless)
    time.sleep(delay)
    asked = time.monotonic()
    process.send_signal(number)
    output = process.communicate(timeout=60)
    assert output == (b"", b"")
    assert process.returncode in (code, -number)  # the latter, before the command has its own handlers
    assert time.monotonic() - asked < 3  # a second at most on a machine with nothing else to do


def test_a_signal_that_is_ignored_from_outside_stays_ignored(article: Path) -> None:
    process = subprocess.Popen(
        [
            "bash",
            "-c",
            "trap '' INT; exec \"$@\"",
            "bash",
            sys.executable,
            "-m",
            "briefs",
            "show",
            article,
            "-f",
            "summary",
        ],
        stdout=subprocess.PIPE,
    )
    time.sleep(0.3)
    process.send_signal(signal.SIGINT)
    assert process.communicate(timeout=60)[0].startswith(b"The dam above Selmoor will hold")
    assert process.returncode == 0


def test_check_reads_the_articles_of_a_folder(call: Call, tmp_path: Path) -> None:
    (tmp_path / "a/b").mkdir(parents=True)
    (tmp_path / "a/dam.txt").write_text(ARTICLE, encoding="utf-8")
    (tmp_path / "a/photo.jpg").write_bytes(b"\xff")
    assert call("check", tmp_path / "a") == (0, "", "")
    (tmp_path / "a/b/notes.txt").write_text("Notes\n", encoding="utf-8")
    ended = call("check", tmp_path / "a")
    assert (ended.code, ended.err) == (
        1,
        f"error: {tmp_path}/a/b/notes.txt:1:6: only a headline; expected paragraphs after it\n",
    )
    (tmp_path / "empty").mkdir()
    assert call("check", tmp_path / "empty").code == 2
