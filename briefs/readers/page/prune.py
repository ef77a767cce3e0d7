"""What stands around an article on its page, by its markup: taken out before the text is looked for.

trafilatura takes out most of it by rules of its own. These are what it leaves on pages of news: links to other articles
between the paragraphs, cards that open over a name, boxes that ask for an address, and cards for other articles.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from briefs.readers.page.texts import HEADINGS, Size, measure, text_of, words_of
from briefs.readers.page.tree import Node, drop
from briefs.readers.quoting import letters

_NEVER = tuple(
    "script style svg template iframe pre noscript aside footer nav button label select textarea audio video canvas figure"
    " picture object embed map".split()
)
# Words in the class or id of what is no part of an article. One word is enough, or all words of a pair.
_WORDS = frozenset("newsletter newsletters hovercard recirc recirculation onetrust cmp".split())
_PAIRS = tuple(
    frozenset(pair.split())
    for pair in (
        "sign up|email signup|subscribe box|subscription box|related articles|related stories|related links|related posts"
        "|related content|read more|see also|more stories|most read|most popular|cookie banner|cookie notice|cookie consent"
        "|cookie bar|consent banner|consent dialog|notification bar|promo box|inline promo|image caption|photo caption"
        "|rollover block|rollover content|tooltip content|tooltip text|tooltip inner|popover content|popover body"
        "|image credit|photo credit|fig caption|video caption|author bio|author box|about author|call action"
    ).split("|")
)
_CONTAINERS = ("div", "section", "aside", "ul", "ol", "p", "span", "table", "details", "dialog", "center", "form")
# What stands before a link to another article, and above a list of such links.
_LABEL = re.compile(
    r"\W*(?:related|read|read more|read also|read next|also read|see also|see more|more|watch|listen|don[’']?t miss|up next"
    r"|what to read next|recommended|you may also like|most read|most popular|trending|explore more|go deeper|further reading"
    r"|(?:more|related|top|latest|popular|recommended|great)(?: [\w’'&]+){0,3} (?:stories|articles|news|posts|reading|coverage"
    r"|links|topics)|more (?:on|from|about) .{1,40})\W*\Z",
    re.IGNORECASE,
)
_BODY_WORDS = (frozenset(("article", "body")), frozenset(("story", "body")), frozenset(("entry", "content")))
_POST = frozenset(("type", "post"))  # in the class of what WordPress holds for an article of its own
_MARKS = "“\"«„‘'"
_SENTENCE = 3  # times as many letters as a time has the line that it is a word of
_LONGEST_LABEL = 60  # characters
_CARD = 600  # letters of an article that is a card for another
_PARAGRAPH = 80  # characters of a paragraph of prose
_PROSE = 300  # letters of a cell that holds more than a figure
_MOST = 0.3  # of a page's text, so much at least is no furniture, whatever its class says
_LISTED = 0.7  # of the items of a list of links, so many at least only link elsewhere
_LINKED = 0.8  # of the letters of a line that links elsewhere, so many at least are in links


def prune(root: Node) -> None:
    """Take out of a page what is around its article, and give layout tables and `q` the form that they stand for.

    >>> from briefs.readers.page.tree import parse_page
    >>> page = parse_page("<p>He said <q>no</q>.<p><b>Related:</b> <a href=x>Dam fails</a><p>It held.", path="a.html")
    >>> prune(page)
    >>> text_of(page)
    'He said “no”. It held.'
    """
    drop(root, root.iter(*_NEVER))
    _mark_quotations(root)
    _keep_times(root)
    _open_tables(root)
    _join_parts(root)
    drop(root, _find_named(root))
    drop(root, _find_links(root))


def _mark_quotations(root: Node) -> None:
    from lxml import etree  # noqa: PLC0415

    for node in root.iter("q"):
        if (node.text or "").lstrip()[:1] not in _MARKS:
            node.text = "“" + (node.text or "")
            node.tail = "”" + (node.tail or "")
    etree.strip_tags(root, "q")


def _keep_times(root: Node) -> None:
    """Make plain text of the times that stand within a sentence: trafilatura drops all."""
    sizes = measure(root)
    for node in list(root.iter("time")):
        parent = node.getparent()
        if parent is not None and parent.tag in {"p", "li"} and sizes[parent].total > _SENTENCE * sizes[node].total:
            node.tag = "span"


def _open_tables(root: Node) -> None:
    """Make sections of the tables that lay a page out, and drop the others: they hold figures."""
    sizes = measure(root)
    figures: list[Node] = []
    for table in root.iter("table"):
        inside = (node for node in table.iter("p", "table", *HEADINGS) if node is not table)
        if next(inside, None) is None and not any(sizes[cell].total > _PROSE for cell in table.iter("td")):
            figures.append(table)
    drop(root, figures)
    for node in list(root.iter("table", "tbody", "thead", "tfoot", "tr", "td", "th", "caption")):
        node.tag = "div"


def _join_parts(root: Node) -> None:
    """Where a body is cut into parts for what stands between them, name as the body what holds these parts."""
    parts: dict[tuple[str, str], list[Node]] = {}
    for node in root.iter("div", "section"):
        name = node.get("class") or ""
        if name and any(words <= words_of(node) for words in _BODY_WORDS):
            parts.setdefault((node.tag, name), []).append(node)
    for nodes in parts.values():
        known = set(nodes)
        outer = [node for node in nodes if known.isdisjoint(node.iterancestors(node.tag))]
        if len(outer) < 2 or sum(_has_prose(node) for node in outer) < 2:
            continue
        whole = _common_parent(outer)
        if whole is None or whole.tag in {"body", "html"}:
            continue
        for node in outer:
            node.set("class", "part")
        whole.set("class", "article-body")


def _has_prose(node: Node) -> bool:
    return any(len(text_of(paragraph)) > _PARAGRAPH for paragraph in node.iter("p"))


def _common_parent(nodes: list[Node]) -> Node | None:
    chains = [list(node.iterancestors())[::-1] for node in nodes]
    common = None
    for level in zip(*chains, strict=False):
        if any(node is not level[0] for node in level):
            break
        common = level[0]
    return common


def _find_named(root: Node) -> Iterator[Node]:
    """Yield what its class or id names as furniture, unless it holds much of the page."""
    sizes = measure(root)
    limit = sizes[root].total * _MOST
    for node in root.iter(*_CONTAINERS):
        if (node.get("class") or node.get("id")) and sizes[node].total < limit:
            words = words_of(node)
            if words & _WORDS or any(pair <= words for pair in _PAIRS):
                yield node


def _find_links(root: Node) -> Iterator[Node]:
    """Yield what only links elsewhere: paragraphs, lists, and articles whose headings are links."""
    sizes = measure(root)
    for node in root.iter("p", *HEADINGS[1:]):
        if _is_linked(node, sizes):
            yield node
    for node in root.iter("ul", "ol"):
        yield from _find_linked_list(node, sizes)
    title = letters("".join(node.text or "" for node in root.iter("title")))
    for node in root.iter("article"):
        outer = next(node.iterancestors("article"), None)
        heading = next(node.iter(*HEADINGS), None)
        card = heading is not None and heading.tag != "h1" and _is_linked(heading, sizes)
        if outer is not None:
            card = card or words_of(node) & words_of(outer) >= _POST
        elif heading is not None:
            card = card and sizes[node].total < _CARD and letters(text_of(heading)) not in title
        if card:
            yield node


def _find_linked_list(node: Node, sizes: Mapping[Node, Size]) -> Iterator[Node]:
    """Yield a list, and its label, where most of its items only link elsewhere, or have links below a label that says so."""
    items = [item for item in node if item.tag == "li"]
    enough = max(2, _LISTED * len(items))
    before = node.getprevious()
    label = before if before is not None and _LABEL.match(text_of(before, most=_LONGEST_LABEL)) else None
    linked = sum(_is_linked(item, sizes) for item in items) >= enough
    if linked or (label is not None and sum(sizes[item].linked > 0 for item in items) >= enough):
        yield node
        if label is not None:
            yield label


def _is_linked(node: Node, sizes: Mapping[Node, Size]) -> bool:
    """Return whether an element is a link, all in all, or a label and a link."""
    if next(node.iterancestors("a"), None) is not None:
        return True
    size = sizes[node]
    if not size.linked:
        return False
    return size.linked >= _LINKED * size.total or _LABEL.match(_before_link(node)) is not None


def _before_link(node: Node) -> str:
    """Return the text of an element before its first link."""
    pieces = [node.text or ""]
    for part in node.iterdescendants():
        if part.tag == "a":
            break
        pieces += (part.text or "", part.tail or "")
    return " ".join("".join(pieces).split())[: _LONGEST_LABEL + 1]
