"""A brief in the JSON of others: W3C Web Annotations of its article, and ninjs, the JSON of news agencies."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from briefs.listing import Entry, Site
from briefs.moments import dated, timestamp
from briefs.schema import Brief, Claim, Kind, Passage, Span
from briefs.view import Node, Page, Said, find_pieces, told

_GROUPS: dict[Kind, str] = {"person": "people", "organization": "organisations", "place": "places", "other": "objects"}


def web_annotations(brief: Brief, page: Page) -> Node | None:
    """Return the sentences and claims of a brief as annotations of its article, or None where its address is not known.

    See https://www.w3.org/TR/annotation-model/. A sentence has for its body the part of the brief in which it stands, a claim
    who says it and how; a claim of several pieces has a target for each. Positions are those of the brief's spans.

    >>> from briefs.view import view
    >>> headline = Passage(text="Dam holds", span=Span(start=0, end=9))
    >>> parts = dict.fromkeys(("lede", "actors", "claims", "context", "outlook", "summary"), ())
    >>> origin = {"path": "", "sha256": "", "url": "https://news.example/dam"}
    >>> brief = Brief.model_validate({"headline": headline, "origin": origin, "tagger": "1"} | parts)
    >>> web_annotations(brief, view(brief))["type"]
    'AnnotationPage'
    """
    if page.url is None:
        return None
    items = [*_sentences(brief, page.url), *_claims(brief, page, page.url)]
    return {
        "@context": "http://www.w3.org/ns/anno.jsonld",
        "type": "AnnotationPage",
        "items": [{"id": f"#annotation-{number}", **item} for number, item in enumerate(items, 1)],
    }


def _sentences(brief: Brief, url: str) -> Iterator[Node]:
    for part in ("lede", "context", "outlook"):
        passages: Sequence[Passage] = getattr(brief, part)
        for passage in passages:
            target = _target(url, passage.text, passage.span, passage.prefix, passage.suffix)
            yield _annotation("classifying", part, [target])


def _claims(brief: Brief, page: Page, url: str) -> Iterator[Node]:
    for voice in page.voices:
        for said in voice.said:
            claim = brief.claims[said.number]
            who = voice.name if voice.named else said.by
            body = ", ".join(text for text in (who, claim.certainty, claim.form) if text)
            yield _annotation("describing", body, list(_targets(url, claim)))


def _targets(url: str, claim: Claim) -> Iterator[Node]:
    pieces = find_pieces(claim)
    if len(pieces) == len(claim.spans):
        last = len(pieces) - 1
        for number, (text, span) in enumerate(zip(pieces, claim.spans, strict=True)):
            prefix, suffix = claim.prefix if number == 0 else None, claim.suffix if number == last else None
            yield _target(url, text, span, prefix, suffix)


def _target(url: str, text: str, span: Span, prefix: str | None, suffix: str | None) -> Node:
    quote: Node = {"type": "TextQuoteSelector", "exact": text, "prefix": prefix, "suffix": suffix}
    place: Node = {"type": "TextPositionSelector", "start": span.start, "end": span.end}
    return {"source": url, "selector": [told(quote), place]}


def _annotation(motivation: str, body: str, targets: list[Node]) -> Node:
    content = {"type": "TextualBody", "purpose": motivation, "format": "text/plain", "language": "en", "value": body}
    return {"type": "Annotation", "motivation": motivation, "body": content, "target": targets}


def ninjs(page: Page, address: str | None) -> Node | None:
    """Return a brief as an item of ninjs 3 (https://iptc.org/standards/ninjs/), or None where it has no address.

    Its body has the lede, the claims with who says them, context and outlook, a paragraph each.
    """
    if address is None:
        return None
    said = [_line(said) for voice in page.voices for said in voice.said]
    lede = " ".join(line.text for line in page.lede)
    body = [lede, *said, *(line.text for line in (*page.context, *page.outlook))]
    figures = page.cast + page.also
    groups = {
        name: [
            told({"name": f.name, "rel": "about" if f.salience == "main" else "mentions", "description": f.about})
            for f in figures
            if f.kind == kind
        ]
        for kind, name in _GROUPS.items()
    }
    return told({
        "uri": address,
        "standard": {"name": "ninjs", "version": "3.0"},
        "type": "text",
        "pubStatus": "usable",
        "language": page.language,
        "firstCreated": timestamp(page.published),
        "versionCreated": timestamp(page.updated) or timestamp(page.published),
        "by": page.byline,
        "headlines": [{"role": "main", "contentType": "text/plain", "value": page.headline}],
        "descriptions": [{"role": "summary", "contentType": "text/plain", "value": page.summary}],
        "bodies": [{"role": "main", "contentType": "text/plain", "value": "\n\n".join(filter(None, body))}],
        "subjects": [{"name": tag, "rel": "about"} for tag in page.tags],
        "infoSources": [{"name": page.publisher}] if page.publisher else None,
        "associations": [{"name": "article", "uri": page.url, "type": "text"}] if page.url else None,
        **groups,
    })  # fmt: skip


def catalog(site: Site) -> list[Node]:
    """Return what the pages of all briefs show, the newest first, as data for a generator's own pages."""
    return [_described(entry) for entry in site.entries]


def _described(entry: Entry) -> Node:
    page = entry.page
    return told({
        "slug": entry.slug,
        "title": page.headline,
        "dek": page.dek,
        "summary": page.summary,
        "date": entry.date,
        "updated": dated(page.updated),
        "publisher": page.publisher,
        "byline": page.byline,
        "section": page.section,
        "tags": list(page.tags),
        "article": page.url,
        "language": page.language,
        "actors": [
            told({"name": figure.name, "kind": figure.kind, "about": figure.about, "salience": figure.salience})
            for figure in page.cast + page.also
        ],
        "lede": [line.text for line in page.lede],
        "claims": [
            told({
                "speaker": voice.name if voice.named else "",
                "by": said.by,
                "text": said.text,
                "form": said.form,
                "certainty": said.certainty,
                "article": said.href,
            })
            for voice in page.voices
            for said in voice.said
        ],
        "context": [line.text for line in page.context],
        "outlook": [line.text for line in page.outlook],
    })  # fmt: skip


def _line(said: Said) -> str:
    text = f"“{said.text}”" if said.form == "direct" else said.text
    return f"{said.by}: {text}" if said.by else text
