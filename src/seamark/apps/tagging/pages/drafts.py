"""Pages of a draft: what it says, its text, what it would change, and making it live."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from seamark.apps.accounts.errors import ActionRefused
from seamark.apps.accounts.gatekeeping import member_of, needs
from seamark.apps.accounts.roles import Action
from seamark.apps.tagging.drafts import (
    Overtaken,
    discard_draft,
    keep_beside,
    publish_draft,
    rename_draft,
    save_draft,
)
from seamark.apps.tagging.editions import DRAFT, edition_of, key_of, live_version, read
from seamark.apps.tagging.linting import beside, warnings
from seamark.apps.tagging.models import Draft
from seamark.apps.tagging.overview import overview
from seamark.apps.tagging.pages.asking import asked_number
from seamark.apps.tagging.pages.versions import comparison
from seamark.apps.tagging.textual import compared
from seamark.engine.errors import RuleError


def draft_of(id: int) -> Draft:
    """The draft. Raises 404 where there is none."""
    found = edition_of(f"{DRAFT}{id}")
    assert isinstance(found, Draft)
    return found


@needs(Action.RULEBOOKS)
def draft(request: HttpRequest, id: int) -> HttpResponse:
    """What the draft says, in sentences."""
    found = draft_of(id)
    known = read(found)
    if known.rulebook is None:
        return redirect("tagging:draft-text", id)
    return render(request, "tagging/draft.html", {**frame(found, "says"), "overview": overview(known.rulebook)})


@needs(Action.RULEBOOKS)
def text(request: HttpRequest, id: int) -> HttpResponse:
    """The draft as text, with what is wrong beside the lines; saving answers with the page again."""
    found = draft_of(id)
    written = found.text
    if request.method == "POST":
        written = _lines(request.POST.get("text", ""))
        revision = asked_number(request, "revision")
        try:
            found = save_draft(draft=found, text=written, revision=revision, by=member_of(request))
        except Overtaken as refused:
            return conflict(request, refused.draft, written)
        messages.success(request, _("Saved."))
        return redirect("tagging:draft-text", id)
    shown = {**frame(found, "text"), "text": written, "included": sorted(found.included.items())}
    return render(request, "tagging/draft_text.html", {**shown, **beside(found, written)})


@require_POST
@needs(Action.RULEBOOKS)
def problems(request: HttpRequest, id: int) -> HttpResponse:
    """What is wrong with a text that is not saved yet."""
    found = draft_of(id)
    return render(request, "tagging/parts/problems.html", beside(found, _lines(request.POST.get("text", ""))))


@needs(Action.RULEBOOKS)
def lint(request: HttpRequest, id: int) -> HttpResponse:
    """What is right in the saved draft but hardly meant: it takes a moment."""
    return render(request, "tagging/parts/warnings.html", {"warnings": warnings(draft_of(id))})


def conflict(request: HttpRequest, theirs: Draft, mine: str) -> HttpResponse:
    """Two saved at once: both texts are shown, and the later one chooses what becomes of them."""
    shown = {"mine": mine, "lines": compared(theirs.text, mine), "theirs": theirs}
    return render(request, "tagging/conflict.html", {**frame(theirs, "text"), **shown}, status=409)


@require_POST
@needs(Action.RULEBOOKS)
def settle(request: HttpRequest, id: int) -> HttpResponse:
    """Keep the text that came too late: as a draft of its own, or here with the other one beside it."""
    found, member = draft_of(id), member_of(request)
    mine, revision = _lines(request.POST.get("text", "")), asked_number(request, "revision")
    if request.POST.get("keep") == "mine-beside":
        made = keep_beside(draft=found, text=mine, by=member)
        messages.success(request, _("Your text is a draft of its own now."))
        return redirect("tagging:draft-text", made.pk)
    theirs = found.text
    try:
        save_draft(draft=found, text=mine, revision=revision, by=member)
    except Overtaken as refused:
        return conflict(request, refused.draft, mine)
    keep_beside(draft=found, text=theirs, by=found.changed_by)
    messages.success(request, _("Yours is saved; theirs is a draft of its own now."))
    return redirect("tagging:draft-text", id)


@needs(Action.RULEBOOKS)
def publish(request: HttpRequest, id: int) -> HttpResponse:
    """What the draft changes and what is wrong with it; publishing it."""
    found, live = draft_of(id), live_version()
    shown = {**frame(found, "publish"), "live": live, "breaks": "breaks" in request.GET, **beside(found, found.text)}
    if request.method == "POST":
        try:
            made = publish_draft(
                draft=found,
                revision=asked_number(request, "revision"),
                note=request.POST.get("note", "").strip()[:500],
                after=asked_number(request, "after"),
                by=member_of(request),
                may_break="may_break" in request.POST,
            )
        except RuleError:
            messages.error(request, _("It has errors: nothing was published."))
            return redirect("tagging:draft-publish", id)
        except ActionRefused as refused:
            messages.error(request, str(refused))
            breaks = "?breaks=1" if refused.code == "breaks" else ""
            return redirect(f"{reverse('tagging:draft-publish', args=[id])}{breaks}")
        messages.success(request, _("Version %(number)d is live.") % {"number": made.number})
        return redirect("tagging:rulebooks")
    if live:
        shown |= comparison(live, found)
    return render(request, "tagging/draft_publish.html", shown)


@require_POST
@needs(Action.RULEBOOKS)
def rename(request: HttpRequest, id: int) -> HttpResponse:
    """Call the draft something else."""
    found = draft_of(id)
    revision = asked_number(request, "revision")
    try:
        rename_draft(draft=found, name=request.POST.get("name", ""), revision=revision, by=member_of(request))
    except ActionRefused as refused:
        messages.error(request, str(refused))
    return redirect("tagging:draft", id)


@require_POST
@needs(Action.RULEBOOKS)
def discard(request: HttpRequest, id: int) -> HttpResponse:
    """Throw the draft away."""
    found = draft_of(id)
    try:
        discard_draft(draft=found, revision=asked_number(request, "revision"))
    except ActionRefused as refused:
        messages.error(request, str(refused))
        return redirect("tagging:draft", id)
    messages.success(request, _("“%(name)s” was thrown away.") % {"name": found.name})
    return redirect("tagging:rulebooks")


def frame(draft: Draft, part: str) -> dict[str, Any]:
    """What every page of a draft shows."""
    return {"draft": draft, "part": part, "key": key_of(draft)}


def _lines(text: str) -> str:
    """A text out of a form, whose lines end as those of files do."""
    text = text.replace("\r\n", "\n")
    return text if text.endswith("\n") else text + "\n"
