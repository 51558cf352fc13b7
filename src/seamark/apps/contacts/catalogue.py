"""The catalogue of fields is written here."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Literal

from django.db import transaction
from django.db.models import Max

from seamark.apps.accounts.models import Member
from seamark.apps.accounts.record import What, note
from seamark.apps.contacts.models import Field


@transaction.atomic
def save_field(field: Field, *, by: Member) -> None:
    """Keep a field as it was filled in; a new one comes after all others."""
    if field.pk is None:
        field.position = _after_all()
    field.save()
    note(What.FIELD_SAVED, by=by, about=field.name, about_id=field.pk)


@transaction.atomic
def add_fields(fields: Iterable[Field], *, by: Member) -> int:
    """Add those whose names the catalogue does not have, in this order; returns how many."""
    known = set(Field.objects.values_list("name", flat=True))
    new = [field for field in fields if field.name not in known]
    for position, field in enumerate(new, _after_all()):
        field.position = position
        field.save()
        note(What.FIELD_SAVED, by=by, about=field.name, about_id=field.pk)
    return len(new)


@transaction.atomic
def move_field(field: Field, where: Literal["up", "down"]) -> None:
    """Let the field and the one beside it change places; at the end of the row nothing happens."""
    order = list(Field.objects.select_for_update().order_by("position", "pk"))
    place = order.index(field)
    other = place + (1 if where == "down" else -1)
    if 0 <= other < len(order):
        order[place], order[other] = order[other], order[place]
    for position, each in enumerate(order):
        each.position = position
    Field.objects.bulk_update(order, ["position"])


def _after_all() -> int:
    last = Field.objects.aggregate(last=Max("position"))["last"]
    return 0 if last is None else last + 1
