"""BERT's uncased WordPiece, with the offsets of every piece.

The algorithm is the one of Devlin et al. (2019), in the form in which the encoder was trained: control characters dropped,
accents stripped, lower case, words split at white space, punctuation and CJK ideographs, then the longest known piece first.
It is written here rather than taken from a package because the package that has it brings a network client and a dozen
others along; a test holds it to that package, piece by piece. Unlike there, `[SEP]` in an article is plain text.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Mapping
from typing import NamedTuple

UNKNOWN = "[UNK]"
LOWER, TITLE, CAPITALS, MIXED, DIGITS, OTHER = range(6)  # case classes of a piece, as written
MAX_WORD = 100  # code points: a longer word is unknown, as in BERT
_CACHE = 50_000  # distinct chunks kept: a few megabytes
_CHUNK = re.compile(r"(?:\S|[\x0b\x0c\x1c-\x1f\x85])+")
_IDEOGRAPHS = (
    (0x3400, 0x4DBF),
    (0x4E00, 0x9FFF),
    (0xF900, 0xFAFF),
    (0x20000, 0x2A6DF),
    (0x2A700, 0x2B73F),
    (0x2B740, 0x2B81F),
    (0x2B920, 0x2CEAF),
    (0x2F800, 0x2FA1F),
)


class Piece(NamedTuple):
    """A word piece: its number in the vocabulary, its code points in the text, and whether it opens a word."""

    id: int
    start: int
    end: int
    opens: bool


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


class Columns(NamedTuple):
    """Pieces, column by column: vocabulary numbers, case classes, code points, and which of them open a word."""

    ids: tuple[int, ...]
    cases: tuple[int, ...]
    offsets: tuple[tuple[int, int], ...]
    opens: tuple[bool, ...]


class WordPiece:
    """A vocabulary, ready to cut text into pieces.

    >>> pieces = WordPiece({"[UNK]": 0, "cafe": 1, "##s": 2, "!": 3})
    >>> [tuple(p) for p in pieces.encode("Cafés! x")]
    [(1, 0, 4, True), (2, 4, 5, False), (3, 5, 6, True), (0, 7, 8, True)]
    """

    def __init__(self, vocabulary: Mapping[str, int]) -> None:
        self._vocabulary = vocabulary
        self._unknown = vocabulary[UNKNOWN]
        self._cache: dict[str, Columns] = {}

    def encode(self, text: str, start: int = 0, end: int | None = None) -> Iterator[Piece]:
        """Yield the pieces of `text`, or of a part of it, in order; offsets are half-open ranges of its code points."""
        columns = self.columns(text, start, len(text) if end is None else end)
        for number, (first, past), opens in zip(columns.ids, columns.offsets, columns.opens, strict=True):
            yield Piece(number, first, past, opens)

    def columns(self, text: str, start: int, end: int) -> Columns:
        """Return the pieces of a part of `text`, with their case classes."""
        ids: list[int] = []
        cases: list[int] = []
        offsets: list[tuple[int, int]] = []
        opens: list[bool] = []
        for match in _CHUNK.finditer(text, start, end):
            numbers, classes, places, openings = self._cache.get(match[0]) or self._cut(match[0])
            at = match.start()
            ids += numbers
            cases += classes
            offsets += [(first + at, past + at) for first, past in places]
            opens += openings
        return Columns(tuple(ids), tuple(cases), tuple(offsets), tuple(opens))

    def _cut(self, chunk: str) -> Columns:
        """Return the pieces of a stretch of text, and keep them."""
        pieces = [piece for word in _words(chunk) for piece in self._pieces(word)]
        if len(self._cache) >= _CACHE:
            self._cache.clear()
        self._cache[chunk] = Columns(
            ids=tuple(piece.id for piece in pieces),
            cases=tuple(case_class(chunk[piece.start : piece.end]) for piece in pieces),
            offsets=tuple((piece.start, piece.end) for piece in pieces),
            opens=tuple(piece.opens for piece in pieces),
        )
        return self._cache[chunk]

    def _pieces(self, word: list[tuple[str, int]]) -> list[Piece]:
        """Cut one normalised word, given as characters with the offsets that they come from."""
        text = "".join(c for c, _ in word)
        found: list[Piece] = []
        start = 0
        while start < len(text) <= MAX_WORD:
            prefix = "##" if start else ""
            for end in range(len(text), start, -1):
                number = self._vocabulary.get(prefix + text[start:end])
                if number is not None:
                    found.append(Piece(number, word[start][1], word[end - 1][1] + 1, start == 0))
                    start = end
                    break
            else:
                break
        if start < len(text):
            return [Piece(self._unknown, word[0][1], word[-1][1] + 1, opens=True)]
        return found


def _words(chunk: str) -> Iterator[list[tuple[str, int]]]:
    """Yield the words of a chunk: normalised characters, each with the offset of the character that it comes from."""
    word: list[tuple[str, int]] = []
    for offset, raw in enumerate(chunk):
        if raw.isascii() and raw.isalnum():
            word.append((raw.lower(), offset))
            continue
        for character in _normalised(raw):
            if _stands_alone(character):
                if word:
                    yield word
                yield [(character, offset)]
                word = []
            else:
                word.append((character, offset))
    if word:
        yield word


def _normalised(character: str) -> str:
    """Return what is left of a character: "" for a control or an accent, else its bare lower case."""
    if character == "\ufffd" or unicodedata.category(character).startswith("C"):
        return ""
    bare = "".join(c for c in unicodedata.normalize("NFD", character) if unicodedata.category(c) != "Mn")
    return bare.lower()


def _stands_alone(character: str) -> bool:
    """Return whether a character is a word of its own: punctuation, an ASCII symbol, or a CJK ideograph."""
    if character.isascii():
        return not character.isalnum()
    if unicodedata.category(character).startswith("P"):
        return True
    return any(first <= ord(character) <= last for first, last in _IDEOGRAPHS)
