"""What members change of a contact by hand: each change is an event, and the contact follows it."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import NamedTuple
from uuid import uuid4

from django.db import transaction
from django.utils import timezone
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext as _

from seamark.apps.accounts.errors import ActionRefused
from seamark.apps.accounts.models import Member
from seamark.apps.contacts.actions import desk_identity
from seamark.apps.contacts.models import Contact
from seamark.apps.contacts.news import tell_changed
from seamark.apps.contacts.search import grams
from seamark.apps.timeline.arrivals import Arrival
from seamark.apps.timeline.fields import KIND
from seamark.apps.timeline.record import record

OWN = ("name", "language", "zone")
"""What a contact has besides the fields, and what is changed in the same way."""


class Change(NamedTuple):
    """A new value of a field, or of one of `OWN`; None empties it."""

    field: str
    value: object
    currency: str = ""
    """Of an amount; empty: the field's own."""


def seen(contact: Contact, fields: Sequence[str]) -> str:
    """A mark of what these hold, which tells nothing of it: who changes them says by it what they saw."""
    held = json.dumps([_held(contact, field) for field in fields], sort_keys=True, ensure_ascii=False)
    return salted_hmac("seamark.field", held).hexdigest()[:32]


def change_fields(*, contact: Contact, changes: Sequence[Change], saw: str, by: Member) -> list[Change]:
    """Change these fields, in the order in which they stand; returns what did change.

    Raises ActionRefused ("meanwhile") where one of them is no longer what the member saw (`seen`, of the same fields).
    """
    with transaction.atomic():
        now_held = Contact.objects.select_for_update(of=["self"], no_key=True).get(pk=contact.pk)
        if saw != seen(now_held, [change.field for change in changes]):
            raise ActionRefused("meanwhile", _("Somebody else has changed it meanwhile."))
        made = [
            each for each in changes if each.currency or (each.value or None) != (_held(now_held, each.field) or None)
        ]
        if made:
            _change_own(now_held, {each.field: each.value for each in made if each.field in OWN})
            identity = desk_identity(contact.pk)
            record(
                [
                    Arrival(
                        source=identity.source,
                        external_id=identity.external_id,
                        kind=KIND,
                        occurred_at=timezone.now(),
                        source_key=uuid4().hex,
                        props=_props(each, _held(now_held, each.field)),
                        actor=f"member:{by.pk}",
                    )
                    for each in made
                ]
            )
            tell_changed([contact.pk])
    return made


@transaction.atomic
def make_contact(*, team_id: int, owner: Member | None, changes: Sequence[Change], by: Member) -> Contact:
    """A contact that a member tells of, with these fields; without an owner it comes to the team's public sea."""
    contact = Contact.objects.create(team_id=team_id, owner=owner)
    saw = seen(contact, [change.field for change in changes])
    change_fields(contact=contact, changes=changes, saw=saw, by=by)
    return contact


def _props(change: Change, held: object) -> dict[str, object]:
    told = {"currency": change.currency} if change.currency else {}
    return {"field": change.field, "old": held, "new": change.value, **told}


def _held(contact: Contact, field: str) -> object:
    return getattr(contact, field) if field in OWN else contact.fields.get(field)


def _change_own(contact: Contact, changes: Mapping[str, object]) -> None:
    if not changes:
        return
    told: dict[str, object] = {name: str(value or "") for name, value in changes.items()}
    if "name" in changes:
        called = [text for each in contact.identities.all() for text in (each.name, each.external_id)]
        told["grams"] = grams([str(told["name"]), *called])
    Contact.objects.filter(pk=contact.pk).update(**told)
