"""The parts of an article: what is headline, dek, story and furniture.

Works on text in which every paragraph is a line (`layout.unwrap`). The headline is chosen first; then each other line is
judged by the features it has, with the weights of `furniture`; what remains is dek and story. Last, what stands in a
paragraph and is no part of it is cut off: the dateline before, agency tags and sign-offs after.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace

from briefs.schema import Furniture, FurnitureKind, Span
from briefs.stages.credits import (
    AGENCIES,
    MASTHEADS,
    Dateline,
    read_byline,
    read_copyright,
    read_dateline,
    read_publisher,
    reads_as_writer,
)
from briefs.stages.dates import find_moments, is_date_line, read_moment
from briefs.stages.furniture import find_phrases, judge
from briefs.stages.layout import Line, ends_sentence, find_lines, opens_item, visible

_SECTIONS = frozenset(
    "africa ai americas americas analysis apps arts asia australia automotive aviation background banking books breaking britain business"
    " canada careers cars china cities city climate commentary community companies comment consumer courts cricket crime crypto"
    " culture cybersecurity defence defense deals east economics economy editorial education elections energy entertainment"
    " environment europe exclusive explainer family fashion features film finance fintech food football gadgets gaming"
    " global golf government hardware health home housing immigration india industry innovation international investigations"
    " investing ireland justice labor labour latest latin law lifestyle live local london magazine markets media medicine metro"
    " middle mobility money movies music national nation nature new news north obituaries opinion pacific people personal"
    " policy politics property racing real estate region regional religion report retail robotics rugby scotland security"
    " science society soccer south space special sport sports startups stocks style tech technology telecoms tennis theater"
    " theatre top trade transport transportation travel tv uk u.s. us venture video wales war washington weather west wildlife"
    " work workplace world york".split()
)
_VERBS = frozenset(
    "is are was were be been has have had will would can could may might must should do does did said says told added that who"
    " which because when while if although after before it they he she we i".split()
)
_PICTURED = re.compile(
    r"\b(?:is|are) (?:seen|pictured|shown|photographed)\b|\bfile photo\b|\bposes? for\b|\blooks? on\b|\bpictured\b"
    r"|\bin this (?:\w+ )?(?:handout |still )?(?:photo|image|picture|frame)|^(?:photo|picture) taken\b|\((?:\d\w\w [LCR]|[LC])(?:, \w+)?\)|^L-R:",
    re.IGNORECASE,
)
_DATED_END = re.compile(r"(?:\d{1,2},? (?:19|20)\d\d|[A-Z][a-z]+\.? \d{4})\.?$")
_SAYS_UPDATED = re.compile(r"\b(?:updated?|modified|revised)\b", re.IGNORECASE)
_SAYS_PUBLISHED = re.compile(r"\b(?:published|posted|issued|created)\b", re.IGNORECASE)
_SAYS_WHAT = re.compile(f"{_SAYS_UPDATED.pattern}|{_SAYS_PUBLISHED.pattern}", re.IGNORECASE)
_SEVERAL = re.compile(r"[^\W\d_]{2}[.!?][”\"’')]* +[“\"‘(]?[A-Z]")
_CORRECTED = re.compile(r"\b(?:corrected|updated|amended)\b", re.IGNORECASE)
_HEAD_SIGNS = frozenset({"names", "writer", "dates", "place_and_date"})
_HEAD_REACH = 12  # lines before the first paragraph that may hold headline, dek and byline
_PROSE_WORDS = 12  # a line of so many words that ends a sentence is a paragraph
_DEK_WORDS = 50
_TAIL_REACH = 240
_TAILS = (
    re.compile(r"(?<=[.!?”\"’')»…])\s*(?P<part>\([^()]{2,200}\))\.?\s*$"),
    re.compile(r"\s(?P<part>\([^()]{2,40}\))\s*$"),
    re.compile(r"(?<=[.!?”\"’')»…])\s+(?P<part>[^\W_a-z][^.!?()]{12,160}\.?)\s*$"),
)
_INITIALS = re.compile(r"(?:[A-Z]\.){2,}")
_LABEL = re.compile(r"^(?:tags|topics|filed under|keywords)\s*:\s*", re.IGNORECASE)
_SMALL = frozenset("of and the for in on to a an & de la".split())
_LETTER = re.compile(r"[^\W_]")


@dataclass(frozen=True, slots=True)
class Anatomy:
    """The parts of an article, as half-open spans of code points, and what its furniture says of its origin."""

    headline: Span | None
    dek: Span | None = None
    paragraphs: tuple[Span, ...] = ()
    furniture: tuple[Furniture, ...] = ()
    publisher: str | None = None
    byline: str | None = None
    dateline: str | None = None
    published: str | None = None
    updated: str | None = None
    section: str | None = None
    tags: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class _Judged:
    line: Line
    kind: FurnitureKind | None


@dataclass(slots=True)
class _Body:
    paragraphs: list[Span] = field(default_factory=list)
    furniture: list[Furniture] = field(default_factory=list)
    dateline: Dateline | None = None
    agency: str | None = None


def stands_alone(text: str) -> bool:
    """Return whether a line of visible text is furniture whatever its neighbours are, so that it never joins them.

    >>> stands_alone("By Ann Lee"), stands_alone("By Tuesday the river had fallen to its lowest")
    (True, False)
    """
    if len(text) > 200:
        return False
    sure = any(name.endswith((":whole", ":mark")) for name in find_phrases(text))
    return sure or is_date_line(text) or (read_byline(text) is not None and not text.endswith("."))


def find_anatomy(text: str) -> Anatomy:
    """Return the parts of `text`, in which every paragraph is one line.

    The headline is None where no line can be one; `paragraphs` is empty where nothing but a headline is there.

    >>> text = "Dam cracks\\n\\nBy Ann Lee\\n\\nLYON (AP) — The dam above Lyon cracked on Monday, the town said.\\n\\nSource: AP"
    >>> anatomy = find_anatomy(text)
    >>> anatomy.headline.of(text), anatomy.byline, anatomy.dateline, anatomy.publisher
    ('Dam cracks', 'Ann Lee', 'LYON', 'AP')
    >>> [paragraph.of(text) for paragraph in anatomy.paragraphs]
    ['The dam above Lyon cracked on Monday, the town said.']
    """
    lines = find_lines(text)
    title = _find_headline(lines)
    if title is None:
        return Anatomy(headline=None)
    judged = _judge_lines(lines, title)
    dek = _find_dek(judged, title)
    body = _find_body(text, judged, skip={title, dek})
    anatomy = Anatomy(
        headline=_span(lines[title]),
        dek=None if dek is None else _span(lines[dek]),
        paragraphs=tuple(body.paragraphs),
        furniture=tuple(sorted(body.furniture, key=lambda part: part.span.start)),
        dateline=(body.dateline.place or None) if body.dateline else None,
    )
    return _read_origin(anatomy, judged, body)


def _span(line: Line) -> Span:
    return Span(start=line.start, end=line.end)


# --- the headline -----------------------------------------------------------------------------------------------------


def _find_headline(lines: tuple[Line, ...]) -> int | None:
    """Return the number of the line that is most like a headline, before the first paragraph; None where none is."""
    first = next((n for n, line in enumerate(lines[:_HEAD_REACH]) if _is_prose(line)), None)
    head = lines[: _HEAD_REACH if first is None else first]
    if not head and lines and len(lines[0].text.split()) <= 30:
        head = lines[:1]
    scores = [(_headline_score(line) - n, n) for n, line in enumerate(head)]
    best = max(scores, key=lambda pair: (pair[0], -pair[1]), default=(0.0, 0))
    return best[1] if scores and best[0] > -3 else None


def _headline_score(line: Line) -> float:
    """Return how much a line before the first paragraph is like a headline."""
    features = _shape(line.text) | _grammar(line.text)
    weights = {
        "tiny": -1.5, "listed": -2.5, "topic": -2, "sentence": -1, "names": -6, "dates": -6, "place_and_date": -4, "writer": -3,
        "masthead": -2, "bulleted": -2, "no_letters": -9, "short": 0,
    }  # fmt: skip
    phrases = sum(-6.0 for name in find_phrases(line.text) if name.endswith((":whole", ":mark")))
    return 2.0 + phrases + sum(weights.get(feature, 0) for feature in features)


def _is_prose(line: Line) -> bool:
    """Return whether a line is a paragraph of the story by its form alone."""
    if read_dateline(line.text) is not None:
        return True
    words = line.text.count(" ") + 1
    return words >= _PROSE_WORDS and ends_sentence(line.text) and judge(find_phrases(line.text)) is None


# --- features ---------------------------------------------------------------------------------------------------------


def _shape(text: str) -> frozenset[str]:
    """Return the features of a line's form."""
    words = text[:400].split()
    names = [word for word in words if word[0].isalpha() and len(word) > 3]
    capitals = sum(word[0].isupper() for word in names)
    stop = ends_sentence(text)
    lettered = _LETTER.search(text[:400]) is not None
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
        "digits": any(char.isdigit() for char in text[:400]),
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
        "topic": bool(bare) and len(words) <= 5 and not stop and bare <= _SECTIONS | {word.strip(".") for word in _SECTIONS},
        "masthead": len(words) <= 5 and not stop and bool(lower & MASTHEADS) and all(word[0].isupper() for word in words if len(word) > 3),
        "dated_end": _DATED_END.search(text[-40:]) is not None,
        "opens_dateline": read_dateline(text) is not None,
        "pictured": _PICTURED.search(text[:400]) is not None,
    }
    return frozenset(name for name, holds in found.items() if holds)


def _is_tag(words: list[str]) -> bool:
    named = words != [] and words[0][0].isalpha() and all(word[0].isupper() or word[0].isdigit() or word.lower() in _SMALL for word in words)
    return 0 < len(words) <= 4 and named and words[0].lower() not in _SMALL - {"the"} and words[-1][-1].isalnum()


def _grammar(text: str) -> frozenset[str]:
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


def _judge_lines(lines: tuple[Line, ...], title: int) -> list[_Judged]:
    """Return each line with the kind of furniture it is, None for headline, dek and story."""
    signs = [_shape(line.text) | _grammar(line.text) | find_phrases(line.text) for line in lines]
    timeline = _find_timeline(lines)
    prose = [_is_paragraph(line, found) for line, found in zip(lines, signs, strict=True)]
    body = _body_start(lines, signs, title, timeline)
    last = max((n for n, holds in enumerate(prose) if holds), default=title)
    judged: list[_Judged] = []
    linked = False
    for number, line in enumerate(lines):
        if number == title:
            judged.append(_Judged(line, None))
            continue
        place = {
            "before": number < title,
            "head": number < body,
            "timeline": number in timeline,
            "inside": body <= number <= last,
            "edge": number >= last or number >= len(lines) - 5,
            "between_paragraphs": 0 < number < len(lines) - 1 and prose[number - 1] and prose[number + 1],
            "after_link": number > body and linked and not prose[number] and line.text.count(" ") <= 16,
        }
        kind = judge(signs[number] | {name for name, holds in place.items() if holds})
        linked = kind == "link" and (place["after_link"] or _announces_links(line.text))
        judged.append(_Judged(line, kind))
    return judged


def _is_paragraph(line: Line, signs: frozenset[str]) -> bool:
    """Return whether a line is a paragraph by its form: a sentence of some length that nothing marks as furniture."""
    return "sentence" in signs and line.text.count(" ") >= 5 and not signs & _HEAD_SIGNS and judge(signs) is None


def _find_timeline(lines: tuple[Line, ...]) -> frozenset[int]:
    """Return the numbers of the date lines that are crossheads of a timeline: several without a label, with story between."""
    dated = [n for n, line in enumerate(lines) if len(line.text) < 60 and is_date_line(line.text) and not _SAYS_WHAT.search(line.text)]
    return frozenset(dated) if any(after - before > 1 for before, after in zip(dated, dated[1:], strict=False)) else frozenset()


def _announces_links(text: str) -> bool:
    """Return whether a line of links only opens a list of them: "Related stories:"."""
    return text.endswith(":") or text.count(" ") <= 2


def _body_start(lines: tuple[Line, ...], signs: list[frozenset[str]], title: int, timeline: frozenset[int]) -> int:
    """Return the number of the first line after headline, dek, byline and dates.

    One line of story may stand among these, the dek; after it only what reads as names or dates counts as head.
    """
    start = title + 1
    dek_seen = False
    for number, line in enumerate(lines[title + 1 : title + 9], title + 1):
        kind = judge(signs[number] | {"head"})
        if number in timeline:
            break
        if signs[number] & _HEAD_SIGNS or (kind is not None and not dek_seen):
            start = number + 1
        elif kind is None and not dek_seen and line.text.count(" ") < _DEK_WORDS and "opens_dateline" not in signs[number]:
            dek_seen = True
        elif kind is None:
            break
    return start


def _find_dek(judged: list[_Judged], title: int) -> int | None:
    """Return the number of the line that is the dek, or None.

    It stands before a byline or a date; or right under the headline, without a full stop or before a dateline.
    """
    after = [n for n in range(title + 1, len(judged)) if judged[n].kind is None][:2]
    if len(after) < 2:
        return None
    line, following = judged[after[0]].line, judged[after[1]].line
    words = line.text.count(" ") + 1
    if not 4 <= words <= _DEK_WORDS or opens_item(line.text) or read_dateline(line.text) is not None:
        return None
    kinds = {judged[n].kind for n in range(after[0] + 1, after[1])}
    framed = bool(kinds & {"byline", "published", "updated", "section", "dateline"})
    bare = not ends_sentence(line.text) and text_opens(line.text) and ends_sentence(following.text)
    return after[0] if framed or bare or read_dateline(following.text) is not None else None


def text_opens(text: str) -> bool:
    """Return whether a line begins like a sentence or a title: no lower case, no open end."""
    return not text[:1].islower() and text[-1:] not in ":,;"


# --- the story --------------------------------------------------------------------------------------------------------


def _find_body(text: str, judged: list[_Judged], *, skip: set[int | None]) -> _Body:
    """Return paragraphs and furniture, with datelines and sign-offs cut off the paragraphs."""
    body = _Body()
    story = [n for n, part in enumerate(judged) if part.kind is None and n not in skip]
    for number, part in enumerate(judged):
        if part.kind is not None:
            body.furniture.append(Furniture(kind=part.kind, span=_span(part.line)))
        elif number not in skip:
            _add_paragraph(text, part.line, body, first=number == story[0], last=number == story[-1])
    return body


def _add_paragraph(text: str, line: Line, body: _Body, *, first: bool, last: bool) -> None:
    start, end = line.start, line.end
    dateline = read_dateline(text[start : min(end, start + 200)]) if first or text[start] == "(" else None
    if dateline is not None:
        cut = start + dateline.length
        body.furniture.append(Furniture(kind="dateline", span=Span(start=start, end=start + len(text[start:cut].rstrip()))))
        start = cut
        body.dateline = body.dateline or dateline
    while (tail := _find_tail(text, start, end, outermost=first or last)) is not None:
        body.furniture.append(tail)
        if tail.kind == "publisher":
            body.agency = body.agency or tail.span.of(text).strip("().")
        end = start + len(text[start : tail.span.start].rstrip())
    body.paragraphs.append(Span(start=start, end=end))


def _find_tail(text: str, start: int, end: int, *, outermost: bool) -> Furniture | None:
    """Return the bracket or the last sentence of a paragraph if it is furniture: an agency, a credit, a sign-off."""
    near = max(start, end - _TAIL_REACH)
    tail = text[near:end]
    for number, pattern in enumerate(_TAILS):
        match = pattern.search(tail)
        if match is None or not text[start : near + match.start("part")].strip():
            continue
        bracket = match["part"].startswith("(")
        kind = _bracket_kind(match["part"], sure=outermost and number == 0) if bracket else _sentence_kind(match["part"])
        if kind is not None:
            return Furniture(kind=kind, span=Span(start=near + match.start("part"), end=near + match.end("part")))
    return None


def _bracket_kind(part: str, *, sure: bool) -> FurnitureKind | None:
    """Return what kind of furniture a bracket at the end of a paragraph is; an unknown agency only where `sure`."""
    name = part[1:-1].strip()
    if name in AGENCIES:
        return "publisher"
    kind = judge(find_phrases(visible(part)) | {"edge", "bracketed"})
    if kind in ("sign_off", "caption", "link", "note"):
        return kind
    words = name.split()
    titled = 1 <= len(words) <= 4 and all(word[0].isupper() and word.isalpha() for word in words) and not name.isupper()
    return "publisher" if sure and titled and words[-1].lower() in _NEWSROOM_ENDS else None


def _sentence_kind(part: str) -> FurnitureKind | None:
    """Return what kind of furniture the last sentence of a paragraph is: a sign-off or a right, nothing less sure."""
    kind = judge(find_phrases(visible(part)) | {"edge"})
    return kind if kind in ("sign_off", "copyright") else None


_NEWSROOM_ENDS = MASTHEADS | {"business", "media", "agency", "service", "radio", "network"}


# --- the origin -------------------------------------------------------------------------------------------------------


def _read_origin(anatomy: Anatomy, judged: list[_Judged], body: _Body) -> Anatomy:
    """Return `anatomy` with what its furniture says of publisher, byline, dates, section and tags."""
    lines: dict[FurnitureKind, list[str]] = {}
    for part in judged:
        if part.kind is not None:
            lines.setdefault(part.kind, []).append(part.line.text)
    moments = [_line_moments(text) for kind in ("published", "updated", "byline", "publisher") for text in lines.get(kind, [])]
    moments += [(None, read_moment(text)) for text in lines.get("note", []) if _CORRECTED.search(text)]
    moments += [(read_moment(text), None) for text in lines.get("dateline", [])]
    if body.dateline is not None:
        moments.append((read_moment(body.dateline.place), None))
    outside = [part.line.text for part in judged if part.kind == "publisher" and not _is_inside(part.line, anatomy)]
    named = [read_publisher(text) for text in [*outside, *lines.get("note", [])]]
    held = [read_copyright(text) for text in lines.get("copyright", [])]
    agencies = [body.dateline.agency if body.dateline else None, body.agency]
    mastheads = [text for text in outside if ":" not in text]
    return replace(
        anatomy,
        publisher=_first([*named, *held, *mastheads, *agencies]),
        byline=_first([_line_names(text) for text in lines.get("byline", [])]),
        dateline=anatomy.dateline or _first(list(lines.get("dateline", []))),
        published=_first([published for published, _ in moments]),
        updated=_first([updated for _, updated in moments]),
        section=_first(list(lines.get("section", []))),
        tags=tuple(tag for text in lines.get("tags", []) for tag in (part.strip() for part in _LABEL.sub("", text).split(",")) if tag),
    )


def _is_inside(line: Line, anatomy: Anatomy) -> bool:
    """Return whether a line stands between paragraphs: what it says is of a chart or a photo, not of the article."""
    return bool(anatomy.paragraphs) and anatomy.paragraphs[0].start < line.start < anatomy.paragraphs[-1].start


def _first(values: list[str | None]) -> str | None:
    return next((value for value in values if value), None)


def _line_names(text: str) -> str | None:
    return read_byline(text) or text.partition(",")[0].strip()


def _line_moments(text: str) -> tuple[str | None, str | None]:
    found = [find_moments(part) for part in re.split(r"[|•·](?!\s*\d{1,2}[:.]\d\d)", text)]
    return _first([published for published, _ in found]), _first([updated for _, updated in found])
