"""What is said in an element of a page: its text, how long it is, how much of it is links, and how the element is named."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from briefs.readers.page.tree import Node

# Elements that begin and end a line of text; the others stand within one.
LINES = frozenset(
    "address article aside blockquote body br caption center dd details dialog dir div dl dt fieldset figcaption figure"
    " footer form h1 h2 h3 h4 h5 h6 header hgroup hr html legend li main menu nav ol option p pre section select summary"
    " table tbody td tfoot th thead tr ul".split()
)
UNSEEN = frozenset("head iframe noscript object script style svg template textarea title video audio canvas".split())
HEADINGS = ("h1", "h2", "h3", "h4", "h5", "h6")
# Words in the class or id of what stands around other things than the article.
ELSEWHERE = frozenset(
    "comment comments related sidebar footer recommended popular trending newsletter promo card teaser".split()
)
_WORDS = re.compile(r"[A-Z]{2,}(?![a-z])|[A-Z]?[a-z]+\d*|\d+")


def text_of(node: Node, *, most: int | None = None) -> str:
    """Return the text in an element as one line, with a space where a line begins or ends.

    It is empty where it would be longer than `most` characters, or the element holds more than `most` others.

    >>> from briefs.readers.page.tree import parse_page
    >>> page = parse_page("<h1>Dam<br>holds</h1>", path="a.html")
    >>> text_of(page), text_of(page, most=5)
    ('Dam holds', '')
    """
    pieces: list[str] = []
    length = 0
    for seen, (part, entering) in enumerate(_walk(node)):
        text = (part.text if entering else part.tail) or ""
        if (part.tag in UNSEEN) if entering else (part is node):
            text = ""
        pieces += (" " if part.tag in LINES else "", text)
        length += len(text)
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


_NOTHING = Size(0, 0)


def measure(root: Node) -> dict[Node, Size]:
    """Return the size of each element: nothing, where it is not seen.

    >>> from briefs.readers.page.tree import parse_page
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
    return {node: sizes.get(node, _NOTHING) for node in root.iter()}


def words_of(node: Node) -> frozenset[str]:
    """Return the words in the class and id of an element, in lower case.

    >>> from briefs.readers.page.tree import parse_page
    >>> sorted(words_of(parse_page('<p class="articleBody js-related_links" id="x1">', path="a").find(".//p")))
    ['article', 'body', 'js', 'links', 'related', 'x1']
    """
    names = f"{node.get('class') or ''} {node.get('id') or ''}"
    return frozenset(word.lower() for word in _WORDS.findall(names))


def within(root: Node, words: frozenset[str]) -> set[Node]:
    """Return the elements whose class or id has one of `words`, and all in them; not what holds the heading of the page.

    >>> from briefs.readers.page.tree import parse_page
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


def distinct(lines: Iterable[str]) -> list[str]:
    """Return lines that differ by more than case, in order.

    >>> distinct(["Dams", "rain", "dams"])
    ['Dams', 'rain']
    """
    kept: dict[str, str] = {}
    for line in lines:
        kept.setdefault(line.casefold(), line)
    return list(kept.values())
