"""An article for the tests, and ways to run the command in a process of its own."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import NamedTuple

ROOT = Path(__file__).parent.parent

ARTICLE = (
    "Dam above Selmoor holds\n\n"
    "The dam above Selmoor will hold, Mayor Ana Ruiz said on Monday after two days of rain.\n\n"
    "“We have checked every bolt,” Ruiz told reporters. Isk Valley Water, which runs the dam, denied that it had put off"
    " repairs. Engineers may lower the lake on Friday.\n"
)


class Outcome(NamedTuple):
    """How a run of the command ended, and what it printed."""

    code: int
    out: str
    err: str


def environment(**changes: str) -> Mapping[str, str]:
    """Return the environment for a process of its own, with warnings as errors and output buffered, as it is by default."""
    return {**os.environ, "PYTHONWARNINGS": "error", "PYTHONUNBUFFERED": "", **changes}


def run(*arguments: object, shell: str = "", cwd: Path | None = None, **changes: str) -> Outcome:
    """Run the command in a process of its own; in `shell`, a line for bash, COMMAND stands for it."""
    command = [sys.executable, "-m", "briefs", *map(str, arguments)]
    ended = subprocess.run(
        ["bash", "-o", "pipefail", "-c", shell.replace("COMMAND", '"$@"'), "bash", *command] if shell else command,
        capture_output=True,
        stdin=subprocess.DEVNULL,
        cwd=cwd,
        env=environment(**changes),
        timeout=120,
        check=False,
    )
    return Outcome(ended.returncode, ended.stdout.decode("utf-8", "surrogateescape"), ended.stderr.decode("utf-8"))


def output_of(*command: object, code: int = 0, cwd: Path | None = None) -> str:
    """Return what another command prints, once it has ended with a code."""
    ended = subprocess.run(
        [str(part) for part in command],
        cwd=cwd,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        encoding="utf-8",
        timeout=300,
        check=False,
    )
    assert ended.returncode == code, ended.stdout
    return ended.stdout


# Signals as a terminal gives them, also where the tests themselves run with some ignored, as in the background of a shell.
_WITH_SIGNALS = (
    "import os, signal, sys;"
    "[signal.signal(n, signal.SIG_DFL) for n in (signal.SIGINT, signal.SIGTERM)];"
    "os.execv(sys.argv[1], sys.argv[1:])"
)


def start(*arguments: object, apart: bool = False) -> subprocess.Popen[bytes]:
    """Start the command in a process of its own, or a process group, to which signals can be sent.

    Warnings are as users have them: a signal may come between the opening of a file and its `with`, and Python then
    closes it by itself.
    """
    return subprocess.Popen(
        [sys.executable, "-S", "-c", _WITH_SIGNALS, sys.executable, "-m", "briefs", *map(str, arguments)],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        env=environment(PYTHONWARNINGS=""),
        process_group=0 if apart else None,
    )
