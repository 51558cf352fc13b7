"""What members do for a contact counts as following up."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from seamark.apps.contacts.ownership import followed_up
from seamark.apps.timeline.arrivals import Stored

KINDS = frozenset({"message.sent", "quote.sent", "sample.sent", "sample.closed", "coupon.issued"})
MACHINE = "machine"
"""The actor of what nobody did by hand."""


def note(stored: Sequence[Stored], quiet: bool) -> None:
    """Keep when each contact was last followed up (`timeline.wiring.Listener`)."""
    latest: dict[int, datetime] = {}
    for each in stored:
        if each.kind in KINDS and each.actor != MACHINE:
            latest[each.contact_id] = max(each.occurred_at, latest.get(each.contact_id, each.occurred_at))
    if latest:
        followed_up(latest)
