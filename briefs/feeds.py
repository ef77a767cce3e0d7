"""A site as a JSON Feed: https://www.jsonfeed.org/version/1.1/."""

from __future__ import annotations

from briefs.listing import Entry, Site
from briefs.moments import timestamp
from briefs.view import Node, told


def json_feed(site: Site) -> Node:
    """Return the feed of a site whose address is known, the newest briefs of it; what an article does not say is left out.

    >>> feed = json_feed(Site("Briefs", "https://briefs.example/"))
    >>> feed["title"], feed["feed_url"], feed["items"]
    ('Briefs', 'https://briefs.example/feed.json', [])
    """
    return {
        "version": "https://jsonfeed.org/version/1.1",
        "title": site.title,
        "home_page_url": site.address(""),
        "feed_url": site.address("feed.json"),
        "authors": [{"name": site.title}],
        "items": [_item(site, entry) for entry in site.latest],
    }


def _item(site: Site, entry: Entry) -> Node:
    page, address = entry.page, site.address(f"{entry.slug}/")
    return told({
        "id": address,
        "url": address,
        "external_url": page.url,
        "title": page.headline,
        "content_text": page.summary,
        "date_published": timestamp(page.published),
        "date_modified": timestamp(page.updated),
        "tags": list(page.tags),
        "language": page.language,
    })  # fmt: skip
