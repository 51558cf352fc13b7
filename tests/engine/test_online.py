"""What only the online evaluator offers: tags without an end, and states that are kept."""

from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from seamark.engine.replay import changes
from tests.engine.rulebooks import Contact, Scenario, scenarios

pytestmark = pytest.mark.covers("G01")


def check_tags(scenario: Scenario, contact: Contact, random: Random) -> None:
    """Tags asked for without their end are those of the verdict."""
    online = scenario.online
    plain, verdicts = online.state(contact.fields), online.state(contact.fields)
    for event in contact.events:
        online.fold(plain, event)
        online.fold(verdicts, event)
    for moment in (scenario.now, scenario.now + random.randrange(10**13)):
        assert online.tags(plain, moment) == online.verdict(verdicts, moment).tags
    assert online.verdict(plain, moment) == online.verdict(verdicts, moment)


def check_kept(scenario: Scenario, contact: Contact) -> None:
    """A kept state goes on as if it had never been kept."""
    online = scenario.online
    state, kept = online.state(contact.fields), online.state(contact.fields)
    for event in contact.events:
        online.fold(state, event)
        online.fold(kept, event)
        kept = online.load(online.dump(kept))
    assert online.verdict(kept, scenario.now) == online.verdict(state, scenario.now)
    assert online.verdict(online.load(online.dump(kept)), scenario.now) == online.verdict(state, scenario.now)


def check_stepped(scenario: Scenario, contact: Contact) -> None:
    """A state that was led from change to change tells what one tells that is asked but once."""
    online = scenario.online
    led, asked = online.state(contact.fields), online.state(contact.fields)
    events = sorted(contact.events, key=online.plan.reads.order_key)
    for event in events:
        online.fold(asked, event)
    for _ in changes(online, led, events, scenario.now):
        pass
    for event in events:
        if event.occurred_at > scenario.now:
            online.fold(led, event)
    assert online.verdict(led, scenario.now) == online.verdict(asked, scenario.now)


@given(scenarios(), st.randoms(use_true_random=False))
def test_however_a_state_is_led_it_tells_what_the_verdict_tells(scenario: Scenario, random: Random) -> None:
    for contact in scenario.contacts:
        check_tags(scenario, contact, random)
        check_kept(scenario, contact)
        check_stepped(scenario, contact)
