"""On a terminal the progress of a build is one line, which never wraps and is gone at the end."""

from __future__ import annotations

import fcntl
import os
import pty
import re
import signal
import struct
import subprocess
import sys
import termios
from pathlib import Path

import pytest
from commands import ARTICLE, environment
from hypothesis import given
from hypothesis import strategies as st

from briefs.cli.progress import cut

NAMES = (
    "dam.txt",
    "a-name-that-is-much-too-long-for-the-terminal-of-this-test.txt",
    "記事記事記事記事記事記事記事記事.txt",
)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Return a folder with a folder of articles in it, one of which cannot be read."""
    (tmp_path / "seeds").mkdir()
    for name in NAMES:
        (tmp_path / "seeds" / name).write_text(ARTICLE, encoding="utf-8")
    (tmp_path / "seeds/notes.txt").write_text("Notes\n", encoding="utf-8")
    return tmp_path


def start_on_terminal(
    folder: Path, *arguments: str, command: str = "build", columns: int = 40, **changes: str
) -> tuple[subprocess.Popen[bytes], int]:
    """Start a command whose standard error is a terminal of so many columns; return it and the other end of the terminal."""
    ours, theirs = pty.openpty()
    fcntl.ioctl(theirs, termios.TIOCSWINSZ, struct.pack("HHHH", 24, columns, 0, 0))
    asked = [sys.executable, "-m", "briefs", command, *arguments]
    settings = {"PYTHONUTF8": "1", "TERM": "xterm", **changes}
    process = subprocess.Popen(
        asked,
        cwd=folder,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=theirs,
        env=environment(**settings),
    )
    os.close(theirs)
    return process, ours


def read_terminal(terminal: int) -> str:
    """Return all that is written to a terminal until nobody has it open any more."""
    written = b""
    try:
        while more := os.read(terminal, 4096):
            written += more
    except OSError:  # as Linux says that it is closed
        pass
    os.close(terminal)
    return written.decode().replace("\r\n", "\n")


def build_on_terminal(folder: Path, *arguments: str, columns: int = 40, **changes: str) -> str:
    process, terminal = start_on_terminal(folder, *arguments, columns=columns, **changes)
    written = read_terminal(terminal)
    process.communicate(timeout=60)
    return written


def screen(written: str) -> list[str]:
    """Return the lines that a reader sees, of characters of one column; what is written over is gone."""
    lines = []
    for line in written.split("\n"):
        seen = ""
        for part in line.split("\r"):
            seen = part + seen[len(part) :]
        lines.append(seen.rstrip())
    return lines


def test_it_is_one_line_that_changes_is_cut_to_the_terminal_and_gone_at_the_end(folder: Path) -> None:
    written = build_on_terminal(folder)
    shown = [part for part in written.partition("error: ")[0].split("\r") if part.strip()]
    assert shown == [
        "[1/4] seeds/a-name-that-is-much-too-lon",
        "[2/4] seeds/dam.txt",
        "[4/4] seeds/記事記事記事記事記事記事記",
    ]
    assert screen(written) == [
        "error: seeds/notes.txt:1:6: only a headline; expected paragraphs after it",
        "3 briefs, 1 failed: open out/index.html",
        "",
    ]
    assert "\x1b" not in written


@pytest.mark.parametrize(
    "changes", [{"columns": 0}, {"columns": 1}, {"columns": 2}, {"columns": 1000}, {"LC_ALL": "C"}]
)
def test_any_terminal_is_left_with_what_is_said_at_the_end(changes: dict[str, object], folder: Path) -> None:
    if "LC_ALL" in changes:
        changes |= {"PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0", "PYTHONIOENCODING": "ascii"}
    written = build_on_terminal(folder, **changes)  # type: ignore[arg-type]
    assert screen(written)[-2:] == ["3 briefs, 1 failed: open out/index.html", ""]
    assert screen(written)[0].startswith("error: seeds/notes.txt:1:6: ")
    widest = max(map(len, written.partition("error: ")[0].split("\r")))
    assert widest < (changes.get("columns", 40) or 80)


def test_a_name_cannot_move_the_line(folder: Path) -> None:
    (folder / "seeds/dam.txt").rename(folder / "seeds/d\r\n\x1b[2J.txt")
    written = build_on_terminal(folder, columns=200)
    assert "\r[2/4] seeds/d\\r\\n\\x1b[2J.txt\r" in written
    assert "\x1b" not in written


@pytest.mark.parametrize(
    ("option", "changes"), [("-v", {}), ("--verbose", {"NO_COLOR": "1"}), ("--no-quiet", {"TERM": "dumb"})]
)
def test_verbose_or_where_a_line_cannot_change_there_is_a_line_for_each_brief(
    option: str, changes: dict[str, str], folder: Path
) -> None:
    lines = build_on_terminal(folder, option, **changes).split("\n")
    assert lines[1] == "[2/4] seeds/dam.txt -> out/dam"
    assert [line[:6] for line in lines[:3]] == ["[1/4] ", "[2/4] ", "[4/4] "]


def test_a_quiet_build_shows_no_progress_on_a_terminal(folder: Path) -> None:
    for options in (("-q",), ("-q", "-v")):
        assert build_on_terminal(folder, *options).startswith("error: seeds/notes.txt:1:6: ")


def test_a_build_that_is_stopped_takes_its_line_away(folder: Path) -> None:
    for number in range(40):
        (folder / f"seeds/z{number}.txt").write_text(ARTICLE, encoding="utf-8")
    process, terminal = start_on_terminal(folder, "--jobs", "1", PYTHONWARNINGS="")
    seen = b""
    while b"[2/44]" not in seen:
        seen += os.read(terminal, 4096)
    process.send_signal(signal.SIGTERM)
    written = seen.decode() + read_terminal(terminal)
    process.communicate(timeout=60)
    assert re.fullmatch(r"stopped after \d+ of 44 files; nothing was written", screen(written)[0])


@given(st.text(st.characters(exclude_categories=["C", "Zl", "Zp"])), st.integers(0, 100))
def test_what_is_cut_is_the_beginning_and_all_of_it_where_it_fits(text: str, columns: int) -> None:
    begun = cut(text, columns)
    assert text.startswith(begun)
    if len(text) * 2 <= columns:
        assert begun == text


def test_a_batch_shows_a_bar_which_is_gone_at_the_end(folder: Path) -> None:
    written = build_on_terminal(folder, "seeds", "--into", "tables", "--batch", "1", command="batch", columns=80)
    shown = [part.rstrip() for part in written.split("\r") if part.startswith("[")]
    assert len(shown) == 4
    assert re.fullmatch(r"\[#{5}\.{15}\]  25% 1 (parsed|failed), \d+ a minute", shown[0])
    assert re.fullmatch(r"\[#{20}\] 100% 3 parsed, 1 failed, \d+ a minute; making the tables", shown[-1])
    assert screen(written) == ["4 records: 1 parsed, 1 failed, 2 repeated: tables in tables", ""]
