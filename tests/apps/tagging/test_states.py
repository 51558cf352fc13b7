"""States kept in the process never count for more than the row does."""

from datetime import timedelta

import pytest

from seamark.apps.tagging import states
from seamark.apps.tagging.models import Standing
from seamark.apps.tagging.rulebooks import live_rulebook
from tests.apps.conftest import happened

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("tiers")]


def test_a_state_that_is_still_as_it_was_left_is_not_read_again(monkeypatch):
    contact = happened(ago=timedelta(hours=1))
    live = live_rulebook()
    monkeypatch.setattr(type(live.online), "load", lambda *_: pytest.fail("it was read again"))
    assert states.taken(live, contact.pk, bytes(Standing.objects.get(contact=contact).state)).pending == []


def test_the_state_that_another_process_left_counts_as_does_one_after_a_rollback():
    contact = happened(ago=timedelta(hours=2))
    before = bytes(Standing.objects.get(contact=contact).state)
    happened(ago=timedelta(hours=1), props={"text": "how much is it?"})
    live = live_rulebook()
    assert live.online.dump(states.taken(live, contact.pk, before)) == before


def test_those_left_longest_ago_are_let_go(monkeypatch):
    monkeypatch.setattr(states, "MOST_KEPT", 2)
    for name in "abc":
        happened(external_id=name)
    assert len(states._kept) == 2
