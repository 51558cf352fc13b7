"""Tags kept true: where contacts stand is judged again when something happens, and when time has passed."""

from __future__ import annotations

import json
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache
from typing import NamedTuple

from django.conf import settings
from django.db import connection, transaction
from django.utils import timezone
from django.utils.module_loading import import_string

from seamark.apps.contacts.news import tell_changed
from seamark.apps.tagging import states
from seamark.apps.tagging.history import histories, typed, undoes
from seamark.apps.tagging.judging import Change, Held, Judgement, afresh, continued, forward
from seamark.apps.tagging.models import TagChange
from seamark.apps.tagging.rulebooks import ORGANISATION_ZONE, Live, live_rulebook
from seamark.apps.timeline.arrivals import Stored
from seamark.engine.events import Event
from seamark.engine.kinds import HAND_KINDS
from seamark.engine.moments import as_datetime, as_moment
from seamark.engine.online import State
from seamark.engine.replay import History

Cause = TagChange.Cause

STEP = 500
"""Contacts that are judged anew in one transaction."""


@dataclass
class Row:
    """A locked standing."""

    contact_id: int
    version_id: int | None
    state: bytes | None
    held: dict[int, datetime | None]


class Changed(NamedTuple):
    """A change of a tag, as it was just written down."""

    id: int
    """Of its `TagChange`: whatever is set going by it is keyed by this."""
    contact_id: int
    tag: str
    """Empty: a tag that the live rulebook no longer has."""
    entered: bool
    cause: str
    changed_at: datetime


class Judged(NamedTuple):
    """What came of judging a contact."""

    judgement: Judgement
    cause: TagChange.Cause
    before: Held
    """The tags held until then."""
    published: Sequence[Change] = ()
    """Changes that come of another rulebook, before those of the judgement."""


@cache
def listeners() -> tuple[Callable[[Sequence[Changed]], None], ...]:
    """Who is told of changes, in order."""
    return tuple(import_string(path) for path in settings.TAG_LISTENERS)


def retag(stored: Sequence[Stored], quiet: bool) -> None:
    """Judge the contacts of events that were just stored, in their transaction."""
    live = live_rulebook()
    latest: dict[int, datetime] = {}
    for each in stored:
        if each.kind not in HAND_KINDS:  # what members say of tags is no news of the contact
            latest[each.contact_id] = max(each.occurred_at, latest.get(each.contact_id, each.occurred_at))
    events: dict[int, list[Event]] = {each.contact_id: [] for each in stored}
    rows = lock(events)
    if live is None:
        _note_events(latest)
        return
    for event in typed(stored, live.plan.reads, ORGANISATION_ZONE):
        events[int(event.contact)].append(event)
    cause = Cause.QUIET if quiet else Cause.EVENT
    judge(live, rows, events, timezone.now(), cause, latest, {each.contact_id for each in stored if undoes(each)})


def judge(
    live: Live,
    rows: Sequence[Row],
    events: Mapping[int, Sequence[Event]],
    now: datetime,
    cause: TagChange.Cause,
    latest: Mapping[int, datetime] | None = None,
    anew: Collection[int] = (),
) -> None:
    """Judge locked standings, with these new events of each, and write down what came of it.

    `anew`: contacts to be judged from their beginning, since a batch was undone or an event is read otherwise. What
    changes by that changes now, whenever it is held since.
    """
    moment = as_moment(now)
    judged: dict[int, Judged] = {}
    others: dict[int, Row] = {}
    for row in rows:
        state = _state_of(live, row) if row.contact_id not in anew else None
        held = _named(row.held, live)
        found = forward(live.online, state, held, events.get(row.contact_id, ()), moment) if state else None
        if found:
            judged[row.contact_id] = Judged(found, cause, held)
        else:
            others[row.contact_id] = row
    if others:
        for contact, history in histories(others, live.plan.reads, ORGANISATION_ZONE, without_undone=True):
            whole = _from_history(live, others[contact], history, events.get(contact, ()), moment, cause)
            if contact in anew:
                whole.judgement.changes = [each._replace(moment=moment) for each in whole.judgement.changes]
            judged[contact] = whole
    _write(live, judged, latest or {}, now)


def judge_anew(contacts: Collection[int]) -> None:
    """Judge these from their beginning, since what is read in their events has changed; no reaction runs by it."""
    live, ids = live_rulebook(), sorted(contacts)
    while live and ids:
        some, ids = ids[:STEP], ids[STEP:]
        with transaction.atomic():
            judge(live, lock(some), {}, timezone.now(), Cause.QUIET, anew=some)


def _state_of(live: Live, row: Row) -> State | None:
    """The state that the live plan left, for the caller alone."""
    written = row.state if row.version_id == live.version_id else None
    return states.taken(live, row.contact_id, written) if written else None


def _from_history(
    live: Live, row: Row, history: History, events: Sequence[Event], moment: int, cause: TagChange.Cause
) -> Judged:
    """Judge a contact from its beginning: nobody judged it before, an event came late, or another plan judged it.

    In the last case what comes of the plan is told apart from what has happened since it went live, as far as events
    come in order: reactions run for the latter alone.
    """
    held = _named(row.held, live)
    if cause == Cause.CLOCK and row.version_id is None:  # new, and nothing has happened yet
        cause = Cause.QUIET
    if cause == Cause.QUIET or row.version_id is None or not row.state:
        return Judged(afresh(live.online, history, held, moment), cause, held)
    if is_current(live, row):
        why = Cause.LATE if cause == Cause.EVENT else cause
        return Judged(afresh(live.online, history, held, moment), why, held)
    base = max(as_moment(live.since), live.online.moment_of(bytes(row.state)))
    if base > moment or any(event.occurred_at <= base for event in events):
        return Judged(afresh(live.online, history, held, moment), Cause.PUBLISH, held)
    published, since = continued(live.online, history, held, base, events, moment)
    return Judged(since, Cause.CLOCK if cause == Cause.PUBLISH else cause, held, published)


def is_current(live: Live, row: Row) -> bool:
    """Whether the live plan judged the contact last."""
    return row.version_id == live.version_id and bool(row.state) and live.online.would_load(bytes(row.state or b""))


def _named(held: Mapping[int, datetime | None], live: Live) -> Held:
    """Tags by name; those of which the live rulebook knows nothing are kept under their id, and so are left."""
    return {live.tag_names.get(id, f"#{id}"): None if since is None else as_moment(since) for id, since in held.items()}


def lock(contacts: Collection[int]) -> list[Row]:
    """The standings of these contacts, locked in the order of their ids."""
    ids = sorted(contacts)
    with connection.cursor() as cursor:
        cursor.execute(
            """SELECT contact_id, version_id, state, tags, since FROM tagging_standing
               WHERE contact_id = ANY(%s) ORDER BY contact_id FOR UPDATE""",
            [ids],
        )
        return rows_of(cursor.fetchall())


def rows_of(fetched: Iterable[tuple[int, int | None, bytes | None, list[int], list[datetime | None]]]) -> list[Row]:
    """Rows of contact, version, state, tags, since."""
    return [
        Row(contact, version, state, dict(zip(tags, since, strict=True)))
        for contact, version, state, tags, since in fetched
    ]


def _note_events(latest: Mapping[int, datetime]) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            """UPDATE tagging_standing SET last_event_at = greatest(last_event_at, told.latest)
               FROM unnest(%s::bigint[], %s::timestamptz[]) AS told (contact, latest)
               WHERE contact_id = told.contact""",
            [list(latest), list(latest.values())],
        )
        tell_changed(sorted(latest))


_UPDATE = """
UPDATE tagging_standing standing SET
    version_id = %s, state = convert_to(told.state, 'UTF8'),
    tags = coalesce(told.tags, standing.tags), since = coalesce(told.since, standing.since),
    recheck_at = told.recheck_at, last_event_at = greatest(last_event_at, told.latest)
FROM json_to_recordset(%s::json) AS told (
    contact bigint, state text, tags int[], since timestamptz[], recheck_at timestamptz, latest timestamptz)
WHERE contact_id = told.contact
"""
"""All rows in one piece of JSON: quickly written here, and quickly read there."""

_LOG = """
INSERT INTO tagging_tagchange (contact_id, tag_id, version_id, edge, cause, changed_at, recorded_at)
SELECT contact, tag, %s, edge, cause, changed_at, %s
FROM unnest(%s::bigint[], %s::int[], %s::text[], %s::text[], %s::timestamptz[])
    WITH ORDINALITY AS told (contact, tag, edge, cause, changed_at, place) ORDER BY place
RETURNING id
"""


def _write(live: Live, judged: Mapping[int, Judged], latest: Mapping[int, datetime], now: datetime) -> None:
    if not judged:
        return
    contacts = sorted(judged)
    rows = [_row(live, contact, judged[contact], latest.get(contact)) for contact in contacts]
    with connection.cursor() as cursor:
        cursor.execute(_UPDATE, [live.version_id, json.dumps(rows, ensure_ascii=False)])
        log = [
            (contact, _tag_id(change.tag, live), "enter" if change.entered else "leave", cause, _utc(change.moment))
            for contact in contacts
            for change, cause in _told(judged[contact])
        ]
        if log:
            cursor.execute(_LOG, [live.version_id, now, *map(list, zip(*log, strict=True))])
            ids = [id for (id,) in cursor.fetchall()]
            changed = [
                Changed(id, contact, live.tag_names.get(tag, ""), edge == "enter", cause, moment)
                for id, (contact, tag, edge, cause, moment) in zip(ids, log, strict=True)
            ]
            for listener in listeners():
                listener(changed)
        tell_changed(contacts)


def _told(judged: Judged) -> Iterator[tuple[Change, TagChange.Cause]]:
    for change in judged.published:
        yield change, Cause.PUBLISH
    for change in judged.judgement.changes:
        yield change, judged.cause


def _row(live: Live, contact: int, judged: Judged, latest: datetime | None) -> dict[str, object]:
    found = judged.judgement
    has_moved = found.held != judged.before
    return {
        "contact": contact,
        "state": states.left(live, contact, found.state).decode(),
        "tags": [live.tag_ids[tag] for tag in found.held] if has_moved else None,
        "since": [_stamp(since) for since in found.held.values()] if has_moved else None,
        "recheck_at": _stamp(found.valid_until),
        "latest": latest and latest.isoformat(),
    }


def _tag_id(tag: str, live: Live) -> int:
    return int(tag[1:]) if tag.startswith("#") else live.tag_ids[tag]


def _stamp(moment: int | None) -> str | None:
    return None if moment is None else _utc(moment).isoformat()


def _utc(moment: int) -> datetime:
    return as_datetime(moment).astimezone(UTC)
