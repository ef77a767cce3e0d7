"""What furniture looks like: the words it is known by, and the weight of each sign for and against it.

A line is judged by one sum: `score` adds the weights of the features that it has. Where the sum for a kind is above
zero, the line is furniture of that kind; where none is, it is story. `always` is the weight a line must overcome.
"""

from __future__ import annotations

import re
import textwrap
from functools import lru_cache

from briefs.schema import FurnitureKind
from briefs.stages.phrases import PHRASES

_NAME = r"(?-i:[^\W\d_a-z][\w.’'-]*)"  # a capitalised word, whatever the case of the words around it
_FORMS = {"whole": "(?:{})$", "mark": "(?:{})", "open": "(?:{})", "end": "(?:{})$"}


def _compile(kind: FurnitureKind, form: str, phrases: str) -> tuple[str, str, re.Pattern[str]]:
    """Return name, form and pattern of a block of phrases: any of its lines, those that go on joined."""
    lines = textwrap.dedent(phrases).strip().replace("\n    ", "").split("\n")
    pattern = _FORMS[form].format("|".join(lines).replace("NAME", _NAME))
    return f"{kind}:{form}", form, re.compile(pattern, re.NOFLAG if form == "end" else re.IGNORECASE)


_COMPILED = tuple(_compile(kind, form, phrases) for kind, forms in PHRASES.items() for form, phrases in forms.items())
_REACH = 240  # code points looked at from either end of a line

# The weights. Rows are kinds; a feature that is not named weighs nothing.
# fmt: off
WEIGHTS: dict[FurnitureKind, dict[str, float]] = {
    "link": {
        "always": -3, "link:whole": 6, "link:mark": 6, "link:open": 3, "after_link": 4, "no_stop": 1, "edge": 1,
        "sentence": -1, "verb": -1, "long": -2, "huge": -4, "quoted": -2, "bulleted": -1,
    },
    "advertisement": {
        "always": -3, "advertisement:whole": 6,
    },
    "caption": {
        "always": -3, "caption:whole": 5, "caption:mark": 6, "caption:open": 2, "caption:end": 6, "pictured": 4,
        "dated_end": 1.5, "no_stop": 1, "long": -1, "huge": -4, "sentence": -0.5, "verb": -1, "opens_dateline": -6,
    },
    "note": {
        "always": -3, "note:whole": 6, "note:mark": 6, "note:open": 1, "bracketed": 1, "edge": 0.5, "quoted": -3,
    },
    "sign_off": {
        "always": -3, "sign_off:whole": 5, "inside": -1.5, "verb": -1.5, "sentence": -1, "sign_off:mark": 6,
        "sign_off:end": 5, "edge": 1, "several": -4, "huge": -4, "quoted": -2,
    },
    "copyright": {
        "always": -3, "copyright:mark": 6, "copyright:end": 5, "edge": 1, "huge": -4,
    },
    "publisher": {
        "always": -3, "publisher:mark": 4, "publisher:whole": 4, "masthead": 2, "head": 1, "edge": 1, "short": 1,
        "long": -4, "verb": -1,
    },
    "byline": {
        "always": -3, "names": 5, "writer": 3.5, "head": 1, "edge": 0.5, "inside": -3,
    },
    "published": {
        "always": -3, "dates": 5, "head": 1, "inside": -3, "timeline": -9, "says_published": 1, "says_updated": -1,
    },
    "updated": {
        "always": -3, "dates": 5, "head": 1, "inside": -3, "timeline": -9, "says_updated": 1, "says_published": -1,
    },
    "dateline": {
        "always": -3, "place_and_date": 5, "head": 1, "inside": -4,
    },
    "tags": {
        "always": -3, "tags:mark": 6, "listed": 3, "inside": -3, "edge": -2, "before": 2, "topic": -0.5, "tiny": 0.5,
        "sentence": -4, "short": 1, "dates": -5, "names": -5, "writer": -5,
    },
    "section": {
        "always": -3, "topic": 3, "head": 2, "before": -1, "tiny": 1.5, "all_caps": 1, "digits": -2, "ends_open": -5,
        "title_case": 0.5, "sentence": -5, "quoted": -3, "bulleted": -3, "dates": -5, "names": -5, "writer": -5,
    },
    "subheading": {
        "always": -5.5, "between_paragraphs": 3.5, "few": 1,
        "short": 1.5, "no_stop": 1, "title_case": 1, "all_caps": 1.5,
        "timeline": 6, "no_letters": 8, "verb": -1, "head": -3, "sentence": -4, "quoted": -3, "bulleted": -3,
        "ends_open": -4, "question": -1,
    },
}

# The same for the headline, of the lines before the first paragraph: the highest sum, less one for each line down.
HEADLINE_WEIGHTS: dict[str, float] = {
    "always": 2, "sentence": -1, "tiny": -1.5, "topic": -2, "listed": -2.5, "masthead": -2, "bulleted": -2,
    "writer": -3, "place_and_date": -4, "names": -6, "dates": -6, "marked": -6, "no_letters": -9,
}
# fmt: on
KINDS = tuple(WEIGHTS)


def score(kind: FurnitureKind, features: frozenset[str]) -> float:
    """Return how much `features` speak for `kind`: the sum of their weights, above zero for it, below against.

    >>> score("advertisement", frozenset({"advertisement:whole", "short"}))
    3
    >>> score("link", frozenset({"link:open", "sentence", "verb"}))
    -2
    """
    weights = WEIGHTS[kind]
    return weights["always"] + sum([weights[feature] for feature in features if feature in weights])


@lru_cache(maxsize=4096)
def judge(features: frozenset[str]) -> FurnitureKind | None:
    """Return the kind of furniture that `features` speak for most, or None for story.

    >>> judge(frozenset({"link:mark", "no_stop", "short"}))
    'link'
    >>> judge(frozenset({"sentence", "verb", "long"})) is None
    True
    """
    best = max(KINDS, key=lambda kind: score(kind, features))
    return best if score(best, features) > 0 else None


@lru_cache(maxsize=4096)
def find_phrases(text: str) -> frozenset[str]:
    """Return the features, `KIND:FORM`, of the phrases that a line of visible text begins or ends with.

    >>> sorted(find_phrases("Read more: How batteries are tested"))
    ['link:mark', 'link:open']
    """
    head, tail = text[:_REACH], text[-_REACH:]
    bare = text.strip("-–—*[]_ \t") if len(text) < _REACH else ""
    found = set()
    for name, form, pattern in _COMPILED:
        hit = pattern.search(tail) if form == "end" else pattern.match(bare if form == "whole" else head)
        if hit and (form != "whole" or bare):
            found.add(name)
    return frozenset(found)
