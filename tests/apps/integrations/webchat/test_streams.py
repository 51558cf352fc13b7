"""An open chat hears of its own conversation, and takes nothing away from the others."""

from __future__ import annotations

import pytest
from asgiref.sync import async_to_sync, sync_to_async
from django.db import connection
from django.test import Client

from seamark.apps.channels.actions import add_channel
from seamark.apps.inbox.actions import keep_draft
from seamark.apps.inbox.models import Conversation
from seamark.apps.integrations.webchat.streams import NEWS, QUIET, news
from seamark.apps.integrations.webchat.visitors import visitor_with
from tests.apps.conftest import Cast, happened

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.usefixtures("tiers"),
    pytest.mark.filterwarnings("ignore:.*async:Warning"),
    pytest.mark.covers("D03"),
]
TOKEN = "a token that a browser keeps 0123456789"


def test_an_open_stream_hears_its_visitor_and_keeps_no_connection(cast: Cast) -> None:
    channel = add_channel(kind="webchat", name="Shop", team=cast.south, by=cast.admin)
    visitor = visitor_with(TOKEN, channel)
    assert visitor
    answer = Client().get(f"/chat/{channel.source_id}/stream", headers={"Authorization": f"Bearer {TOKEN}"})
    assert answer.headers["Content-Type"] == "text/event-stream"
    assert connection.connection is None

    async def scene() -> None:
        lines = news(visitor)
        await anext(lines)
        assert await anext(lines) == NEWS
        await sync_to_async(happened)(source=channel.source_id, external_id=visitor.external_id)
        assert await anext(lines) == NEWS
        assert await sync_to_async(lambda: connection.connection)() is None
        await sync_to_async(happened)(source=channel.source_id, external_id=visitor.external_id)
        assert await anext(lines) == NEWS
        await sync_to_async(_type)(cast)
        assert b'"typing": "Alice"' in await anext(lines)

    async_to_sync(scene)()
    answer.close()


def _type(cast: Cast) -> None:
    keep_draft(conversation=Conversation.objects.get(), text="38 doll", by=cast.alice)


def test_who_has_not_written_yet_hears_nothing_of_others(cast: Cast) -> None:
    channel = add_channel(kind="webchat", name="Shop", team=cast.south, by=cast.admin)
    visitor = visitor_with(TOKEN, channel)
    assert visitor

    async def scene() -> None:
        lines = news(visitor)
        await anext(lines)
        assert await anext(lines) == NEWS
        await sync_to_async(happened)(source=channel.source_id, external_id="somebody else")
        assert await anext(lines) == QUIET

    async_to_sync(scene)()
