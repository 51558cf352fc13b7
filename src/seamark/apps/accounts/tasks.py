"""Periodic work on notices."""

from __future__ import annotations

from procrastinate.contrib.django import app

from seamark.apps.accounts.notices import prune


@app.periodic(cron="50 3 * * *")
@app.task(queueing_lock="prune-notices", lock="prune-notices")
def forget(timestamp: int) -> None:
    """Old notices go."""
    prune()
