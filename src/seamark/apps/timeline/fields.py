"""Fields of contacts follow the events that change them."""

from __future__ import annotations

from collections.abc import Sequence

from django.db import connection

from seamark.apps.timeline.record import Stored

KIND = "field.changed"

_NEWEST = """
WITH held AS (SELECT id FROM contacts_contact WHERE id = ANY(%s) ORDER BY id FOR NO KEY UPDATE)
UPDATE contacts_contact contact SET fields = contact.fields || told.fields FROM (
    SELECT contact_id, jsonb_object_agg(field, new) AS fields FROM (
        SELECT DISTINCT ON (contact_id, field) contact_id, props ->> 'field' AS field, props -> 'new' AS new
        FROM timeline_event event JOIN contacts_identity identity ON identity.id = event.identity_id
        WHERE contact_id = ANY(%s) AND kind = 'field.changed' AND props ->> 'field' <> ''
        ORDER BY contact_id, field, occurred_at DESC, seq DESC, event.id DESC
    ) newest GROUP BY contact_id
) told, held WHERE contact.id = contact_id AND held.id = contact_id
"""
"""Rows are locked in the order of their ids, as whoever moves contacts to other owners does."""


def note(stored: Sequence[Stored], quiet: bool) -> None:
    """Keep what contacts' fields hold now (`timeline.wiring.Listener`): the newest change, whichever came last."""
    contacts = sorted({each.contact_id for each in stored if each.kind == KIND})
    if contacts:
        with connection.cursor() as cursor:
            cursor.execute(_NEWEST, [contacts, contacts])
