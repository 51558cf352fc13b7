"""Secrets of channels: encrypted in the database, with a key made from the site's own secret.

When `SECRET_KEY` is changed, the one before goes to `SECRET_KEY_FALLBACKS` until `seal_again` has run.
"""

from __future__ import annotations

import base64
import json
from collections.abc import Mapping
from typing import Protocol

from cryptography.fernet import Fernet, MultiFernet
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings

from seamark.apps.channels.models import Channel


def sealed(secrets: Mapping[str, str]) -> bytes:
    """The secrets, encrypted."""
    return _keys().encrypt(json.dumps(dict(secrets)).encode())


class Sealed(Protocol):
    """A row that keeps secrets."""

    secrets: bytes | memoryview[int]


def opened(row: Sealed) -> dict[str, str]:
    """The row's secrets. Raises `InvalidToken` when no key known to the site opens them."""
    if not row.secrets:
        return {}
    found: dict[str, str] = json.loads(_keys().decrypt(bytes(row.secrets)))
    return found


def seal_again() -> int:
    """Encrypt all secrets with the newest key; returns how many channels have any."""
    channels = list(Channel.objects.exclude(secrets=b""))
    for channel in channels:
        channel.secrets = _keys().rotate(bytes(channel.secrets))
        channel.save(update_fields=["secrets"])
    return len(channels)


def _keys() -> MultiFernet:
    return MultiFernet([_key(secret) for secret in (settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS)])


def _key(secret: str) -> Fernet:
    derived = HKDF(SHA256(), length=32, salt=None, info=b"seamark channel secrets").derive(secret.encode())
    return Fernet(base64.urlsafe_b64encode(derived))
