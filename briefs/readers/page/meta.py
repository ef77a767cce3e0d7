"""What a page says of its article in its `meta` elements, by the names that publishers use for it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from briefs.readers.item import clean_text
from briefs.readers.page.tree import Node

# The names for each field, those that say it best first: Open Graph (https://ogp.me), Parse.ly, Sailthru, Dublin Core,
# Highwire Press (citation_), cXense, and what content management systems have of their own.
NAMES: dict[str, tuple[str, ...]] = {
    name: tuple(names.split())
    for name, names in {
        "headline": "og:title twitter:title parsely-title sailthru.title dc.title dcterms.title citation_title headline"
        " cxenseparse:title title",
        "description": "og:description twitter:description description sailthru.description dc.description"
        " dcterms.description dcterms.abstract cxenseparse:description",
        "author": "author article:author parsely-author sailthru.author byl dc.creator dcterms.creator citation_author"
        " cxenseparse:author og:article:author article:author_name article.author creator",
        "published": "article:published_time og:article:published_time og:published_time datepublished parsely-pub-date"
        " sailthru.date cxenseparse:recs:publishtime article.published dc.date.issued dcterms.issued dc.date.created"
        " dcterms.created dc.date dcterms.date citation_publication_date citation_date pubdate publishdate publish-date"
        " publish_date published_date publication_date published originalpublicationdate date pdate",
        "updated": "article:modified_time og:article:modified_time og:updated_time datemodified dc.date.modified"
        " dcterms.modified article.updated lastmod last-modified lastmodified updated",
        "publisher": "og:site_name publisher dc.publisher dcterms.publisher citation_journal_title cre application-name",
        "section": "article:section parsely-section sailthru.section cxenseparse:section article.section og:section section"
        " category dc.subject",
        "tag": "article:tag og:article:tag",
        "tags": "news_keywords parsely-tags sailthru.tags cxenseparse:keywords citation_keywords keywords",
        "url": "og:url",
    }.items()
}


class Metas:
    """The `meta` elements of a page by their names.

    >>> from briefs.readers.page.tree import parse_page
    >>> metas = Metas(parse_page('<meta property="og:title" content=" Dam  holds "><p>It held.', path="a.html"))
    >>> metas.first("headline"), metas.first("author")
    ('Dam holds', None)
    """

    def __init__(self, root: Node) -> None:
        """Take the root of a page."""
        found: dict[str, list[str]] = {}
        for node in root.iter("meta"):
            content = clean_text((node.get("content") or "")[:10_000])
            if content:
                for attribute in ("property", "name", "itemprop"):
                    for name in (node.get(attribute) or "").lower().split():
                        found.setdefault(name, []).append(content)
        self._found: Mapping[str, list[str]] = found

    def all(self, field: str) -> Iterator[str]:
        """Yield what the page gives for a field, those names first that say it best."""
        for name in NAMES[field]:
            yield from dict.fromkeys(self._found.get(name, ()))

    def first(self, field: str) -> str | None:
        """Return what the page gives for a field under the best of its names."""
        return next(self.all(field), None)

    def same(self, field: str) -> list[str]:
        """Return all that the page gives for a field under the best of its names: several authors, several tags."""
        for name in NAMES[field]:
            if name in self._found:
                return list(dict.fromkeys(self._found[name]))
        return []
