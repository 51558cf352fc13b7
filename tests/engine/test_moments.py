"""Moments, days and zones: clocks set forward and back, and figures of the calendar."""

import calendar
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from seamark.engine.errors import Unreadable
from seamark.engine.moments import (
    Offsets,
    as_date,
    as_datetime,
    as_day,
    as_moment,
    day_start,
    local_hour,
    local_moment,
    local_month,
    local_weekday,
    moment_text,
    months_since,
    next_date_change,
    parse_day,
    parse_moment,
    today,
    until_anniversary,
)
from seamark.engine.units import DAY, HOUR, MINUTE

SHANGHAI = ZoneInfo("Asia/Shanghai")
BERLIN = ZoneInfo("Europe/Berlin")

ZONES = st.sampled_from(
    "UTC Asia/Shanghai Europe/Berlin America/Sao_Paulo America/St_Johns Asia/Beirut Pacific/Apia Asia/Kathmandu "
    "Africa/Casablanca Australia/Lord_Howe".split()
).map(ZoneInfo)
MOMENTS = st.datetimes(datetime(1901, 1, 1), datetime(2199, 12, 30), timezones=st.just(UTC)).map(as_moment)
ANY_DATES = st.dates(date(1900, 1, 1), date(2199, 12, 31))
DATES = ANY_DATES | ANY_DATES.map(lambda day: day.replace(day=calendar.monthrange(day.year, day.month)[1]))

CLOCK_CHANGES = [
    ("America/Sao_Paulo", "2017-10-15"),  # 00:00 becomes 01:00
    ("America/Sao_Paulo", "2018-02-18"),  # 00:00 becomes 23:00 of the day before
    ("America/St_Johns", "2010-11-07"),  # 00:01 becomes 23:01 of the day before
    ("Asia/Beirut", "2022-03-27"),  # 00:00 becomes 01:00
    ("Pacific/Apia", "2011-12-30"),  # the whole day is left out
    ("America/Havana", "2024-11-03"),  # 01:00 becomes 00:00
    ("America/Toronto", "1919-03-31"),  # 23:30 of the day before becomes 00:30
    ("Europe/Berlin", "2026-10-25"),  # far from midnight
    ("Europe/Berlin", "2026-03-29"),
]


def utc(text: str) -> int:
    return as_moment(datetime.fromisoformat(text).replace(tzinfo=UTC))


# Days and their edges


@pytest.mark.parametrize(
    ("zone", "day", "first_instant"),
    [
        ("America/Sao_Paulo", 20171015, "2017-10-15T03:00"),
        ("America/St_Johns", 20101107, "2010-11-07T02:30"),
        ("Asia/Beirut", 20220327, "2022-03-26T22:00"),
        ("Pacific/Apia", 20111229, "2011-12-29T10:00"),
        ("Pacific/Apia", 20111231, "2011-12-30T10:00"),
        ("America/Havana", 20241103, "2024-11-03T04:00"),
        ("America/Toronto", 19190331, "1919-03-31T04:30"),
        ("Asia/Shanghai", 20261120, "2026-11-19T16:00"),
    ],
)
def test_a_day_begins_at_the_first_instant_that_bears_its_date(zone, day, first_instant):
    assert day_start(day, ZoneInfo(zone)) == utc(first_instant)


@pytest.mark.parametrize(("zone", "day"), CLOCK_CHANGES)
def test_nothing_before_its_start_bears_the_date(zone, day):
    here, start = ZoneInfo(zone), day_start(parse_day(day), ZoneInfo(zone))
    assert today(start, here) >= parse_day(day) > max(today(start - back * MINUTE, here) for back in range(1, 2_000))


def test_a_day_that_was_left_out_begins_where_the_next_one_does():
    apia = ZoneInfo("Pacific/Apia")
    assert day_start(20111230, apia) == day_start(20111231, apia)


@pytest.mark.parametrize(("zone", "day"), CLOCK_CHANGES)
def test_the_next_change_of_date_is_the_one_a_scan_finds(zone, day):
    here = ZoneInfo(zone)
    minutes = [utc(day) + count * MINUTE for count in range(-2 * 1440, 4 * 1440)]
    dates = [today(minute, here) for minute in minutes]
    changes = [place for place in range(1, len(dates)) if dates[place] != dates[place - 1]]
    for place in (*range(0, changes[-1], 11), *(change - 1 for change in changes)):
        scanned = minutes[next(change for change in changes if change > place)]
        assert next_date_change(minutes[place], here) == scanned


@pytest.mark.parametrize(("zone", "day"), CLOCK_CHANGES)
def test_the_date_changes_on_the_very_microsecond(zone, day):
    here = ZoneInfo(zone)
    change = next_date_change(utc(day) - DAY, here)
    assert (next_date_change(change - 1, here), today(change - 1, here) != today(change, here)) == (change, True)


def test_clocks_set_back_across_midnight_change_the_date_three_times():
    zone, moment, seen = ZoneInfo("America/St_Johns"), utc("2010-11-06T12:00"), []
    for _ in range(3):
        moment = next_date_change(moment, zone)
        seen.append(today(moment, zone))
    assert seen == [20101107, 20101106, 20101107]


@given(MOMENTS, ZONES)
def test_the_date_holds_until_the_next_change(moment, zone):
    change = next_date_change(moment, zone)
    assert moment < change
    assert today(moment, zone) == today(change - 1, zone) != today(change, zone)


@given(DATES)
def test_a_day_is_a_date_written_as_a_whole_number(local):
    assert as_date(as_day(local)) == local


# Clocks on the wall


@pytest.mark.parametrize(
    ("wall", "moment", "note"),
    [
        ("2026-07-01 12:00", "2026-07-01T10:00", ""),
        ("2026-10-25 02:30", "2026-10-25T00:30", "ambiguous"),
        ("2026-03-29 02:30", "2026-03-29T01:30", "nonexistent"),
        ("2026-03-29 03:00", "2026-03-29T01:00", ""),
    ],
)
def test_ambiguous_times_take_the_earlier_moment_and_nonexistent_ones_shift(wall, moment, note):
    assert local_moment(datetime.fromisoformat(wall), BERLIN) == (utc(moment), note)


@given(MOMENTS, ZONES)
def test_a_wall_clock_time_leads_back_to_its_moment(moment, zone):
    found, note = local_moment(as_datetime(moment, zone).replace(tzinfo=None), zone)
    assert found == moment or note == "ambiguous"


@given(MOMENTS, ZONES)
def test_local_hour_weekday_and_month_are_those_of_the_clock_on_the_wall(moment, zone):
    local = as_datetime(moment, zone)
    shift = local.utcoffset() // timedelta(microseconds=1)
    read = local_hour(moment, shift), local_weekday(moment, shift), local_month(moment, shift)
    assert read == (local.hour, local.isoweekday(), local.month)


@pytest.mark.parametrize("name", ["America/Sao_Paulo", "Pacific/Apia", "Europe/Berlin", "UTC"])
def test_offsets_of_a_span_are_those_of_the_zone(name):
    zone, low, high = ZoneInfo(name), utc("2009-01-01T00:00"), utc("2013-01-01T00:00")
    offsets = Offsets(zone, low, high)
    for moment in (*range(low, high, 7 * HOUR), *(start + step for start in offsets.starts for step in (-1, 0))):
        assert offsets.at(moment) == as_datetime(moment, zone).utcoffset() // timedelta(microseconds=1)


# Written times


@pytest.mark.parametrize(
    "written",
    [
        "2026-11-20T10:05:00Z",
        "2026-11-20 18:05",
        "2026-11-20T18:05:00.000000+08:00",
        "2026-11-20T18:05:00,000000000",
        "2026-11-20T05:05:00 -0500",
        "2026-11-20T11:05+01",
        "2026-11-20T18:10:43+08:05:43",
    ],
)
def test_reads_iso_8601(written):
    assert parse_moment(written, SHANGHAI) == (utc("2026-11-20T10:05"), "")


def test_a_bare_date_is_its_first_instant():
    assert parse_moment("2017-10-15", ZoneInfo("America/Sao_Paulo")) == (utc("2017-10-15T03:00"), "")


@pytest.mark.parametrize(
    ("written", "reason"),
    [
        ("yesterday", "not an ISO 8601 time"),
        ("20/11/2026", "not an ISO 8601 time"),
        ("２０２６-11-20", "not an ISO 8601 time"),
        ("2026-11-20T10:05:00 CET", "not an ISO 8601 time"),
        ("2026-02-30", "not a time"),
        ("2026-11-20 24:00", "not a time"),
        ("2026-11-20T10:05:00.0000001Z", "finer than microseconds"),
        ("2026-11-20T10:05+25:00", "not an offset"),
        ("1899-12-31T23:59:59Z", "outside 1900 to 2199"),
        ("0001-01-01", "outside 1900 to 2199"),
        ("2200-01-01T00:00Z", "outside 1900 to 2199"),
        ("9999-12-31", "outside 1900 to 2199"),
    ],
)
def test_refuses_other_times_with_the_reason(written, reason):
    with pytest.raises(Unreadable, match=reason):
        parse_moment(written, SHANGHAI)


@given(MOMENTS, ZONES)
def test_a_moment_reads_back_from_its_text(moment, zone):
    assert parse_moment(moment_text(moment), zone) == parse_moment(moment_text(moment, zone), zone) == (moment, "")


@pytest.mark.parametrize("written", ["2024-02-29", " 2024-02-29 ", "2024-02-29T10:00:00Z", "2024-02-29 10:00"])
def test_reads_a_date_and_drops_the_time_after_it(written):
    assert parse_day(written) == 20240229


@pytest.mark.parametrize("written", ["", "2023-02-29", "20240229", "2024-W09-4", "2024-02-299", "29.2.2024"])
def test_refuses_what_is_no_date(written):
    with pytest.raises(Unreadable, match="not a date"):
        parse_day(written)


# Figures of the calendar


def months_later(day: date, months: int) -> date:
    """The same day of the month so many months on, or that month's last day."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month + 1, min(day.day, calendar.monthrange(year, month + 1)[1]))


@pytest.mark.covers("A11")
@given(DATES, DATES)
def test_months_since_counts_the_months_that_are_full(day, now):
    about = 12 * (now.year - day.year) + now.month - day.month
    full = max(months for months in range(about - 2, about + 2) if months_later(day, months) <= now)
    assert months_since(as_day(day), as_day(now)) == full


@given(DATES, DATES)
def test_until_anniversary_counts_the_days_to_the_next_one(day, now):
    def is_anniversary(when: date) -> bool:
        born_on_leap_day = (day.month, day.day) == (2, 29) and not calendar.isleap(when.year)
        return (when.month, when.day) == ((2, 28) if born_on_leap_day else (day.month, day.day))

    days = next(days for days in range(367) if is_anniversary(now + timedelta(days=days)))
    assert until_anniversary(as_day(day), as_day(now)) == days


@pytest.mark.parametrize(
    ("zone", "day"),
    [
        ("Europe/Berlin", (2026, 3, 29)),
        ("Europe/Berlin", (2026, 10, 25)),
        ("Australia/Lord_Howe", (2026, 4, 5)),  # by half an hour
        ("America/Sao_Paulo", (2018, 11, 4)),  # at midnight
        ("America/Sao_Paulo", (2018, 2, 17)),  # at the next midnight
        ("Pacific/Apia", (2011, 12, 30)),  # left out
        ("Asia/Shanghai", (2026, 11, 20)),
    ],
)
def test_times_of_a_day_read_the_same_one_by_one_and_from_its_begin(zone, day):
    for minutes in range(-24 * 60, 48 * 60, 15):
        naive = datetime(*day) + timedelta(minutes=minutes)
        assert parse_moment(naive.isoformat(), ZoneInfo(zone)) == local_moment(naive, ZoneInfo(zone))
