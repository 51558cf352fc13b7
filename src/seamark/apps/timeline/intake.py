"""Deliveries: stored before they are answered, then read into the history exactly once in effect.

1. `accept` stores a delivery under its source's own key; the caller answers when that is committed.
2. `handle_waiting` locks the oldest that wait, reads them all, stores their events and marks them done,
   in one transaction: killed in the middle, nothing of it happened, and it is done again.
3. A batch that fails is done one by one, so that a delivery that cannot be read is found and set aside
   with its reason, and the others go on.
"""

from __future__ import annotations

import logging
from collections.abc import Iterable, Sequence

from django.db import DatabaseError, OperationalError, connection, transaction
from django.utils import timezone

from seamark.apps.timeline import wiring
from seamark.apps.timeline.arrivals import Arrival
from seamark.apps.timeline.models import Delivery
from seamark.apps.timeline.record import record
from seamark.engine.errors import Unreadable

log = logging.getLogger(__name__)

HISTORY = "history"
"""The kind of deliveries that tell of what happened long ago: tags follow, but nothing is set going."""
BATCH = 200
"""Deliveries that are handled in one transaction, at most."""
MOST_ATTEMPTS = 5
"""How often a delivery may fail for reasons of ours before it is set aside."""

_ACCEPT = """
WITH new AS (
    INSERT INTO timeline_delivery (source, channel_kind, source_key, body, received_at, state, reason, attempts)
    VALUES (%s, %s, %s, %s, %s, 'new', '', 0)
    ON CONFLICT (source, source_key) DO NOTHING
    RETURNING id
)
SELECT pg_notify('deliveries', '') FROM new
"""
"""Stored and told of in one go: one commit, one way to the database and back."""


def accept(*, source: str, channel_kind: str, source_key: str, body: bytes) -> bool:
    """Store a delivery; False when it has been stored before."""
    with connection.cursor() as cursor:
        cursor.execute(_ACCEPT, [source, channel_kind, source_key, body, timezone.now()])
        return bool(cursor.fetchall())


def handle_waiting(at_most: int = BATCH) -> int:
    """Handle the oldest deliveries that wait and that nobody else handles; returns how many."""
    try:
        with transaction.atomic():
            batch = _locked(at_most)
            _handle(batch)
        return len(batch)
    except OperationalError:
        raise  # the database is away or two workers met: all of it is tried again
    except Exception as error:
        log.info("intake.batch_failed", extra={"reason": type(error).__name__})
        return _handle_singly(at_most)


def handle_again(deliveries: Iterable[Delivery]) -> int:
    """Put deliveries that were set aside back into the queue."""
    waiting = Delivery.objects.filter(pk__in=[each.pk for each in deliveries], state=Delivery.State.ASIDE)
    count = waiting.update(state=Delivery.State.NEW, attempts=0, reason="")
    with connection.cursor() as cursor:
        cursor.execute("NOTIFY deliveries")
    return count


def _locked(at_most: int) -> list[Delivery]:
    waiting = Delivery.objects.filter(state=Delivery.State.NEW).order_by("id")
    return list(waiting.select_for_update(skip_locked=True)[:at_most])


def _handle(batch: Sequence[Delivery]) -> None:
    arrivals: dict[bool, list[Arrival]] = {False: [], True: []}
    done: list[int] = []
    for delivery in batch:
        try:
            arrivals[delivery.channel_kind == HISTORY] += _read(delivery)
            done.append(delivery.pk)
        except (Unreadable, ValueError, KeyError, TypeError) as error:
            _set_aside(delivery, error)
    for quiet, told in arrivals.items():
        record(told, quiet=quiet)
    Delivery.objects.filter(pk__in=done).update(state=Delivery.State.DONE, handled_at=timezone.now())


def _read(delivery: Delivery) -> Sequence[Arrival]:
    reader = wiring.reader(delivery.channel_kind)
    if reader is None:
        raise Unreadable(f"nobody here reads deliveries of {delivery.channel_kind!r}")
    return reader(delivery)


def _handle_singly(at_most: int) -> int:
    handled = 0
    while handled < at_most:
        with transaction.atomic():
            batch = _locked(1)
            if not batch:
                break
            try:
                with transaction.atomic():
                    _handle(batch)
            except OperationalError:
                raise
            except Exception as error:
                _note_failure(batch[0], error)
        handled += 1
    return handled


def _note_failure(delivery: Delivery, error: Exception) -> None:
    """It failed for a reason of ours or of its data: data that the database refuses stays refused."""
    log.exception("delivery.failed", extra={"delivery": delivery.pk})
    delivery.attempts += 1
    if delivery.attempts >= MOST_ATTEMPTS or isinstance(error, DatabaseError):
        _set_aside(delivery, error)
    else:
        delivery.save(update_fields=["attempts"])


def _set_aside(delivery: Delivery, error: Exception) -> None:
    delivery.state = Delivery.State.ASIDE
    delivery.reason = f"{type(error).__name__}: {error}"[:500]
    delivery.handled_at = timezone.now()
    delivery.save(update_fields=["state", "reason", "handled_at", "attempts"])
    log.warning("delivery.set_aside", extra={"delivery": delivery.pk, "source": delivery.source})
