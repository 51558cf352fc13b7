"""Every evaluator gives the answer of the naive one, at any moment, whatever the order of arrival."""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import replace

import duckdb
import pytest
from hypothesis import given, settings

from seamark.engine import streams
from seamark.engine.batch import run_duckdb
from seamark.engine.events import distinct_events
from seamark.engine.online import State
from seamark.engine.replay import History, held_at, timeline
from seamark.engine.units import DAY
from seamark.histories.tables import event_table
from tests.engine.oracle import Moment, Oracle
from tests.engine.rulebooks import Contact, Scenario, edges, held, scenarios

pytestmark = pytest.mark.covers("G01", "A15")

MOST_EDGES = 4
"""How many of the moments before `valid_until` are looked at."""
MOST_STEPS = 4
SOME_DAYS = [DAY * days for days in (1, 2, 3, 7, 28, 30, 31, 365, 366)]


@pytest.fixture(autouse=True, scope="module")
def forgetful_streams() -> Iterator[None]:
    """Histories of ten events must show what is forgotten too early."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(streams, "STRIDE", 2)
        yield


@pytest.fixture(scope="module")
def connection() -> Iterator[duckdb.DuckDBPyConnection]:
    with duckdb.connect(config={"threads": 1}) as connection:
        yield connection


def seen(moment: Moment) -> tuple[object, ...]:
    """What may not change before `valid_until`, and of which something changes at it."""
    return moment.leaves(), moment.hands, moment.tags()


def check(scenario: Scenario, state: State, oracle: Oracle, now: int) -> int | None:
    """The verdict is the oracle's; it holds until just before `valid_until`, which is returned, and no longer."""
    verdict = scenario.online.verdict(state, now)
    assert set(verdict.tags) == held(oracle, now), (oracle.events, now)
    until, before = verdict.valid_until, seen(oracle.at(now))
    for moment in moments_between(scenario, oracle, now, until):
        assert seen(oracle.at(moment)) == before, ("not sound", oracle.events, now, moment)
    if until:
        assert until > now
        assert seen(oracle.at(until)) != before, ("not tight", oracle.events, now)
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
        if arrived % 2:
            scenario.online.tags(state, now)
            state = scenario.online.load(scenario.online.dump(state)) or state
        until = check(scenario, state, scenario.oracle(contact, contact.events[:arrived]), now)
    for _ in range(MOST_STEPS):
        if until:
            until = check(scenario, state, scenario.oracle(contact, contact.events), until)


def check_online(scenario: Scenario) -> None:
    for contact in scenario.contacts:
        follow(scenario, contact)


def check_duckdb(scenario: Scenario, connection: duckdb.DuckDBPyConnection) -> None:
    """All contacts at one moment, in one query."""
    events = [event for contact in scenario.contacts for event in contact.events]
    fields = {contact.name: contact.fields for contact in scenario.contacts}
    table = event_table(connection, events, fields, scenario.plan.reads)
    if len(events) % 2:
        table = replace(table, texts={})  # as where texts are many
    tags: dict[str, set[str]] = defaultdict(set)
    for name, tag in run_duckdb(scenario.plan, scenario.now, scenario.zone, table, connection).fetchall():
        tags[name].add(tag)
    for contact in scenario.contacts:
        assert tags[contact.name] == held(scenario.oracle(contact, contact.events), scenario.now), contact


def check_replay(scenario: Scenario) -> None:
    """At the edges of the contacts' own windows, and just before and at each change of a tag."""
    for contact in scenario.contacts:
        history = History(contact.name, distinct_events(contact.events, scenario.plan.reads), contact.fields)
        oracle = scenario.oracle(contact, contact.events)
        moments = [scenario.now, *edges(scenario, contact.events)]
        spans = timeline(scenario.online, history, min(moments) - 1, max(moments))
        moved = {moment for span in spans for moment in (span.entered_at, span.left_at) if moment is not None}
        for moment in {*moments[::5], *moved, *(moment - 1 for moment in moved)}:
            assert held_at(spans, moment) == held(oracle, moment), (contact, moment)


@settings(max_examples=2 * settings.default.max_examples)  # of eight to sixteen histories each
@given(scenarios())
def test_every_evaluator_is_the_oracle(connection: duckdb.DuckDBPyConnection, scenario: Scenario) -> None:
    check_online(scenario)
    check_duckdb(scenario, connection)
    check_replay(scenario)
