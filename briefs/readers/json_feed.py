"""JSON Feed (https://www.jsonfeed.org/version/1.1/): an article an item."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from briefs.errors import SeedError
from briefs.readers.fields import Fields, is_web, to_moment
from briefs.readers.item import Block, Item, clean_text
from briefs.readers.markup import read_markup
from briefs.readers.quoting import find_dek, without_title


def read_json_feed(feed: Mapping[str, object], *, path: str) -> Iterator[Item]:
    """Yield the items of a feed, in its order. One that has a summary only says so (`Item.excerpt`).

    Raises SeedError where there is no item.

    >>> feed = {"title": "Post", "items": [{"id": 7, "title": "Dam holds", "content_text": "It held."}]}
    >>> item = next(read_json_feed(feed, path="feed.json"))
    >>> item.headline.text, item.publisher, item.id
    ('Dam holds', 'Post', '7')
    """
    items = feed.get("items")
    if not isinstance(items, list) or not items:
        raise SeedError(path, 1, 1, found="a feed without items", expected="JSON Feed with an article an item")
    publisher = feed.get("title")
    for number, entry in enumerate(items, 1):
        if isinstance(entry, Mapping):
            yield _read_entry(entry, publisher if isinstance(publisher, str) else None, f"item {number}: ")
        else:
            yield Item(None, (), label=f"item {number}: ")


def _read_entry(entry: Mapping[str, object], publisher: str | None, label: str) -> Item:
    fields = Fields(entry)
    full = next((v for k in ("content_html", "content_text") if isinstance(v := entry.get(k), str) and v.strip()), "")
    summary = entry.get("summary")
    summary = summary if isinstance(summary, str) else ""
    title = fields.text("headline")
    blocks = without_title(read_markup(full or summary), title)
    dek = clean_text(summary) if full else ""
    published, updated = to_moment(entry.get("date_published")), to_moment(entry.get("date_modified"))
    address = next((str(v) for k in ("url", "external_url") if is_web(str(v := entry.get(k)))), None)
    known = entry.get("id")
    return Item(
        headline=Block(title) if title else None,
        blocks=blocks,
        dek=find_dek(dek, blocks),
        byline=fields.byline(),
        published=published,
        updated=updated if updated != published else None,
        publisher=publisher,
        tags=fields.tags(),
        url=address,
        id=str(known) if isinstance(known, str | int) and str(known) else address,
        excerpt=not full,
        label=label,
    )
