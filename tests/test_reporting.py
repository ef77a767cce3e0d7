"""What is wrong with articles reaches readers, programs and workflows on GitHub, whatever the articles and files are called."""

from __future__ import annotations

import json
import os
import re
from collections.abc import Callable
from pathlib import Path

import pytest
from commands import ARTICLE, Outcome

Call = Callable[..., Outcome]
HOSTILE = "a,b:c%\n::stop-commands::x\r\x1b]0;t\x07\u202e##[group]" + os.fsdecode(b"\xff") + ".txt"
MESSAGE = "only a headline; expected paragraphs after it"


@pytest.fixture(autouse=True)
def seeds(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Go to a folder with a folder of two articles, of which one cannot be read; return the latter folder."""
    monkeypatch.delenv("GITHUB_WORKSPACE", raising=False)
    monkeypatch.chdir(tmp_path)
    folder = tmp_path / "seeds"
    folder.mkdir()
    (folder / "dam.txt").write_text(ARTICLE, encoding="utf-8")
    (folder / "notes.txt").write_text("Notes\n", encoding="utf-8")
    return folder


def decoded(text: str) -> str:
    """Return what a workflow makes of an escaped text."""
    return re.sub("%(25|0D|0A|3A|2C)", lambda escape: chr(int(escape[1], 16)), text)


def test_as_json_a_build_prints_one_document_and_its_progress_elsewhere(call: Call) -> None:
    ended = call("build", "--output-format", "json")
    assert ended.code == 1
    assert json.loads(ended.out) == {
        "briefs": 1,
        "out": "out",
        "failed": [
            {
                "file": "seeds/notes.txt",
                "line": 1,
                "column": 6,
                "message": MESSAGE,
                "found": "only a headline",
                "expected": "paragraphs after it",
            }
        ],
    }
    assert ended.err.splitlines() == ["[1/2] seeds/dam.txt -> out/dam", "1 brief, 1 failed: open out/index.html"]
    assert call("build", "--output-format", "json", "-q").err == ""


def test_as_json_a_build_without_a_fault_prints_that_there_is_none(call: Call) -> None:
    ended = call("build", "seeds/dam.txt", "-q", "--output-format", "json")
    assert (ended.code, json.loads(ended.out), ended.err) == (0, {"briefs": 1, "out": "out", "failed": []}, "")


def test_as_json_a_build_that_writes_nothing_says_so(call: Call, tmp_path: Path) -> None:
    strict = call("build", "--strict", "--output-format", "json")
    told = json.loads(strict.out)
    assert (strict.code, told["briefs"], told["out"], len(told["failed"])) == (1, 0, None, 1)
    (tmp_path / "file").write_bytes(b"")
    for arguments, code, message in (
        (("none",), 2, "none: no such folder; "),
        (("seeds", "file/out"), 1, "file/out: cannot be written: not a directory"),
    ):
        ended = call("build", *arguments, "--output-format", "json")
        assert (ended.code, ended.err) == (code, "")
        told = json.loads(ended.out)
        (fault,) = told.pop("failed")
        assert told == {"briefs": 0, "out": None}
        assert fault.pop("message").startswith(message)
        assert set(fault.values()) == {None}


def test_a_template_that_fails_for_one_brief_is_named_with_its_line_and_the_article(
    call: Call, seeds: Path, tmp_path: Path
) -> None:
    (seeds / "notes.txt").write_text(ARTICLE.replace("Dam", "Notes: dam"), encoding="utf-8")
    (tmp_path / "mine").mkdir()
    template = tmp_path / "mine/summary.txt.j2"
    template.write_text("\n{{ 1 // ('Notes' not in page.headline) }}", encoding="utf-8")
    asked = ("build", "--templates", "mine", "-q", "--output-format")
    message = "seeds/notes.txt: ZeroDivisionError: integer division or modulo by zero"
    (fault,) = json.loads(call(*asked, "json").out)["failed"]
    assert fault == {
        "file": str(template),
        "line": 2,
        "column": None,
        "message": message,
        "found": None,
        "expected": None,
    }
    place = "file=mine/summary.txt.j2,line=2,title=Template that fails"
    text = f"seeds/notes.txt: {template}:2: ZeroDivisionError: integer division or modulo by zero"
    assert call(*asked, "github") == (1, f"::error {place}::{text}\n", "")


@pytest.mark.parametrize("command", [("build", "--quiet"), ("check", "seeds"), ("check", "seeds/notes.txt")])
def test_for_github_each_fault_is_an_annotation_of_the_file_in_the_repository(
    command: tuple[str, ...], call: Call, seeds: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked = (*command, "--output-format", "github")
    text = f"seeds/notes.txt:1:6: {MESSAGE}\n"
    line = f"::error file=seeds/notes.txt,line=1,col=6,title=Article that cannot be read::{text}"
    assert call(*asked) == (1, line, "")
    monkeypatch.setenv("GITHUB_WORKSPACE", str(seeds))
    assert call(*asked).out == line.replace("seeds/", "", 1)
    monkeypatch.setenv("GITHUB_WORKSPACE", "/elsewhere")
    assert call(*asked).out == line.replace("seeds/", f"{seeds}/", 1)


def test_for_github_a_link_that_leads_nowhere_is_annotated_itself(call: Call, seeds: Path) -> None:
    (seeds / "notes.txt").unlink()
    (seeds / "lost.txt").symlink_to("nowhere")
    assert call("check", "seeds", "--output-format", "github").out.startswith("::error file=seeds/lost.txt,line=1,")


@pytest.mark.parametrize("command", ["build", "check"])
def test_a_name_is_no_command_to_a_workflow_and_nothing_to_a_terminal(command: str, call: Call, seeds: Path) -> None:
    (seeds / "notes.txt").rename(seeds / HOSTILE)
    (seeds / "dam.txt").rename(seeds / f"dam{HOSTILE}")
    ended = call(command, "seeds", "--output-format", "github")
    (line,) = ended.out.splitlines()
    assert line.isprintable()
    told = re.fullmatch(r"::error file=([^:,]*),line=1,col=6,title=([^:,]*)::(.*)", line)
    assert told
    name = "seeds/a,b:c%\n::stop-commands::x\r\\x1b]0;t\\x07\\u202e##[group]\\xff.txt"
    assert decoded(told[1]) == name
    assert decoded(told[3]) == f"{name}:1:6: {MESSAGE}"
    for said in ended.err.splitlines():
        assert said.isprintable()
        assert not said.startswith("::")
        assert "##[" not in said


@pytest.mark.parametrize("command", ["build", "check"])
def test_as_json_any_name_is_safe_on_a_terminal_and_can_be_read_back(command: str, call: Call, seeds: Path) -> None:
    (seeds / "notes.txt").rename(seeds / f"\x7f{HOSTILE}")
    ended = call(command, "seeds", "--output-format", "json")
    assert ended.out.isascii()
    assert ended.out.replace("\n", "").isprintable()
    (fault,) = json.loads(ended.out)["failed"]
    assert (
        fault["file"] == f"seeds/\x7f{HOSTILE.encode('utf-8', 'surrogateescape').decode('utf-8', 'backslashreplace')}"
    )


def test_what_a_template_raises_is_one_annotation(call: Call, tmp_path: Path) -> None:
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine/summary.txt.j2").write_text(r"{{ {}['a\n::error::b'] | int }}", encoding="utf-8")
    ended = call("build", "seeds/dam.txt", "--templates", "mine", "--output-format", "github")
    assert ended.code == 1
    assert ended.out.count("\n") == 1
    assert ended.out.startswith("::error file=mine/summary.txt.j2,line=1,title=Template that fails::")


def test_check_prints_a_document_of_all_files_and_of_none_that_is_wrong(call: Call) -> None:
    ended = call("check", "seeds", "none.txt", "--output-format", "json")
    assert (ended.code, ended.err) == (1, "")
    assert [fault["file"] for fault in json.loads(ended.out)["failed"]] == ["seeds/notes.txt", "none.txt"]
    ended = call("check", "seeds/dam.txt", "--output-format", "json")
    assert (ended.code, json.loads(ended.out), ended.err) == (0, {"failed": []}, "")
    Path("empty").mkdir()
    ended = call("check", "empty", "--output-format", "json")
    assert ended.code == 2
    assert json.loads(ended.out)["failed"][0]["message"].startswith("empty: no seeds; ")
