"""Whose somebody is: the body that a title, an apposition or a clause names, or the one body that a bare title can mean."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Sequence

from briefs.schema import Article, Span
from briefs.stages.drafts import Draft
from briefs.stages.lexicon import word_set
from briefs.stages.names import is_adjective_of, is_no_name, words_of

# Titles of those who run a body; where the text does not say which, it is the one that the sentence is about.
_RUNNING = word_set("ceo cfo coo cto cio chairman chairwoman chairperson chair co-founder founder")
_NAMED = re.compile(r"(?:the )?(?!The\b|Its\b|His\b|Her\b|Their\b|This\b)[A-Z]")
_NEARBY = 6  # references looked at back from the end of a phrase: more never overlap


class _Index:
    """The references of all drafts in order, and the bodies of each sentence."""

    def __init__(self, article: Article, drafts: Sequence[Draft]) -> None:
        self.text = article.text
        self.rows = sorted(
            ((r.span.start, r.span.end, number) for number, d in enumerate(drafts) for r in d.references),
            key=lambda row: (row[0], row[1]),
        )
        self.drafts = drafts
        self.sentences = [s.span.start for s in article.sentences]
        self.bodies: dict[int, set[str]] = {}
        for start, _, number in self.rows:
            if drafts[number].kind == "organization":
                self.bodies.setdefault(self.sentence(start), set()).add(drafts[number].name)
        self.places = [d.name for d in drafts if d.kind == "place"]

    def sentence(self, at: int) -> int:
        """Return the number of the sentence at an offset, -1 before the first."""
        return bisect_right(self.sentences, at) - 1

    def meant(self, phrase: Span) -> Draft | None:
        """Return the draft that a phrase means, by the reference that it ends with."""
        after = bisect_right(self.rows, phrase.end - 1, key=lambda row: row[0])
        for _, end, number in reversed(self.rows[max(0, after - _NEARBY) : after]):
            if end >= phrase.end:
                return self.drafts[number]
        return None


def find_affiliations(article: Article, drafts: Sequence[Draft]) -> list[str | None]:
    """Return for each draft the body that it belongs to, by an entity's name or as written, or None."""
    index = _Index(article, drafts)
    return [(_told(index, draft) or _implied(index, draft)) if draft.kind == "person" else None for draft in drafts]


def _told(index: _Index, draft: Draft) -> str | None:
    for fact in draft.facts:
        if fact.body is None:
            continue
        found = index.meant(fact.body)
        if found is not None and found.kind != "person":
            return found.name
        if found is not None:
            continue
        written = fact.body.of(index.text)
        place = next((name for name in index.places if is_adjective_of(written, name)), None)
        if place is not None:
            return place
        if _NAMED.match(written) and not is_no_name(written):
            return written.removeprefix("the ")
    return None


def _implied(index: _Index, draft: Draft) -> str | None:
    """Return the one body of the sentence with a bare "CEO Ana Lee", if the sentence before is about it too."""
    for fact in draft.facts:
        if fact.role is None or fact.body is not None or words_of(fact.role.of(index.text))[-1] not in _RUNNING:
            continue
        number = index.sentence(fact.role.start)
        bodies = index.bodies.get(number, set())
        if len(bodies) == 1 and bodies <= index.bodies.get(number - 1, set()):
            return next(iter(bodies))
    return None
