"""Programs of npm, as others run them on what briefs makes."""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest
from commands import Outcome

HERE = Path(__file__).parent
MODULES = HERE / "node_modules"

Run = Callable[..., Outcome]


@pytest.fixture(scope="session")
def node() -> Run:
    """Return a function that runs a script with node; skip where something is missing, but never in continuous integration."""
    program = shutil.which("node")
    if program and (MODULES / ".package-lock.json").is_file():

        def run(script: Path, *arguments: object, cwd: Path = HERE) -> Outcome:
            command = [program, str(script), *map(str, arguments)]
            ended = subprocess.run(command, capture_output=True, encoding="utf-8", cwd=cwd, timeout=120, check=False)
            return Outcome(ended.returncode, ended.stdout, ended.stderr)

        return run
    missing = "needs `npm ci` in tests/node" if program else "needs node, and `npm ci` in tests/node"
    if os.environ.get("CI"):
        pytest.fail(missing)
    pytest.skip(missing)
