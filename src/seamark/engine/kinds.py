"""The kinds of event everyone has, and the types of their props and of fields."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Literal

Type = Literal["number", "text", "date", "moment", "list", "range"]
"""How a value is held: number in ten-thousandths; text; date as the whole number yyyymmdd; moment
in microseconds since 1970 UTC; list of texts; range, of which only `.low` and `.high` are compared."""

WRITTEN_TYPES: dict[str, Type] = {
    "number": "number",
    "money": "number",
    "text": "text",
    "choice": "text",
    "date": "date",
    "time": "moment",
    "list": "list",
    "range": "range",
}
"""The words a rulebook may declare a field or prop with."""

_MESSAGE: dict[str, Type] = {
    "text": "text",
    "mentions": "list",
    "words": "list",
    "intent": "text",
    "lang": "text",
    "form": "text",
    "question": "text",
    "interest": "list",
    "need": "list",
}
"""What is written, and what was read in it."""

STANDARD_KINDS: dict[str, dict[str, Type]] = {
    "message.received": _MESSAGE,
    "message.sent": _MESSAGE,
    "message.delivered": {},
    "message.read": {},
    "link.clicked": {"target": "text"},
    "page.viewed": {"page": "text", "seconds": "number"},
    "cart.abandoned": {"amount": "number"},
    "order.placed": {"amount": "number", "category": "text"},
    "item.bought": {"product": "text", "category": "text", "quantity": "number", "amount": "number"},
    "order.refunded": {"amount": "number"},
    "quote.sent": {"amount": "number"},
    "sample.sent": {},
    "sample.closed": {},
    "coupon.issued": {},
    "coupon.redeemed": {},
    "subscribed": {},
    "unsubscribed": {},
    "trial.completed": {},
    "event.attended": {},
    "referral.made": {},
    "scan.made": {},
    "tag.set": {"tag": "text", "until": "moment"},
    "tag.cleared": {"tag": "text", "until": "moment"},
    "tag.lifted": {"tag": "text"},
    "field.changed": {"field": "text", "old": "text", "new": "text"},
}

HAND_KINDS = ("tag.set", "tag.cleared", "tag.lifted")
FIELD_KIND = "field.changed"

EVERY_EVENT: dict[str, Type] = {
    "channel": "text",
    "actor": "text",
    "hour": "number",
    "weekday": "number",
    "month": "number",
}
"""Names every event has: where it came from, who acted, and its local hour (0 to 23), weekday
(1 Monday to 7 Sunday) and month (1 to 12) in the organisation's zone."""
LOCAL_PROPS = ("hour", "weekday", "month")


def split_path(path: str, known: Iterable[str]) -> tuple[str, str]:
    """The kind and prop of a dotted path: the longest known kind, else all up to the last dot.

    >>> split_path("order.placed.amount", STANDARD_KINDS)
    ('order.placed', 'amount')
    >>> split_path("loan.signed.sum", STANDARD_KINDS)
    ('loan.signed', 'sum')
    """
    kinds = known if isinstance(known, (dict, set, frozenset)) else set(known)
    steps = path.split(".")
    for length in range(len(steps), 0, -1):
        kind = ".".join(steps[:length])
        if kind in kinds:
            return kind, ".".join(steps[length:])
    kind, _, prop = path.rpartition(".")
    return kind, prop
