"""The text form: a UTF-8 file with a title, paragraphs, and whatever furniture its publisher left in it."""

from __future__ import annotations

import hashlib
import re

from briefs.errors import SeedError
from briefs.limits import DEFAULT_MAX_BYTES
from briefs.readers.language import detect_language
from briefs.schema import Article, Origin, Sentence, Span
from briefs.stages.anatomy import Anatomy, find_anatomy, stands_alone
from briefs.stages.layout import unwrap, visible
from briefs.text import find_sentences

MAX_LINES = 10_000  # lines that are not blank: the longest articles have a tenth of these
_BOM = b"\xef\xbb\xbf"
_UTF16 = (b"\xff\xfe", b"\xfe\xff")
# Control characters that no text form has, and that no XML may have: a form feed alone is read, as a line end.
_CONTROL = re.compile(rb"[\x00-\x08\x0b\x0e-\x1f\x7f]")


def read_text(source: bytes, *, path: str, max_bytes: int = DEFAULT_MAX_BYTES, language: str = "en") -> Article:
    r"""Return the article in the bytes of a text file.

    `path` names the file in errors and in the origin. `language` is "en", or "any" to go on with other languages.

    Raises SeedError, with line and column, where the input is empty, larger than `max_bytes`, binary, not UTF-8, not
    English, or has no headline or no paragraph.

    >>> article = read_text(b"Dam cracks\n\nThe dam above the town cracked, officials said.\n", path="dam.txt")
    >>> article.headline.of(article.text), [s.span.of(article.text) for s in article.sentences]
    ('Dam cracks', ['The dam above the town cracked, officials said.'])
    """
    raw = _decode(source, path=path, max_bytes=max_bytes)
    _check_lines(raw, path)
    text = unwrap(raw, stands_alone=stands_alone)
    verdict = detect_language(text)
    if not verdict.english and language != "any":
        found = f"text in {verdict.name}" if verdict.name else "text in a language unknown"
        raise SeedError(
            path, *_position(text, _first_visible(text)), found=found, expected="English (--language any goes on)"
        )
    anatomy = find_anatomy(text)
    headline = _checked_headline(text, anatomy, path)
    origin = Origin(
        path=path,
        sha256=hashlib.sha256(source).hexdigest(),
        publisher=anatomy.publisher,
        byline=anatomy.byline,
        dateline=anatomy.dateline,
        published=anatomy.published,
        updated=anatomy.updated,
        section=anatomy.section,
        tags=anatomy.tags,
        language="en" if verdict.english else "und",
    )
    return Article(
        text=text,
        headline=headline,
        dek=anatomy.dek,
        paragraphs=anatomy.paragraphs,
        sentences=_find_all_sentences(text, anatomy.paragraphs),
        furniture=anatomy.furniture,
        origin=origin,
    )


def _decode(source: bytes, *, path: str, max_bytes: int) -> str:
    """Return the text of `source` with line feeds as its only line ends, without its byte order mark."""
    if len(source) > max_bytes:
        raise SeedError(path, 1, 1, found=f"{len(source):,} bytes", expected=f"at most {max_bytes:,}")
    if source.startswith(_UTF16):
        raise SeedError(path, 1, 1, found="a UTF-16 byte order mark at byte 0", expected="UTF-8 text")
    control = _CONTROL.search(source)
    if control is not None:
        line, column = _byte_position(source, control.start())
        found = f"binary data: byte 0x{control[0][0]:02x} at offset {control.start()}"
        raise SeedError(path, line, column, found=found, expected="UTF-8 text without control characters")
    body = source.removeprefix(_BOM)
    try:
        text = body.decode("utf-8")
    except UnicodeDecodeError as error:
        offset = error.start + len(source) - len(body)
        line, column = _byte_position(source, offset)
        found = f"byte 0x{source[offset]:02x} at offset {offset}, which is not UTF-8"
        raise SeedError(path, line, column, found=found, expected="UTF-8 text") from error
    return text.replace("\r\n", "\n").replace("\r", "\n").replace("\f", "\n")


def _check_lines(text: str, path: str) -> None:
    """Raise SeedError where `text` has no visible line, or more than an article can have."""
    filled = 0
    for number, line in enumerate(text.split("\n"), 1):
        filled += bool(line) and not line.isspace()
        if filled > MAX_LINES:
            raise SeedError(path, number, 1, found=f"more than {MAX_LINES:,} lines", expected="one article")
    if not filled or not (visible(text[:10_000]) or visible(text)):
        raise SeedError(path, 1, 1, found="an empty file", expected="a title line and paragraphs")


def _byte_position(source: bytes, offset: int) -> tuple[int, int]:
    """Return line and column, from 1, in code points, of the byte at `offset`: all before it is taken for UTF-8."""
    before = source[:offset].removeprefix(_BOM).decode("utf-8", "replace").replace("\r\n", "\n").replace("\r", "\n")
    return _position(before, len(before))


def _position(text: str, offset: int) -> tuple[int, int]:
    return text.count("\n", 0, offset) + 1, offset - (text.rfind("\n", 0, offset) + 1) + 1


def _first_visible(text: str) -> int:
    return len(text) - len(text.lstrip())


def _checked_headline(text: str, anatomy: Anatomy, path: str) -> Span:
    """Return the headline, or raise SeedError where it or the story is missing."""
    if anatomy.headline is None:
        line, column = _position(text, _first_visible(text))
        raise SeedError(path, line, column, found="no headline", expected="a title line before the first paragraph")
    if not anatomy.paragraphs:
        line, column = _position(text, anatomy.headline.end)
        raise SeedError(path, line, column, found="only a headline", expected="paragraphs after it")
    return anatomy.headline


def _find_all_sentences(text: str, paragraphs: tuple[Span, ...]) -> tuple[Sentence, ...]:
    return tuple(
        Sentence(span=span, paragraph=number)
        for number, paragraph in enumerate(paragraphs)
        for span in find_sentences(text, paragraph)
    )
