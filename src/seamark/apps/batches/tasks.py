"""Periodic work on batches."""

from __future__ import annotations

from django.utils import timezone
from procrastinate.contrib.django import app

from seamark.apps.batches.actions import KEPT
from seamark.apps.batches.models import Row


@app.periodic(cron="23 3 * * *")
@app.task(queueing_lock="batches", lock="batches")
def forget_old_outcomes(timestamp: int) -> None:
    """What came of batches for each contact is kept so long as they can be undone; how many they were is kept."""
    Row.objects.filter(batch__work__asked_at__lt=timezone.now() - KEPT).delete()
