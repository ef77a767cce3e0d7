"""How sure a claim is: asserted, hedged, denied or intended, from its cue first, then from its content."""

from __future__ import annotations

import re
from collections.abc import Sequence

from briefs.schema import Certainty
from briefs.stages.claims import Reading
from briefs.stages.cue_words import DENYING, FORECASTING, HEDGES, HEDGING, INTENDING, RUMOUR, cue_lemmas

_DOUBTING = HEDGING - FORECASTING
# What the speaker will do: a pronoun, a name or a word for its own body, then "will", "would", "is going to".
_SELF = re.compile(
    r"[\"“«‘'\s]*(?:he|she|it|they|we|i"
    r"|(?:his|her|its|their|our|the) (?:company|firm|startup|group|party|government|agency|club|team|union|guild|ministry|bank"
    r"|council|administration|office|campaign|country|nation|board|court|commission|organi[sz]ation|department|coalition|city"
    r"|state|army|military))(?=\W)",
    re.IGNORECASE,
)
_ACT = re.compile(
    r"\W*(?:\w+ly )?(?:will|would|shall|[’']ll|won[’']t"
    r"|(?:is|are|was|were|am|[’']m|[’']re) (?:not )?(?:going|planning|prepared|determined|committed) to"
    r"|plan(?:s|ned)? to|intend(?:s|ed)? to|aim(?:s|ed)? to|hope[sd]? to|promise[sd]? to|vow(?:s|ed)? to)\b",
)
# What happens to somebody, or is thought, is no act of theirs.
_NO_ACT = re.compile(
    r"\s*(?:not |never |also |\w+ly )*"
    r"(?:be|have|lead|cause|cost|take|mean|hurt|harm|rise|fall|grow|see|remain|become|need|make|help|last|depend|prove|likely"
    r"|happen|come|end|like|love|rather|think|say|know|require|continue|receive|get|lose|win|face)\b",
)
_ASK = re.compile(r"(?:\w+ )?(?:ask|request|beg|command|order)", re.IGNORECASE)
_QUESTION = re.compile(r"(?:if|whether|why|what|who|how|when|where|about)\b", re.IGNORECASE)
_CALL = re.compile(r"\bcall(?:s|ed|ing)? (?:for|on|upon)\b", re.IGNORECASE)
_TO_DO = re.compile(r"to (?!be\b|have\b|see\b)\w", re.IGNORECASE)


def read_certainty(text: str, reading: Reading, *, speaker_names: Sequence[str] = ()) -> Certainty:
    """Return how sure a claim is, from its cue first, then from its content.

    `speaker_names` are the names under which the content may speak of its speaker: what they will do is intended.

    >>> from briefs.schema import Span
    >>> text = "Lee denied that the plan had failed."
    >>> spans = {"source": Span(start=0, end=3), "cue": Span(start=4, end=10), "content": (Span(start=16, end=35),)}
    >>> read_certainty(text, Reading(form="indirect", sentence=Span(start=0, end=36), **spans))
    'denied'
    """
    cue = reading.cue.of(text) if reading.cue else ""
    source = reading.source.of(text) if reading.source else ""
    words = cue_lemmas(cue)
    if any(w & DENYING for w in words):
        return "denied"
    if RUMOUR.search(cue) or RUMOUR.search(source) or any(w & _DOUBTING for w in words):
        return "hedged"
    content = reading.content[0].start
    if any(w & FORECASTING for w in words) and _TO_DO.match(text, content):
        return "intended"
    if _is_order(text, reading, words) and not _QUESTION.match(text, content):
        return "intended"
    clause = " ".join(c.of(text) for c in reading.content)
    if _is_own_act(clause, [source, *speaker_names]):
        return "intended"
    return "hedged" if HEDGES.search(clause) else "asserted"


def _is_order(text: str, reading: Reading, words: Sequence[frozenset[str]]) -> bool:
    """Return whether a cue tells what is to be done: "called on"; "asked" before a quotation only asks."""
    if reading.cue is None:
        return False
    cue = reading.cue.of(text)
    if _CALL.search(text, reading.cue.start, reading.cue.end + len(" upon")):
        return True
    return any(w & INTENDING for w in words) and not (reading.form == "direct" and _ASK.match(cue))


def _is_own_act(clause: str, names: Sequence[str]) -> bool:
    """Return whether a clause says what its speaker will do."""
    subject = _SELF.match(clause)
    start = subject.end() if subject else max((_name_end(clause, name) for name in names), default=0)
    act = _ACT.match(clause, start) if start else None
    return act is not None and not _NO_ACT.match(clause, act.end())


def _name_end(clause: str, name: str) -> int:
    """Return where a name that opens a clause ends, articles aside; 0 where it does not open it."""
    article = len(clause) - len(_without_article(clause))
    bare = _without_article(name)
    return article + len(bare) if bare and clause.startswith(bare, article) else 0


def _without_article(words: str) -> str:
    return re.sub(r"\A[Tt]he ", "", words)
