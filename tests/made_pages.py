"""Pages made for tests, and what is read of them."""

from __future__ import annotations

from briefs.readers.item import Item
from briefs.readers.page import read_html

PROSE = "The dam above the town held on Monday, officials said, and nobody in the valley was hurt. "
STORY = "".join(f"<p>{PROSE}{n} roads were closed.</p>" for n in range(4))
MORE = STORY.replace("roads", "streets")
TITLE = "<title>Dam holds above the town | The Ledger</title>"


def page(body: str = STORY, head: str = TITLE) -> bytes:
    return f"<!DOCTYPE html><html><head>{head}</head><body>{body}</body></html>".encode()


def article(inner: str, head: str = TITLE) -> Item:
    """Return what is read of a page with a headline and this below it."""
    return read_html(page(f"<article><h1>Dam holds above the town</h1>{inner}</article>", head), path="dam.html")


def linked(fields: str) -> str:
    """Return the JSON-LD of an article with some fields, as members of an object."""
    told = f'{{"@type": "NewsArticle", "headline": "Dam holds above the town", {fields}}}'
    return f'<script type="application/ld+json">{told}</script>'


def texts(item: Item) -> list[str]:
    return [block.text for block in item.blocks]
