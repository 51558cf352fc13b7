"""What is known of owners."""

from __future__ import annotations

from django.db.models import QuerySet

from seamark.apps.contacts.models import Contact, OwnerChange


def owner_changes(contact: Contact) -> QuerySet[OwnerChange]:
    """Every change of the contact's owner, the latest first."""
    changes = OwnerChange.objects.filter(contact=contact).select_related("was_owner", "owner", "by")
    return changes.order_by("-pk")
