"""What channels know of the web chat: a message is there for its visitor as soon as it stands in the history."""

from __future__ import annotations

from django.conf import settings
from django.urls import reverse
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
    needs = Needs(
        may_have=("origins", "greeting_en", "greeting_zh", "asks", "files", "pages"),
        titles={
            "origins": _("Sites that may show it"),
            "greeting_en": _("First line in English"),
            "greeting_zh": _("First line in Chinese"),
            "asks": _("What a new visitor may say of themselves"),
            "files": _("Files from visitors"),
            "pages": _("Note how long pages are looked at"),
        },
        choices={
            "asks": (
                ("", _("nothing")),
                ("name", _("a name")),
                ("email", _("an e-mail address")),
                ("name,email", _("a name and an e-mail address")),
            ),
            "files": (("", _("taken")), ("no", _("not taken"))),
            "pages": (("", _("no")), ("yes", _("yes, of visitors who have written"))),
        },
        hints={
            "origins": _("Such as https://shop.example.com, with spaces between several; every other site is refused."),
        },
    )
    is_idempotent = True  # sending only gives the message its id; the history keeps one of each

    def send(self, channel: Channel, message: Message) -> Sent:
        return Sent(f"outbox-{message.outbox_id}")

    def snippet(self, channel: Channel) -> str:
        address = settings.SITE_URL + reverse("webchat:script", args=[channel.source_id])
        return f'<script async src="{address}"></script>'

    def read(self, delivery: Delivery) -> list[Arrival]:
        return read_native(delivery)
