"""Headline and dek of a page: of the several lines that could be it, the one that the page itself shows."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from itertools import chain

from briefs.readers.item import Block
from briefs.readers.page.texts import HEADINGS, LINES, text_of, within, words_of
from briefs.readers.page.tree import Node
from briefs.readers.quoting import is_same, letters
from briefs.stages.credits import read_byline
from briefs.stages.dates import is_date_line

_SEPARATOR = re.compile(r"\s+(?:[|–—\-·•»«:]|::|//|--)\s+|\s*[|»]\s*")
_OPEN_SEPARATORS = "|»«:/•·"  # separators that a headline seldom has in itself
_HOME = re.compile(r"\s*(?:https?:)?(?://[^/?#\s]+)?/?(?:index\.\w+)?\s*\Z")  # the address of a site's first page
_CAPITAL = re.compile(r"[^\W\d_a-z]|\d")
# Words in the class or id of an element that holds the dek, and values of its itemprop.
_DEK_WORDS = tuple(
    frozenset(words.split())
    for words in (
        "dek|deck|standfirst|subtitle|subheadline|subhead|subheading|sub title|sub headline|sub heading|sub head|strapline"
        "|article summary|article excerpt|article description|story summary|entry summary"
        "|post excerpt|post summary|head summary|header summary|headline summary|leadin"
    ).split("|")
)
# and in those of what stands between headline and story besides it.
_OTHERS = frozenset(
    "author authors byline caption captions credit video playlist player gallery trending related sidebar share social tags"
    " comment comments newsletter breadcrumb breadcrumbs".split()
)
_DEK_PROPERTIES = frozenset(("description", "alternativeheadline"))
_HEAD_REACH = 8  # blocks of the body among which a repeated headline may stand
_PARAGRAPH = 100  # characters of a paragraph that is the story's beyond doubt
_LONGEST_STORY = 4_000  # and of one that is looked at
_LONGEST_TITLE = 400  # characters of a headline, and of a dek
_SHORTEST_DEK = 20  # letters and digits
_SITE_WORDS = 3  # a heading of no more words, which nothing confirms, may be the site's name


def find_headline(root: Node, candidates: Iterable[str], *, names: Sequence[str]) -> str | None:
    """Return the headline of a page: its first heading that one of the `candidates` confirms, or else the best of these.

    Candidates are what its records call it, the best first, its `title` last; `names` are names of its publisher, which they
    may have at either end.

    >>> from briefs.readers.page.tree import parse_page
    >>> page = parse_page("<h1>The Ledger</h1><h1>Dam holds</h1>", path="a.html")
    >>> find_headline(page, ["Dam holds - The Ledger"], names=["The Ledger"])
    'Dam holds'
    >>> find_headline(page, ["Rain floods three towns | Weather"], names=["The Ledger"])
    'Rain floods three towns'
    """
    lines, homes = _headings(root)
    names = [*names, *homes]
    titles = [title for text in candidates if (title := strip_names(text, names)) and len(title) <= _LONGEST_TITLE]
    parts = [*titles, *(_SEPARATOR.split(title)[0] for title in titles)]
    headings = [text for text in lines if not any(is_same(text, name) for name in names)]
    exact = (_agreed(heading, part) for heading in headings for part in parts if is_same(heading, part))
    inside = (_agreed(heading, title) for heading in headings for title in titles)
    alike = (heading for heading in headings if any(_is_alike(heading, title) for title in titles))
    found = chain(exact, filter(None, inside), alike)
    alone = [heading for heading in headings if len(headings) == 1 and heading.count(" ") >= _SITE_WORDS]
    return next(chain(found, alone, titles, headings), None)


def _headings(root: Node) -> tuple[list[str], list[str]]:
    """Return the lines of a page that are marked as its heading, and the parts of these; and those that lead home instead."""
    lines: list[str] = []
    parts: list[str] = []
    homes: list[str] = []
    for node in root.iter("h1", "h2", "h3", "p", "span", "div", "a"):
        named = node.tag == "h1" or "headline" in (node.get("itemprop") or "").lower().split()
        line = text_of(node, most=_LONGEST_TITLE) if named else ""
        if not line:
            continue
        if any(_HOME.match(link.get("href") or "#") for link in [*node.iter("a"), *node.iterancestors("a")]):
            homes.append(line)
        else:
            lines.append(line)
            parts += filter(None, (text_of(child, most=_LONGEST_TITLE) for child in node))
    return list(dict.fromkeys([*lines, *parts])), homes


def strip_names(text: str, names: Sequence[str]) -> str:
    """Return a title without the names of its site and of a section at its ends.

    >>> strip_names("Dam holds - for now | World | The Ledger", ["The Ledger"])
    'Dam holds - for now'
    """
    text = " ".join(text.split()) if len(text) <= 2 * _LONGEST_TITLE else ""
    while True:
        opening, colon, rest = text.partition(": ")
        if colon and any(is_same(opening, name) for name in names):
            text = rest
            continue
        parts = [*_SEPARATOR.finditer(text)]
        if not parts:
            return text
        first, last = text[: parts[0].start()], text[parts[-1].end() :]
        if any(is_same(last, name) for name in names) or _is_label(last, text[: parts[-1].start()], parts[-1][0]):
            text = text[: parts[-1].start()]
        elif any(is_same(first, name) for name in names):
            text = text[parts[0].end() :]
        else:
            return text


def find_dek(root: Node, headline: str, blocks: Sequence[Block], *, descriptions: Iterable[str]) -> str | None:
    """Return the dek: a line that the page shows between headline and story, marked as one or told as its description.

    The beginning of a paragraph is none, whatever it is called.

    >>> from briefs.readers.page.tree import parse_page
    >>> page = parse_page("<h1>Dam holds</h1><h2>Officials say that the repair worked</h2><p>It held.", path="a.html")
    >>> find_dek(page, "Dam holds", [Block("It held.")], descriptions=["Officials say that the repair worked."])
    'Officials say that the repair worked'
    """
    told = {key: text for text in descriptions if len(key := letters(text)) >= _SHORTEST_DEK}
    marked = _find_marked(root, headline, blocks)
    story = {letters(block.text) for block in blocks}
    for node in root.iter("p", "div", "span", "section", "strong", "em", "header", *HEADINGS[1:]):
        if any(child.tag in LINES and child.tag != "br" for child in node):
            continue
        text = text_of(node, most=_LONGEST_TITLE)
        key = letters(text)
        if len(key) < _SHORTEST_DEK or is_same(text, headline) or _repeats(key, blocks):
            continue
        if node in marked and not is_date_line(text) and read_byline(text) is None:
            return next((line for other, line in told.items() if key.startswith(other) and line[-1] not in "….,"), text)
        if key in told and key not in story:
            return text
    return None


def drop_head(blocks: Sequence[Block], head: Iterable[str | None]) -> list[Block]:
    """Return the blocks of a body without those at its beginning that repeat a line of the head.

    >>> [block.text for block in drop_head([Block("World"), Block("Dam holds"), Block("It held.")], ["Dam holds!"])]
    ['World', 'It held.']
    """
    keys = {letters(text) for text in head if text}
    return [block for n, block in enumerate(blocks) if n >= _HEAD_REACH or letters(block.text) not in keys]


def _agreed(heading: str, title: str) -> str | None:
    """Return the headline where a heading and a title are one; None where they are not."""
    one, other = letters(heading), letters(title)
    if not one or not other:
        return None
    if one == other:
        return title if heading.isupper() and not title.isupper() else heading
    if min(len(one), len(other)) < _SHORTEST_DEK:
        return None
    if one in other or one.startswith(other):  # the title has more around it, or was cut off
        return heading
    return title if other in one else None


def _is_alike(heading: str, title: str) -> bool:
    """Return whether half of the words of the shorter of two lines stand in the other."""
    one, other = set(re.findall(r"\w+", heading.casefold())), set(re.findall(r"\w+", title.casefold()))
    least = min(len(one), len(other))
    return least >= 3 and 2 * len(one & other) >= least


def _is_label(text: str, before: str, separator: str) -> bool:
    """Return whether the end of a title is a label of its site: short, in capitals, after more than that."""
    words = text.split()
    if separator.strip() in _OPEN_SEPARATORS:
        return len(words) <= 5 and before.count(" ") >= 1 and len(before) > len(text)
    named = all(_CAPITAL.match(word) for word in words if len(word) > 3)
    return len(words) <= 3 and named and before.count(" ") >= 4


def _find_marked(root: Node, headline: str, blocks: Sequence[Block]) -> set[Node]:
    """Return the elements between headline and story that are marked as a dek, and a heading that follows the headline."""
    story = {letters(block.text) for block in blocks if len(block.text) > _PARAGRAPH}
    others = within(root, _OTHERS)
    marked: set[Node] = set()
    begun = first = False
    for node in root.iter(
        "p", "div", "span", "section", "strong", "em", "header", "figure", "figcaption", "a", *HEADINGS
    ):
        line = text_of(node, most=_LONGEST_TITLE) if node.tag in HEADINGS else ""
        if is_same(line, headline):
            begun, first, marked = True, True, set()
        elif begun and node not in others and (_is_marked(node) or (first and line.count(" ") >= _SITE_WORDS)):
            marked.add(node)
        elif (
            begun
            and node.tag in {"p", "div", "span", "section"}
            and letters(text_of(node, most=_LONGEST_STORY)) in story
        ):
            break
        if begun and not is_same(line, headline) and (node.text or "").strip():
            first = False
    return marked


def _is_marked(node: Node) -> bool:
    """Return whether an element, or what holds it, is named as a dek."""
    around = [node, *_up(node, 2)]
    properties = {name for near in around for name in (near.get("itemprop") or "").lower().split()}
    return bool(properties & _DEK_PROPERTIES) or any(mark <= words_of(near) for near in around for mark in _DEK_WORDS)


def _up(node: Node, steps: int) -> Iterator[Node]:
    for step, parent in enumerate(node.iterancestors()):
        if step >= steps or parent.tag in {"body", "article", "main"}:
            return
        yield parent


def _repeats(key: str, blocks: Sequence[Block]) -> bool:
    """Return whether a line is the beginning of a paragraph, or begins with one."""
    for block in blocks[:_HEAD_REACH]:
        other = letters(block.text)
        if other != key and len(other) >= _SHORTEST_DEK and (other.startswith(key) or key.startswith(other)):
            return True
    return False
