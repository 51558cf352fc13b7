"""Visitors: known by a token that only their browser holds."""

from __future__ import annotations

import hashlib
from typing import NamedTuple

from django.http import HttpRequest

from seamark.apps.channels.models import Channel

KIND = "webchat"
TOKEN_LENGTHS = range(32, 101)


class Visitor(NamedTuple):
    """Somebody in the chat of a channel."""

    channel: Channel
    external_id: str
    """What is kept of the token: its digest, which opens nothing."""

    @property
    def source(self) -> str:
        """Under which the visitor's identity is known, or will be."""
        return self.channel.source_id


def external_id_of(token: str) -> str:
    """
    >>> external_id_of("a")
    'ca978112ca1bbdcafac231b39a23dc4d'
    """
    return hashlib.sha256(token.encode()).hexdigest()[:32]


def visitor_of(request: HttpRequest, channel: Channel) -> Visitor | None:
    """Whose token came with the request; None where none did."""
    return visitor_with(request.headers.get("Authorization", "").removeprefix("Bearer ").strip(), channel)


def visitor_with(token: str, channel: Channel) -> Visitor | None:
    """Whose token it is; None where it is none."""
    return Visitor(channel, external_id_of(token)) if len(token) in TOKEN_LENGTHS else None
