"""Conversations follow the messages: made by the first one, and moved by each."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from datetime import datetime
from itertools import groupby
from typing import Any

from django.db import connection

from seamark.apps.inbox.kinds import MACHINE, RECEIVED, SENT
from seamark.apps.inbox.models import Conversation
from seamark.apps.timeline.arrivals import Stored

Last = Conversation.Last

_MAKE = """
INSERT INTO inbox_conversation (
    identity_id, contact_id, source, team_id, owner_id, assignee_id, state, last_at, last_by, last_form, last_text)
SELECT told.identity, contact.id, identity.source, contact.team_id, contact.owner_id, contact.owner_id,
    CASE WHEN %s THEN 'done' ELSE 'open' END, last_at, last_by, last_form, last_text
FROM json_to_recordset(%s::json) AS told (
    identity bigint, last_at timestamptz, last_by text, last_form text, last_text text)
JOIN contacts_identity identity ON identity.id = told.identity
JOIN contacts_contact contact ON contact.id = identity.contact_id
ORDER BY told.identity
ON CONFLICT (identity_id) DO NOTHING
"""

_READ_ON = """
UPDATE inbox_conversation known SET
    last_received_at = greatest(known.last_received_at, received),
    last_at = greatest(known.last_at, told.last_at),
    last_by = CASE WHEN told.last_at >= known.last_at THEN told.last_by ELSE known.last_by END,
    last_form = CASE WHEN told.last_at >= known.last_at THEN told.last_form ELSE known.last_form END,
    last_text = CASE WHEN told.last_at >= known.last_at THEN told.last_text ELSE known.last_text END
FROM json_to_recordset(%s::json) AS told (
    identity bigint, received timestamptz, last_at timestamptz, last_by text, last_form text, last_text text)
WHERE identity_id = told.identity
"""

_TURN = """
UPDATE inbox_conversation known SET
    state = CASE
        WHEN unanswered IS NOT NULL THEN 'open'
        WHEN state = 'open' AND answered >= coalesce(waiting_since, answered) THEN 'waiting'
        ELSE state END,
    waiting_since = CASE
        WHEN unanswered IS NOT NULL AND answered IS NULL THEN coalesce(waiting_since, unanswered)
        WHEN unanswered IS NOT NULL THEN unanswered
        WHEN answered >= waiting_since THEN NULL
        ELSE waiting_since END,
    snoozed_until = CASE WHEN unanswered IS NULL THEN snoozed_until END
FROM json_to_recordset(%s::json) AS told (identity bigint, unanswered timestamptz, answered timestamptz)
WHERE identity_id = told.identity
"""


def note(stored: Sequence[Stored], quiet: bool) -> None:
    """Make and move the conversations of stored messages (`timeline.wiring.Listener`).

    What happened long ago makes conversations that are done, and turns none.
    """
    messages = [each for each in stored if each.kind in (RECEIVED, SENT)]
    if not messages:
        return
    messages.sort(key=lambda each: (each.identity_id, each.occurred_at, each.seq, each.id))
    told = [_told(list(group)) for _, group in groupby(messages, lambda each: each.identity_id)]
    rows = json.dumps(told, ensure_ascii=False)
    with connection.cursor() as cursor:
        cursor.execute(_MAKE, [quiet, rows])
        cursor.execute(_READ_ON, [rows])
        if not quiet:
            cursor.execute(_TURN, [rows])


def _told(messages: Sequence[Stored]) -> dict[str, Any]:
    """What the messages of one identity, in their order, say of its conversation."""
    last = messages[-1]
    received = [each.occurred_at for each in messages if each.kind == RECEIVED]
    answers = [place for place, each in enumerate(messages) if _is_by_person(each)]
    since = answers[-1] + 1 if answers else 0
    unanswered = [each.occurred_at for each in messages[since:] if each.kind == RECEIVED]
    return {
        "identity": last.identity_id,
        "received": _stamp(received[-1:]),
        "unanswered": _stamp(unanswered[:1]),
        "answered": _stamp([messages[place].occurred_at for place in answers[-1:]]),
        "last_at": last.occurred_at.isoformat(),
        "last_by": Last.RECEIVED if last.kind == RECEIVED else Last.MACHINE if last.actor == MACHINE else Last.SENT,
        "last_form": _form(last.props),
        "last_text": str(last.props.get("text") or "")[:200],
    }


def _form(props: Mapping[str, Any]) -> str:
    """What a message is, of one that is more than text."""
    named = props.get("type") or props.get("media") or ("document" if props.get("files") else "")
    return str(named)[:20]


def _is_by_person(message: Stored) -> bool:
    return message.kind == SENT and message.actor != MACHINE


def _stamp(moments: Sequence[datetime]) -> str | None:
    return moments[0].isoformat() if moments else None
