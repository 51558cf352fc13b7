"""The address to which the platform delivers."""

from __future__ import annotations

import hashlib
import hmac
import logging

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from seamark.apps.channels.models import Channel
from seamark.apps.channels.secrets import opened
from seamark.apps.integrations.whatsapp.lines import KIND
from seamark.apps.integrations.whatsapp.signature import HEADER, is_genuine
from seamark.apps.timeline import intake

log = logging.getLogger(__name__)


@csrf_exempt
@require_http_methods(["GET", "POST"])
def webhook(request: HttpRequest, source: str) -> HttpResponse:
    """A delivery is checked, stored and answered; reading it is the worker's business."""
    channel = get_object_or_404(Channel, source=source, kind=KIND)
    return _challenged(request, channel) if request.method == "GET" else _delivered(request, channel)


def _challenged(request: HttpRequest, channel: Channel) -> HttpResponse:
    """The platform asks whether the address is ours before it delivers to it."""
    asked = request.GET
    known, told = opened(channel)["verify_token"], asked.get("hub.verify_token", "")
    if asked.get("hub.mode") != "subscribe" or not hmac.compare_digest(known.encode(), told.encode()):
        return HttpResponse(status=403)
    return HttpResponse(asked.get("hub.challenge", ""), content_type="text/plain")


def _delivered(request: HttpRequest, channel: Channel) -> HttpResponse:
    body = request.body
    if not is_genuine(opened(channel)["app_secret"], body, request.headers.get(HEADER, "")):
        log.warning("delivery.forged", extra={"channel": channel.source_id})
        return HttpResponse(status=403)
    key = hashlib.sha256(body).hexdigest()
    intake.accept(source=channel.source_id, channel_kind=channel.kind, source_key=key, body=body)
    return HttpResponse(status=200)
