"""Durations and numbers: read, written, refused."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from seamark.engine.errors import Unreadable
from seamark.engine.units import DAY, HOUR, LARGEST, LONGEST, SECOND, duration, duration_text, number, number_text


@pytest.mark.parametrize(
    ("written", "seconds"),
    [("1s", 1), ("10m", 600), ("24h", 86_400), ("3d", 259_200), ("2w", 1_209_600), ("1_000s", 1_000), ("1_h", 3_600)],
)
def test_units_are_seconds_minutes_hours_days_and_weeks(written, seconds):
    assert duration(written) == seconds * SECOND


@pytest.mark.parametrize("written", ["", "24", "h", "1.5h", "-1h", "1 h", "1M", "3months", "1h30m", "١h"])
def test_refuses_what_is_no_duration(written):
    with pytest.raises(Unreadable, match="not a duration"):
        duration(written)


def test_the_longest_duration_is_a_thousand_years():
    assert duration("365_000d") == LONGEST


@pytest.mark.parametrize("written", ["365_001d", "8_760_001h", "9" * 5_000 + "s"])
def test_refuses_durations_beyond_a_thousand_years(written):
    with pytest.raises(Unreadable, match="longer than a thousand years"):
        duration(written)


@given(st.integers(0, LONGEST // SECOND))
def test_a_duration_reads_back(seconds):
    assert duration(duration_text(seconds * SECOND)) == seconds * SECOND


@pytest.mark.parametrize(
    ("length", "written"), [(DAY, "24h"), (2 * DAY, "2d"), (90 * DAY, "90d"), (36 * HOUR, "36h"), (90 * SECOND, "90s")]
)
def test_durations_are_written_as_people_say_them(length, written):
    assert duration_text(length) == written


def test_there_is_no_text_for_parts_of_a_second():
    with pytest.raises(ValueError, match="whole number of seconds"):
        duration_text(SECOND + 1)


@pytest.mark.parametrize(
    ("written", "scaled"),
    [
        ("0", 0),
        ("500_000", 5_000_000_000),
        ("+2.5", 25_000),
        ("-.0001", -1),
        ("1.50000000", 15_000),
        ("1.5e3", 15_000_000),
        (" 7 ", 70_000),
        (7, 70_000),
        (0.1, 1_000),
        (1e3, 10_000_000),
        (Decimal("12.34"), 123_400),
        ("99999999999999.9999", LARGEST),
    ],
)
def test_numbers_are_whole_ten_thousandths(written, scaled):
    assert number(written) == scaled


@pytest.mark.parametrize(
    ("written", "reason"),
    [
        ("", "not a number"),
        ("1,000", "not a number"),
        ("1.", "not a number"),
        ("ten", "not a number"),
        ("0x10", "not a number"),
        ("NaN", "not a number"),
        (float("inf"), "not a number"),
        (True, "not a number"),
        ("1.00001", "finer than four decimals"),
        (0.1 + 0.2, "finer than four decimals"),
        ("1." + "0" * 60 + "1", "finer than four decimals"),
        ("1e-999", "finer than four decimals"),
        ("100000000000000", "more than 14 digits"),
        ("1e999", "more than 14 digits"),
        ("9" * 10_000, "more than 14 digits"),
    ],
)
def test_refuses_what_a_number_cannot_hold(written, reason):
    with pytest.raises(Unreadable, match=reason):
        number(written)


@given(st.integers(-LARGEST, LARGEST))
def test_a_number_reads_back(scaled):
    assert number(number_text(scaled)) == scaled


@given(st.decimals(min_value=-(10**9), max_value=10**9, places=4))
def test_agrees_with_decimal_arithmetic(amount):
    assert number(amount) == amount * 10_000
