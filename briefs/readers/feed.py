"""RSS and Atom: an article an entry. feedparser reads the XML, however broken, and knows the dialects."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator
from contextlib import suppress
from itertools import islice
from xml.parsers import expat

import feedparser
from feedparser import FeedParserDict

from briefs.errors import SeedError
from briefs.readers.decoding import UTF16
from briefs.readers.fields import is_web, join_names, to_moment
from briefs.readers.item import Block, Item, clean_field
from briefs.readers.markup import read_line, read_markup
from briefs.readers.quoting import find_dek, without_title

DEEPEST = 256  # elements in elements; a feed has about six, and the HTML in it a few dozen
_MOST_TAGS = 100
_MOST_LINES = 2_000  # entries of a broken feed whose lines are told
_ENTRIES = frozenset(("item", "entry"))
_ENTRY = re.compile(rb"<(?:[\w.-]+:)?(?:item|entry)[\s>]")
# What blogs put at the end of an entry, and of a summary that breaks off.
_END = re.compile(
    r"(?:\s*(?:…|\.\.\.|\[…\]|\[\.\.\.\]))?\s*(?:read more|continue reading)\b[^.]{0,100}\Z", re.IGNORECASE
)
_POSTED = re.compile(r"The post .{1,300} (?:appeared first|first appeared) on .{1,100}\Z")
_BINARY = re.compile(rb"[\x00-\x08\x0e-\x1f]")
_DECLARATION = re.compile(rb"\A(\xef\xbb\xbf)?(<\?.*\?>)")
_REFERENCE = re.compile(rb"&#(?:[xX]([0-9a-fA-F]{1,8})|([0-9]{1,8}));")


def read_feed(source: bytes, *, path: str) -> Iterator[Item]:
    """Yield the entries of a feed, in its order.

    An entry without its full content has its summary, and says so (`Item.excerpt`). Its id is its GUID, or else its address,
    or else a hash of its title. Raises SeedError where there is no entry, or what is there is nested too deep.

    >>> feed = b"<rss><channel><title>Post</title><item><title>Dam holds</title><guid>7</guid></item></channel></rss>"
    >>> item = next(read_feed(feed, path="feed.xml"))
    >>> item.headline.text, item.publisher, item.id
    ('Dam holds', 'Post', '7')
    """
    lines = _entry_lines(source, path)
    parsed = feedparser.parse(
        source if source.startswith(UTF16) else _mend(source),
        sanitize_html=False,
        resolve_relative_uris=False,
        response_headers={"content-type": "application/xml"},
    )
    if not parsed.entries:
        raise _no_entries(parsed, path)
    for number, entry in enumerate(parsed.entries):
        yield _read_entry(entry, parsed.feed, number, lines[number] if number < len(lines) else 1)


def _mend(source: bytes) -> bytes:
    """Return XML without what feedparser or its parser falls over: control characters, wrong references, a declaration."""
    declared = _DECLARATION.sub(_mend_declaration, _BINARY.sub(b" ", source))
    return _REFERENCE.sub(_mend_reference, declared)


def _mend_declaration(match: re.Match[bytes]) -> bytes:
    """Return the first line's declaration in ASCII: feedparser takes the name of an encoding for UTF-8."""
    return (match[1] or b"") + bytes(byte for byte in match[2] if byte < 0x80)


def _mend_reference(match: re.Match[bytes]) -> bytes:
    """Return a reference to a character, or where XML has no such character, one to the mark of what is missing."""
    number = int(match[1], 16) if match[1] else int(match[2])
    known = number in {9, 10, 13} or 0x20 <= number < 0xD800 or 0xE000 <= number < 0xFFFE or 0xFFFF < number <= 0x10FFFF
    return match[0] if known else b"&#xFFFD;"


def _entry_lines(source: bytes, path: str) -> list[int]:
    """Return the line on which each entry begins."""
    lines: list[int] = []
    depth = 0

    def start(name: str, _attributes: object) -> None:
        nonlocal depth
        depth += 1
        if depth > DEEPEST:
            raise SeedError(
                path,
                parser.CurrentLineNumber,
                parser.CurrentColumnNumber + 1,
                found=f"elements more than {DEEPEST} deep",
                expected="a feed",
            )
        if name.rpartition(":")[2] in _ENTRIES:
            lines.append(parser.CurrentLineNumber)

    def end(_name: str) -> None:
        nonlocal depth
        depth -= 1

    parser = expat.ParserCreate()
    parser.StartElementHandler = start
    parser.EndElementHandler = end
    with suppress(expat.ExpatError, ValueError, LookupError):  # broken XML, or an encoding that expat does not know
        parser.Parse(source, True)  # noqa: FBT003
        return lines
    return [source.count(b"\n", 0, match.start()) + 1 for match in islice(_ENTRY.finditer(source), _MOST_LINES)]


def _no_entries(parsed: FeedParserDict, path: str) -> SeedError:
    error = parsed.get("bozo_exception")
    line, column = 1, 1
    found = "a feed without entries"
    if not parsed.get("version"):
        found = "XML that is no feed"
        if callable(getattr(error, "getLineNumber", None)):
            line, column = max(1, error.getLineNumber() or 1), (error.getColumnNumber() or 0) + 1
    return SeedError(path, line, column, found=found, expected="RSS or Atom with an article an entry")


def _read_entry(entry: FeedParserDict, feed: FeedParserDict, number: int, line: int) -> Item:
    # In broken XML, feedparser has None where an element has not ended.
    title = read_line(entry.get("title") or "")
    full = max((c.get("value") or "" for c in entry.get("content") or []), key=len, default="")
    summary = entry.get("summary") or ""
    blocks = without_title(_without_end(read_markup(full or summary)), title)
    dek = read_line(summary) if full else ""
    link = entry.get("link") or ""
    known = entry.get("id") or link or hashlib.sha256(title.encode("utf-8", "replace")).hexdigest()
    return Item(
        headline=Block(title) if title else None,
        blocks=blocks,
        dek=find_dek(dek, blocks),
        byline=_byline(entry),
        published=to_moment(entry.get("published")),
        updated=_updated(entry),
        publisher=clean_field(read_line(_publisher(entry, feed))),
        tags=tuple(term for tag in (entry.get("tags") or [])[:_MOST_TAGS] if (term := clean_field(tag.get("term")))),
        url=link if is_web(link) else None,
        id=known,
        excerpt=not full,
        line=line,
        label=f"entry {number + 1}: ",
    )


def _without_end(blocks: list[Block]) -> list[Block]:
    """Return the blocks of an entry without an invitation to read on, and without a line on where it was posted."""
    kept = [block for block in blocks if not _POSTED.match(block.text)]
    if kept:
        kept[-1] = Block(_END.sub("", kept[-1].text))
    return kept


def _byline(entry: FeedParserDict) -> str | None:
    names = [clean_field(author.get("name")) for author in entry.get("authors") or []]
    known = [name for name in names if name and "@" not in name]
    return join_names(known) if known else None


def _updated(entry: FeedParserDict) -> str | None:
    updated = to_moment(entry.get("updated")) if "updated" in entry else None
    return updated if updated != to_moment(entry.get("published")) else None


def _publisher(entry: FeedParserDict, feed: FeedParserDict) -> str:
    return str((entry.get("source") or {}).get("title") or feed.get("title") or "")
