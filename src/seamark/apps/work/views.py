"""Pages about a member's own work."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_POST

from seamark.apps.accounts.gatekeeping import member_of
from seamark.apps.work import actions
from seamark.apps.work.access import work_for, works_of

PAGE = 30


def works(request: HttpRequest) -> HttpResponse:
    """All of it, the latest first, some at a time."""
    before = request.GET.get("before", "")
    found = works_of(member_of(request))
    if before.isascii() and before.isdecimal() and len(before) < 19:
        found = found.filter(pk__lt=int(before))
    listed = list(found[: PAGE + 1])
    return render(request, "work/works.html", {"works": listed[:PAGE], "more": len(listed) > PAGE})


def work(request: HttpRequest, id: int) -> HttpResponse:
    """How far it is: asked for by the part of a page that shows it, as long as it is open.

    When it has ended the page hears `work-ended`, so that what waits for its result can fetch it.
    """
    found = work_for(member_of(request), id)
    response = render(request, "work/parts/work.html", {"work": found})
    if not found.is_open:
        response.headers["HX-Trigger"] = "work-ended"
    return response


@require_POST
def cancel(request: HttpRequest, id: int) -> HttpResponse:
    """Stop it."""
    found = work_for(member_of(request), id)
    actions.cancel(work=found)
    return work(request, id)
