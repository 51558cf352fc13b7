"""The synthetic histories as typed events in memory, for what takes them one by one."""

from __future__ import annotations

from benchmarks.rulebook import ZONE
from benchmarks.synthetic import made
from seamark.engine.events import Event, Reads
from seamark.engine.replay import History


def typed_events(count: int, reads: Reads) -> list[Event]:
    """So many events of a tenth as many contacts, contact by contact and in order."""
    table = made(count)
    moments = table["occurred_at"].cast("int64").to_pylist()
    rows = table.drop(["occurred_at"]).to_pylist()
    return [
        reads.event(row.pop("contact"), moment, row.pop("kind"), row, ZONE)
        for moment, row in zip(moments, rows, strict=True)
    ]


def as_they_happen(count: int, reads: Reads) -> list[Event]:
    """The same in the order of their moments, contacts interleaved."""
    return sorted(typed_events(count, reads), key=lambda event: event.occurred_at)


def histories(count: int, reads: Reads) -> list[History]:
    """The same as histories."""
    by_contact: dict[str, list[Event]] = {}
    for event in typed_events(count, reads):
        by_contact.setdefault(event.contact, []).append(event)
    return [History(contact, events, {}) for contact, events in by_contact.items()]
