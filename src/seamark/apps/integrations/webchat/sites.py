"""Requests from other sites: who may ask, how often, and what their browsers are told of it."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from urllib.parse import urlsplit

from django.conf import settings
from django.core.cache import cache
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404
from django.utils.cache import patch_vary_headers
from django.views.decorators.csrf import csrf_exempt

from seamark.apps.channels.models import Channel
from seamark.apps.integrations.webchat.visitors import KIND

REQUESTS_A_MINUTE = 240
"""Of one address: several visitors may share it."""

View = Callable[[HttpRequest, Channel], HttpResponseBase]


def channel_of(key: str) -> Channel:
    """The open web chat of that key; 404 where there is none."""
    return get_object_or_404(Channel, source=key, kind=KIND, is_active=True)


def across_sites(view: View) -> Callable[[HttpRequest, str], HttpResponseBase]:
    """For the script on any allowed site: answers preflight, refuses other sites and whoever asks too often."""

    @csrf_exempt
    @wraps(view)
    def answered(request: HttpRequest, key: str) -> HttpResponseBase:
        channel = channel_of(key)
        return refusal(request, channel) or with_cors(request, view(request, channel))

    return answered


def refusal(request: HttpRequest, channel: Channel) -> HttpResponseBase | None:
    """What is answered before any view is asked; None where the view is to answer."""
    if not is_welcome(request, channel):
        return problem(403, "This site may not use this chat.")
    if request.method == "OPTIONS":
        return with_cors(request, HttpResponse(status=204))
    if too_often(str(request.META.get("REMOTE_ADDR")), REQUESTS_A_MINUTE):
        return with_cors(request, problem(429, "Too many requests; wait a minute."))
    return None


def is_welcome(request: HttpRequest, channel: Channel) -> bool:
    """Whether the page that asks stands on a site that the channel's options name, or on our own."""
    origin = request.headers.get("Origin")
    if origin is None:
        return True  # not asked across sites
    allowed = {each.rstrip("/") for each in str(channel.options.get("origins", "")).split()}
    own = {settings.SITE_URL, f"{request.scheme}://{request.get_host()}"}
    return bool(urlsplit(origin).hostname) and origin in allowed | own


def with_cors(request: HttpRequest, response: HttpResponseBase) -> HttpResponseBase:
    """The answer, readable by the page that asked."""
    if origin := request.headers.get("Origin"):
        response["Access-Control-Allow-Origin"] = origin
        response["Access-Control-Allow-Headers"] = "Authorization, Content-Type"
        response["Access-Control-Allow-Methods"] = "GET, POST"
        response["Access-Control-Max-Age"] = "600"
    patch_vary_headers(response, ["Origin"])
    return response


def problem(status: int, message: str, code: str = "") -> JsonResponse:
    """A refusal with its reason, in English, and the code by which the script has words of its own for it."""
    return JsonResponse({"message": message, "code": code}, status=status)


def too_often(who: str, at_most: int, seconds: int = 60) -> bool:
    """Whether they asked more often within so many seconds; counted in each web process."""
    name = f"chat-{who}"
    cache.add(name, 0, seconds)
    try:
        return cache.incr(name) > at_most
    except ValueError:  # it ran out in between
        return False
