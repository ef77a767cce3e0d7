"""A page as a tree of elements, within limits; and what is needed of that tree, typed."""

from __future__ import annotations

import logging
import re
from collections.abc import Iterable, Iterator
from typing import Protocol

from briefs.errors import SeedError
from briefs.readers.page.tags import check_tags

MAX_DEPTH = 200  # elements within elements: the parser stops reading at 256, real pages have about 30
MAX_ELEMENTS = 30_000  # real pages have about 2,000
_LONGEST_VALUE = 4_000  # characters of an attribute: what is longer is an image or a program

_MISSING = "trafilatura to read it: pip install 'briefs[html]'"
# The loggers of what reads a page: what they have to say of odd pages is no concern of a reader of briefs.
_LOGGERS = ("trafilatura", "htmldate", "courlan", "justext", "charset_normalizer")
_CONTROLS = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff\ufffe\uffff]")
# References to C1 controls mean windows-1252 (https://html.spec.whatwg.org/#numeric-character-reference-end-state).
_C1 = re.compile(r"&#(?:0{0,5}(1[2-5]\d)|[xX]0{0,5}([89][0-9a-fA-F]));?")
_PLAIN_NAME = re.compile(r"[A-Za-z][\w.-]*", re.ASCII)
_MARKUP = re.compile(r"<[!/?a-zA-Z]")

_DROPPED = "dropped"


class Node(Protocol):
    """What this reader uses of an element of lxml."""

    tag: str
    text: str | None
    tail: str | None
    attrib: dict[str, str]

    def get(self, key: str) -> str | None: ...
    def set(self, key: str, value: str) -> None: ...
    def iter(self, *tags: str) -> Iterator[Node]: ...
    def iterdescendants(self) -> Iterator[Node]: ...
    def getprevious(self) -> Node | None: ...
    def iterancestors(self, *tags: str) -> Iterator[Node]: ...
    def getparent(self) -> Node | None: ...
    def __iter__(self) -> Iterator[Node]: ...
    def __len__(self) -> int: ...


def require_extra(path: str) -> None:
    """Raise SeedError where what reads a page is not installed; else silence its loggers."""
    try:
        import charset_normalizer  # noqa: F401, PLC0415
        import lxml.html  # noqa: F401, PLC0415
        import trafilatura  # noqa: F401, PLC0415
    except ImportError as error:
        raise SeedError(path, 1, 1, found="a web page", expected=_MISSING) from error
    for name in _LOGGERS:
        logging.getLogger(name).setLevel(logging.CRITICAL + 1)


def parse_page(text: str, *, path: str) -> Node:
    """Return the root of a page: no comments in it, no attribute too long to mean anything.

    Raises SeedError where `text` has no markup, or more of it than a page has.

    >>> page = parse_page("<p>The dam <b>held</b>.<p>Nobody was hurt.", path="a.html")
    >>> [p.text for p in page.iter("p")]
    ['The dam ', 'Nobody was hurt.']
    """
    from lxml import etree, html  # noqa: PLC0415

    clean = _C1.sub(_from_1252, _CONTROLS.sub("", text.replace("\f", " ")))
    if not clean.strip():
        raise SeedError(path, 1, 1, found="an empty file", expected="a web page")
    if _MARKUP.search(clean) is None:
        raise SeedError(path, 1, 1, found="no element", expected="a web page")
    check_tags(clean, path=path)
    parser = html.HTMLParser(encoding="utf-8", remove_comments=True, remove_pis=True, collect_ids=False)
    try:
        root: Node = html.document_fromstring(clean.encode("utf-8", "replace"), parser=parser)
    except (etree.LxmlError, ValueError) as error:
        raise SeedError(path, 1, 1, found="an empty page", expected="a web page") from error
    for node in _within_limits(etree.iterwalk(root, events=("start", "end")), path):
        _clean(node)
    return root


def _from_1252(reference: re.Match[str]) -> str:
    code = int(reference[1]) if reference[1] else int(reference[2], 16)
    return bytes([code]).decode("cp1252", "ignore") if 0x80 <= code < 0xA0 else reference[0]


def _within_limits(walk: Iterable[tuple[str, Node]], path: str) -> Iterator[Node]:
    """Yield the elements of a page. Raises SeedError where they are too many or too deep."""
    depth = count = 0
    for event, node in walk:
        if event == "end":
            depth -= 1
            continue
        depth += 1
        count += 1
        if depth > MAX_DEPTH:
            raise SeedError(path, 1, 1, found=f"elements nested more than {MAX_DEPTH} deep", expected="a page")
        if count > MAX_ELEMENTS:
            raise SeedError(path, 1, 1, found=f"more than {MAX_ELEMENTS:,} elements", expected="a page")
        yield node


def _clean(node: Node) -> None:
    """Take out of an element the controls that references made, and attributes that are too long to mean anything."""
    if node.text and _CONTROLS.search(node.text):
        node.text = _CONTROLS.sub("", node.text)
    if node.tail and _CONTROLS.search(node.tail):
        node.tail = _CONTROLS.sub("", node.tail)
    items = node.attrib.items()
    if node.tag != "meta" and any(len(value) > _LONGEST_VALUE or _CONTROLS.search(value) for _, value in items):
        node.attrib.clear()
        for name, value in items:
            if len(value) <= _LONGEST_VALUE and _PLAIN_NAME.fullmatch(name):
                node.set(name, _CONTROLS.sub("", value))


def drop(root: Node, nodes: Iterable[Node]) -> None:
    """Take elements out of the tree of `root`; the text after them stays. Takes linear time, however many they are.

    >>> page = parse_page("<p>The <img> dam <svg>x</svg>held.", path="a.html")
    >>> drop(page, page.iter("svg"))
    >>> [(node.tag, node.tail) for node in page.iter("p", "img", "svg")]
    [('p', None), ('img', ' dam held.')]
    """
    from lxml import etree  # noqa: PLC0415

    for node in list(nodes):
        node.tag = _DROPPED
    etree.strip_elements(root, _DROPPED, with_tail=False)
