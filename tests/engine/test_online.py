"""What only the online evaluator offers: tags without an end, and states that are kept."""

from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.engine.rulebooks import Scenario, scenarios

pytestmark = pytest.mark.covers("G01")


@given(scenarios(), st.randoms(use_true_random=False))
def test_tags_asked_for_without_their_end_are_those_of_the_verdict(scenario: Scenario, random: Random) -> None:
    online = scenario.online
    for contact in scenario.contacts:
        plain, verdicts = online.state(contact.fields), online.state(contact.fields)
        for event in contact.events:
            online.fold(plain, event)
            online.fold(verdicts, event)
        for moment in (scenario.now, scenario.now + random.randrange(10**13)):
            assert online.tags(plain, moment) == online.verdict(verdicts, moment).tags
        assert online.verdict(plain, moment) == online.verdict(verdicts, moment)


@given(scenarios())
def test_a_kept_state_goes_on_as_if_it_had_never_been_kept(scenario: Scenario) -> None:
    online = scenario.online
    for contact in scenario.contacts:
        state, kept = online.state(contact.fields), online.state(contact.fields)
        for event in contact.events:
            online.fold(state, event)
            online.fold(kept, event)
            kept = online.load(online.dump(kept))
        assert online.verdict(kept, scenario.now) == online.verdict(state, scenario.now)
        assert online.verdict(online.load(online.dump(kept)), scenario.now) == online.verdict(state, scenario.now)
