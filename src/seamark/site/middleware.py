"""What every answer carries, and in whose language and time zone it is written."""

from __future__ import annotations

import time
import zoneinfo
from collections.abc import Callable, MutableMapping

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils import timezone, translation

Answer = Callable[[HttpRequest], HttpResponse]

POLICY = "; ".join(
    [
        "default-src 'self'",
        "img-src 'self' data: blob:",
        "object-src 'none'",
        "base-uri 'self'",
        "form-action 'self'",
        "frame-ancestors 'none'",
    ]
)
"""Nothing is loaded from elsewhere, and nothing that stands in a page is run."""


def static_headers(headers: MutableMapping[str, str], path: str, url: str) -> None:
    """Static files are served before any middleware (`site.asgi`)."""
    headers["Content-Security-Policy"] = POLICY
    headers["X-Content-Type-Options"] = "nosniff"


def security_headers(get_response: Answer) -> Answer:
    """The Content-Security-Policy, unless a view has set its own; and, for pages that stay open, when work began."""

    def answer(request: HttpRequest) -> HttpResponse:
        request.begun_at = time.time()  # type: ignore[attr-defined]
        response = get_response(request)
        response.headers.setdefault("Content-Security-Policy", POLICY)
        response.headers.setdefault("Permissions-Policy", "camera=(), microphone=(), geolocation=()")
        return response

    return answer


def member_preferences(get_response: Answer) -> Answer:
    """Signed-in members see their own language and their own time zone."""

    def answer(request: HttpRequest) -> HttpResponse:
        member = request.user
        named = getattr(member, "zone", "") or settings.ORGANISATION_ZONE
        with timezone.override(zoneinfo.ZoneInfo(named)):
            language = getattr(member, "language", "")
            if language and translation.check_for_language(language):
                translation.activate(language)
                request.LANGUAGE_CODE = language
            return get_response(request)

    return answer
