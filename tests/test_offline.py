"""Nothing is told to anybody, and nothing that could be: no library keeps what it counts of its use."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest
from commands import ROOT

ASKED = {
    "show": ["-m", "briefs", "show", str(ROOT / "seeds/rail-strike.txt")],
    "parse": ["-c", "import briefs; briefs.parse('Dam holds\\n\\nThe dam held on Monday, officials said.\\n')"],
}


@pytest.mark.parametrize("asked", ASKED)
def test_nothing_is_left_in_the_home_of_whoever_asks(asked: str, tmp_path: Path) -> None:
    """onnxruntime would keep there a number for the machine, and what it is to send to its makers."""
    environment = {name: value for name, value in os.environ.items() if "TELEMETRY" not in name}
    environment |= {"HOME": str(tmp_path), "XDG_CACHE_HOME": str(tmp_path / ".cache")}
    subprocess.run([sys.executable, *ASKED[asked]], env=environment, capture_output=True, check=True, timeout=60)
    assert list(tmp_path.rglob("*")) == []
