"""What a visitor may see of the conversation: messages, and nothing else."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from django.db.models import QuerySet

from seamark.apps.accounts.models import Member
from seamark.apps.channels.files import named_in
from seamark.apps.channels.models import Channel, OutboxMessage, StoredFile
from seamark.apps.contacts.models import Identity
from seamark.apps.inbox.queries import Attention, attention_to
from seamark.apps.integrations.webchat.visitors import Visitor
from seamark.apps.timeline.models import Event

SHOWN = 200
KINDS = ("message.received", "message.sent")

Receipt = OutboxMessage.Receipt


def identity_of(visitor: Visitor) -> Identity | None:
    """The visitor's identity; None before the first message was read."""
    return Identity.objects.filter(source=visitor.channel.source_id, external_id=visitor.external_id).first()


def conversation(visitor: Visitor, after: int = 0) -> list[dict[str, Any]]:
    """The latest messages after the one of that id, oldest first."""
    events = Event.objects.filter(
        identity__source=visitor.channel.source_id,
        identity__external_id=visitor.external_id,
        kind__in=KINDS,
        pk__gt=after,
    )
    shown = list(reversed(events.order_by("-occurred_at", "-pk")[:SHOWN]))
    names = _names({event.actor for event in shown})
    receipts = dict(_sent(visitor, {event.source_key for event in shown}).values_list("external_id", "receipt"))
    return [
        {
            "id": event.pk,
            "key": event.source_key,
            "mine": event.kind == "message.received",
            "text": event.props.get("text", ""),
            "files": [{name: each[name] for name in ("token", "name", "type")} for each in named_in(event.props)],
            "by": names.get(event.actor, ""),
            "at": event.occurred_at.isoformat(),
            "stored_at": event.recorded_at.isoformat(),
            "receipt": receipts.get(event.source_key, ""),
        }
        for event in shown
    ]


def attention(visitor: Visitor) -> dict[str, str]:
    """Who is writing to the visitor right now, and until when a member has seen what the visitor wrote."""
    identity = identity_of(visitor)
    found = attention_to(identity) if identity else Attention("", None)
    return {"typing": found.typing, "seen": found.read_at.isoformat() if found.read_at else ""}


def file_of_conversation(channel: Channel, token: str) -> StoredFile | None:
    """A file that a visitor sent or was sent; whoever has its token is that visitor."""
    stored = StoredFile.objects.filter(pk=token, source=channel.source_id, is_sent=True).first()
    if stored is None or stored.by_id is None:
        return stored
    sent = OutboxMessage.objects.filter(
        identity__source=stored.source,
        identity__external_id=stored.external_id,
        files__contains=[{"token": token}],
    )
    return stored if sent.exists() else None


def unreported(visitor: Visitor, status: str, keys: Collection[str]) -> list[str]:
    """Those of the keys that are messages to this visitor, and not known to have come that far."""
    known = [Receipt.READ] if status == "read" else [Receipt.READ, Receipt.DELIVERED]
    return list(_sent(visitor, keys).exclude(receipt__in=known).values_list("external_id", flat=True))


def _sent(visitor: Visitor, keys: Collection[str]) -> QuerySet[OutboxMessage]:
    return OutboxMessage.objects.filter(
        channel=visitor.channel, identity__external_id=visitor.external_id, external_id__in=keys
    )


def _names(actors: set[str]) -> dict[str, str]:
    """What members who wrote are called."""
    ids = [int(actor.removeprefix("member:")) for actor in actors if actor.startswith("member:")]
    return {f"member:{id}": name for id, name in Member.objects.filter(pk__in=ids).values_list("pk", "name")}
