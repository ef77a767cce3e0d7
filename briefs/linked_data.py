"""A brief as schema.org JSON-LD: a news article based on another, with its claims and quotations.

Never `ClaimReview`: that would say that the claims had been judged, and nobody has.
"""

from __future__ import annotations

from briefs.schema import Kind
from briefs.view import Figure, Node, Page, Said, Voice, told

_TYPES: dict[Kind, str] = {"person": "Person", "organization": "Organization", "place": "Place", "other": "Thing"}
# Who speaks is a person or a body: a place that does ("Orvane denied") stands for the body that speaks for it.
_SPEAKERS: dict[Kind, str] = {"person": "Person", "organization": "Organization", "place": "Organization"}

# Words that people wrote, chosen and put in order by a program: https://cv.iptc.org/newscodes/digitalsourcetype/
_CHOSEN = "https://schema.org/AlgorithmicallyEnhancedDigitalSource"


def linked_data(page: Page, address: str | None = None) -> Node:
    """Return the JSON-LD of a brief, which stands at `address`; what the article does not say is left out.

    >>> from briefs.schema import Brief, Origin, Passage, Span
    >>> from briefs.view import view
    >>> headline = Passage(text="Selmoor dam holds", span=Span(start=0, end=17))
    >>> brief = Brief(headline=headline, lede=(), actors=(), claims=(), context=(), outlook=(), summary=(),
    ...               origin=Origin(path="", sha256="", publisher="Meridian Press"), tagger="1")
    >>> linked_data(view(brief))["isBasedOn"]["publisher"]
    {'@type': 'Organization', 'name': 'Meridian Press'}
    """
    source: Node = {"@type": "NewsArticle", "headline": page.headline, "url": page.url}
    if page.publisher:
        source["publisher"] = {"@type": "Organization", "name": page.publisher}
    if page.byline:
        source["author"] = {"@type": "Person", "name": page.byline}
    dates = (("datePublished", page.published), ("dateModified", page.updated))
    source |= {key: when.iso for key, when in dates if when}
    figures = page.cast + page.also
    return told(
        {
            "@context": "https://schema.org",
            "@type": "NewsArticle",
            "@id": address,
            "url": address,
            "headline": page.headline,
            "abstract": page.summary,
            "inLanguage": page.language,
            "articleSection": page.section,
            "keywords": list(page.tags),
            "digitalSourceType": _CHOSEN,
            "isBasedOn": told(source),
            "about": [_figure(figure) for figure in figures if figure.salience == "main"],
            "mentions": [_figure(figure) for figure in figures if figure.salience != "main"],
            "hasPart": [_part(voice, said, figures) for voice in page.voices for said in voice.said],
        }
    )


def _figure(figure: Figure) -> Node:
    return told({"@type": _TYPES[figure.kind], "name": figure.name, "description": figure.about})


def _part(voice: Voice, said: Said, figures: tuple[Figure, ...]) -> Node:
    """Return a quotation or a claim, with its author: a person or a body, and not one that denies it.

    All others are only named in `description`.
    """
    quotation = said.form == "direct"
    node: Node = {
        "@type": "Quotation" if quotation else "Claim",
        "text": said.text,
        "description": said.by,
        "creativeWorkStatus": said.certainty,
    }
    kind = next((figure.kind for figure in figures if voice.named and figure.name == voice.name), None)
    if kind in _SPEAKERS and said.certainty != "denied":
        node["spokenByCharacter" if quotation else "author"] = {"@type": _SPEAKERS[kind], "name": voice.name}
    return told(node)
