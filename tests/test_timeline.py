"""A picture tells when something was in the news, where there is enough to tell."""

from __future__ import annotations

import made_briefs

from briefs.listing import Entry, entry_of
from briefs.timeline import Bar, timeline


def of(*dates: str) -> list[Entry]:
    brief = made_briefs.tiny()
    return [
        entry_of("one", brief.model_copy(update={"origin": brief.origin.model_copy(update={"published": date})}))
        for date in dates
    ]


def test_months_without_a_brief_are_in_it_and_undated_briefs_are_not() -> None:
    made = timeline(of(*["2025-12-31"] * 3, "2026-03-01", "last week", "2025-12-01", "2026-02-10T09:00+01:00"))
    assert made
    names = ("December 2025", "January 2026", "February 2026", "March 2026")
    assert made.bars == tuple(Bar(name, count) for name, count in zip(names, (4, 0, 1, 1), strict=True))
    assert (made.total, made.peak) == (6, Bar("December 2025", 4))


def test_a_long_time_is_told_by_years() -> None:
    made = timeline(of("2019-01-01", "2019-12-01", "2021-05-05", *["2024-02-03"] * 3))
    assert made
    counts = (("2019", 2), ("2020", 0), ("2021", 1), ("2022", 0), ("2023", 0), ("2024", 3))
    assert made.bars == tuple(Bar(name, count) for name, count in counts)


def test_there_is_none_of_few_briefs_or_of_a_short_time() -> None:
    assert timeline(of("2025-01-01", "2025-06-01", "2026-01-01", "2026-02-01", "2026-03-01")) is None
    assert timeline(of(*["2026-01-01"] * 9, "2026-02-01")) is None
    assert timeline(of("0001-01-01", *["2026-01-01"] * 9)) is not None
    assert timeline([]) is None
