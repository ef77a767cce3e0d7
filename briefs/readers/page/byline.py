"""Who wrote the article of a page: from what records give as its authors, or from the line that the page shows."""

from __future__ import annotations

import re
from collections.abc import Iterable

from briefs.readers.fields import join_names
from briefs.readers.page.texts import ELSEWHERE, distinct, text_of, within, words_of
from briefs.readers.page.tree import Node
from briefs.stages.credits import AGENCIES, NEWSROOM, read_byline

_NOBODY = frozenset(
    "admin administrator anonymous author contributor desk editor editorial guest news none null report reports root service"
    " staff team the unknown user webmaster".split()
)
_BY = re.compile(
    r"^\s*(?:(?:(?:written|posted|words|story|report|text)\s+)?by\b[:\s]*|(?:words|text|story|author|reporter)s?\s*:\s*)",
    re.IGNORECASE,
)
_BY_INSIDE = re.compile(r"\d,?\s+by\s+")  # after a date
_DEGREE = re.compile(r"(?:Ph\.?\s?D|M\.?D|[A-Z][A-Z.]{0,4})\.?")
_NO_NAME = re.compile(r"https?:|www\.|[@/<>{}\d]|\.(?:com|org|net)\b", re.IGNORECASE)
_PARTS = re.compile(r";|(?<=\w)/(?=[^\W\d_a-z])")
_BETWEEN = re.compile(r",\s*(?:and\s+)?|\s+and\s+|\s*&\s*")
_MOST_WORDS = 6  # in a name
_LONGEST_BYLINE = 200
# Words in the class or id of an element that names the author.
_AUTHOR_WORDS = frozenset("author authors byline bylines byl writer journalist contributor reporter authorname".split())


def read_authors(values: Iterable[str], *, publisher: str | None) -> str | None:
    """Return the names of those who wrote it, from what a record gives as authors; None where these are no persons.

    >>> read_authors(["By Ann Lee and Bo Kim, Staff", "https://a.example/cy"], publisher="The Ledger")
    'Ann Lee and Bo Kim'
    >>> read_authors(["The Ledger"], publisher="The Ledger"), read_authors(["admin"], publisher=None)
    (None, None)
    """
    names = [name for value in values for part in _PARTS.split(value) for name in _names(" ".join(part.split()))]
    outlet = (publisher or "").casefold().split()
    kept = distinct(name for name in names if name.casefold().split() != outlet[: len(name.split())])
    persons = [name for name in kept if not _is_newsroom(name)]
    return join_names(persons or kept) if kept else None


def _is_newsroom(name: str) -> bool:
    return name in AGENCIES or bool(NEWSROOM & {word.lower() for word in name.split()})


def _names(text: str) -> list[str]:
    """Return the names in a byline, or what has the form of one; degrees after a name are none."""
    bare = _BY.sub("", text).strip(" ,|-–—")
    known = read_byline(f"By {bare}") if bare else None
    if known is not None:
        first, *others = (name for name in _BETWEEN.split(known) if name)
        names = [first, *(name for name in others if not _DEGREE.fullmatch(name) or name in AGENCIES)]
    else:
        names = [bare] if bare.count(" ") < _MOST_WORDS and not _NO_NAME.search(bare) else []
    return [name for name in names if not set(name.lower().split()) <= _NOBODY]


def find_authors(root: Node) -> list[str]:
    """Return the names that stand on a page as its byline, in the first element that is one.

    >>> from briefs.readers.page.tree import parse_page
    >>> find_authors(parse_page('<p class="byline">By <a href="/ann">Ann Lee</a>, Science Editor<p>It held.', path="a.html"))
    ['Ann Lee']
    """
    elsewhere = within(root, ELSEWHERE)
    for node in root.iter(
        "a", "address", "div", "p", "span", "strong", "em", "li", "h3", "h4", "h5", "cite", "section"
    ):
        names = _byline_names(node) if node not in elsewhere and _names_author(node) else []
        if not names:
            continue
        parent = node.getparent()
        line = parent if parent is not None and text_of(parent, most=_LONGEST_BYLINE) else node
        parts = [part for part in line.iter("a", "span") if _names_author(part)]
        inner = distinct(name for part in parts for name in _byline_names(part))
        return inner if len(inner) >= len(names) else names
    return []


def _names_author(node: Node) -> bool:
    return _is_author(node) or bool(words_of(node) & _AUTHOR_WORDS)


def _is_author(node: Node) -> bool:
    """Return whether an element is said to be the author, by the vocabularies of HTML or schema.org."""
    return node.tag == "address" or "author" in f"{node.get('itemprop') or ''} {node.get('rel') or ''}".lower().split()


def _byline_names(node: Node) -> list[str]:
    """Return the names of an element that holds a byline and nothing else; one word is none if nothing says so."""
    text = text_of(node, most=_LONGEST_BYLINE)
    found = _BY.match(text) or _BY_INSIDE.search(text)
    known = read_byline(f"By {text[found.end() :] if found else text}") if text else None
    if known is None or not (found or _is_author(node) or " " in known):
        return []
    return _names(known)
