"""Contacts who write from the public sea are allocated by themselves, where that is set so."""

from __future__ import annotations

from collections.abc import Sequence

from django.db import connection, transaction

from seamark.apps.accounts.organisation import setting
from seamark.apps.seas.allocation import Allocation, Way, allocate
from seamark.apps.seas.models import Arrival
from seamark.apps.seas.taking_back import take_back_due
from seamark.apps.timeline.arrivals import Stored

_WAIT = """
WITH waiting AS (
    INSERT INTO seas_arrival (contact_id) SELECT id FROM contacts_contact WHERE id = ANY(%s) AND owner_id IS NULL
    ORDER BY id ON CONFLICT DO NOTHING RETURNING contact_id)
SELECT pg_notify('seas', '') FROM waiting LIMIT 1
"""


def note(stored: Sequence[Stored], quiet: bool) -> None:
    """Remember those who wrote and have no owner (`timeline.wiring.Listener`); the worker allocates them."""
    wrote = sorted({each.contact_id for each in stored if each.kind == "message.received"})
    if wrote and not quiet and setting(Allocation).by_itself:
        with connection.cursor() as cursor:
            cursor.execute(_WAIT, [wrote])


@transaction.atomic
def allocate_arrived(at_most: int = 200) -> int:
    """Allocate those who wait; returns how many were looked at. Whoever nobody can take stays in the public sea."""
    waiting = Arrival.objects.select_for_update(skip_locked=True).order_by("pk")[:at_most]
    contacts = [each.pk for each in waiting]
    allocation = setting(Allocation)
    if contacts and allocation.by_itself:
        allocate(contacts=contacts, way=Way(allocation.by_itself), by=None, old_first=allocation.old_first)
    Arrival.objects.filter(pk__in=contacts).delete()
    return len(contacts)


def keep_seas() -> int:
    """One step of the worker: what is due in the seas; returns how much it was."""
    return allocate_arrived() + take_back_due()
