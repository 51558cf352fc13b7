"""Conversations follow what is written, and the contact's owner."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone

from seamark.apps.channels.models import Channel
from seamark.apps.contacts.models import Contact, Identity
from seamark.apps.inbox.actions import finish_conversation, snooze_conversation, wake_snoozed
from seamark.apps.inbox.models import Conversation
from seamark.apps.timeline.record import record
from tests.apps.conftest import Cast, MakeContact, arrival
from tests.apps.inbox.conftest import said

pytestmark = [pytest.mark.django_db, pytest.mark.covers("D03")]
State = Conversation.State


def test_a_message_opens_a_conversation_and_an_answer_lets_it_wait(talk: Conversation, chat: Channel):
    assert (talk.state, talk.last_text, talk.waiting_since) == (State.OPEN, "how much?", talk.last_at)
    said(chat, "38 dollars", kind="message.sent", actor="member:1")
    talk.refresh_from_db()
    assert (talk.state, talk.waiting_since, talk.last_by) == (State.WAITING, None, "sent")


def test_what_a_machine_says_answers_nobody(talk: Conversation, chat: Channel):
    said(chat, "We are closed", kind="message.sent", actor="machine")
    before, _ = talk.waiting_since, talk.refresh_from_db()
    assert (talk.state, talk.waiting_since, talk.last_by) == (State.OPEN, before, "machine")


def test_the_first_unanswered_message_counts_and_late_ones_do_not_come_last(talk: Conversation, chat: Channel):
    said(chat, "hello?")
    said(chat, "I wrote this before", ago=timedelta(hours=1))
    before, _ = talk.waiting_since, talk.refresh_from_db()
    assert (talk.last_text, talk.waiting_since) == ("hello?", before)


@pytest.mark.parametrize("state", [State.DONE, State.SNOOZED])
def test_whoever_writes_again_is_open_again(talk: Conversation, chat: Channel, cast: Cast, state: str):
    if state == State.DONE:
        finish_conversation(conversation=talk, by=cast.alice)
    else:
        snooze_conversation(conversation=talk, until=timezone.now() + timedelta(days=1), by=cast.alice)
    said(chat, "thanks", kind="message.sent", actor="member:1")
    talk.refresh_from_db()
    assert talk.state == state
    said(chat, "one more question")
    talk.refresh_from_db()
    assert (talk.state, talk.snoozed_until) == (State.OPEN, None)


def test_a_snooze_ends(talk: Conversation, cast: Cast):
    snooze_conversation(conversation=talk, until=timezone.now() + timedelta(seconds=60), by=cast.alice)
    assert wake_snoozed() == 0
    Conversation.objects.update(snoozed_until=timezone.now())
    assert wake_snoozed() == 1
    talk.refresh_from_db()
    assert talk.state == State.OPEN


def test_history_makes_conversations_that_are_done_and_turns_none(cast: Cast, talk: Conversation, chat: Channel):
    old = [arrival(source="file", external_id="li", props={"text": "old"}, ago=timedelta(days=9))]
    record([*old, arrival(source=chat.source_id, external_id="wang", ago=timedelta(days=9))], quiet=True)
    assert Conversation.objects.get(source="file").state == State.DONE
    talk.refresh_from_db()
    assert talk.state == State.OPEN


def test_the_assignee_follows_the_owner_unless_it_was_handed_over(talk: Conversation, cast: Cast):
    Contact.objects.update(owner=cast.bob)
    talk.refresh_from_db()
    assert (talk.owner, talk.assignee) == (cast.bob, cast.bob)
    Conversation.objects.update(assignee=cast.alice)
    Contact.objects.update(owner=None, team=cast.north)
    talk.refresh_from_db()
    assert (talk.owner, talk.team, talk.assignee) == (None, cast.north, cast.alice)
    Contact.objects.update(owner=cast.charlie)
    talk.refresh_from_db()
    assert talk.assignee == cast.charlie


def test_a_conversation_goes_with_its_identity(talk: Conversation, cast: Cast, make_contact: MakeContact):
    other = make_contact(owner=cast.charlie, team=cast.north)
    Identity.objects.filter(pk=talk.identity_id).update(contact=other)
    talk.refresh_from_db()
    assert (talk.contact, talk.owner, talk.assignee) == (other, cast.charlie, cast.charlie)
