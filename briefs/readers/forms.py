"""Which form a file has: told by its beginning, with its name as a hint."""

from __future__ import annotations

import re
from enum import Enum, auto
from pathlib import PurePath

_HEAD = 65_536  # bytes that are looked at
_MARKDOWN = frozenset((".md", ".markdown", ".mdown", ".mkd"))
_PAGES = frozenset((".html", ".htm", ".xhtml"))
_FEEDS = frozenset((".xml", ".rss", ".atom", ".rdf"))
_LINES = frozenset((".jsonl", ".ndjson"))
_RECORDS = _LINES | {".json"}
_TEXTS = frozenset((".txt", ".text"))
LONE_SUFFIXES = _TEXTS | _MARKDOWN | _PAGES  # of files that hold one article
SUFFIXES = LONE_SUFFIXES | _FEEDS | _RECORDS

_PROLOGUE = re.compile(r"(?:\s|<\?.*?\?>|<!--.*?-->|<!DOCTYPE(?:[^<>\[]|\[.*?\])*>)*", re.DOTALL | re.IGNORECASE)
_ROOT = re.compile(r"<(?:[\w.-]+:)?([A-Za-z][\w-]*)[\s/>]")
_DOCTYPE = re.compile(r"\s*(?:<\?.*?\?>\s*|<!--.*?-->\s*)*<!DOCTYPE\s+html\b", re.DOTALL | re.IGNORECASE)
_FEED_ROOTS = frozenset(("rss", "feed", "rdf", "channel"))
_PAGE_ROOTS = frozenset(("html", "head", "body", "meta", "title", "article", "main", "section", "header"))
_FRONT_MATTER = re.compile(r"---[ \t]*\n(?:#[^\n]*\n|\s*\n)*[\w\"'][^\n:]*:|\+\+\+[ \t]*\n")
_HEADING = re.compile(r"# \S")


class Form(Enum):
    """The forms that an article comes in."""

    TEXT = auto()
    MARKDOWN = auto()
    PAGE = auto()
    FEED = auto()
    JSON = auto()
    LINES = auto()


def detect_form(head: bytes, name: str) -> Form:
    r"""Return the form of a file from its first bytes and its name, "-" where it has none.

    >>> detect_form(b"<!DOCTYPE html><title>Dam holds</title>", "dam.txt"), detect_form(b"# Dam holds\n", "-")
    (<Form.PAGE: 3>, <Form.MARKDOWN: 2>)
    >>> detect_form(b"[Update] Dam holds\n", "dam.txt"), detect_form(b'{"title": "Dam holds"}\n', "dam.txt")
    (<Form.TEXT: 1>, <Form.JSON: 5>)
    """
    suffix = PurePath(name).suffix.lower()
    text = _peek(head)
    if text.startswith("<"):
        return _detect_markup(text, suffix)
    if suffix in _LINES and text.startswith("{"):
        return Form.LINES
    if re.match(r'\{\s*(?:"|\}|\Z)|\[\s*(?:\{|\]|\Z)', text) or (suffix in _RECORDS and suffix not in _LINES):
        return Form.JSON
    if suffix in _LINES:
        return Form.LINES
    if suffix in _MARKDOWN or _FRONT_MATTER.match(text) or _HEADING.match(text):
        return Form.MARKDOWN
    if suffix in _PAGES and "<" in text:
        return Form.PAGE
    return Form.FEED if suffix in _FEEDS else Form.TEXT


def _detect_markup(text: str, suffix: str) -> Form:
    """Return the form of a text that begins with a tag: by its first element, by its name where that says nothing."""
    root = _ROOT.match(text, _PROLOGUE.match(text).end())  # type: ignore[union-attr]
    name = root[1].lower() if root else ""
    if name in _FEED_ROOTS or (suffix in _FEEDS and name not in _PAGE_ROOTS):
        return Form.FEED
    if _DOCTYPE.match(text) or name in _PAGE_ROOTS or suffix in _PAGES:
        return Form.PAGE
    if suffix in _MARKDOWN:
        return Form.MARKDOWN
    if suffix in _TEXTS or not root:
        return Form.TEXT
    return Form.FEED if text.startswith("<?xml") else Form.PAGE


def _peek(head: bytes) -> str:
    """Return the beginning of a file as text, from its first visible character."""
    start = head[:_HEAD]
    for mark, encoding in ((b"\xff\xfe", "utf-16-le"), (b"\xfe\xff", "utf-16-be")):
        if start.startswith(mark):
            return start[2:].decode(encoding, "replace").lstrip()
    return start.decode("utf-8", "replace").removeprefix("\ufeff").replace("\r\n", "\n").lstrip()
