"""When the figures of the calendar can next cross a bound: months since a date, days to an anniversary."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

from seamark.engine.moments import anniversary, as_date, as_day, day_start, month_length, next_date_change, today

YEARS_AHEAD = 9
"""A year without 29 Feb can follow another for at most eight years (1896 to 1904), so that every way
an anniversary can fall is seen within nine."""


def month_edges(day: int | None, bounds: Iterable[int], moment: int, zone: ZoneInfo) -> list[int]:
    """The moments after this one at which whole months since `day` reach one of the bounds."""
    if day is None:
        return []
    year, month, date_of = day // 10_000, day // 100 % 100, day % 100
    days = []
    for bound in bounds:
        reached_year, reached_month = divmod(year * 12 + month - 1 + bound, 12)
        if 1 <= reached_year < 9999:
            reached_month += 1
            days.append(date(reached_year, reached_month, min(date_of, month_length(reached_year, reached_month))))
    return _starts(days, moment, zone)


def anniversary_edges(day: int | None, bounds: Iterable[int], moment: int, zone: ZoneInfo) -> list[int]:
    """The moments after this one at which the days to the next anniversary pass one of the bounds."""
    if day is None:
        return []
    now = as_date(today(moment, zone))
    days = set()
    for year in range(now.year, min(now.year + YEARS_AHEAD, 9999)):
        falls = anniversary(day, year)
        days |= {falls, falls + timedelta(days=1)} | {
            falls - timedelta(days=bound) for bound in bounds if 0 <= bound < 400
        }
    return _starts(days, moment, zone)


def _starts(days: Iterable[date], moment: int, zone: ZoneInfo) -> list[int]:
    """When the days begin, after `moment`; with the changes behind each, as clocks set back may repeat a date."""
    return sorted({edge for each in days for edge in _changes(as_day(each), zone) if edge > moment})


@lru_cache(maxsize=8192)  # as many days as all anniversaries within the years ahead fall on, twice
def _changes(day: int, zone: ZoneInfo) -> tuple[int, ...]:
    start = day_start(day, zone)
    back = next_date_change(start, zone)
    if today(back, zone) < day:
        return start, back, next_date_change(back, zone)
    return (start,)
