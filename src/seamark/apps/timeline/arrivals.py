"""What a delivery is read into: events with the identity each belongs to, on their way to the history and in it."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

from seamark.apps.timeline.models import Delivery
from seamark.engine.errors import Unreadable
from seamark.engine.moments import as_datetime, parse_moment

FIELD_CHANGED = "field.changed"


@dataclass(frozen=True)
class Arrival:
    """An event that is not stored yet."""

    source: str
    external_id: str
    """The identity, as the source knows it."""
    kind: str
    occurred_at: datetime
    source_key: str
    """Of arrivals with one source and key only the first is stored, ever."""
    props: Mapping[str, Any] = field(default_factory=dict)
    channel: str = ""
    actor: str = ""
    seq: int = 0
    name: str = ""
    """What the source calls the contact; empty where it does not say."""
    is_verified: bool = False
    also: Sequence[str] = ()
    """What else the source calls the same contact: other external ids, which become identities too."""


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


Reader = Callable[[Delivery], Sequence[Arrival]]
"""Reads one delivery whole. Raises `Unreadable`, with the reason, for one that is to be set aside."""


def read_native(delivery: Delivery) -> list[Arrival]:
    """Seamark's own form: `{"events": [{contact, occurred_at, kind, id, …, props}]}`, as `/api/v1/events` takes it."""
    written = json.loads(bytes(delivery.body))
    return [_native(delivery.source, event) for event in written["events"]]


def _native(source: str, written: Mapping[str, Any]) -> Arrival:
    try:
        moment, _ = parse_moment(written["occurred_at"], ZoneInfo("UTC"))
        return Arrival(
            source=source,
            external_id=str(written["contact"]),
            kind=str(written["kind"]),
            occurred_at=as_datetime(moment).astimezone(UTC),
            source_key=str(written["id"]),
            props=written.get("props") or {},
            channel=str(written.get("channel") or ""),
            actor=str(written.get("actor") or ""),
            seq=int(written.get("seq") or 0),
            name=str(written.get("name") or ""),
        )
    except KeyError as missing:
        raise Unreadable(f"an event lacks {missing}") from None
