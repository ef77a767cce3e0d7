"""Articles with the tagger's spans written into them: {s:Ana Ruiz} {q:said} {c:that it held}. No model is needed."""

from __future__ import annotations

import re

from briefs.schema import Article, AttributionLabel, AttributionSpan, Origin, Sentence, Span, Tags
from briefs.text import find_sentences

_LABELS: dict[str, AttributionLabel] = {"s": "source", "q": "cue", "c": "content"}
_MARK = re.compile(r"\{([sqc]):|\}")


def read_marked(marked: str) -> tuple[Article, Tags]:
    """Return the article of a marked text, one paragraph a line, under the headline "News", and its attribution tags."""
    text, spans, open_marks = "News\n\n", [], []
    position = 0
    for match in _MARK.finditer(marked):
        text += marked[position : match.start()]
        position = match.end()
        if match[1]:
            open_marks.append((match[1], len(text)))
        else:
            label, start = open_marks.pop()
            spans.append((Span(start=start, end=len(text)), _LABELS[label]))
    text += marked[position:]
    paragraphs = tuple(Span(start=m.start(), end=m.end()) for m in re.finditer(r"[^\n]+", text))[1:]
    article = Article(
        text=text,
        headline=Span(start=0, end=4),
        paragraphs=paragraphs,
        sentences=tuple(
            Sentence(span=span, paragraph=number)
            for number, paragraph in enumerate(paragraphs)
            for span in find_sentences(text, paragraph)
        ),
        origin=Origin(path="", sha256=""),
    )
    spans.sort(key=lambda s: s[0].start)
    return article, Tags(attributions=tuple(AttributionSpan(span=s, label=label, score=1.0) for s, label in spans))
