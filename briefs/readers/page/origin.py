"""Where the article of a page comes from: publisher, section, tags and address."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from urllib.parse import urljoin, urlsplit

from briefs.readers.fields import is_web
from briefs.readers.page.texts import distinct, text_of
from briefs.readers.page.tree import Node
from briefs.readers.quoting import is_same, letters

_NO_SECTIONS = frozenset(
    "all article articles blog general home homepage none null other posts uncategorized uncategorised".split()
)
_MOST_TAGS = 50
_LONGEST_TAG = 100


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


def choose_publisher(names: Sequence[str | None], *, title: str, headline: str | None) -> str | None:
    """Return the outlet: of the names that records give the one in the title of the page, since JSON-LD may name the company.

    >>> choose_publisher(["Varrow Media Holdings", "The Ledger"], title="Dam holds - The Ledger", headline="Dam holds")
    'The Ledger'
    """
    named = [name for name in names if name and not is_web(name) and not (headline and is_same(name, headline))]
    shown = letters(title)
    return next((name for name in named if letters(name) and letters(name) in shown), next(iter(named), None))


def names_of_site(names: Sequence[str | None], address: str | None) -> list[str]:
    """Return what the site of a page may be called: by its records, and by its address.

    >>> names_of_site(["The Ledger", None], "https://www.ledger.example/dam")
    ['The Ledger', 'www.ledger.example', 'ledger.example', 'ledger']
    """
    host = (urlsplit(address).hostname or "") if address else ""
    parts = host.removeprefix("www.").split(".")
    return [name for name in (*names, host, ".".join(parts), *(part for part in parts[:-1] if len(part) > 3)) if name]


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
    return tuple(distinct(tag for part in parts if (tag := part.strip()) and len(tag) <= _LONGEST_TAG))[:_MOST_TAGS]
