"""Deeds on the contacts chosen in the list: what is asked before each, and setting it going."""

from __future__ import annotations

from datetime import timedelta
from typing import Any, NamedTuple

from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import render
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST

from seamark.apps.accounts.access import may
from seamark.apps.accounts.errors import ActionRefused
from seamark.apps.accounts.gatekeeping import member_of
from seamark.apps.accounts.models import Member
from seamark.apps.accounts.roles import Action
from seamark.apps.batches.actions import MOST, Ask, begin
from seamark.apps.batches.models import Batch
from seamark.apps.contacts.models import Contact
from seamark.apps.contacts.ownership import receivers
from seamark.apps.desk.export import begin_export, columns_of
from seamark.apps.desk.foretelling import foretold
from seamark.apps.desk.queries import standings
from seamark.apps.desk.wish import is_id, wish_of
from seamark.apps.tagging.rulebooks import live_rulebook
from seamark.apps.tagging.words import tag_choices

LASTS = {"7d": timedelta(days=7), "30d": timedelta(days=30), "90d": timedelta(days=90)}

Kind = Batch.Deed
TAGGING = (Kind.TAG, Kind.UNTAG, Kind.REPLACE)


class Deed(NamedTuple):
    """A button over the list."""

    kind: Batch.Deed
    title: Promise
    icon: str
    needs: Action
    """Who may do it to anybody; whether to the contacts chosen is asked of each."""


DEEDS: dict[str, Deed] = {
    deed.kind.value: deed
    for deed in (
        Deed(Kind.TAG, _("Set a tag"), "tag", Action.EDIT),
        Deed(Kind.UNTAG, _("Take a tag away"), "x", Action.EDIT),
        Deed(Kind.REPLACE, _("Replace a tag"), "arrows-exchange", Action.EDIT),
        Deed(Kind.GIVE, _("Give to another owner"), "user-plus", Action.ALLOCATE),
        Deed(Kind.CLAIM, _("Claim"), "user-check", Action.CLAIM),
        Deed(Kind.EXPORT, _("Export"), "file-export", Action.EXPORT),
        Deed(Kind.RELEASE, _("Release"), "anchor", Action.VIEW),
    )
}


def deeds_of(member: Member) -> list[Deed]:
    """What the member may do to contacts at once."""
    return [deed for deed in DEEDS.values() if may(member, deed.needs)]


def batch(request: HttpRequest, deed: str) -> HttpResponse:
    """Ask what the deed needs to know, in a dialog; then set it going, and tell how far it is among the news.

    `chosen` has the contacts' ids; where `everybody` is set, it is all whom the list finds by the address in `wish`.
    """
    member = member_of(request)
    if deed not in DEEDS or not may(member, DEEDS[deed].needs):
        raise Http404
    refusal = ""
    if request.method == "POST":
        try:
            ask = _asked(request.POST, DEEDS[deed].kind, member)
            begun = _begun(ask, _chosen(request.POST, member), member)
            return render(request, "desk/parts/batch_begun.html", {"work": begun.work})
        except ActionRefused as refused:
            refusal = str(refused)
    shown = {"deed": DEEDS[deed], "refusal": refusal, "asked": request.POST, **_choices(deed, member)}
    return render(request, "desk/parts/batch.html", shown, status=422 if refusal else 200)


@require_POST
def foretell(request: HttpRequest, deed: str) -> HttpResponse:
    """What it would set going, for the dialog that asks."""
    member, live = member_of(request), live_rulebook()
    if deed not in TAGGING or not may(member, DEEDS[deed].needs) or live is None:
        raise Http404
    ask = _asked(request.POST, DEEDS[deed].kind, member)
    found = foretold(ask, _chosen(request.POST, member), live, member)
    return render(request, "desk/parts/foretold.html", {"foretold": found, "most": MOST})


def _begun(ask: Ask, contacts: QuerySet[Any], member: Member) -> Batch:
    if ask.deed == Kind.EXPORT:
        return begin_export(contacts=contacts, by=member)
    return begin(ask, contacts=contacts, by=member)


def _asked(given: QueryDict, kind: Batch.Deed, member: Member) -> Ask:
    lasts, to = LASTS.get(given.get("lasts", "")), given.get("to", "")
    return Ask(
        kind,
        tag=given.get("tag", ""),
        into=given.get("into", ""),
        until=timezone.now() + lasts if lasts else None,
        to=receivers(member).filter(pk=to).first() if is_id(to) else None,
        words=given.get("words", ""),
        is_quiet="quiet" in given,
    )


def _chosen(given: QueryDict, member: Member) -> QuerySet[Any]:
    if given.get("everybody"):
        live = live_rulebook()
        wish = wish_of(QueryDict(given.get("wish", "").removeprefix("?")), live.rulebook.tags if live else ())
        return standings(member, wish, live)
    return Contact.objects.filter(pk__in=[int(id) for id in given.get("chosen", "").split(",") if is_id(id)])


def _choices(deed: str, member: Member) -> dict[str, Any]:
    live = live_rulebook()
    if deed in TAGGING:
        return {"tags": tag_choices(live.rulebook) if live else []}
    if deed == Kind.EXPORT:
        return {"columns": columns_of(member), "most": MOST}
    return {"receivers": receivers(member)} if deed == Kind.GIVE else {}
