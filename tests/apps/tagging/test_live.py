"""Tags kept true as things happen and as time passes."""

from datetime import timedelta

import pytest
from django.utils import timezone

from seamark.apps.tagging.actions import lift_hand, set_tag
from seamark.apps.tagging.clock import judge_due, next_due_at
from seamark.apps.tagging.models import TagChange
from seamark.apps.tagging.publish import judge_stale, publish
from seamark.apps.tagging.queries import held_then, why_of
from tests.apps.conftest import MakeContact, happened, tags_of
from tests.apps.tiers import TIERS

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("tiers")]

HOUR = timedelta(hours=1)


@pytest.mark.covers("A02")
def test_a_reply_lifts_at_once():
    contact = happened(ago=10 * HOUR, props={"text": "how much is it?"})
    assert set(tags_of(contact)) == {"activity/high", "asked/price"}


@pytest.mark.covers("A02", "G05")
def test_a_contact_to_whom_nothing_happened_stands_somewhere_too(make_contact: MakeContact) -> None:
    contact = make_contact()
    assert judge_due() == 1
    assert tags_of(contact) == {"activity/dormant": None}
    assert {change.cause for change in TagChange.objects.all()} == {"quiet"}
    assert next_due_at() is None


@pytest.mark.covers("A02", "G05")
def test_a_level_falls_at_its_logical_moment_when_the_clock_comes(time_machine):
    contact = happened(ago=23 * HOUR)
    due = next_due_at()
    assert due is not None
    time_machine.move_to(due - timedelta(microseconds=1))
    assert judge_due() == 0
    time_machine.move_to(due + timedelta(minutes=5))
    assert judge_due() == 1
    assert tags_of(contact) == {"activity/medium": due}
    changes = TagChange.objects.filter(cause="clock").values_list("edge", "changed_at")
    assert list(changes) == [("leave", due), ("enter", due)]


def test_after_a_long_sleep_every_edge_stands_at_its_own_moment(time_machine):
    contact = happened()
    begun = tags_of(contact)["activity/high"]
    time_machine.move_to(begun + timedelta(days=9))
    judge_due()
    assert tags_of(contact) == {"activity/dormant": begun + timedelta(days=7)}
    entered = TagChange.objects.filter(edge="enter", cause="clock").values_list("tag__name", "changed_at")
    assert list(entered) == [
        ("activity/medium", begun + timedelta(days=1)),
        ("activity/low", begun + timedelta(days=3)),
        ("activity/dormant", begun + timedelta(days=7)),
    ]


def test_a_late_event_corrects_since_and_runs_nothing_twice():
    contact = happened(ago=5 * HOUR)
    earlier = timezone.now() - 8 * HOUR
    happened(occurred_at=earlier)
    assert tags_of(contact) == {"activity/high": earlier}
    assert TagChange.objects.filter(tag__name="activity/high").count() == 1


def test_an_event_told_twice_counts_once():
    happened(source_key="same")
    happened(source_key="same")
    assert TagChange.objects.count() == 1


def test_another_rulebook_judges_everybody_anew():
    contact = happened(ago=30 * HOUR)
    assert set(tags_of(contact)) == {"activity/medium"}
    publish(text=TIERS.replace("within 24h", "within 48h"), by=None)
    assert (judge_stale(), judge_stale()) == (1, 0)
    assert set(tags_of(contact)) == {"activity/high"}
    assert not TagChange.calls_for_reactions(TagChange.objects.get(edge="enter", cause="publish").cause)


def test_a_hand_wins_until_it_is_lifted(cast):
    contact = happened(ago=HOUR)
    set_tag(contact=contact, tag="activity/low", by=cast.alice)
    assert set(tags_of(contact)) == {"activity/low"}
    lift_hand(contact=contact, tag="activity/low", by=cast.alice)
    assert set(tags_of(contact)) == {"activity/high"}


@pytest.mark.covers("G04")
def test_then_is_what_was_held_at_that_moment():
    contact = happened(ago=10 * HOUR)
    happened(ago=50 * HOUR, props={"text": "how much is it?"})
    then = held_then(contact, timezone.now() - 20 * HOUR)
    assert [each.tag.name for each in then] == ["activity/medium", "asked/price"]


@pytest.mark.covers("G02")
def test_why_names_the_message_and_the_end():
    contact = happened(ago=HOUR, props={"text": "how much is it?"})
    account = why_of(contact, "asked/price")
    assert account.held
    assert account.account is not None
    assert [event.props["text"] for event in account.account.evidence] == ["how much is it?"]
    assert account.changes_at is not None
