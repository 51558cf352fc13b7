"""Which channel a delivery is about: one app of the platform delivers for all its numbers to one address."""

from __future__ import annotations

from collections.abc import Mapping

from seamark.apps.channels.models import Channel
from seamark.apps.channels.secrets import opened

KIND = "whatsapp"


def lines_beside(source: str) -> Mapping[str, str]:
    """The sources of all numbers of the same app, by the platform's id of the number.

    A delivery is signed with the app's secret, so it can tell nothing about channels that have another.
    """
    channels = Channel.objects.filter(kind=KIND)
    secrets = {channel.source_id: opened(channel).get("app_secret") for channel in channels}
    return {
        str(channel.options["phone_number_id"]): channel.source_id
        for channel in channels
        if secrets[channel.source_id] == secrets.get(source)
    }


def channels_of_account(waba_id: str) -> list[Channel]:
    """The numbers of an account of the platform."""
    return list(Channel.objects.filter(kind=KIND, options__waba_id=waba_id))
