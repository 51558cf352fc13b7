"""Short links: what a message links to goes by an address of ours, so that following it is an event."""

from __future__ import annotations

import json
import re
import secrets

from django.conf import settings
from django.urls import reverse
from django.utils import timezone

from seamark.apps.channels.models import OutboxMessage, ShortLink
from seamark.apps.timeline import intake

KIND = "link"
"""The kind of deliveries that tell of a link that was followed."""
SECONDS_OF_ONE_CLICK = 10
"""Whoever taps twice, or whose browser asks again, followed the link once."""
URL = re.compile(r"""https?://[^\s<>"'，。！？；：、）]*[^\s<>"'，。！？；：、）.,!?;:)]""")
"""A sentence that ends after an address does not belong to it."""


def shorten(message: OutboxMessage) -> None:
    """Let the links of a new message lead by us; only what we wrote ourselves is ever led on to."""
    links: list[ShortLink] = []

    def short(found: re.Match[str]) -> str:
        links.append(ShortLink(token=secrets.token_urlsafe(9), message=message, url=found[0]))
        return settings.SITE_URL + reverse("short-link", args=[links[-1].token])

    message.text = URL.sub(short, message.text)
    if links:
        ShortLink.objects.bulk_create(links)
        message.save(update_fields=["text"])


def note_click(link: ShortLink) -> None:
    """Store that the message's contact followed the link."""
    now = timezone.now()
    identity = link.message.identity
    key = f"{KIND} {link.token} {int(now.timestamp()) // SECONDS_OF_ONE_CLICK}"
    clicked = {
        "contact": identity.external_id,
        "occurred_at": now.isoformat(),
        "kind": "link.clicked",
        "id": key,
        "channel": link.message.channel.kind,
        "props": {"target": link.url, "outbox": link.message_id},
    }
    body = json.dumps({"events": [clicked]}, ensure_ascii=False).encode()
    intake.accept(source=identity.source, channel_kind=KIND, source_key=key, body=body)
