"""The names under which front matter and records keep what an article's origin is, and how their values are read.

The names are those of the front matter that Hugo, Jekyll, Eleventy, Astro, MkDocs and Pelican document, of schema.org's
NewsArticle, and of the columns that common news corpora have. Case, hyphens and underscores make no difference.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, date, datetime
from email.utils import parsedate_to_datetime
from typing import NamedTuple

from briefs.readers.item import clean_field, clean_text
from briefs.stages.credits import read_byline
from briefs.stages.dates import read_moment

NAMES: dict[str, tuple[str, ...]] = {
    "headline": ("headline", "title", "name"),
    "text": (
        "text",
        "body",
        "content",
        "article",
        "bodytext",
        "contenttext",
        "articlebody",
        "maintext",
        "fulltext",
        "story",
    ),
    "html": ("html", "bodyhtml", "contenthtml", "bodyxhtml"),
    "dek": ("dek", "deck", "standfirst", "subtitle", "subheadline", "description", "summary", "abstract", "excerpt"),
    "byline": ("byline", "author", "authors", "creator", "by", "writer"),
    "published": (
        *("published", "date", "datepublished", "publishdate", "pubdate", "publishedat", "publicationdate"),
        *("publishedon", "firstpublished", "versioncreated", "created", "createdat", "timestamp"),
    ),
    "updated": (
        *(
            "updated",
            "lastmod",
            "modified",
            "datemodified",
            "updateddate",
            "updatedat",
            "lastmodified",
            "lastmodifiedat",
        ),
        *("moddate", "lastupdated"),
    ),
    "publisher": ("publisher", "outlet", "publication", "newspaper", "sitename", "provider", "site", "source"),
    "section": ("section", "articlesection", "category", "categories", "topic", "desk"),
    "tags": ("tags", "keywords", "tag"),
    "url": (
        "url",
        "canonicalurl",
        "canonical",
        "link",
        "sourceurl",
        "originalurl",
        "permalink",
        "externalurl",
        "source",
    ),
    "id": ("id", "guid", "uri", "uid", "uuid", "articleid"),
}
_NOTHING = frozenset(("", "~", "null", "none", "nan"))
_WEB = re.compile(r"https?://[^\s/?#]+\S*\Z", re.IGNORECASE)
_ISO = re.compile(
    r"(?P<day>\d{4}-\d\d-\d\d)"
    r"(?:[Tt ](?P<time>\d\d:\d\d(?::\d\d)?)(?:[.,]\d+)?\s?(?P<zone>[Zz]|UTC|GMT|[+-]\d\d:?\d\d|[+-]\d\d)?)?\Z"
)
_LATEST = 4_102_444_800  # the year 2100, in seconds: what is more is milliseconds
_MOST_TAGS = 100


class Found(NamedTuple):
    """A value and the name it stood under."""

    name: str
    value: object


def normal(name: str) -> str:
    """Return a field's name without what makes no difference.

    >>> normal("date_published"), normal("datePublished")
    ('datepublished', 'datepublished')
    """
    return re.sub(r"[\W_]+", "", name).lower()


class Fields:
    """The fields of a record or of front matter, found under any of their names.

    >>> fields = Fields({"Title": "Dam holds", "source": "https://example.com/dam", "tags": ["dams", "rain"]})
    >>> fields.text("headline"), fields.url(), fields.tags(), fields.text("byline")
    ('Dam holds', 'https://example.com/dam', ('dams', 'rain'), None)
    """

    def __init__(self, values: Mapping[str, object], *, names: Mapping[str, str] | None = None) -> None:
        """Take the values of a record; `names` says for a field the only name it has here."""
        self._values = {normal(key): value for key, value in reversed(list(values.items())) if isinstance(key, str)}
        self._names = {field: (normal(name),) for field, name in (names or {}).items()}

    def all(self, field: str) -> Iterator[Found]:
        """Yield what stands under the names of a field, those that say it best first."""
        for name in self._names.get(field, NAMES[field]):
            value = self._values.get(name)
            if value is not None and not (isinstance(value, str) and value.strip().lower() in _NOTHING):
                yield Found(name, value)

    def raw(self, field: str) -> str | None:
        """Return the first string of a field as it stands."""
        return next((found.value for found in self.all(field) if isinstance(found.value, str)), None)

    def text(self, field: str) -> str | None:
        """Return a field as one line, None where there is none."""
        for found in self.all(field):
            value = clean_text(str(found.value)) if isinstance(found.value, str | int) else _named(found.value)
            if value and not (field == "publisher" and _WEB.match(value)):
                return value
        return None

    def byline(self) -> str | None:
        """Return the names of those who wrote it."""
        for found in self.all("byline"):
            value = found.value
            values = value.split(";") if isinstance(value, str) else value if isinstance(value, list) else [value]
            names = [n for v in values if (n := clean_field(v) if isinstance(v, str) else _named(v))]
            if names:
                return join_names(names)
        return None

    def moment(self, field: str) -> str | None:
        """Return a date or a date and time in ISO 8601."""
        for found in self.all(field):
            value = found.value
            if isinstance(value, Mapping):  # Material for MkDocs: date: {created: ..., updated: ...}
                value = _pick(value, "created", "published")
            when = to_moment(value)
            if when:
                return when
        if field == "updated":
            for found in self.all("published"):
                if isinstance(found.value, Mapping):
                    return to_moment(_pick(found.value, "updated", "modified"))
        return None

    def url(self) -> str | None:
        """Return the address of the article, where one is given in full."""
        return next((f.value.strip() for f in self.all("url") if isinstance(f.value, str) and is_web(f.value)), None)

    def section(self) -> str | None:
        """Return the section: of several categories the first."""
        return next(iter(self._list("section")), None)

    def tags(self) -> tuple[str, ...]:
        """Return the tags, in order."""
        return tuple(self._list("tags"))[:_MOST_TAGS]

    def _list(self, field: str) -> list[str]:
        for found in self.all(field):
            value = found.value
            values = re.split(r"[,;]", value) if isinstance(value, str) else value
            if isinstance(values, list):
                return [n for v in values if (n := clean_field(v) if isinstance(v, str) else _named(v))]
        return []


def is_web(address: str) -> bool:
    """Return whether an address is one of a page on the web, whole.

    >>> is_web("https://example.com/dam"), is_web("/dam"), is_web("javascript:alert(1)")
    (True, False, False)
    """
    return _WEB.match(address.strip()) is not None


def to_moment(value: object) -> str | None:
    """Return a date or a date and time in ISO 8601, as precise as it is given; None where it is none.

    Strings may be ISO 8601, RFC 5322 (as in RSS) or as newspapers write dates; numbers are seconds or milliseconds since 1970.

    >>> to_moment("2026-02-16T09:05:00.000Z"), to_moment("Mon, 16 Feb 2026 09:05:00 +0100"), to_moment(1771232700)
    ('2026-02-16T09:05:00+00:00', '2026-02-16T09:05:00+01:00', '2026-02-16T09:05:00+00:00')
    """
    if isinstance(value, bool):
        return None
    if isinstance(value, datetime):
        return value.isoformat(timespec="seconds")
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, int | float):
        return _from_number(value)
    return _from_text(value.strip()[:100]) if isinstance(value, str) else None


def join_names(names: Sequence[str]) -> str:
    """Return names in a row: "A, B and C", without a "By" before them.

    >>> join_names(["By Ann Lee", "Bo Kim"])
    'Ann Lee and Bo Kim'
    """
    known = list(dict.fromkeys(read_byline(name) or name for name in names))
    return " and ".join([", ".join(known[:-1]), known[-1]]) if len(known) > 1 else known[0]


def _pick(values: Mapping[str, object], *names: str) -> object:
    return next((values[name] for name in names if name in values), None)


def _named(value: object) -> str | None:
    """Return the name in a record of a person, a publisher or a category."""
    if isinstance(value, Mapping):
        value = next((value[k] for k in ("name", "title", "label", "term") if isinstance(value.get(k), str)), None)
    return clean_field(value) if isinstance(value, str) else None


def _from_number(value: float) -> str | None:
    seconds = value / 1000 if abs(value) > _LATEST else value
    try:
        return datetime.fromtimestamp(seconds, UTC).isoformat(timespec="seconds") if seconds > 0 else None
    except (ValueError, OverflowError, OSError):
        return None


def _from_text(text: str) -> str | None:
    match = _ISO.match(text)
    if match is None:
        try:
            return parsedate_to_datetime(text).isoformat(timespec="seconds")
        except (ValueError, TypeError, OverflowError, IndexError):
            return read_moment(text)
    zone = match["zone"] or ""
    if zone.upper() in ("Z", "UTC", "GMT"):
        zone = "+00:00"
    elif zone and ":" not in zone:
        zone = f"{zone[:3]}:{zone[3:] or '00'}"
    when = match["day"] + (f"T{match['time']}{zone}" if match["time"] else "")
    try:
        datetime.fromisoformat(when)
    except ValueError:
        return None
    return when
