"""What cues, hedges and turns of phrase mean: the word lists of claims and discourse, in one place.

The verbs are those that open a cue at least three times in the training split of PolNeAR 1.0 (Newell et al., 2018), or that
news style guides list as verbs of attribution; sorted by hand into what they tell a reader. All are lemmas.
"""

from __future__ import annotations

import re

# The source puts the content forward as so.
ASSERTING = frozenset(
    "accuse acknowledge add admit affirm agree allege analyse analyze announce answer applaud argue assail assert"
    " assess assure attest attribute blame blast boast brag call cancel caution celebrate certify chant characterize"
    " characterise charge chide cite claim clarify comment compare complain concede conclude condemn confess confide"
    " confirm congratulate contend continue convict correct counter credit criticize criticise cry date declare decry"
    " defend denounce depict describe detail determine diagnose disagree disclose echo elaborate email emphasize"
    " emphasise endorse establish estimate evaluate exclaim explain express fault find forecast discover brand dub"
    " anticipate envision envisage fume grumble hail highlight identify inform insist interject issue joke judge label"
    " lambaste lament laud list maintain mock mourn muse name note notify observe opine pen point portray post praise"
    " predict proclaim project promote pronounce protest publish put quip quote read reaffirm reason recall recount"
    " refer reflect reiterate relate release remark remember remind repeat reply report respond retort reveal rule"
    " salute say scold score shout show sigh slam specify state stress sum summarize summarise tell term testify text"
    " thank tout trumpet tweet underline underscore unveil verify voice warn welcome whisper write yell".split()
)
# The source holds the content, or holds it likely, but does not vouch for it.
HEDGING = frozenset(
    "appear assume believe consider doubt expect fear feel guess hint hypothesize imagine imply indicate insinuate"
    " intimate presume seem sense speculate suggest suppose surmise suspect tease theorize think wonder worry".split()
)
# Verbs of HEDGING that a forecaster or an institution uses to vouch for what it says: no hedge by themselves.
FORECASTING = frozenset("expect believe consider fear feel doubt worry wonder indicate".split())
DENYING = frozenset(
    "contradict deny discount dismiss disavow dispute disown rebut rebuff rebuke refute reject repudiate".split()
)
# The content is something to be done: by the source, or by others at its word.
INTENDING = frozenset(
    "advise advocate aim appeal ask beg bid command commit demand direct encourage exhort hope implore instruct"
    " intend invite mandate mull offer order plan plead pledge promise propose recommend request require resolve"
    " summon swear threaten undertake urge vow want wish".split()
)
# Words that are cues only before a clause ("showed that", "the rumour that") or a quotation.
CLAUSE_ONLY = frozenset(
    "offer discover dub show find read point continue cite list refer reflect establish determine see know learn"
    " understand hear mean realize realise recognize recognise prove demonstrate reveal signal promote release post"
    " publish issue put compare name consider feel answer respond question identify describe discuss mention agree"
    " decide seem appear endorse celebrate thank express voice email send convince stand hold imagine sense tout judge"
    " label term remember recall date score correct cancel".split()
)
# Sources that are texts: what they find or show is a claim even where it is no clause ("the report found cracks").
DOCUMENT = re.compile(
    r"\b(?:reports?|stud(?:y|ies)|surveys?|polls?|papers?|reviews?|inquir(?:y|ies)|inspections?|audits?|figures|data|documents?"
    r"|minutes|filings?|records|research(?:ers)?|analys(?:is|es|ts?)|statements?|investigations?|census|statistics|economists?)\b",
    re.IGNORECASE,
)
# Verbs that, as participles after a comma, are the article's own gloss: ", showing that …", ", signaling a shift".
GLOSSING = frozenset(
    "demonstrate highlight illustrate imply indicate mark mean point prove raise reflect reveal show signal suggest"
    " underline underscore".split()
)
# Nouns that are cues without a verb.
NOUNS = frozenset(
    "according accusation account admission advice allegation announcement appeal argument assertion assessment"
    " belief claim comment complaint conclusion confession contention criticism declaration demand denial description"
    " estimate evidence expectation explanation fear finding forecast guess hint hope insistence intention interview"
    " judgment letter memo message note notice offer opinion order plan pledge poll prediction promise proposal"
    " question reaction recommendation remark reply report request response revelation rumor rumour ruling speculation"
    " statement story study suggestion survey talk testimony theory threat thought tip tweet view vow warning word"
    " words writing".split()
)
RUMOUR = re.compile(
    r"\b(?:rumou?rs?|rumou?red|speculation|reportedly|allegedly|purportedly|supposedly|apparently|unconfirmed|unverified)\b",
    re.IGNORECASE,
)
# Modal and adverbial hedges (Hyland, 1998; Rubin, 2010).
HEDGES = re.compile(
    r"\b(?:may(?! \d)|might|could(?! not\b|n[’']t)|possibly|perhaps|probably|maybe|likely|unlikely|apparently"
    r"|reportedly|presumably|seemingly|appears?|appeared|seems?|seemed|suggest(?:s|ed)?|potentially|conceivably|allegedly|arguably"
    r"|unconfirmed|unverified|not (?:\w+ly )?be(?:en)? (?:\w+ly )?(?:confirmed|verified))\b",
)
# A sentence that begins so leans on the one before it.
LEANING = re.compile(
    r"[\"“‘«(\s]*(?:but|and|or|so|yet|however|still|also|though|instead|meanwhile|moreover|furthermore|therefore|thus|then"
    r"|nevertheless|nonetheless|otherwise|besides|indeed|similarly|likewise|in (?:addition|contrast|turn|response)|as a result"
    r"|for (?:example|instance)|on the other hand|that (?:said|is)|he|she|they|it|his|her|hers|their|theirs|its|him|them|this"
    r"|that|these|those|such|both|neither|there|others?|another|one|i|we|my|our|you)\b",
    re.IGNORECASE,
)
# What lies ahead.
AHEAD = re.compile(
    r"\b(?:will|won[’']t|[’']ll|shall|could|may|might|would|likely|plans? to|intends? to|hopes? to|aims? to|vow(?:s|ed) to"
    r"|pledge[sd]?|promise[sd]?|expects?|forecasts?|predicts?|projects?|estimates?)\b",
    re.IGNORECASE,
)
_MONTH = (
    r"(?:Jan(?:uary|\.)?|Feb(?:ruary|\.)?|Mar(?:ch|\.)|Apr(?:il|\.)|May|June?|July?|Aug(?:ust|\.)?|Sept?(?:ember|\.)?"
    r"|Oct(?:ober|\.)?|Nov(?:ember|\.)?|Dec(?:ember|\.)?)"
)
_WHEN = (
    r"(?:next (?:week|month|year|spring|summer|autumn|fall|winter|season|round|\w+day)|tomorrow"
    r"|later this (?:week|month|year)|this (?:week|month|year|summer|autumn|fall|winter|spring)"
    rf"|(?:on|in|by|before|until|from) (?:\w+day|the end of|\d{{1,2}} {_MONTH}|{_MONTH}|early|mid|late|20[2-9]\d"
    r"|the (?:spring|summer|autumn|fall|winter))|(?:in|over) the (?:coming|next)|as soon as|within)"
)
# What lies ahead at a named time, or is bound to come: a hearing that is due, a vote that is set.
DATED_AHEAD = re.compile(
    rf"\b(?:will|is|are|has|have|until|due|set|scheduled|slated|plans?|expects?|hopes?|intends?|would|may|could|expected)\b"
    rf"(?:(?!\b(?:said|had|was|were)\b)[^.]){{0,200}}?\b{_WHEN}\b"
    r"|\b(?:is|are) (?:due|set|scheduled|slated|to (?!be\b)\w+|expected to|likely to|unlikely to|not expected)"
    r"|\bdeadline\b",
    re.IGNORECASE,
)
# What is fixed already: due, set, or given a term.
SCHEDULED = re.compile(
    r"\b(?:(?:is|are) (?:now )?(?:due|set|scheduled|slated) (?:back|for|to|in|on|at|by|next|from|before)\b|lapses?\b"
    r"|(?:is|are) to (?:meet|vote|decide|appear|begin|start|open|close|hold|hear|rule|visit|travel|publish|present|return)\b"
    r"|ha(?:s|ve) (?:until|(?:\d+|one|two|three|four|five|six|ten|thirty) (?:days|weeks|months)) \w+)"
    r"|^the next [\w\s-]+ (?:is|are)\b",
    re.IGNORECASE,
)
OPEN_QUESTION = re.compile(
    r"\b(?:remains? (?:uncertain|unclear|open|to be seen)|open question|it is (?:not clear|unclear)|no date|yet to be"
    r"|time will tell|whether)\b",
    re.IGNORECASE,
)
# What hangs on something that may not come to be.
CONDITION = re.compile(r"\b(?:if(?! not)|unless|provided that)\b", re.IGNORECASE)
# What a sentence sets against the news: how it was before.
EARLIER = re.compile(
    r"\b(?:previously|earlier|had (?:been|already|earlier|long|once)|even before|well before|until (?:now|then)|used to)\b"
)
# A sentence whose business is somebody's word.
SAYS = re.compile(r"\b(?:said|says|told|denied|denies|asked|added|insisted|argued|commented?)\b")
# What came before.
YEAR = re.compile(r"\b(?:19\d\d|20[0-3]\d)\b")

_IRREGULAR = {
    "said": "say", "told": "tell", "thought": "think", "found": "find", "wrote": "write", "written": "write",
    "felt": "feel", "shown": "show", "held": "hold", "swore": "swear", "sworn": "swear", "sought": "seek",
    "knew": "know", "known": "know", "saw": "see", "seen": "see", "heard": "hear", "meant": "mean",
    "understood": "understand", "bade": "bid", "stood": "stand", "sent": "send",
}  # fmt: skip
_WORD = re.compile(r"[a-z]+", re.IGNORECASE)


def lemmas(word: str) -> frozenset[str]:
    """Return the verbs or nouns that a word may be a form of, in lower case.

    >>> "deny" in lemmas("Denied"), "vow" in lemmas("vowed"), "argue" in lemmas("argued"), "plan" in lemmas("planning")
    (True, True, True, True)
    """
    word = word.lower()
    found = {word, _IRREGULAR.get(word, word)}
    for ending in ("ies", "ied"):
        if word.endswith(ending):
            found.add(word[: -len(ending)] + "y")
    for ending in ("es", "ed", "ing", "s", "d"):
        if word.endswith(ending) and len(word) > len(ending) + 1:
            stem = word[: -len(ending)]
            found |= {stem, stem + "e"} if ending == "ing" else {stem}
            if len(stem) > 2 and stem[-1] == stem[-2]:
                found.add(stem[:-1])
    return frozenset(found)


def cue_lemmas(cue: str) -> tuple[frozenset[str], ...]:
    """Return the possible lemmas of each word of a cue, in order."""
    return tuple(lemmas(word) for word in _WORD.findall(cue))
