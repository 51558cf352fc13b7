"""Jobs: long or periodic work, by Procrastinate. Messages never go through it."""

from __future__ import annotations

import asyncio
import logging
import threading

from procrastinate.contrib.django import app

log = logging.getLogger(__name__)

POLLING_SECONDS = 0.5
"""Jobs behind a lock, scheduled jobs and retries are seen by polling alone."""
JOBS_AT_ONCE = 2
STOPPING_SECONDS = 3.0
"""How long running jobs are waited for; one cut off is taken up again by another worker."""


def run_jobs(stopping: threading.Event) -> None:
    """Work on jobs until `stopping` is set; begins again when the database was away."""
    while not stopping.is_set():
        try:
            asyncio.run(_work(stopping))
        except Exception:
            log.exception("jobs.failed")
            stopping.wait(1)


async def _work(stopping: threading.Event) -> None:
    worker_app = app.with_connector(app.connector.get_worker_connector())  # type: ignore[attr-defined]
    async with worker_app.open_async():
        working = asyncio.create_task(
            worker_app.run_worker_async(
                concurrency=JOBS_AT_ONCE,
                fetch_job_polling_interval=POLLING_SECONDS,
                install_signal_handlers=False,
                shutdown_graceful_timeout=STOPPING_SECONDS,
                delete_jobs="successful",
            )
        )
        while not stopping.is_set() and not working.done():
            await asyncio.sleep(0.2)
        working.cancel()
        try:
            await working
        except asyncio.CancelledError:
            return
