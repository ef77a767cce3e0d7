"""The parts of an article: what is headline, dek, story and furniture.

Works on text in which every paragraph is a line (`layout.unwrap`). The headline is chosen first; then each other line
is judged by the features it has, with the weights of `furniture`; what remains is dek and story. Last, what stands in
a paragraph and is no part of it is cut off (`story`), and the origin is read from the furniture (`credits`, `dates`).
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from itertools import pairwise

from briefs.schema import Furniture, FurnitureKind, Span
from briefs.stages.credits import read_byline, read_copyright, read_dateline, read_publisher
from briefs.stages.dates import find_moments, is_date_line, read_moment
from briefs.stages.features import HEAD_SIGNS, SAYS_WHAT, find_signs
from briefs.stages.furniture import HEADLINE_WEIGHTS, find_phrases, judge
from briefs.stages.layout import Line, ends_sentence, find_lines, opens_item
from briefs.stages.story import Paragraph, find_paragraphs

_CORRECTED = re.compile(r"\b(?:corrected|updated|amended)\b", re.IGNORECASE)
_LABEL = re.compile(r"^(?:tags|topics|filed under|keywords)\s*:\s*", re.IGNORECASE)
_DATED: tuple[FurnitureKind, ...] = ("published", "updated", "byline", "publisher")  # kinds whose lines may tell a date
_SURE = (":whole", ":mark")  # forms of phrases that nothing but furniture has
_HEAD_REACH = 12  # lines before the first paragraph that may hold headline, dek and byline
_PROSE_WORDS = 12  # a line of so many words that ends a sentence is a paragraph
_TITLE_WORDS = 18  # a title that ends with a full stop has no more
_DEK_WORDS = 50  # a dek has no more


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


def stands_alone(text: str) -> bool:
    """Return whether a line of visible text is furniture whatever its neighbours are, so that it never joins them.

    >>> stands_alone("By Ann Lee"), stands_alone("By Tuesday the river had fallen to its lowest")
    (True, False)
    """
    if len(text) > 200:
        return False
    sure = any(name.endswith(_SURE) for name in find_phrases(text))
    return sure or is_date_line(text) or (read_byline(text) is not None and not text.endswith("."))


def find_anatomy(text: str, *, head: int = 0) -> Anatomy:
    r"""Return the parts of `text`, in which every paragraph is one line.

    `head` says what is known beforehand: that the first line is the headline (1), and the second the dek (2). The headline
    is None where no line can be one; `paragraphs` is empty where nothing but a headline is there.

    >>> text = "Dam cracks\n\nBy Ann Lee\n\nLYON (AP) — The dam above Lyon cracked on Monday, the town said.\n"
    >>> anatomy = find_anatomy(text)
    >>> anatomy.headline.of(text), anatomy.byline, anatomy.dateline, anatomy.publisher
    ('Dam cracks', 'Ann Lee', 'LYON', 'AP')
    >>> [paragraph.of(text) for paragraph in anatomy.paragraphs]
    ['The dam above Lyon cracked on Monday, the town said.']
    """
    lines = find_lines(text)
    title = 0 if head else _find_headline(lines)
    if title is None:
        return Anatomy(headline=None)
    judged = _judge_lines(lines, title)
    if head > 1:
        judged[1] = _Judged(lines[1], None)
    dek = 1 if head > 1 else _find_dek(judged, title)
    story = [part.line for number, part in enumerate(judged) if part.kind is None and number not in {title, dek}]
    paragraphs = find_paragraphs(text, story)
    furniture = [Furniture(kind=part.kind, span=_span(part.line)) for part in judged if part.kind is not None]
    furniture += [part for paragraph in paragraphs for part in paragraph.furniture]
    anatomy = Anatomy(
        headline=_span(lines[title]),
        dek=None if dek is None else _span(lines[dek]),
        paragraphs=tuple(paragraph.span for paragraph in paragraphs),
        furniture=tuple(sorted(furniture, key=lambda part: part.span.start)),
    )
    return _read_origin(anatomy, judged, paragraphs)


def _span(line: Line) -> Span:
    return Span(start=line.start, end=line.end)


# --- the headline -----------------------------------------------------------------------------------------------------


def _find_headline(lines: tuple[Line, ...]) -> int | None:
    """Return the number of the line that is most like a headline, before the first paragraph; None where none is."""
    first = next((n for n, line in enumerate(lines[:_HEAD_REACH]) if _is_prose(line)), None)
    head = lines[: _HEAD_REACH if first is None else first]
    if not head and lines and _may_be_title(lines[0].text):
        head = lines[:1]
    scores = [(_headline_score(line) - n, n) for n, line in enumerate(head)]
    best = max(scores, key=lambda pair: (pair[0], -pair[1]), default=(0.0, 0))
    return best[1] if scores and best[0] > -3 else None


def _may_be_title(text: str) -> bool:
    """Return whether a sentence that stands first may be a title: short, or in capitals, or no statement."""
    words = text.count(" ") + 1
    styled = text[-1:] in "?!…" or "title_case" in find_signs(text)
    return words <= _TITLE_WORDS or (words <= 2 * _TITLE_WORDS and styled)


def _headline_score(line: Line) -> float:
    """Return how much a line before the first paragraph is like a headline."""
    features = find_signs(line.text) | {"marked" for name in find_phrases(line.text) if name.endswith(_SURE)}
    return sum(HEADLINE_WEIGHTS.get(feature, 0) for feature in features | {"always"})


def _is_prose(line: Line) -> bool:
    """Return whether a line is a paragraph of the story by its form alone."""
    if read_dateline(line.text) is not None:
        return True
    words = line.text.count(" ") + 1
    return words >= _PROSE_WORDS and ends_sentence(line.text) and judge(find_phrases(line.text)) is None


# --- the lines --------------------------------------------------------------------------------------------------------


def _judge_lines(lines: tuple[Line, ...], title: int) -> list[_Judged]:
    """Return each line with the kind of furniture it is, None for headline, dek and story."""
    signs = [find_signs(line.text) for line in lines]
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
            "edge": number > title and (number >= last or number >= len(lines) - 5),
            "between_paragraphs": 0 < number < len(lines) - 1 and prose[number - 1] and prose[number + 1],
            "after_link": number > body and linked and not prose[number] and line.text.count(" ") <= 16,
        }
        kind = judge(signs[number] | {name for name, holds in place.items() if holds})
        if kind is None and number < title:
            kind = "subheading"  # a kicker: nothing above the headline is story
        linked = kind == "link" and (place["after_link"] or _announces_links(line.text))
        judged.append(_Judged(line, kind))
    return judged


def _is_paragraph(line: Line, signs: frozenset[str]) -> bool:
    """Return whether a line is a paragraph by its form: a sentence of some length that nothing marks as furniture."""
    return "sentence" in signs and line.text.count(" ") >= 5 and not signs & HEAD_SIGNS and judge(signs) is None


def _find_timeline(lines: tuple[Line, ...]) -> frozenset[int]:
    """Return the numbers of the date lines that head the parts of a timeline: no label, several, story between."""
    dated = [
        n
        for n, line in enumerate(lines)
        if len(line.text) < 60 and is_date_line(line.text) and not SAYS_WHAT.search(line.text)
    ]
    return frozenset(dated) if any(after - before > 1 for before, after in pairwise(dated)) else frozenset()


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
        if signs[number] & HEAD_SIGNS or (kind is not None and not dek_seen):
            start = number + 1
        elif (
            kind is None
            and not dek_seen
            and line.text.count(" ") < _DEK_WORDS
            and "opens_dateline" not in signs[number]
        ):
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
    bare = not ends_sentence(line.text) and _opens_title(line.text) and ends_sentence(following.text)
    return after[0] if framed or bare or read_dateline(following.text) is not None else None


def _opens_title(text: str) -> bool:
    """Return whether a line begins like a sentence or a title: no lower case, no open end."""
    return not text[:1].islower() and text[-1:] not in ":,;"


# --- the origin -------------------------------------------------------------------------------------------------------


def _read_origin(anatomy: Anatomy, judged: list[_Judged], paragraphs: tuple[Paragraph, ...]) -> Anatomy:
    """Return `anatomy` with what its furniture says of publisher, byline, dates, section and tags."""
    lines: dict[FurnitureKind, list[str]] = {}
    for part in judged:
        if part.kind is not None:
            lines.setdefault(part.kind, []).append(part.line.text)
    dateline = next((paragraph.dateline for paragraph in paragraphs if paragraph.dateline), None)
    places = [*([dateline.place] if dateline else []), *lines.get("dateline", [])]
    moments = [_line_moments(text) for kind in _DATED for text in lines.get(kind, [])]
    moments += [(None, read_moment(text)) for text in lines.get("note", []) if _CORRECTED.search(text)]
    moments += [(read_moment(place), None) for place in places]
    outside = [part.line.text for part in judged if part.kind == "publisher" and not _is_inside(part.line, anatomy)]
    publishers = [
        *(read_publisher(text) for text in [*outside, *lines.get("note", [])]),
        *(read_copyright(text) for text in lines.get("copyright", [])),
        *(text for text in outside if ":" not in text),
        dateline.agency if dateline else None,
        *(paragraph.agency for paragraph in paragraphs),
    ]
    return replace(
        anatomy,
        publisher=_first(publishers),
        byline=_first([_line_names(text) for text in lines.get("byline", [])]),
        dateline=_first(list(places)),
        published=_first([published for published, _ in moments]),
        updated=_first([updated for _, updated in moments]),
        section=_first(list(lines.get("section", []))),
        tags=tuple(
            tag.strip() for text in lines.get("tags", []) for tag in _LABEL.sub("", text).split(",") if tag.strip()
        ),
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
