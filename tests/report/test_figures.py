"""Figures against what is counted by hand."""

from __future__ import annotations

from collections import Counter

from seamark.engine.units import HOUR, MINUTE
from seamark.report.figures import (
    MOST_WEEKS,
    WEEK,
    Waiting,
    contacts_weekly,
    held_weekly,
    known_weekly,
    responses,
    rfm,
    week_ends,
)
from tests.report.conftest import RFM, MakeSubject, moment

NOW = "2026-03-16T00:00:00Z"  # a Monday


def test_weeks_reach_back_to_the_first_event(subject: MakeSubject) -> None:
    found = subject("ann,2026-03-08T00:00:00Z,message.received", now=NOW)
    assert week_ends(found) == [moment("2026-03-09T00:00:00Z"), moment(NOW)]


def test_weeks_end_somewhere(subject: MakeSubject) -> None:
    found = subject("ann,2020-01-01T00:00:00Z,message.received", now=NOW)
    assert len(week_ends(found)) == MOST_WEEKS


def test_tags_are_counted_at_the_end_of_each_week_among_those_known_by_then(subject: MakeSubject) -> None:
    found = subject(
        "ann,2026-03-08T00:00:00Z,message.received",
        "bob,2026-03-14T00:00:00Z,message.received",
        "cyd,2026-03-01T00:00:00Z,message.received",
        now=NOW,
    )
    ends = week_ends(found)
    held = held_weekly(found, ends)
    assert (held["activity/high"], held["activity/dormant"]) == ([1, 1, 1], [0, 1, 2])
    assert known_weekly(found, ends) == [1, 2, 3]


def test_a_week_has_its_end_and_not_its_beginning(subject: MakeSubject) -> None:
    found = subject(
        "ann,2026-03-09T00:00:00Z,order.placed",
        "dan,2026-03-09T00:00:00.000001Z,order.placed",
        "bob,2026-03-16T00:00:00Z,order.placed",
        "cyd,2026-03-16T00:00:00.000001Z,order.placed",
        now=NOW,
    )
    assert contacts_weekly(found, [moment(NOW) - WEEK, moment(NOW)], "order.placed") == [1, 2]


def test_a_first_response_is_from_the_first_message_to_our_next(subject: MakeSubject) -> None:
    found = subject(
        "ann,2026-03-10T09:00:00Z,message.received",
        "ann,2026-03-10T09:05:00Z,message.received",
        "ann,2026-03-10T09:10:00Z,message.sent",
        "ann,2026-03-10T09:20:00Z,message.sent",
        "ann,2026-03-10T10:00:00Z,message.received",
        "ann,2026-03-10T10:30:00Z,message.sent",
        "bob,2026-03-10T11:00:00Z,message.received",
        now=NOW,
    )
    answers = responses(found, week_ends(found))
    assert (answers.median, answers.answered) == (20 * MINUTE, 2)
    assert answers.cells == {(1, 9): (10 * MINUTE, 1), (1, 10): (30 * MINUTE, 1)}
    assert answers.waiting == [Waiting("bob", moment("2026-03-10T11:00:00Z"))]


def test_hours_are_local_on_both_sides_of_a_clock_change(subject: MakeSubject) -> None:
    found = subject(
        "ann,2026-03-28T09:00:00Z,message.received",
        "ann,2026-03-28T10:00:00Z,message.sent",
        "ann,2026-03-29T09:00:00Z,message.received",
        "ann,2026-03-29T11:00:00Z,message.sent",
        now="2026-03-30T00:00:00Z",
        zone="Europe/Berlin",
    )
    assert responses(found, week_ends(found)).cells == {(5, 10): (HOUR, 1), (6, 11): (2 * HOUR, 1)}


def test_what_comes_later_than_now_has_not_happened(subject: MakeSubject) -> None:
    found = subject("ann,2026-03-15T09:00:00Z,message.received", "ann,2026-03-16T09:00:00Z,message.sent", now=NOW)
    answers = responses(found, week_ends(found))
    assert (answers.median, answers.waiting_count) == (None, 1)


def test_the_grid_counts_contacts_by_spend(subject: MakeSubject) -> None:
    found = subject(
        "ann,2026-03-10T00:00:00Z,order.placed,100",
        "bob,2026-03-10T00:00:00Z,order.placed,5",
        "cyd,2026-01-01T00:00:00Z,order.placed,60",
        "cyd,2026-01-02T00:00:00Z,order.placed,60",
        "dan,2026-01-02T00:00:00Z,message.received",
        now=NOW,
        rulebook=RFM,
    )
    grid = rfm(found)
    assert grid is not None
    assert grid.cells == {
        ("recency/recent", "frequency/seldom"): Counter({"monetary/high": 1, "monetary/usual": 1}),
        ("recency/lapsed", "frequency/often"): Counter({"monetary/high": 1}),
        ("recency/never", "frequency/seldom"): Counter({"monetary/usual": 1}),
    }


def test_a_rulebook_without_the_groups_has_no_grid(subject: MakeSubject) -> None:
    assert rfm(subject("ann,2026-03-10T00:00:00Z,order.placed", now=NOW)) is None
