"""Deliveries of the platform, read into events.

A delivery holds any number of entries, changes, messages and statuses. What cannot be read is left out and logged,
and the delivery is kept as it came; it is set aside only when nothing in it could be read.
"""

from __future__ import annotations

import hashlib
import json
import logging
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from seamark.apps.channels.models import Purpose
from seamark.apps.channels.template_lists import ask_for_templates
from seamark.apps.integrations.whatsapp.contents import content_props
from seamark.apps.integrations.whatsapp.failures import STOPPED_MARKETING
from seamark.apps.integrations.whatsapp.lines import KIND, channels_of_account, lines_beside
from seamark.apps.integrations.whatsapp.numbers import variants
from seamark.apps.integrations.whatsapp.sending import TRACKER
from seamark.apps.timeline.arrivals import Arrival
from seamark.apps.timeline.models import Delivery
from seamark.engine.errors import Unreadable

log = logging.getLogger(__name__)

Written = Mapping[str, Any]

MESSAGES = {
    # Types that are no new message from the contact's side; all others are.
    "reaction": "message.reacted",
    "revoke": "message.revoked",
    "edit": "message.edited",
    "system": "identity.changed",
}
TEMPLATE_FIELDS = frozenset(
    ("message_template_status_update", "message_template_components_update", "template_category_update")
)
"""Changes that tell of a template; what they tell is asked for anew."""
STATUSES = {
    "sent": "message.accepted",
    "delivered": "message.delivered",
    "read": "message.read",
    "played": "message.played",
    "failed": "message.failed",
}


@dataclass(frozen=True)
class Line:
    """The channel that something in a delivery is about, and whom it names."""

    source: str
    people: tuple[Written, ...]

    def arrival(self, kind: str, key: str, seconds: str | int, ids: list[str], **more: Any) -> Arrival:
        """An event of the first of the ids that are there; the others are the same contact's."""
        known = [id for id in dict.fromkeys(ids) if id]
        return Arrival(
            source=self.source,
            external_id=known[0],
            also=tuple(known[1:]),
            kind=kind,
            occurred_at=datetime.fromtimestamp(int(seconds), UTC),
            source_key=key,
            channel=KIND,
            is_verified=True,
            **more,
        )

    def person(self, *ids: str) -> Written:
        """Who of the people named in the delivery has one of these ids; without any, the only one named."""
        known = {id for id in ids if id}
        if not known and len(self.people) == 1:
            return self.people[0]
        return next((each for each in self.people if known & {each.get("wa_id"), each.get("user_id")}), {})


def read(delivery: Delivery) -> list[Arrival]:
    """Everything that the delivery tells. Raises `Unreadable` when it tells nothing that we understand."""
    written = json.loads(bytes(delivery.body))
    if not isinstance(written, dict) or written.get("object") != "whatsapp_business_account":
        raise Unreadable("it is not about a WhatsApp business account")
    lines = lines_beside(delivery.source)
    arrivals: list[Arrival] = []
    failed = ""
    if accounts := _accounts_with_other_templates(written):
        ask_for_templates([channel for account in accounts for channel in channels_of_account(account)])
    for change in (change for entry in written["entry"] for change in entry["changes"]):
        for read_one, item, line in _items(change, lines, delivery):
            try:
                arrivals += read_one(line, item)
            except (AttributeError, LookupError, TypeError, ValueError) as error:
                failed = f"{type(error).__name__}: {error}"
                log.warning("whatsapp.unread", extra={"delivery": delivery.pk, "reason": type(error).__name__})
    if failed and not arrivals:
        raise Unreadable(f"nothing in it could be read ({failed})")
    return arrivals


def _accounts_with_other_templates(written: Written) -> set[str]:
    """The accounts of whose templates something is told."""
    return {
        str(entry.get("id"))
        for entry in written["entry"]
        for change in entry["changes"]
        if change["field"] in TEMPLATE_FIELDS
    }


Item = tuple[Callable[[Line, Written], Iterator[Arrival]], Written, Line]


def _items(change: Written, lines: Mapping[str, str], delivery: Delivery) -> Iterator[Item]:
    """What a change holds, each with what reads it and the line it is about."""
    field, value = change["field"], change["value"]
    if field in TEMPLATE_FIELDS:
        return
    if field not in {field for field, _ in READERS}:
        log.info("whatsapp.field_unread", extra={"delivery": delivery.pk, "field": field})
        return
    source = lines.get(str((value.get("metadata") or {}).get("phone_number_id")))
    if source is None:
        yield _nobodys, change, Line("", ())
        return
    line = Line(source, tuple(value.get("contacts") or ()))
    for (in_field, name), read_one in READERS.items():
        if in_field == field:
            for item in value.get(name) or ():
                yield read_one, item, line


def _nobodys(line: Line, change: Written) -> Iterator[Arrival]:
    raise ValueError("no channel of this app has the number that it is about")


def _message(line: Line, message: Written) -> Iterator[Arrival]:
    sender, sender_user = str(message.get("from", "")), str(message.get("from_user_id", ""))
    if message["type"] == "system":
        yield from _system(line, message)
        return
    person = line.person(sender, sender_user)
    wa_id, user_id = sender or str(person.get("wa_id", "")), sender_user or str(person.get("user_id", ""))
    yield line.arrival(
        MESSAGES.get(message["type"], "message.received"),
        message["id"],
        message["timestamp"],
        [wa_id, user_id, *variants(wa_id)],
        props=content_props(message),
        name=str((person.get("profile") or {}).get("name", "")),
    )


def _system(line: Line, message: Written) -> Iterator[Arrival]:
    """A contact got another number or id: both are theirs. What the message says of it in words names numbers."""
    told = message["system"]
    before = [str(message.get("from", "")), str(told.get("previous_user_id", ""))]
    after = [str(told.get(name, "")) for name in ("wa_id", "user_id")]
    props = {"type": told.get("type", "")}
    yield line.arrival("identity.changed", message["id"], message["timestamp"], before + after, props=props)


def _status(line: Line, status: Written) -> Iterator[Arrival]:
    id, word = status["id"], status["status"]
    props: dict[str, Any] = {"message": id}
    tracker = str(status.get("biz_opaque_callback_data", ""))
    if tracker.startswith(TRACKER):
        props["outbox"] = tracker.removeprefix(TRACKER)
    if category := (status.get("pricing") or {}).get("category"):
        props["category"] = category
    errors = status.get("errors") or ()
    if errors:
        props |= {"code": str(errors[0]["code"]), "title": str(errors[0].get("title", ""))}
    ids = [str(status.get(name, "")) for name in ("recipient_id", "recipient_user_id")]
    kind = STATUSES.get(word, "message.status")
    told = line.arrival(kind, f"{id}:{word}", status["timestamp"], ids, props=props)
    yield told
    if any(int(error["code"]) == STOPPED_MARKETING for error in errors):
        yield _wish(line, "unsubscribed", f"{id}:unsubscribed", status["timestamp"], ids)


def _preference(line: Line, preference: Written) -> Iterator[Arrival]:
    kind = {"stop": "unsubscribed", "resume": "subscribed"}[preference["value"]]
    ids = [str(preference.get(name, "")) for name in ("wa_id", "user_id")]
    who = hashlib.sha256(":".join(ids).encode()).hexdigest()[:16]  # keys are shown to people who may see no numbers
    yield _wish(line, kind, f"preference:{who}:{preference['timestamp']}:{kind}", preference["timestamp"], ids)


def _wish(line: Line, kind: str, key: str, seconds: str | int, ids: list[str]) -> Arrival:
    props = {"purpose": Purpose.MARKETING.value, "how": "platform"}
    return line.arrival(kind, key, seconds, ids, props=props)


def _echo(line: Line, message: Written) -> Iterator[Arrival]:
    """A message of ours that was typed on the phone."""
    to = str(message.get("to", "")).removeprefix("+")
    ids = [to, str(message.get("to_user_id", "")), *variants(to)]
    kind = MESSAGES.get(message["type"], "message.sent")
    props = content_props(message)
    yield line.arrival(kind, message["id"], message["timestamp"], ids, props=props, actor="phone")


READERS: dict[tuple[str, str], Callable[[Line, Written], Iterator[Arrival]]] = {
    # field of a change, and the list in it → what reads one of the list
    ("messages", "messages"): _message,
    ("messages", "statuses"): _status,
    ("user_preferences", "user_preferences"): _preference,
    ("smb_message_echoes", "message_echoes"): _echo,
}
