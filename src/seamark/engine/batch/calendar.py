"""The calendar by whole numbers: no dialect's date functions, which differ."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from zoneinfo import ZoneInfo

from sqlglot import exp

from seamark.engine.batch.sql import Sql, case, sql
from seamark.engine.moments import Offsets, as_date, month_length
from seamark.engine.units import DAY, HOUR

CENTURIES = 146_097
"""Days in 400 years, which are whole weeks; counting from so long before 1970 no moment is negative."""
FROM_MARCH = 719_468
"""Days from 1 March of year 0 to 1970."""

_CLOCK = {
    "hour": "wall // hour % 24",
    "weekday": "(wall // day + 3) % 7 + 1",
    # Days of a 400-year cycle, then of a century's four-year cycles, then of a year from 1 March on,
    # whose months' lengths repeat every five (https://onlinelibrary.wiley.com/doi/10.1002/spe.3172).
    "month": "(5 * ((4 * ((4 * (wall // day + from_march) + 3) % 146097 // 4) + 3) % 1461 // 4) + 308) // 153 % 12 + 1",
}


def local_prop(name: str, moment: Sql, zone: ZoneInfo, low: int, high: int) -> Sql:
    """`hour`, `weekday` or `month` of a moment from low to high, as a whole number (`moments.local_hour` …)."""
    known = _offsets(zone, low, high)
    shifted = _offset(known.starts, [offset + CENTURIES * DAY for offset in known.offsets], moment)
    wall = sql("moment + shifted", moment=moment, shifted=shifted)
    return sql(_CLOCK[name], wall=wall, hour=HOUR, day=DAY, from_march=FROM_MARCH)


@lru_cache(maxsize=64)
def _offsets(zone: ZoneInfo, low: int, high: int) -> Offsets:
    return Offsets(zone, low, high)


def _offset(starts: Sequence[int], offsets: Sequence[int], moment: Sql) -> Sql:
    """The offset that holds at the moment, found by halves."""
    if not starts:
        return exp.convert(offsets[0])
    middle = len(starts) // 2
    before = _offset(starts[:middle], offsets[: middle + 1], moment)
    after = _offset(starts[middle + 1 :], offsets[middle + 1 :], moment)
    return case([(sql("moment < start", moment=moment, start=starts[middle]), before)], after)


def months_since(day: Sql, now_day: int) -> Sql:
    """12Δy + Δm − (day₂ < min(day₁, length of month₂)), of dates yyyymmdd (engine.md, rule 5)."""
    now = as_date(now_day)
    return sql(
        "months - (12 * (day // 10000) + day // 100 % 100)"
        " - CASE WHEN date_now < least(day % 100, longest) THEN 1 ELSE 0 END",
        day=day,
        months=12 * now.year + now.month,
        date_now=now.day,
        longest=month_length(now.year, now.month),
    )


def until_anniversary(day: Sql, now_day: int) -> Sql:
    """Microseconds of the whole days to the next anniversary of a date yyyymmdd (engine.md, rule 5)."""
    now = as_date(now_day)
    passed = now.timetuple().tm_yday
    year_length = passed + (as_date(now.year * 10_000 + 1231) - now).days
    ahead = case(
        [(sql("this >= passed", this=_day_of_year(day, now.year), passed=passed), _day_of_year(day, now.year))],
        sql("following + year_length", following=_day_of_year(day, now.year + 1), year_length=year_length),
    )
    return sql("(ahead - passed) * day_length", ahead=ahead, passed=passed, day_length=DAY)


def _day_of_year(day: Sql, year: int) -> Sql:
    """The day of that year on which a date is remembered: 29 Feb on 28 Feb in common years."""
    lengths = [month_length(year, month) for month in range(1, 13)]
    before = [(exp.convert(month + 1), sum(lengths[:month])) for month in range(12)]
    months = case(before, of=sql("day // 100 % 100", day=day))
    dates = case([(sql("day % 10000 = 229", day=day), lengths[1])], sql("day % 100", day=day))
    return sql("months + dates", months=months, dates=dates)
