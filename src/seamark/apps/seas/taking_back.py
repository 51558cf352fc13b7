"""Contacts whose owners do not follow up go back to the public sea."""

from __future__ import annotations

from datetime import timedelta

from django.db import connection, transaction
from django.utils import timezone

from seamark.apps.accounts.organisation import setting
from seamark.apps.contacts.models import Ownership
from seamark.apps.contacts.ownership import Reason, give
from seamark.apps.contacts.seas import Seas

_NEGLECTED = """
SELECT contact.id FROM contacts_ownership JOIN contacts_contact contact ON contact.id = contact_id
WHERE followed_up_at <= %s ORDER BY followed_up_at LIMIT %s FOR NO KEY UPDATE OF contact SKIP LOCKED
"""


@transaction.atomic
def take_back_due(at_most: int = 500) -> int:
    """Take back contacts that are due and that nobody else is moving; returns how many."""
    seas = setting(Seas)
    if not seas.taken_back_after_days:
        return 0
    neglected_since = timezone.now() - timedelta(days=seas.taken_back_after_days)
    with connection.cursor() as cursor:
        cursor.execute(_NEGLECTED, [neglected_since, at_most])
        found = [id for (id,) in cursor.fetchall()]
    # Now that they are ours, look again: an owner may have followed up, or changed, while we waited.
    due = Ownership.objects.filter(pk__in=found, followed_up_at__lte=neglected_since)
    contacts = list(due.values_list("pk", flat=True))
    return len(give(contacts=contacts, to=None, by=None, reason=Reason.TAKEN_BACK).moved) if contacts else 0
