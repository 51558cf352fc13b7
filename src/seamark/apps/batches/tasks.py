"""Periodic work on batches."""

from __future__ import annotations

from django.utils import timezone
from procrastinate.contrib.django import app

from seamark.apps.batches.actions import EXPORT_KEPT, KEPT
from seamark.apps.batches.models import Part, Row


@app.periodic(cron="23 3 * * *")
@app.task(queueing_lock="batches", lock="batches")
def forget_old_outcomes(timestamp: int) -> None:
    """Exports, and what came of batches for each contact, go after their time; how many they were is kept."""
    now = timezone.now()
    Row.objects.filter(batch__work__asked_at__lt=now - KEPT).delete()
    Part.objects.filter(batch__work__asked_at__lt=now - EXPORT_KEPT).delete()
