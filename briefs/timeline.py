"""When something was in the news: how many briefs in each month, for a picture that tells it at a glance."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from briefs.listing import Entry
from briefs.moments import month_name

_FEWEST_BRIEFS = 6  # less is read sooner than a picture
_FEWEST_TIMES = 3
_MOST_MONTHS = 48  # a longer time is told by years


@dataclass(frozen=True, slots=True)
class Bar:
    """A month or a year, as people write it, and the number of its briefs."""

    name: str
    count: int


@dataclass(frozen=True, slots=True)
class Timeline:
    """The briefs of a time without gaps, the oldest first."""

    bars: tuple[Bar, ...]

    @property
    def total(self) -> int:
        """The number of all briefs."""
        return sum(bar.count for bar in self.bars)

    @property
    def peak(self) -> Bar:
        """The first of the bars that are the highest."""
        return max(self.bars, key=lambda bar: bar.count)


def timeline(entries: Iterable[Entry]) -> Timeline | None:
    """Return when briefs are from, by month, or by year where it is long; None where there is too little for a picture."""
    months = Counter(entry.day[:7] for entry in entries if entry.day)
    if months.total() < _FEWEST_BRIEFS:
        return None
    first, last = min(months), max(months)
    span = [
        f"{year:04}-{month:02}"
        for year in range(int(first[:4]), int(last[:4]) + 1)
        for month in range(1, 13)
        if first <= f"{year:04}-{month:02}" <= last
    ]
    if len(span) <= _MOST_MONTHS:
        bars = tuple(Bar(month_name(month), months[month]) for month in span)
    else:
        years: Counter[str] = Counter()
        for month, count in months.items():
            years[month[:4]] += count
        bars = tuple(Bar(str(year), years[f"{year:04}"]) for year in range(int(first[:4]), int(last[:4]) + 1))
    return Timeline(bars) if len(bars) >= _FEWEST_TIMES else None
