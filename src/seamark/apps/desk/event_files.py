"""The files that came with one event, for a page that is open while they are fetched."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render

from seamark.apps.accounts.gatekeeping import member_of
from seamark.apps.accounts.models import Member
from seamark.apps.channels.coming import coming_with, fetch_again
from seamark.apps.contacts.access import contacts_for
from seamark.apps.contacts.masks import masks_of
from seamark.apps.desk.timeline import entry_of
from seamark.apps.inbox.access import conversations_for
from seamark.apps.timeline.models import Event


def event_files(request: HttpRequest, id: int) -> HttpResponse:
    """The files of an event that the member may see; a POST tries those again that could not be had."""
    member = member_of(request)
    event = _event_for(member, id)
    if request.method == "POST":
        fetch_again(files=coming_with([event]).get(event.pk, ()))
    entry = entry_of(event.identity.contact, event, masks_of(member))
    return render(request, "desk/parts/event_files.html", {"entry": entry})


def _event_for(member: Member, id: int) -> Event:
    """An event of a contact, or of a conversation, that the member sees. Raises 404."""
    event = get_object_or_404(Event.objects.select_related("identity__contact"), pk=id)
    sees_contact = contacts_for(member).filter(pk=event.identity.contact_id).exists()
    if not sees_contact and not conversations_for(member).filter(identity=event.identity_id).exists():
        raise Http404
    return event
