"""Periodic work on conversations."""

from __future__ import annotations

from procrastinate.contrib.django import app

from seamark.apps.inbox.actions import wake_snoozed


@app.periodic(cron="* * * * *")
@app.task(queueing_lock="wake", lock="wake")
def wake_up(timestamp: int) -> None:
    """Conversations that were snoozed until now are open again."""
    while wake_snoozed():
        pass
