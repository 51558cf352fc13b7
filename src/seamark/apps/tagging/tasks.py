"""Periodic work on tags."""

from __future__ import annotations

from procrastinate.contrib.django import app

from seamark.apps.tagging.oracle import keep_comparison
from seamark.apps.tagging.weeks import count_weeks, warn_of_shares

CONTACTS_A_NIGHT = 2_000


@app.periodic(cron="41 2 * * *")
@app.task(queueing_lock="oracle", lock="oracle")
def ask_the_oracle(timestamp: int) -> None:
    """The tags of a sample of contacts are found another way, and held against those that are kept."""
    keep_comparison(CONTACTS_A_NIGHT)


@app.periodic(cron="11 3 * * *")
@app.task(queueing_lock="weeks", lock="weeks")
def look_at_shares(timestamp: int) -> None:
    """Weeks that are new, or new to the live rulebook, are counted; managers hear of tags outside their range."""
    count_weeks()
    warn_of_shares()
