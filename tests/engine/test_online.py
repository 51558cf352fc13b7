"""What only the online evaluator offers: tags without an end, and states that are kept."""

from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

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


@given(scenarios(), st.randoms(use_true_random=False))
def test_tags_without_their_end_and_kept_states_tell_what_the_verdict_tells(scenario: Scenario, random: Random) -> None:
    for contact in scenario.contacts:
        check_tags(scenario, contact, random)
        check_kept(scenario, contact)
