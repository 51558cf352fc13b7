"""Jobs go on after the database was away."""

from __future__ import annotations

import asyncio
import logging
import threading
import time

import pytest
from asgiref.sync import sync_to_async
from django.db import connection
from procrastinate.contrib.django.models import ProcrastinateJob

from seamark.apps.timeline.tasks import fill_the_lake
from seamark.site.jobs import _let_go, run_jobs


def _lose_connection() -> None:
    """As a database that was started anew leaves it."""
    connection.ensure_connection()
    connection.connection.close()


@pytest.mark.django_db(transaction=True)
def test_a_lost_connection_is_not_kept(caplog: pytest.LogCaptureFixture) -> None:
    asyncio.run(sync_to_async(_lose_connection)())
    job = fill_the_lake.configure(queueing_lock="lost").defer(timestamp=0)
    stopping = threading.Event()
    working = threading.Thread(target=run_jobs, args=[stopping])
    working.start()
    try:
        until = time.monotonic() + 30
        while ProcrastinateJob.objects.filter(pk=job).exists() and time.monotonic() < until:
            time.sleep(0.1)
    finally:
        stopping.set()
        working.join()
        asyncio.run(sync_to_async(_let_go)())
    assert not ProcrastinateJob.objects.filter(pk=job).exists()
    assert not [each.message for each in caplog.records if each.levelno >= logging.ERROR]
