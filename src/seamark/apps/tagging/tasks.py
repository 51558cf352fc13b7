"""Periodic work on tags."""

from __future__ import annotations

from procrastinate.contrib.django import app

from seamark.apps.tagging.oracle import keep_comparison

CONTACTS_A_NIGHT = 2_000


@app.periodic(cron="41 2 * * *")
@app.task(queueing_lock="oracle", lock="oracle")
def ask_the_oracle(timestamp: int) -> None:
    """The tags of a sample of contacts are found another way, and held against those that are kept."""
    keep_comparison(CONTACTS_A_NIGHT)
