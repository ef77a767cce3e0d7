"""What several test modules share: the seeds with their briefs, and ways to run the command."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import NamedTuple

import pytest

from briefs import Article, Brief, parse
from briefs.readers import read_text

ROOT = Path(__file__).parent.parent
SEEDS = sorted((ROOT / "seeds").glob("*.txt"))

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


@cache
def brief_of_seed(name: str) -> tuple[Article, Brief]:
    """Return the article and the brief of `seeds/NAME.txt`, parsed once for all tests."""
    path = ROOT / "seeds" / f"{name}.txt"
    article = read_text(path.read_bytes(), path=path.relative_to(ROOT).as_posix())
    return article, parse(article)


@pytest.fixture(params=[path.stem for path in SEEDS])
def seed(request: pytest.FixtureRequest) -> tuple[Article, Brief]:
    """Return each seed in turn, as article and brief."""
    return brief_of_seed(request.param)


@pytest.fixture
def article(tmp_path: Path) -> Path:
    """Return the file of a short article."""
    path = tmp_path / "selmoor-dam.txt"
    path.write_text(ARTICLE, encoding="utf-8")
    return path


@pytest.fixture
def call(
    capfdbinary: pytest.CaptureFixture[bytes], monkeypatch: pytest.MonkeyPatch
) -> Iterator[Callable[..., Outcome]]:
    """Return a function that runs the command in this process: quick, as the model is loaded once."""
    from briefs.cli import main

    handlers = {number: signal.getsignal(number) for number in (signal.SIGINT, signal.SIGTERM)}

    def run(*arguments: object) -> Outcome:
        monkeypatch.setattr(sys, "argv", ["briefs", *map(str, arguments)])
        capfdbinary.readouterr()
        with pytest.raises(SystemExit) as ended:
            main()
        sys.stdout.flush()
        out, err = capfdbinary.readouterr()
        return Outcome(int(ended.value.code or 0), out.decode(), err.decode())

    yield run
    for number, handler in handlers.items():
        signal.signal(number, handler)


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
