"""Lines: where a text is hard-wrapped, and which stretches of it stand alone.

A file may separate its paragraphs by blank lines, by a line break each, or by an indent, and may be wrapped at a fixed
width besides. `unwrap` makes all of these one form: a line for every paragraph, title, byline or credit.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from itertools import pairwise

# Invisible code points that a text may carry without meaning: zero-width characters, soft hyphens and the controls that
# set the direction of writing. They stay in the text and are ignored in judging it.
INVISIBLE = dict.fromkeys(
    [0xAD, 0x61C, 0x180E, *range(0x200B, 0x2010), *range(0x202A, 0x202F), *range(0x2060, 0x2070), 0xFEFF]
)

_STOP = re.compile(r"[.!?…。][\"'”’»)\]\s]*(?:\([^()]{1,80}\)\.?)?$")
_BULLET = re.compile(r"(?:[-–—*•·▪■●‣]|\(?\d{1,2}[.)]|\(?[a-z]\))\s")
_MIN_WIDTH, _MAX_WIDTH = 40, 132  # no hard-wrapped prose is narrower or wider
_FULL_SHARE = 0.5  # of the line breaks within blocks, so many at least stand where a wrap would put them
_LONG_SHARE = 0.1  # of the lines, so many at most are wider than the wrap: titles, addresses
_RAGGED = 0.12  # of the width: how much shorter a line may be and still be taken for full, if no sentence ends there


@dataclass(frozen=True, slots=True)
class Line:
    """A line that is not blank: half-open code points without its white space, and its visible text on one line."""

    start: int
    end: int
    text: str


@dataclass(frozen=True, slots=True)
class _Raw:
    """A line that is not blank as it stands in the file; `follows` where the line before it is not blank either."""

    start: int
    text: str
    indent: int
    follows: bool


def listed(words: str) -> tuple[str, ...]:
    """Return the words of a rule list that is written as one string.

    >>> listed("is are was")
    ('is', 'are', 'was')
    """
    return tuple(words.split())


def visible(text: str) -> str:
    r"""Return `text` as a reader sees it: no invisible code points, white space as single spaces.

    >>> visible("  A\u200bB \xa0 C ")
    'AB C'
    """
    shown = text if text.isprintable() else text.translate(INVISIBLE)  # most lines are: none of INVISIBLE is printable
    return " ".join(shown.split())


def ends_sentence(text: str) -> bool:
    """Return whether `text` ends with terminal punctuation; quotation marks, or a bracket, may follow it.

    >>> [ends_sentence(text) for text in ('“It is over.”', "It is over", "It is over. (Reuters)")]
    [True, False, True]
    """
    return _STOP.search(text[-100:]) is not None


def opens_item(text: str) -> bool:
    """Return whether `text` begins with a bullet or a number as items of a list do.

    >>> opens_item("- one"), opens_item("2. two"), opens_item("2.5 percent")
    (True, True, False)
    """
    return _BULLET.match(text) is not None


def unwrap(text: str, *, stands_alone: Callable[[str], bool]) -> str:
    r"""Return `text` with the line breaks within its paragraphs as spaces, one for one: offsets stay what they are.

    `stands_alone` says of a line's text that it is no part of a paragraph, whatever its neighbours: a byline, a date.

    >>> prose = "The river rose by a metre overnight and\nwas still rising at noon, the town said.\nNobody was hurt."
    >>> unwrap(prose, stands_alone=lambda line: False).count("\n")
    0
    """
    lines = _raw_lines(text)
    width = _wrap_width(lines)
    pieces: list[str] = []
    done = 0
    for line, after in pairwise(lines):
        if after.follows and _joins(line, after, width, stands_alone):
            pieces.append(text[done : after.start - 1])
            done = after.start
    return " ".join([*pieces, text[done:]])


def find_lines(text: str) -> tuple[Line, ...]:
    r"""Return the lines of `text` that are not blank, in order.

    >>> [(line.start, line.end) for line in find_lines("One\n\n  Two ")]
    [(0, 3), (7, 10)]
    """
    found = []
    for raw in _raw_lines(text):
        body = raw.text.rstrip()
        start = raw.start + len(body) - len(body.lstrip())
        found.append(Line(start, raw.start + len(body), visible(body)))
    return tuple(found)


def _raw_lines(text: str) -> list[_Raw]:
    lines = []
    start = 0
    follows = False
    for line in text.split("\n"):
        bare = line.lstrip()
        if bare and (ord(bare[0]) not in INVISIBLE or visible(bare)):
            indent = len(line[: len(line) - len(bare)].expandtabs(4)) if len(bare) < len(line) else 0
            lines.append(_Raw(start, line, indent, follows))
            follows = True
        else:
            follows = False
        start += len(line) + 1
    return lines


def _wrap_width(lines: list[_Raw]) -> int | None:
    """Return the width at which the text is hard-wrapped, or None where it is not."""
    inner = [pair for pair in pairwise(lines) if pair[1].follows]
    lengths = sorted(len(line.text) for line, _ in inner)
    if not lengths:
        return None
    width = lengths[len(lengths) * 9 // 10]
    too_long = sum(len(line.text) > width * 1.15 for line in lines)
    full = sum(_is_full(line, after, width) for line, after in inner)
    fits = _MIN_WIDTH <= width <= _MAX_WIDTH and too_long <= len(lines) * _LONG_SHARE
    return width if fits and full >= len(inner) * _FULL_SHARE else None


def _is_full(line: _Raw, after: _Raw, width: int) -> bool:
    """Return whether the first word of the next line would not have fitted on this one."""
    word = after.text.split(None, 1)[0]
    slack = 0 if ends_sentence(line.text) else width * _RAGGED
    return len(line.text.rstrip()) + 1 + len(word) > width - slack


def _joins(line: _Raw, after: _Raw, width: int | None, stands_alone: Callable[[str], bool]) -> bool:
    """Return whether the break between two lines is a wrap within one paragraph."""
    head, tail = line.text.strip(), after.text.strip()
    if opens_item(tail) or stands_alone(tail) or stands_alone(head):
        return False
    goes_on = tail[0].islower() and not ends_sentence(head)
    if width is None:
        return goes_on and len(head) >= _MIN_WIDTH
    if after.indent > line.indent and not opens_item(head):
        return False
    return goes_on or _is_full(line, after, width)
