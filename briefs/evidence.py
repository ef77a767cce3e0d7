"""What a site shows of an article itself, so that readers can check a brief where it cannot lead them to the publisher.

Articles have owners: what is shown beyond the brief is a choice of who publishes it.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from briefs.escape import clean, safe_url
from briefs.schema import Article, Brief, Span
from briefs.text import overlapping

EvidenceKind = Literal["link", "excerpt", "full"]


class Anchors:
    """Gives each text an anchor made from its words, so that it survives changes elsewhere in the article.

    >>> anchors = Anchors()
    >>> anchors.anchor("The dam holds."), anchors.anchor("The dam holds.")
    ('s-7cfba626', 's-7cfba626-2')
    """

    def __init__(self) -> None:
        self._seen: dict[str, int] = {}

    def anchor(self, text: str) -> str:
        """Return the anchor of a text, with a number from the second time on."""
        digest = hashlib.sha256(text.encode()).hexdigest()[:8]
        number = self._seen[digest] = self._seen.get(digest, 0) + 1
        return f"s-{digest}" if number == 1 else f"s-{digest}-{number}"


@dataclass(frozen=True, slots=True)
class Cited:
    """A sentence of the article. `cited`: it stands in the brief; `gap`: sentences before it are left out."""

    text: str
    id: str
    cited: bool
    gap: bool


@dataclass(frozen=True, slots=True)
class Evidence:
    """Sentences of an article by paragraph: all of them where it is `whole`, else those that stand in the brief.

    `anchors` are those of the sentences, in order; a page has no need of them.
    """

    paragraphs: tuple[tuple[Cited, ...], ...]
    whole: bool
    anchors: tuple[tuple[Span, str], ...] = ()

    def anchor(self, *spans: Span) -> str | None:
        """Return the anchor of the first sentence that has a code point of one of the spans; None where there is none."""
        known = dict(self.anchors)
        shown = tuple(known)
        found = [sentence for span in spans for sentence in overlapping(shown, span)]
        return known[min(found, key=lambda sentence: sentence.start)] if found else None


def find_evidence(article: Article, brief: Brief, kind: EvidenceKind) -> Evidence | None:
    """Return what a site shows of the article of a brief.

    "link" is nothing; "excerpt" the sentences that stand in the brief, where the article has no address to lead to; "full" all
    sentences of the story.
    """
    if kind == "link" or (kind == "excerpt" and safe_url(article.origin.url)):
        return None
    spans = tuple(sentence.span for sentence in article.sentences)
    cited = {sentence for span in _cited(brief) for sentence in overlapping(spans, span)}
    anchors, known = Anchors(), dict[Span, str]()
    paragraphs: dict[int, list[Cited]] = {}
    gap = False
    for sentence in article.sentences:
        text = clean(sentence.span.of(article.text))
        if text and (kind == "full" or sentence.span in cited):
            known[sentence.span] = anchors.anchor(text)
            shown = Cited(text, known[sentence.span], sentence.span in cited, gap)
            paragraphs.setdefault(sentence.paragraph, []).append(shown)
        gap = sentence.span not in known
    return Evidence(tuple(map(tuple, paragraphs.values())), kind == "full", tuple(known.items()))


def _cited(brief: Brief) -> Iterator[Span]:
    for passage in (*brief.lede, *brief.context, *brief.outlook):
        yield passage.span
    for claim in brief.claims:
        yield claim.sentence
        yield from claim.spans
