"""The same bytes on another processor: one that is emulated, where QEMU's user mode is installed."""

from __future__ import annotations

import os
import platform
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

SEED = Path(__file__).parents[1] / "seeds" / "library-closure.txt"
QEMU = shutil.which("qemu-x86_64")

pytestmark = pytest.mark.skipif(
    QEMU is None or sys.platform != "linux" or platform.machine() != "x86_64",
    reason="needs Linux on x86-64 with qemu-user",
)


def show(*before: str) -> bytes:
    """Return the record of the seed, as a Python of its own prints it."""
    paths = os.pathsep.join(path for path in sys.path if path)
    command = [*before, str(Path(sys.executable).resolve()), "-m", "briefs", "show", str(SEED), "--format", "json"]
    environment = {**os.environ, "PYTHONPATH": paths}
    shown = subprocess.run(command, env=environment, capture_output=True, timeout=300, check=False)
    assert shown.returncode == 0, shown.stderr
    return shown.stdout


def test_a_brief_is_the_same_on_a_processor_of_2013() -> None:
    """Without AVX-512 and VNNI products are made in other steps; every byte of the record comes out the same."""
    assert QEMU is not None
    assert show(QEMU, "-cpu", "Haswell") == show()
