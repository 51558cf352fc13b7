"""Pages of rulebooks: what is live, what was, what is being written, and how two of them differ."""

from __future__ import annotations

from itertools import groupby
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from seamark.apps.accounts.errors import ActionRefused
from seamark.apps.accounts.gatekeeping import member_of, needs
from seamark.apps.accounts.roles import Action
from seamark.apps.tagging.comparing import ASPECTS, KINDS, Difference, differences
from seamark.apps.tagging.drafts import start_draft
from seamark.apps.tagging.editions import (
    Edition,
    edition_of,
    key_of,
    latest_versions,
    live_version,
    open_drafts,
    read,
)
from seamark.apps.tagging.models import Draft, Version
from seamark.apps.tagging.overview import overview
from seamark.apps.tagging.pages.asking import asked_number
from seamark.apps.tagging.publish import roll_back as publish_old
from seamark.apps.tagging.textual import compared

VERSIONS = 50


@needs(Action.RULEBOOKS)
def rulebooks(request: HttpRequest) -> HttpResponse:
    """What is live, the drafts, and the versions before."""
    listed = latest_versions(VERSIONS + 1)
    live = next((version for version in listed if version.state == Version.State.LIVE), None) or live_version()
    shown = {
        "live": live,
        "drafts": open_drafts(),
        "versions": [version for version in listed[:VERSIONS] if version != live],
        "is_cut": len(listed) > VERSIONS,
    }
    return render(request, "tagging/rulebooks.html", shown)


@needs(Action.RULEBOOKS)
def progress(request: HttpRequest) -> HttpResponse:
    """How far contacts have been judged by the live version."""
    return render(request, "tagging/parts/progress.html", {"live": live_version()})


@needs(Action.RULEBOOKS)
def version(request: HttpRequest, number: int) -> HttpResponse:
    """One version: what it says, in sentences and as text."""
    found = edition_of(str(number))
    rulebook = read(found).rulebook
    shown = {
        "version": found,
        "live": live_version(),
        "overview": overview(rulebook) if rulebook else None,
        "included": sorted(found.included.items()),
    }
    return render(request, "tagging/version.html", shown)


@needs(Action.RULEBOOKS)
def compare(request: HttpRequest) -> HttpResponse:
    """Two editions side by side."""
    live = live_version()
    if live is None:
        raise Http404
    new = edition_of(request.GET.get("new") or key_of(live))
    old = edition_of(request.GET.get("old") or key_of(live))
    editions: list[Edition] = [*open_drafts(), *latest_versions(VERSIONS)]
    choices = [(key_of(each), edition_title(each)) for each in editions]
    shown = {"old": key_of(old), "new": key_of(new), "choices": choices, **comparison(old, new)}
    return render(request, "tagging/compare.html", shown)


def comparison(old: Edition, new: Edition) -> dict[str, Any]:
    """What a page shows of how two editions differ."""
    before, after = read(old), read(new)
    found = differences(before.rulebook, after.rulebook) if before.rulebook and after.rulebook else []
    return {
        "old_title": edition_title(old),
        "new_title": edition_title(new),
        "unreadable": before.rulebook is None or after.rulebook is None,
        "kinds": [(KINDS[kind], [_worded(each) for each in these]) for kind, these in groupby(found, _kind)],
        "lines": compared(old.text, new.text),
    }


def _kind(difference: Difference) -> Any:
    return difference.kind


def _worded(difference: Difference) -> tuple[Difference, list[tuple[str, str, str]]]:
    """The difference with its aspects in words; an aspect is left unnamed where it is the only one that can be."""
    return difference, [(str(ASPECTS[each.aspect]), each.before, each.after) for each in difference.changes]


def edition_title(edition: Edition) -> str:
    """What it is called."""
    if isinstance(edition, Draft):
        return _("Draft: %(name)s") % {"name": edition.name}
    words = _("Version %(number)d, live") if edition.state == Version.State.LIVE else _("Version %(number)d")
    return words % {"number": edition.number}


@require_POST
@needs(Action.RULEBOOKS)
def roll_back(request: HttpRequest, number: int) -> HttpResponse:
    """Publish an old version's text anew."""
    found = edition_of(str(number))
    assert isinstance(found, Version)
    try:
        made = publish_old(to=found, by=member_of(request), after=asked_number(request, "after"))
    except ActionRefused as refused:
        messages.error(request, str(refused))
    else:
        told = {"number": made.number, "old": found.number}
        messages.success(request, _("Version %(number)d is live, with the text of version %(old)d.") % told)
    return redirect("tagging:rulebooks")


@require_POST
@needs(Action.RULEBOOKS)
def begin(request: HttpRequest, number: int) -> HttpResponse:
    """Begin a draft of a version; `path` leads on to one of its conditions."""
    base = edition_of(str(number))
    assert isinstance(base, Version)
    draft = start_draft(base=base, name=request.POST.get("name", ""), by=member_of(request))
    if path := request.POST.get("path", ""):
        return redirect("tagging:condition", draft.pk, path)
    return redirect("tagging:draft", draft.pk)
