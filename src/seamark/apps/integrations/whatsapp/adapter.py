"""What channels know of WhatsApp."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import IO, Any

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from seamark.apps.channels.adapter import Adapter, ApprovedTemplate, Form, Message, Needs, Pace, Part, Sent
from seamark.apps.channels.errors import SendError
from seamark.apps.channels.models import Channel
from seamark.apps.integrations.whatsapp import media, reading, sending, templates
from seamark.apps.integrations.whatsapp.failures import failure_of
from seamark.apps.integrations.whatsapp.lines import KIND
from seamark.apps.timeline.arrivals import Arrival
from seamark.apps.timeline.models import Delivery

A_SECOND = 80
"""Messages that a number may send; 20 where the phone's own app goes on using it."""
TO_ONE = Pace(per_second=1 / 6, burst=20)
"""One message to one person every six seconds (third-party source); a burst takes its share of what follows."""


NEW_PEOPLE = ("250", "2000", "10000", "100000")
"""The platform's tiers of people who may be written to outside their window in 24 hours; a new number has the first."""
UNLIMITED = "unlimited"


class WhatsApp(Adapter):
    """A number of WhatsApp's Cloud API."""

    kind = KIND
    title = "WhatsApp"
    carries = frozenset({Form.TEXT, Form.TEMPLATE, Form.FILE})
    needs = Needs(
        options=("phone_number_id",),
        secrets=("app_secret", "access_token", "verify_token"),
        may_have=("waba_id", "new_people_a_day", "messages_a_second"),
        whole=("messages_a_second",),
        titles={
            "phone_number_id": _("Phone number ID"),
            "waba_id": _("Business account ID"),
            "app_secret": _("App secret"),
            "access_token": _("Access token"),
            "verify_token": _("Verify token"),
            "new_people_a_day": _("New people a day"),
            "messages_a_second": _("Messages a second"),
        },
        choices={
            "new_people_a_day": (*((tier, f"{int(tier):,}") for tier in NEW_PEOPLE), (UNLIMITED, _("no limit"))),
        },
        hints={
            "phone_number_id": _("A long number from the app's WhatsApp page; not the phone number itself."),
            "waba_id": _("Of the WhatsApp account, from the same page; with it the desk knows its templates."),
            "verify_token": _("Any words of your own; the platform repeats them when the webhook is saved."),
            "new_people_a_day": _("As the platform's manager shows it: people written to whose 24 hours are over."),
            "messages_a_second": _("80; 20 where the phone's own app goes on using the number."),
        },
    )
    window = timedelta(hours=24)
    file_limits = media.LIMITS
    file_rules = _("WhatsApp takes JPEG and PNG up to 5 MB, sound and MP4 up to 16 MB, documents up to 100 MB.")
    needs_consent = True

    def parts(self, text: str, files: Sequence[Mapping[str, Any]]) -> list[Part]:
        """One file a message; the text goes with the first, where it fits there, or else before it."""
        if not files:
            return [(text, files)]
        takes_text = media.form_of(str(files[0]["type"])) in media.CAPTIONED and len(text) <= media.LONGEST_CAPTION
        first: list[Part] = [] if takes_text or not text else [(text, ())]
        return first + [(text if takes_text and place == 0 else "", (file,)) for place, file in enumerate(files)]

    def pace(self, channel: Channel) -> Pace:
        per_second = int(channel.options.get("messages_a_second", A_SECOND))
        return Pace(per_second=per_second, burst=per_second)

    def pace_to_one(self, channel: Channel) -> Pace:
        return TO_ONE

    def new_people_a_day(self, channel: Channel) -> int | None:
        tier = str(channel.options.get("new_people_a_day") or NEW_PEOPLE[0])
        return None if tier == UNLIMITED else int(tier)

    def address(self, channel: Channel) -> str:
        return reverse("whatsapp:webhook", args=[channel.source_id])

    def read(self, delivery: Delivery) -> list[Arrival]:
        return reading.read(delivery)

    def send(self, channel: Channel, message: Message) -> Sent:
        return sending.send(channel, message)

    def has_templates(self, channel: Channel) -> bool:
        return bool(channel.options.get("waba_id"))

    def templates(self, channel: Channel) -> list[ApprovedTemplate]:
        return templates.fetched(channel)

    def fetch(self, channel: Channel, remote_id: str, into: IO[bytes], most_bytes: int) -> None:
        media.fetch(channel, remote_id, into, most_bytes)

    def failure(self, code: str) -> SendError:
        return failure_of(code)
