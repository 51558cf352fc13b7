"""Messages to the platform."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import httpx

from seamark.apps.channels.adapter import Message, Sent, Template
from seamark.apps.channels.errors import OutcomeUnknown, SendError
from seamark.apps.channels.models import Channel
from seamark.apps.integrations.whatsapp.graph import address_of, client, headers, refusal, told
from seamark.apps.integrations.whatsapp.media import CAPTIONED, form_of, uploaded

TRACKER = "seamark:"
"""Stands before our outbox id, so that we know it from what others who use the number put there."""


def send(channel: Channel, message: Message) -> Sent:
    """Hand it over. Raises `SendError` when it was not taken, `OutcomeUnknown` when nobody can tell."""
    media_id = uploaded(channel, message.files[0]) if message.files else ""
    address = address_of(channel, f"{channel.options['phone_number_id']}/messages")
    try:
        answer = client().post(address, json=payload(message, media_id), headers=headers(channel))
    except (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout) as error:
        raise SendError("unreachable", permanent=False) from error
    except httpx.TransportError as error:
        raise OutcomeUnknown from error
    return _outcome(answer)


def payload(message: Message, media_id: str = "") -> dict[str, Any]:
    """The message as the platform wants it; its file, if it has one, goes by the platform's id."""
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
    if media_id:
        return asked | _media(message, media_id)
    return asked | {"type": "text", "text": {"body": message.text}}


def _media(message: Message, media_id: str) -> dict[str, Any]:
    file = message.files[0]
    form, content = form_of(str(file["type"])), {"id": media_id}
    if message.text and form in CAPTIONED:
        content["caption"] = message.text
    if form == "document":
        content["filename"] = str(file["name"])
    return {"type": form, form: content}


def _template(template: Template) -> dict[str, Any]:
    called: dict[str, Any] = {"name": template.name, "language": {"code": template.language}}
    if template.blanks:
        called["components"] = _components(template)
    return called


def _components(template: Template) -> list[dict[str, Any]]:
    """What fills the blanks, by the part of the template in which they stand; each button is a part of its own."""
    places: Sequence[str] = template.places or [f"body.{number}" for number, _ in enumerate(template.blanks, 1)]
    parts: dict[str, dict[str, Any]] = {}
    for place, blank in zip(places, template.blanks, strict=True):
        part, _, name = place.partition(".")
        parameter = {"type": "text", "text": blank}
        if part == "button":
            parts[place] = {"type": "button", "sub_type": "url", "index": name, "parameters": [parameter]}
            continue
        if not name.isdecimal():
            parameter["parameter_name"] = name
        parts.setdefault(part, {"type": part, "parameters": []})["parameters"].append(parameter)
    return list(parts.values())


def _outcome(answer: httpx.Response) -> Sent:
    if answer.is_success:
        try:
            return Sent(str(told(answer)["messages"][0]["id"]))
        except (KeyError, IndexError, TypeError) as error:
            raise OutcomeUnknown from error
    if refused := refusal(answer):
        raise refused
    if answer.is_server_error:
        raise OutcomeUnknown  # a gateway gave up; what stands behind it may have gone on
    raise SendError(f"http-{answer.status_code}", permanent=answer.status_code != httpx.codes.TOO_MANY_REQUESTS)
