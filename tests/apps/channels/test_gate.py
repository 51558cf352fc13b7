"""The gate, at the edge of each of its decisions."""

from dataclasses import replace
from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest

from seamark.apps.channels.gate import Facts, Held, Pass, QuietHours, Refused, decide
from seamark.apps.channels.reasons import Reason

pytestmark = pytest.mark.covers("B08")

NOON = datetime(2026, 11, 26, 12, tzinfo=UTC)
TICK = timedelta(microseconds=1)
DAY = timedelta(days=1)

AUTOMATIC = Facts(
    now=NOON,
    zone=ZoneInfo("UTC"),
    is_marketing=True,
    is_template=False,
    is_automatic=True,
    is_answer=False,
    channel_is_open=True,
    channel_is_stopped=False,
    wants_messages=None,
    wants_marketing=True,
    needs_consent=True,
    window=DAY,
    last_received_at=NOON,
    pushes=(),
    a_week=5,
    own_a_week=None,
    is_passive=False,
    quiet_hours=QuietHours(time(21, 30), time(9)),
)
MEMBERS = replace(AUTOMATIC, is_automatic=False, is_marketing=False)


def verdict(facts, **changes):
    return decide(replace(facts, **changes))


def ago(*spans):
    return tuple(NOON - span for span in spans)


def test_what_breaks_nothing_passes():
    assert decide(AUTOMATIC) == decide(MEMBERS) == Pass()


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"channel_is_open": False}, Reason.CHANNEL_CLOSED),
        ({"wants_messages": False}, Reason.REFUSED_ALL),
        ({"wants_marketing": False}, Reason.OPTED_OUT),
        ({"own_a_week": 0}, Reason.OPTED_OUT),
        ({"wants_marketing": None}, Reason.NO_CONSENT),
        ({"last_received_at": None}, Reason.WINDOW_CLOSED),
    ],
)
def test_refusals(changes, reason):
    assert verdict(AUTOMATIC, **changes) == Refused(reason)


def test_not_knowing_counts_as_no_only_where_the_platform_says_so():
    assert verdict(AUTOMATIC, wants_marketing=None, needs_consent=False) == Pass()


@pytest.mark.covers("D01")
@pytest.mark.parametrize("facts", [AUTOMATIC, MEMBERS])
def test_the_window_closes_exactly_a_day_after_the_last_message(facts):
    assert verdict(facts, last_received_at=NOON - DAY + TICK) == Pass()
    assert verdict(facts, last_received_at=NOON - DAY) == Refused(Reason.WINDOW_CLOSED)


@pytest.mark.covers("D01")
def test_templates_need_no_window():
    assert verdict(AUTOMATIC, last_received_at=None, is_template=True) == Pass()


def test_a_members_marketing_respects_an_opt_out():
    assert verdict(MEMBERS, wants_marketing=False) == Pass()
    assert verdict(MEMBERS, wants_marketing=False, is_marketing=True) == Refused(Reason.OPTED_OUT)


def test_members_mind_neither_night_nor_frequency():
    busy = {"now": NOON.replace(hour=23), "pushes": ago(*[TICK] * 9), "is_passive": True, "is_marketing": True}
    assert verdict(MEMBERS, **busy) == Pass()


def test_a_stopped_channel_holds_until_somebody_has_looked():
    assert verdict(MEMBERS, channel_is_stopped=True) == Held(None, Reason.CHANNEL_STOPPED)


@pytest.mark.parametrize(
    ("clock", "until"),
    [
        (time(21, 29, 59, 999999), None),
        (time(21, 30), NOON.replace(hour=9) + DAY),
        (time(0), NOON.replace(hour=9)),
        (time(8, 59, 59, 999999), NOON.replace(hour=9)),
        (time(9), None),
    ],
)
def test_quiet_hours_begin_and_end_to_the_microsecond(clock, until):
    now = datetime.combine(NOON.date(), clock, UTC)
    expected = Held(until, Reason.QUIET_HOURS) if until else Pass()
    assert verdict(AUTOMATIC, now=now, last_received_at=now) == expected


def test_quiet_hours_go_by_the_contacts_clock():
    # 12:00 UTC is 21:30 in Adelaide, in its summer.
    until = datetime(2026, 11, 26, 22, 30, tzinfo=UTC)
    assert verdict(AUTOMATIC, zone=ZoneInfo("Australia/Adelaide")) == Held(until, Reason.QUIET_HOURS)


def test_an_answer_goes_out_at_night():
    night = {"now": NOON.replace(hour=23), "is_marketing": False}
    assert verdict(AUTOMATIC, **night, is_answer=True) == Pass()
    assert isinstance(verdict(AUTOMATIC, **night, is_answer=False), Held)


def test_quiet_hours_that_end_in_an_hour_shown_twice_end():
    # In Berlin on 25 October 2026, 02:15 comes at 00:15 UTC and again at 01:15 UTC.
    quiet = QuietHours(time(22), time(2, 30))
    twice = [datetime(2026, 10, 25, hour, 15, tzinfo=UTC) for hour in (0, 1)]
    assert [quiet.over_at(each, ZoneInfo("Europe/Berlin")) for each in twice] == [
        each + timedelta(minutes=15) for each in twice
    ]


def test_the_sixth_push_of_a_week_waits_for_the_first_to_be_a_week_old():
    first = 7 * DAY - TICK
    pushes = ago(*[hour * timedelta(hours=24) + TICK for hour in range(1, 5)], first)
    assert verdict(AUTOMATIC, pushes=pushes) == Held(NOON + TICK, Reason.FREQUENCY)
    assert verdict(AUTOMATIC, pushes=(*pushes[:4], NOON - 7 * DAY)) == Pass()


def test_one_who_accepts_two_a_week_gets_one_every_three_and_a_half_days():
    assert verdict(AUTOMATIC, own_a_week=2, pushes=ago(3.5 * DAY)) == Pass()
    held = Held(NOON + TICK, Reason.FREQUENCY)
    assert verdict(AUTOMATIC, own_a_week=2, pushes=ago(3.5 * DAY - TICK)) == held


def test_one_who_will_write_when_in_need_gets_one_a_month():
    assert verdict(AUTOMATIC, is_passive=True) == Pass()
    assert verdict(AUTOMATIC, is_passive=True, pushes=ago(30 * DAY)) == Pass()
    held = Held(NOON + DAY, Reason.PASSIVE)
    assert verdict(AUTOMATIC, is_passive=True, pushes=ago(29 * DAY)) == held


def test_frequency_is_about_marketing_alone():
    assert verdict(AUTOMATIC, is_marketing=False, pushes=ago(*[DAY] * 5)) == Pass()


def test_until_is_when_no_rule_holds_it_any_more():
    # The week is over at 23:00, which is night: so it is nine in the morning, and the first reason is told.
    pushes = ago(*[7 * DAY - timedelta(hours=11)] * 5)
    assert verdict(AUTOMATIC, pushes=pushes) == Held(NOON.replace(hour=9) + DAY, Reason.FREQUENCY)
