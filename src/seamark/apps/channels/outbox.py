"""The outbox: messages leave one after another, at most once for each reason.

1. What the gate and the pace let go is marked as being sent, and that is committed before any platform is called.
   One process decides at a time, so that frequencies and paces hold however many workers run.
2. The platforms are called, some side by side; the messages to one identity go in their order.
3. What came of it is written down: sent, with `message.sent` in the history; to be tried again; failed; or unknown.
4. A message that was being sent when its process died becomes unknown, and is never sent again: what the platform
   tells of it settles it (`channels.receipts`).
"""

from __future__ import annotations

import logging
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import FIRST_COMPLETED, ThreadPoolExecutor, wait
from datetime import datetime, timedelta
from typing import Any, NamedTuple

from django.db import DatabaseError, connection, transaction
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils import timezone

from seamark.apps.channels.adapter import Sent
from seamark.apps.channels.errors import Consequence, OutcomeUnknown, SendError
from seamark.apps.channels.facts import Known, known
from seamark.apps.channels.gate import Held, Pass, Refused, decide
from seamark.apps.channels.models import OutboxMessage, Purpose
from seamark.apps.channels.pacing import Paces, paces
from seamark.apps.channels.reasons import Reason
from seamark.apps.channels.registry import adapter_of
from seamark.apps.channels.stopping import stop_if_told
from seamark.apps.channels.template_lists import ask_for_templates
from seamark.apps.timeline.arrivals import Arrival
from seamark.apps.timeline.record import record

log = logging.getLogger(__name__)

State = OutboxMessage.State

OPEN = (State.SENDING, State.UNKNOWN)
"""Left to be found out."""
SIDE_BY_SIDE = 16
"""Calls of platforms at the same time."""
LOST_AFTER = timedelta(minutes=10)
"""Longer than a batch can take: whoever still had it in hand then is dead."""
UNRECORDED_AFTER = timedelta(minutes=1)
MOST_ATTEMPTS = 8
FIRST_PAUSE = timedelta(seconds=5)
LONGEST_PAUSE = timedelta(hours=1)
"""Between attempts, which doubles each time."""

Outcome = Sent | SendError | OutcomeUnknown


class Tried(NamedTuple):
    """A message, and what came of the attempt; None: it was not tried, since one before it must be tried again."""

    message: OutboxMessage
    outcome: Outcome | None


def next_due_at() -> datetime | None:
    """When the next message is due."""
    return _waiting().filter(next_at__isnull=False).order_by("next_at").values_list("next_at", flat=True).first()


def send_due(at_most: int = 64) -> int:
    """Send what is due; returns how many messages were looked at."""
    settle_lost()
    record_settled()
    looked_at, leaving = _take(at_most)
    for tried in _sent(leaving):
        try:
            _write_down(tried)
        except DatabaseError:
            # They stay as being sent until they are lost and what the platform tells settles them; the others go on.
            log.exception("messages.unwritten", extra={"outbox": [each.message.pk for each in tried]})
    return looked_at


def settle_lost() -> int:
    """Give up on messages whose process died while it sent them; only idempotent platforms get them again."""
    lost = OutboxMessage.objects.filter(state=State.SENDING, sending_at__lt=timezone.now() - LOST_AFTER)
    count = 0
    for message in lost.select_related("channel"):
        again = adapter_of(message.channel.kind).is_idempotent
        mine = OutboxMessage.objects.filter(pk=message.pk, state=State.SENDING, sending_at=message.sending_at)
        count += mine.update(state=State.QUEUED if again else State.UNKNOWN, next_at=timezone.now() if again else None)
        log.warning("message.lost", extra={"outbox": message.pk, "again": again})
    return count


def record_settled() -> int:
    """Put into the history what is known to have left only by what the platform told of it."""
    before = timezone.now() - UNRECORDED_AFTER
    settled = OutboxMessage.objects.filter(
        state__in=[State.SENT, State.FAILED], is_recorded=False, sending_at__lt=before
    ).exclude(external_id="")
    messages = list(settled.select_related("channel", "identity")[:500])
    with transaction.atomic():
        record([_as_arrival(message, message.external_id, message.left_at) for message in messages])
        OutboxMessage.objects.filter(pk__in=[message.pk for message in messages]).update(is_recorded=True)
    return len(messages)


def _take(at_most: int) -> tuple[int, list[OutboxMessage]]:
    """How many were looked at, and those of them that leave now."""
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(hashtext('seamark outbox'))")
        now = timezone.now()
        due = list(_due(now)[:at_most])
        if not due:
            return 0, []
        facts, waits = known(due, now), paces(due, now)
        for message in due:
            _judge(message, facts, waits)
        waits.save()
        facts.openings.save()
        OutboxMessage.objects.bulk_update(due, ["state", "reason", "next_at", "sending_at", "attempts"])
    return len(due), [message for message in due if message.state == State.SENDING]


def _due(now: datetime) -> QuerySet[OutboxMessage]:
    due = _waiting().filter(next_at__lte=now).select_related("channel", "identity__contact")
    return due.select_for_update(of=("self",)).order_by("rank", "next_at", "pk")


def _waiting() -> QuerySet[OutboxMessage]:
    """Those that are to leave, but none before what was to reach the same identity earlier and has begun to."""
    earlier = OutboxMessage.objects.filter(
        Q(state=State.SENDING) | Q(state=State.QUEUED, reason__in=[Reason.PACE, Reason.RETRY]),
        identity=OuterRef("identity"),
        rank__lte=OuterRef("rank"),
        pk__lt=OuterRef("pk"),
    )
    return OutboxMessage.objects.filter(~Exists(earlier), state__in=[State.QUEUED, State.HELD])


def _judge(message: OutboxMessage, facts: Known, waits: Paces) -> None:
    match decide(facts.facts(message)):
        case Refused(reason):
            message.state, message.reason, message.next_at = State.CANCELLED, reason, None
        case Held(until, reason):
            message.state, message.reason, message.next_at = State.HELD, reason, until
            facts.note_held(message)
        case Pass():
            message.next_at = waits.wait_of(message)
            if message.next_at:
                message.state, message.reason = State.QUEUED, Reason.PACE
            else:
                facts.note_leaving(message)
                message.state, message.reason, message.sending_at = State.SENDING, "", facts.now
                message.attempts += 1


def _sent(messages: Sequence[OutboxMessage]) -> Iterator[list[Tried]]:
    """The attempts, as they are over: those that end while others are written down are written down together."""
    lanes: dict[int, list[OutboxMessage]] = {}
    for message in messages:
        lanes.setdefault(message.identity_id, []).append(message)
    with ThreadPoolExecutor(SIDE_BY_SIDE) as threads:
        running = {threads.submit(_sent_in_order, lane) for lane in lanes.values()}
        while running:
            done, running = wait(running, return_when=FIRST_COMPLETED)
            yield [tried for lane in done for tried in lane.result()]


def _sent_in_order(lane: Sequence[OutboxMessage]) -> list[Tried]:
    tried: list[Tried] = []
    for message in lane:
        must_wait = any(isinstance(each.outcome, SendError) and not each.outcome.permanent for each in tried)
        tried.append(Tried(message, None if must_wait else _attempt(message)))
    return tried


def _attempt(message: OutboxMessage) -> Outcome:
    try:
        return adapter_of(message.channel.kind).send(message.channel, message.as_message())
    except (SendError, OutcomeUnknown) as outcome:
        return outcome
    except Exception:
        # The edge of the worker: where an adapter fails, nobody knows whether the platform has the message.
        log.exception("message.unexplained", extra={"outbox": message.pk})
        return OutcomeUnknown()


def _write_down(tried: Sequence[Tried]) -> None:
    _note_sent({message.pk: (message, sent.external_id) for message, sent in tried if isinstance(sent, Sent)})
    for message, outcome in tried:
        match outcome:
            case SendError():
                _note_refusal(message, outcome)
            case OutcomeUnknown():
                _settle(message, state=State.UNKNOWN)
            case None:
                unspent = message.attempts - 1
                _settle(message, state=State.QUEUED, reason=Reason.RETRY, next_at=timezone.now(), attempts=unspent)


def _note_sent(sent: Mapping[int, tuple[OutboxMessage, str]]) -> None:
    """Written down and in the history, in one; where the platform has told more meanwhile, that stays."""
    now = timezone.now()
    with transaction.atomic():
        record([_as_arrival(message, external_id, now) for message, external_id in sent.values()])
        # After the history, as `receipts` has it too: two that lock the same rows lock them in the same order.
        rows = list(OutboxMessage.objects.filter(pk__in=sent).select_for_update().order_by("pk"))
        for row in rows:
            row.external_id, row.is_recorded = sent[row.pk][1], True
            if row.state in OPEN:
                row.state, row.error_code = State.SENT, ""
        OutboxMessage.objects.bulk_update(rows, ["external_id", "is_recorded", "state", "error_code"])


def _settle(message: OutboxMessage, **found: Any) -> None:
    """Write what was found, unless the platform has told more meanwhile."""
    OutboxMessage.objects.filter(pk=message.pk, state__in=OPEN).update(**found)


def _note_refusal(message: OutboxMessage, error: SendError) -> None:
    log.warning("message.refused", extra={"outbox": message.pk, "code": error.code, "permanent": error.permanent})
    stop_if_told(message.channel_id, error)
    if error.consequence == Consequence.OPT_OUT:
        record([_opted_out(message)])
    if error.consequence == Consequence.TEMPLATES_MOVED:
        ask_for_templates([message.channel])
    if error.permanent or message.attempts >= MOST_ATTEMPTS:
        _settle(message, state=State.FAILED, error_code=error.code)
    else:
        next_at = timezone.now() + max(_pause(message.attempts), error.retry_after or timedelta(0))
        _settle(message, state=State.QUEUED, reason=Reason.RETRY, next_at=next_at, error_code=error.code)


def _pause(attempts: int) -> timedelta:
    doubled: int = 2 ** (attempts - 1)
    return min(LONGEST_PAUSE, FIRST_PAUSE * doubled)


def _as_arrival(message: OutboxMessage, external_id: str, occurred_at: datetime) -> Arrival:
    props: dict[str, Any] = {"text": message.text, "outbox": message.pk, "purpose": message.purpose}
    if message.template:
        props["template"] = message.template["name"]
    if message.files:
        props["files"] = message.files
    if message.reply_to:
        props["reply_to"] = message.reply_to
    return Arrival(
        source=message.channel.source_id,
        external_id=message.identity.external_id,
        kind="message.sent",
        occurred_at=occurred_at,
        source_key=external_id,
        props=props,
        channel=message.channel.kind,
        actor=f"member:{message.by_id}" if message.by_id else "machine",
    )


def _opted_out(message: OutboxMessage) -> Arrival:
    return Arrival(
        source=message.channel.source_id,
        external_id=message.identity.external_id,
        kind="unsubscribed",
        occurred_at=timezone.now(),
        source_key=f"outbox:{message.pk}:unsubscribed",
        props={"purpose": Purpose.MARKETING.value, "how": "platform"},
        channel=message.channel.kind,
    )
