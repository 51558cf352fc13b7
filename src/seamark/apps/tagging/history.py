"""Histories out of the database, typed as a rulebook reads them."""

from __future__ import annotations

import json
import logging
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from itertools import groupby
from typing import Any, NamedTuple, Protocol
from zoneinfo import ZoneInfo

from django.db import connection

from seamark.engine.errors import Unreadable
from seamark.engine.events import Event, Reads, distinct_events
from seamark.engine.kinds import HAND_KINDS
from seamark.engine.moments import as_moment
from seamark.engine.replay import History
from seamark.histories.annotation import Reader

log = logging.getLogger(__name__)


UNDOES = "undoes"
"""The prop of a hand that takes back what a batch did, with the batch's number."""


class Undoing(Protocol):
    """What may be such an event."""

    @property
    def kind(self) -> str: ...
    @property
    def props(self) -> Mapping[str, Any]: ...


class Written(NamedTuple):
    """An event as it is stored."""

    contact_id: int
    occurred_at: datetime
    seq: int
    kind: str
    source: str
    source_key: str
    channel: str
    actor: str
    props: Mapping[str, Any]


_HISTORIES = """
SELECT identity.contact_id, occurred_at, seq, kind, event.source, source_key, channel, actor, props
FROM timeline_event event JOIN contacts_identity identity ON identity.id = event.identity_id
WHERE identity.contact_id = ANY(%s) AND kind = ANY(%s)
ORDER BY identity.contact_id
"""


def histories(
    contacts: Collection[int],
    reads: Reads,
    zone: ZoneInfo,
    reader: Reader | None = None,
    *,
    without_undone: bool = False,
) -> Iterator[tuple[int, History]]:
    """The histories of these contacts, by id; with a reader, as it reads their texts, and not as they were read.

    `without_undone`: as if the batches had never been that were undone (`counting`).
    """
    ids = sorted(contacts)
    with connection.cursor() as cursor:
        cursor.execute("SELECT id, fields FROM contacts_contact WHERE id = ANY(%s)", [ids])
        fields = {id: loaded(written) for id, written in cursor.fetchall()}
        cursor.execute(_HISTORIES, [ids, list(reads.props)])
        rows = [Written._make((*row[:-1], loaded(row[-1]))) for row in cursor.fetchall()]
    if without_undone:
        rows = counting(rows)
    if reader:
        props = reader([dict(row.props) for row in rows])
        rows = [row._replace(props=read) for row, read in zip(rows, props, strict=True)]
    events = {id: list(typed(group, reads, zone)) for id, group in groupby(rows, key=lambda row: row.contact_id)}
    for id in ids:
        if id in fields:
            known = _fields(fields[id], reads, zone, id)
            yield id, History(str(id), distinct_events(events.get(id, ()), reads), known)


def counting(rows: Sequence[Written]) -> list[Written]:
    """Without the hands of batches that were undone, and without those that undid them.

    What is held by the others now is the same (undoing sees to that); since when is what it was before the batch.
    """
    undone = {(row.contact_id, batch) for row in rows if (batch := undoes(row))}
    return [
        row
        for row in rows
        if row.kind not in HAND_KINDS or not (undoes(row) or (row.contact_id, row.props.get("batch")) in undone)
    ]


def undoes(row: Undoing) -> int | None:
    """The batch that this event takes back for its contact."""
    return row.props.get(UNDOES) if row.kind in HAND_KINDS else None


def typed(rows: Iterable[Any], reads: Reads, zone: ZoneInfo) -> Iterator[Event]:
    """Stored events as the rulebook reads them; one that it cannot read is left out, and that is logged."""
    for row in rows:
        if row.kind not in reads.props:
            continue
        written = {**row.props, "channel": row.channel, "actor": row.actor}
        moment, id = as_moment(row.occurred_at), f"{row.source}:{row.source_key}"
        try:
            yield reads.event(str(row.contact_id), moment, row.kind, written, zone, id=id, seq=row.seq)
        except Unreadable:
            log.warning("event.unreadable", extra={"source": row.source, "source_key": row.source_key})


def _fields(written: Mapping[str, object], reads: Reads, zone: ZoneInfo, contact: int) -> dict[str, Any]:
    try:
        return reads.fields_of(written, zone)
    except Unreadable as error:
        log.warning("field.unreadable", extra={"contact": contact, "field": str(error).partition(":")[0]})
        readable: dict[str, Any] = {}
        for name, value in written.items():
            try:
                readable |= reads.fields_of({name: value}, zone)
            except Unreadable:
                continue
        return readable


def loaded(value: Any) -> Any:
    """JSON as the driver hands it over: Django reads it in its models alone."""
    return json.loads(value) if isinstance(value, str) else value
