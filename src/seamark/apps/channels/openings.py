"""How many new people a channel may write to in a day: those whose window is shut when the message leaves.

Platforms count people, not messages, over the last 24 hours: somebody who was written to yesterday evening counts until
this evening, and may be written to again without counting once more. What is over the limit waits for the moment at
which somebody stops counting; of several that wait, each for one of its own.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import NamedTuple

from django.db.models import Count, Min, QuerySet
from django.utils import timezone

from seamark.apps.channels.models import Channel, Opening, OutboxMessage
from seamark.apps.channels.reasons import Reason
from seamark.apps.channels.registry import adapter_of

DAY = timedelta(hours=24)

State = OutboxMessage.State


@dataclass
class Openings:
    """What is known of the channels of a batch of messages, as the messages are judged one after another."""

    now: datetime
    limits: Mapping[int, int]
    """By channel; those without a limit are missing."""
    counting: dict[int, list[datetime]]
    """Since when each person counts, oldest first, of channels that could reach their limit with this batch."""
    known: set[tuple[int, int]]
    """Channels, each with people among those of the batch who count already."""
    waiting: Counter[int]
    """How many wait for room already."""
    opened: list[OutboxMessage] = field(default_factory=list)

    def room_at(self, message: OutboxMessage) -> datetime | None:
        """When the message has room, if its window is shut; None: now."""
        limit = self.limits.get(message.channel_id)
        if limit is None or (message.channel_id, message.identity_id) in self.known:
            return None
        counting = self.counting[message.channel_id]
        if len(counting) < limit:
            return None
        # Each that waits already takes the room of one that stops counting, and counts itself for a day from then on.
        rounds, rest = divmod(self.waiting[message.channel_id], limit)
        return counting[len(counting) - limit + rest] + DAY * (1 + rounds)

    def note_leaving(self, message: OutboxMessage) -> None:
        """The message leaves while its window is shut."""
        if message.channel_id not in self.limits:
            return
        self.opened.append(message)
        if (message.channel_id, message.identity_id) not in self.known:
            self.known.add((message.channel_id, message.identity_id))
            self.counting[message.channel_id].append(self.now)

    def note_waiting(self, message: OutboxMessage) -> None:
        """The message waits for room."""
        self.waiting[message.channel_id] += 1

    def save(self) -> None:
        """Keep who counts from now on, or on from now."""
        rows = {
            (each.channel_id, each.identity_id): Opening(
                channel_id=each.channel_id, identity_id=each.identity_id, opened_at=self.now
            )
            for each in self.opened
        }
        Opening.objects.bulk_create(
            rows.values(),
            update_conflicts=True,
            unique_fields=["channel", "identity"],
            update_fields=["opened_at"],
        )


def openings(messages: Collection[OutboxMessage], now: datetime) -> Openings:
    """What is known of the channels of these."""
    channels = {message.channel_id: message.channel for message in messages}
    asked = {id: adapter_of(channel.kind).new_people_a_day(channel) for id, channel in channels.items()}
    limits = {id: limit for id, limit in asked.items() if limit is not None}
    if not limits:
        return Openings(now, limits, {}, set(), Counter())
    identities = {message.identity_id for message in messages}
    rows = _counting(limits, now)
    known = set(rows.filter(identity__in=identities).values_list("channel", "identity"))
    counts = dict(rows.values_list("channel").annotate(Count("pk")))
    near = [id for id, limit in limits.items() if counts.get(id, 0) + len(messages) > limit]
    counting: dict[int, list[datetime]] = {id: [] for id in limits}
    for channel, opened_at in _counting(near, now).order_by("opened_at").values_list("channel", "opened_at"):
        counting[channel].append(opened_at)
    return Openings(now, limits, counting, known, _waiting(near, now, identities))


def _counting(channels: Collection[int], now: datetime) -> QuerySet[Opening]:
    return Opening.objects.filter(channel__in=channels, opened_at__gt=now - DAY)


def _waiting(channels: Collection[int], now: datetime, besides: Collection[int]) -> Counter[int]:
    """How many people wait for room, besides these, by channel."""
    held = OutboxMessage.objects.filter(
        channel__in=channels, state=State.HELD, reason=Reason.NEW_PEOPLE, next_at__gt=now
    ).exclude(identity__in=besides)
    return Counter(dict(held.values_list("channel").annotate(Count("identity", distinct=True))))


class Use(NamedTuple):
    """How much of a channel's limit is used."""

    limit: int
    used: int
    waiting: int
    next_at: datetime | None
    """When the first of those that wait goes."""


def use_of(channel: Channel) -> Use | None:
    """How much of the channel's limit is used now; None where it has none."""
    limit, now = adapter_of(channel.kind).new_people_a_day(channel), timezone.now()
    if limit is None:
        return None
    held = OutboxMessage.objects.filter(channel=channel, state=State.HELD, reason=Reason.NEW_PEOPLE)
    told = held.aggregate(people=Count("identity", distinct=True), first=Min("next_at"))
    return Use(limit, _counting([channel.pk], now).count(), told["people"], told["first"])
