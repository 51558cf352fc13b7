"""Why a tag is held: parts, evidence, since when, and what changes it."""

from __future__ import annotations

from zoneinfo import ZoneInfo

import pytest

from seamark.engine.events import Event
from seamark.engine.replay import History
from seamark.engine.rulebook import load_rulebook
from seamark.engine.units import DAY, HOUR
from seamark.engine.why import Why, why

UTC = ZoneInfo("UTC")
START = 1_790_000_000_000_000

RULEBOOK = """
rulebook: small
terms: {price: {en: [price]}}
rules: {wrote: any message.received over 3d}
groups:
  activity:
    kind: level
    tags:
      high: {when: last(message.received) within 24h}
      medium: {when: last(message.received) within 3d}
      dormant: {otherwise: true}
  trial:
    kind: set
    tags:
      asked: {when: 'any message.received[mentions "price"] over 3d and not (rule wrote and any order.placed)'}
      vip: {by_hand: true}
"""

PRICE = Event("ann", START, "message.received", {"mentions": ("price",)}, "m1")
HELLO = Event("ann", START + HOUR, "message.received", {}, "m2")


def account(tag: str, *events: Event, after: int = 2 * HOUR) -> Why:
    return why(load_rulebook(RULEBOOK), UTC, History("ann", events, {}), tag, START + after)


@pytest.mark.covers("G02")
def test_the_events_that_make_it_true_are_named() -> None:
    found = account("trial/asked", PRICE, HELLO)
    assert found.held
    assert found.account is not None
    assert found.account.parts[0].evidence == (PRICE,)


def test_of_the_last_event_only_that_one_is_evidence() -> None:
    found = account("activity/high", PRICE, HELLO)
    assert found.account is not None
    assert found.account.evidence == (HELLO,)


def test_rules_are_accounted_for_part_by_part() -> None:
    found = account("trial/asked", PRICE).account
    assert found is not None
    inner = found.parts[1].parts[0]
    assert [part.true for part in (found, found.parts[1], inner, *inner.parts)] == [True, True, False, True, False]


def test_it_says_since_when_and_what_comes_next() -> None:
    found = account("activity/high", PRICE, HELLO)
    assert (found.since, found.changes_at, found.changes_to) == (START, START + HOUR + DAY, ("activity/medium",))
    assert found.unless == ("message.received",)


def test_a_level_that_comes_later_is_told_from_one_that_is_false() -> None:
    assert account("activity/medium", PRICE).decided_by == "level"
    assert account("activity/medium", PRICE, after=4 * DAY).decided_by == "condition"


def test_what_was_and_is_no_more_has_its_end_as_since() -> None:
    found = account("activity/high", PRICE, after=2 * DAY)
    assert (found.held, found.since) == (False, START + DAY)


def test_a_hand_is_named() -> None:
    hand = Event("ann", START, "tag.set", {"tag": "trial/vip"})
    found = account("trial/vip", hand)
    assert (found.held, found.decided_by, found.hand) == (True, "hand", hand)


def test_a_hand_on_a_computed_tag_ends_by_itself() -> None:
    hand = Event("ann", START, "tag.set", {"tag": "trial/asked"})
    found = account("trial/asked", hand)
    assert (found.decided_by, found.changes_at) == ("hand", START + 30 * DAY)


def test_events_behind_the_moment_do_not_count() -> None:
    late = HELLO._replace(occurred_at=START + 5 * HOUR)
    assert account("activity/high", PRICE, late).changes_at == START + DAY


def test_an_unknown_tag_is_a_key_error() -> None:
    with pytest.raises(KeyError):
        account("no/such")
