"""What the tagger reads at a time: an article's pieces, cut into windows that keep sentences whole.

The encoder reads a few hundred pieces at once, so an article is read in windows; in training each repeats the last sentence of
the one before. Each sentence is opened by a marker piece, at which the model says the sentence's role.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from briefs.schema import Article, Span
from briefs.wordpiece import LOWER, OTHER, WordPiece

CLS, SEP, MARKER = 101, 102, 1  # BERT's own, and [unused0]
CASES = OTHER + 1  # case classes of a piece
HEADLINE = 64
POSITIONS = 65  # buckets of a sentence's position in its article
HEADLINE_PIECES = 40


@dataclass(frozen=True, slots=True)
class Unit:
    """The pieces of one sentence: vocabulary numbers, case classes, offsets in the article, and which of them open a word."""

    ids: tuple[int, ...]
    cases: tuple[int, ...]
    offsets: tuple[tuple[int, int], ...]
    opens: tuple[bool, ...]

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
    parts: tuple[tuple[int, int, int, int], ...]

    @property
    def openings(self) -> tuple[tuple[int, int], ...]:
        """The units that begin in the window, and not before it: the number of each, and the index of its marker."""
        return tuple((unit, at - 1) for unit, first, _, at in self.parts if first == 0)


def position_buckets(paragraphs: Sequence[int]) -> list[int]:
    """Return the bucket of each sentence, 0 to 63, from the numbers of the paragraphs that the sentences stand in.

    It tells how many sentences come before, in eight steps, by quarter of the article; 32 more if the sentence goes on with
    a paragraph. A headline has a bucket of its own, `HEADLINE`.

    >>> position_buckets([0, 0, 1, 1])
    [0, 37, 10, 47]
    """
    buckets = []
    for number, paragraph in enumerate(paragraphs):
        early = next(i for i, limit in enumerate((0, 1, 2, 3, 7, 15, 31, number)) if number <= limit)
        goes_on = number > 0 and paragraphs[number - 1] == paragraph
        buckets.append(32 * goes_on + early * 4 + min(4 * number // len(paragraphs), 3))
    return buckets


def read_units(text: str, spans: Sequence[Span], wordpiece: WordPiece) -> list[Unit]:
    """Return one `Unit` for each of `spans`, which are sentences."""
    return [Unit(*wordpiece.columns(text, span.start, span.end)) for span in spans]


def read_article(article: Article, wordpiece: WordPiece) -> tuple[list[Unit], list[int], Unit | None]:
    """Return the units of an article, its headline (if it has one) first; their position buckets; and the headline's unit."""
    titles = [article.headline] if article.headline.end > article.headline.start else []
    units = read_units(article.text, [*titles, *(s.span for s in article.sentences)], wordpiece)
    positions = [HEADLINE] * len(titles) + position_buckets([s.paragraph for s in article.sentences])
    return units, positions, units[0] if titles else None


def cut_windows(units: Sequence[Unit], *, size: int, overlap: int = 0, headline: Unit | None = None) -> list[Window]:
    """Cut sentences into windows of at most `size` pieces, special ones included; each repeats the last `overlap` sentences.

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
    parts = []
    for number, first, length in stretches:
        unit = units[number]
        ids += [MARKER, *unit.ids[first : first + length]]
        cases += [OTHER, *unit.cases[first : first + length]]
        parts.append((number, first, length, len(ids) - length))
    return Window((*ids, SEP), (*cases, OTHER), tuple(parts))
