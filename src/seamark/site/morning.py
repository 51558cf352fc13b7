"""The demo's last days in its web chat: invented customers who wrote, through the intake as if they had."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from django.utils import timezone
from ruamel.yaml import YAML

from seamark.apps.accounts.models import Member
from seamark.apps.channels.models import Channel
from seamark.apps.contacts.actions import identities_for
from seamark.apps.contacts.models import Contact
from seamark.apps.timeline import intake
from seamark.apps.timeline.arrivals import Arrival

FILE = Path(__file__).parents[3] / "examples/this_morning.yaml"


def this_morning(channel: Channel) -> None:
    """Contacts with their owners first, so that follow-ups are theirs; then what was written, in its order."""
    now = timezone.now()
    customers = YAML(typ="safe").load(FILE.read_text(encoding="utf-8"))
    members = {member.email.partition("@")[0]: member for member in Member.objects.all()}
    for place, customer in enumerate(customers, 1):
        known = identities_for([Arrival(channel.source_id, f"visitor-{place}", "", now, "", name=customer["name"])])
        Contact.objects.filter(pk__in=[each.contact_id for each in known.values()]).update(
            owner=members.get(customer["owner"])
        )
    events = sorted(
        (event for place, customer in enumerate(customers, 1) for event in _events(place, customer, members, now)),
        key=lambda event: str(event["occurred_at"]),
    )
    for event in events:
        intake.accept(
            source=channel.source_id,
            channel_kind="api",
            source_key=str(event["id"]),
            body=json.dumps({"events": [event]}, ensure_ascii=False).encode(),
        )


def _events(
    place: int, customer: dict[str, Any], members: dict[str, Member], now: datetime
) -> Iterator[dict[str, Any]]:
    told = {"contact": f"visitor-{place}", "channel": "web", "name": customer["name"]}
    for number, (minutes, who, text) in enumerate(customer["says"]):
        sent = who != "them"
        yield told | {
            "id": f"morning {place}.{number}",
            "occurred_at": (now - timedelta(minutes=minutes)).isoformat(),
            "kind": "message.sent" if sent else "message.received",
            "actor": f"member:{members[who].pk}" if sent else "",
            "props": {"text": text},
        }
    for number, (minutes, amount) in enumerate(customer.get("order", ())):
        yield told | {
            "id": f"morning order {place}.{number}",
            "occurred_at": (now - timedelta(minutes=minutes)).isoformat(),
            "kind": "order.placed",
            "props": {"amount": amount, "order_id": f"{place}-{number}"},
        }
