"""Fixtures that several test modules share."""

from __future__ import annotations

import signal
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from commands import ARTICLE, Outcome
from parsed_seeds import STEMS, parsed_seed
from trusted import Changed, make_changed

from briefs import Article, Brief

collect_ignore = ["fuzz.py"]  # a program of its own, for `make fuzz`


@pytest.fixture(autouse=True)
def _without_cache(monkeypatch: pytest.MonkeyPatch) -> None:
    """Have every build parse: what it keeps for the next is tested where it is switched on."""
    monkeypatch.setenv("BRIEFS_NO_CACHE", "1")


@pytest.fixture(params=STEMS)
def seed(request: pytest.FixtureRequest) -> tuple[Article, Brief]:
    """Return each seed in turn, as article and brief."""
    return parsed_seed(request.param)


@pytest.fixture
def article(tmp_path: Path) -> Path:
    """Return the file of a short article."""
    path = tmp_path / "selmoor-dam.txt"
    path.write_text(ARTICLE, encoding="utf-8")
    return path


@pytest.fixture(scope="module")
def changed(tmp_path_factory: pytest.TempPathFactory) -> Changed:
    """Return a site that a build would change."""
    return make_changed(tmp_path_factory.mktemp("changed"))


@pytest.fixture
def site(changed: Changed, tmp_path: Path) -> Changed:
    """Return a site that a build would change, in a folder of its own."""
    return changed.copy(tmp_path)


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
