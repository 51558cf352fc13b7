"""The work that reactions and journeys would have made."""

from __future__ import annotations

from zoneinfo import ZoneInfo

import pytest

from seamark.engine.events import Event
from seamark.engine.online import Online
from seamark.engine.plan import plan_rulebook
from seamark.engine.replay import History, timeline
from seamark.engine.rulebook import load_rulebook
from seamark.engine.units import DAY, HOUR
from seamark.engine.work import Work, asked_conditions, work_of

UTC = ZoneInfo("UTC")
START = 1_790_000_000_000_000

QUOTE = """
rulebook: small
groups:
  trial:
    kind: set
    tags:
      asked: {when: any message.received over 3d}
reactions:
  - {edge: enter, tag: trial/asked, do: [{start: quote}]}
  - {edge: leave, tag: trial/asked, do: [{alert: {title: {en: Gone quiet, zh: 没有回音}}}]}
journeys:
  quote:
    steps:
      - {follow_up: {title: {en: Quote, zh: 报价}}}
      - {after: 12h, send: nudge}
      - branch: [{when: any link.clicked, steps: [{send: nudge}, {send: nudge}]}]
        otherwise: [{after: 1d, send: nudge}]
    stop: {when: any order.placed over 3d}
texts:
  nudge: {en: Hello, zh: 您好}
"""


def work(*events: Event, end: int = START + 9 * DAY, rulebook: str = QUOTE) -> Work:
    book = load_rulebook(rulebook)
    online = Online(plan_rulebook(book, asked_conditions(book)), UTC)
    spans = timeline(online, History("ann", events, {}), START - 1, end)
    return work_of(book, spans, START - 1, end, lambda moment: (moment - START) // DAY)


def happened(kind: str, after: int = 0) -> Event:
    return Event("ann", START + after, kind, {})


@pytest.mark.covers("G03")
def test_a_journey_is_walked_day_by_day() -> None:
    done = work(happened("message.received"))
    assert (done.follow_ups, done.messages, done.alerts) == ({0: 1}, {0: 1, 1: 1}, {3: 1})


def test_reactions_are_counted_at_both_edges() -> None:
    assert work(happened("message.received")).reactions == {0: 1, 3: 1}


def test_an_order_stops_it() -> None:
    assert work(happened("message.received"), happened("order.placed", 6 * HOUR)).messages == {}


def test_a_branch_is_taken_where_its_condition_holds() -> None:
    assert work(happened("message.received"), happened("link.clicked", HOUR)).messages == {0: 3}


def test_a_journey_under_way_is_not_begun_again() -> None:
    again = QUOTE.replace("over 3d}\nreactions", "over 1h}\nreactions")
    assert work(happened("message.received"), happened("message.received", 4 * HOUR), rulebook=again).follow_ups == {
        0: 1
    }


def test_after_it_ended_it_may_begin_again() -> None:
    assert work(happened("message.received"), happened("message.received", 5 * DAY)).follow_ups == {0: 1, 5: 1}


def test_never_means_once() -> None:
    once = QUOTE.replace("    stop:", "    re_enter: never\n    stop:")
    assert work(happened("message.received"), happened("message.received", 5 * DAY), rulebook=once).follow_ups == {0: 1}


def test_a_wait_ends_when_its_condition_is_met() -> None:
    waits = QUOTE.replace(
        "      - {after: 12h, send: nudge}\n",
        "      - {wait: {until: any link.clicked, at_most: 2d}}\n      - {send: nudge}\n",
    )
    assert work(happened("message.received"), happened("link.clicked", DAY), rulebook=waits).messages == {1: 3}


def test_what_lies_behind_the_end_is_not_counted() -> None:
    assert work(happened("message.received"), end=START + HOUR).messages == {}
