"""Markdown: front matter, then paragraphs, without links, emphasis, images, code, tables and raw HTML."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import cache
from pathlib import PurePath

from markdown_it import MarkdownIt
from markdown_it.token import Token

from briefs.errors import SeedError
from briefs.limits import MAX_TEXT
from briefs.readers.fields import Fields, to_moment
from briefs.readers.front_matter import read_front_matter
from briefs.readers.item import Block, Item, Piece
from briefs.readers.quoting import find_dek, is_same, quoted

LONGEST = 20_000  # code points of a paragraph in which marks are looked for: a longer one stands as it is
_SKIPPED = {"table_open": "table_close"}
# What site generators replace in a text: shortcodes of Hugo, tags of Liquid and Nunjucks, and marks of footnotes.
_GENERATED = re.compile(r"\{\{[<%].{0,1000}?[%>]\}\}|\{%.{0,1000}?%\}|\[\^[^\]\s]{1,40}\]")
_ASIDE = re.compile(r"\[\^[^\]\s]{1,40}\]:|[!?]{3}\+? \w")  # what a footnote says, and admonitions of MkDocs
_SPACES = re.compile("[\t\x0b\x1c-\x1f\x85\u2028\u2029]")


def read_markdown(text: str, *, path: str) -> Item:
    r"""Return the article in the text of a Markdown file, whose line ends are line feeds.

    The title of the front matter is the headline, or else the first heading of the first level. A date that opens the name of
    the file stands for one that the front matter lacks, as in Jekyll. Raises SeedError where the front matter cannot be read
    or the text is longer than an article.

    >>> item = read_markdown("# Dam holds\n\nThe *dam* [held](https://example.com).\n", path="a.md")
    >>> item.headline.text, [block.text for block in item.blocks]
    ('Dam holds', ['The dam held.'])
    """
    if len(text) > MAX_TEXT:
        raise SeedError(path, 1, 1, found=f"more than {MAX_TEXT:,} characters of text", expected="one article")
    front = read_front_matter(text, path=path)
    fields = Fields(front.values)
    source = text.split("\n")[front.lines :]
    headline = None
    blocks: list[Block] = []
    for level, block in _find_blocks(source, front.lines):
        if level == 1 and headline is None and not blocks:
            headline = block
        else:
            blocks.append(block)
    title = fields.text("headline")
    if title:
        if headline is not None and not is_same(headline.text, title):
            blocks.insert(0, headline)
        headline = headline if headline is not None and is_same(headline.text, title) else Block(title)
    return Item(
        headline=headline,
        blocks=blocks,
        dek=find_dek(fields.text("dek"), blocks),
        byline=fields.byline(),
        published=fields.moment("published") or to_moment(PurePath(path).name[:10]),
        updated=fields.moment("updated"),
        publisher=fields.text("publisher"),
        section=fields.section(),
        tags=fields.tags(),
        url=fields.url(),
    )


@cache
def _parser() -> MarkdownIt:
    return MarkdownIt("commonmark").enable(["table", "strikethrough"]).disable("inline")


def _find_blocks(lines: Sequence[str], before: int) -> Iterator[tuple[int, Block]]:
    """Yield the level of heading (0 for a paragraph) and the text of each block; `before` lines stand above in the file."""
    closing = ""
    quotes = level = 0
    links: dict[str, object] = {}  # what the file says of its links by number or name
    for token in _parser().parse("\n".join(lines), links):
        if closing:
            closing = "" if token.type == closing else closing
        elif token.type in _SKIPPED:
            closing = _SKIPPED[token.type]
        elif token.type in ("blockquote_open", "blockquote_close"):
            quotes += token.nesting
        elif token.type == "heading_open":
            level = int(token.tag[1:])
        elif token.type == "inline":
            block = _read_inline(token, links, lines, before)
            if block.text and not _ASIDE.match(token.content):
                yield level, quoted(block) if quotes else block
            level = 0


def _read_inline(token: Token, links: dict[str, object], lines: Sequence[str], before: int) -> Block:
    """Return the words of a block, and where they stand in the file."""
    children: list[Token] = []
    if len(token.content) <= LONGEST:
        _parser().inline.parse(token.content, _parser(), links, children)
        texts = [_words(child) for child in children]
    else:
        texts = [(line, line) for row in token.content.split("\n") for line in (row, "\n")]
    number = token.map[0] if token.map else 0
    text, column = "", 0
    pieces: list[Piece] = []
    for words, written in texts:
        if words == "\n":
            text, number, column = text + " ", number + 1, 0
            continue
        for part in _GENERATED.split(words):
            if part:
                found = lines[number].find(written if words == part else part, column) if number < len(lines) else -1
                column = found if found >= 0 else column
                pieces.append(Piece(at=len(text), line=before + number + 1, column=column + 1))
                column += len(written if words == part else part)
                text += _SPACES.sub(" ", part)
    return _trimmed(text, pieces)


def _words(child: Token) -> tuple[str, str]:
    """Return what a part of a line says, and how it is written."""
    if child.type in ("softbreak", "hardbreak"):
        return "\n", "\n"
    if child.type in ("text", "code_inline"):
        return child.content, child.content
    if child.type == "text_special":
        return child.content, child.markup
    return "", ""


def _trimmed(text: str, pieces: Sequence[Piece]) -> Block:
    """Return a block without white space at its ends."""
    cut = len(text) - len(text.lstrip())
    ends = [piece.at for piece in pieces[1:]] + [len(text)]
    moved = [
        Piece(max(0, piece.at - cut), piece.line, piece.column + max(0, cut - piece.at))
        for piece, end in zip(pieces, ends, strict=False)
        if end > cut
    ]
    return Block(text.strip(), tuple(moved))
