"""What a form says of an article before its text is put together, and how that becomes an `Article`.

A structured form (Markdown, a page, a feed, a record) gives headline, dek and paragraphs each by themselves. Put together as a
text form has them, a paragraph a line, they go through the same anatomy: so the same article is read alike in every form.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import chain

from briefs.errors import SeedError
from briefs.limits import MAX_LINES, MAX_TEXT
from briefs.readers.language import detect_language
from briefs.schema import Article, Landmark, Origin, Sentence
from briefs.stages.anatomy import Anatomy, find_anatomy
from briefs.stages.layout import visible
from briefs.text import find_sentences

# What no article has: controls (C0, DEL, C1), lone surrogates and noncharacters. White space among them becomes a space.
_BREAKS = re.compile("[\t\n\x0b\x0c\r\x1c-\x1f\x85\u2028\u2029]+")
_CONTROLS = re.compile("[\x00-\x08\x0e-\x1b\x7f-\x84\x86-\x9f\ufdd0-\ufdef\ufffe\uffff]")
_SPACES = re.compile("  +")
_SURROGATES = re.compile("[\ud800-\udfff]")

_LONGEST_FIELD = 2_000  # code points of a field of the origin: what is longer is no name, section or address


@dataclass(frozen=True, slots=True)
class Piece:
    """A run of code points of a block that stands in the file as it stands here: `at` is where in the block it begins."""

    at: int
    line: int
    column: int


@dataclass(frozen=True, slots=True)
class Block:
    """A paragraph, or another line of an article; `pieces` lead back to the file where the form allows that."""

    text: str
    pieces: tuple[Piece, ...] = ()


@dataclass(frozen=True, slots=True)
class Item:
    """An article as its form gives it. What the form does not say is None or empty.

    `line` and `column`, from 1, are where the article begins in its file; `label` says in errors which article of several in
    a file is meant.
    """

    headline: Block | None
    blocks: Sequence[Block]
    dek: Block | None = None
    byline: str | None = None
    published: str | None = None
    updated: str | None = None
    publisher: str | None = None
    section: str | None = None
    tags: tuple[str, ...] = ()
    url: str | None = None
    id: str | None = None
    excerpt: bool = False
    line: int = 1
    column: int = 1
    label: str = ""


def clean_text(text: str) -> str:
    r"""Return `text` as one line of an article: controls and broken code points are gone, runs of white space are one space.

    >>> clean_text("  The dam\n held\x00. ")
    'The dam held.'
    """
    return _SPACES.sub(" ", _SURROGATES.sub("\ufffd", _CONTROLS.sub("", _BREAKS.sub(" ", text)))).strip()


def clean_field(text: str | None) -> str | None:
    r"""Return a field of the origin as one line of visible text, or None where nothing is left of it.

    >>> clean_field(" Ann\u200b  Lee\n"), clean_field(" \u200b"), clean_field(None)
    ('Ann Lee', None, None)
    """
    return (visible(unicodedata.normalize("NFC", clean_text(text)[:_LONGEST_FIELD])) or None) if text else None


def make_article(item: Item, *, path: str, sha256: str, language: str = "en") -> Article:
    r"""Return the article that an item is.

    What the form says of its origin goes before what its text says. `path` names the file in errors and in the origin,
    `language` is "en", or "any" to take other languages too. Raises SeedError where the item has no headline or no paragraph,
    is not English, or is longer than `limits` allow.

    >>> item = Item(Block("Dam holds"), [Block("The dam held on Monday, officials said.")], section="World")
    >>> article = make_article(item, path="dam.json", sha256="0" * 64)
    >>> article.text, article.origin.section
    ('Dam holds\n\nThe dam held on Monday, officials said.\n', 'World')
    """

    def fail(found: str, expected: str) -> SeedError:
        return SeedError(path, item.line, item.column, found=f"{item.label}{found}", expected=expected)

    blocks = [block for block in item.blocks if visible(block.text)]
    if item.headline is None or not visible(item.headline.text):
        raise fail("no headline", "a title")
    if not blocks:
        raise fail("only a headline", "paragraphs after it")
    head = [item.headline, *([item.dek] if item.dek and visible(item.dek.text) else [])]
    if len(blocks) > MAX_LINES:
        raise fail(f"more than {MAX_LINES:,} paragraphs", "one article")
    if sum(len(block.text) for block in blocks) > MAX_TEXT:
        raise fail(f"more than {MAX_TEXT:,} characters of text", "one article")
    text = "\n\n".join(block.text for block in chain(head, blocks)) + "\n"
    verdict = detect_language(text)
    if not verdict.english and language != "any":
        found = f"text in {verdict.name}" if verdict.name else "text in a language unknown"
        raise fail(found, "English (--language any goes on)")
    anatomy = find_anatomy(text, head=len(head))
    if not anatomy.paragraphs:
        raise fail("only a headline", "paragraphs after it")
    origin = _make_origin(item, anatomy, path=path, sha256=sha256, language="en" if verdict.english else "und")
    return compose(text, anatomy, origin.model_copy(update={"landmarks": tuple(_landmarks([*head, *blocks]))}))


def compose(text: str, anatomy: Anatomy, origin: Origin) -> Article:
    """Return the article of a text whose anatomy, headline and paragraphs among it, and origin are known."""
    if anatomy.headline is None:
        raise ValueError("the anatomy has no headline")
    sentences = tuple(
        Sentence(span=span, paragraph=number)
        for number, paragraph in enumerate(anatomy.paragraphs)
        for span in find_sentences(text, paragraph)
    )
    return Article(
        text=text,
        headline=anatomy.headline,
        dek=anatomy.dek,
        paragraphs=anatomy.paragraphs,
        sentences=sentences,
        furniture=anatomy.furniture,
        origin=origin,
    )


def _make_origin(item: Item, anatomy: Anatomy, *, path: str, sha256: str, language: str) -> Origin:
    tags = tuple(dict.fromkeys(tag for tag in map(clean_field, item.tags) if tag))
    return Origin(
        path=path,
        sha256=sha256,
        publisher=clean_field(item.publisher) or anatomy.publisher,
        url=clean_field(item.url),
        byline=clean_field(item.byline) or anatomy.byline,
        dateline=anatomy.dateline,
        published=item.published or anatomy.published,
        updated=item.updated or anatomy.updated,
        section=clean_field(item.section) or anatomy.section,
        tags=tags or anatomy.tags,
        id=clean_field(item.id),
        excerpt=item.excerpt,
        language=language,
    )


def _landmarks(blocks: Sequence[Block]) -> Iterator[Landmark]:
    start = 0
    for block in blocks:
        for piece in block.pieces:
            yield Landmark(offset=start + piece.at, line=piece.line, column=piece.column)
        start += len(block.text) + 2
