"""Segments: searched for, saved, changed and dropped, and contacts listed by them."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from seamark.apps.accounts.access import may
from seamark.apps.accounts.errors import ActionRefused
from seamark.apps.accounts.gatekeeping import member_of, needs
from seamark.apps.accounts.models import Member
from seamark.apps.accounts.roles import Action
from seamark.apps.desk.wish import Wish
from seamark.apps.outreach import actions
from seamark.apps.outreach.access import may_see_segments, search_of, segment_for
from seamark.apps.outreach.models import Segment
from seamark.apps.outreach.queries import count_of, said_in_all, segments_told, why_broken
from seamark.apps.tagging.editions import live_version
from seamark.apps.tagging.words import spoken
from seamark.apps.work.access import work_for
from seamark.engine.errors import RuleError

LONGEST = 10_000
"""Characters of a condition."""


def segments(request: HttpRequest) -> HttpResponse:
    """All of them."""
    member = _seeing(request)
    shown = {"segments": segments_told(spoken()), "may_save": may(member, Action.RULEBOOKS)}
    return render(request, "desk/segments.html", shown)


def new(request: HttpRequest) -> HttpResponse:
    """A condition that is not saved: searched for, or made a segment."""
    member = _seeing(request)
    work_id = request.GET.get("work", "")
    work = work_for(member, int(work_id)) if work_id.isascii() and work_id.isdecimal() and len(work_id) < 19 else None
    if work and work.kind != actions.SEARCH:
        raise Http404
    shown = {"when": work.asked["when"] if work else "", "name": "", "work": work}
    if request.method != "POST":
        return _page(request, member, shown)
    shown = _said(request) | {"work": None}
    try:
        if request.POST.get("act") == "search":
            begun = actions.begin_search(when=shown["when"], by=member)
            return redirect(f"{reverse('desk:segment-new')}?work={begun.pk}")
        _may_save(member)
        made = actions.save_segment(name=shown["name"], when=shown["when"], by=member)
    except (ActionRefused, RuleError) as refused:
        return _page(request, member, shown | {"refusal": _told(refused)}, 422)
    return redirect("desk:segment", made.pk)


def segment(request: HttpRequest, id: int) -> HttpResponse:
    """A segment: what it says, how many are in it; POST changes it."""
    member = member_of(request)
    found = segment_for(member, id)
    shown: dict[str, Any] = {"segment": found, "when": found.when, "name": found.name, "revision": found.revision}
    if request.method != "POST":
        return _page(request, member, shown)
    _may_save(member)
    shown |= _said(request)
    try:
        actions.change_segment(
            segment=found, name=shown["name"], when=shown["when"], revision=_revision(request), by=member
        )
    except (ActionRefused, RuleError) as refused:
        # What somebody else saved meanwhile is shown above what this member wrote.
        return _page(request, member, shown | {"refusal": _told(refused), "revision": found.revision}, 422)
    messages.success(request, _("Saved."))
    return redirect("desk:segment", id)


def amount(request: HttpRequest, id: int) -> HttpResponse:
    """How many are in it now: asked for again and again by the page that shows it."""
    member = member_of(request)
    found, live = segment_for(member, id), live_version()
    shown: dict[str, Any] = {"segment": found, "total": count_of(member, found), "live": live}
    shown["is_settled"] = live is None or live.settled_at is not None
    return render(request, "desk/parts/segment_amount.html", shown)


@require_POST
@needs(Action.RULEBOOKS)
def drop(request: HttpRequest, id: int) -> HttpResponse:
    """The segment is no more."""
    member = member_of(request)
    found = segment_for(member, id)
    try:
        actions.drop_segment(segment=found, revision=_revision(request), by=member)
    except ActionRefused as refused:
        messages.error(request, str(refused))
        return redirect("desk:segment", id)
    messages.success(request, _("“%(name)s” was dropped.") % {"name": found.name})
    return redirect("desk:segments")


def segment_choice(member: Member, wish: Wish) -> dict[str, Any]:
    """What the list of contacts shows of segments: those to choose from, the one chosen, the search."""
    chosen = Segment.objects.filter(pk=wish.segment).first() if wish.segment else None
    return {
        "segments": Segment.objects.only("name") if may_see_segments(member) else [],
        "broken": why_broken(chosen) if chosen else "",
        "search": search_of(member, wish.found) if wish.found else None,
    }


def _seeing(request: HttpRequest) -> Member:
    member = member_of(request)
    if not may_see_segments(member):
        raise PermissionDenied
    return member


def _may_save(member: Member) -> None:
    if not may(member, Action.RULEBOOKS):
        raise PermissionDenied


def _said(request: HttpRequest) -> dict[str, Any]:
    return {
        "when": request.POST.get("when", "").replace("\0", "").strip()[:LONGEST],
        "name": request.POST.get("name", "").replace("\0", "").strip(),
    }


def _revision(request: HttpRequest) -> int:
    written = request.POST.get("revision", "")
    return int(written) if written.isascii() and written.isdecimal() and len(written) < 10 else 0


def _told(refused: ActionRefused | RuleError) -> str:
    return str(refused) if isinstance(refused, ActionRefused) else refused.problems[0].message


def _page(request: HttpRequest, member: Member, shown: dict[str, Any], status: int = 200) -> HttpResponse:
    found: Segment | None = shown.get("segment")
    told = {"sentences": said_in_all(found.when), "broken": why_broken(found)} if found else {}
    shown = {"may_save": may(member, Action.RULEBOOKS), **told, **shown}
    return render(request, "desk/segment.html", shown, status=status)
