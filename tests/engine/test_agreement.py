"""Every evaluator gives the answer of the naive one, at any moment, whatever the order of arrival."""

from collections.abc import Iterator

import pytest
from hypothesis import given

from seamark.engine import streams
from seamark.engine.online import State
from seamark.engine.units import DAY
from tests.engine.oracle import Moment, Oracle
from tests.engine.rulebooks import Contact, Scenario, edges, held, scenarios

pytestmark = pytest.mark.covers("G01", "A15")

MOST_EDGES = 6
"""How many of the moments before `valid_until` are looked at."""
MOST_STEPS = 4
SOME_DAYS = [DAY * days for days in (1, 2, 3, 7, 28, 30, 31, 365, 366)]


@pytest.fixture(autouse=True, scope="module")
def forgetful_streams() -> Iterator[None]:
    """Histories of ten events must show what is forgotten too early."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(streams, "_STRIDE", 2)
        yield


def seen(moment: Moment) -> tuple[object, ...]:
    """What may not change before `valid_until`, and of which something changes at it."""
    return moment.leaves(), moment.hands, moment.tags()


def check(scenario: Scenario, state: State, oracle: Oracle, now: int) -> int | None:
    """The verdict is the oracle's; it holds until just before `valid_until`, which is returned, and no longer."""
    verdict = scenario.online.verdict(state, now)
    assert set(verdict.tags) == held(oracle, now)
    until, before = verdict.valid_until, seen(oracle.at(now))
    for moment in moments_between(scenario, oracle, now, until):
        assert seen(oracle.at(moment)) == before, "not sound"
    if until:
        assert until > now
        assert seen(oracle.at(until)) != before, "not tight"
    return until


def moments_between(scenario: Scenario, oracle: Oracle, now: int, until: int | None) -> list[int]:
    """Some at which something might change, and the last before `until`."""
    ahead = [edge for edge in edges(scenario, oracle.events) if now < edge and (not until or edge < until)]
    days = [now + days for days in SOME_DAYS if scenario.days_matter and (not until or now + days < until)]
    last = [until - 1] if until else ahead[-1:]
    return ahead[:: len(ahead) // MOST_EDGES + 1] + days + last


def follow(scenario: Scenario, contact: Contact) -> None:
    """Events arrive, with verdicts in between; then time goes from one `valid_until` to the next."""
    state, arrived = scenario.online.state(contact.fields), 0
    for now, arrivals in contact.visits:
        for event in contact.events[arrived:arrivals]:
            scenario.online.fold(state, event)
        arrived = arrivals
        until = check(scenario, state, scenario.oracle(contact, contact.events[:arrived]), now)
    for _ in range(MOST_STEPS):
        if until:
            until = check(scenario, state, scenario.oracle(contact, contact.events), until)


@given(scenarios())
def test_online_is_the_oracle(scenario: Scenario) -> None:
    for contact in scenario.contacts:
        follow(scenario, contact)
