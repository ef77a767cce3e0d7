"""The tags of a page before it is parsed: whether one of them would take a parser quadratic time."""

from __future__ import annotations

import re

from briefs.errors import SeedError

MAX_ATTRIBUTES = 1_000  # of one element: parsers keep them in a list that they walk for each

_OPENING = re.compile(r"<!--|<[a-zA-Z]")
_TAG = re.compile(r"""<[a-zA-Z](?:[^"'>]++|"[^"]*"|'[^']*')*+>""")
_ATTRIBUTE = re.compile(r"""[\s/"'][^\s/"'>=]+(?:\s*+=\s*+(?:"[^"]*"|'[^']*'|[^\s"'>]+))?""")
# Elements whose content is no markup, and what ends them.
_RAW = re.compile(r"<(script|style|textarea|title)\b", re.IGNORECASE)
_RAW_ENDS = {name: re.compile(f"</{name}", re.IGNORECASE) for name in ("script", "style", "textarea", "title")}


def check_tags(text: str, *, path: str) -> None:
    """Raise SeedError where an element has more attributes than any element has; takes linear time.

    >>> check_tags("<p " + "a=1 " * 2_000 + ">", path="a.html")
    Traceback (most recent call last):
    briefs.errors.SeedError: a.html:1:1: an element with more than 1,000 attributes; expected a page
    """
    start = 0
    quoted = True  # whether quotation marks in tags come in pairs, as far as is known
    while (opening := _OPENING.search(text, start)) is not None:
        if opening[0] == "<!--":
            start = _after(text, "-->", opening.end())
            continue
        found = _TAG.match(text, opening.start()) if quoted else None
        quoted = found is not None
        start = found.end() if found else _after(text, ">", opening.end())
        tag = text[opening.start() : start]
        if len(tag) > MAX_ATTRIBUTES and sum(1 for _ in _ATTRIBUTE.finditer(tag)) > MAX_ATTRIBUTES:
            line = text.count("\n", 0, opening.start()) + 1
            found_ = f"an element with more than {MAX_ATTRIBUTES:,} attributes"
            raise SeedError(path, line, 1, found=found_, expected="a page")
        raw = _RAW.match(tag)
        if raw is not None:
            end = _RAW_ENDS[raw[1].lower()].search(text, start)
            start = end.start() if end else len(text)


def _after(text: str, mark: str, start: int) -> int:
    """Return where a mark ends, or the text where it lacks the mark."""
    found = text.find(mark, start)
    return found + len(mark) if found >= 0 else len(text)
