"""The adapters that the site wires up, by kind of channel."""

from __future__ import annotations

from functools import cache

from django.conf import settings
from django.utils.module_loading import import_string

from seamark.apps.channels.adapter import Adapter
from seamark.apps.channels.opt_out import with_opt_outs
from seamark.apps.timeline.arrivals import Arrival
from seamark.apps.timeline.models import Delivery


@cache
def adapters() -> dict[str, Adapter]:
    """All of them."""
    return {kind: import_string(path)() for kind, path in settings.CHANNEL_ADAPTERS.items()}


def adapter_of(kind: str) -> Adapter:
    """The adapter of a kind of channel that is wired up."""
    return adapters()[kind]


def read(delivery: Delivery) -> list[Arrival]:
    """What the delivery's platform tells, and who opted out by what they wrote (`timeline.arrivals.Reader`)."""
    return with_opt_outs(adapter_of(delivery.channel_kind).read(delivery))
