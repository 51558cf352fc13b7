"""Amounts told in other currencies are converted once, when their event is stored; what was told stays beside.

An event with the prop `currency` has its `amount`, or the value of the field that it changes, in that currency. What
conditions compare is in the organisation's, or in the field's own; `told` has the rest: `{"value": …, "currency":
"USD", "into": "TWD", "rate": "31.5", "as_of": "2026-11-20"}`. Without a rate the amount is absent, and so is `rate`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from decimal import ROUND_HALF_EVEN, Decimal, InvalidOperation
from typing import Any, NamedTuple

from django.db import connection, transaction
from django.urls import reverse
from django.utils.translation import gettext as _

from seamark.apps.accounts import notices
from seamark.apps.accounts.models import Member, Notice
from seamark.apps.accounts.money import Money
from seamark.apps.accounts.organisation import setting
from seamark.apps.accounts.roles import ROLES, Action
from seamark.apps.contacts.models import Field
from seamark.apps.timeline.arrivals import FIELD_CHANGED, Arrival
from seamark.apps.timeline.fields import follow
from seamark.apps.timeline.models import Event

TOLD = "told"
CENT = Decimal("0.01")


def in_one_currency(arrivals: Sequence[Arrival]) -> Sequence[Arrival]:
    """These, their amounts converted."""
    if not any(each.props.get("currency") for each in arrivals):
        return arrivals
    money = setting(Money)
    if not money.home:
        return arrivals
    into = currencies_of(each.props.get("field") for each in arrivals if each.kind == FIELD_CHANGED)
    return [replace(each, props=converted(each.kind, each.props, money, into)) for each in arrivals]


def currencies_of(fields: Any) -> dict[str, str]:
    """The currencies that fields of the catalogue are in, as far as they say."""
    names = [str(name) for name in fields if name]
    return dict(Field.objects.filter(name__in=names).exclude(currency="").values_list("name", "currency"))


def converted(kind: str, props: Mapping[str, Any], money: Money, fields: Mapping[str, str]) -> Mapping[str, Any]:
    """The props with what the event's amount comes to; as they are where there is nothing to convert."""
    name = "new" if kind == FIELD_CHANGED else "amount"
    currency, value = str(props.get("currency") or "").upper(), props.get(name)
    into = fields.get(str(props.get("field")), money.home) if kind == FIELD_CHANGED else money.home
    if not currency or value is None or currency == into:
        return props
    told = {"value": value, "currency": currency, "into": into}
    rest = {key: each for key, each in props.items() if key not in (name, "currency")}
    exchange = money.exchange(currency, into)
    if exchange is None:
        _tell_lacking(currency)
        return rest | {TOLD: told}
    try:
        amount = _times(value, exchange.worth)
    except (InvalidOperation, TypeError):
        return props
    told |= {"rate": f"{exchange.worth:f}", "as_of": exchange.as_of}
    return rest | {name: amount, "currency": into, TOLD: told}


_WAITING = "FROM timeline_event WHERE props ? 'told' AND NOT (props -> 'told' ? 'rate')"
"""There is an index for it."""


def waiting() -> list[tuple[str, int]]:
    """How many amounts wait for the rate of each currency."""
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT props -> 'told' ->> 'currency' AS currency, count(*) {_WAITING} GROUP BY 1 ORDER BY 1")
        return [(str(currency), int(number)) for currency, number in cursor.fetchall()]


class Completed(NamedTuple):
    """What was converted at last."""

    number: int
    """Of events."""
    contacts: list[int]
    """Whose they are; where they stand is to be judged anew."""


@transaction.atomic
def complete(currency: str, at_most: int = 2_000) -> Completed:
    """Convert what came in this currency before its rate was known, the oldest first."""
    money, found = setting(Money), _waiting_for(currency, at_most)
    into, done = currencies_of(row.props.get("field") for row in found), []
    for row in found:
        name = "new" if row.kind == FIELD_CHANGED else "amount"
        told = row.props[TOLD]
        props = {key: each for key, each in row.props.items() if key != TOLD}
        row.props = dict(converted(row.kind, props | {name: told["value"], "currency": told["currency"]}, money, into))
        if "rate" in row.props.get(TOLD, {}):
            done.append(row)
    Event.objects.bulk_update(done, ["props"], batch_size=500)
    contacts = sorted({row.identity.contact_id for row in done})
    follow(sorted({row.identity.contact_id for row in done if row.kind == FIELD_CHANGED}))
    return Completed(len(done), contacts)


def _waiting_for(currency: str, at_most: int) -> list[Event]:
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT id {_WAITING} AND props -> 'told' ->> 'currency' = %s ORDER BY id LIMIT %s FOR UPDATE",
            [currency, at_most],
        )
        ids = [id for (id,) in cursor.fetchall()]
    return list(Event.objects.filter(pk__in=ids).select_related("identity").order_by("pk"))


def _times(value: object, worth: Decimal) -> object:
    """The value, or both ends of a range, in the other currency; a number where it was one."""
    if isinstance(value, Mapping):
        return {end: _times(each, worth) for end, each in value.items() if each not in (None, "")}
    amount = (Decimal(str(value)) * worth).quantize(CENT, ROUND_HALF_EVEN).normalize()
    return f"{amount:f}" if isinstance(value, str) else float(amount)


def _tell_lacking(currency: str) -> None:
    roles = [name for name, role in ROLES.items() if role.may.get(Action.SETTINGS)]
    notices.tell(
        Member.objects.filter(is_active=True, posts__role__in=roles).distinct(),
        Notice.Kind.NO_RATE,
        text=lambda: _("An amount came in %(currency)s, and no rate is known for it.") % {"currency": currency},
        href=reverse("desk:money"),
        key=f"no rate {currency}"[:100],
    )
