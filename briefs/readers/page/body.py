"""The text of an article from its page, block by block: trafilatura finds it, its elements tell what is a block."""

from __future__ import annotations

import copy
import re
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from briefs.readers.item import Block, clean_text
from briefs.readers.page.prune import prune
from briefs.readers.page.tree import Node
from briefs.readers.page.walls import drop_walls
from briefs.readers.quoting import quoted
from briefs.stages.layout import ends_sentence

# What trafilatura is known to raise on odd pages, or could: its own errors are ValueErrors, the others are slips in it.
_SLIPS = (ArithmeticError, AssertionError, AttributeError, LookupError, RuntimeError, TypeError, ValueError)

# The elements of its result (a TEI dialect) that are blocks, and those that are no text.
_BLOCKS = frozenset(
    "body p head item quote list div row cell fw ab summary dd dt li h1 h2 h3 h4 h5 h6 blockquote".split()
)
_SKIPPED = frozenset("table graphic done figure pre script style".split())
_BREAKS = frozenset("lb br hr".split())

_ENOUGH = 250  # characters of a text that is an article's
_COVERED = 0.75  # of the runs of words that a page's record gives as its text, so many at least are in its elements
_RUN = 4  # words in such a run
_WORD = re.compile(r"\w+")
_WHITE = re.compile(r"\s+")
_DASHES = "—–-―"


@dataclass(frozen=True, slots=True)
class Line:
    """A line of a text, and whether it stands in a block quotation."""

    text: str
    quoted: bool = False


def find_blocks(root: Node, *, known: str | None = None) -> list[Block]:
    """Return the text of the article on a page, block by block; none where the page has none.

    `known` is the text as the page's own record (JSON-LD) gives it, if it does. It decides between readings of the page,
    and stands in for a text that the elements do not have.

    >>> from briefs.readers.page.tree import parse_page
    >>> prose = "The dam above the town held on Monday, officials said, and nobody was hurt there. " * 4
    >>> page = parse_page(f"<article><h1>Dam holds</h1><p>{prose}</p><ul><li>One.</li><li>Two.</li></ul></article>", path="a")
    >>> [block.text for block in find_blocks(page)][-2:]
    ['One.', 'Two.']
    """
    pruned = copy.deepcopy(root)
    prune(pruned)
    best: list[Line] = []
    runs = _runs(known or "")
    for precise in (True, False):
        lines = _extract(pruned, precise=precise)
        if _is_better(lines, best, runs):
            best = lines
        if _is_enough(best, runs):
            break
    if known and _share(best, runs) < 1 - _COVERED and len(known) > sum(len(line.text) for line in best):
        best = [Line(text) for text in known.splitlines()]
    return list(drop_walls(_mark(best)))


def _extract(root: Node, *, precise: bool) -> list[Line]:
    """Return what trafilatura takes for the text of a page."""
    from lxml import etree  # noqa: PLC0415
    from trafilatura import bare_extraction  # noqa: PLC0415

    try:
        found = bare_extraction(
            copy.deepcopy(root),
            favor_precision=precise,
            include_comments=False,
            include_tables=False,
            include_images=False,
            include_links=False,
            deduplicate=False,
            with_metadata=False,
            date_extraction_params={"original_date": True},  # or it asks the clock for them
        )
    except (etree.LxmlError, *_SLIPS):
        return []
    if found is None or isinstance(found, dict):
        return []
    return list(_read_lines(etree.iterwalk(found.body, events=("start", "end"))))


def _read_lines(walk: Iterable[tuple[str, Node]]) -> Iterator[Line]:
    """Yield the lines of a result of trafilatura."""
    pieces: list[str] = []
    quotes = skipped = 0
    for event, node in walk:
        starts = event == "start"
        if node.tag in _SKIPPED:
            skipped += 1 if starts else -1
        elif node.tag in _BLOCKS or (node.tag == "hr" and starts):
            yield from _flush(pieces, quoted=quotes > 0)
        elif node.tag in _BREAKS and starts:
            pieces.append("\n")
        if node.tag in {"quote", "blockquote"}:
            quotes += 1 if starts else -1
        text = node.text if starts else node.tail
        if text and not skipped:
            pieces.append(_WHITE.sub(" ", text))
    yield from _flush(pieces, quoted=False)


def _flush(pieces: list[str], *, quoted: bool) -> Iterator[Line]:
    """Yield the lines of a block that is complete, and empty it: a line break ends a line, unless a sentence goes on."""
    line = ""
    for part in "".join(pieces).split("\n"):
        words = part.strip()
        if line and (not words[:1].islower() or ends_sentence(line)):
            yield Line(line, quoted)
            line = ""
        line = f"{line} {words}".strip()
    if line:
        yield Line(line, quoted)
    pieces.clear()


def _mark(lines: list[Line]) -> Iterator[Block]:
    """Yield the blocks that lines are, those of block quotations between quotation marks.

    Who is quoted, after a dash, is not; a page that is a quotation for the most part only looks like one.
    """
    spoken = sum(len(line.text) for line in lines if line.quoted)
    sure = 2 * spoken <= sum(len(line.text) for line in lines)
    for line in lines:
        text = clean_text(line.text)
        if text:
            block = Block(text)
            yield quoted(block) if line.quoted and sure and text[0] not in _DASHES else block


# --- choosing between readings ----------------------------------------------------------------------------------------


def _runs(text: str) -> Counter[tuple[str, ...]]:
    words = _WORD.findall(text.casefold())
    return Counter(tuple(words[n : n + _RUN]) for n in range(len(words) - _RUN + 1))


def _share(lines: list[Line], runs: Counter[tuple[str, ...]]) -> float:
    """Return how much of a text, given as its runs of words, stands in lines."""
    found = _runs("\n".join(line.text for line in lines))
    return (found & runs).total() / runs.total() if runs else 0.0


def _is_enough(lines: list[Line], runs: Counter[tuple[str, ...]]) -> bool:
    length = sum(len(line.text) for line in lines)
    return length >= _ENOUGH and (not runs or _share(lines, runs) >= _COVERED)


def _is_better(lines: list[Line], best: list[Line], runs: Counter[tuple[str, ...]]) -> bool:
    if runs:
        return _share(lines, runs) > _share(best, runs)
    return sum(len(line.text) for line in lines) > sum(len(line.text) for line in best)
