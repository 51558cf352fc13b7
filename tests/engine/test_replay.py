"""Timelines, driven from edge to edge."""

from __future__ import annotations

from zoneinfo import ZoneInfo

import pytest

from seamark.engine.events import Event
from seamark.engine.online import Online
from seamark.engine.plan import plan_rulebook
from seamark.engine.replay import History, Span, held_at, replay, timeline
from seamark.engine.rulebook import load_rulebook
from seamark.engine.units import DAY, HOUR

UTC = ZoneInfo("UTC")
START = 1_790_000_000_000_000

ACTIVITY = """
rulebook: small
groups:
  activity:
    kind: level
    tags:
      high: {when: last(message.received) within 24h}
      medium: {when: last(message.received) within 3d}
      dormant: {otherwise: true}
  city:
    kind: set
    tags:
      paris: {when: contact.city = "Paris"}
  vip:
    kind: set
    tags:
      vip: {by_hand: true}
"""


def wrote(at: int) -> Event:
    return Event("ann", at, "message.received", {})


def spans_of(*events: Event, end: int, fields: dict[str, str] | None = None, rulebook: str = ACTIVITY) -> list[Span]:
    online = Online(plan_rulebook(load_rulebook(rulebook)), UTC)
    return timeline(online, History("ann", events, fields or {}), START - 1, end)


@pytest.mark.covers("A02", "G05")
def test_a_tier_falls_by_itself_to_the_microsecond() -> None:
    assert spans_of(wrote(START), end=START + 10 * DAY) == [
        Span("ann", "activity/dormant", None, START),
        Span("ann", "activity/high", START, START + DAY),
        Span("ann", "activity/medium", START + DAY, START + 3 * DAY),
        Span("ann", "activity/dormant", START + 3 * DAY, None),
    ]


def test_a_reply_before_the_edge_keeps_the_tier() -> None:
    spans = spans_of(wrote(START), wrote(START + DAY), end=START + DAY)
    assert Span("ann", "activity/high", START, None) in spans


def test_nothing_behind_the_end_is_told() -> None:
    spans = spans_of(wrote(START), wrote(START + 2 * DAY), end=START + DAY - 1)
    assert [span.tag for span in spans] == ["activity/dormant", "activity/high"]


def test_events_at_one_instant_make_one_edge() -> None:
    cleared = Event("ann", START, "tag.cleared", {"tag": "vip/vip"}, seq=2)
    was_set = Event("ann", START, "tag.set", {"tag": "vip/vip"}, seq=1)
    assert not [span for span in spans_of(was_set, cleared, end=START + HOUR) if span.tag == "vip/vip"]


def test_before_its_earliest_change_a_field_had_the_old_value() -> None:
    moved = Event("ann", START, "field.changed", {"field": "city", "old": "Paris", "new": "Rome"})
    spans = spans_of(moved, end=START + DAY, fields={"city": "Rome"})
    assert Span("ann", "city/paris", None, START) in spans


def test_held_at_counts_the_first_moment_and_not_the_last() -> None:
    spans = [Span("ann", "a/b", 10, 20)]
    assert [held_at(spans, moment) for moment in (9, 10, 19, 20)] == [set(), {"a/b"}, {"a/b"}, set()]


def test_many_processes_tell_what_one_tells() -> None:
    plan = plan_rulebook(load_rulebook(ACTIVITY))
    histories = [History(f"c{place}", [wrote(START + place % 24 * HOUR)], {}) for place in range(1_100)]
    alone = list(replay(plan, UTC, histories, START - 1, START + 9 * DAY))
    assert [len(parcel) for parcel in alone] == [2_000, 2_000, 400]
    assert list(replay(plan, UTC, histories, START - 1, START + 9 * DAY, processes=2)) == alone


def test_counts_added_up_fall_to_the_microsecond() -> None:
    rulebook = """
rulebook: small
groups: {g: {kind: set, tags: {busy: {when: count(message.received) over 2d + count(link.clicked) over 1d >= 2}}}}
"""
    clicked = Event("ann", START + HOUR, "link.clicked", {})
    assert spans_of(wrote(START), clicked, end=START + 9 * DAY, rulebook=rulebook) == [
        Span("ann", "g/busy", START + HOUR, START + HOUR + DAY)
    ]
