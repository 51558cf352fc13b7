"""Contacts, with permission: the only way a view gets a row."""

from __future__ import annotations

from django.db.models import QuerySet
from django.http import Http404

from seamark.apps.accounts.access import reach
from seamark.apps.accounts.models import Member
from seamark.apps.accounts.roles import Action
from seamark.apps.contacts.models import Contact


def contacts_for(member: Member, action: Action = Action.VIEW) -> QuerySet[Contact]:
    """The contacts to whom the member may do this."""
    return Contact.objects.filter(reach(member, action).condition())


def contact_for(member: Member, id: int, action: Action = Action.VIEW) -> Contact:
    """A contact to whom the member may do this. Raises 404, whether there is none or it is not theirs."""
    found = contacts_for(member, action).select_related("owner", "team").filter(pk=id).first()
    if found is None:
        raise Http404
    return found
