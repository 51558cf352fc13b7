"""Whether a delivery comes from the platform."""

from __future__ import annotations

import hashlib
import hmac

HEADER = "X-Hub-Signature-256"


def signed(secret: str, body: bytes) -> str:
    """What the header says of a body."""
    return "sha256=" + hmac.new(secret.encode(), body, hashlib.sha256).hexdigest()


def is_genuine(secret: str, body: bytes, header: str) -> bool:
    """Whether the header was made with the secret, over the body as it came; asked in constant time."""
    return hmac.compare_digest(signed(secret, body).encode(), header.encode())
