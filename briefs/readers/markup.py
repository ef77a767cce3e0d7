"""HTML that stands in other forms, as in an entry of a feed: from a fragment to its paragraphs."""

from __future__ import annotations

import re
from collections.abc import Sequence
from html.parser import HTMLParser

from briefs.readers.item import Block, clean_text
from briefs.readers.quoting import quoted
from briefs.stages.layout import listed

_BREAKING = frozenset(
    listed(
        "address article blockquote body center dd details div dl dt fieldset h1 h2 h3 h4 h5 h6 header hgroup hr html li main"
        " ol p section summary ul"
    )
)
# Elements that hold no story: what runs, what is filled in, what is shown beside the text.
_SKIPPED = frozenset(
    listed(
        "aside audio button canvas figure footer form head iframe math nav noscript object picture pre script select style svg"
        " table template textarea title video"
    )
)
_UNSPOKEN = re.compile(r"<!--.*?(?:-->|\Z)|<[!?][^>]*(?:>|\Z)", re.DOTALL)
_UNCLOSED = re.compile(r"<(?=[^<>]*(?:<|\Z))")  # opens no tag: a parser would look for its end again and again
_TAG = re.compile(r"</?[a-zA-Z]")


class _Reader(HTMLParser):
    """Gathers the text of a fragment, a block for each element that begins a line of its own."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.blocks: list[Block] = []
        self._parts: list[str] = []
        self._skipped = ""
        self._depth = self._quotes = 0
        self._broken = False

    def handle_starttag(self, tag: str, attrs: Sequence[tuple[str, str | None]]) -> None:
        """Begin a block, or pass over what holds no story."""
        if self._skipped:
            self._depth += tag == self._skipped
        elif tag in _SKIPPED:
            self.flush()
            self._skipped, self._depth = tag, 1
        elif tag == "br":
            self._break()
        elif tag in _BREAKING:
            self.flush()
            self._quotes += tag == "blockquote"

    def handle_startendtag(self, tag: str, attrs: Sequence[tuple[str, str | None]]) -> None:
        """Take an element that closes itself for a break where it is one; it holds nothing."""
        if not self._skipped and tag == "br":
            self._break()

    def handle_endtag(self, tag: str) -> None:
        """End a block, or what was passed over."""
        if self._skipped:
            self._depth -= tag == self._skipped
            if not self._depth:
                self._skipped = ""
        elif tag in _BREAKING:
            self.flush()
            self._quotes = max(0, self._quotes - (tag == "blockquote"))

    def handle_data(self, data: str) -> None:
        """Take text."""
        if not self._skipped:
            self._parts.append(data)
            self._broken = self._broken and not data.strip()

    def flush(self) -> None:
        """End the block."""
        text = clean_text("".join(self._parts))
        self._parts.clear()
        self._broken = False
        if text:
            self.blocks.append(quoted(Block(text)) if self._quotes else Block(text))

    def _break(self) -> None:
        """Take a line break for a space, two in a row for the end of a paragraph."""
        if self._broken:
            self.flush()
        else:
            self._parts.append(" ")
            self._broken = True


def read_markup(source: str) -> list[Block]:
    r"""Return the paragraphs, headings and items of a fragment of HTML, one block each, or of plain text, one a paragraph.

    >>> [block.text for block in read_markup("<p>The <b>dam</b> held.<p>It rained.<script>x</script>")]
    ['The dam held.', 'It rained.']
    >>> [block.text for block in read_markup("The dam\nheld &amp; holds.\n\nIt rained.")]
    ['The dam held & holds.', 'It rained.']
    """
    reader = _Reader()
    bare = _UNCLOSED.sub("&lt;", _UNSPOKEN.sub("", source))
    paragraphs = [bare] if _TAG.search(bare) else re.split(_parting(bare), bare)
    for paragraph in paragraphs:
        reader.feed(paragraph)
        reader.close()
        reader.flush()
    return reader.blocks


def _parting(text: str) -> str:
    """Return what parts the paragraphs of a plain text: blank lines, or line ends where there is no blank line."""
    blank = r"\n[ \t\r]*\n"
    return blank if re.search(blank, text.strip()) else r"\n"


def read_line(source: str) -> str:
    """Return a fragment of HTML as one line.

    >>> read_line("Dam &amp; <i>lake</i>")
    'Dam & lake'
    """
    return " ".join(block.text for block in read_markup(source))
