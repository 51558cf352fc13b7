"""How often the journeys of `whatsapp-selling` write to customers."""

from __future__ import annotations

from itertools import accumulate, pairwise

import pytest

from seamark.engine.units import DAY, HOUR, duration
from seamark.rulebooks import open_rulebook


def contacts(journey: str) -> list[int]:
    """The moments at which the steps of a journey begin, from its start."""
    steps = open_rulebook("whatsapp-selling").journeys[journey].steps
    return list(accumulate(duration(step.get("after", "0s")) for step in steps))


@pytest.mark.covers("B01")
def test_high_intent_is_followed_up_three_times_in_72_hours_without_a_gap_over_24() -> None:
    quote, *follow_ups = contacts("quote")
    assert quote == 0
    assert (follow_ups[0], len(follow_ups)) == (12 * HOUR, 3)
    assert follow_ups[-1] <= 72 * HOUR
    assert all(after - before <= DAY for before, after in pairwise(follow_ups))


@pytest.mark.covers("B01")
@pytest.mark.parametrize(
    ("journey", "every", "most"),
    [("details", 2, 4), ("cultivate", 7, 6), ("guides", 7, 6), ("events", 30, 3), ("broadcasts", 30, 3)],
)
def test_rhythms(journey: str, every: int, most: int) -> None:
    moments = contacts(journey)
    assert {after - before for before, after in pairwise(moments)} == {every * DAY}
    assert len(moments) == most


@pytest.mark.covers("B01")
def test_function_is_followed_up_five_times_in_14_days() -> None:
    assert len(contacts("documents")) == 5
    assert contacts("documents")[-1] < 14 * DAY


@pytest.mark.covers("B01")
def test_a_code_is_sent_within_the_hour() -> None:
    assert contacts("code")[0] < HOUR
