"""Answering at the contact page: by whom, once, and what is said of what has not left."""

from __future__ import annotations

import pytest
from django.test import Client

from seamark.apps.accounts.models import Member
from seamark.apps.channels import outbox
from seamark.apps.channels.actions import add_channel
from seamark.apps.channels.models import OutboxMessage
from seamark.apps.contacts.models import Contact
from seamark.apps.timeline.models import Event
from tests.apps.conftest import Cast, happened

pytestmark = [pytest.mark.usefixtures("tiers"), pytest.mark.covers("D03", "F01")]


@pytest.fixture
def visitor(cast: Cast) -> Contact:
    """A visitor of the web chat, whom Alice owns."""
    channel = add_channel(kind="webchat", name="Shop", team=cast.south, by=cast.admin)
    contact = happened(source=channel.source_id, external_id="v1", channel="webchat", props={"text": "how much?"})
    Contact.objects.filter(pk=contact.pk).update(owner=cast.alice)
    return Contact.objects.get(pk=contact.pk)


def signed_in(member: Member) -> Client:
    client = Client()
    client.force_login(member)
    return client


def write(member: Member, contact: Contact, text: str = "38 dollars", once: str = "a word of the form"):
    line = contact.identities.get(external_id="v1").pk
    return signed_in(member).post(f"/contacts/{contact.pk}/messages/", {"text": text, "line": line, "once": once})


def test_an_answer_leaves_once_however_often_the_form_is_sent(cast: Cast, visitor: Contact):
    assert "38 dollars" in write(cast.alice, visitor).content.decode()
    write(cast.alice, visitor)
    while outbox.send_due():
        pass
    assert Event.objects.get(kind="message.sent").props["text"] == "38 dollars"
    assert OutboxMessage.objects.get().by == cast.alice


def test_who_does_not_own_the_contact_cannot_write(cast: Cast, visitor: Contact):
    for member in (cast.charlie, cast.bob, cast.rita):
        assert write(member, visitor).status_code == 404
    assert "reply-form" not in signed_in(cast.rita).get(f"/contacts/{visitor.pk}/").content.decode()
    assert "reply-form" in signed_in(cast.alice).get(f"/contacts/{visitor.pk}/").content.decode()


def test_what_waits_is_shown_and_can_be_taken_back(cast: Cast, visitor: Contact):
    write(cast.alice, visitor)
    message = OutboxMessage.objects.get()
    address = f"/contacts/{visitor.pk}/messages/{message.pk}/withdraw/"
    assert signed_in(cast.charlie).post(address).status_code == 404
    assert "Not sent" in signed_in(cast.alice).post(address).content.decode()
    while outbox.send_due():
        pass
    assert not Event.objects.filter(kind="message.sent").exists()


@pytest.mark.parametrize("text", ["", " ", "x" * 4001])
def test_a_bad_answer_is_refused(cast: Cast, visitor: Contact, text: str):
    assert write(cast.alice, visitor, text).status_code == 422
    assert not OutboxMessage.objects.exists()


def test_charlie_does_not_see_what_waits(cast: Cast, visitor: Contact):
    assert signed_in(cast.charlie).get(f"/contacts/{visitor.pk}/unsent/").status_code == 404
