"""A page as a tree of elements, within limits; and what is needed of that tree, typed."""

from __future__ import annotations

import logging
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Protocol

from briefs.errors import SeedError
from briefs.readers.page.tags import check_tags

MAX_DEPTH = 200  # elements within elements: the parser stops reading at 256, real pages have about 30
MAX_ELEMENTS = 50_000  # real pages have about 2,000
_LONGEST_VALUE = 4_000  # characters of an attribute: what is longer is an image or a program

_MISSING = "trafilatura to read it: pip install 'briefs[html]'"
# The loggers of what reads a page: what they have to say of odd pages is no concern of a reader of briefs.
_LOGGERS = ("trafilatura", "htmldate", "courlan", "justext", "charset_normalizer")
_CONTROLS = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff\ufffe\uffff]")
# References to C1 controls mean windows-1252 (https://html.spec.whatwg.org/#numeric-character-reference-end-state).
_C1 = re.compile(r"&#(?:0{0,5}(1[2-5]\d)|[xX]0{0,5}([89][0-9a-fA-F]));?")
_WORDS = re.compile(r"[A-Z]{2,}(?![a-z])|[A-Z]?[a-z]+\d*|\d+")
_MARKUP = re.compile(r"<[!/?a-zA-Z]")

# Elements that begin and end a line of text; the others stand within one.
LINES = frozenset(
    "address article aside blockquote body br caption center dd details dialog dir div dl dt fieldset figcaption figure"
    " footer form h1 h2 h3 h4 h5 h6 header hgroup hr html legend li main menu nav ol option p pre section select summary"
    " table tbody td tfoot th thead tr ul".split()
)
UNSEEN = frozenset("head iframe noscript object script style svg template textarea title video audio canvas".split())
_DROPPED = "dropped"
HEADINGS = ("h1", "h2", "h3", "h4", "h5", "h6")


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
    >>> [text_of(p) for p in page.iter("p")]
    ['The dam held.', 'Nobody was hurt.']
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
    for name, value in node.attrib.items():
        if len(value) > _LONGEST_VALUE and node.tag != "meta":
            node.set(name, "")
        elif _CONTROLS.search(value):
            node.set(name, _CONTROLS.sub("", value))


def text_of(node: Node, *, most: int | None = None) -> str:
    """Return the text in an element as one line, with a space where a line begins or ends.

    It is empty where it would be longer than `most` characters, or the element holds more than `most` others.

    >>> page = parse_page("<h1>Dam<br>holds</h1>", path="a.html")
    >>> text_of(page), text_of(page, most=5)
    ('Dam holds', '')
    """
    pieces: list[str] = []
    length = 0
    for seen, (part, entering) in enumerate(_walk(node)):
        unseen = part.tag in UNSEEN if entering else part is node
        text = None if unseen else part.text if entering else part.tail
        pieces += (" " if part.tag in LINES else "", text or "")
        length += len(text or "")
        if most is not None and (seen > 2 * most or length > 4 * most):
            return ""
    line = " ".join("".join(pieces).split())
    return line if most is None or len(line) <= most else ""


def _walk(node: Node) -> Iterator[tuple[Node, bool]]:
    """Yield an element and all in it that is seen, each as it begins (True) and as it ends."""
    waiting: list[tuple[Node, Iterator[Node]]] = [(node, iter(()) if node.tag in UNSEEN else iter(node))]
    yield node, True
    while waiting:
        parent, children = waiting[-1]
        child = next(children, None)
        if child is None:
            waiting.pop()
            yield parent, False
        else:
            yield child, True
            waiting.append((child, iter(()) if child.tag in UNSEEN else iter(child)))


@dataclass(frozen=True, slots=True)
class Size:
    """How many letters and digits an element holds, and how many of these are in links."""

    total: int
    linked: int


def measure(root: Node) -> dict[Node, Size]:
    """Return the size of each element that is seen.

    >>> page = parse_page('<p>Dam <a href="/b">holds</a>', path="a.html")
    >>> [measure(page)[p] for p in page.iter("p")]
    [Size(total=8, linked=5)]
    """
    sizes: dict[Node, Size] = {}
    total = linked = links = 0
    begun: list[tuple[int, int]] = []
    for node, entering in _walk(root):
        is_link = node.tag == "a" and node.get("href") is not None
        if entering:
            begun.append((total, linked))
            links += is_link
            text = node.text if node.tag not in UNSEEN else ""
        else:
            first, first_linked = begun.pop()
            sizes[node] = Size(total - first, linked - first_linked)
            links -= is_link
            text = node.tail
        count = sum(map(str.isalnum, text)) if text else 0
        total += count
        linked += count if links else 0
    return sizes


def words_of(node: Node) -> frozenset[str]:
    """Return the words in the class and id of an element, in lower case.

    >>> sorted(words_of(parse_page('<p class="articleBody js-related_links" id="x1">', path="a").find(".//p")))
    ['article', 'body', 'js', 'links', 'related', 'x1']
    """
    names = f"{node.get('class') or ''} {node.get('id') or ''}"
    return frozenset(word.lower() for word in _WORDS.findall(names))


def within(root: Node, words: frozenset[str]) -> set[Node]:
    """Return the elements whose class or id has one of `words`, and all in them; not what holds the heading of the page.

    >>> page = parse_page('<div class="related"><p>Rain</p></div>', path="a.html")
    >>> sorted(node.tag for node in within(page, frozenset(["related"])))
    ['div', 'p']
    """
    around = {root, *root.iter("body", "main")}
    for heading in root.iter("h1"):
        around.update(heading.iterancestors())
    found: set[Node] = set()
    for node in root.iter():
        if node.getparent() in found or (node not in around and words & words_of(node)):
            found.add(node)
    return found


def drop(root: Node, nodes: Iterable[Node]) -> None:
    """Take elements out of the tree of `root`; the text after them stays. Takes linear time, however many they are.

    >>> page = parse_page("<p>The <img> dam <svg>x</svg>held.", path="a.html")
    >>> drop(page, page.iter("svg"))
    >>> text_of(page)
    'The dam held.'
    """
    from lxml import etree  # noqa: PLC0415

    for node in list(nodes):
        node.tag = _DROPPED
    etree.strip_elements(root, _DROPPED, with_tail=False)


def letters(text: str) -> str:
    """Return what two lines must share to say the same: their letters and digits, case aside.

    >>> letters("“Dam” holds, still") == letters('"DAM" HOLDS – STILL')
    True
    """
    return "".join(char for char in text.casefold() if char.isalnum())
