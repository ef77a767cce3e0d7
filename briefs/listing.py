"""The briefs of a site, as lists of them, feeds and sitemaps go through them. What templates read of it is noted (`reads`)."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from urllib.parse import quote

from briefs.cards import Card, card_of
from briefs.evidence import Evidence
from briefs.moments import Moment, moment
from briefs.reads import read
from briefs.schema import Brief
from briefs.view import Page, view

UNKNOWN_DATE = "1970-01-01T00:00:00Z"
LISTED_MOST = 100  # briefs on the first page and in feeds; the others are listed by month
# What news sitemaps may hold: https://developers.google.com/search/docs/crawling-indexing/sitemaps/news-sitemap
NEWS_DAYS = timedelta(days=2)


@dataclass(frozen=True, slots=True, eq=False)
class Entry:
    """A brief in the list of briefs, with the name of its folder. Its page and its record are loaded when asked for."""

    slug: str
    card: Card
    load_page: Callable[[], Page]
    load_brief: Callable[[], Brief]

    @property
    def page(self) -> Page:
        """What the pages of the brief show."""
        return self.load_page()

    @property
    def brief(self) -> Brief:
        """The record."""
        return self.load_brief()

    @property
    def headline(self) -> str:
        """What stands above it, also in a list."""
        return self.card.headline

    @property
    def published(self) -> Moment | None:
        """When the article was published."""
        return self.card.published

    @property
    def dated(self) -> str | None:
        """When the article was last changed, or else published, as RFC 3339 has it; None where it does not say."""
        return self.card.dated

    @property
    def date(self) -> str | None:
        """When the article was published, or else last changed, as it says: a day, or a time with its zone; or None."""
        return self.card.date

    @property
    def day(self) -> str:
        """The day for which the brief is listed, `2026-02-16`; or nothing."""
        return self.card.day


class Site:
    """All briefs of a build, newest first. `url` ends with a slash, and is None where it is not known.

    `made` is when the site was made, as RFC 3339 has it, for what has no date of its own. `search` is whether it has a page
    that finds briefs by their words.
    """

    def __init__(
        self,
        title: str,
        url: str | None,
        entries: Iterable[Entry] = (),
        *,
        made: str = UNKNOWN_DATE,
        search: bool = False,
    ) -> None:
        self._title, self._url, self._made, self._search = title, url, made, search
        self._entries = tuple(sorted(sorted(entries, key=lambda entry: entry.slug), key=_time, reverse=True))

    def having(self, entries: Iterable[Entry]) -> Site:
        """Return the same site with these briefs, newest first: those without a date last, those of one time by folder."""
        return Site(self._title, self._url, entries, made=self._made, search=self._search)

    @property
    def title(self) -> str:
        """The title of the site and of its feeds."""
        read("site title")
        return self._title

    @property
    def url(self) -> str | None:
        """The address of the site."""
        read("site url")
        return self._url

    @property
    def made(self) -> str:
        """When the site was made."""
        read("site made")
        return self._made

    @property
    def search(self) -> bool:
        """Whether a page finds briefs by their words."""
        read("site search")
        return self._search

    @property
    def entries(self) -> tuple[Entry, ...]:
        """All briefs."""
        read("site entries")
        return self._entries

    @property
    def updated(self) -> str:
        """The date of the newest brief."""
        read("site updated")
        return max((entry.dated for entry in self._entries if entry.dated), default=self._made)

    @property
    def latest(self) -> tuple[Entry, ...]:
        """The newest briefs, as many as the first page and the feeds have."""
        read("site latest")
        return self._entries[:LISTED_MOST]

    @property
    def days(self) -> tuple[tuple[str, tuple[Entry, ...]], ...]:
        """The newest briefs by the day of their articles, as people write it, empty where they have none."""
        found: dict[str, list[Entry]] = {}
        for entry in self.latest:
            day = moment(entry.day)
            found.setdefault(day.text if day else "", []).append(entry)
        return tuple((day, tuple(held)) for day, held in found.items())

    @property
    def news(self) -> tuple[Entry, ...]:
        """The briefs of the two days before the newest, for search engines that ask for what is new."""
        read("site news")
        last = datetime.fromisoformat(self.updated)
        fresh = f"{last - NEWS_DAYS:%Y-%m-%dT%H:%M:%SZ}"
        return tuple(entry for entry in self._entries if entry.dated and entry.dated >= fresh)

    def address(self, path: str) -> str | None:
        """Return the address of a file of the site, by its path below the folder of the site; None where it is not known.

        >>> Site("Briefs", "https://briefs.example/").address("dam-holds/")
        'https://briefs.example/dam-holds/'
        """
        return None if self.url is None else self.url + quote(path)


def entry_of(slug: str, brief: Brief, evidence: Evidence | None = None) -> Entry:
    """Return the entry of a brief in a list. `evidence` is what the site shows of its article."""
    page = view(brief, evidence)
    return Entry(slug, card_of(brief, page), lambda: page, lambda: brief)


def _time(entry: Entry) -> tuple[str, str]:
    return entry.card.day, entry.card.time
