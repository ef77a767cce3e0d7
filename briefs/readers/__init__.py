"""Readers: from the bytes of a file to an `Article`, one module for each form a file may have."""

from __future__ import annotations

from briefs.limits import DEFAULT_MAX_BYTES
from briefs.readers.text import read_text

__all__ = ["DEFAULT_MAX_BYTES", "read_text"]
