"""Calls of the platform's interface: where it is, who asks, and what its refusals mean."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from typing import Any

import httpx

from seamark.apps.channels.errors import SendError
from seamark.apps.channels.models import Channel
from seamark.apps.channels.secrets import opened
from seamark.apps.integrations.whatsapp.failures import failure_of

ADDRESS = "https://graph.facebook.com"
VERSION = "v24.0"
TIMEOUT = httpx.Timeout(10.0, connect=5.0)


def address_of(channel: Channel, path: str) -> str:
    """Where the interface has it, such as "1122334455667/messages"."""
    options = channel.options
    return f"{options.get('address', ADDRESS)}/{options.get('version', VERSION)}/{path}"


def headers(channel: Channel) -> dict[str, str]:
    """Who asks."""
    return {"Authorization": f"Bearer {opened(channel)['access_token']}"}


def asked(channel: Channel, path: str, params: Mapping[str, str]) -> Any:
    """What the platform tells when it is asked. Raises `SendError`; asking again does no harm."""
    try:
        answer = client().get(address_of(channel, path), params=dict(params), headers=headers(channel))
    except httpx.TransportError as error:
        raise SendError("unreachable", permanent=False) from error
    if not answer.is_success:
        raise refusal(answer) or SendError(f"http-{answer.status_code}", permanent=False)
    return told(answer)


def refusal(answer: httpx.Response) -> SendError | None:
    """What the platform gave as the reason of a refusal; None where it gave none."""
    match told(answer):
        case {"error": {"code": int(code), **rest}}:
            return failure_of(code, is_transient=bool(rest.get("is_transient")))
    return None


def told(answer: httpx.Response) -> Any:
    """The body, read; None where it is no JSON."""
    try:
        return answer.json()
    except ValueError:
        return None


@cache
def client() -> httpx.Client:
    """One for the process; it keeps connections open."""
    return httpx.Client(timeout=TIMEOUT)
