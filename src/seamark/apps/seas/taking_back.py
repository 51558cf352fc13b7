"""Contacts whose owners do not follow up go back to the public sea."""

from __future__ import annotations

from datetime import timedelta

from django.db import transaction
from django.utils import timezone

from seamark.apps.accounts.organisation import setting
from seamark.apps.contacts.models import Contact
from seamark.apps.contacts.ownership import Reason, give
from seamark.apps.contacts.seas import Seas
from seamark.apps.seas.queries import neglected


@transaction.atomic
def take_back_due(at_most: int = 500) -> int:
    """Take back contacts that are due and that nobody else is moving; returns how many."""
    seas = setting(Seas)
    due = neglected(seas, timezone.now() - timedelta(days=seas.taken_back_after_days))
    found = list(due.values_list("contact", flat=True)[:at_most])
    free = Contact.objects.select_for_update(of=["self"], no_key=True, skip_locked=True).filter(pk__in=found)
    ours = list(free.order_by("pk").values_list("pk", flat=True))
    # Now that they are ours, look again: an owner may have followed up, or changed, while we looked.
    contacts = list(due.filter(contact__in=ours).values_list("contact", flat=True))
    return len(give(contacts=contacts, to=None, by=None, reason=Reason.TAKEN_BACK).moved) if contacts else 0
