"""Who goes back to the public sea, and when."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db.models import Q, QuerySet

from seamark.apps.accounts.access import Reach
from seamark.apps.contacts.models import Ownership
from seamark.apps.contacts.seas import Seas
from seamark.apps.tagging.models import Tag


def neglected(seas: Seas, since: datetime) -> QuerySet[Ownership]:
    """Contacts that nobody has followed up since then and that go back for it, those first who wait longest."""
    if not seas.taken_back_after_days:
        return Ownership.objects.none()
    found = Ownership.objects.filter(_holding(seas.taken_back_tag), followed_up_at__lte=since)
    return found.order_by("followed_up_at", "contact")


def going_back(reached: Reach, seas: Seas, now: datetime) -> QuerySet[Ownership]:
    """Contacts, among those reached, that go back soon, so that their owners are warned; those first that go first."""
    warned_since = now - timedelta(days=seas.taken_back_after_days - seas.warned_days_before)
    return neglected(seas, warned_since).filter(_within(reached))


def _within(reached: Reach) -> Q:
    """The same as `Reach.condition` asks of contacts that have an owner, over the index of `Ownership` where it can."""
    if reached.everyone:
        return Q()
    own = Q(owner=reached.own) if reached.own is not None else Q(pk__in=[])
    return own | Q(contact__team__in=reached.teams) if reached.teams else own


def _holding(tag: str) -> Q:
    """The contacts that hold the tag: nobody where there is no such tag any more, all where none is asked for."""
    if not tag:
        return Q()
    known = Tag.objects.filter(name=tag).values_list("pk", flat=True).first()
    return Q(contact__standing__tags__contains=[known]) if known else Q(pk__in=[])
