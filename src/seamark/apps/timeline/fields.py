"""Fields of contacts follow the events that change them."""

from __future__ import annotations

from collections.abc import Sequence

from django.db import connection

from seamark.apps.timeline.record import Stored

KIND = "field.changed"

_NEWEST = """
UPDATE contacts_contact contact SET fields = contact.fields || told.fields FROM (
    SELECT contact_id, jsonb_object_agg(field, new) AS fields FROM (
        SELECT DISTINCT ON (contact_id, field) contact_id, props ->> 'field' AS field, props -> 'new' AS new
        FROM timeline_event event JOIN contacts_identity identity ON identity.id = event.identity_id
        WHERE contact_id = ANY(%s) AND kind = 'field.changed' AND props ->> 'field' <> ''
        ORDER BY contact_id, field, occurred_at DESC, seq DESC, event.id DESC
    ) newest GROUP BY contact_id
) told WHERE id = contact_id
"""


def note(stored: Sequence[Stored], quiet: bool) -> None:
    """Keep what contacts' fields hold now (`timeline.wiring.Listener`): the newest change, whichever came last."""
    contacts = sorted({each.contact_id for each in stored if each.kind == KIND})
    if contacts:
        with connection.cursor() as cursor:
            cursor.execute(_NEWEST, [contacts])
