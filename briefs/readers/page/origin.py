"""Where the article of a page comes from: byline, dates, publisher, section, tags and address."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from urllib.parse import urljoin, urlsplit

from briefs.readers.fields import is_web, join_names, to_moment
from briefs.readers.page.tree import Node, text_of, within, words_of
from briefs.readers.quoting import is_same
from briefs.stages.credits import AGENCIES, NEWSROOM, read_byline
from briefs.stages.dates import find_moments

_NOBODY = frozenset(
    "admin administrator anonymous author contributor editor editorial guest none null root staff unknown user"
    " webmaster".split()
)
_BY = re.compile(
    r"^\s*(?:(?:(?:written|posted|words|story|report|text)\s+)?by\b[:\s]*|(?:words|text|story|author|reporter)s?\s*:\s*)",
    re.IGNORECASE,
)
_BY_INSIDE = re.compile(r"\d,?\s+by\s+")  # after a date
_DEGREE = re.compile(r"(?:Ph\.?\s?D|M\.?D|[A-Z][A-Z.]{0,4})\.?")
_NO_NAME = re.compile(r"https?:|www\.|[@/<>{}\d]|\.(?:com|org|net)\b", re.IGNORECASE)
_PARTS = re.compile(r";|(?<=\w)/(?=[^\W\d_a-z])")
_BETWEEN = re.compile(r",\s*(?:and\s+)?|\s+and\s+|\s*&\s*")
_MOST_WORDS = 6  # in a name
_LONGEST_BYLINE = 200
# Words in the class or id of an element that names the author, and of what stands around other things than the article.
_AUTHOR_WORDS = frozenset("author authors byline bylines byl writer journalist contributor reporter authorname".split())
_ELSEWHERE = frozenset(
    "comment comments related sidebar footer recommended popular trending newsletter promo card teaser".split()
)
_PUBLISHED_WORDS = frozenset("published publish pubdate date dateline timestamp posted time".split())
_UPDATED_WORDS = frozenset("updated update modified lastmod".split())
_NO_SECTIONS = frozenset(
    "all article articles blog general home homepage none null other posts uncategorized uncategorised".split()
)
_DATED = re.compile(r"/(20\d\d)/(\d{1,2})/(\d{1,2})(?:/|$)")
_SECONDS = re.compile(r"1[0-8]\d{8}(?:\d{3})?")  # since 1970, until 2030; or milliseconds
_COMPACT = re.compile(r"((?:19|20)\d\d)(\d\d)(\d\d)(?:\d{4}|\d{6})?\Z")
_LIKELY = re.compile(r"19|20")  # the centuries of articles on the web: content management systems give year 1 for none
_DAY = len("2026-03-12")
_MOST_TAGS = 50
_LONGEST_TAG = 100


def read_authors(values: Iterable[str], *, publisher: str | None) -> str | None:
    """Return the names of those who wrote it, from what a record gives as authors; None where these are no persons.

    >>> read_authors(["By Ann Lee and Bo Kim, Staff", "https://a.example/cy"], publisher="The Ledger")
    'Ann Lee and Bo Kim'
    >>> read_authors(["The Ledger"], publisher="The Ledger"), read_authors(["admin"], publisher=None)
    (None, None)
    """
    names = [name for value in values for part in _PARTS.split(value) for name in _names(" ".join(part.split()))]
    kept = [name for name in names if not (publisher and is_same(name, publisher))]
    persons = [name for name in kept if not _is_newsroom(name)]
    kept = persons or kept
    unique = _distinct(kept)
    return join_names(unique) if unique else None


def _distinct(lines: Iterable[str]) -> list[str]:
    """Return lines that differ by more than case, in order."""
    kept: dict[str, str] = {}
    for line in lines:
        kept.setdefault(line.casefold(), line)
    return list(kept.values())


def _is_newsroom(name: str) -> bool:
    return name in AGENCIES or bool(NEWSROOM & {word.lower() for word in name.split()})


def _names(text: str) -> list[str]:
    """Return the names in a byline, or what has the form of one; degrees after a name are none."""
    bare = _BY.sub("", text).strip(" ,|-–—")
    if not bare or bare.lower() in _NOBODY:
        return []
    known = read_byline(f"By {bare}")
    if known is not None:
        first, *others = (name for name in _BETWEEN.split(known) if name)
        return [first, *(name for name in others if not _DEGREE.fullmatch(name) or name in AGENCIES)]
    plain = bare.count(" ") < _MOST_WORDS and _NO_NAME.search(bare) is None
    return [bare] if plain else []


def find_authors(root: Node) -> list[str]:
    """Return the names that stand on a page as its byline, in the first element that is one.

    >>> from briefs.readers.page.tree import parse_page
    >>> find_authors(parse_page('<p class="byline">By <a href="/ann">Ann Lee</a>, Science Editor<p>It held.', path="a.html"))
    ['Ann Lee']
    """
    elsewhere = within(root, _ELSEWHERE)
    for node in root.iter(
        "a", "address", "div", "p", "span", "strong", "em", "li", "h3", "h4", "h5", "cite", "section"
    ):
        if node in elsewhere or not _names_author(node):
            continue
        names = _byline_names(node)
        inner = [
            name
            for part in node.iter("a", "span")
            if part is not node and _names_author(part)
            for name in _byline_names(part)
        ]
        if names or inner:
            return _distinct(inner) if len(inner) >= len(names) else names
    return []


def _names_author(node: Node) -> bool:
    return _is_author(node) or bool(words_of(node) & _AUTHOR_WORDS)


def _is_author(node: Node) -> bool:
    """Return whether an element is said to be the author, by the vocabularies of HTML or schema.org."""
    return node.tag == "address" or "author" in f"{node.get('itemprop') or ''} {node.get('rel') or ''}".lower().split()


def _byline_names(node: Node) -> list[str]:
    """Return the names of an element that holds a byline and nothing else; one word is none if nothing says so."""
    text = text_of(node, most=_LONGEST_BYLINE)
    found = _BY.match(text) or _BY_INSIDE.search(text)
    known = read_byline(f"By {text[found.end() :] if found else text}") if text else None
    if known is None or known.lower() in _NOBODY or not (found or _is_author(node) or " " in known):
        return []
    return _names(known)


def read_dates(published: Iterable[str], updated: Iterable[str]) -> tuple[str | None, str | None]:
    """Return when an article was published, and when updated if that was later, from what records give for them.

    >>> read_dates(["2026-03-12", "2026-03-12T16:05:00Z"], ["12 March 2026 16:05:00 UTC"])
    ('2026-03-12T16:05:00+00:00', None)
    """
    first, last = _moment(published), _moment(updated)
    if first is None or last is None:
        return first, last
    return first, (last if _is_later(last, first) else None)


def _moment(values: Iterable[str]) -> str | None:
    """Return the first moment that can be read, with the time that another gives for that day."""
    read = (to_moment(_spelled(value)) for value in values)
    moments = [moment for moment in read if moment and _LIKELY.match(moment)]
    if not moments or len(moments[0]) > _DAY:
        return next(iter(moments), None)
    timed = (moment for moment in moments if len(moment) > _DAY and moment[:_DAY] == moments[0])
    return next(timed, moments[0])


def _spelled(value: str) -> str | int:
    """Return a date that is given in digits alone in a form that `to_moment` reads."""
    if _SECONDS.fullmatch(value):
        return int(value)
    return _COMPACT.sub(r"\1-\2-\3", value) if value.isdecimal() else value


def _is_later(one: str, other: str) -> bool:
    first, second = datetime.fromisoformat(other), datetime.fromisoformat(one)
    if (first.tzinfo is None) != (second.tzinfo is None) or min(len(one), len(other)) == _DAY:
        return one[:_DAY] > other[:_DAY]
    return second > first


def find_publisher(root: Node) -> str | None:
    """Return the name of the publisher in the microdata of a page.

    >>> from briefs.readers.page.tree import parse_page
    >>> find_publisher(parse_page('<p itemprop="publisher">© <b itemprop="name">The Ledger</b></p>', path="a.html"))
    'The Ledger'
    """
    for node in root.iter():
        if "publisher" in (node.get("itemprop") or "").split():
            for part in node.iter():
                if part.get("itemprop") == "name":
                    return part.get("content") or text_of(part, most=_LONGEST_TAG) or None
    return None


def read_section(values: Iterable[str], *, names: Sequence[str]) -> str | None:
    """Return the first section that is one, not a name of the site or of nothing; of a list of sections the first.

    >>> read_section(["All", "The Ledger", "World,Europe"], names=["The Ledger"])
    'World'
    """
    for value in values:
        parts = [part.strip() for part in re.split(r"[,;|]", value)]
        section = parts[0] if len(parts) > 2 or re.search(r",\S", value) else value
        label = section.casefold().strip()
        if (
            section
            and label not in _NO_SECTIONS
            and not is_web(section)
            and not any(is_same(section, n) for n in names)
        ):
            return section
    return None


def find_dates(root: Node) -> tuple[list[str], list[str]]:
    """Return the dates that stand on a page as those on which it was published and updated.

    >>> from briefs.readers.page.tree import parse_page
    >>> find_dates(parse_page('<h1>Dam</h1><time datetime="2026-03-12">12 March</time><p>It held.', path="a.html"))
    (['2026-03-12'], [])
    """
    elsewhere = within(root, _ELSEWHERE)
    published: list[tuple[bool, str]] = []
    updated: list[str] = []
    begun = False
    for node in root.iter("h1", "time", "span", "div", "p", "meta", "li", "abbr"):
        begun = begun or node.tag == "h1"
        properties = (node.get("itemprop") or "").lower().split()
        words = words_of(node)
        if not (node.tag == "time" or {"datepublished", "datemodified"} & set(properties) or words & _PUBLISHED_WORDS):
            continue
        text = text_of(node, most=_LONGEST_BYLINE)
        given = node.get("datetime") or node.get("content") or ""
        if node in elsewhere or not (text or given):
            continue
        first, last = (to_moment(given), None) if given else find_moments(text)
        changed = "datemodified" in properties or bool(words & _UPDATED_WORDS) or "updated" in text.lower()
        if given and changed:
            first, last = None, first
        sure = "datepublished" in properties or node.get("pubdate") is not None
        published += [(not sure and not begun, first)] if first else []
        updated += [last] if last else []
    return [moment for _, moment in sorted(published, key=lambda pair: pair[0])], updated


def date_in(url: str | None) -> list[str]:
    """Return the date that stands in an address.

    >>> date_in("https://ledger.example/2026/03/12/dam-holds"), date_in("https://ledger.example/dam")
    (['2026-03-12'], [])
    """
    found = _DATED.search(urlsplit(url).path) if url else None
    return [f"{found[1]}-{int(found[2]):02d}-{int(found[3]):02d}"] if found else []


def find_address(root: Node, told: Sequence[str | None], *, url: str | None) -> str | None:
    """Return the address of an article: what its page calls canonical, what records give, or where it was fetched from.

    >>> from briefs.readers.page.tree import parse_page
    >>> page = parse_page('<link rel="canonical" href="/world/dam"><p>It held.', path="a.html")
    >>> find_address(page, [], url="https://ledger.example/world/dam?from=home"), find_address(page, [], url=None)
    ('https://ledger.example/world/dam', None)
    """
    bases = [node.get("href") for node in root.iter("base")]
    base = _resolve(next(iter(bases), None) or "", url) or url
    for address in [*_canonical(root), *told, url]:
        whole = _resolve(address.strip(), base) if address else None
        if whole is not None and (urlsplit(whole).path.strip("/") or address == url):
            return whole
    return None


def _canonical(root: Node) -> Iterator[str | None]:
    for node in root.iter("link"):
        if "canonical" in (node.get("rel") or "").lower().split():
            yield node.get("href")


def _resolve(address: str, base: str | None) -> str | None:
    """Return an address in full, without its fragment, None where it is none of the web."""
    try:
        whole = urljoin(base or "", address).partition("#")[0]
        return whole if is_web(whole) and urlsplit(whole).hostname else None
    except ValueError:
        return None


def read_tags(values: Sequence[str]) -> tuple[str, ...]:
    """Return tags, in order: several values, or one with commas between them.

    >>> read_tags(["dams, rain,dams"]), read_tags(["Dams", "Rain, heavy"])
    (('dams', 'rain'), ('Dams', 'Rain, heavy'))
    """
    parts = re.split(r"[,;]", values[0]) if len(values) == 1 else list(values)
    return tuple(_distinct(tag for part in parts if (tag := part.strip()) and len(tag) <= _LONGEST_TAG))[:_MOST_TAGS]
