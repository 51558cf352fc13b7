"""Periodic work on channels."""

from __future__ import annotations

from procrastinate.contrib.django import app

from seamark.apps.channels.files import sweep_unsent


@app.periodic(cron="40 3 * * *")
@app.task(queueing_lock="sweep-files", lock="sweep-files")
def sweep_files(timestamp: int) -> None:
    """Files that no message came to name go."""
    while sweep_unsent():
        pass
