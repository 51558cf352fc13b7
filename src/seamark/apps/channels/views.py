"""Where short links lead."""

from __future__ import annotations

import re

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.views.decorators.http import require_safe

from seamark.apps.channels.links import note_click
from seamark.apps.channels.models import ShortLink

MACHINES = re.compile("bot|crawl|spider|preview|facebookexternalhit|whatsapp|prefetch", re.IGNORECASE)
"""They look a link up for somebody who has not followed it."""


@require_safe
def follow(request: HttpRequest, token: str) -> HttpResponse:
    """Lead on to where the link was made for, and nowhere else."""
    link = get_object_or_404(ShortLink.objects.select_related("message__identity", "message__channel"), token=token)
    if request.method == "GET" and not _is_machine(request):
        note_click(link)
    response = HttpResponseRedirect(link.url)
    response["Cache-Control"] = "no-store"
    response["Referrer-Policy"] = "no-referrer"
    return response


def _is_machine(request: HttpRequest) -> bool:
    told = (request.headers.get(name, "") for name in ("User-Agent", "Purpose", "Sec-Purpose"))
    return any(MACHINES.search(each) for each in told)
