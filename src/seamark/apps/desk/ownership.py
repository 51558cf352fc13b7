"""Who looks after a contact: taking one from the public sea."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_POST

from seamark.apps.accounts.access import reach
from seamark.apps.accounts.errors import ActionRefused
from seamark.apps.accounts.gatekeeping import member_of
from seamark.apps.accounts.models import Member
from seamark.apps.accounts.roles import Action
from seamark.apps.contacts import ownership
from seamark.apps.contacts.models import Contact


def may_claim(member: Member, contact: Contact) -> bool:
    """Whether it has no owner, and the member may become it."""
    return reach(member, Action.CLAIM).covers(owner=contact.owner_id, team=contact.team_id)


@require_POST
def claim(request: HttpRequest, id: int) -> HttpResponse:
    """Become the contact's owner."""
    member = member_of(request)
    try:
        ownership.claim(contact=id, by=member)
    except ActionRefused as refused:
        if refused.code == "absent":
            raise Http404 from None
        messages.error(request, str(refused))
        return redirect("desk:contacts")
    return redirect("desk:contact", id)
