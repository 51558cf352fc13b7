"""Channels are stopped when the platform says that going on would make things worse."""

from __future__ import annotations

import logging

from django.utils import timezone

from seamark.apps.channels.errors import Consequence, SendError
from seamark.apps.channels.models import Channel

log = logging.getLogger(__name__)

STOPS = {Consequence.STOP_CHANNEL: Channel.Stop.ALL, Consequence.STOP_MARKETING: Channel.Stop.MARKETING}


def stop_if_told(channel_id: int, error: SendError) -> None:
    """Stop what the error asks to be stopped; a channel that is stopped wholly stays so."""
    stop = STOPS.get(error.consequence)
    if stop is None:
        return
    running = Channel.objects.filter(pk=channel_id).exclude(stopped__in=[stop, Channel.Stop.ALL])
    if running.update(stopped=stop, stopped_code=error.code, stopped_at=timezone.now()):
        log.error("channel.stopped", extra={"channel": channel_id, "what": stop, "code": error.code})
