"""Server-sent events for a visitor: that something is new in the conversation, and who attends to it."""

from __future__ import annotations

import asyncio
import json
import time
from collections.abc import AsyncIterator

from django.http import HttpRequest, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.views.decorators.csrf import csrf_exempt

from seamark.apps.integrations.webchat.queries import attention, identity_of
from seamark.apps.integrations.webchat.sites import channel_of, problem, refusal, with_cors
from seamark.apps.integrations.webchat.visitors import Visitor, visitor_of
from seamark.apps.timeline.news import asked, hub

LONGEST_SECONDS = 600
"""A stream ends then, and the script opens another where the chat is still there."""
SECONDS_BETWEEN_LOOKS = 0.25
"""For a visitor who has no contact yet; meanwhile changes add up."""
HELLO, NEWS, QUIET = b": hello\n\n", b"event: news\ndata:\n\n", b": quiet\n\n"
ATTENTION = b"event: attention\ndata: %s\n\n"


@csrf_exempt
async def stream(request: HttpRequest, key: str) -> HttpResponseBase:
    """A line each time the script is to read on."""
    opened = await asked(_opened, request, key)
    if not isinstance(opened, Visitor):
        return opened
    response = StreamingHttpResponse(news(opened), content_type="text/event-stream")
    response["Cache-Control"] = "no-store"
    response["X-Accel-Buffering"] = "no"
    return with_cors(request, response)


def _opened(request: HttpRequest, key: str) -> Visitor | HttpResponseBase:
    channel = channel_of(key)
    refused = refusal(request, channel)
    return refused or visitor_of(request, channel) or with_cors(request, problem(401, "No visitor's token came along."))


async def news(visitor: Visitor) -> AsyncIterator[bytes]:
    """Told at once when listening has begun, since something may have happened before."""
    until = time.monotonic() + LONGEST_SECONDS
    contact = None
    with hub().subscribed(lambda changed: contact in (None, changed)) as subscription:
        yield HELLO
        changes = subscription.changes()
        await anext(changes, None)
        yield NEWS
        async for changed in changes:
            if contact is None:
                contact = await asked(_contact_of, visitor)
            if contact in changed.attended:
                yield ATTENTION % json.dumps(await asked(attention, visitor)).encode()
            yield NEWS if contact in changed.moved else QUIET
            if contact is None:
                await asyncio.sleep(SECONDS_BETWEEN_LOOKS)
            if time.monotonic() > until:
                return


def _contact_of(visitor: Visitor) -> int | None:
    """The visitor's contact, who is made when the first message is read."""
    identity = identity_of(visitor)
    return identity.contact_id if identity else None
