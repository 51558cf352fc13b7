"""Periodic work on seas."""

from __future__ import annotations

from procrastinate.contrib.django import app

from seamark.apps.seas.warning import warn_owners


@app.periodic(cron="10 * * * *")
@app.task(queueing_lock="seas-warning", lock="seas-warning")
def warn(timestamp: int) -> None:
    """Owners whose contacts are about to go back are told, once a day."""
    warn_owners()
