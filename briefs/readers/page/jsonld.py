"""What a page says of its article in JSON-LD, by the vocabulary of schema.org."""

from __future__ import annotations

import html
import json
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from briefs.readers.item import clean_text
from briefs.readers.markup import read_line, read_markup
from briefs.readers.quoting import letters

# https://schema.org/Article and the types below it, and what else carries articles.
_TYPES = frozenset(
    "Article AdvertiserContentArticle AnalysisNewsArticle AskPublicNewsArticle BackgroundNewsArticle BlogPosting"
    " LiveBlogPosting MedicalScholarlyArticle NewsArticle OpinionNewsArticle Report ReportageNewsArticle ReviewNewsArticle "
    "SatiricalArticle ScholarlyArticle SocialMediaPosting TechArticle WebPage".split()
)
_WEAK = frozenset(("WebPage",))  # the page rather than its article: read where no article is told
_INNER = ("@graph", "mainEntity", "mainEntityOfPage", "itemListElement", "item")
_WRAPPING = re.compile(r"\A\s*(?://\s*)?(?:<!--|<!\[CDATA\[)|(?://\s*)?(?:-->|\]\]>)\s*\Z|;\s*\Z")
_TAGGED = re.compile(r"</?[a-zA-Z][^<>]{0,200}>")
_MOST_NODES = 2_000  # objects of a page's JSON-LD that are looked at
_LONGEST_LINE = 10_000  # characters of a line that are looked at
_LONGEST_BODY = 500_000  # and of a text


@dataclass(frozen=True, slots=True)
class Record:
    """An article as JSON-LD tells it. What it does not say is None or empty."""

    headline: str | None = None
    description: str | None = None
    authors: tuple[str, ...] = ()
    published: str | None = None
    updated: str | None = None
    publisher: str | None = None
    section: str | None = None
    tags: tuple[str, ...] = ()
    url: str | None = None
    body: str | None = None


def read_records(scripts: Iterable[str]) -> list[Record]:
    """Return the articles that the JSON-LD of a page tells, in order, pages last. What is no JSON is passed over.

    >>> script = '{"@graph": [{"@type": "NewsArticle", "headline": "Dam holds", "author": [{"name": "Ann Lee"}]}]}'
    >>> [(record.headline, record.authors) for record in read_records(["{broken", script])]
    [('Dam holds', ('Ann Lee',))]
    """
    nodes = [node for script in scripts for node in _walk(_load(script))]
    known = {name: node for node in nodes if len(node) > 1 and isinstance(name := node.get("@id"), str)}
    articles = [node for node in nodes if _types(node) & _TYPES]
    articles.sort(key=lambda node: not _types(node) - _WEAK)
    return [_read(node, known) for node in articles]


def pick_record(records: Iterable[Record], title: str) -> Record:
    """Return the record whose headline a title has, or else the first.

    >>> records = [Record(headline="Rain"), Record(headline="Dam holds")]
    >>> pick_record(records, "Dam holds | The Ledger").headline, pick_record([], "Dam").headline
    ('Dam holds', None)
    """
    found = list(records)
    key = letters(title)
    fitting = (r for r in found if r.headline and key and (letters(r.headline) in key or key in letters(r.headline)))
    return next(fitting, found[0] if found else Record())


def _load(script: str) -> object:
    for text in (script, _WRAPPING.sub("", script)):
        try:
            value: object = json.loads(text, strict=False)
        except (ValueError, RecursionError):
            continue
        return value
    return None


def _walk(value: object) -> Iterator[Mapping[str, object]]:
    """Yield the objects of a value, those inside after those around them."""
    waiting = [value]
    for _ in range(_MOST_NODES):
        if not waiting:
            return
        node = waiting.pop()
        if isinstance(node, list):
            waiting.extend(reversed(node[:_MOST_NODES]))
        elif isinstance(node, dict):
            yield node
            waiting.extend(node[name] for name in reversed(_INNER) if isinstance(node.get(name), list | dict))


def _types(node: Mapping[str, object]) -> frozenset[str]:
    names = _strings(node.get("@type"))
    return frozenset(re.split(r"[/#:]", name)[-1] for name in names)


def _read(node: Mapping[str, object], known: Mapping[str, Mapping[str, object]]) -> Record:
    named = {field: _names(node.get(field), known) for field in ("author", "creator", "publisher")}
    body = node.get("articleBody")
    return Record(
        headline=_line(node.get("headline")) or _line(node.get("name")),
        description=_line(node.get("description")),
        authors=tuple(dict.fromkeys(named["author"] or named["creator"])),
        published=_line(node.get("datePublished")) or _line(node.get("dateCreated")),
        updated=_line(node.get("dateModified")),
        publisher=next(iter(named["publisher"]), None),
        section=next(iter(_lines(node.get("articleSection"))), None),
        tags=tuple(_lines(node.get("keywords"))),
        url=_address(node),
        body=_paragraphs(body) if isinstance(body, str) else None,
    )


def _names(value: object, known: Mapping[str, Mapping[str, object]]) -> list[str]:
    """Return the names of persons or organisations, given as strings, as objects, or as references to these."""
    names: list[str] = []
    for part in value if isinstance(value, list) else [value]:
        if isinstance(part, dict):
            whole = part if "name" in part else known.get(str(part.get("@id")), part)
            names += _lines(whole.get("name"))
        else:
            names += _lines(part)
    return names


def _address(node: Mapping[str, object]) -> str | None:
    page = node.get("mainEntityOfPage")
    if isinstance(page, dict):
        page = page.get("@id") or page.get("url")
    return next((text for text in (node.get("url"), page) if isinstance(text, str) and text), None)


def _strings(value: object) -> list[str]:
    values = value if isinstance(value, list) else [value]
    return [text for text in values if isinstance(text, str)]


def _line(value: object) -> str | None:
    return next(iter(_lines(value)), None)


def _lines(value: object) -> list[str]:
    """Return strings as lines of text: some publishers escape them as for HTML, some put tags into them."""
    lines = []
    for text in _strings(value)[:100]:
        line = html.unescape(text[:_LONGEST_LINE])
        line = clean_text(read_line(line) if _TAGGED.search(line) else line)
        if line:
            lines.append(line)
    return lines


def _paragraphs(text: str) -> str:
    """Return a text with a line for each of its paragraphs."""
    plain = html.unescape(text[:_LONGEST_BODY])
    return "\n".join(block.text for block in read_markup(plain)) if _TAGGED.search(plain) else plain
