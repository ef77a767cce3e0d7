"""Articles with the tagger's names and sources written into them: [p:Ana Ruiz] of [o:Acme], {s:she} said.

The first line is the headline, each further line a paragraph. The letters: p person, o organization, l place, x other.
"""

from __future__ import annotations

import re

from briefs.schema import Article, AttributionSpan, Kind, Mention, Origin, Sentence, Span, Tags
from briefs.text import find_sentences

_KINDS: dict[str, Kind] = {"p": "person", "o": "organization", "l": "place", "x": "other"}
_MARK = re.compile(r"\[([polx]):|\{(s):|[\]}]")


def read_named(marked: str, *, origin: Origin | None = None) -> tuple[Article, Tags]:
    """Return the article of a marked text, and the tags that its marks stand for."""
    text = ""
    spans: list[tuple[str, Span]] = []
    open_marks: list[tuple[str, int]] = []
    position = 0
    for match in _MARK.finditer(marked):
        text += marked[position : match.start()]
        position = match.end()
        label = match[1] or match[2]
        if label:
            open_marks.append((label, len(text)))
        else:
            opened, start = open_marks.pop()
            spans.append((opened, Span(start=start, end=len(text))))
    text += marked[position:]
    lines = tuple(Span(start=m.start(), end=m.end()) for m in re.finditer(r"[^\n]+", text))
    article = Article(
        text=text,
        headline=lines[0],
        paragraphs=lines[1:],
        sentences=tuple(
            Sentence(span=span, paragraph=number)
            for number, paragraph in enumerate(lines[1:])
            for span in find_sentences(text, paragraph)
        ),
        origin=origin or Origin(path="", sha256=""),
    )
    spans.sort(key=lambda pair: pair[1].start)
    return article, Tags(
        mentions=tuple(Mention(span=s, kind=_KINDS[label], score=0.9) for label, s in spans if label in _KINDS),
        attributions=tuple(AttributionSpan(span=s, label="source", score=0.9) for label, s in spans if label == "s"),
    )
