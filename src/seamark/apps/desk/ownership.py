"""Who looks after a contact, on its page: claiming, transferring, releasing, and what was before."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from seamark.apps.accounts.access import Reach, reach
from seamark.apps.accounts.errors import ActionRefused
from seamark.apps.accounts.gatekeeping import member_of
from seamark.apps.accounts.models import Member
from seamark.apps.accounts.organisation import setting
from seamark.apps.accounts.roles import Action
from seamark.apps.contacts import ownership
from seamark.apps.contacts.access import contact_for, contacts_for
from seamark.apps.contacts.models import Contact, Ownership
from seamark.apps.contacts.queries import owner_changes
from seamark.apps.contacts.seas import Seas
from seamark.apps.seas.queries import going_back

CHANGES = 20
"""How many changes of owners a contact's page shows; it says so where there were more."""


def owner_context(member: Member, contact: Contact) -> dict[str, Any]:
    """The owner and what the member may do about it, as `desk/parts/owner.html` shows them."""
    held = Ownership.objects.filter(contact=contact).first()
    allocates = reach(member, Action.ALLOCATE).covers(owner=contact.owner_id, team=contact.team_id)
    changes = list(owner_changes(contact)[: CHANGES + 1])
    return {
        "contact": contact,
        "held": held,
        "back_at": _back_at(contact),
        "may_claim": may_claim(member, contact),
        "may_release": contact.owner_id is not None and (allocates or contact.owner_id == member.pk),
        "receivers": ownership.receivers(member).exclude(pk=contact.owner_id or 0) if allocates else [],
        "owner_changes": changes[:CHANGES],
        "more_owner_changes": len(changes) > CHANGES,
    }


def may_claim(member: Member, contact: Contact) -> bool:
    """Whether it has no owner, and the member may become it."""
    return reach(member, Action.CLAIM).covers(owner=contact.owner_id, team=contact.team_id)


def _back_at(contact: Contact) -> datetime | None:
    """When the contact goes back to the public sea, once its owner is warned of that."""
    seas = setting(Seas)
    warned = going_back(Reach(everyone=True), seas, timezone.now()).filter(pk=contact.pk).first()
    return seas.taken_back_at(warned.followed_up_at) if warned else None


@require_POST
def claim(request: HttpRequest, id: int) -> HttpResponse:
    """Become the contact's owner."""
    return _done(request, id, lambda member: ownership.claim(contact=id, by=member))


@require_POST
def release(request: HttpRequest, id: int) -> HttpResponse:
    """Put it into the public sea."""
    contact_for(member_of(request), id)
    words = request.POST.get("words", "")
    return _done(request, id, lambda member: ownership.release(contact=id, by=member, words=words))


@require_POST
def transfer(request: HttpRequest, id: int) -> HttpResponse:
    """Give it from the owner whom the page showed to another."""
    contact_for(member_of(request), id)
    was, to = (member_by(request.POST.get(name, "")) for name in ("was", "to"))
    words = request.POST.get("words", "")

    def act(member: Member) -> None:
        if to is None:
            raise ActionRefused("nobody", _("Choose who is to get it."))
        ownership.transfer(contact=id, was=was, to=to, by=member, words=words)

    return _done(request, id, act)


def member_by(id: str) -> Member | None:
    """Whom an address or a form names by a number; None where it names nobody."""
    return Member.objects.filter(pk=id).first() if id.isascii() and id.isdecimal() and len(id) < 19 else None


def _done(request: HttpRequest, id: int, act: Any) -> HttpResponse:
    """Back to the contact, or to the list where it is out of the member's sight now."""
    member = member_of(request)
    try:
        act(member)
    except ActionRefused as refused:
        if refused.code == "absent":
            raise Http404 from None
        messages.error(request, str(refused))
    if contacts_for(member).filter(pk=id).exists():
        return redirect("desk:contact", id)
    return redirect("desk:contacts")
