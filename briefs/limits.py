"""Limits that both the readers and the command line name; apart, so that the command line need not import a reader."""

from __future__ import annotations

DEFAULT_MAX_BYTES = 10_000_000  # of a file, or of one of the records in it
MAX_TEXT = 2_000_000  # code points of an article: the longest have a tenth of these
MAX_LINES = 10_000  # its lines that are not blank: likewise
