"""The addresses that the chat's script talks to, from any site the channel allows."""

from __future__ import annotations

import secrets
from collections.abc import Mapping, Sequence
from functools import cache
from importlib.resources import files
from typing import Any, TypeVar

from django.conf import settings
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.utils.translation import gettext
from django.views.decorators.gzip import gzip_page
from pydantic import BaseModel, ValidationError

from seamark.apps.channels.files import download, hold
from seamark.apps.channels.models import Channel
from seamark.apps.integrations.webchat.away import away
from seamark.apps.integrations.webchat.queries import (
    attention,
    conversation,
    file_of_conversation,
    identity_of,
    unreported,
)
from seamark.apps.integrations.webchat.sites import across_sites, channel_of, problem, too_often
from seamark.apps.integrations.webchat.told import MOST_BYTES, Event, Receipts, Viewed, Written, tell
from seamark.apps.integrations.webchat.uploads import files_named, limits
from seamark.apps.integrations.webchat.visitors import KIND, Visitor, visitor_of, visitor_with

MESSAGES_A_MINUTE = 20
"""Of one visitor."""

Told = TypeVar("Told", bound=BaseModel)


@gzip_page
def script(request: HttpRequest, key: str) -> HttpResponse:
    """The chat itself, for a `<script async src=…>`."""
    channel_of(key)
    response = HttpResponse(_code(), content_type="text/javascript; charset=utf-8")
    response["Cache-Control"] = "public, max-age=300"
    response["Cross-Origin-Resource-Policy"] = "cross-origin"
    return response


@cache
def _code() -> bytes:
    """The script without what only those who change it read."""
    lines = files(__package__).joinpath("static/webchat/chat.js").read_bytes().splitlines()
    return b"\n".join(line.strip() for line in lines if not line.strip().startswith(b"//"))


@across_sites
def session(request: HttpRequest, channel: Channel) -> HttpResponse:
    """What the chat is like, and the conversation so far."""
    visitor = visitor_of(request, channel)
    if visitor is None:
        return _no_token()
    return JsonResponse(
        {
            "name": channel.name,
            "greeting": {language: channel.options.get(f"greeting_{language}", "") for language in ("en", "zh")},
            "asks": [each for each in ("name", "email") if each in str(channel.options.get("asks", ""))],
            "notes_pages": _notes_pages(channel),
            "files": limits(channel),
            **_so_far(visitor),
        }
    )


@across_sites
def messages(request: HttpRequest, channel: Channel) -> HttpResponse:
    """POST stores what the visitor wrote before it is answered; the same id again changes nothing. GET reads on."""
    visitor = visitor_of(request, channel)
    if visitor is None:
        return _no_token()
    if request.method == "POST":
        return _store_message(request, visitor)
    after = request.GET.get("after", "0")
    later = int(after) if after.isdecimal() and len(after) < 19 else 0
    return JsonResponse(_so_far(visitor, later))


def _so_far(visitor: Visitor, after: int = 0) -> dict[str, Any]:
    """The conversation after a message, who attends to it, and whether anybody is there."""
    return {"messages": conversation(visitor, after), "attention": attention(visitor), "away": away()}


def _store_message(request: HttpRequest, visitor: Visitor) -> HttpResponse:
    if too_often(visitor.external_id, MESSAGES_A_MINUTE):
        return problem(429, "Too many messages; wait a minute.")
    told = _told(request, Written)
    if isinstance(told, HttpResponse):
        return told
    with transaction.atomic():
        files = files_named(visitor, told.files)
        if files is None:
            return problem(422, "A file is there no more; send it again.", "gone")
        hold(files)
        tell(visitor, told.id, _as_events(told, files), told.name)
    return JsonResponse({"id": told.id}, status=202)


def _as_events(told: Written, files: Sequence[Mapping[str, Any]]) -> list[Event]:
    said = {"text": told.text} if told.text else {}
    named = {"files": files} if files else {}
    events: list[Event] = [("message.received", told.id, said | named)]
    if told.email:
        events.append(("field.changed", f"{told.id} email", {"field": "email", "new": told.email}))
    return events


def file(request: HttpRequest, key: str, token: str) -> HttpResponse:
    """A file of the conversation, for the browser of the visitor: a plain link, which carries no visitor's token."""
    stored = file_of_conversation(channel_of(key), token)
    if stored is None:
        raise Http404
    response = download(stored)
    response["Cross-Origin-Resource-Policy"] = "cross-origin"
    return response


@across_sites
def receipts(request: HttpRequest, channel: Channel) -> HttpResponse:
    """The visitor's browser has messages of ours, or the visitor saw them."""
    visitor = visitor_of(request, channel)
    if visitor is None:
        return _no_token()
    told = _told(request, Receipts)
    if isinstance(told, HttpResponse):
        return told
    if keys := unreported(visitor, told.status, told.keys):
        events: list[Event] = [(f"message.{told.status}", f"{told.status} {key}", {"message": key}) for key in keys]
        tell(visitor, secrets.token_hex(16), events)
    return HttpResponse(status=204)


@across_sites
def page(request: HttpRequest, channel: Channel) -> HttpResponse:
    """How long the visitor looked at a page of the site, where the channel notes that."""
    told = _told(request, Viewed)
    if isinstance(told, HttpResponse):
        return told
    visitor = visitor_with(told.token, channel)
    if visitor is None:
        return _no_token()
    if _notes_pages(channel) and identity_of(visitor):  # nobody is followed who has not written
        event = ("page.viewed", f"page {told.id}", {"page": told.page, "seconds": told.seconds})
        tell(visitor, f"page {told.id}", [event])
    return HttpResponse(status=204)


def _notes_pages(channel: Channel) -> bool:
    return str(channel.options.get("pages")) == "yes"


def _told(request: HttpRequest, shape: type[Told]) -> Told | HttpResponse:
    """What the script sent, or what is answered to something else."""
    if request.method != "POST":
        return HttpResponse(status=405, headers={"Allow": "POST"})
    if len(request.body) > MOST_BYTES:
        return problem(413, f"At most {MOST_BYTES} bytes.")
    try:
        return shape.model_validate_json(request.body)
    except ValidationError as wrong:
        first = wrong.errors()[0]
        return problem(422, f"{'.'.join(map(str, first['loc']))}: {first['msg']}")


def _no_token() -> HttpResponse:
    return problem(401, "No visitor's token came along.")


def demo(request: HttpRequest) -> HttpResponse:
    """An invented shop with the chat on it; only in the demo."""
    if not settings.DEMO:
        raise Http404
    channel = Channel.objects.filter(kind=KIND, is_active=True).latest("pk")
    goods = [(gettext("Half a kilo"), "$38"), (gettext("Two kilos"), "$140"), (gettext("Sample set"), "$12")]
    return render(request, "webchat/demo.html", {"channel": channel, "goods": goods})
