"""Dates as people write them, in English and without a locale: the same on every machine."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, datetime

from briefs.escape import clean

_MONTHS = (
    *("January", "February", "March", "April", "May", "June"),
    *("July", "August", "September", "October", "November", "December"),
)
# What HTML takes for a date or a date and time: https://html.spec.whatwg.org/multipage/text-level-semantics.html
_ISO = re.compile(
    r"[0-9]{4}-[0-9]{2}-[0-9]{2}(T[0-9]{2}:[0-9]{2}(:[0-9]{2}(\.[0-9]{1,3})?)?(Z|[+-][0-9]{2}:?[0-9]{2})?)?"
)


@dataclass(frozen=True, slots=True)
class Moment:
    """A date, or a date and time. `iso` is for machines and None where the text is not ISO 8601."""

    text: str
    iso: str | None


def moment(text: str | None) -> Moment | None:
    """Return a date or a date and time as people write it.

    >>> moment("2026-02-16T09:05+00:00")
    Moment(text='16 February 2026, 09:05 UTC', iso='2026-02-16T09:05+00:00')
    >>> moment("last week")
    Moment(text='last week', iso=None)
    """
    shown = clean(text or "")
    if not shown:
        return None
    if not _ISO.fullmatch(shown):
        return Moment(shown, None)
    try:
        when = datetime.fromisoformat(shown)
    except ValueError:  # the 30th of February
        return Moment(shown, None)
    day = f"{when.day} {_MONTHS[when.month - 1]} {when.year}"
    if "T" not in shown:
        return Moment(day, shown)
    return Moment(f"{day}, {when:%H:%M} {_zone(when)}".rstrip(), shown)


def month_name(month: str) -> str:
    """Return a month as people write it, and nothing for none.

    >>> month_name("2026-02"), month_name("")
    ('February 2026', '')
    """
    return f"{_MONTHS[int(month[5:7]) - 1]} {int(month[:4])}" if month else ""


def timestamp(when: Moment | None) -> str | None:
    """Return a date as RFC 3339 has it, in UTC: the day's beginning where no time is known, UTC where no zone is.

    >>> timestamp(moment("2026-02-16T09:05+01:00")), timestamp(moment("2026-02-16")), timestamp(moment("last week"))
    ('2026-02-16T08:05:00Z', '2026-02-16T00:00:00Z', None)
    """
    if when is None or when.iso is None:
        return None
    try:
        moved = datetime.fromisoformat(when.iso)
        moved = moved.astimezone(UTC) if moved.tzinfo else moved.replace(tzinfo=UTC)
    except (ValueError, OverflowError):  # the first or the last day that there is, in another zone
        return None
    return f"{moved:%Y-%m-%dT%H:%M:%SZ}".rjust(20, "0")


def dated(when: Moment | None) -> str | None:
    """Return a date as the front matter of pages has it: a day as such, a time with its own zone, UTC where it says none.

    >>> dated(moment("2026-02-16")), dated(moment("2026-02-16T09:05+01:00")), dated(moment("last week"))
    ('2026-02-16', '2026-02-16T09:05:00+01:00', None)
    """
    if when is None or when.iso is None or "T" not in when.iso:
        return when.iso if when else None
    told = datetime.fromisoformat(when.iso)
    return (told if told.tzinfo else told.replace(tzinfo=UTC)).isoformat(timespec="seconds")


def _zone(when: datetime) -> str:
    offset = when.strftime("%z")
    if not offset:
        return ""
    return "UTC" if offset in ("+0000", "-0000") else f"UTC{offset[:3]}:{offset[3:5]}"
