"""What channels know of the web chat: a message is there for its visitor as soon as it stands in the history."""

from __future__ import annotations

import json
from datetime import datetime

from django.utils.translation import gettext_lazy as _

from seamark.apps.channels.adapter import Adapter, Message, Needs, Sent
from seamark.apps.channels.models import Channel
from seamark.apps.integrations.webchat.visitors import KIND
from seamark.apps.timeline.arrivals import Arrival
from seamark.apps.timeline.models import Delivery


class WebChat(Adapter):
    """A chat on a web site of ours or of a customer."""

    kind = KIND
    title = _("Web chat")
    needs = Needs()
    is_idempotent = True  # sending only gives the message its id; the history keeps one of each

    def send(self, channel: Channel, message: Message) -> Sent:
        return Sent(f"outbox-{message.outbox_id}")

    def read(self, delivery: Delivery) -> list[Arrival]:
        """`{visitor, kind, id, at, props, name}`, as the views store it."""
        told = json.loads(bytes(delivery.body))
        return [
            Arrival(
                source=delivery.source,
                external_id=told["visitor"],
                kind=told["kind"],
                occurred_at=datetime.fromisoformat(told["at"]),
                source_key=told["id"],
                props=told["props"],
                channel=KIND,
                name=told.get("name", ""),
            )
        ]
