"""Periodic work on the history."""

from __future__ import annotations

from django.conf import settings
from procrastinate.contrib.django import app

from seamark.apps.timeline import lake


@app.periodic(cron="*/5 * * * *")
@app.task(queueing_lock="lake", lock="lake")
def fill_the_lake(timestamp: int) -> None:
    """What is new goes into the lake; buckets of many parts are compacted."""
    lake.export(settings.LAKE)
    lake.compact(settings.LAKE)
