"""Whether the organisation is open now, and when that turns, by its own clock."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import NamedTuple
from zoneinfo import ZoneInfo

from django.conf import settings
from django.utils import timezone

from seamark.apps.accounts import organisation
from seamark.apps.accounts.hours import Holiday, Hours

FORESEEN = timedelta(days=14)
"""Whoever is open for longer without a break is always open."""


class Opening(NamedTuple):
    """How it stands at a moment, in the organisation's zone."""

    is_open: bool
    now: datetime
    turns_at: datetime | None
    """When it closes, or opens again; None: never, as far as can be foreseen."""
    holiday: Holiday | None
    """The one that is today."""


def opening(now: datetime | None = None) -> Opening:
    """How it stands now."""
    hours, local = organisation.setting(Hours), _local(now or timezone.now())
    if not hours.is_open(local):
        return Opening(False, local, hours.opens_after(local), hours.holiday(local.date()))
    closes = hours.closes_after(local)
    return Opening(True, local, closes if closes - local < FORESEEN else None, None)


def open_since(moment: datetime) -> timedelta:
    """How much of the time since then was within business hours."""
    return organisation.setting(Hours).open_between(_local(moment), _local(timezone.now()))


def _local(moment: datetime) -> datetime:
    return moment.astimezone(ZoneInfo(settings.ORGANISATION_ZONE))
