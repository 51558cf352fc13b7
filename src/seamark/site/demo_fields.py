"""The demo's catalogue of fields, and what they hold: invented for the tea shop's customers, real for who ordered."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import timedelta
from pathlib import Path
from typing import Any

from django.utils import timezone
from ruamel.yaml import YAML

from seamark.apps.accounts.models import Member
from seamark.apps.accounts.money import Money, Rate
from seamark.apps.accounts.organisation import change
from seamark.apps.contacts.actions import desk_identity
from seamark.apps.contacts.catalogue import add_fields
from seamark.apps.contacts.models import Contact, Field
from seamark.apps.tagging.declared import fields_of, missing_fields
from seamark.apps.timeline.arrivals import Arrival
from seamark.apps.timeline.fields import KIND
from seamark.apps.timeline.record import record
from seamark.readers.shape import Row
from seamark.rulebooks import open_rulebook

FILE = Path(__file__).parents[3] / "examples/customers.yaml"
COMPANIES = "company-attributes"
"""The rulebook that declares what is to be known of companies."""
CURRENCY = "GBP"


def add_catalogue(by: Member) -> None:
    """The demo's own fields, then those of companies, then what the live rulebook reads."""
    own = [_field(*told) for told in _told()["fields"]]
    fields: dict[str, Field] = {}
    for field in (*own, *fields_of(open_rulebook(COMPANIES)), *missing_fields()):
        fields.setdefault(field.name, field)
    del fields["name"]  # each contact has one already
    add_fields(fields.values(), by=by)
    Field.objects.filter(type=Field.Type.MONEY, currency="").update(currency=CURRENCY)


def set_rates(by: Member) -> None:
    """The orders are in pounds; budgets are told in other currencies, too."""
    as_of = (timezone.localdate() - timedelta(days=7)).isoformat()
    rates = [Rate(currency, worth, as_of) for currency, worth in sorted(_told()["rates"].items())]
    change(Money(CURRENCY, rates), by=by)


def _field(name: str, type_: str, title_en: str, title_zh: str, more: dict[str, str] | None = None) -> Field:
    return Field(name=name, type=type_, title_en=title_en, title_zh=title_zh, **(more or {}))


def with_countries(rows: Sequence[Row]) -> Iterator[Row]:
    """Orders, and before each customer's first one where it went to."""
    seen = set()
    for row in rows:
        contact, country = row.values["contact"], row.values.get("country")
        if country and contact not in seen:
            seen.add(contact)
            yield row._replace(values=_changed(contact, row.values["occurred_at"], "country", country))
        yield row


def _changed(contact: object, occurred_at: object, field: str, value: object) -> dict[str, object]:
    told = {"contact": contact, "occurred_at": occurred_at, "kind": KIND}
    return told | {"id": f"{contact} {field}", "field": field, "old": None, "new": value}


def fill_fields() -> None:
    """What is known of the tea shop's customers, as if their salespeople had noted it three days ago."""
    told = _told()["customers"]
    contacts = Contact.objects.filter(name__in=told).order_by("pk")
    record([each for contact in contacts for each in _noted(contact, told[contact.name])], quiet=True)


def _noted(contact: Contact, fields: dict[str, Any]) -> Iterator[Arrival]:
    identity = desk_identity(contact.pk)
    noted_at = timezone.now() - timedelta(days=3)
    for field, value in fields.items():
        props = {"field": field, "old": None, "new": value}
        if isinstance(value, dict) and "currency" in value:
            ends = {end: each for end, each in value.items() if end != "currency"}
            props |= {"new": ends, "currency": value["currency"]}
        actor = f"member:{contact.owner_id}" if contact.owner_id else ""
        yield Arrival(
            source=identity.source,
            external_id=identity.external_id,
            kind=KIND,
            occurred_at=noted_at,
            source_key=f"demo {contact.pk} {field}",
            props=props,
            actor=actor,
        )


def _told() -> dict[str, Any]:
    told: dict[str, Any] = YAML(typ="safe").load(FILE.read_text(encoding="utf-8"))
    return told
