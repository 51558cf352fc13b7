"""An event as evaluators see it, and how written values become typed ones."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from functools import cached_property
from typing import NamedTuple
from zoneinfo import ZoneInfo

from seamark.engine.errors import Unreadable
from seamark.engine.kinds import FIELD_KIND, LOCAL_PROPS, Type
from seamark.engine.moments import (
    as_datetime,
    local_hour,
    local_month,
    local_weekday,
    parse_day,
    parse_moment,
)
from seamark.engine.units import SCALE, number

Held = int | str | tuple[str, ...] | tuple[int | None, int | None]
"""A typed value: see `kinds.Type`."""

UTC = ZoneInfo("UTC")


class Event(NamedTuple):
    """Something that happened to a contact. `props` holds typed values, `channel` and `actor` among them."""

    contact: str
    occurred_at: int
    kind: str
    props: Mapping[str, Held]
    id: str = ""
    seq: int = 0


OrderKey = tuple[int, int, str, str, tuple[tuple[bool, Held], ...]]


@dataclass(frozen=True)
class Reads:
    """What a rulebook reads of events and contacts; all else is never looked at."""

    props: Mapping[str, Mapping[str, Type]] = field(default_factory=dict)
    """kind → prop → type, local props (`hour`, `weekday`, `month`) among them."""
    fields: Mapping[str, Type] = field(default_factory=dict)

    def event(
        self,
        contact: str,
        occurred_at: int,
        kind: str,
        written: Mapping[str, object],
        zone: ZoneInfo,
        *,
        id: str = "",
        seq: int = 0,
    ) -> Event:
        """The event with the props that are read, typed. Raises `Unreadable` naming the prop."""
        return Event(contact, occurred_at, kind, self.props_of(kind, occurred_at, written, zone), id, seq)

    def props_of(self, kind: str, occurred_at: int, written: Mapping[str, object], zone: ZoneInfo) -> dict[str, Held]:
        """The typed props of an event; absent ones are left out."""
        held: dict[str, Held] = {}
        for name, type_ in self.props.get(kind, {}).items():
            if name in LOCAL_PROPS:
                held[name] = local_prop(name, occurred_at, zone)
                continue
            value = read_named(name, written.get(name), type_, zone)
            if value is not None:
                held[name] = value
        if kind == FIELD_KIND:
            self._settle_change(held, written, zone)
        return held

    def _settle_change(self, held: dict[str, Held], written: Mapping[str, object], zone: ZoneInfo) -> None:
        """`old` and `new` of a field that is read, in the canonical text of its type."""
        type_ = self.fields.get(str(held.get("field", "")))
        for side in ("old", "new") if type_ else ():
            value = read_named(side, written.get(side), type_, zone)  # type: ignore[arg-type]
            held.pop(side, None)
            if value is not None:
                held[side] = canonical_text(value)

    def fields_of(self, written: Mapping[str, object], zone: ZoneInfo) -> dict[str, Held]:
        """The typed fields of a contact; absent ones are left out."""
        named = ((name, read_named(name, written.get(name), type_, zone)) for name, type_ in self.fields.items())
        return {name: value for name, value in named if value is not None}

    def order_key(self, event: Event) -> OrderKey:
        """The place of an event in its history: moment, seq, id, kind, then the props that are read.

        Two events alike in all of these cannot be told apart by the rulebook.
        """
        props = event.props
        held = tuple([(name in props, props.get(name, 0)) for name in self._sorted_names.get(event.kind, ())])
        return event.occurred_at, event.seq, event.id, event.kind, held

    @cached_property
    def _sorted_names(self) -> dict[str, tuple[str, ...]]:
        return {kind: tuple(sorted(props)) for kind, props in self.props.items()}


def canonical_text(value: Held) -> str:
    """A typed value as text: whole numbers, lists and ranges between semicolons.

    >>> canonical_text(("tea", "cups")), canonical_text((None, 25000)), canonical_text(20240229)
    ('tea;cups', ';25000', '20240229')
    """
    if isinstance(value, tuple):
        return ";".join("" if part is None else str(part) for part in value)
    return str(value)


def from_canonical(text: str | None, type_: Type) -> Held | None:
    """The typed value of a canonical text; None when empty.

    >>> from_canonical(";25000", "range"), from_canonical("", "number")
    ((None, 25000), None)
    """
    if not text:
        return None
    if type_ == "list":
        return tuple(text.split(";"))
    if type_ == "range":
        low, _, high = text.partition(";")
        return (int(low) if low else None, int(high) if high else None)
    return text if type_ == "text" else int(text)


def distinct_events(events: Iterable[Event], reads: Reads) -> list[Event]:
    """The events in order, each (contact, id) once: of several, the first in order is kept."""
    kept: list[Event] = []
    seen: set[tuple[str, str]] = set()
    for event in sorted(events, key=reads.order_key):
        if event.id:
            if (event.contact, event.id) in seen:
                continue
            seen.add((event.contact, event.id))
        kept.append(event)
    return kept


def local_prop(name: str, occurred_at: int, zone: ZoneInfo) -> int:
    """`hour`, `weekday` or `month` of a moment in a zone, as a number in ten-thousandths."""
    offset = as_datetime(occurred_at, zone).utcoffset()
    assert offset is not None
    shift = offset.days * 86_400_000_000 + offset.seconds * 1_000_000
    reading = {"hour": local_hour, "weekday": local_weekday, "month": local_month}[name]
    return reading(occurred_at, shift) * SCALE


def read_named(name: str, written: object, type_: Type, zone: ZoneInfo) -> Held | None:
    """`read_value` that says which prop or field it was."""
    try:
        return read_value(written, type_, zone)
    except Unreadable as error:
        raise Unreadable(f"{name}: {error}") from None


def read_value(written: object, type_: Type, zone: ZoneInfo = UTC) -> Held | None:
    """A written value (text of a cell, or a value of JSON) as its type; None when absent or empty.

    >>> read_value("500_000", "number"), read_value("tea; cups", "list"), read_value(" ", "text")
    (5000000000, ('tea', 'cups'), None)
    """
    if isinstance(written, str):
        written = written.strip()
    if written is None or written == "" or written == [] or written == ():
        return None
    match type_:
        case "number":
            if not isinstance(written, str | int | float | Decimal):
                raise Unreadable(f"{written!r} is not a number")
            return number(written)
        case "text":
            return _text(written)
        case "date":
            return parse_day(_text(written))
        case "moment":
            return parse_moment(_text(written), zone)[0]
        case "list":
            return _texts(written)
        case "range":
            return _range(written)


def _text(written: object) -> str:
    if isinstance(written, str):
        return written
    if isinstance(written, bool):
        return "true" if written else "false"
    if isinstance(written, list | dict):
        return json.dumps(written, ensure_ascii=False, sort_keys=True, default=str)
    return str(written)


def _texts(written: object) -> tuple[str, ...] | None:
    parts = [written] if isinstance(written, str) else written
    if not isinstance(parts, list | tuple):
        raise Unreadable(f"{written!r} is not a list; write texts between semicolons")
    texts = (text.strip() for part in parts if part is not None for text in _text(part).split(";"))
    return tuple(filter(None, texts)) or None


def _range(written: object) -> tuple[int | None, int | None] | None:
    """`low-high`, `low-`, `..high` (a leading hyphen is a minus), one number, [low, high] or {low, high}."""
    if isinstance(written, Mapping):
        low, high = written.get("low"), written.get("high")
    elif isinstance(written, list | tuple) and len(written) == 2:
        low, high = written
    elif isinstance(written, str) and (parts := _range_parts(written)):
        low, high = parts
    else:
        low = high = written
    ends = tuple(None if end in (None, "") else _number(end) for end in (low, high))
    if ends[0] is not None and ends[1] is not None and ends[0] > ends[1]:
        raise Unreadable(f"{written!r} is not a range: its low end is above its high end")
    return (ends[0], ends[1]) if ends != (None, None) else None


def _range_parts(written: str) -> tuple[str, str] | None:
    for dash in ("..", "–", "~", "-"):
        low, found, high = written.partition(dash)
        if found and (low.strip() or dash != "-"):
            return low.strip(), high.strip()
    return None


def _number(written: object) -> int:
    if not isinstance(written, str | int | float | Decimal):
        raise Unreadable(f"{written!r} is not a number")
    return number(written)
