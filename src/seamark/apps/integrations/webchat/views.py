"""The addresses that the chat's script talks to, from any site the channel allows."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Callable
from datetime import datetime
from functools import wraps
from importlib.resources import files
from typing import Any

from asgiref.sync import sync_to_async
from django.conf import settings
from django.core.cache import cache
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.utils import timezone
from django.utils.cache import patch_vary_headers
from django.views.decorators.clickjacking import xframe_options_exempt
from django.views.decorators.csrf import csrf_exempt

from seamark.apps.channels.models import Channel
from seamark.apps.integrations.webchat.queries import conversation, identity_of
from seamark.apps.integrations.webchat.visitors import (
    KIND,
    Visitor,
    channel_of,
    is_welcome,
    new_token,
    visitor_of,
)
from seamark.apps.timeline import intake
from seamark.apps.timeline.news import hub

LONGEST_TEXT = 4_000
MESSAGES_A_MINUTE = 20
"""Of one visitor."""
REQUESTS_A_MINUTE = 240
"""Of one address: several visitors may share it."""

LOOKS_FOR_CONTACT, SECONDS_BETWEEN_LOOKS = 60, 0.25
NEWS = b"event: news\ndata: {}\n\n"

View = Callable[[HttpRequest, str], HttpResponseBase]


def across_sites(view: View) -> View:
    """For the script on any allowed site: answers preflight, refuses other sites and whoever asks too often."""

    @csrf_exempt
    @wraps(view)
    def answered(request: HttpRequest, key: str) -> HttpResponseBase:
        channel = channel_of(key)
        if not is_welcome(request, channel):
            return _problem(403, "This site may not use this chat.")
        if request.method == "OPTIONS":
            response: HttpResponseBase = HttpResponse(status=204)
        elif _too_often(f"chat-{request.META.get('REMOTE_ADDR')}", REQUESTS_A_MINUTE):
            response = _problem(429, "Too many requests; wait a minute.")
        else:
            response = view(request, key)
        return _with_cors(request, response)

    return answered


def _with_cors(request: HttpRequest, response: HttpResponseBase) -> HttpResponseBase:
    if origin := request.headers.get("Origin"):
        response["Access-Control-Allow-Origin"] = origin
        response["Access-Control-Allow-Headers"] = "Authorization, Content-Type"
        response["Access-Control-Allow-Methods"] = "GET, POST, OPTIONS"
        response["Access-Control-Max-Age"] = "600"
    patch_vary_headers(response, ["Origin"])
    return response


def _problem(status: int, message: str) -> JsonResponse:
    return JsonResponse({"message": message}, status=status)


def _too_often(name: str, at_most: int) -> bool:
    """Counts within a minute, in each web process."""
    cache.add(name, 0, 60)
    try:
        return cache.incr(name) > at_most
    except ValueError:  # it ran out in between
        return False


def script(request: HttpRequest, key: str) -> HttpResponse:
    """The chat itself, for a `<script async src=…>`."""
    channel_of(key)
    code = files(__package__).joinpath("static/webchat/chat.js").read_bytes()
    response = HttpResponse(code, content_type="text/javascript; charset=utf-8")
    response["Cache-Control"] = "public, max-age=300"
    response["Cross-Origin-Resource-Policy"] = "cross-origin"
    return response


@across_sites
def session(request: HttpRequest, key: str) -> HttpResponse:
    """A token for a new visitor, or the conversation so far for one who has a token."""
    channel = channel_of(key)
    visitor = visitor_of(request, key)
    told: dict[str, Any] = {"name": channel.name, "greeting": _greeting(channel)}
    if visitor is None:
        return JsonResponse(told | {"token": new_token(), "messages": []})
    return JsonResponse(told | {"messages": conversation(identity_of(visitor))})


def _greeting(channel: Channel) -> dict[str, str]:
    """The first line by language, where the channel has one."""
    named = {language: str(channel.options.get(f"greeting_{language}", "")) for language in ("en", "zh")}
    return {language: text for language, text in named.items() if text}


@across_sites
def messages(request: HttpRequest, key: str) -> HttpResponse:
    """POST stores what the visitor wrote before it is answered; the same id again changes nothing. GET reads on."""
    visitor = visitor_of(request, key)
    if visitor is None:
        return _problem(401, "Ask for a session first.")
    if request.method != "POST":
        after = request.GET.get("after", "0")
        later = int(after) if after.isdecimal() and len(after) < 19 else 0
        return JsonResponse({"messages": conversation(identity_of(visitor), later)})
    if _too_often(f"chat-{visitor.external_id}", MESSAGES_A_MINUTE):
        return _problem(429, "Too many messages; wait a minute.")
    return _store_message(request, visitor)


def _store_message(request: HttpRequest, visitor: Visitor) -> HttpResponse:
    try:
        told = json.loads(request.body)
        id, text = str(told["id"]), str(told["text"]).strip()
    except (ValueError, KeyError, TypeError):
        return _problem(400, "Send {id, text}.")
    if not text or len(text) > LONGEST_TEXT or not 8 <= len(id) <= 64 or "\x00" in text:
        return _problem(422, f"A message has 1 to {LONGEST_TEXT} characters, and an id of 8 to 64.")
    _tell(visitor, "message.received", id, {"text": text}, str(told.get("name") or "")[:100])
    return JsonResponse({"id": id}, status=202)


@across_sites
def seen(request: HttpRequest, key: str) -> HttpResponse:
    """The visitor saw our messages."""
    visitor = visitor_of(request, key)
    if visitor is None or request.method != "POST":
        return _problem(401, "Ask for a session first.")
    try:
        keys = [str(each)[:100] for each in json.loads(request.body)["keys"]][:50]
    except (ValueError, KeyError, TypeError):
        return _problem(400, "Send {keys}.")
    for message in keys:
        _tell(visitor, "message.read", f"read {message}", {"message": message})
    return HttpResponse(status=204)


@across_sites
def page(request: HttpRequest, key: str) -> HttpResponse:
    """How long the visitor looked at a page of the site."""
    visitor = visitor_of(request, key)
    if visitor is None or request.method != "POST":
        return _problem(401, "Ask for a session first.")
    if identity_of(visitor) is None:
        return HttpResponse(status=204)  # nobody is followed who has not written
    try:
        told = json.loads(request.body)
        id, name, seconds = str(told["id"])[:64], str(told["page"])[:200], int(told["seconds"])
    except (ValueError, KeyError, TypeError):
        return _problem(400, "Send {id, page, seconds}.")
    _tell(visitor, "page.viewed", f"page {id}", {"page": name, "seconds": max(0, min(seconds, 86_400))})
    return HttpResponse(status=204)


def _tell(visitor: Visitor, kind: str, id: str, props: dict[str, Any], name: str = "") -> None:
    """Stored under the visitor's own key: a message that is sent again is the same."""
    key = f"{visitor.external_id} {id}"
    told = {
        "visitor": visitor.external_id,
        "kind": kind,
        "id": key,
        "at": timezone.now().isoformat(),
        "props": props,
        "name": name,
    }
    body = json.dumps(told, ensure_ascii=False).encode()
    intake.accept(source=visitor.channel.source_id, channel_kind=KIND, source_key=key, body=body)


@csrf_exempt
async def stream(request: HttpRequest, key: str) -> HttpResponseBase:
    """Server-sent events: what is new in the visitor's conversation, as it happens."""
    opened = await sync_to_async(_opened)(request, key)
    if isinstance(opened, HttpResponse):
        return _with_cors(request, opened)
    response = StreamingHttpResponse(_news(opened), content_type="text/event-stream")
    response["Cache-Control"] = "no-store"
    response["X-Accel-Buffering"] = "no"
    return _with_cors(request, response)


def _opened(request: HttpRequest, key: str) -> Visitor | HttpResponse:
    channel = channel_of(key)
    if not is_welcome(request, channel):
        return _problem(403, "This site may not use this chat.")
    if request.method == "OPTIONS":
        return HttpResponse(status=204)
    return visitor_of(request, key) or _problem(401, "Ask for a session first.")


async def _news(visitor: Visitor) -> AsyncIterator[bytes]:
    """A line for each time something changed: the script then reads on. A comment keeps the line open."""
    yield b": hello\n\n"
    contact = await _contact_of(visitor)
    if contact is None:
        return  # the script asks again
    yield NEWS
    with hub().subscribed(lambda changed: changed == contact) as subscription:
        async for changes in subscription.changes():
            yield NEWS if changes else b": quiet\n\n"


async def _contact_of(visitor: Visitor) -> int | None:
    """The visitor's contact, who is made when the first message is read."""
    for _ in range(LOOKS_FOR_CONTACT):
        identity = await sync_to_async(identity_of)(visitor)
        if identity is not None:
            return identity.contact_id
        await asyncio.sleep(SECONDS_BETWEEN_LOOKS)
    return None


@xframe_options_exempt
def demo(request: HttpRequest, key: str) -> HttpResponse:
    """An invented shop with the chat on it; only in the demo."""
    if not settings.DEMO:
        raise Http404
    return render(request, "webchat/demo.html", {"channel": channel_of(key), "year": datetime.now().year})
