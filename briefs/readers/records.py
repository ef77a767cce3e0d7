"""Records: JSON objects whose fields are an article's, by their obvious names; one a line, in a list, or alone."""

from __future__ import annotations

import io
from collections.abc import Iterator, Mapping
from typing import BinaryIO, NamedTuple

from briefs.errors import SeedError
from briefs.readers.fields import Fields
from briefs.readers.item import Block, Item
from briefs.readers.markup import read_markup
from briefs.readers.quoting import find_dek, without_title


class Line(NamedTuple):
    """A line of a file that is not blank, its number from 1; `whole` is False where it is longer than may be."""

    number: int
    source: bytes
    whole: bool


def read_record(record: Mapping[str, object], *, names: Mapping[str, str], line: int, label: str = "") -> Item:
    """Return the article in a record; `names` says of a field the name that it has here, where that is another.

    >>> item = read_record({"head": "Dam holds", "text": "It held."}, names={"headline": "head"}, line=1)
    >>> item.headline.text, [block.text for block in item.blocks]
    ('Dam holds', ['It held.'])
    """
    fields = Fields(record, names=names)
    title = fields.text("headline")
    blocks = without_title(read_markup(fields.raw("html") or fields.raw("text") or ""), title)
    if not title and len(blocks) > 1:
        title = blocks.pop(0).text
    return Item(
        headline=Block(title) if title else None,
        blocks=blocks,
        dek=find_dek(fields.text("dek"), blocks),
        byline=fields.byline(),
        published=fields.moment("published"),
        updated=fields.moment("updated"),
        publisher=fields.text("publisher"),
        section=fields.section(),
        tags=fields.tags(),
        url=fields.url(),
        id=fields.text("id") or fields.url(),
        line=line,
        label=label,
    )


def find_lines(head: bytes, stream: BinaryIO, *, most: int) -> Iterator[Line]:
    r"""Yield the lines of a file that are not blank; `head` is what was read of it, `stream` the rest, read as it is needed.

    >>> [line.source for line in find_lines(b'{"a": 1}\n\n{"a"', io.BytesIO(b": 2}"), most=80)]
    [b'{"a": 1}', b'{"a": 2}']
    """
    first = io.BytesIO(head)
    number = 0
    while True:
        line = first.readline(most + 1)
        if not line.endswith(b"\n") and len(line) <= most:
            line += stream.readline(most + 1 - len(line))
        if not line:
            return
        number += 1
        whole = len(line.rstrip(b"\r\n")) <= most
        while not whole and not line.endswith(b"\n"):
            line = first.readline(most) or stream.readline(most)
            if not line:
                break
        if not whole or line.strip():
            yield Line(number, line.strip() if whole else b"", whole)


def too_long(line: Line, *, path: str, most: int) -> SeedError:
    """Return the error of a line that is longer than may be."""
    return SeedError(path, line.number, 1, found=f"a line of more than {most:,} bytes", expected=f"at most {most:,}")
