"""The bell in the header: how many notices are new, and what they say."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_POST

from seamark.apps.accounts import notices
from seamark.apps.accounts.gatekeeping import member_of


def count(request: HttpRequest) -> HttpResponse:
    """How many are new; nothing where none is."""
    new = notices.unread(member_of(request))
    return HttpResponse(f"{notices.SHOWN}+" if new > notices.SHOWN else str(new or ""))


@require_POST
def listed(request: HttpRequest) -> HttpResponse:
    """The last of them, which are read by that."""
    member = member_of(request)
    shown = {"notices": notices.latest(member)}
    notices.mark_read(member)
    return render(request, "accounts/notices.html", shown)
