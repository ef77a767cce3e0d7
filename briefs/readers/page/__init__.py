"""The page form: a web page as it was saved, with all that its publisher put around the article.

The text is found by trafilatura, in the extra `html`; what the page says of the article is read from its JSON-LD, from its
`meta` elements, and last from what it shows.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from briefs.readers.item import Block, Item, clean_text
from briefs.readers.page.body import find_blocks
from briefs.readers.page.byline import find_authors, read_authors
from briefs.readers.page.dates import date_in, find_dates, read_dates
from briefs.readers.page.encoding import decode_page
from briefs.readers.page.heads import drop_head, find_dek, find_headline
from briefs.readers.page.jsonld import pick_record, read_records
from briefs.readers.page.meta import Metas
from briefs.readers.page.origin import (
    choose_publisher,
    find_address,
    find_publisher,
    names_of_site,
    read_section,
    read_tags,
)
from briefs.readers.page.tree import Node, parse_page, require_extra

__all__ = ["read_html"]

_SAVED_FROM = re.compile(r"<!--\s*(?:saved from url=\(\d+\)|Page saved with SingleFile\s+url:\s*)(https?://[^\s<>]+)")
_TOP = 4_000  # characters in which a browser notes where it saved a page from


def read_html(source: bytes, *, path: str, content_type: str | None = None, url: str | None = None) -> Item:
    r"""Return the article on a web page; without blocks where the page has none.

    `path` names the file in errors; `content_type` is the header that the page was served with, `url` where it came from.
    Raises SeedError where the extra `html` is not installed, or the bytes are no page.

    >>> prose = "The dam above the town held on Monday, officials said, and nobody was hurt in the valley. " * 3
    >>> page = f"<title>Dam holds | The Ledger</title><h1>Dam holds</h1><article><p>{prose}</p><p>It rained.</p></article>"
    >>> item = read_html(page.encode(), path="dam.html")
    >>> item.headline.text, len(item.blocks), item.byline
    ('Dam holds', 2, None)
    """
    require_extra(path)
    text = decode_page(source, content_type=content_type)
    root = parse_page(text, path=path)
    saved = _SAVED_FROM.search(text[:_TOP])
    return _read_item(root, url or (saved[1] if saved else None))


def _read_item(root: Node, url: str | None) -> Item:
    metas = Metas(root)
    title = next(_titles(root), "")
    scripts = [node.text for node in root.iter("script") if "ld+json" in (node.get("type") or "").lower() and node.text]
    record = pick_record(read_records(scripts), metas.first("headline") or title)
    outlets = [record.publisher, *metas.all("publisher"), find_publisher(root)]
    publisher = choose_publisher(outlets, title=title, headline=record.headline or metas.first("headline"))
    address = find_address(root, [*metas.all("url"), record.url], url=url)
    names = names_of_site(outlets, address)
    headline = find_headline(root, [t for t in (record.headline, *metas.all("headline"), title) if t], names=names)
    blocks = find_blocks(root, known=record.body)
    descriptions = [t for t in (record.description, *metas.all("description")) if t]
    dek = find_dek(root, headline, blocks, descriptions=descriptions) if headline else None
    shown = find_dates(root)
    published, updated = read_dates(
        [*_some(record.published), *metas.all("published"), *shown[0], *date_in(address)],
        [*_some(record.updated), *metas.all("updated"), *shown[1]],
    )
    authors = (record.authors, metas.same("author"), find_authors(root))
    bylines = (read_authors(values, publisher=publisher) for values in authors)
    return Item(
        headline=Block(headline) if headline else None,
        dek=Block(dek) if dek else None,
        blocks=drop_head(blocks, [headline, dek]),
        byline=next((byline for byline in bylines if byline), None),
        published=published,
        updated=updated,
        publisher=publisher,
        section=read_section([*_some(record.section), *metas.all("section")], names=names),
        tags=read_tags(record.tags) or read_tags(metas.same("tag")) or read_tags(metas.same("tags")),
        url=address,
    )


def _titles(root: Node) -> Iterator[str]:
    """Yield the titles of a page; images may have titles too."""
    for node in root.iter("title"):
        if next(node.iterancestors("svg"), None) is None and (title := clean_text(node.text or "")):
            yield title


def _some(value: str | None) -> list[str]:
    return [value] if value else []
