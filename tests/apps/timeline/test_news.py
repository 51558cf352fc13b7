"""Open streams hear of changes; what they might have missed ends them."""

from __future__ import annotations

import asyncio

import pytest
from asgiref.sync import async_to_sync, sync_to_async
from django.db import connection

from seamark.apps.timeline.news import News, hub

PATIENCE_SECONDS = 20
CUT = """
SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND query LIKE 'LISTEN%'
"""


def run(statement: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(statement)


@pytest.mark.django_db(transaction=True)
@pytest.mark.filterwarnings("ignore:.*async:Warning")
def test_a_stream_hears_its_contacts_and_ends_when_the_line_to_the_database_is_lost() -> None:
    async def scene() -> None:
        async with asyncio.timeout(PATIENCE_SECONDS):
            with hub().subscribed(lambda contact: contact < 10) as subscription:
                changes = subscription.changes()
                assert await anext(changes) == News()
                await sync_to_async(run)("NOTIFY contacts, '3,12'")
                assert await anext(changes) == News(moved=frozenset({3}))
                await sync_to_async(run)("NOTIFY presence, '4,12'")
                assert await anext(changes) == News(attended=frozenset({4}))
                await sync_to_async(run)(CUT)
                assert [each async for each in changes] == []
            with hub().subscribed(lambda contact: True) as again:
                assert await anext(again.changes()) == News()

    async_to_sync(scene)()
