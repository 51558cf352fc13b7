"""A visitor of the web chat, whom Alice owns, and the conversation with them."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client

from seamark.apps.accounts.models import Member
from seamark.apps.channels import outbox
from seamark.apps.channels.actions import add_channel
from seamark.apps.channels.models import Channel
from seamark.apps.contacts.models import Contact
from seamark.apps.inbox.models import Conversation
from tests.apps.conftest import Cast, happened


@pytest.fixture
def chat(cast: Cast) -> Channel:
    return add_channel(kind="webchat", name="Shop", team=cast.south, by=cast.admin)


@pytest.fixture
def talk(cast: Cast, chat: Channel) -> Conversation:
    """Alice's, with Wang, who wrote a minute ago."""
    contact = said(chat, "how much?", ago=timedelta(minutes=1))
    Contact.objects.filter(pk=contact.pk).update(owner=cast.alice)
    return Conversation.objects.get()


def said(chat: Channel, text: str, who: str = "wang", kind: str = "message.received", **overrides: Any) -> Contact:
    """Somebody writes by the chat; returns the contact."""
    told = {"source": chat.source_id, "external_id": who, "name": who.title(), "props": {"text": text}}
    return happened(kind, **told | overrides)


def signed_in(member: Member) -> Client:
    client = Client()
    client.force_login(member)
    return client


def page(member: Member, address: str = "/inbox/") -> str:
    return signed_in(member).get(address).content.decode()


def send_all() -> None:
    while outbox.send_due():
        pass
