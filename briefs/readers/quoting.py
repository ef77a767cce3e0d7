"""Blocks that stand for more than their words: quotations set apart, and lines that say what another says."""

from __future__ import annotations

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
    one, two = _bare(text), _bare(other)
    if one == two:
        return True
    short, long = sorted((one, two), key=len)
    return opening and len(short) >= _TRUNCATED and long.startswith(short)


def _bare(text: str) -> str:
    return "".join(filter(str.isalnum, text.casefold()))
