"""The job that does work."""

from __future__ import annotations

from django.db import InterfaceError, OperationalError, close_old_connections
from procrastinate import JobContext, RetryStrategy
from procrastinate.contrib.django import app
from procrastinate.exceptions import JobAborted

from seamark.apps.work.running import WorkerStops, run

_AGAIN = RetryStrategy(wait=1, retry_exceptions=[JobAborted, InterfaceError, OperationalError])
"""A worker that stops leaves the work to another; a database that was away, or saw a deadlock, is asked again."""


@app.task(retry=_AGAIN, pass_context=True)
def run_work(context: JobContext, work_id: int) -> None:
    """Do the work, or go on with it."""
    close_old_connections()
    try:
        run(work_id, is_stopping=context.should_abort)
    except WorkerStops:
        raise JobAborted from None
    finally:
        close_old_connections()
