"""Whether a name stands where somebody acts, or only where something is, whose somebody is or who was told."""

from __future__ import annotations

import re
from collections.abc import Iterable

from briefs.schema import Span
from briefs.stages.evidence import is_role
from briefs.stages.lexicon import ACTION_VERBS, AUXILIARIES, NO_ACTION, word_set
from briefs.stages.walk import PREPOSITIONS
from briefs.text import OPENERS

_LOOK = 40  # code points looked at before a name
_ADVERBS = "has|have|had|will|would|may|might|could|also|then|later|never|twice|again|long|not|did|now|just|already"
_AGENT = re.compile(
    rf"(?: and [A-Z][\w-]+)?(?:, (?:[^,.;]|[.,](?=\d)){{3,80}},)?(?: (?:{_ADVERBS}))* (?P<verb>[a-z]+)\b"
)
_CLAUSE_START = re.compile(
    r"(?:^|[.!?;:,—–“\"«‘(\n]|\b(?:and|but|that|while|when|if|because|as|neighbou?ring))\s*(?:the )?$", re.IGNORECASE
)
_TOLD = re.compile(r"\b(?:told|tells|telling|interview with) (?:the )?$")
_AT = re.compile(r"\b(?:at|in|near|on|outside|journal|via|through|like|such as) (?:the )?$")
# "an analyst at Acme", "Ana Lee of the charity Acme": the word before the preposition, and a noun before the name.
_SOMEBODY_OF = re.compile(r"(?P<word>[\w’'-]+),? (?:of|for|with|from|at) (?:the )?(?:[a-z][\w-]+ )?$")
# "Acme's chief economist, Ana Lee", "Acme's Ana Lee": what stands between, and the last word of it.
_WHOSE = re.compile(r"['’]s? (?P<name>[A-Z][\w-]+ [A-Z])|(?:['’]s?)? (?:[a-z][\w-]+ ){0,3}?(?P<word>[\w-]+\.?),? [A-Z]")
_NEXT = re.compile(r" (?P<word>[a-z][a-z-]+)\b")
_OTHER_VERBS = word_set(
    "reports report says say expects hopes faces owns runs holds makes uses sells offers gets puts goes comes becomes"
    " remains seems looks works helps rose fell grew sank came became kept ran saw sat stood spoke threw wore wrote"
    " drove flew froze hid hit lay lit quit read rode sang shook shot slid slept stole stuck swam swore taught tore"
    " thought understood bore bought caught chose dealt fled needs wins loses plays lift lifts win lose face play beat"
    " begin won led"
)
_VERBS = ACTION_VERBS | AUXILIARIES | _OTHER_VERBS
_NO_NOUNS = _VERBS | PREPOSITIONS | OPENERS
_PLATFORMS = word_set("twitter facebook instagram youtube tiktok reddit whatsapp telegram linkedin snapchat x")


def acts(text: str, spans: Iterable[Span]) -> bool:
    """Return whether a name is the subject of a verb that no mere place is the subject of.

    >>> acts("Karsia has agreed to it.", [Span(start=0, end=6)]), acts("Karsia is a nation.", [Span(start=0, end=6)])
    (True, False)
    """
    for span in spans:
        match = _AGENT.match(text, span.end)
        if match is None or not _CLAUSE_START.search(text[max(0, span.start - _LOOK) : span.start]):
            continue
        verb = match["verb"]
        if verb in ACTION_VERBS or (verb.endswith("ed") and verb not in NO_ACTION):
            return True
    return False


def in_passing(text: str, span: Span) -> bool:
    """Return whether a body is named only for where something is, whose somebody is, who was told, or as an adjective.

    >>> [in_passing(t, Span(start=t.index("Acme"), end=t.index("Acme") + 4)) for t in (
    ...     "an analyst at Acme", "he told Acme", "Acme's Ana Lee", "an Acme interview", "he sued Acme", "Acme said")]
    [True, True, True, True, False, False]
    """
    before = text[max(0, span.start - _LOOK) : span.start]
    if _TOLD.search(before) or _AT.search(before):
        return True
    somebody = _SOMEBODY_OF.search(before)
    if somebody and (is_role(somebody["word"]) or somebody["word"][0].isupper()):
        return True
    whose = _WHOSE.match(text, span.end)
    if whose and (whose["name"] or is_role(whose["word"])):
        return True
    platform = text[span.start : span.end].casefold() in _PLATFORMS
    return platform or is_adjective(text, span)


def is_adjective(text: str, span: Span) -> bool:
    """Return whether a name stands before a noun that it only describes: "a Navy veteran", "the Senate race".

    >>> is_adjective("a Navy veteran", Span(start=2, end=6)), is_adjective("the Navy sank", Span(start=4, end=8))
    (True, False)
    """
    match = _NEXT.match(text, span.end)
    if match is None:
        return False
    word = match["word"]
    if word in _NO_NOUNS or word.endswith(("ed", "ing", "ly")):
        return False
    return is_role(word.removesuffix("s")) or not word.endswith("s") or text[: span.start].endswith((" a ", " an "))
