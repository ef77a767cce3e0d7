"""Whatever happens between builds, and to them, the site ends as that of a clean build. `make soak` goes on for longer."""

from __future__ import annotations

import sys

import pytest
from commands import ROOT, output_of

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="needs fork and signals")
SOAK = (sys.executable, ROOT / "tests/soak.py")


def test_a_site_after_whatever_happens_is_that_of_a_clean_build() -> None:
    assert output_of(*SOAK, "--seed", 5, "--steps", 24).count("\n") == 24


def test_the_same_seed_takes_the_same_steps() -> None:
    first, again = (output_of(*SOAK, "--seed", 3, "--steps", 2) for _ in range(2))
    assert first == again
