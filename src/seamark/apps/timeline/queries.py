"""What happened to a contact, a page at a time."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import NamedTuple

from django.db.models import Q

from seamark.apps.contacts.models import Contact
from seamark.apps.timeline.models import Event

STATUSES = ("message.accepted", "message.delivered", "message.read")
"""What platforms tell of messages on their way."""


class Place(NamedTuple):
    """An event of a history, in the order in which it is read back: newest first."""

    occurred_at: datetime
    id: int


def events_of(
    contact: Contact, *, kind: str = "", before: Place | None = None, after: Place | None = None, most: int
) -> list[Event]:
    """The newest events of the contact, newest first, between two places; of one kind, or of all but statuses."""
    events = Event.objects.filter(identity__contact=contact)
    events = events.filter(kind=kind) if kind else events.exclude(kind__in=STATUSES)
    if before:
        moment, id = before
        events = events.filter(Q(occurred_at__lt=moment) | Q(occurred_at=moment, pk__lt=id))
    if after:
        moment, id = after
        events = events.filter(Q(occurred_at__gt=moment) | Q(occurred_at=moment, pk__gt=id))
    return list(events.order_by("-occurred_at", "-pk")[:most])


def kinds_of(contact: Contact) -> Sequence[str]:
    """The kinds of event that the contact's history has."""
    kinds = Event.objects.filter(identity__contact=contact).order_by("kind")
    return list(kinds.values_list("kind", flat=True).distinct())


def kinds_at(contact: Contact, moments: Collection[datetime]) -> dict[datetime, list[str]]:
    """Of what kinds the events are that happened at exactly these moments."""
    found: dict[datetime, list[str]] = {}
    events = Event.objects.filter(identity__contact=contact, occurred_at__in=moments).exclude(kind__in=STATUSES)
    for moment, kind in events.order_by("kind").values_list("occurred_at", "kind").distinct():
        found.setdefault(moment, []).append(kind)
    return found


def messages_since(contact: Contact, begin: datetime) -> int:
    """How many messages the contact wrote after that moment."""
    events = Event.objects.filter(identity__contact=contact, kind="message.received", occurred_at__gt=begin)
    return events.count()


def first_event_at(contact: Contact) -> datetime | None:
    """When the history begins."""
    events = Event.objects.filter(identity__contact=contact).order_by("occurred_at")
    return events.values_list("occurred_at", flat=True).first()


def statuses_of(contact: Contact, messages: Collection[str]) -> dict[str, str]:
    """How far these messages to the contact, by the platform's ids, are known to have come."""
    if not messages:
        return {}
    told = Event.objects.filter(identity__contact=contact, kind__in=STATUSES, props__message__in=list(messages))
    pairs = sorted(told.values_list("kind", "props__message"), key=lambda pair: STATUSES.index(pair[0]))
    return {message: kind.partition(".")[2] for kind, message in pairs}
