"""Who wrote it, where, and for whom: bylines, datelines and publishers, read from the lines that name them."""

from __future__ import annotations

import re
from dataclasses import dataclass

from briefs.stages.layout import listed

# Agencies that sign their copy in datelines and after the last paragraph, as they abbreviate themselves.
AGENCIES = frozenset(
    {
        *listed(
            "AP Reuters AFP Xinhua UPI dpa DPA EFE ANSA TASS Kyodo Jiji Yonhap PTI ANI IANS Bloomberg PA CP"
            " AAP Anadolu NAN APA"
        ),
        *(
            "Associated Press",
            "The Associated Press",
            "Thomson Reuters",
            "Agence France-Presse",
            "PA Media",
            "BBC",
            "CNN",
        ),
        *(
            "The Canadian Press",
            "Canadian Press",
            "Anadolu Agency",
            "Press Association",
            "Tribune News Service",
            "Kyodo News",
        ),
        *(
            "Press Trust of India",
            "Getty Images",
            "Getty",
            "Interfax",
            "Bernama",
            "Antara",
            "NPR",
            "STAT",
            "ProPublica",
        ),
    }
)
# Words of which a newsroom's name, or a writer's post in it, is made; no person's name has them.
NEWSROOM = frozenset(
    listed(
        "agency bureau business chronicle correspondent correspondents courier daily desk dispatch editor"
        " editors editorial express gazette guardian herald independent journal ledger mail media mirror"
        " monitor news newsroom observer post press producer record reporter reporters review service"
        " staff standard star sun team telegraph times tribune voice weekly wire writer writers"
        " contributor columnist critic analyst fellow intern chief"
    )
)
MASTHEADS = NEWSROOM - frozenset(
    listed(
        "business correspondent correspondents desk editor editors editorial producer record reporter"
        " reporters review service staff standard team writer writers contributor columnist critic analyst"
        " fellow intern chief media agency bureau"
    )
)
_PARTICLES = frozenset(
    listed("de da do dos das del della di du van von der den la le el al bin ibn abu ter ten af av y e st")
)
# What may follow "By" with a capital and is no name.
_NOT_NAMES = frozenset(
    listed(
        "monday tuesday wednesday thursday friday saturday sunday january february march april may june"
        " july august september october november december the a an this that these those then now contrast"
        " comparison design all any no some most midday midnight noon christmas easter his her its their"
        " our my one two three four five six seven eight nine ten early late law then today tomorrow year"
    )
)
_JOINERS = re.compile(r"\s*(?:,\s*and\s+|,\s*|;\s*|\s+and\s+|\s*&\s*|\s+with\s+)", re.IGNORECASE)
_BY = re.compile(
    r"(?:(?:story|written|words|text|report|reported|analysis|reporting|review|opinion)\s+)?by:?\s+", re.IGNORECASE
)
_REPORTS = re.compile(r"\s+(?:reports?|reported|reporting|writes)\s+(?:from|for|in)\s+[^\W\d_a-z][\w .,’'-]{1,50}$")
_PLACE = re.compile(r"\s+(?:in|at|for|of|from)\s+(?:the\s+)?[^\W\d_a-z].*$")
_SEPARATORS = re.compile(r"\s*[|•·]\s*|\s+[–—-]{1,2}\s+|\s*\(|\)\s*")
_POST_BEFORE = re.compile(
    r"^(?:[^\W\d_a-z]\w+ ){0,3}(?:[Ww]riters?|[Rr]eporters?|[Cc]orrespondents?|[Ee]ditors?)\s+(?=[^\W\d_a-z])"
)
_TOKEN = re.compile(r"[^\W\d_](?:[\w’'-]|\.(?=\w))*\.?")


def read_byline(text: str) -> str | None:
    """Return the names of a line that is a byline and nothing else, as written; else None.

    >>> read_byline("By Ann Lee, Science Correspondent, and Tom Ray | Desk")
    'Ann Lee and Tom Ray'
    >>> read_byline("Callum Frayne reports from Eastwick.")
    'Callum Frayne'
    >>> read_byline("By Tuesday, the river had fallen") is None
    True
    """
    if len(text) > 200:
        return None
    opening = _BY.match(text)
    if opening:
        body = text[opening.end() :]
    else:
        reports = _REPORTS.search(text.rstrip("."))
        if reports is None:
            return None
        body = text[: reports.start()]
        if " " not in body:
            return None
    body = _POST_BEFORE.sub("", body)
    body = next((part for part in _SEPARATORS.split(body) if part), "")
    return _read_names(_PLACE.sub("", body))


def reads_as_writer(text: str) -> bool:
    """Return whether a line without "By" names a writer with a post: "Ann Lee, Science Correspondent".

    >>> reads_as_writer("Ann Lee, Science Correspondent"), reads_as_writer("Health, Norvale")
    (True, False)
    """
    name, comma, post = text.partition(",")
    posts = {word.lower() for word in post.split()} & (NEWSROOM - MASTHEADS)
    return bool(comma and posts) and len(text) < 90 and _is_person(name) and not text.endswith(".")


def _read_names(text: str) -> str | None:
    """Return the names of a list of names and posts; None where something else stands in it."""
    kept: list[str] = []
    glue: list[str] = []
    start = 0
    skipped = False
    pieces = [*_JOINERS.finditer(text), None]
    for number, joiner in enumerate(pieces):
        part = text[start : joiner.start() if joiner else len(text)].strip()
        named = _is_person(part) or (number == 0 and (part in AGENCIES or _is_newsroom(part)))
        if named:
            if kept:
                glue.append(_last_glue(text[:start]) if not skipped else " and ")
            kept.append(part)
        elif number == 0 or not _is_post(part):
            return None
        skipped = not named
        start = joiner.end() if joiner else len(text)
    return "".join(name + mark for name, mark in zip(kept, [*glue, ""], strict=True))


def _last_glue(text: str) -> str:
    found = [match for match in _JOINERS.finditer(text) if match.end() == len(text)]
    return found[-1][0] if found else ", "


def _is_person(text: str) -> bool:
    """Return whether `text` has the form of a person's name: one to five capitalised words, particles aside."""
    words = text.split()
    if not 1 <= len(words) <= 6 or not all(_TOKEN.fullmatch(word) for word in words):
        return False
    proper = [word for word in words if word.lower() not in _PARTICLES]
    known = {word.lower().strip(".") for word in words}
    capitals = all(word[0].isupper() for word in proper)
    return (
        bool(proper)
        and capitals
        and not known & (NEWSROOM | _NOT_NAMES)
        and not (text.endswith(".") and len(words[-1]) > 4)
    )


def _is_newsroom(text: str) -> bool:
    words = text.split()
    return 0 < len(words) <= 5 and words[-1].lower() in NEWSROOM and all(word[0].isupper() for word in words)


def _is_post(text: str) -> bool:
    words = {word.lower().strip(".,") for word in text.split()}
    return len(words) <= 7 and bool(words & NEWSROOM or words <= {"jr", "sr", "ii", "iii", "phd", "md"})


@dataclass(frozen=True, slots=True)
class Dateline:
    """The dateline at the start of a paragraph: `length` code points up to the story, the place, the agency."""

    length: int
    place: str
    agency: str | None


_LEAD = re.compile(
    r"(?P<place>[^()—–:“”\"]{2,70}?)?\s*(?P<agency>\([^()]{2,40}\))?\s*(?P<dash>—|–|(?<=[\s)])--?|(?<=\w):)\s+(?=[“\"‘'«„(\[]*[^\W_a-z])"
)
_AGENCY_ALONE = re.compile(r"\((?P<agency>[^()]{2,40})\)\s*(?:—|–|--?)?\s*(?=[“\"‘'«„(\[]*[^\W_a-z])")
_MONTH_DAY = re.compile(
    r",?\s*(?:\d{1,2}\s+)?(?:Jan|Feb|Mar|Apr|May|June?|July?|Aug|Sept?|Oct|Nov|Dec)[a-z]*\.?(?:\s+\d{1,2})?(?:,?\s+(?:19|20)\d\d)?\s*$",
    re.IGNORECASE,
)
_NOT_PLACES = frozenset(
    listed("watch breaking update updated exclusive opinion analysis note correction live video photos read more q a")
)


def read_dateline(text: str) -> Dateline | None:
    """Return the dateline that `text` opens with, or None.

    Place names stand in capitals, or an agency or a date stands with them.

    >>> read_dateline("WASHINGTON, D.C. (Reuters) - The Senate voted.")
    Dateline(length=29, place='WASHINGTON, D.C.', agency='Reuters')
    >>> read_dateline("LONDON, March 3 - Police said").place
    'LONDON, March 3'
    >>> read_dateline("NATO — which has 32 members — met.") is None
    True
    """
    bare = _AGENCY_ALONE.match(text)
    if bare is not None and bare["agency"] in AGENCIES:
        return Dateline(bare.end(), "", bare["agency"])
    match = _LEAD.match(text[:180]) if text[:1].isalpha() else None
    if match is None:
        return None
    place = (match["place"] or "").strip().rstrip(",")
    agency = match["agency"][1:-1].strip() if match["agency"] else None
    if not place:
        return None
    dated = _MONTH_DAY.search(place)
    name = place[: dated.start()] if dated else place
    sure = dated is not None or (agency is not None and agency[0].isupper())
    if not name or not _is_place(name, sure=sure) or (match["dash"] == ":" and (sure or len(name) < 4)):
        return None
    return Dateline(match.end(), place, agency)


def _is_place(name: str, *, sure: bool) -> bool:
    """Return whether `name` can be the place of a dateline; in capitals unless an agency or a date makes it `sure`."""
    words = re.findall(r"[^\W\d_][\w.’'-]*", name)
    first = re.findall(r"[^\W\d_][\w.’'-]*", re.split(r"[,/]", name)[0])
    if not first or len(words) > 8 or any(char.isdigit() for char in name) or first[0].lower() in _NOT_PLACES | {"the"}:
        return False
    if not all(word[0].isupper() or word.lower() in _PARTICLES | {"and", "upon", "sur", "am", "in"} for word in words):
        return False
    return sure or all(word.isupper() or word.lower() in _PARTICLES for word in first)


_SOURCE = re.compile(
    r"\(?source\s*:\s*|.{0,40}\b(?:published|appeared) (?:by|in|on|at)\s+(?:the\s+)?(?=(?-i:[^\W\d_a-z]))",
    re.IGNORECASE,
)
_RIGHTS = re.compile(
    r"\s*[.|•·;,]?\s*(?:all rights|rights reserved|www\.|https?:|this material|terms of).*$|\.\s.*$", re.IGNORECASE
)
_COPYRIGHT = re.compile(r"(?:©|\(c\)|copyright|\s|,|\d{4}(?:\s*[-–]\s*\d{2,4})?(?!\w)|by\b)+", re.IGNORECASE)


def read_publisher(text: str) -> str | None:
    """Return the outlet that a "Source: …" line names, or None where it names none.

    >>> read_publisher("Source: Xinhua| 2019-02-12 19:06:43|Editor: mmm"), read_publisher("Source: company filings")
    ('Xinhua', None)
    """
    opening = _SOURCE.match(text)
    if opening is None:
        return None
    name = re.split(r"\s*[|•·;()]\s*|[.,] |,? (?:and|on|in) ", text[opening.end() :])[0].strip().rstrip(".")
    return name if name and (name[0].isupper() or "." in name) and len(name.split()) <= 8 else None


def read_copyright(text: str) -> str | None:
    """Return who holds the rights by a copyright line, or None.

    >>> [read_copyright(t) for t in ("© 2026 The Varrow Ledger. All rights reserved.", "Copyright The Post, 2026")]
    ['The Varrow Ledger', 'The Post']
    """
    opening = _COPYRIGHT.match(text)
    if opening is None:
        return None
    name = _RIGHTS.sub("", text[opening.end() :]).strip()
    name = re.sub(r"[\s,]*(?:19|20)\d\d$", "", name).strip(" .,")
    return name if name and name[0].isupper() and len(name.split()) <= 8 else None
