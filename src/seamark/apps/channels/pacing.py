"""How fast messages may go, so that no platform has to turn us away.

Each message takes its share of a second, and `burst` shares may be taken in advance. All that is kept of the past is
the moment by which everything taken will have been earned; once that is over, it is as if nothing had gone.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from seamark.apps.channels.adapter import Pace
from seamark.apps.channels.models import Allowance, OutboxMessage
from seamark.apps.channels.registry import adapter_of

Key = tuple[int, str]
"""A channel's id, and what of it is paced."""
MESSAGES = "messages"


def free_at(pace: Pace, earned_at: datetime) -> datetime:
    """When one more may go.

    >>> noon = datetime(2026, 11, 26, 12)
    >>> str(free_at(Pace(per_second=10, burst=3), noon + timedelta(seconds=0.3)))
    '2026-11-26 12:00:00.100000'
    """
    return earned_at - (pace.burst - 1) * _share(pace)


def taken(pace: Pace, earned_at: datetime, now: datetime) -> datetime:
    """When all will have been earned, after one more has gone now."""
    return max(earned_at, now) + _share(pace)


def _share(pace: Pace) -> timedelta:
    return timedelta(seconds=1) / pace.per_second


@dataclass
class Paces:
    """The paces of all messages of a batch."""

    now: datetime
    earned: dict[Key, datetime]
    later: dict[Key, datetime] = field(default_factory=dict)
    """The same, if those that must wait had gone too: so that each waits for a moment of its own."""

    def wait_of(self, message: OutboxMessage) -> datetime | None:
        """When the message may go; None: now, and that is counted."""
        paces = _paces_of(message)
        waits = [self._wait(key, pace) for key, pace in paces.items() if not self._is_free(key, pace)]
        if waits:
            return max(waits)
        for key, pace in paces.items():
            self.earned[key] = taken(pace, self._earned(key), self.now)
        return None

    def save(self) -> None:
        """Keep what was taken; what has been earned by now needs no row."""
        Allowance.objects.filter(earned_at__lt=self.now).delete()
        Allowance.objects.bulk_create(
            [Allowance(channel_id=id, interface=name, earned_at=at) for (id, name), at in self.earned.items()],
            update_conflicts=True,
            unique_fields=["channel", "interface"],
            update_fields=["earned_at"],
        )

    def _earned(self, key: Key) -> datetime:
        return self.earned.get(key, self.now)

    def _is_free(self, key: Key, pace: Pace) -> bool:
        return free_at(pace, self._earned(key)) <= self.now

    def _wait(self, key: Key, pace: Pace) -> datetime:
        earned_at = max(self._earned(key), self.later.get(key, self.now))
        self.later[key] = taken(pace, earned_at, self.now)
        return free_at(pace, earned_at)


def paces(messages: Iterable[OutboxMessage], now: datetime) -> Paces:
    """The paces of these messages, as far as they have been taken."""
    keys = {key for message in messages for key in _paces_of(message)}
    rows = Allowance.objects.filter(channel__in={id for id, _ in keys}, interface__in={name for _, name in keys})
    return Paces(now, {(row.channel_id, row.interface): row.earned_at for row in rows})


def _paces_of(message: OutboxMessage) -> dict[Key, Pace]:
    adapter, channel = adapter_of(message.channel.kind), message.channel
    asked = {MESSAGES: adapter.pace(channel), f"to:{message.identity_id}": adapter.pace_to_one(channel)}
    return {(channel.pk, name): pace for name, pace in asked.items() if pace}
