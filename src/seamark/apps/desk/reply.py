"""Writing to a contact: the lines that lead there, what was written, and what has not left yet, with the reason."""

from __future__ import annotations

from typing import NamedTuple

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from seamark.apps.accounts.access import reach
from seamark.apps.accounts.errors import ActionRefused
from seamark.apps.accounts.gatekeeping import member_of
from seamark.apps.accounts.models import Member
from seamark.apps.accounts.roles import Action
from seamark.apps.channels.actions import queue_message, withdraw_message
from seamark.apps.channels.models import Channel, OutboxMessage
from seamark.apps.contacts.access import contact_for
from seamark.apps.contacts.models import Contact, Identity

LONGEST = 4_000
SHOWN = 10
MOVING = (OutboxMessage.State.QUEUED, OutboxMessage.State.SENDING)
UNSENT = [state for state in OutboxMessage.State if state != OutboxMessage.State.SENT]


class Line(NamedTuple):
    """A way to reach the contact."""

    identity: Identity
    channel: Channel


def reply_context(member: Member, contact: Contact) -> dict[str, object]:
    """What the reply box shows: nothing where the member may not write, or no open channel leads there."""
    may_send = reach(member, Action.SEND).covers(owner=contact.owner_id, team=contact.team_id)
    return _unsent(contact) | {"lines": lines_to(contact) if may_send else []}


def _unsent(contact: Contact) -> dict[str, object]:
    messages = unsent_to(contact)
    return {"contact": contact, "unsent": messages, "is_moving": any(each.state in MOVING for each in messages)}


def lines_to(contact: Contact) -> list[Line]:
    """The open channels that know the contact, the one it came by last first."""
    identities = {each.source: each for each in contact.identities.order_by("pk")}
    channels = Channel.objects.filter(source__in=identities, is_active=True)
    return [Line(identities[channel.source_id], channel) for channel in channels.order_by("-pk")]


def unsent_to(contact: Contact) -> list[OutboxMessage]:
    """The last messages that have not left, or of which nobody knows, oldest first."""
    waiting = OutboxMessage.objects.filter(identity__contact=contact, state__in=UNSENT).select_related("by")
    return list(reversed(waiting.order_by("-pk")[:SHOWN]))


def unsent(request: HttpRequest, id: int) -> HttpResponse:
    """What has not left, for a page that is open while messages leave."""
    return render(request, "desk/parts/unsent.html", _unsent(contact_for(member_of(request), id)))


@require_POST
def write(request: HttpRequest, id: int) -> HttpResponse:
    """Put a message into the outbox. One form is one message, however often it is sent."""
    member = member_of(request)
    contact = contact_for(member, id, Action.SEND)
    identity = get_object_or_404(contact.identities, pk=_number(request.POST.get("line", "")))
    text, once = request.POST.get("text", "").strip(), request.POST.get("once", "")[:64]
    refusal = None
    try:
        if not once or len(text) > LONGEST:
            raise ActionRefused("form", _("A message has at most %(most)s characters.") % {"most": LONGEST})
        queue_message(identity=identity, reason_key=f"desk {member.pk} {once}", text=text, by=member)
    except ActionRefused as refused:
        refusal = str(refused)
    shown = reply_context(member, contact) | {"refusal": refusal, "text": text if refusal else ""}
    return render(request, "desk/parts/reply.html", shown, status=422 if refusal else 200)


@require_POST
def withdraw(request: HttpRequest, id: int, message: int) -> HttpResponse:
    """Take a message back that has not left."""
    member = member_of(request)
    contact = contact_for(member, id, Action.SEND)
    found = get_object_or_404(OutboxMessage, pk=message, identity__contact=contact)
    refusal = None
    try:
        withdraw_message(message=found, by=member)
    except ActionRefused as refused:
        refusal = str(refused)
    return render(request, "desk/parts/reply.html", reply_context(member, contact) | {"refusal": refusal})


def _number(written: str) -> int:
    return int(written) if written.isdecimal() and len(written) < 19 else 0
