"""A long article takes as long a word as a short one, whoever it names. Its tags are given."""

from __future__ import annotations

import re
import time

from named import read_named

from briefs.parsing import assemble
from briefs.schema import Article, AttributionLabel, AttributionSpan, SentenceTag, Span, Tags
from briefs.tagger import ROLES


def word(number: int) -> str:
    """Return a name that no other number has."""
    return "".join("aeioubdklm"[int(digit)] for digit in str(number))


def long_article(paragraphs: int) -> tuple[Article, Tags]:
    """Return an article in each of whose paragraphs somebody new speaks, and its tags."""
    lines = [
        f"[p:Ana L{word(n)}] is the mayor of [l:S{word(n)}]. {{s:[p:L{word(n)}]}} said the dam of [l:S{word(n)}] would hold."
        for n in range(paragraphs)
    ]
    article, tags = read_named("\n".join(["Dams hold", *lines]))
    labels: tuple[tuple[AttributionLabel, str], ...] = (("cue", "said"), ("content", r"the dam of \w+ would hold"))
    found = [
        AttributionSpan(span=Span(start=match.start(), end=match.end()), label=label, score=0.9)
        for label, pattern in labels
        for match in re.finditer(pattern, article.text)
    ]
    spans = sorted([*tags.attributions, *found], key=lambda a: a.span.start)
    scores = tuple(1.0 if role == "main" else 0.0 for role in ROLES)
    sentences = tuple(SentenceTag(span=s.span, role="main", scores=scores, speech=0.0) for s in article.sentences)
    return article, tags.model_copy(update={"attributions": tuple(spans), "sentences": sentences})


def test_an_article_of_very_many_names_takes_time_in_proportion() -> None:
    costs = []
    for paragraphs in (200, 3200):
        article, tags = long_article(paragraphs)
        start = time.process_time()
        brief = assemble(article, tags, tagger="")
        costs.append((time.process_time() - start) / paragraphs)
        speakers = [claim.speaker for claim in brief.claims]
        assert speakers == [f"Ana L{word(n)}" for n in range(paragraphs)]
    assert costs[1] < 2.5 * costs[0]
