"""One tag merged into another: all who hold it get the other instead; and a tag that is called by another name."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from seamark.apps.accounts.access import may, reach
from seamark.apps.accounts.errors import ActionRefused
from seamark.apps.accounts.gatekeeping import member_of, needs
from seamark.apps.accounts.models import Member
from seamark.apps.accounts.roles import Action
from seamark.apps.batches.actions import MOST, Ask, begin
from seamark.apps.batches.models import Batch
from seamark.apps.desk.foretelling import foretold
from seamark.apps.tagging.models import Standing
from seamark.apps.tagging.overview import dotted
from seamark.apps.tagging.rulebooks import FILE, Live, live_rulebook
from seamark.apps.tagging.uses import uses_of
from seamark.apps.tagging.words import chip, group_of, titled
from seamark.engine.rulebook import Tag


@needs(Action.RULEBOOKS)
def merge(request: HttpRequest, tag: str) -> HttpResponse:
    """What merging it comes to; `into` another tag, with all it sets going; POST begins it."""
    member, live = member_of(request), live_rulebook()
    found = live.rulebook.tags.get(tag) if live else None
    if live is None or found is None or found.unlisted:
        raise Http404
    if request.method == "POST":
        try:
            batch = begin(_ask(request, found, live), contacts=_holders(member, found, live), by=member)
            return redirect("batches:batch", batch.pk)
        except ActionRefused as refused:
            messages.error(request, str(refused))
    return render(request, "desk/merge_tag.html", _context(request, found, live, member))


def _ask(request: HttpRequest, tag: Tag, live: Live) -> Ask:
    into = request.POST.get("into", "")
    if into not in {other.name for _title, others in _targets(tag, live) for other in others}:
        raise ActionRefused("by-rule", _("Only tags that members alone set can be merged by hand."))
    return Ask(Batch.Deed.REPLACE, tag=tag.name, into=into, is_quiet="quiet" in request.POST)


def _context(request: HttpRequest, tag: Tag, live: Live, member: Member) -> dict[str, Any]:
    into = live.rulebook.tags.get(request.GET.get("into", "") or request.POST.get("into", ""))
    seen = Standing.objects.filter(reach(member, Action.VIEW).condition(), tags__contains=[live.tag_ids[tag.name]])
    holders = _holders(member, tag, live)
    ask = Ask(Batch.Deed.REPLACE, tag=tag.name, into=into.name if into else "")
    return {
        "tag": tag,
        "chip": chip(live.rulebook, tag),
        "titles": {"en": tag.title.get("en", ""), "zh": tag.title.get("zh", "")},
        "live": live,
        "path": dotted(tag.clause.path) if tag.clause and tag.clause.located.file == FILE else "",
        "is_own": live.rulebook.tag_place(tag.name).file == FILE,
        "targets": [(title, [(each.name, titled(each.title)) for each in tags]) for title, tags in _targets(tag, live)],
        "into": chip(live.rulebook, into) if into else None,
        "total": holders[: MOST + 1].count(),
        "seen": seen[: MOST + 1].count(),
        "both": holders.filter(tags__contains=[live.tag_ids[into.name]])[: MOST + 1].count() if into else 0,
        "most": MOST,
        "uses": uses_of(tag.name, live),
        "foretold": foretold(ask, holders, live, member) if into else [],
        "may_merge": may(member, Action.EDIT),
    }


def _holders(member: Member, tag: Tag, live: Live) -> Any:
    """Those who hold it, as far as the member may change them."""
    return Standing.objects.filter(reach(member, Action.EDIT).condition(), tags__contains=[live.tag_ids[tag.name]])


def _targets(tag: Tag, live: Live) -> list[tuple[str, list[Tag]]]:
    """The other tags that only members set, by group; those of its own group first."""
    own = group_of(live.rulebook, tag).name
    groups = sorted(live.rulebook.groups, key=lambda group: group.name != own)
    told = [(titled(group.title), [each for each in group.tags if each.by_hand and each != tag]) for group in groups]
    return [(title, tags) for title, tags in told if tags]
