"""The exact times of tags: the online evaluator driven over a history from edge to edge."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import groupby
from multiprocessing import get_context
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

from seamark.engine.events import Event, Held, Reads, from_canonical
from seamark.engine.kinds import FIELD_KIND
from seamark.engine.online import Online, State
from seamark.engine.plan import Plan

CONTACTS_A_PARCEL = 500
"""How many contacts are handed to a process at once: enough that handing over costs little."""


class Span(NamedTuple):
    """A tag held from `entered_at` until just before `left_at`."""

    contact: str
    tag: str
    entered_at: int | None
    """None: since before the history began."""
    left_at: int | None
    """None: still, at the end of the replay."""


class History(NamedTuple):
    """All that is known of a contact: events in order, each once (`distinct_events`), and typed fields."""

    contact: str
    events: Sequence[Event]
    fields: Mapping[str, Held]


def timeline(online: Online, history: History, begin: int, end: int) -> list[Span]:
    """When each tag was held, from `begin` to `end` (both moments included), in order of entering.

    `begin` lies before the contact's first event; tags held at `begin` have no `entered_at`.
    """
    state = online.state(fields_before(history, online.plan.reads))
    spans: list[Span] = []
    held: dict[str, int | None] = dict.fromkeys(online.verdict(state, begin).tags)
    for moment, tags in changes(online, state, history.events, end):
        for gone in held.keys() - tags:
            spans.append(Span(history.contact, gone, held.pop(gone), moment))
        for tag in tags:
            held.setdefault(tag, moment)
    spans += [Span(history.contact, tag, entered_at, None) for tag, entered_at in held.items()]
    return sorted(spans, key=lambda span: (span.entered_at is not None, span.entered_at or 0, span.tag))


def changes(online: Online, state: State, events: Iterable[Event], end: int) -> Iterator[tuple[int, tuple[str, ...]]]:
    """Bring a state forward to `end`: each moment at which its tags change, and the tags held from then on.

    `events` are in order, and none lies before the state's last verdict; those after `end` are left out.
    The state's last verdict is then at its last event or edge, not at `end`.
    """
    shown = state.tags
    moments = groupby((event for event in events if event.occurred_at <= end), key=lambda event: event.occurred_at)
    coming = next(moments, None)
    while True:
        moment = min(state.until, coming[0] if coming else end + 1)
        if moment > end:
            return
        if coming and coming[0] == moment:
            for event in coming[1]:
                online.fold(state, event)
            coming = next(moments, None)
        tags = online.step(state, moment, coming[0] if coming else end)
        if tags is not shown and tags != shown:
            yield moment, tags
            shown = tags


def fields_before(history: History, reads: Reads) -> dict[str, Held]:
    """The fields before the first event: where a field was changed, the `old` of its earliest change."""
    fields = dict(history.fields)
    settled: set[str] = set()
    for event in history.events:
        name = str(event.props.get("field"))
        if event.kind == FIELD_KIND and name in reads.fields and name not in settled:
            settled.add(name)
            old = from_canonical(_text(event.props.get("old")), reads.fields[name])
            fields.pop(name, None)
            if old is not None:
                fields[name] = old
    return fields


def _text(value: Held | None) -> str | None:
    return value if isinstance(value, str) else None


def replay(
    plan: Plan, zone: ZoneInfo, histories: Iterable[History], begin: int, end: int, processes: int = 1
) -> Iterator[list[Span]]:
    """The timelines of all contacts, a parcel of contacts at a time, in the order given."""
    parcels = _parcels(histories)
    if processes == 1:
        online = Online(plan, zone)
        for parcel in parcels:
            yield [span for history in parcel for span in timeline(online, history, begin, end)]
        return
    with get_context("spawn").Pool(processes, _begin_process, (plan, zone, begin, end)) as pool:
        for columns in pool.imap(_replay_parcel, map(_packed, parcels)):
            yield [Span._make(row) for row in zip(*columns, strict=True)]


def _parcels(histories: Iterable[History]) -> Iterator[list[History]]:
    parcel: list[History] = []
    for history in histories:
        parcel.append(history)
        if len(parcel) == CONTACTS_A_PARCEL:
            yield parcel
            parcel = []
    if parcel:
        yield parcel


_process: tuple[Online, int, int]


def _begin_process(plan: Plan, zone: ZoneInfo, begin: int, end: int) -> None:
    global _process
    _process = (Online(plan, zone), begin, end)


Packed = tuple[str, list[tuple[Any, ...]], Mapping[str, Held]]
"""A history with its events as columns: on the way to another process these take half the time of rows."""


def _packed(parcel: list[History]) -> list[Packed]:
    return [(contact, list(zip(*events, strict=True)), fields) for contact, events, fields in parcel]


def _replay_parcel(parcel: list[Packed]) -> list[tuple[Any, ...]]:
    """The columns of the spans."""
    online, begin, end = _process
    spans: list[Span] = []
    for contact, columns, fields in parcel:
        events = [Event._make(row) for row in zip(*columns, strict=True)]
        spans += timeline(online, History(contact, events, fields), begin, end)
    return list(zip(*spans, strict=True))


def held_at(spans: Iterable[Span], moment: int) -> set[str]:
    """The tags held at a moment, of spans of one contact."""
    return {span.tag for span in spans if covers(span, moment)}


def covers(span: Span, moment: int) -> bool:
    """Whether the tag was held at the moment."""
    return (span.entered_at is None or span.entered_at <= moment) and (span.left_at is None or moment < span.left_at)
