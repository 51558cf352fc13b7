"""What platforms tell of messages that were sent: how far they came, and what became of those nobody knew about."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import Q, QuerySet

from seamark.apps.channels.models import OutboxMessage
from seamark.apps.channels.registry import adapter_of
from seamark.apps.channels.stopping import stop_if_told
from seamark.apps.timeline.arrivals import Stored

State, Receipt = OutboxMessage.State, OutboxMessage.Receipt


@dataclass(frozen=True)
class Meaning:
    """What a kind of status makes of a message."""

    state: OutboxMessage.State
    receipt: OutboxMessage.Receipt


RANKED = {
    # Statuses come late, twice and in any order: only a higher one changes anything.
    "message.accepted": Meaning(State.SENT, Receipt.NONE),
    "message.failed": Meaning(State.FAILED, Receipt.NONE),
    "message.delivered": Meaning(State.SENT, Receipt.DELIVERED),
    "message.read": Meaning(State.SENT, Receipt.READ),
    "message.played": Meaning(State.SENT, Receipt.READ),
}
_ORDER = list(RANKED.values())


def note(stored: Sequence[Stored], quiet: bool) -> None:
    """Let the outbox learn from stored statuses (`timeline.wiring.Listener`)."""
    statuses = [each for each in stored if each.kind in RANKED]
    if not statuses:
        return
    messages = list(_messages_of(statuses))
    by_outbox = {(each.channel.source_id, each.pk): each for each in messages}
    by_external = {(each.channel.source_id, each.external_id): each for each in messages if each.external_id}
    for status in statuses:
        message = by_outbox.get((status.source, _outbox_id(status) or 0))
        message = message or by_external.get((status.source, _external_id(status)))
        if message:
            _apply(status, message)
    OutboxMessage.objects.bulk_update(messages, ["state", "receipt", "external_id", "error_code", "next_at"])


def _messages_of(statuses: Sequence[Stored]) -> QuerySet[OutboxMessage]:
    """Those that left; locked in the order of their ids."""
    ours = {_outbox_id(each) for each in statuses} - {None}
    theirs = {_external_id(each) for each in statuses} - {""}
    left = OutboxMessage.objects.filter(
        Q(pk__in=ours) | Q(external_id__in=theirs),
        channel__source__in={each.source for each in statuses},
        sending_at__isnull=False,
    )
    return left.select_related("channel").select_for_update(of=("self",)).order_by("pk")


def _apply(status: Stored, message: OutboxMessage) -> None:
    message.external_id = message.external_id or _external_id(status)
    code = str(status.props.get("code", ""))
    if status.kind == "message.failed" and code:
        stop_if_told(message.channel_id, adapter_of(message.channel.kind).failure(code))
    if _rank(RANKED[status.kind]) <= _standing(message):
        return
    message.state, message.receipt = RANKED[status.kind].state, RANKED[status.kind].receipt
    message.next_at = None
    message.error_code = code if message.state == State.FAILED else ""


def _standing(message: OutboxMessage) -> int:
    """The rank that the message has reached; -1 where it is not even known to have left."""
    reached = Meaning(State(message.state), Receipt(message.receipt))
    return _rank(reached) if reached in _ORDER else -1


def _rank(meaning: Meaning) -> int:
    return _ORDER.index(meaning)


def _external_id(status: Stored) -> str:
    return str(status.props.get("message", ""))


def _outbox_id(status: Stored) -> int | None:
    written = str(status.props.get("outbox", ""))
    return int(written) if written.isascii() and written.isdigit() and len(written) < 19 else None
