"""Dates and times as newspapers write them, to ISO 8601; no clock, no guesses.

A date that can be read two ways (03/04/2026), lacks its year or is told from today ("2 hours ago") is not read.
"""

from __future__ import annotations

import re
from datetime import date, time

from briefs.stages.layout import listed

_MONTHS = listed("january february march april may june july august september october november december")
_WEEKDAYS = listed("monday tuesday wednesday thursday friday saturday sunday")
_MONTH_NAME = (
    r"(?:jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?|oct(?:ober)?"
    r"|nov(?:ember)?|dec(?:ember)?)"
)
_MONTH = rf"(?P<month>{_MONTH_NAME})\.?"
_DAY = r"(?P<day>\d{1,2})(?:st|nd|rd|th)?"
_YEAR = r"(?P<year>(?:19|20)\d\d)"
_DATES = tuple(
    re.compile(pattern, re.IGNORECASE)
    for pattern in (
        r"\b(?P<year>(?:19|20)\d\d)[-/.](?P<month>\d\d)[-/.](?P<day>\d\d)(?=\D|$)",
        rf"\b{_MONTH}\s*{_DAY}\s*,?\s*{_YEAR}\b",
        rf"\b{_DAY}[\s.-]*(?:of\s+)?{_MONTH}[\s,-]*{_YEAR}\b",
        r"\b(?P<day>\d{1,2})\.(?P<month>\d{1,2})\.(?P<year>(?:19|20)\d\d)\b",
        r"\b(?P<first>\d{1,2})/(?P<second>\d{1,2})/(?P<year>(?:19|20)\d\d)\b",
    )
)
_DAY_ONLY = re.compile(rf"\b(?:{_MONTH_NAME}\.?\s*\d{{1,2}}|\d{{1,2}}\s*{_MONTH_NAME})(?!\w)", re.IGNORECASE)
_ZONE = r"\s?(?:(?P<zone>(?:utc|gmt|z)(?![a-z])|(?=[+−-]\d))\s?(?P<offset>[+−-]\d{1,2}(?::?\d\d)?)?)"
_TIMES = tuple(
    re.compile(pattern, re.IGNORECASE)
    for pattern in (
        rf"(?<![\d:.])(?P<hour>\d{{1,2}})[:.h](?P<minute>\d\d)(?::(?P<second>\d\d)(?:\.\d+)?)?\s?(?P<half>[ap]\.?\s?m\b\.?)?{_ZONE}?(?!\d)",
        rf"(?<![\d:.])(?P<hour>\d{{1,2}})(?P<minute>)(?P<second>)\s?(?P<half>[ap]\.?\s?m\b\.?){_ZONE}?",
        rf"(?<![\d:.])(?P<hour>\d\d)(?P<minute>\d\d)(?P<second>)(?P<half>){_ZONE}",
    )
)
# Words that stand beside a date on a date line, and nowhere make a sentence of it.
_UPDATED = listed("updated update modified revised edited corrected amended")
_PUBLISHED = listed(
    "published posted created issued filed released date dated publication online first last originally"
)
_ZONES = listed(
    "utc gmt z et est edt ct cst cdt mt mst mdt pt pst pdt bst cet cest eet eest ist jst kst aest aedt hkt sgt wat"
)
_FILLERS = listed("on at of the time local a p m am pm hrs hours noon midnight")
_RELATIVE = listed("ago today yesterday hour hours minute minutes mins min day days just now")
_SHORT = [word[:3] for word in (*_MONTHS, *_WEEKDAYS)] + ["sept", "tues", "thur", "thurs"]
_DATE_WORDS = frozenset([*_MONTHS, *_WEEKDAYS, *_SHORT, *_UPDATED, *_PUBLISHED, *_ZONES, *_FILLERS, *_RELATIVE])
_WORD = re.compile(r"[^\W\d_]+")
_ORDINAL = re.compile(r"(?<=\d)(?:st|nd|rd|th|t|h)\b|(?<=\d)t(?=\d)", re.IGNORECASE)
_LABEL = re.compile(rf"\b(?:last\s+)?(?:{'|'.join(_UPDATED)})\b", re.IGNORECASE)


def is_date_line(text: str) -> bool:
    """Return whether `text` is a date or a time and nothing else, labels such as "Updated" aside.

    >>> [is_date_line(text) for text in ("Updated 6:12 PM UTC, Thu June 4, 2026", "2 hours ago", "May 2026 was wet")]
    [True, True, False]
    """
    if len(text) > 120 or not any(char.isdigit() for char in text):
        return False
    words = [word.lower() for word in _WORD.findall(_ORDINAL.sub("", text))]
    if any(word not in _DATE_WORDS for word in words):
        return False
    dated = any(pattern.search(text) for pattern in _DATES) or _DAY_ONLY.search(text) is not None
    return dated or bool(set(words) & {"ago", *_UPDATED, *_PUBLISHED})


def find_moments(text: str) -> tuple[str | None, str | None]:
    """Return when a date line says that the article was published, and when updated, in ISO 8601.

    The time is kept as precise as written, its offset only where the zone is UTC, GMT or a number. None where a part is
    missing or not sure.

    >>> find_moments("Published March 12, 2026 4:05 p.m. UTC | Updated 13 March 2026")
    ('2026-03-12T16:05+00:00', '2026-03-13')
    >>> find_moments("March 3")
    (None, None)
    """
    label = _LABEL.search(text)
    if label is None:
        return read_moment(text), None
    return read_moment(text[: label.start()]), read_moment(text[label.start() :])


def read_moment(text: str) -> str | None:
    """Return the first complete date of `text`, with the time that stands beside it, in ISO 8601; else None.

    >>> read_moment("Source: Xinhua| 2019-02-12 19:06:43|Editor: mmm")
    '2019-02-12T19:06:43'
    >>> read_moment("31 February 2026"), read_moment("03/04/2026"), read_moment("25/04/2026")
    (None, None, '2026-04-25')
    """
    text = text[:240]
    for pattern in _DATES:
        match = pattern.search(text)
        if match is None:
            continue
        day = _read_date(match)
        if day is None:
            return None
        moment = _read_time(text[match.end() :]) or _read_time(text[: match.start()])
        return f"{day}T{moment}" if moment else day
    return None


def _read_date(match: re.Match[str]) -> str | None:
    parts = match.groupdict()
    year = int(parts["year"])
    if "first" in parts:
        first, second = int(parts["first"]), int(parts["second"])
        if first <= 12 and second <= 12 and first != second:
            return None
        month, day = (first, second) if second > 12 else (second, first)
    else:
        name = parts["month"].lower()
        month = (
            int(name) if name.isdigit() else next(i for i, full in enumerate(_MONTHS, 1) if full.startswith(name[:3]))
        )
        day = int(parts["day"])
    try:
        return date(year, month, day).isoformat()
    except ValueError:
        return None


def _read_time(text: str) -> str | None:
    """Return the time of day in `text`, with its offset from UTC where it has one; a bare number is no time."""
    for pattern in _TIMES:
        match = pattern.search(text)
        if match is None:
            continue
        hour, half = int(match["hour"]), (match["half"] or "").lower()[:1]
        if half and not 1 <= hour <= 12:
            return None
        if half:
            hour = hour % 12 + (12 if half == "p" else 0)
        try:
            clock = time(hour, int(match["minute"] or 0), int(match["second"] or 0))
        except ValueError:
            return None
        return clock.isoformat("seconds" if match["second"] else "minutes") + _read_offset(
            match["zone"], match["offset"]
        )
    return None


def _read_offset(zone: str | None, offset: str | None) -> str:
    if zone is None:
        return ""
    if offset is None:
        return "+00:00"
    digits = offset[1:].replace(":", "")
    hours, minutes = (digits[:-2], digits[-2:]) if len(digits) > 2 else (digits, "0")
    return f"{'+' if offset[0] == '+' else '-'}{int(hours):02d}:{int(minutes):02d}"
