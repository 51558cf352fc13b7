"""Moments, days and zones: whole microseconds since 1970 UTC, and dates as whole numbers yyyymmdd.

The zone is always an argument; nothing here asks what time it is.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

from seamark.engine.errors import Unreadable
from seamark.engine.units import DAY, HOUR, MINUTE, SECOND

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
EARLIEST = -2_208_988_800 * SECOND
"""1900-01-01 UTC: an event before it is set aside, as a slip of the pen."""
LATEST = 7_258_118_400 * SECOND
"""2200-01-01 UTC, exclusive: likewise."""

_ISO = re.compile(
    r"(\d{4})-(\d\d)-(\d\d)"
    r"(?:[T ](\d\d):(\d\d)(?::(\d\d)(?:[.,](\d{1,9}))?)?"
    r"\s?(Z|z|[+-]\d\d(?::?\d\d(?::?\d\d)?)?)?)?",
    re.ASCII,
)
_DAY = re.compile(r"(\d{4}-\d\d-\d\d)(?:[T ].*)?", re.ASCII)


def as_moment(at: datetime) -> int:
    """Microseconds of an aware datetime.

    >>> as_moment(datetime(1970, 1, 2, tzinfo=UTC)) == DAY
    True
    """
    return (at - EPOCH) // timedelta(microseconds=1)


def as_datetime(moment: int, zone: ZoneInfo | None = None) -> datetime:
    """The aware datetime of a moment, in `zone` or UTC."""
    utc = EPOCH + timedelta(microseconds=moment)
    return utc.astimezone(zone) if zone else utc


def moment_text(moment: int, zone: ZoneInfo | None = None) -> str:
    """ISO 8601, with seconds, and microseconds where there are any; UTC ends in Z.

    >>> moment_text(0)
    '1970-01-01T00:00:00Z'
    """
    if zone is not None:
        return as_datetime(moment, zone).isoformat(timespec="auto")
    day, rest = divmod(moment, DAY)
    second, fraction = divmod(rest, SECOND)
    return f"{_date_text(day)}T{_clock_text(second)}{f'.{fraction:06}' if fraction else ''}Z"


@lru_cache(maxsize=4096)
def _date_text(day: int) -> str:
    """The date so many days after 1970 began."""
    return as_datetime(day * DAY).date().isoformat()


@lru_cache(maxsize=DAY // SECOND)
def _clock_text(second: int) -> str:
    return str(time(second // 3600, second // 60 % 60, second % 60))


def parse_moment(text: str, zone: ZoneInfo) -> tuple[int, str]:
    """The moment of an ISO 8601 time, and a note: "", "ambiguous" or "nonexistent".

    A time without offset is local to `zone`: an ambiguous one takes the earlier moment, a
    nonexistent one shifts forward by the gap. A bare date is its first instant. Finer digits than
    microseconds are refused, since two evaluators could round them differently.

    >>> parse_moment("2026-11-20T10:00:00+08:00", ZoneInfo("UTC")) == parse_moment("2026-11-20T02:00Z", ZoneInfo("UTC"))
    True
    >>> parse_moment("2026-10-25 02:30", ZoneInfo("Europe/Berlin"))
    (1792888200000000, 'ambiguous')
    """
    found = _ISO.fullmatch(text.strip())
    if not found:
        raise Unreadable(f"{text!r} is not an ISO 8601 time such as 2026-11-20T10:05:00Z")
    year, month, day, hour, minute, second, fraction, offset = found.groups()
    if fraction and fraction[6:].strip("0"):
        raise Unreadable(f"{text!r} is finer than microseconds")
    try:
        local_day, clock = _date(year, month, day), _clock(hour, minute, second)
    except ValueError as error:
        raise Unreadable(f"{text!r} is not a time: {error}") from None
    clock += int(fraction[:6].ljust(6, "0")) if fraction else 0
    note = ""
    if offset:
        moment = _days(local_day) * DAY + clock - _offset(offset)
    elif hour is None:
        moment = day_start(as_day(local_day), zone)
    elif (begin := even_day(local_day, zone)) is not None:
        moment = begin + clock
    else:
        moment, note = local_moment(datetime.combine(local_day, time()) + timedelta(microseconds=clock), zone)
    if not EARLIEST <= moment < LATEST:
        raise Unreadable(f"{text!r} lies outside 1900 to 2199")
    return moment, note


@lru_cache(maxsize=4096)  # events of one day stand together
def _date(year: str, month: str, day: str) -> date:
    return date(int(year), int(month), int(day))


@lru_cache(maxsize=4096)
def _days(local: date) -> int:
    return (local - EPOCH.date()).days


@lru_cache(maxsize=DAY // SECOND)
def _clock(hour: str | None, minute: str | None, second: str | None) -> int:
    """Microseconds since midnight."""
    clock = time(int(hour or 0), int(minute or 0), int(second or 0))
    return clock.hour * HOUR + clock.minute * MINUTE + clock.second * SECOND


@lru_cache(maxsize=4096)
def even_day(local: date, zone: ZoneInfo) -> int | None:
    """The moment a local day begins; None where clocks change in it, so that its times have several offsets.

    >>> even_day(date(2026, 10, 25), ZoneInfo("Europe/Berlin")) is None
    True
    """
    begin = datetime.combine(local, time(), zone)
    hours = [begin + timedelta(hours=hour) for hour in range(25)]
    offsets = {hour.replace(fold=fold).utcoffset() for hour in hours for fold in (0, 1)}
    return as_moment(begin) if len(offsets) == 1 else None


def local_moment(naive: datetime, zone: ZoneInfo) -> tuple[int, str]:
    """The moment of a wall-clock time, and "", "ambiguous" (earlier taken) or "nonexistent" (shifted)."""
    early, late = naive.replace(tzinfo=zone, fold=0), naive.replace(tzinfo=zone, fold=1)
    first, second = early.utcoffset(), late.utcoffset()
    assert first is not None and second is not None
    moment = as_moment(naive.replace(tzinfo=UTC)) - first // timedelta(microseconds=1)
    if first == second:
        return moment, ""
    return moment, "ambiguous" if first > second else "nonexistent"


@lru_cache(maxsize=1024)
def _offset(written: str) -> int:
    if written in "Zz":
        return 0
    digits = written[1:].replace(":", "").ljust(6, "0")
    hours, minutes, seconds = int(digits[:2]), int(digits[2:4]), int(digits[4:])
    if hours > 23 or minutes > 59 or seconds > 59:
        raise Unreadable(f"{written!r} is not an offset such as +08:00")
    length = hours * HOUR + minutes * MINUTE + seconds * SECOND
    return -length if written[0] == "-" else length


# Days


def as_day(local: date) -> int:
    """A date as yyyymmdd."""
    return local.year * 10_000 + local.month * 100 + local.day


def as_date(day: int) -> date:
    """The date of a yyyymmdd."""
    return date(day // 10_000, day // 100 % 100, day % 100)


def parse_day(text: str) -> int:
    """A date written 2026-11-20 (a time after it is dropped), as yyyymmdd.

    >>> parse_day("2024-02-29")
    20240229
    """
    found = _DAY.fullmatch(text.strip())
    try:
        return as_day(date.fromisoformat(found[1] if found else ""))
    except ValueError:
        raise Unreadable(f"{text!r} is not a date such as 2026-11-20") from None


@lru_cache(maxsize=4096)
def day_start(day: int, zone: ZoneInfo) -> int:
    """The first instant that bears the date in the zone."""
    midnight = datetime.combine(as_date(day), datetime.min.time())
    moment, note = local_moment(midnight, zone)
    if note == "nonexistent":
        # The shifted time lies as far behind the gap's end as midnight lies behind its start.
        return _offset_change(moment - DAY, moment, zone)
    return moment


def today(moment: int, zone: ZoneInfo) -> int:
    """The local date of a moment."""
    return as_day(as_datetime(moment, zone).date())


@lru_cache(maxsize=4096)
def _change_after(day: int, offset: int, zone: ZoneInfo) -> int:
    """The first moment the local date is no longer `day`, for moments of it under this UTC offset."""
    midnight = datetime.combine(as_date(day) + timedelta(days=1), datetime.min.time())
    return as_moment(midnight.replace(tzinfo=UTC)) - offset


def next_date_change(moment: int, zone: ZoneInfo) -> int:
    """The first moment after this one at which the local date is another one.

    Clocks set back across midnight change the date twice; both changes are found.
    """
    local = as_datetime(moment, zone)
    day, offset = as_day(local.date()), _utc_offset(local)
    change = _change_after(day, offset, zone)
    while _utc_offset(as_datetime(change - 1, zone)) != offset or today(change, zone) == day:
        # A clock change lies between; step over it and look again.
        moment = _offset_change(moment, change, zone)
        local = as_datetime(moment, zone)
        if as_day(local.date()) != day:
            return moment
        offset = _utc_offset(local)
        change = _change_after(day, offset, zone)
    return change


def _utc_offset(local: datetime) -> int:
    offset = local.utcoffset()
    assert offset is not None
    return offset // timedelta(microseconds=1)


def _offset_change(low: int, high: int, zone: ZoneInfo) -> int:
    """The first moment in (low, high] whose UTC offset differs from that of `low`."""
    before = _utc_offset(as_datetime(low, zone))
    low_second, high_second = low // SECOND, -(-high // SECOND)
    while high_second - low_second > 1:
        middle = (low_second + high_second) // 2
        if _utc_offset(as_datetime(middle * SECOND, zone)) == before:
            low_second = middle
        else:
            high_second = middle
    return high_second * SECOND


class Offsets:
    """The UTC offsets of a zone over a span, as a short list: for evaluators that cannot ask a zone."""

    def __init__(self, zone: ZoneInfo, low: int, high: int) -> None:
        self.starts: list[int] = []
        """Moments from which `offsets[i + 1]` holds; `offsets[0]` holds before the first."""
        self.offsets: list[int] = [_utc_offset(as_datetime(low, zone))]
        for start, offset in _changes(zone, low, high):
            self.starts.append(start)
            self.offsets.append(offset)

    def at(self, moment: int) -> int:
        """The offset in microseconds to be added to UTC."""
        return self.offsets[bisect_right(self.starts, moment)]


def _changes(zone: ZoneInfo, low: int, high: int) -> Iterator[tuple[int, int]]:
    step = DAY
    while low < high:
        ahead = min(low + step, high)
        before, after = (_utc_offset(as_datetime(moment, zone)) for moment in (low, ahead))
        if before != after:
            change = _offset_change(low, ahead, zone)
            yield change, _utc_offset(as_datetime(change, zone))
            low = change
        else:
            low = ahead


def local_hour(moment: int, offset: int) -> int:
    """0 to 23."""
    return (moment + offset) // HOUR % 24


def local_weekday(moment: int, offset: int) -> int:
    """1 Monday to 7 Sunday; 1970-01-01 was a Thursday."""
    return ((moment + offset) // DAY + 3) % 7 + 1


def local_month(moment: int, offset: int) -> int:
    """1 to 12."""
    return as_datetime(moment + offset).month


# Figures of the calendar


def month_length(year: int, month: int) -> int:
    """28 to 31."""
    following = date(year + month // 12, month % 12 + 1, 1)
    return (following - date(year, month, 1)).days


def months_since(day: int, now_day: int) -> int:
    """Whole months from one date to another: 12Δy + Δm − (day₂ < min(day₁, length of month₂)).

    >>> months_since(20260131, 20260228), months_since(20260131, 20260227)
    (1, 0)
    """
    (year, month, date_of), (year_now, month_now, date_now) = _split(day), _split(now_day)
    whole = 12 * (year_now - year) + month_now - month
    return whole - (date_now < min(date_of, month_length(year_now, month_now)))


def until_anniversary(day: int, now_day: int) -> int:
    """Whole days to the next anniversary, 0 on the day; 29 Feb falls on 28 Feb in common years.

    >>> until_anniversary(20240229, 20260225), until_anniversary(20240301, 20260302)
    (3, 364)
    """
    now_date = as_date(now_day)
    for year in (now_date.year, now_date.year + 1):
        days = (anniversary(day, year) - now_date).days
        if days >= 0:
            return days
    raise AssertionError("next year's anniversary always lies ahead")


def anniversary(day: int, year: int) -> date:
    """The date on which the day is remembered in a year."""
    _, month, date_of = _split(day)
    return date(year, month, min(date_of, month_length(year, month)))


def _split(day: int) -> tuple[int, int, int]:
    return day // 10_000, day // 100 % 100, day % 100
