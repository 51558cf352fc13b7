"""What the gate would say now of messages that are not in the outbox, so that their writer knows before they go."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict

from django.utils import timezone

from seamark.apps.accounts.models import Member
from seamark.apps.channels.adapter import Template
from seamark.apps.channels.facts import known
from seamark.apps.channels.gate import Verdict, decide
from seamark.apps.channels.models import Channel, OutboxMessage, Purpose
from seamark.apps.contacts.models import Identity


def meant(
    *, channel: Channel, identity: Identity, by: Member, purpose: Purpose, template: Template | None = None
) -> OutboxMessage:
    """A message that a member means to send; it is not saved."""
    call = asdict(template) if template else None
    return OutboxMessage(channel=channel, identity=identity, by=by, purpose=purpose, template=call)


def foreseen(messages: Sequence[OutboxMessage]) -> list[Verdict]:
    """The gate's verdict on each, if it were to leave now."""
    facts = known(messages, timezone.now())
    return [decide(facts.facts(message)) for message in messages]
