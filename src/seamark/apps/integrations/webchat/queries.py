"""What a visitor may see of the conversation: messages, and nothing else."""

from __future__ import annotations

from typing import Any

from seamark.apps.accounts.models import Member
from seamark.apps.contacts.models import Identity
from seamark.apps.integrations.webchat.visitors import Visitor
from seamark.apps.timeline.models import Event

SHOWN = 200
KINDS = ("message.received", "message.sent")


def identity_of(visitor: Visitor) -> Identity | None:
    """The visitor's identity; None before the first message."""
    return Identity.objects.filter(source=visitor.channel.source_id, external_id=visitor.external_id).first()


def conversation(identity: Identity | None, after: int = 0) -> list[dict[str, Any]]:
    """The latest messages after the one of that id, oldest first."""
    if identity is None:
        return []
    events = Event.objects.filter(identity=identity, kind__in=KINDS, pk__gt=after).order_by("-occurred_at", "-pk")
    shown = list(reversed(events[:SHOWN]))
    names = _names({event.actor for event in shown})
    return [
        {
            "id": event.pk,
            "key": event.source_key,
            "mine": event.kind == "message.received",
            "text": event.props.get("text", ""),
            "by": names.get(event.actor, ""),
            "at": event.occurred_at.isoformat(),
        }
        for event in shown
    ]


def _names(actors: set[str]) -> dict[str, str]:
    """What members who wrote are called."""
    ids = [int(actor.removeprefix("member:")) for actor in actors if actor.startswith("member:")]
    return {f"member:{id}": name for id, name in Member.objects.filter(pk__in=ids).values_list("pk", "name")}
