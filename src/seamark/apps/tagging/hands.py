"""Hands: what members said of tags, many at once: the events that are there, and new ones."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from itertools import groupby
from typing import Literal, NamedTuple

from django.db import connection

from seamark.apps.accounts.models import Member
from seamark.apps.contacts.actions import DESK, make_desk_identities
from seamark.apps.tagging.history import Written, counting, loaded, typed
from seamark.apps.tagging.rulebooks import ORGANISATION_ZONE, Live
from seamark.apps.timeline.arrivals import Arrival
from seamark.apps.timeline.record import record
from seamark.engine.events import Event
from seamark.engine.kinds import HAND_KINDS
from seamark.engine.moments import as_datetime
from seamark.engine.plan import HAND_LASTS

HandKind = Literal["tag.set", "tag.cleared", "tag.lifted"]


class NewHand(NamedTuple):
    """A hand that is to be laid on a tag."""

    contact: int
    tag: str
    kind: HandKind
    until: datetime | None
    """None: as long as hands hold that tag (`set_tag`)."""
    occurred_at: datetime
    source_key: str
    """Of hands with one key only the first is laid, ever."""
    seq: int = 0
    """Order within one moment."""


class Hands(NamedTuple):
    """Those of a contact."""

    counting: Sequence[Event] = ()
    """In the order in which they count, those of undone batches left out."""
    latest: datetime | None = None
    """When the last of all was laid."""


_HANDS = """
SELECT identity.contact_id, occurred_at, seq, kind, event.source, source_key, channel, actor, props
FROM timeline_event event JOIN contacts_identity identity ON identity.id = event.identity_id
WHERE identity.contact_id = ANY(%s) AND kind = ANY(%s) AND props ->> 'tag' = ANY(%s)
ORDER BY identity.contact_id
"""


def hands_of(contacts: Collection[int], tags: Collection[str], live: Live) -> dict[int, Hands]:
    """The hands that were laid on these tags, by contact."""
    with connection.cursor() as cursor:
        cursor.execute(_HANDS, [sorted(contacts), list(HAND_KINDS), sorted(tags)])
        rows = [Written._make((*row[:-1], loaded(row[-1]))) for row in cursor.fetchall()]
    reads = live.plan.reads
    latest = {contact: max(row.occurred_at for row in group) for contact, group in _by_contact(rows)}
    counts = {
        contact: sorted(typed(group, reads, ORGANISATION_ZONE), key=reads.order_key)
        for contact, group in _by_contact(counting(rows))
    }
    return {contact: Hands(counts.get(contact, ()), moment) for contact, moment in latest.items()}


def _by_contact(rows: Iterable[Written]) -> Iterable[tuple[int, Iterable[Written]]]:
    return groupby(rows, key=lambda row: row.contact_id)


def end_of(hand: Event, live: Live) -> datetime | None:
    """When the hand ends, if it is the last of its tag; None: never."""
    until = hand.props.get("until")
    if until is None:
        if hand.props["tag"] in live.plan.by_hand:
            return None
        until = hand.occurred_at + HAND_LASTS
    return as_datetime(int(until)).astimezone(UTC)  # type: ignore[arg-type]


def holds(hand: Event, live: Live, now: datetime) -> bool:
    """Whether the hand still says something, if it is the last of its tag."""
    end = end_of(hand, live)
    return hand.kind != "tag.lifted" and (end is None or end > now)


def next_moment(latest: datetime | None, now: datetime) -> datetime:
    """Now, or just behind the latest hand where another clock was ahead of ours."""
    return now if latest is None or latest < now else latest + timedelta(microseconds=1)


def lay(
    hands: Sequence[NewHand], *, by: Member, props: Mapping[str, object] | None = None, quiet: bool = False
) -> None:
    """Lay these hands, and judge the contacts by them, in one transaction; `quiet`: without reactions."""
    make_desk_identities({hand.contact for hand in hands})
    record([_arrival(hand, by, props or {}) for hand in hands], quiet=quiet)


def _arrival(hand: NewHand, by: Member, props: Mapping[str, object]) -> Arrival:
    until = {"until": hand.until.isoformat()} if hand.until else {}
    return Arrival(
        source=DESK,
        external_id=str(hand.contact),
        kind=hand.kind,
        occurred_at=hand.occurred_at,
        source_key=hand.source_key,
        props={"tag": hand.tag, "by": by.name, **until, **props},
        actor=f"member:{by.pk}",
        seq=hand.seq,
        is_verified=True,
    )
