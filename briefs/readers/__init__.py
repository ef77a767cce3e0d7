"""Readers: from the bytes of a file to its articles, one module for each form that a file may have.

`read_articles` tells the form and calls the module for it. A module gives an `Item` for each article, which `item` puts
together; the text form alone says by itself what is headline and what is story.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import BinaryIO, NamedTuple

from briefs.errors import SeedError
from briefs.limits import DEFAULT_MAX_BYTES
from briefs.readers.decoding import check_size, decode_text
from briefs.readers.forms import LONE_SUFFIXES, SUFFIXES, Form, detect_form
from briefs.readers.item import Item, make_article
from briefs.readers.sidecar import SIDECAR_SUFFIX, Sidecar
from briefs.readers.text import read_text
from briefs.schema import Article

__all__ = [
    "DEFAULT_MAX_BYTES",
    "LONE_SUFFIXES",
    "SIDECAR_SUFFIX",
    "SUFFIXES",
    "Articles",
    "ReadOptions",
    "read_articles",
    "read_line",
    "read_page",
    "read_text",
]


@dataclass(frozen=True, slots=True)
class ReadOptions:
    """How files are read.

    `max_bytes` limits a file, or each line of a file with a record a line; `language` is "en", or "any" to take other
    languages too; `names` says under which names records have their fields, where these are not obvious; `sidecar` is what is
    known of a page from where it was fetched.
    """

    max_bytes: int = DEFAULT_MAX_BYTES
    language: str = "en"
    names: Mapping[str, str] = field(default_factory=dict)
    sidecar: Sidecar | None = None


class Articles(NamedTuple):
    """The articles of a file: `each` in its order, one that cannot be read as its error; whether the form may hold several."""

    several: bool
    each: Iterator[Article | SeedError]


def read_articles(stream: BinaryIO, *, path: str, options: ReadOptions) -> Articles:
    r"""Return the articles of a file; an entry or a record that cannot be read is yielded as its error.

    `path` names the file in errors and origins; its suffix is a hint to its form. A file with a record a line is read as it is
    asked for, in memory for one of them. Raises SeedError where the file as a whole cannot be read.

    >>> import io
    >>> lines = io.BytesIO(b'{"title": "Dam holds", "text": "The dam above Selmoor held."}\n{"title": "Empty"}\n')
    >>> found = read_articles(lines, path="a", options=ReadOptions())
    >>> [str(read) if isinstance(read, SeedError) else read.text for read in found.each]
    ['Dam holds\n\nThe dam above Selmoor held.\n', 'a:2:1: only a headline; expected paragraphs after it']
    """
    head = stream.read(options.max_bytes + 1)
    form = detect_form(head, path)
    if form is Form.LINES or (form is Form.JSON and _has_lines(head, options.max_bytes)):
        return Articles(several=True, each=_read_lines(head, stream, path, options))
    check_size(head, path=path, max_bytes=options.max_bytes)
    if form is Form.TEXT:
        article = read_text(head, path=path, max_bytes=options.max_bytes, language=options.language)
        return Articles(several=False, each=iter((article,)))
    several, items = _read_items(head, form, path, options)
    return Articles(several, _made(items, path, hashlib.sha256(head).hexdigest(), options))


def _has_lines(head: bytes, most: int) -> bool:
    """Return whether JSON is a record a line: its first line is one by itself, and another begins after it."""
    first, _, rest = head.lstrip(b"\xef\xbb\xbf\r\n\t ").partition(b"\n")
    if not first.rstrip().endswith(b"}") or not (rest.lstrip().startswith(b"{") or len(head) > most):
        return False
    from briefs.readers.json_text import read_json

    try:
        read_json(first.decode("utf-8", "replace"), path="")
    except SeedError:
        return False
    return True


def _read_items(source: bytes, form: Form, path: str, options: ReadOptions) -> tuple[bool, Iterable[Item | SeedError]]:
    """Return whether a form may hold several items, and those of a file, which is read as a whole."""
    if form is Form.MARKDOWN:
        from briefs.readers.markdown import read_markdown

        return False, [read_markdown(decode_text(source, path=path), path=path)]
    if form is Form.PAGE:
        from briefs.readers.page import read_html

        known = options.sidecar
        content_type, url = (known.content_type, known.url) if known else (None, None)
        return False, [read_html(source, path=path, content_type=content_type, url=url)]
    if form is Form.FEED:
        from briefs.readers.feed import read_feed

        return True, read_feed(source, path=path)
    return _read_json(source, path, options)


def _read_json(source: bytes, path: str, options: ReadOptions) -> tuple[bool, Iterable[Item | SeedError]]:
    """Return the items of a JSON text: a JSON Feed, an item of ninjs, a record, or a list of the last two."""
    from briefs.readers.json_feed import read_json_feed
    from briefs.readers.json_text import EXPECTED, read_json

    value = read_json(decode_text(source, path=path), path=path)
    if isinstance(value, Mapping) and "jsonfeed.org/version" in str(value.get("version")):
        return True, read_json_feed(value, path=path)
    if isinstance(value, Mapping) and isinstance(value.get("articles"), list):
        value = value["articles"]
    if isinstance(value, Mapping):
        return False, [_read_record(value, path, options)]
    records = value if isinstance(value, list) else []
    if not records or not all(isinstance(record, Mapping) for record in records):
        raise SeedError(path, 1, 1, found="JSON without records", expected=EXPECTED)
    return True, (_read_record(record, path, options, label=f"record {n}: ") for n, record in enumerate(records, 1))


def _read_record(
    record: Mapping[str, object], path: str, options: ReadOptions, *, line: int = 1, label: str = ""
) -> Item | SeedError:
    """Return the item of a JSON object, or the error where it is no article."""
    from briefs.readers.ninjs import is_ninjs, read_ninjs
    from briefs.readers.records import read_record

    try:
        if is_ninjs(record):
            return read_ninjs(record, path=path, line=line, label=label)
        return read_record(record, names=options.names, line=line, label=label)
    except SeedError as error:
        return error


def _read_lines(head: bytes, stream: BinaryIO, path: str, options: ReadOptions) -> Iterator[Article | SeedError]:
    from briefs.readers.records import find_lines, too_long

    for line in find_lines(head.removeprefix(b"\xef\xbb\xbf"), stream, most=options.max_bytes):
        if not line.whole:
            yield too_long(line, path=path, most=options.max_bytes)
            continue
        try:
            article: Article | SeedError = read_line(line.source, path=path, options=options, number=line.number)
        except SeedError as error:
            article = error
        yield article


def read_line(source: bytes, *, path: str, options: ReadOptions, number: int = 1) -> Article:
    r"""Return the article of one line of JSON Lines, whose number in its file is known. Raises SeedError where it is none.

    >>> read_line(b'{"title": "Dam holds", "text": "It held."}', path="a.jsonl", options=ReadOptions()).text
    'Dam holds\n\nIt held.\n'
    """
    from briefs.readers.json_text import EXPECTED, read_json

    try:
        text = source.decode("utf-8")
    except UnicodeDecodeError as error:
        found = f"byte 0x{source[error.start]:02x}, which is not UTF-8"
        raise SeedError(path, number, error.start + 1, found=found, expected="UTF-8 text") from error
    record = read_json(text, path=path, line=number)
    if not isinstance(record, Mapping):
        raise SeedError(path, number, 1, found="JSON that is no record", expected=EXPECTED)
    item = _read_record(record, path, options, line=number)
    return _make(item, path, hashlib.sha256(source).hexdigest(), options)


def read_page(source: bytes, *, path: str, options: ReadOptions) -> Article:
    """Return the article of a web page, which `path` need not tell. Raises SeedError where it has none."""
    check_size(source, path=path, max_bytes=options.max_bytes)
    (item,) = _read_items(source, Form.PAGE, path, options)[1]
    return _make(item, path, hashlib.sha256(source).hexdigest(), options)


def _make(item: Item | SeedError, path: str, sha256: str, options: ReadOptions) -> Article:
    if isinstance(item, SeedError):
        raise item
    return make_article(item, path=path, sha256=sha256, language=options.language)


def _made(
    items: Iterable[Item | SeedError], path: str, sha256: str, options: ReadOptions
) -> Iterator[Article | SeedError]:
    """Yield the articles that items are, or why they are none."""
    for item in items:
        try:
            article: Article | SeedError = _make(item, path, sha256, options)
        except SeedError as error:
            article = error
        yield article
