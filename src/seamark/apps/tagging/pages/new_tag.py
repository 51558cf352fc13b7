"""The page on which a tag is made: set by hand, or with a condition."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from seamark.apps.accounts.access import reach
from seamark.apps.accounts.errors import ActionRefused
from seamark.apps.accounts.gatekeeping import member_of, needs
from seamark.apps.accounts.roles import Action
from seamark.apps.tagging.forms import NewTagForm
from seamark.apps.tagging.new_tags import Alike, Finding, NewTag, add_tag
from seamark.apps.tagging.pages.tags import chip_of
from seamark.apps.tagging.rulebooks import Live, live_rulebook
from seamark.apps.tagging.words import Chip
from seamark.engine.errors import RuleError


@needs(Action.RULEBOOKS)
def new_tag(request: HttpRequest) -> HttpResponse:
    """Make a tag: what repeats another is refused, what comes near to another is asked about."""
    live = live_rulebook()
    if live is None:
        raise Http404
    form = NewTagForm(live.rulebook, request.POST or None)
    when = request.POST.get("when", "").strip() if request.POST.get("held") == "when" else ""
    shown = {"form": form, "when": request.POST.get("when", ""), "by_condition": request.POST.get("held") == "when"}
    if request.method != "POST" or not form.is_valid():
        return render(request, "tagging/new_tag.html", shown, status=422 if request.method == "POST" else 200)
    member = member_of(request)
    try:
        draft = add_tag(
            new=form.new_tag(when),
            draft=form.chosen_draft(),
            by=member,
            reached=reach(member, Action.VIEW),
            anyway="anyway" in request.POST,
        )
    except Alike as alike:
        shown["findings"] = [(_chip(live, form.new_tag(when), each), each) for each in alike.findings]
        shown["is_refused"] = any(each.kind == "repeats" for each in alike.findings)
    except ActionRefused as refused:
        form.add_error(None, str(refused))
    except RuleError as error:
        form.add_error(None, error.problems[0].message)
    else:
        messages.success(request, _("The tag is in the draft; it comes to life when the draft is published."))
        return redirect("tagging:draft", draft.pk)
    return render(request, "tagging/new_tag.html", shown, status=422)


def _chip(live: Live, new: NewTag, found: Finding) -> Chip | None:
    return chip_of(live, found.other) if found.other in live.rulebook.tags else None
