"""What the tagger reads at a time: an article's pieces, cut into windows that keep sentences whole.

The encoder reads a few hundred pieces at once, so an article is read in windows that overlap by some sentences. Each sentence
is opened by a marker piece, at which the model says the sentence's role.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from briefs.schema import Span
from briefs.wordpiece import WordPiece

CLS, SEP, MARKER = 101, 102, 1  # BERT's own, and [unused0]
LOWER, TITLE, CAPITALS, MIXED, DIGITS, OTHER = range(6)  # case classes of a piece, as written
HEADLINE_PIECES = 40


@dataclass(frozen=True, slots=True)
class Unit:
    """The pieces of one sentence: vocabulary numbers, case classes, offsets in the article, and which of them open a word."""

    ids: tuple[int, ...]
    cases: tuple[int, ...]
    offsets: tuple[tuple[int, int], ...]
    opens: tuple[bool, ...]
    position: int

    def __len__(self) -> int:
        return len(self.ids)


@dataclass(frozen=True, slots=True)
class Window:
    """One input of the model, and where its pieces belong.

    `parts` says, for each stretch of a sentence in the window: the unit's number, the first of the unit's pieces, how many of
    them, and the index in the window of the first. The marker stands one before that.
    """

    ids: tuple[int, ...]
    cases: tuple[int, ...]
    positions: tuple[int, ...]
    parts: tuple[tuple[int, int, int, int], ...]


def case_class(piece: str) -> int:
    """Return the case class of a piece of text; the encoder itself is uncased.

    >>> [case_class(p) for p in ("rain", "Rain", "BBC", "A", "iPhone", "2026", "%")]
    [0, 1, 2, 1, 3, 4, 5]
    """
    if piece.isdigit():
        return DIGITS
    if not any(c.isalpha() for c in piece):
        return OTHER
    if piece.islower():
        return LOWER
    if piece.isupper():
        return CAPITALS if len(piece) > 1 else TITLE
    return TITLE if piece[0].isupper() else MIXED


def position_bucket(number: int, count: int) -> int:
    """Return the bucket, 0 to 31, of sentence `number` of `count`: how many came before, by quarter of the article.

    >>> position_bucket(0, 12), position_bucket(3, 12), position_bucket(11, 12)
    (0, 13, 23)
    """
    early = next(i for i, limit in enumerate((0, 1, 2, 3, 7, 15, 31, number)) if number <= limit)
    return early * 4 + min(4 * number // max(count, 1), 3)


def read_units(text: str, spans: Sequence[Span], wordpiece: WordPiece) -> list[Unit]:
    """Return one `Unit` for each of `spans`, which are the article's sentences in order."""
    units = []
    for number, span in enumerate(spans):
        pieces = tuple(wordpiece.encode(text[span.start : span.end]))
        offsets = tuple((p.start + span.start, p.end + span.start) for p in pieces)
        units.append(
            Unit(
                ids=tuple(p.id for p in pieces),
                cases=tuple(case_class(text[a:b]) for a, b in offsets),
                offsets=offsets,
                opens=tuple(p.opens for p in pieces),
                position=position_bucket(number, len(spans)),
            )
        )
    return units


def cut_windows(units: Sequence[Unit], *, size: int, overlap: int, headline: Unit | None = None) -> list[Window]:
    """Cut sentences into windows of at most `size` pieces, special ones included; each repeats `overlap` sentences.

    With a `headline`, its first pieces open each window. A sentence longer than a window is cut between pieces.
    """
    opening = [CLS]
    if headline is not None and len(headline):
        opening += [*headline.ids[:HEADLINE_PIECES], SEP]
    room = size - len(opening) - 1
    stretches = list(_stretches(units, room - 1))
    windows = []
    first = 0
    while first < len(stretches):
        last, used = first, 0
        while last < len(stretches) and used + stretches[last][2] + 1 <= room:
            used += stretches[last][2] + 1
            last += 1
        windows.append(_window(units, stretches[first:last], opening))
        if last == len(stretches):
            break
        first = max(first + 1, last - overlap)
    return windows


def _stretches(units: Sequence[Unit], longest: int) -> Iterator[tuple[int, int, int]]:
    """Yield (unit, first piece, number of pieces), no longer than `longest` pieces."""
    for number, unit in enumerate(units):
        for first in range(0, max(len(unit), 1), longest):
            yield number, first, min(longest, len(unit) - first)


def _window(units: Sequence[Unit], stretches: Sequence[tuple[int, int, int]], opening: Sequence[int]) -> Window:
    ids = list(opening)
    cases = [OTHER] + [LOWER] * (len(opening) - 1)
    positions = [0] * len(opening)
    parts = []
    for number, first, length in stretches:
        unit = units[number]
        ids += [MARKER, *unit.ids[first : first + length]]
        cases += [OTHER, *unit.cases[first : first + length]]
        positions += [unit.position] * (length + 1)
        parts.append((number, first, length, len(ids) - length))
    return Window((*ids, SEP), (*cases, OTHER), (*positions, 0), tuple(parts))
