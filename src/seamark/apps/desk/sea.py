"""The public sea: whom one may claim, who goes back soon, who was given to whom; many at once."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any, NamedTuple

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db.models import F, Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from seamark.apps.accounts.access import Reach, may, reach
from seamark.apps.accounts.errors import ActionRefused
from seamark.apps.accounts.gatekeeping import member_of, needs
from seamark.apps.accounts.models import Member
from seamark.apps.accounts.organisation import setting
from seamark.apps.accounts.roles import Action
from seamark.apps.contacts.access import contact_for
from seamark.apps.contacts.masks import masks_of
from seamark.apps.contacts.models import Contact, OwnerChange, Ownership
from seamark.apps.contacts.ownership import Given, Reason, claimed_today, give, receivers
from seamark.apps.contacts.seas import Seas
from seamark.apps.desk.queries import page_of, rows_of
from seamark.apps.desk.telling import chips_in_row
from seamark.apps.desk.wish import SEA, wish_of
from seamark.apps.seas.allocation import Way, allocate
from seamark.apps.seas.queries import going_back
from seamark.apps.tagging.queries import held_by
from seamark.apps.tagging.rulebooks import Live, live_rulebook
from seamark.apps.tagging.words import Chip, tag_choices

MOST_CHOSEN = 200
"""How many contacts one press of a button moves."""
ROWS = 50
MOST_COUNTED = 99


class Row(NamedTuple):
    """A contact, as the pages of the sea show it."""

    contact: Contact
    name: str
    chips: list[Chip]
    more: list[Chip]
    """Tags for which the row has no room."""
    came: OwnerChange | None
    """How it came into the sea; nothing: it never had an owner."""
    back_at: datetime | None = None
    """When it goes back."""
    may_claim: bool = False


def sea(request: HttpRequest) -> HttpResponse:
    """Contacts without an owner, whoever wrote last first."""
    member, live = member_of(request), live_rulebook()
    wish = replace(wish_of(request.GET, live.rulebook.tags if live else ()), owner=SEA)
    page = page_of(member, wish, live)
    came = _last_changes(page.contacts)
    shown = {
        "wish": wish,
        "rows": _rows(member, page.contacts, live, lambda contact: {"came": came.get(contact.pk)}),
        "page": page,
        "last": wish.first + len(page.contacts) - 1 if page.contacts else 0,
        "choices": tag_choices(live.rulebook) if live else [],
        "chosen_tag": next(iter(wish.tags), ""),
        **_deeds(member),
    }
    return render(request, "desk/sea.html", shown)


def going_back_soon(request: HttpRequest) -> HttpResponse:
    """Contacts whose owners are warned: they go back to the sea unless somebody follows up."""
    member, live, seas = member_of(request), live_rulebook(), setting(Seas)
    held = list(going_back(_followed(member), seas, timezone.now())[: ROWS + 1])
    back_at = {each.pk: seas.taken_back_at(each.followed_up_at) for each in held[:ROWS]}
    contacts = rows_of(list(back_at))
    rows = _rows(member, contacts, live, lambda contact: {"back_at": back_at[contact.pk]})
    shown = {"rows": rows, "has_more": len(held) > ROWS, "seas": seas, "most": ROWS}
    return render(request, "desk/sea_soon.html", shown)


def going_back_amount(request: HttpRequest) -> HttpResponse:
    """How many of the member's own contacts go back soon: asked for by pages that lead there."""
    member = member_of(request)
    own = going_back(Reach(own=member.pk), setting(Seas), timezone.now())
    number = own[: MOST_COUNTED + 1].count()
    shown = {"number": min(number, MOST_COUNTED), "more": number > MOST_COUNTED, "says_more": "long" in request.GET}
    return render(request, "desk/parts/going_back_amount.html", shown)


@needs(Action.ALLOCATE)
def changes(request: HttpRequest) -> HttpResponse:
    """Every change of owners within the member's reach, the latest first."""
    member = member_of(request)
    before = request.GET.get("before", "")
    found = OwnerChange.objects.filter(_of_teams(reach(member, Action.ALLOCATE)))
    if before.isascii() and before.isdecimal() and len(before) < 19:
        found = found.filter(pk__lt=int(before))
    listed = list(found.select_related("contact", "was_owner", "owner", "by").order_by("-pk")[: ROWS + 1])
    masks = masks_of(member)
    shown = {
        "changes": [(each, masks.name(each.contact)) for each in listed[:ROWS]],
        "older": listed[ROWS - 1].pk if len(listed) > ROWS else None,
    }
    return render(request, "desk/sea_changes.html", shown)


@require_POST
@needs(Action.CLAIM)
def claim(request: HttpRequest) -> HttpResponse:
    """Become the owner of those chosen."""
    member = member_of(request)

    def act(chosen: Sequence[int]) -> Given:
        return give(contacts=chosen, to=member, by=member, reason=Reason.CLAIMED, was=None)

    return _done(request, act)


@require_POST
@needs(Action.ALLOCATE)
def allocation(request: HttpRequest) -> HttpResponse:
    """Give those chosen to a member, or to those whom a way of allocating finds."""
    member, to = member_of(request), request.POST.get("to", "")

    def act(chosen: Sequence[int]) -> Given:
        if to in Way.values:
            old_first = "old_first" in request.POST
            return allocate(contacts=chosen, way=Way(to), by=member, old_first=old_first)
        owner = receivers(member).filter(pk=to).first() if to.isascii() and to.isdecimal() and len(to) < 19 else None
        if owner is None:
            raise ActionRefused("nobody", _("Choose who is to get it."))
        return give(contacts=chosen, to=owner, by=member, reason=Reason.ALLOCATED, was=None)

    return _done(request, act)


def _done(request: HttpRequest, act: Callable[[Sequence[int]], Given]) -> HttpResponse:
    chosen = [int(id) for id in request.POST.getlist("chosen") if id.isascii() and id.isdecimal() and len(id) < 19]
    if len(chosen) > MOST_CHOSEN:
        raise PermissionDenied  # no page of ours asks for so many
    try:
        given = act(chosen)
    except ActionRefused as refused:
        messages.error(request, str(refused))
    else:
        _tell(request, given)
    there = request.POST.get("there", "?")
    return redirect(f"{request.path.rsplit('/', 2)[0]}/{there if there.startswith('?') else ''}")


def _tell(request: HttpRequest, given: Given) -> None:
    """How many moved, and why the others did not, each reason once."""
    if not given.moved and not given.refused:
        messages.warning(request, _("Choose contacts first."))
    if given.moved:
        messages.success(request, _moved_words(request, given))
    for reason, number in Counter(str(each) for each in given.refused.values()).items():
        messages.error(request, reason if number == 1 else f"{number} × {reason}")


def _moved_words(request: HttpRequest, given: Given) -> str:
    """What moved; whoever claimed one contact is led to it."""
    member, number = member_of(request), len(given.moved)
    if any(each.owner != member.pk for each in given.moved):
        told = ngettext("%(number)s contact has a new owner.", "%(number)s contacts have a new owner.", number)
        return told % {"number": number}
    if number > 1:
        return _("%(number)s contacts are yours now.") % {"number": number}
    contact = contact_for(member, given.moved[0].contact_id)
    name, address = masks_of(member).name(contact), reverse("desk:contact", args=[contact.pk])
    return format_html(_("{name} is yours now."), name=format_html('<a href="{}">{}</a>', address, name))


def _rows(
    member: Member, contacts: Sequence[Contact], live: Live | None, more: Callable[[Contact], Mapping[str, Any]]
) -> list[Row]:
    held, masks, claims = held_by([each.pk for each in contacts]), masks_of(member), reach(member, Action.CLAIM)
    rows = []
    for contact in contacts:
        chips, further = chips_in_row(held.get(contact.pk, ()), live)
        may_claim = claims.covers(owner=contact.owner_id, team=contact.team_id)
        told = {"came": None, "may_claim": may_claim} | dict(more(contact))
        rows.append(Row(contact, masks.name(contact), chips, further, **told))
    return rows


def _last_changes(contacts: Sequence[Contact]) -> dict[int, OwnerChange]:
    """By which each came to where it is."""
    latest = OwnerChange.objects.filter(contact__in=contacts).order_by("contact", "-pk").distinct("contact")
    return {each.contact_id: each for each in latest.select_related("was_owner")}


def _deeds(member: Member) -> dict[str, Any]:
    """What the member may do in the sea, and how far they are from their limits."""
    may_allocate, seas = may(member, Action.ALLOCATE), setting(Seas)
    return {
        "may_claim": may(member, Action.CLAIM),
        "may_allocate": may_allocate,
        "ways": Way.choices,
        "receivers": receivers(member) if may_allocate else [],
        "seas": seas,
        "claimed": claimed_today(member, timezone.now()),
        "owned": Ownership.objects.filter(owner=member).count() if seas.most_owned else None,
    }


def _followed(member: Member) -> Reach:
    """Whose warnings concern the member: their own contacts, and those they may allocate."""
    allocates = reach(member, Action.ALLOCATE)
    return replace(allocates, own=member.pk)


def _of_teams(reached: Reach) -> Q:
    """Changes of contacts that are of those teams since, or were until then."""
    if reached.everyone:
        return Q()
    return Q(team__in=reached.teams) | (Q(was_team__in=reached.teams) & ~Q(was_team=F("team")))
