"""A history moves by whole weeks, so that weekdays and hours stay."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from seamark.engine.moments import as_moment
from seamark.readers.shape import Row
from seamark.readers.shifting import shift_weeks

pytestmark = pytest.mark.covers("C03")

UNTIL = as_moment(datetime(2026, 11, 20, 12, tzinfo=UTC))


def times_shifted(*times: str) -> tuple[list[object], int]:
    shifted = shift_weeks([Row(1, {"occurred_at": time}) for time in times], UNTIL, ZoneInfo("Asia/Taipei"))
    return [row.values["occurred_at"] for row in shifted.rows], shifted.weeks


@pytest.mark.parametrize(
    ("newest", "moved", "weeks"),
    [
        ("2026-11-13T12:00:00Z", "2026-11-20T12:00:00Z", 1),
        ("2026-11-13T12:00:00.000001Z", "2026-11-13T12:00:00.000001Z", 0),
        ("2026-11-20T12:00:01Z", "2026-11-13T12:00:01Z", -1),
        ("2010-12-01 08:26:00", "2026-11-18T00:26:00Z", 833),
    ],
)
def test_the_newest_comes_to_lie_in_the_last_week(newest, moved, weeks):
    assert times_shifted(newest) == ([moved], weeks)


def test_all_move_alike_and_unreadable_times_stay():
    assert times_shifted("2026-11-06T12:00Z", "soon", "2026-11-01T00:00Z") == (
        ["2026-11-20T12:00:00Z", "soon", "2026-11-15T00:00:00Z"],
        2,
    )


def test_nothing_to_move_is_no_error():
    assert shift_weeks([], UNTIL) == ([], 0, None)
