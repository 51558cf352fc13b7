"""Teams that help with contacts of others: until when they read along, and what they hear meanwhile."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier

import pytest
from django.db import connection
from django.test import Client
from django.utils import timezone

from seamark.apps.accounts.errors import ActionRefused
from seamark.apps.accounts.models import Member, Post, Team
from seamark.apps.contacts.models import Contact
from seamark.apps.followups.actions import finish, hand_over, handle, place_of, put_back, reopen, skip
from seamark.apps.followups.models import Alert, FollowUp
from seamark.apps.inbox.actions import (
    assign_conversation,
    finish_conversation,
    reopen_conversation,
    snooze_conversation,
)
from seamark.apps.inbox.models import Conversation, HelpingTeam
from seamark.apps.tagging.actions import set_tag
from seamark.apps.tagging.publish import publish
from tests.apps.conftest import Cast, happened
from tests.apps.followups.test_follow_ups import REACTING

pytestmark = pytest.mark.covers("B14", "F02")


@pytest.fixture
def repairs(cast: Cast, tiers: None) -> Team:
    """Charlie's team, to which the rules give visits and tell of what is broken."""
    publish(text=REACTING, by=None)
    repairs = Team.objects.create(name="Repairs", above=cast.north)
    Post.objects.create(member=cast.charlie, team=repairs, role="salesperson")
    return repairs


@pytest.fixture
def talk(cast: Cast, repairs: Team) -> Conversation:
    """With Wang, Alice's contact, whose machine is broken, of which the repair team was told."""
    contact = happened()
    Contact.objects.filter(pk=contact.pk).update(team=cast.south, owner=cast.alice)
    happened(props={"text": "My machine is broken"})
    return Conversation.objects.get()


@pytest.fixture
def alert(talk: Conversation) -> Alert:
    return Alert.objects.get()


def reads(member: Member, talk: Conversation) -> bool:
    client = Client()
    client.force_login(member)
    status = client.get(f"/inbox/{talk.pk}/").status_code
    listed = f'data-talk="{talk.pk}"' in client.get("/inbox/?list=all&state=any").content.decode()
    assert listed == (status == 200)
    return listed


def test_a_team_reads_on_until_its_alert_is_taken_up_and_the_conversation_is_done(
    cast: Cast, talk: Conversation, alert: Alert
) -> None:
    handle(alert=alert.pk, by=cast.charlie)
    assert reads(cast.charlie, talk)  # it is being repaired
    finish_conversation(conversation=talk, by=cast.alice)
    assert not reads(cast.charlie, talk)
    happened(props={"text": "And what about another one?"})
    assert not reads(cast.charlie, talk)
    assert reads(cast.alice, talk)


def test_a_team_reads_on_until_the_conversation_is_done_and_its_alert_is_taken_up(
    cast: Cast, talk: Conversation, alert: Alert
) -> None:
    finish_conversation(conversation=talk, by=cast.alice)
    assert reads(cast.charlie, talk)
    handle(alert=alert.pk, by=cast.charlie)
    assert not reads(cast.charlie, talk)


def test_who_answers_sees_which_team_reads_along(cast: Cast, talk: Conversation, alert: Alert) -> None:
    client = Client()
    client.force_login(cast.alice)
    assert "Also read by Repairs" in client.get(f"/inbox/{talk.pk}/head/").content.decode()
    HelpingTeam.objects.update(team=cast.south)  # Alice's own
    assert "Also read by" not in client.get(f"/inbox/{talk.pk}/head/").content.decode()


def test_another_conversation_that_goes_on_is_a_reason_too(cast: Cast, talk: Conversation, alert: Alert) -> None:
    identity = talk.contact.identities.create(source="chat", external_id="w")
    last = {"last_at": talk.last_at, "last_by": talk.last_by, "team": talk.team}
    other = Conversation.objects.create(identity=identity, contact=talk.contact, source="chat", state="snoozed", **last)
    handle(alert=alert.pk, by=cast.charlie)
    finish_conversation(conversation=talk, by=cast.alice)
    assert reads(cast.charlie, talk)
    Conversation.objects.filter(pk=other.pk).update(state="open")
    finish_conversation(conversation=other, by=cast.alice)
    assert not reads(cast.charlie, talk)


Ends = Callable[[FollowUp, Cast], object]


def _writes(_visit: FollowUp, cast: Cast) -> None:
    happened("message.sent", actor=f"member:{cast.charlie.pk}", props={"text": "I come tomorrow"})


@pytest.mark.parametrize(
    "ends",
    [
        lambda visit, cast: finish(follow_up=visit.pk, by=cast.charlie),
        lambda visit, cast: skip(follow_up=visit.pk, by=cast.charlie, reason="They moved"),
        lambda visit, cast: hand_over(follow_up=visit.pk, to=cast.alice, by=cast.boss, was=cast.charlie.pk),
        _writes,
    ],
    ids=["done", "skipped", "given away", "written"],
)
def test_a_follow_up_of_the_team_is_a_reason_until_it_is_closed(
    cast: Cast, talk: Conversation, alert: Alert, ends: Ends
) -> None:
    set_tag(contact=talk.contact, tag="asked/vip", by=cast.alice)
    visit = FollowUp.objects.get()
    FollowUp.objects.update(assignee=cast.charlie)
    handle(alert=alert.pk, by=cast.charlie)
    finish_conversation(conversation=talk, by=cast.alice)
    assert reads(cast.charlie, talk)
    ends(visit, cast)
    assert not reads(cast.charlie, talk)


def test_what_is_taken_back_lets_the_team_read_again(cast: Cast, talk: Conversation, alert: Alert) -> None:
    handle(alert=alert.pk, by=cast.charlie)
    finish_conversation(conversation=talk, by=cast.alice)
    reopen_conversation(conversation=talk, by=cast.alice)
    assert reads(cast.charlie, talk)
    set_tag(contact=talk.contact, tag="asked/vip", by=cast.alice)
    finish_conversation(conversation=talk, by=cast.alice)
    visit = finish(follow_up=FollowUp.objects.get().pk, by=cast.charlie)
    assert not reads(cast.charlie, talk)
    reopen(follow_up=visit.pk)
    assert reads(cast.charlie, talk)
    finish(follow_up=visit.pk, by=cast.charlie)
    reopen_conversation(conversation=talk, by=cast.alice)
    assert not reads(cast.charlie, talk)  # it was not that end by which theirs ended


def test_a_follow_up_that_is_given_back_to_the_team_lets_it_read_again(
    cast: Cast, talk: Conversation, alert: Alert
) -> None:
    handle(alert=alert.pk, by=cast.charlie)
    set_tag(contact=talk.contact, tag="asked/vip", by=cast.alice)
    visit = FollowUp.objects.get()
    finish_conversation(conversation=talk, by=cast.alice)
    hand_over(follow_up=visit.pk, to=cast.alice, by=cast.boss, was=None)
    assert not reads(cast.charlie, talk)
    put_back(places={visit.pk: place_of(visit)}, by=cast.boss)
    assert reads(cast.charlie, talk)


def test_a_team_that_is_told_anew_reads_again(cast: Cast, talk: Conversation, alert: Alert) -> None:
    handle(alert=alert.pk, by=cast.charlie)
    finish_conversation(conversation=talk, by=cast.alice)
    set_tag(contact=talk.contact, tag="asked/vip", by=cast.alice)
    assert reads(cast.charlie, talk)


def at_once(*deeds: Callable[[], object]) -> list[object]:
    """Does them at the same moment; what came of each."""
    ready = Barrier(len(deeds))

    def race(deed: Callable[[], object]) -> object:
        ready.wait()
        try:
            return deed()
        except ActionRefused as refused:
            return refused.code
        finally:
            connection.close()

    with ThreadPoolExecutor() as racers:
        return list(racers.map(race, deeds))


@pytest.mark.django_db(transaction=True)
def test_whatever_is_done_with_a_conversation_at_the_same_moment_comes_to_an_end(
    cast: Cast, talk: Conversation, alert: Alert
) -> None:
    soon = timezone.now() + timedelta(hours=1)
    for _ in range(8):
        Conversation.objects.update(state="open", assignee=cast.alice, snoozed_until=None)
        at_once(
            lambda: finish_conversation(conversation=talk, by=cast.alice),
            lambda: assign_conversation(
                conversation=talk, assignee=cast.charlie, was=cast.alice.pk, by=cast.boss, tells=False
            ),
            lambda: snooze_conversation(conversation=talk, until=soon, by=cast.boss),
            lambda: happened(props={"text": "And another thing"}),
        )
        assert Conversation.objects.get().assignee == cast.charlie


@pytest.mark.django_db(transaction=True)
def test_of_two_ends_at_the_same_moment_the_later_sees_the_earlier(
    cast: Cast, talk: Conversation, alert: Alert
) -> None:
    for _ in range(5):
        HelpingTeam.objects.get_or_create(contact=talk.contact, team=alert.team)
        Conversation.objects.update(state="open")
        Alert.objects.update(handled_at=None)
        at_once(
            lambda: finish_conversation(conversation=talk, by=cast.alice),
            lambda: handle(alert=alert.pk, by=cast.charlie),
        )
        assert not HelpingTeam.objects.exists()
