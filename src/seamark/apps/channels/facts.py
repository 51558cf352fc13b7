"""What the gate must know of many messages, fetched with a few queries."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime, time
from functools import cache
from zoneinfo import ZoneInfo, available_timezones

from django.conf import settings
from django.db import connection

from seamark.apps.channels.consents import wishes_of
from seamark.apps.channels.gate import MONTH, Facts, QuietHours
from seamark.apps.channels.models import Channel, OutboxMessage, Purpose
from seamark.apps.channels.openings import Openings, openings
from seamark.apps.channels.reasons import Reason
from seamark.apps.channels.registry import adapter_of
from seamark.apps.channels.template_lists import Kept, kept_for
from seamark.apps.tagging.models import Standing, Tag

State = OutboxMessage.State

PASSIVE = "pushes/passive-trigger"
NO_EVENINGS = "best-time/no-evenings"
"""Tags of the bundled rulebook `contact-preferences`; without them nobody is passive."""
EVENING = time(18)
ACCEPTED = "pushes_per_week"
"""The field that says how many pushes a contact accepts."""


@dataclass
class Known:
    """What is known of the contacts of a batch of messages."""

    now: datetime
    wishes: Mapping[tuple[int, str], bool]
    last_received: Mapping[tuple[int, str], datetime]
    pushes: defaultdict[int, list[datetime]]
    tags: Mapping[int, frozenset[str]]
    templates: Kept
    openings: Openings

    def facts(self, message: OutboxMessage) -> Facts:
        contact, channel = message.identity.contact, message.channel
        adapter = adapter_of(channel.kind)
        tags = self.tags.get(contact.pk, frozenset())
        is_marketing = message.purpose == Purpose.MARKETING
        return Facts(
            now=self.now,
            zone=_zone(contact.zone),
            is_marketing=is_marketing,
            is_template=message.template is not None,
            is_automatic=message.is_automatic,
            is_answer=bool(message.reply_to) and not is_marketing,
            channel_is_open=channel.is_active,
            channel_is_stopped=_is_stopped(channel, is_marketing),
            wants_messages=self.wishes.get((contact.pk, Purpose.SERVICE)),
            wants_marketing=self.wishes.get((contact.pk, Purpose.MARKETING)),
            needs_consent=adapter.needs_consent,
            window=adapter.window,
            last_received_at=self.last_received.get((contact.pk, channel.source_id)),
            pushes=self.pushes[contact.pk],
            a_week=settings.MESSAGES_A_WEEK,
            own_a_week=_whole(contact.fields.get(ACCEPTED)),
            is_passive=PASSIVE in tags,
            quiet_hours=QuietHours(
                EVENING if NO_EVENINGS in tags else settings.QUIET_HOURS[0], settings.QUIET_HOURS[1]
            ),
            room_at=self.openings.room_at(message),
            template_problem=self.templates.problem_of(message),
        )

    def note_leaving(self, message: OutboxMessage) -> None:
        """The message leaves now: those after it in the batch are judged with that in mind."""
        if message.is_automatic and message.purpose == Purpose.MARKETING:
            self.pushes[message.identity.contact_id].insert(0, self.now)
        if self.facts(message).is_window_shut:
            self.openings.note_leaving(message)

    def note_held(self, message: OutboxMessage) -> None:
        """The message is held: those after it in the batch that wait for the same go after it."""
        if message.reason == Reason.NEW_PEOPLE:
            self.openings.note_waiting(message)


def known(messages: Collection[OutboxMessage], now: datetime) -> Known:
    """What is known of the contacts to whom these go."""
    contacts = sorted({message.identity.contact_id for message in messages})
    return Known(
        now,
        wishes_of(contacts),
        _last_received(contacts),
        _pushes(contacts, now),
        _tags(contacts),
        kept_for(messages),
        openings(messages, now),
    )


_LAST_RECEIVED = """
SELECT identity.contact_id, identity.source, max(latest.occurred_at)
FROM contacts_identity identity CROSS JOIN LATERAL (
    SELECT occurred_at FROM timeline_event
    WHERE identity_id = identity.id AND kind = 'message.received' ORDER BY occurred_at DESC LIMIT 1
) latest
WHERE identity.contact_id = ANY(%s) GROUP BY 1, 2
"""


def _last_received(contacts: list[int]) -> dict[tuple[int, str], datetime]:
    with connection.cursor() as cursor:
        cursor.execute(_LAST_RECEIVED, [contacts])
        return {(contact, source): latest for contact, source, latest in cursor.fetchall()}


def _pushes(contacts: list[int], now: datetime) -> defaultdict[int, list[datetime]]:
    left = OutboxMessage.objects.filter(
        identity__contact__in=contacts,
        by=None,
        purpose=Purpose.MARKETING,
        state__in=[State.SENDING, State.SENT, State.UNKNOWN],
        sending_at__gt=now - MONTH,
    )
    found: defaultdict[int, list[datetime]] = defaultdict(list)
    for message in left.order_by("-sending_at").select_related("identity"):
        found[message.identity.contact_id].append(message.left_at)
    return found


def _tags(contacts: list[int]) -> dict[int, frozenset[str]]:
    names = dict(Tag.objects.filter(name__in=[PASSIVE, NO_EVENINGS]).values_list("pk", "name"))
    standings = (
        Standing.objects.filter(contact__in=contacts, tags__overlap=list(names)) if names else Standing.objects.none()
    )
    return {
        contact: frozenset(names[tag] for tag in tags if tag in names)
        for contact, tags in standings.values_list("contact_id", "tags")
    }


def _is_stopped(channel: Channel, is_marketing: bool) -> bool:
    return channel.stopped == Channel.Stop.ALL or (is_marketing and channel.stopped == Channel.Stop.MARKETING)


@cache
def _zone(name: str) -> ZoneInfo:
    return ZoneInfo(name if name in available_timezones() else settings.ORGANISATION_ZONE)


def _whole(written: object) -> int | None:
    try:
        return max(0, int(float(str(written))))
    except ValueError:
        return None
