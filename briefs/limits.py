"""Limits that both the readers and the command line name; apart, so that the command line need not import a reader."""

from __future__ import annotations

DEFAULT_MAX_BYTES = 2_000_000  # of an article's file
