"""The clock: contacts whose tags can have changed by the passing of time alone, and nobody else."""

from __future__ import annotations

from datetime import datetime

from django.db import connection, transaction
from django.utils import timezone

from seamark.apps.tagging.live import judge, rows_of
from seamark.apps.tagging.models import Standing, TagChange
from seamark.apps.tagging.rulebooks import live_rulebook

_DUE = """
SELECT contact_id, version_id, state, tags, since FROM tagging_standing
WHERE recheck_at <= %s ORDER BY recheck_at LIMIT %s FOR UPDATE SKIP LOCKED
"""


def next_due_at() -> datetime | None:
    """When the first contact is due; one look at an index."""
    return (
        Standing.objects.filter(recheck_at__isnull=False)
        .order_by("recheck_at")
        .values_list("recheck_at", flat=True)
        .first()
    )


def judge_due(at_most: int = 500) -> int:
    """Judge the contacts that are due and that nobody else judges; returns how many."""
    live = live_rulebook()
    if live is None:
        return 0
    now = timezone.now()
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute(_DUE, [now, at_most])
            rows = rows_of(cursor.fetchall())
        judge(live, rows, {}, now, TagChange.Cause.CLOCK)
    return len(rows)
