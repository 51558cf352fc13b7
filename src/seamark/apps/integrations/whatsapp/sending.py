"""Messages to the platform."""

from __future__ import annotations

from functools import cache
from typing import Any

import httpx

from seamark.apps.channels.adapter import Message, Sent, Template
from seamark.apps.channels.errors import OutcomeUnknown, SendError
from seamark.apps.channels.models import Channel
from seamark.apps.channels.secrets import opened
from seamark.apps.integrations.whatsapp.failures import failure_of

ADDRESS = "https://graph.facebook.com"
VERSION = "v24.0"
TIMEOUT = httpx.Timeout(10.0, connect=5.0)
TRACKER = "seamark:"
"""Stands before our outbox id, so that we know it from what others who use the number put there."""


def send(channel: Channel, message: Message) -> Sent:
    """Hand it over. Raises `SendError` when it was not taken, `OutcomeUnknown` when nobody can tell."""
    options = channel.options
    address = (
        f"{options.get('address', ADDRESS)}/{options.get('version', VERSION)}/{options['phone_number_id']}/messages"
    )
    headers = {"Authorization": f"Bearer {opened(channel)['access_token']}"}
    try:
        answer = _client().post(address, json=payload(message), headers=headers)
    except (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout) as error:
        raise SendError("unreachable", permanent=False) from error
    except httpx.TransportError as error:
        raise OutcomeUnknown from error
    return _outcome(answer)


def payload(message: Message) -> dict[str, Any]:
    """The message as the platform wants it."""
    asked: dict[str, Any] = {
        "messaging_product": "whatsapp",
        "recipient_type": "individual",
        # A phone number, or the id that the platform gives people who do not show theirs: "US.134912086".
        "to" if message.to.isdigit() else "recipient": message.to,
        "biz_opaque_callback_data": f"{TRACKER}{message.outbox_id}",
    }
    if message.reply_to:
        asked["context"] = {"message_id": message.reply_to}
    if message.template:
        return asked | {"type": "template", "template": _template(message.template)}
    return asked | {"type": "text", "text": {"body": message.text}}


def _template(template: Template) -> dict[str, Any]:
    called: dict[str, Any] = {"name": template.name, "language": {"code": template.language}}
    if template.blanks:
        parameters = [{"type": "text", "text": blank} for blank in template.blanks]
        called["components"] = [{"type": "body", "parameters": parameters}]
    return called


def _outcome(answer: httpx.Response) -> Sent:
    told = _json(answer)
    if answer.is_success:
        try:
            return Sent(str(told["messages"][0]["id"]))
        except (KeyError, IndexError, TypeError) as error:
            raise OutcomeUnknown from error
    match told:
        case {"error": {"code": int(code), **rest}}:
            raise failure_of(code, is_transient=bool(rest.get("is_transient")))
    if answer.is_server_error:
        raise OutcomeUnknown  # a gateway gave up; what stands behind it may have gone on
    raise SendError(f"http-{answer.status_code}", permanent=answer.status_code != httpx.codes.TOO_MANY_REQUESTS)


def _json(answer: httpx.Response) -> Any:
    try:
        return answer.json()
    except ValueError:
        return None


@cache
def _client() -> httpx.Client:
    return httpx.Client(timeout=TIMEOUT)
