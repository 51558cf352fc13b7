"""The lines that lead to a contact, and whether more than templates may go by them now."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from seamark.apps.accounts.models import Member
from seamark.apps.channels.foresight import foreseen, meant
from seamark.apps.channels.gate import Refused
from seamark.apps.channels.models import Channel, Purpose
from seamark.apps.channels.reasons import Reason
from seamark.apps.channels.registry import adapter_of
from seamark.apps.contacts.models import Contact, Identity


class Line(NamedTuple):
    """A way to reach the contact."""

    identity: Identity
    channel: Channel
    is_shut: bool = False
    """Whether only templates may go by it, since the contact last wrote too long ago."""

    @property
    def has_templates(self) -> bool:
        """Whether the platform's templates are known."""
        return adapter_of(self.channel.kind).has_templates(self.channel)


def lines_to(contact: Contact) -> list[Line]:
    """The open channels that know the contact, the one it came by last first."""
    identities = {each.source: each for each in contact.identities.order_by("pk")}
    channels = Channel.objects.filter(source__in=identities, is_active=True)
    return [Line(identities[channel.source_id], channel) for channel in channels.order_by("-pk")]


def looked_at(lines: Sequence[Line], member: Member) -> list[Line]:
    """The same, each with whether its window is shut for the member."""
    windowed = [line for line in lines if adapter_of(line.channel.kind).window is not None]
    messages = [
        meant(channel=line.channel, identity=line.identity, by=member, purpose=Purpose.SERVICE) for line in windowed
    ]
    verdicts = foreseen(messages) if messages else []
    shut = {
        line.identity.pk
        for line, verdict in zip(windowed, verdicts, strict=True)
        if verdict == Refused(Reason.WINDOW_CLOSED)
    }
    return [line._replace(is_shut=line.identity.pk in shut) for line in lines]
