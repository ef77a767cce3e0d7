"""When the article of a page was published and updated: from records, from what the page shows, from its address."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import datetime
from urllib.parse import urlsplit

from briefs.readers.fields import to_moment
from briefs.readers.page.texts import ELSEWHERE, text_of, within, words_of
from briefs.readers.page.tree import Node
from briefs.stages.dates import find_moments, is_date_line

# Words in the class or id of an element that tells a date.
_PUBLISHED_WORDS = frozenset("published publish pubdate date dateline timestamp posted time".split())
_UPDATED_WORDS = frozenset("updated update modified lastmod".split())
_DATED = re.compile(r"/(20\d\d)/(\d{1,2})/(\d{1,2})(?:/|$)")
_SECONDS = re.compile(r"1[0-8]\d{8}(?:\d{3})?")  # since 1970, until 2030; or milliseconds
_COMPACT = re.compile(r"((?:19|20)\d\d)(\d\d)(\d\d)(?:\d{4}|\d{6})?\Z")
_LIKELY = re.compile(r"19|20")  # the centuries of articles on the web: content management systems give year 1 for none
_DAY = len("2026-03-12")
_LABELLED = re.compile(
    r"(?:posted|published|updated|created|first published|last updated)(?: on)?:? .{0,12}\d", re.IGNORECASE
)
_HEAD_REACH = 30  # elements below the heading that may tell a date without being named for it
_LONGEST_LABEL = 60  # characters of a paragraph that is there for a date
_LONGEST_LINE = 200  # characters of a line that tells a date


def read_dates(published: Iterable[str], updated: Iterable[str]) -> tuple[str | None, str | None]:
    """Return when an article was published, and when updated if that was later, from what records give for them.

    >>> read_dates(["2026-03-12", "2026-03-12T16:05:00Z"], ["12 March 2026 16:05:00 UTC"])
    ('2026-03-12T16:05:00+00:00', None)
    """
    first, last = _moment(published), _moment(updated)
    if first is None or last is None:
        return first, last
    return first, (last if _is_later(last, first) else None)


def _moment(values: Iterable[str]) -> str | None:
    """Return the first moment that can be read, with the time that another gives for that day."""
    read = (to_moment(_spelled(value)) for value in values)
    moments = [moment for moment in read if moment and _LIKELY.match(moment)]
    if not moments or len(moments[0]) > _DAY:
        return next(iter(moments), None)
    timed = (moment for moment in moments if len(moment) > _DAY and moment[:_DAY] == moments[0])
    return next(timed, moments[0])


def _spelled(value: str) -> str | int:
    """Return a date that is given in digits alone in a form that `to_moment` reads."""
    if _SECONDS.fullmatch(value):
        return int(value)
    return _COMPACT.sub(r"\1-\2-\3", value) if value.isdecimal() else value


def _is_later(one: str, other: str) -> bool:
    """Return whether a moment is after another; by their days, where one lacks its time or its offset."""
    first, second = datetime.fromisoformat(one), datetime.fromisoformat(other)
    if (first.tzinfo is None) != (second.tzinfo is None) or min(len(one), len(other)) == _DAY:
        return one[:_DAY] > other[:_DAY]
    return first > second


def find_dates(root: Node) -> tuple[list[str], list[str]]:
    """Return the dates that stand on a page as those on which it was published and updated.

    >>> from briefs.readers.page.tree import parse_page
    >>> find_dates(parse_page('<h1>Dam</h1><time datetime="2026-03-12">12 March</time><p>It held.', path="a.html"))
    (['2026-03-12'], [])
    """
    elsewhere = within(root, ELSEWHERE)
    published: list[tuple[bool, str]] = []
    updated: list[str] = []
    below = -1  # elements since the heading, if that has begun
    for node in root.iter("h1", "time", "span", "div", "p", "meta", "li", "abbr"):
        below = 0 if node.tag == "h1" else below + (below >= 0)
        if node in elsewhere:
            continue
        text = text_of(node, most=_LONGEST_LINE)
        given = node.get("datetime") or node.get("content") or ""
        sure = _says(node, "datepublished") or node.get("pubdate") is not None
        if not (sure or _tells_date(node) or (0 < below < _HEAD_REACH and _reads_as_date(text))):
            continue
        first, last = (to_moment(given), None) if given else find_moments(text)
        if given and (_says(node, "datemodified") or words_of(node) & _UPDATED_WORDS or "updated" in text.lower()):
            first, last = None, first
        published += [(not sure and below < 0, first)] if first else []
        updated += [last] if last else []
    return [moment for _, moment in sorted(published, key=lambda pair: pair[0])], updated


def _says(node: Node, name: str) -> bool:
    return name in (node.get("itemprop") or "").lower().split()


def _tells_date(node: Node) -> bool:
    """Return whether an element is there for a date, by its name or its class."""
    if node.tag == "time":
        return _stands_alone(node)
    return _says(node, "datemodified") or bool(words_of(node) & _PUBLISHED_WORDS)


def _reads_as_date(text: str) -> bool:
    """Return whether a line is there for a date, by its words."""
    return bool(text) and (is_date_line(text) or _LABELLED.match(text) is not None)


def _stands_alone(node: Node) -> bool:
    """Return whether an element is no part of a longer line: a date in a sentence is one of the story."""
    parent = node.getparent()
    return parent is None or parent.tag != "p" or bool(text_of(parent, most=_LONGEST_LABEL))


def date_in(url: str | None) -> list[str]:
    """Return the date that stands in an address.

    >>> date_in("https://ledger.example/2026/03/12/dam-holds"), date_in("https://ledger.example/dam")
    (['2026-03-12'], [])
    """
    found = _DATED.search(urlsplit(url).path) if url else None
    return [f"{found[1]}-{int(found[2]):02d}-{int(found[3]):02d}"] if found else []
