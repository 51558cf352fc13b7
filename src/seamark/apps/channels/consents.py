"""What contacts allowed, kept as they said it: each yes or no is an event, and a row that the gate asks."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime
from uuid import uuid4

from django.db import connection

from seamark.apps.accounts.models import Member
from seamark.apps.channels.models import Consent, Purpose
from seamark.apps.contacts.actions import desk_identity
from seamark.apps.contacts.models import Contact
from seamark.apps.timeline.arrivals import Arrival, Stored
from seamark.apps.timeline.record import record

KINDS = {"subscribed": True, "unsubscribed": False}


def note_consent(
    *, contact: Contact, purpose: Purpose, is_allowed: bool, how: str, said_at: datetime, by: Member
) -> None:
    """Write down what a contact told a member, such as on the telephone or on a form."""
    identity = desk_identity(contact.pk)
    record(
        [
            Arrival(
                source=identity.source,
                external_id=identity.external_id,
                kind="subscribed" if is_allowed else "unsubscribed",
                occurred_at=said_at,
                source_key=f"consent:{uuid4()}",
                props={"purpose": purpose.value, "how": how},
                actor=f"member:{by.pk}",
            )
        ]
    )


def note(stored: Sequence[Stored], quiet: bool) -> None:
    """Keep what stored events say of consent (`timeline.wiring.Listener`)."""
    told = [
        Consent(
            identity_id=each.identity_id,
            purpose=each.props.get("purpose", Purpose.MARKETING),
            is_allowed=KINDS[each.kind],
            how=str(each.props.get("how", each.source))[:60],
            by_id=_member(each.actor),
            said_at=each.occurred_at,
        )
        for each in stored
        if each.kind in KINDS and each.props.get("purpose", Purpose.MARKETING) in Purpose
    ]
    Consent.objects.bulk_create(told, ignore_conflicts=True)


def _member(actor: str) -> int | None:
    kind, _, id = actor.partition(":")
    return int(id) if kind == "member" and id.isdigit() else None


_NEWEST = """
SELECT contact_id, purpose, bool_and(is_allowed) FROM (
    SELECT DISTINCT ON (identity_id, purpose) identity.contact_id, purpose, is_allowed
    FROM channels_consent JOIN contacts_identity identity ON identity.id = identity_id
    WHERE identity.contact_id = ANY(%s) ORDER BY identity_id, purpose, said_at DESC, is_allowed
) newest GROUP BY 1, 2
"""


def wishes_of(contacts: Collection[int]) -> dict[tuple[int, str], bool]:
    """What these contacts want, by contact and purpose; what nobody said is missing.

    The newest word by each identity counts, and one no among them is a no: who opted out by one way has to come back
    by that way.
    """
    with connection.cursor() as cursor:
        cursor.execute(_NEWEST, [list(contacts)])
        return {(contact, purpose): is_allowed for contact, purpose, is_allowed in cursor.fetchall()}
