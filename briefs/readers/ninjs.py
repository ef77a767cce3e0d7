"""ninjs, the JSON of news agencies (https://iptc.org/standards/ninjs/), versions 2 and 3: an article a file."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from briefs.errors import SeedError
from briefs.readers.fields import is_web, join_names, to_moment
from briefs.readers.item import Block, Item, clean_field, clean_text
from briefs.readers.markup import read_line, read_markup
from briefs.readers.quoting import find_dek, without_title

_SIGNS = frozenset(
    ("headlines", "bodies", "pubstatus", "versioncreated", "contentcreated", "firstcreated", "copyrightholder")
)
_BODY_FORMS = ("html", "richtext", "plain", "text")  # what a body's type or role says of it: the first is read first


def is_ninjs(record: Mapping[str, object]) -> bool:
    """Return whether a JSON object is an item of ninjs: it has a `uri`, and what no other form has.

    >>> is_ninjs({"uri": "urn:x", "headlines": []}), is_ninjs({"uri": "urn:x", "title": "Dam holds"})
    (True, False)
    """
    return "uri" in record and not _SIGNS.isdisjoint(key.lower() for key in record)


def read_ninjs(record: Mapping[str, object], *, path: str, line: int = 1, label: str = "") -> Item:
    """Return the article in an item of ninjs; `line` and `label` say where in its file it is.

    Raises SeedError where the item is no text: a picture, a video.

    >>> record = {"uri": "urn:x", "headlines": [{"value": "Dam holds"}], "bodies": [{"value": "<p>It held.</p>"}]}
    >>> item = read_ninjs(record, path="a.json")
    >>> item.headline.text, [block.text for block in item.blocks], item.id
    ('Dam holds', ['It held.'], 'urn:x')
    """
    record = _lowered(record)
    kind = record.get("type", "text")
    if kind not in ("text", "composite"):
        raise SeedError(
            path, 1, 1, found=f"an item of the type {clean_field(str(kind))}", expected="one of the type text"
        )
    headline = _main(record, "headlines") or _main(record, "titles") or _text(record.get("title"))
    title = read_line(headline) if headline else None
    blocks = without_title(read_markup(_body(record)), title)
    dek = clean_text(read_line(_role(record, "descriptions", "summary") or ""))
    published = to_moment(record.get("firstcreated")) or to_moment(record.get("versioncreated"))
    updated = to_moment(record.get("versioncreated")) or to_moment(record.get("contentmodified"))
    return Item(
        headline=Block(title) if title else None,
        blocks=blocks,
        dek=find_dek(dek, blocks),
        byline=_byline(record),
        published=published,
        updated=updated if updated != published else None,
        publisher=_publisher(record),
        section=next(_names(record, "genres", "genre"), None),
        tags=tuple(dict.fromkeys(_names(record, "subjects", "keywords"))),
        url=_address(record),
        id=_text(record.get("uri")),
        line=line,
        label=label,
    )


def _lowered(record: Mapping[str, object]) -> dict[str, object]:
    """Return a record with its names in lower case, as version 2 has them; version 3 writes `versionCreated`."""
    return {key.lower(): value for key, value in record.items()}


def _list(record: Mapping[str, object], key: str) -> list[Mapping[str, object]]:
    value = record.get(key)
    return [_lowered(entry) for entry in value if isinstance(entry, Mapping)] if isinstance(value, list) else []


def _text(value: object) -> str | None:
    return value if isinstance(value, str) and value.strip() else None


def _main(record: Mapping[str, object], key: str) -> str | None:
    """Return the value of the list that is the main one, or has no role, or stands first."""
    return _role(record, key, "main") or _role(record, key, None) or next(_values(record, key), None)


def _role(record: Mapping[str, object], key: str, role: str | None) -> str | None:
    return next((_text(entry.get("value")) for entry in _list(record, key) if entry.get("role") == role), None)


def _values(record: Mapping[str, object], key: str) -> Iterator[str]:
    for entry in _list(record, key):
        value = _text(entry.get("value"))
        if value:
            yield value


def _body(record: Mapping[str, object]) -> str:
    """Return the body: of several, that in HTML, else that in plain text."""
    texts: dict[str, str] = {}
    for body in _list(record, "bodies"):
        known = f"{body.get('contenttype', '')} {body.get('role', '')}".lower()
        form = next((form for form in _BODY_FORMS if form in known), "")
        text = _text(body.get("value"))
        if text:
            texts.setdefault(form, text)
    texts.setdefault("html", _text(record.get("body_xhtml")) or "")
    texts.setdefault("plain", _text(record.get("body_text")) or "")
    return next((texts[form] for form in (*_BODY_FORMS, "") if texts.get(form)), "")


def _names(record: Mapping[str, object], *keys: str) -> Iterator[str]:
    for key in keys:
        value = record.get(key)
        for entry in value if isinstance(value, list) else []:
            name = clean_field(
                entry if isinstance(entry, str) else _text(entry.get("name")) if isinstance(entry, Mapping) else None
            )
            if name:
                yield name


def _byline(record: Mapping[str, object]) -> str | None:
    line = clean_field(_text(record.get("by")) or _text(record.get("byline")))
    if line:
        return join_names([line])
    people = [e for e in _list(record, "people") if e.get("rel") in ("author", "creator", "writer")]
    names = [name for person in people if (name := clean_field(_text(person.get("name"))))]
    return join_names(names) if names else None


def _publisher(record: Mapping[str, object]) -> str | None:
    sources = [e for e in _list(record, "infosources") if e.get("role") in (None, "publisher", "provider", "source")]
    names = [_text(source.get("name")) for source in sources]
    return next((n for n in (*names, _text(record.get("copyrightholder"))) if n), None)


def _address(record: Mapping[str, object]) -> str | None:
    """Return the address of the article: the canonical one, else its URI where that is one."""
    places = [e.get("href") for e in _list(record, "associations") if e.get("rel") == "canonical"]
    places += [record.get("url"), record.get("uri")]
    return next((place for place in places if isinstance(place, str) and is_web(place)), None)
