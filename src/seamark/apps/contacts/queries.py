"""What is known of owners and seas."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db.models import QuerySet

from seamark.apps.accounts.access import Reach
from seamark.apps.contacts.models import Contact, OwnerChange, Ownership
from seamark.apps.contacts.seas import Seas


def owner_changes(contact: Contact) -> QuerySet[OwnerChange]:
    """Every change of the contact's owner, the latest first."""
    changes = OwnerChange.objects.filter(contact=contact).select_related("was_owner", "owner", "by")
    return changes.order_by("-pk")


def going_back(reached: Reach, seas: Seas, now: datetime) -> QuerySet[Ownership]:
    """Contacts, among those reached, that go back to the public sea soon; those first that go first."""
    if not seas.taken_back_after_days:
        return Ownership.objects.none()
    warned = now - timedelta(days=seas.taken_back_after_days - seas.warned_days_before)
    found = Ownership.objects.filter(reached.condition("contact__"), followed_up_at__lte=warned)
    return found.order_by("followed_up_at", "contact")
