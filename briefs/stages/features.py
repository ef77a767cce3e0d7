"""The features of a line by which it is judged: its form, and what it reads as; nothing of its neighbours.

`furniture.WEIGHTS` says what each feature weighs. A feature is a name; a line has it or not.
"""

from __future__ import annotations

import re

from briefs.stages.credits import MASTHEADS, read_byline, read_dateline, reads_as_writer
from briefs.stages.dates import is_date_line
from briefs.stages.furniture import find_phrases
from briefs.stages.layout import ends_sentence, listed, opens_item

# The words of which names of sections are made, after the navigation of large news sites.
_SECTIONS = frozenset(
    listed(
        "africa ai americas americas analysis apps arts asia australia automotive aviation background"
        " banking books breaking britain business canada careers cars china cities city climate commentary"
        " community companies comment consumer courts cricket crime crypto culture cybersecurity defence"
        " defense deals east economics economy editorial education elections energy entertainment"
        " environment europe exclusive explainer family fashion features film finance fintech food"
        " football gadgets gaming global golf government hardware health home housing immigration india"
        " industry innovation international investigations investing ireland justice labor labour latest"
        " latin law lifestyle live local london magazine markets media medicine metro middle mobility"
        " money movies music national nation nature new news north obituaries opinion pacific people"
        " personal policy politics property racing real estate region regional religion report retail"
        " robotics rugby scotland security science society soccer south space special sport sports"
        " startups stocks style tech technology telecoms tennis theater theatre top trade transport"
        " transportation travel tv uk u.s. us venture video wales war washington weather west wildlife"
        " work workplace world york"
    )
)
_SECTIONS |= {word.strip(".") for word in _SECTIONS}
_VERBS = frozenset(
    listed(
        "is are was were be been has have had will would can could may might must should do does did said"
        " says told added that who which because when while if although after before it they he she we i"
    )
)
_PICTURED = re.compile(
    r"\b(?:(?:is|are) (?:seen|pictured|shown|photographed)\b|file photo\b|poses? for\b|looks? on\b|pictured\b"
    r"|in this (?:\w+ )?(?:handout |still )?(?:photo|image|picture|frame))|^(?:photo|picture) taken\b"
    r"|\((?:\d\w\w [LCR]|[LC])(?:, \w+)?\)|^L-R:",
    re.IGNORECASE,
)
_DATED_END = re.compile(r"(?:\d{1,2},? (?:19|20)\d\d|[A-Z][a-z]+\.? \d{4})\.?$")
_SAYS_UPDATED = re.compile(r"\b(?:updated?|modified|revised)\b", re.IGNORECASE)
_SAYS_PUBLISHED = re.compile(r"\b(?:published|posted|issued|created)\b", re.IGNORECASE)
SAYS_WHAT = re.compile(f"{_SAYS_UPDATED.pattern}|{_SAYS_PUBLISHED.pattern}", re.IGNORECASE)
_SEVERAL = re.compile(r"[^\W\d_]{2}[.!?][”\"’')]* +[“\"‘(]?[A-Z]")
_INITIALS = re.compile(r"(?:[A-Z]\.){2,}")
_SMALL = frozenset(listed("of and the for in on to a an & de la"))
_LETTER = re.compile(r"[^\W_]")
HEAD_SIGNS = frozenset({"names", "writer", "dates", "place_and_date"})  # what only lines of the head read as
_REACH = 400  # code points looked at: no furniture is longer


def find_signs(text: str) -> frozenset[str]:
    """Return the features of a line of visible text.

    >>> sorted(find_signs("March 3, 2026"))
    ['dated_end', 'dates', 'digits', 'few', 'no_stop', 'short', 'tiny', 'title_case']
    """
    return find_shape(text) | find_grammar(text) | find_phrases(text)


def find_shape(text: str) -> frozenset[str]:
    """Return the features of a line's form."""
    words = text[:_REACH].split()
    names = [word for word in words if word[0].isalpha() and len(word) > 3]
    capitals = sum(word[0].isupper() for word in names)
    stop = ends_sentence(text)
    lettered = _LETTER.search(text[:_REACH]) is not None
    lower = {word.lower().strip(",;:.") for word in words}
    bare = lower - {"and", "&", "/", "|", ">", "»", "the", "of"}
    parts = [part.split() for part in text[:200].split(",")]
    found = {
        "tiny": len(words) <= 3,
        "few": len(words) <= 6,
        "short": len(words) <= 9,
        "long": len(words) > 40,
        "huge": len(text) > 600,
        "sentence": stop and lettered and _INITIALS.fullmatch(text) is None,
        "no_stop": not stop,
        "digits": any(map(str.isdigit, text[:_REACH])),
        "several": _SEVERAL.search(text[:600]) is not None,
        "question": text.endswith("?"),
        "ends_open": text[-1:] in ":,;-–—",
        "title_case": bool(names) and capitals >= 0.7 * len(names),
        "all_caps": text.isupper() and len(words) >= 2,
        "quoted": text[:1] in "“\"«„‘'",
        "bulleted": opens_item(text),
        "bracketed": text[:1] in "([" and text[-1:] in ")]",
        "no_letters": not lettered,
        "verb": bool(lower & _VERBS),
        "listed": len(parts) > 1 and not stop and all(_is_tag(part) for part in parts),
        "topic": bool(bare) and len(words) <= 5 and not stop and bare <= _SECTIONS,
        "masthead": len(words) <= 5
        and not stop
        and bool(lower & MASTHEADS)
        and all(word[0].isupper() for word in words if len(word) > 3),
        "dated_end": _DATED_END.search(text[-40:]) is not None,
        "opens_dateline": read_dateline(text) is not None,
        "pictured": _PICTURED.search(text[:_REACH]) is not None,
    }
    return frozenset(name for name, holds in found.items() if holds)


def _is_tag(words: list[str]) -> bool:
    named = (
        words != []
        and words[0][0].isalpha()
        and all(word[0].isupper() or word[0].isdigit() or word.lower() in _SMALL for word in words)
    )
    return 0 < len(words) <= 4 and named and words[0].lower() not in _SMALL - {"the"} and words[-1][-1].isalnum()


def find_grammar(text: str) -> frozenset[str]:
    """Return the features of what a line reads as: names, dates, a place with a date."""
    if len(text) > 200:
        return frozenset()
    segments = [part.strip() for part in re.split(r"[|•·]", text) if part.strip()]
    dates = bool(segments) and is_date_line(segments[0])
    found = {
        "names": read_byline(text) is not None,
        "writer": reads_as_writer(text),
        "dates": dates,
        "says_updated": dates and _SAYS_UPDATED.search(text) is not None,
        "says_published": dates and _SAYS_PUBLISHED.search(text) is not None,
        "place_and_date": not dates and _is_place_and_date(text),
    }
    return frozenset(name for name, holds in found.items() if holds)


def _is_place_and_date(text: str) -> bool:
    if ends_sentence(text) or not any(char.isdigit() for char in text):
        return False
    dateline = read_dateline(f"{text} — X")
    return dateline is not None and dateline.length == len(text) + 3
