"""What furniture looks like: the words it is known by, and the weight of each sign for and against it.

A line is judged by one sum: `score` adds the weights of the features that it has. Where the sum for a kind is above zero,
the line is furniture of that kind; where none is, it is story. `always` is the weight a line must overcome.

Sources of the phrases: the sign-offs, slugs and notes of AP, Reuters, AFP and Xinhua copy, and what news sites print
between paragraphs. Forms: `whole` is all of the line; `mark` opens furniture and nothing else; `open` opens furniture,
but may open a sentence; `end` closes it.
"""

from __future__ import annotations

import re
from functools import lru_cache

from briefs.schema import FurnitureKind

_NAME = r"(?-i:[^\W\d_a-z][\w.’'-]*)"  # a capitalised word, whatever the case of the words around it
_PATTERNS: dict[FurnitureKind, dict[str, tuple[str, ...]]] = {
    "link": {
        "whole": (
            r"read (?:more|on|the rest|the full (?:story|article|report|transcript|text))(?: (?:here|below|at \S+|of .{1,40}))*[ .:…»>]*",
            r"(?:see|watch|learn|find out) more(?: here| below)?[ .:…»>]*",
            r"continue reading.{0,40}|click here.{0,60}|share and comment.{0,20}|back to top|skip to .{1,30}|load more.{0,20}",
            r"(?:re)?share(?: on \w+)?|share this(?: (?:article|story|page|post|on .{1,40}))?|print|e-?mail|tweet|save|copy link",
            r"(?:\d+|view|leave a|no|show)? ?comments?|video player close|close|play video|listen to this article.{0,20}|unmute|mute",
            r"(?:slideshow|gallery|photos|images)(?: \(\d+ (?:images|photos|pictures)\))?|view gallery.{0,20}|\d+ photos?",
            r"(?:most (?:read|popular|viewed|shared)|related|recommended|more)(?: (?:stories|articles|coverage|content|topics|links|news|on this story|reading))?:?",
            r"\(?(?:[\w'’ ,-]{0,60}[:–—-] ?)?(?:https?://)?[\w-]+(?:\.[\w-]+)*\.[a-z]{2,}/\S+\)?|https?://\S+|www\.\S+",
            r"(?:like|follow) (?:us|me|our page|the page)\b.{0,40}|\[?\d+:\d+\.?\]?",
        ),
        "mark": (
            r"(?:read|see) (?:more|also|next)(?: on (?:this|the) .{1,30})?\s*[:|»>]|more on this(?: story)?\s*[:|»>]|also read\s*[:|»>]",
            r"related(?: (?:stories|story|articles?|coverage|content|links?|reading))?\s*[:|»>]|further reading\s*[:|»>]",
            r"(?:don[’']t miss|recommended(?: reading)?|in case you missed it|icymi|must read|editor[’']s picks?|listen|see also)\s*[:|»>]",
            r"(?:sign up|subscribe)(?: here| now| today| free)*(?: (?:for|to|and get))? (?:the|our|your|my|his|her|their|all) .{0,60}\b(?:newsletters?|briefings?|alerts?|e-?mails?|updates|podcasts?|channel)\b",
            r"\(?(?:for|to (?:view|see)|view)(?: an?| the| our)? .{0,20}(?:graphics?|photo essay|full story|interactive|map)\b.{0,120}\bclick\b",
            r"sign up to (?:get|receive) .{0,60}\b(?:newsletters?|briefings?|alerts?|e-?mails?|updates|inbox)\b",
            r"[\"“(]?follow .{2,60} on (?:twitter|facebook|instagram|x|threads|bluesky|linkedin|tiktok)\b|[\"“(]?follow @\w",
            r"\(?subscribe to .{2,40} on (?:itunes|apple|spotify|youtube)|download (?:our|the) .{0,30}\bapp\b|<[^>]{0,300}>$",
        ),
        "open": (
            r"sign up (?:for|to|here|now|today)\b|subscribe (?:to|now|today|here)\b|follow (?:us|@\w)|join (?:us on|our)\b",
            r"(?:watch|video|live|podcast|more|opinion|analysis|explainer|gallery|in pictures|also|read|explore|next|graphic)\s*[:|»>] ?\S",
            r"read (?:more|our|the (?:full|original|rest))\b|click (?:here|on)\b|for more (?:on|information|news|stories)\b|more (?:from|on)\b",
            r"(?:do you|want to|want more) .{1,60}\?|enter your e-?mail|like (?:us|the page)|send (?:tips|your)",
        ),
    },
    "advertisement": {
        "whole": (
            r"advertise(?:ment)?s?(?: continue(?:s)? (?:reading )?below)?|sponsored(?: content| by .{2,40})?|promoted(?: content)?|ad|ads",
            r"paid (?:post|content|advertisement|partnership)|(?:story|article|content) continues (?:below|after) .{0,30}|(?:story|article) continues",
            r"continue reading the main story|scroll (?:down )?(?:to|for) (?:continue|more).{0,20}|skip advertisement|remove ads",
            r"advertisement\W+(?:scroll|continue|story|article|skip) .{0,40}",
        ),
    },
    "caption": {
        "mark": (
            r"\(?(?:file (?:photo|image|pic|picture)|(?:photo|image|picture|video)s?(?: (?:credit|by|courtesy|source|caption))?|credits?|captions?|illustration|pictured|above|below)\s*[:|] ?\S",
            r"\((?:photo|image|picture|illustration|graphic|courtesy|file photo|handout)s?\b|\(?(?:ap|afp) photo\b|reuters/|\(?xinhua/|\(?getty images?\b",
        ),
        "whole": (
            rf"\(?(?:photo|image|picture|photograph|illustration|graphic)s?(?: (?:by|courtesy of|courtesy|via|from|credit))? {_NAME}(?:[ /,-]+(?:{_NAME}|for|the|of|via|and))*\)?\.?",
            rf"(?:{_NAME} ?){{1,4}}(?:/(?:{_NAME} ?){{1,4}}){{1,3}}\.?|.{{2,60}}/(?-i:File Photo|Handout|Pool)\.?|.{{0,60}}via (?:ap|reuters|afp|getty images)\.?",
            r"getty(?: images)?\.?|associated press\.?|getty/\w+\.?",
        ),
        "open": (r"(?:photo|image|picture|illustration)s? (?:by|courtesy of|via)\b", r"(?:above|left|right|below|top)\s*[:,]"),
        "end": (
            r"[.”\"’'!?)] ?\((?i:photo|image|picture|illustration|graphic|courtesy|file|handout)s?\b[^()]{0,80}\)\.?",
            rf"\((?:{_NAME}[ -]?){{2,4}}(?:/(?:{_NAME} ?){{1,5}}){{1,3}}\)\.?|\((?:AP|AFP|EPA|PA|REUTERS|Reuters|Xinhua|Getty Images|AAP)(?: Photo)?/[^()]{{2,60}}\)\.?",
            r"(?<=[.!?)”\"] )(?:REUTERS|AP Photo|AFP PHOTO|AFP|EPA|Reuters)/\S[^.]{1,60}\.?|/\s?[Ff]ile [Pp]hoto\.?|\([Ff]ile(?: [Pp]hoto)?\)\.?",
            r"\bvia (?:REUTERS|Reuters|AP|AFP|Getty Images)\.?",
            rf"(?<=[.”\"’'!?)]) (?i:photo|image|picture|photograph|illustration|credit)(?i: credit| courtesy| by)?\s?: ?{_NAME}[^.!?]{{0,60}}\.?",
            r"(?<=[.”\"’'!?)]) (?:via )?(?:Getty Images|REUTERS|AP Photo|AFP PHOTO)\.?",
        ),
    },
    "note": {
        "mark": (
            r"[(\[*]*(?:editors?[’']?s?[’']? note|ed(?:itor)?[’']s note|publisher[’']s note|note to (?:readers|editors)|author[’']s note|ednotes?\b|eds:)",
            r"[(\[*]*(?:corrections?|clarification|disclosure|disclaimer|content warning|trigger warning|reader advisory)(?: \([^)]{1,30}\)|,? [a-z]{3,9}\.? \d{1,2}(?:, \d{4})?)?\s*:",
            r"[(\[*]*this report has been (?:corrected|updated|amended)|[(\[*]*this (?:article|story|post|piece|copy|dispatch|column) (?:(?:first|originally) appeared|(?:was|has been|is|will be|had been) (?:(?:first|originally|also|last|being|since|since been) )?(?:correct|updat|amend|edit|publish|(?:produced|written|reported|supported|funded) (?:by|in|with|from)|translat|part of|refil|generat|republish|clarif|adapted|a developing|based on|from the|provided by|for your))",
            r"[(\[*]*(?:an earlier|a previous|the original|earlier) (?:version|headline|edition)s? of this (?:article|story|report|post|piece|headline|column)",
            r"\(?(?:the|this)(?: [\w .]{1,20})? story corrects|\(?this version of the (?:story|article)\b",
            r"[(\[*]*this is a (?:developing|breaking)(?: news)? story|[(\[*]*(?:the|this) story (?:is|has been|was) (?:refiled|corrected|updated)",
            r"\((?:corrects|adds|updates|refiles|recasts|removes|fixes|clarifies|rewrites|repeats|changes|for a (?:graphic|related)|this (?:article|story|version|item))\b",
            r"\(?(?:US)?[$€£]?1 ?(?:[\w.]+ ){0,3}(?:=|equals?\b)",
        ),
        "open": (r"(?:update|updated|note|it was|as published)\s*:?", r"(?:this|the) (?:article|story|report|post|piece)\b"),
        "whole": (r"correction appended\.?|full text\.?|abstract\.?|this story is developing.{0,60}|more to (?:come|follow)\.?|developing(?: story)?\.*",),
    },
    "sign_off": {
        "mark": (
            rf"[(\[—–-]*\s*(?:(?:additional|further|original|with) )?(?:reporting|writing|editing|compiled|compilation|contributing|contributors?)(?:,? (?:and |& )?(?:writing|editing|reporting|photography|additional reporting))*(?: by|:)(?: the)? {_NAME}",
            r"(?:to contact|contact|reach) (?:the )?(?:writer|reporter|author|editor)s?\b|\(?e-?mail\s*: ?\S+@|\(?contact\s*: ?\S+@",
        ),
        "end": (
            r"contributed (?:to (?:this|the) (?:report|story|article|piece)|(?:to )?(?:additional )?reporting|research)(?: (?:for|to) this \w+)?(?: from [^.]{1,60})?\.?\)?",
            r"E-?mail ?: ?\S+@\S+",
        ),
        "whole": (
            rf"[(\[—–-]*\s*with (?:assistance|reporting|files|contributions|help|inputs?|additional reporting) (?:from|by)"
            rf" (?:the )?{_NAME}(?:[ ,;]+(?:{_NAME}|and|in|of|at|the))*\.?\)?",
            rf"{_NAME}(?:(?:, | and |, and ){_NAME})* reported from {_NAME}(?: {_NAME})*\.?",
            r"ends?\.?|-?30-?|#+|\(?end(?:s|item)?\)?|\S+@\S+\.\w+|\(?with agency inputs\)?|\(?agencies\)?",),
    },
    "copyright": {
        "mark": (
            r"©|\(c\) ?(?:copyright )?(?:19|20)\d\d|copyright (?:©|\(c\)|(?:19|20)\d\d)|this material may not be",
            r"all rights reserved",
        ),
        "end": (r"all rights reserved\.?",),
    },
    "publisher": {
        "mark": (r"\(?sources?\s*: ?\S", r"(?:originally|first) (?:published|appeared) (?:by|in|on|at)\b", r"republished (?:from|with)\b"),
        "whole": (r"\(?h/t .{2,40}",),
    },
    "tags": {"mark": (r"(?:tags|topics|filed under|keywords)\s*:",)},
}
_FORMS = {"whole": "(?:{})$", "mark": "(?:{})", "open": "(?:{})", "end": "(?:{})$"}
_COMPILED = tuple(
    (f"{kind}:{form}", form, re.compile(_FORMS[form].format("|".join(patterns)), re.IGNORECASE if form != "end" else 0))
    for kind, forms in _PATTERNS.items()
    for form, patterns in forms.items()
)
_REACH = 240  # code points looked at from either end of a line

# The weights. Rows are kinds; a feature that is not named weighs nothing.
WEIGHTS: dict[FurnitureKind, dict[str, float]] = {
    "link": {
        "always": -3, "link:whole": 6, "link:mark": 6, "link:open": 3, "after_link": 4, "no_stop": 1, "edge": 1,
        "sentence": -1, "verb": -1, "long": -2, "huge": -4, "quoted": -2, "bulleted": -1,
    },
    "advertisement": {"always": -3, "advertisement:whole": 6},
    "caption": {
        "always": -3, "caption:whole": 5, "caption:mark": 6, "caption:open": 2, "caption:end": 6, "pictured": 4, "dated_end": 1.5,
        "no_stop": 1, "long": -1, "huge": -4, "sentence": -0.5, "verb": -1, "opens_dateline": -6,
    },
    "note": {
        "always": -3, "note:whole": 6, "note:mark": 6, "note:open": 1, "bracketed": 1, "edge": 0.5, "quoted": -3,
    },
    "sign_off": {"always": -3, "sign_off:whole": 5, "inside": -1.5, "verb": -1.5, "sentence": -1, "sign_off:mark": 6, "sign_off:end": 5, "edge": 1, "several": -4, "huge": -4, "quoted": -2},
    "copyright": {"always": -3, "copyright:mark": 6, "copyright:end": 5, "edge": 1, "huge": -4},
    "publisher": {"always": -3, "publisher:mark": 4, "publisher:whole": 4, "masthead": 2, "head": 1, "edge": 1, "short": 1, "long": -4, "verb": -1},
    "byline": {"always": -3, "names": 5, "writer": 3.5, "head": 1, "edge": 0.5, "inside": -3},
    "published": {"always": -3, "dates": 5, "head": 1, "inside": -3, "timeline": -9, "says_published": 1, "says_updated": -1},
    "updated": {"always": -3, "dates": 5, "head": 1, "inside": -3, "timeline": -9, "says_updated": 1, "says_published": -1},
    "dateline": {"always": -3, "place_and_date": 5, "head": 1, "inside": -4},
    "tags": {"always": -3, "tags:mark": 6, "listed": 3, "inside": -3, "edge": -2, "before": 2, "head": 0, "topic": -0.5, "tiny": 0.5, "sentence": -4, "short": 1, "dates": -5, "names": -5, "writer": -5},
    "section": {"always": -3, "topic": 3, "head": 2, "before": -1, "tiny": 1.5, "all_caps": 1, "digits": -2, "ends_open": -5,  "title_case": 0.5, "sentence": -5, "quoted": -3, "bulleted": -3, "dates": -5, "names": -5, "writer": -5},
    "subheading": {
        "always": -4, "between_paragraphs": 2, "few": 1, "short": 1.5, "no_stop": 1, "title_case": 1, "all_caps": 1.5, "timeline": 6,
        "no_letters": 8, "verb": -1, "head": -3, "sentence": -4, "quoted": -3, "bulleted": -3, "ends_open": -4, "question": -1,
    },
}
KINDS = tuple(WEIGHTS)


def score(kind: FurnitureKind, features: frozenset[str]) -> float:
    """Return how much `features` speak for `kind`: the sum of their weights, above zero for it, below against.

    >>> score("advertisement", frozenset({"advertisement:whole", "short"}))
    3
    >>> score("link", frozenset({"link:open", "sentence", "verb"}))
    -3
    """
    weights = WEIGHTS[kind]
    return weights["always"] + sum(weights.get(feature, 0) for feature in features)


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
        if form == "end":
            hit = pattern.search(tail)
        else:
            hit = pattern.match(bare if form == "whole" else head)
        if hit and (form != "whole" or bare):
            found.add(name)
    return frozenset(found)
