"""The paragraphs of the story: lines less what stands in them and is no part of it.

A dateline is cut off before the first paragraph; agency tags, credits, sign-offs and rights off the end of any.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from briefs.schema import Furniture, FurnitureKind, Span
from briefs.stages.credits import AGENCIES, MASTHEADS, Dateline, read_dateline
from briefs.stages.furniture import find_phrases, judge
from briefs.stages.layout import Line, visible

_REACH = 240  # code points before the end of a paragraph in which a bracket or a sign-off begins
_TAILS = (
    re.compile(r"(?<=[.!?”\"’')»…])\s*(?P<part>\([^()]{2,200}\))\.?\s*$"),
    re.compile(r"\s(?P<part>\([^()]{2,40}\))\s*$"),
    re.compile(r"(?<=[.!?”\"’')»…])\s+(?P<part>[^\W_a-z][^.!?()]{12,160}\.?)\s*$"),
)
_NEWSROOM_ENDS = MASTHEADS | {"business", "media", "agency", "service", "radio", "network"}


@dataclass(frozen=True, slots=True)
class Paragraph:
    """A paragraph without its furniture, the furniture, and what that says of place and agency."""

    span: Span
    furniture: tuple[Furniture, ...] = ()
    dateline: Dateline | None = None
    agency: str | None = None


def find_paragraphs(text: str, lines: Sequence[Line]) -> tuple[Paragraph, ...]:
    """Return the paragraphs in the lines of a story, in order.

    >>> from briefs.stages.layout import find_lines
    >>> text = "LYON (AP) — The dam cracked. (AP)"
    >>> [(p.span.of(text), p.dateline.place, p.agency) for p in find_paragraphs(text, find_lines(text))]
    [('The dam cracked.', 'LYON', 'AP')]
    """
    return tuple(
        _cut_paragraph(text, line, first=number == 0, last=number == len(lines) - 1)
        for number, line in enumerate(lines)
    )


def _cut_paragraph(text: str, line: Line, *, first: bool, last: bool) -> Paragraph:
    start, end = line.start, line.end
    furniture: list[Furniture] = []
    agency = None
    dateline = read_dateline(text[start : min(end, start + 200)]) if first or text[start] == "(" else None
    if dateline is not None:
        prefix = text[start : start + dateline.length].rstrip()
        furniture.append(Furniture(kind="dateline", span=Span(start=start, end=start + len(prefix))))
        start += dateline.length
    while (tail := _find_tail(text, start, end, outermost=first or last)) is not None:
        furniture.append(tail)
        if tail.kind == "publisher":
            agency = agency or tail.span.of(text).strip("().")
        end = start + len(text[start : tail.span.start].rstrip())
    return Paragraph(Span(start=start, end=end), tuple(furniture), dateline, agency)


def _find_tail(text: str, start: int, end: int, *, outermost: bool) -> Furniture | None:
    """Return the bracket or the last sentence of a paragraph if it is furniture: an agency, a credit, a sign-off."""
    near = max(start, end - _REACH)
    tail = text[near:end]
    for number, pattern in enumerate(_TAILS):
        match = pattern.search(tail)
        if match is None or not text[start : near + match.start("part")].strip():
            continue
        bracket = match["part"].startswith("(")
        kind = (
            _bracket_kind(match["part"], sure=outermost and number == 0) if bracket else _sentence_kind(match["part"])
        )
        if kind is not None:
            return Furniture(kind=kind, span=Span(start=near + match.start("part"), end=near + match.end("part")))
    return None


def _bracket_kind(part: str, *, sure: bool) -> FurnitureKind | None:
    """Return what kind of furniture a bracket at the end of a paragraph is; an unknown agency only where `sure`."""
    name = part[1:-1].strip()
    if name in AGENCIES:
        return "publisher"
    kind = judge(find_phrases(visible(part)) | {"edge", "bracketed"})
    if kind in ("sign_off", "caption", "link", "note"):
        return kind
    words = name.split()
    titled = 1 <= len(words) <= 4 and all(word[0].isupper() and word.isalpha() for word in words) and not name.isupper()
    return "publisher" if sure and titled and words[-1].lower() in _NEWSROOM_ENDS else None


def _sentence_kind(part: str) -> FurnitureKind | None:
    """Return what kind of furniture the last sentence of a paragraph is: a sign-off or a right, nothing less sure."""
    kind = judge(find_phrases(visible(part)) | {"edge"})
    return kind if kind in ("sign_off", "copyright") else None
