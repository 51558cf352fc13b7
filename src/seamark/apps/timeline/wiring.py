"""What the site wires to the timeline, fetched once: readers of deliveries, the annotator, the listeners."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import cache
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.utils.module_loading import import_string

if TYPE_CHECKING:
    from seamark.apps.timeline.arrivals import Arrival, Reader, Stored

Annotator = Callable[[Sequence["Arrival"]], list[dict[str, Any]]]
"""The props of many events, with what was found in their texts."""
Listener = Callable[[Sequence["Stored"], bool], None]
"""Told of events just stored, in their transaction, and whether it all happened long ago (no reactions)."""


@cache
def reader(channel_kind: str) -> Reader | None:
    """Who reads deliveries of this kind of channel; None where nobody does."""
    path = settings.DELIVERY_READERS.get(channel_kind)
    return import_string(path) if path else None


@cache
def annotator() -> Annotator:
    """Who reads texts."""
    found: Annotator = import_string(settings.EVENT_ANNOTATOR)
    return found


@cache
def listeners() -> tuple[Listener, ...]:
    """Who is told of stored events, in order."""
    return tuple(import_string(path) for path in settings.EVENT_LISTENERS)
