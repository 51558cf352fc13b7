"""Follow-ups at a contact's page: what is open, made by hand, done."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any, NamedTuple

from django import forms
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST

from seamark.apps.accounts.access import reach
from seamark.apps.accounts.errors import ActionRefused
from seamark.apps.accounts.gatekeeping import member_of
from seamark.apps.accounts.models import Member
from seamark.apps.accounts.roles import Action
from seamark.apps.contacts.access import contact_for
from seamark.apps.contacts.masks import masks_of
from seamark.apps.contacts.models import Contact
from seamark.apps.desk.reply import number
from seamark.apps.desk.today import rows_of, told, words_of
from seamark.apps.followups import actions
from seamark.apps.followups.access import follow_up_for, follow_ups_for
from seamark.apps.followups.models import Priority
from seamark.apps.followups.queries import of_contact, pop_ups
from seamark.apps.followups.words import in_language
from seamark.apps.tagging.rulebooks import live_rulebook
from seamark.apps.tagging.words import spoken


class ByHand(forms.Form):
    """A follow-up that a member thinks of."""

    title = forms.CharField(label=_("What is to be done"), max_length=200)
    due_at = forms.DateTimeField(
        label=_("Due"), widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M")
    )
    priority = forms.TypedChoiceField(label=_("Priority"), choices=Priority, coerce=int, initial=Priority.P3)
    words = forms.CharField(
        label=_("What to write"), max_length=actions.MOST_WORDS, required=False, widget=forms.Textarea({"rows": 2})
    )


def follow_ups_context(member: Member, contact: Contact, form: ByHand | None = None) -> dict[str, Any]:
    """The contact's follow-ups and pop-ups, and the form for another one."""
    masks, viewed = masks_of(member), reach(member, Action.VIEW)
    rights = [reach(member, action) for action in (Action.EDIT, Action.ALLOCATE)]
    works = any(right.covers(owner=contact.owner_id, team=contact.team_id) for right in rights)
    rows = rows_of(of_contact(contact), member, live_rulebook(), timezone.now())
    return {
        "contact": contact,
        "follow_ups": rows,
        "pop_ups": told(pop_ups(contact), masks, viewed),
        "may_work": works,
        "may_make": rights[0].covers(owner=contact.owner_id, team=contact.team_id),
        "by_hand": form or ByHand(initial={"due_at": _tomorrow(timezone.now())}),
    }


class Led(NamedTuple):
    """The follow-up that led here from today's queue."""

    title: str
    words: str
    """What is to be written; empty where it is done already: nothing is to be written twice."""
    back: str
    """The address of the place from where it led."""


def led_here(member: Member, contact: Contact, asked: QueryDict) -> Led | None:
    """What the address names, if the member may see it."""
    row = follow_ups_for(member).filter(pk=number(asked.get("follow_up", "")), contact=contact).first()
    if row is None:
        return None
    words = words_of(row, masks_of(member).known_name(contact)) if row.state == row.State.OPEN else ""
    return Led(in_language(row.title, spoken()), words, f"{reverse('desk:today')}#todo-{row.pk}")


@require_POST
def add(request: HttpRequest, id: int) -> HttpResponse:
    """Make one by hand."""
    member = member_of(request)
    contact, form = contact_for(member, id, Action.EDIT), ByHand(request.POST)
    if form.is_valid():
        given = form.cleaned_data | {"priority": Priority(form.cleaned_data["priority"]), "language": spoken()}
        try:
            actions.make_by_hand(contact=contact, by=member, **given)
        except ActionRefused as refused:
            form.add_error(refused.code if refused.code in form.fields else "due_at", str(refused))
        else:
            return _part(request, follow_ups_context(member, contact))
    return _part(request, follow_ups_context(member, contact, form) | {"is_open": True}, 422)


@require_POST
def close(request: HttpRequest, id: int, row: int) -> HttpResponse:
    """It is done."""
    member = member_of(request)
    contact, follow_up = contact_for(member, id), follow_up_for(member, row)
    shown: dict[str, Any] = {}
    try:
        actions.finish(follow_up=follow_up.pk, by=member)
    except ActionRefused as refused:
        shown["refusal"] = str(refused)
    return _part(request, follow_ups_context(member, contact) | shown)


def part(request: HttpRequest, id: int) -> HttpResponse:
    """The part alone, for a page that is open while they change."""
    member = member_of(request)
    return _part(request, follow_ups_context(member, contact_for(member, id)))


def _part(request: HttpRequest, shown: dict[str, Any], status: int = 200) -> HttpResponse:
    return render(request, "desk/parts/contact_follow_ups.html", shown, status=status)


def _tomorrow(now: datetime) -> datetime:
    return timezone.localtime(now + timedelta(days=1)).replace(hour=9, minute=0, second=0, microsecond=0)
