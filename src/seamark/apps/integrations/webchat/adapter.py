"""What channels know of the web chat: a message is there for its visitor as soon as it stands in the history."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from seamark.apps.channels.adapter import Adapter, Form, Message, Needs, Sent
from seamark.apps.channels.models import Channel
from seamark.apps.integrations.webchat.visitors import KIND
from seamark.apps.timeline.arrivals import Arrival, read_native
from seamark.apps.timeline.models import Delivery


class WebChat(Adapter):
    """A chat on a web site of ours or of a customer."""

    kind = KIND
    title = _("Web chat")
    carries = frozenset({Form.TEXT, Form.FILE})
    needs = Needs()
    is_idempotent = True  # sending only gives the message its id; the history keeps one of each

    def send(self, channel: Channel, message: Message) -> Sent:
        return Sent(f"outbox-{message.outbox_id}")

    def read(self, delivery: Delivery) -> list[Arrival]:
        return read_native(delivery)
