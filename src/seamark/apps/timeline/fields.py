"""Fields of contacts follow the events that change them."""

from __future__ import annotations

from collections.abc import Sequence

from django.db import connection

from seamark.apps.timeline.arrivals import FIELD_CHANGED, Stored

KIND = FIELD_CHANGED

_NEWEST = """
WITH held AS (SELECT id FROM contacts_contact WHERE id = ANY(%s) ORDER BY id FOR NO KEY UPDATE)
UPDATE contacts_contact contact SET fields = (contact.fields - told.beside) || told.fields || told.amounts FROM (
    SELECT contact_id, jsonb_object_agg(field, new) AS fields, array_agg(field || '_told') AS beside,
        coalesce(jsonb_object_agg(field || '_told', told) FILTER (WHERE told IS NOT NULL), '{}') AS amounts
    FROM (
        SELECT DISTINCT ON (contact_id, field) contact_id, props ->> 'field' AS field, props -> 'new' AS new,
            props -> 'told' AS told
        FROM timeline_event event JOIN contacts_identity identity ON identity.id = event.identity_id
        WHERE contact_id = ANY(%s) AND kind = 'field.changed' AND props ->> 'field' <> ''
        ORDER BY contact_id, field, occurred_at DESC, seq DESC, event.id DESC
    ) newest GROUP BY contact_id
) told, held WHERE contact.id = contact_id AND held.id = contact_id
"""
"""Rows are locked in the order of their ids, as whoever moves contacts to other owners does.

What an amount was told as stands beside it, as `budget_told` beside `budget` (`money`).
"""


def note(stored: Sequence[Stored], quiet: bool) -> None:
    """Keep what contacts' fields hold now (`timeline.wiring.Listener`): the newest change, whichever came last."""
    follow(sorted({each.contact_id for each in stored if each.kind == KIND}))


def follow(contacts: list[int]) -> None:
    """Let the fields of these contacts hold what their newest changes say."""
    if contacts:
        with connection.cursor() as cursor:
            cursor.execute(_NEWEST, [contacts, contacts])
