"""Blocks that stand for more than their words: quotations set apart, and lines that say what another says."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from briefs.readers.item import Block

_PAIRS = {"“": "”", '"': '"', "‘": "’", "«": "»", "„": "“", "'": "'"}
_TRUNCATED = 40  # letters and digits that a copy of a beginning has at least


def quoted(block: Block) -> Block:
    """Return a block that was set apart as a quotation, in quotation marks: without its indent it would be the article's voice.

    >>> quoted(Block("We are safe.")).text, quoted(Block("“We are safe,” she said.")).text
    ('“We are safe.”', '“We are safe,” she said.')
    """
    text = block.text
    if any(mark in text for mark in '“”«»„"') or (text[:1] in _PAIRS and text[-1:] == _PAIRS[text[:1]]):
        return block
    pieces = tuple(replace(piece, at=piece.at + 1) for piece in block.pieces)
    return Block(f"“{text}”", pieces)


def is_same(text: str, other: str, *, opening: bool = False) -> bool:
    """Return whether two lines say the same, punctuation and case aside; `opening`: or one is the beginning of the other.

    >>> is_same("Dam holds!", "DAM HOLDS"), is_same("Dam holds …", "Dam holds for now", opening=True)
    (True, False)
    """
    one, two = letters(text), letters(other)
    if one == two:
        return True
    short, long = sorted((one, two), key=len)
    return opening and len(short) >= _TRUNCATED and long.startswith(short)


def letters(text: str) -> str:
    """Return what two lines must share to say the same: their letters and digits, case aside.

    >>> letters("“Dam” holds, still") == letters('"DAM" HOLDS – STILL')
    True
    """
    return "".join(filter(str.isalnum, text.casefold()))


def without_title(blocks: Sequence[Block], title: str | None) -> list[Block]:
    """Return the blocks of an article, the first left out where it only repeats the title.

    >>> [block.text for block in without_title([Block("Dam holds."), Block("It held.")], "Dam holds")]
    ['It held.']
    """
    repeated = bool(title and blocks and is_same(blocks[0].text, title))
    return list(blocks[repeated:])


def find_dek(text: str | None, blocks: Sequence[Block]) -> Block | None:
    """Return a summary as the dek, or None where it says no more than the beginning of the story.

    >>> story = [Block("The dam above Selmoor held on Monday, the mayor of the town said.")]
    >>> find_dek("The dam above Selmoor held on Monday, the mayor of the …", story)
    >>> find_dek("Two towns are dry again", story).text
    'Two towns are dry again'
    """
    return Block(text) if text and blocks and not is_same(text, blocks[0].text, opening=True) else None
