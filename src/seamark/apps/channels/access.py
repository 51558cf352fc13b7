"""Rows of channels, with permission: the only way a view gets one."""

from __future__ import annotations

from django.db.models import QuerySet
from django.http import Http404

from seamark.apps.accounts.access import may, reach
from seamark.apps.accounts.models import Member
from seamark.apps.accounts.roles import Action
from seamark.apps.channels.models import Channel, OutboxMessage


def channels_for(member: Member) -> QuerySet[Channel]:
    """The channels that the member may set up: all or none."""
    channels = Channel.objects.select_related("source__team").order_by("name", "pk")
    return channels if may(member, Action.CHANNELS) else channels.none()


def channel_for(member: Member, id: int) -> Channel:
    """A channel that the member may set up. Raises 404."""
    found = channels_for(member).filter(pk=id).first()
    if found is None:
        raise Http404
    return found


def outbox_for(member: Member, action: Action = Action.VIEW) -> QuerySet[OutboxMessage]:
    """The messages to contacts to whom the member may do this."""
    return OutboxMessage.objects.filter(reach(member, action).condition("identity__contact__"))


def outbox_message_for(member: Member, id: int, action: Action = Action.VIEW) -> OutboxMessage:
    """A message to a contact to whom the member may do this. Raises 404."""
    found = outbox_for(member, action).filter(pk=id).first()
    if found is None:
        raise Http404
    return found
