"""The text form: a UTF-8 file with a title, paragraphs, and whatever furniture its publisher left in it."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator

from briefs.errors import SeedError
from briefs.limits import DEFAULT_MAX_BYTES, MAX_LINES, MAX_TEXT
from briefs.readers.decoding import decode_text, position
from briefs.readers.item import compose
from briefs.readers.language import detect_language
from briefs.schema import Article, Landmark, Origin
from briefs.stages.anatomy import Anatomy, find_anatomy, stands_alone
from briefs.stages.layout import unwrap, visible


def read_text(source: bytes, *, path: str, max_bytes: int = DEFAULT_MAX_BYTES, language: str = "en") -> Article:
    r"""Return the article in the bytes of a text file.

    `path` names the file in errors and in the origin. `language` is "en", or "any" to go on with other languages.

    Raises SeedError, with line and column, where the input is empty, larger than `max_bytes`, binary, not UTF-8, not
    English, or has no headline or no paragraph.

    >>> article = read_text(b"Dam cracks\n\nThe dam above the town cracked, officials said.\n", path="dam.txt")
    >>> article.headline.of(article.text), [s.span.of(article.text) for s in article.sentences]
    ('Dam cracks', ['The dam above the town cracked, officials said.'])
    """
    raw = decode_text(source, path=path, max_bytes=max_bytes)
    _check_length(raw, path)
    text = unwrap(raw, stands_alone=stands_alone)
    verdict = detect_language(text)
    if not verdict.english and language != "any":
        found = f"text in {verdict.name}" if verdict.name else "text in a language unknown"
        raise SeedError(
            path, *position(text, _first_visible(text)), found=found, expected="English (--language any goes on)"
        )
    anatomy = find_anatomy(text)
    _check_parts(text, anatomy, path)
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
        landmarks=tuple(_landmarks(raw)),
    )
    return compose(text, anatomy, origin)


def _check_length(text: str, path: str) -> None:
    """Raise SeedError where `text` has no visible line, or more text than an article can have."""
    if len(text) > MAX_TEXT:
        raise SeedError(path, 1, 1, found=f"more than {MAX_TEXT:,} characters of text", expected="one article")
    filled = 0
    for number, line in enumerate(text.split("\n"), 1):
        filled += bool(line) and not line.isspace()
        if filled > MAX_LINES:
            raise SeedError(path, number, 1, found=f"more than {MAX_LINES:,} lines", expected="one article")
    if not filled or not (visible(text[:100]) or visible(text)):
        raise SeedError(path, 1, 1, found="an empty file", expected="a title line and paragraphs")


def _first_visible(text: str) -> int:
    return len(text) - len(text.lstrip())


def _check_parts(text: str, anatomy: Anatomy, path: str) -> None:
    """Raise SeedError where the headline or the story is missing."""
    if anatomy.headline is None:
        line, column = position(text, _first_visible(text))
        raise SeedError(path, line, column, found="no headline", expected="a title line before the first paragraph")
    if not anatomy.paragraphs:
        line, column = position(text, anatomy.headline.end)
        raise SeedError(path, line, column, found="only a headline", expected="paragraphs after it")


def _landmarks(text: str) -> Iterator[Landmark]:
    """Yield where each line that is not blank stands: the text is the file, but for what ends its lines."""
    start = 0
    for number, line in enumerate(text.split("\n"), 1):
        if line and not line.isspace():
            yield Landmark(offset=start, line=number, column=1)
        start += len(line) + 1
