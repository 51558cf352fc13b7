"""Periodic work on notices."""

from __future__ import annotations

from procrastinate.contrib.django import app

from seamark.apps.accounts.mailing import mail_notices
from seamark.apps.accounts.notices import prune


@app.periodic(cron="* * * * *")
@app.task(queueing_lock="mail-notices", lock="mail-notices")
def mail(timestamp: int) -> None:
    """Notices go out to members who want them by e-mail and have not seen them."""
    mail_notices()


@app.periodic(cron="50 3 * * *")
@app.task(queueing_lock="prune-notices", lock="prune-notices")
def forget(timestamp: int) -> None:
    """Old notices go."""
    prune()
