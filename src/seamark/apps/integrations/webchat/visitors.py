"""Visitors: known by a token that only their browser holds."""

from __future__ import annotations

import hashlib
import secrets
from typing import NamedTuple
from urllib.parse import urlsplit

from django.conf import settings
from django.http import HttpRequest
from django.shortcuts import get_object_or_404

from seamark.apps.channels.models import Channel

KIND = "webchat"
LONGEST_TOKEN = 100


class Visitor(NamedTuple):
    """Somebody in the chat of a channel."""

    channel: Channel
    external_id: str
    """What is kept of the token: its digest, which opens nothing."""


def new_token() -> str:
    """A token that nobody can guess."""
    return secrets.token_urlsafe(32)


def external_id_of(token: str) -> str:
    """
    >>> external_id_of("a")
    'ca978112ca1bbdcafac231b39a23dc4d'
    """
    return hashlib.sha256(token.encode()).hexdigest()[:32]


def channel_of(key: str) -> Channel:
    """The open web chat of that key; 404 where there is none."""
    return get_object_or_404(Channel, source=key, kind=KIND, is_active=True)


def visitor_of(request: HttpRequest, key: str) -> Visitor | None:
    """Whose token came with the request; None where none did."""
    token = request.headers.get("Authorization", "").removeprefix("Bearer ").strip()
    if not 20 <= len(token) <= LONGEST_TOKEN:
        return None
    return Visitor(channel_of(key), external_id_of(token))


def is_welcome(request: HttpRequest, channel: Channel) -> bool:
    """Whether the page that asks stands on a site that the channel's options name, or on our own."""
    origin = request.headers.get("Origin")
    if origin is None:
        return True  # not asked across sites
    allowed = {each.rstrip("/") for each in str(channel.options.get("origins", "")).split()}
    own = {settings.SITE_URL, f"{request.scheme}://{request.get_host()}"}
    return bool(urlsplit(origin).hostname) and origin in allowed | own
