"""Jobs: long or periodic work, by Procrastinate. Messages never go through it."""

from __future__ import annotations

import asyncio
import logging
import threading

from asgiref.sync import sync_to_async
from django.db import connection
from procrastinate import App
from procrastinate.contrib.django import app
from procrastinate.exceptions import ConnectorException, UniqueViolation
from procrastinate.jobs import Job, Status

log = logging.getLogger(__name__)

POLLING_SECONDS = 0.5
"""Jobs behind a lock, scheduled jobs and retries are seen by polling alone."""
JOBS_AT_ONCE = 2
STOPPING_SECONDS = 3.0
"""How long running jobs are waited for before they are asked to stop where they are."""
HEARTBEAT_SECONDS = 2.0
PAUSE_SECONDS = 1.0
"""Before a worker that ended for want of a database begins again."""
DEAD_AFTER_SECONDS = 15.0
"""A worker without a heartbeat for so long was killed; its jobs are taken up by others."""


def run_jobs(stopping: threading.Event) -> None:
    """Work on jobs until `stopping` is set; begins again when the database was away."""
    while not stopping.is_set():
        try:
            asyncio.run(_work(stopping))
        except Exception:
            log.exception("jobs.failed")
        stopping.wait(PAUSE_SECONDS)


async def _work(stopping: threading.Event) -> None:
    await sync_to_async(_let_go)()
    worker_app = app.with_connector(app.connector.get_worker_connector())  # type: ignore[attr-defined]
    async with worker_app.open_async():
        working = asyncio.create_task(
            worker_app.run_worker_async(
                concurrency=JOBS_AT_ONCE,
                fetch_job_polling_interval=POLLING_SECONDS,
                install_signal_handlers=False,
                shutdown_graceful_timeout=STOPPING_SECONDS,
                update_heartbeat_interval=HEARTBEAT_SECONDS,
                stalled_worker_timeout=DEAD_AFTER_SECONDS,
                delete_jobs="successful",
            )
        )
        looking = asyncio.create_task(_look_for_the_dead(worker_app))
        while not stopping.is_set() and not working.done():
            await asyncio.sleep(0.2)
        looking.cancel()
        working.cancel()
        try:
            await working
        except asyncio.CancelledError:
            return


def _let_go() -> None:
    """Periodic jobs are put down from a thread that would keep a lost connection for ever."""
    connection.close()


async def _look_for_the_dead(worker_app: App) -> None:
    """Jobs of killed workers are done again, from now on and for ever."""
    while True:
        try:
            for job in await worker_app.job_manager.get_stalled_jobs(seconds_since_heartbeat=DEAD_AFTER_SECONDS):
                await _take_up_again(worker_app, job)
        except ConnectorException:
            log.warning("jobs.unlooked", exc_info=True)
        await asyncio.sleep(HEARTBEAT_SECONDS)


async def _take_up_again(worker_app: App, job: Job) -> None:
    log.warning("job.stalled", extra={"job": job.id, "task": job.task_name})
    try:
        await worker_app.job_manager.retry_job(job)
    except UniqueViolation:  # the next of its kind waits already, and only one may
        await worker_app.job_manager.finish_job(job, Status.FAILED, delete_job=True)
