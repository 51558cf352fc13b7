"""Events become part of the history: the one way in, for whatever happened and whoever tells of it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, NamedTuple

from django.db import connection, transaction
from django.utils import timezone
from psycopg.types.json import Jsonb

from seamark.apps.contacts.actions import identities_for
from seamark.apps.timeline import wiring
from seamark.apps.timeline.arrivals import Arrival


class Stored(NamedTuple):
    """An event that was just stored."""

    id: int
    contact_id: int
    identity_id: int
    occurred_at: datetime
    seq: int
    kind: str
    source: str
    source_key: str
    channel: str
    actor: str
    props: Mapping[str, Any]


_INSERT = """
INSERT INTO timeline_event
    (identity_id, occurred_at, seq, kind, source, source_key, channel, actor, props, recorded_at)
SELECT *, %s FROM unnest(
    %s::bigint[], %s::timestamptz[], %s::bigint[], %s::text[], %s::text[], %s::text[], %s::text[], %s::text[],
    %s::jsonb[])
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
    arrivals = [once[key] for key in sorted(once)]
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
    columns: list[list[Any]] = [
        [owner.id for owner in owners],
        [arrival.occurred_at for arrival in arrivals],
        [arrival.seq for arrival in arrivals],
        [arrival.kind for arrival in arrivals],
        [arrival.source for arrival in arrivals],
        [arrival.source_key for arrival in arrivals],
        [arrival.channel for arrival in arrivals],
        [arrival.actor for arrival in arrivals],
        [Jsonb(each) for each in props],
    ]
    with connection.cursor() as cursor:
        cursor.execute(_INSERT, [timezone.now(), *columns])
        new = {(source, source_key): id for id, source, source_key in cursor.fetchall()}
    return [
        Stored(id, owner.contact_id, owner.id, each.occurred_at, *_rest(each), written)
        for each, owner, written in zip(arrivals, owners, props, strict=True)
        if (id := new.get((each.source, each.source_key)))
    ]


def _rest(arrival: Arrival) -> tuple[int, str, str, str, str, str]:
    return arrival.seq, arrival.kind, arrival.source, arrival.source_key, arrival.channel, arrival.actor
