"""Events become part of the history: the one way in, for whatever happened and whoever tells of it."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any

from django.db import connection, transaction
from django.utils import timezone

from seamark.apps.contacts.actions import identities_for
from seamark.apps.timeline import wiring
from seamark.apps.timeline.arrivals import Arrival, Stored
from seamark.apps.timeline.money import in_one_currency

_INSERT = """
INSERT INTO timeline_event
    (identity_id, occurred_at, seq, kind, source, source_key, channel, actor, props, recorded_at)
SELECT *, %s FROM json_to_recordset(%s::json) AS told (
    identity_id bigint, occurred_at timestamptz, seq bigint, kind text, source text, source_key text, channel text,
    actor text, props jsonb)
ON CONFLICT (source, source_key) DO NOTHING
RETURNING id, source, source_key
"""


def record(arrivals: Sequence[Arrival], *, quiet: bool = False) -> list[Stored]:
    """Store events and tell the listeners, all in one transaction; returns those that were new.

    An event whose source and key are known already is not stored again, whatever else it says.
    `quiet`: they happened long ago, and nothing is to be set going by them.
    """
    # The same order in every transaction: two that store the same events wait for each other, and never in a circle.
    once = {(arrival.source, arrival.source_key): arrival for arrival in reversed(arrivals)}
    arrivals = in_one_currency([once[key] for key in sorted(once)])
    if not arrivals:
        return []
    props = wiring.annotator()(arrivals)
    with transaction.atomic():
        stored = _insert(arrivals, props)
        if stored:
            for listener in wiring.listeners():
                listener(stored, quiet)
    return stored


def _insert(arrivals: Sequence[Arrival], props: Sequence[Mapping[str, Any]]) -> list[Stored]:
    identities = identities_for(arrivals)
    owners = [identities[arrival.source, arrival.external_id] for arrival in arrivals]
    rows = [
        {
            "identity_id": owner.id,
            "occurred_at": arrival.occurred_at.isoformat(),
            "seq": arrival.seq,
            "kind": arrival.kind,
            "source": arrival.source,
            "source_key": arrival.source_key,
            "channel": arrival.channel,
            "actor": arrival.actor,
            "props": each,
        }
        for arrival, owner, each in zip(arrivals, owners, props, strict=True)
    ]
    with connection.cursor() as cursor:
        cursor.execute(_INSERT, [timezone.now(), json.dumps(rows, ensure_ascii=False)])
        new = {(source, source_key): id for id, source, source_key in cursor.fetchall()}
    return [
        Stored(id, owner.contact_id, owner.id, each.occurred_at, *_rest(each), written)
        for each, owner, written in zip(arrivals, owners, props, strict=True)
        if (id := new.get((each.source, each.source_key)))
    ]


def _rest(arrival: Arrival) -> tuple[int, str, str, str, str, str]:
    return arrival.seq, arrival.kind, arrival.source, arrival.source_key, arrival.channel, arrival.actor
