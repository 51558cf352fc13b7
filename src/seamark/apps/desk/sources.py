"""Where contacts come from, as pages show it: channels by name, other sources by their key, each with an icon."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

from seamark.apps.channels.models import Channel
from seamark.apps.contacts.models import Contact

ICONS = {
    "whatsapp": "brand-whatsapp",
    "wecom": "brand-wechat",
    "webchat": "message-chatbot",
    "email": "mail",
    "sms": "phone",
    "shop": "shopping-bag",
    "orders": "shopping-cart",
    "api": "plug",
}
NAMES = {"whatsapp": "WhatsApp", "wecom": "WeCom", "api": "API"}


class Origin(NamedTuple):
    """A channel or another source."""

    name: str
    icon: str


def origin(source: str, channels: Mapping[str, Channel]) -> Origin:
    """The source as it is shown."""
    if channel := channels.get(source):
        return Origin(channel.name, ICONS.get(channel.kind, "link"))
    return Origin(NAMES.get(source, source.replace("-", " ").capitalize()), ICONS.get(source, "database"))


def origins(contact: Contact, channels: Mapping[str, Channel]) -> list[Origin]:
    """Where the contact is known from, each once."""
    sources = dict.fromkeys(identity.source for identity in contact.identities.all())
    return [origin(source, channels) for source in sources]
