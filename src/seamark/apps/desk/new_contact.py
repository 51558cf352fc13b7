"""A contact made by hand, unless somebody is known by the same number or address already."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from seamark.apps.accounts.access import Reach, posts_of, reach
from seamark.apps.accounts.gatekeeping import member_of, needs
from seamark.apps.accounts.models import Member
from seamark.apps.accounts.money import Money
from seamark.apps.accounts.organisation import setting
from seamark.apps.accounts.roles import ROLES, Action
from seamark.apps.contacts.access import contacts_for
from seamark.apps.contacts.field_marks import FieldMarks
from seamark.apps.contacts.masks import masks_of
from seamark.apps.contacts.models import Contact, Field, Identity
from seamark.apps.desk.contact_fields import known_fields
from seamark.apps.desk.field_inputs import Input, given_in, input_of, read_input
from seamark.apps.desk.preferences import NOTED
from seamark.apps.timeline.editing import Change, make_contact

SHOWN = 10
"""So many of those who are known by the same number are named."""
ADDRESSES = (Field.Mask.PHONE, Field.Mask.EMAIL)
FIRST = ("name", "language")


@needs(Action.EDIT)
def new_contact(request: HttpRequest) -> HttpResponse:
    """The form; POST makes the contact, or names those who have the same number or address and asks once more."""
    member, fields = member_of(request), asked_for()
    inputs, changes = _read(fields, request.POST)
    shown: dict[str, Any] = {}
    if request.method == "POST" and not any(each.error for each in inputs):
        alike = known_by(changes, fields)
        if not alike.exists() or "all-the-same" in request.POST:
            return redirect("desk:contact", _made(changes, member).pk)
        masks, seen = masks_of(member), contacts_for(member).filter(pk__in=alike.values("pk"))
        shown = {
            "asked": True,
            "alike": [(each, masks.name(each)) for each in seen[:SHOWN]],
            "hidden": alike.exclude(pk__in=seen.values("pk")).exists(),
        }
    elif request.method != "POST":
        inputs = [each._replace(error="") for each in inputs]
    shown |= {
        "first": [each for each in inputs if is_asked_first(each.field)],
        "others": [each for each in inputs if not is_asked_first(each.field)],
        "is_open": any(each.error or any(each.given.values()) for each in inputs if not is_asked_first(each.field)),
    }
    return render(request, "desk/new_contact.html", shown, status=422 if request.method == "POST" else 200)


def asked_for() -> list[Field]:
    """Name and language, then the catalogue; how somebody likes to be reached is noted on the contact's page."""
    known = known_fields()
    names = [*FIRST, *(name for name in known if name not in (*FIRST, "zone") and name not in NOTED)]
    return sorted((known[name] for name in names), key=lambda field: field.name != "name" and not _is_address(field))


def is_asked_first(field: Field) -> bool:
    """Whether it is asked for at once, and not among the others."""
    return field.name in FIRST or _is_address(field) or field.is_required


def known_by(changes: Sequence[Change], fields: Sequence[Field]) -> QuerySet[Contact]:
    """Contacts of exactly such a number or address, in a field or by a channel, however far apart its digits stand."""
    masks = {field.name: field.mask for field in fields if _is_address(field)}
    known = set[int]()
    for change in changes:
        if mask := masks.get(change.field):
            spelled = _spelled(str(change.value), mask)
            by_channel = Identity.objects.filter(external_id__in=spelled)
            known.update(by_channel.values_list("contact", flat=True))
            for each in spelled:
                marked = FieldMarks(change.field, Reach(everyone=True)).holding(each)
                by_field = Contact.objects.filter(marked, fields__contains={change.field: each})
                known.update(by_field.values_list("pk", flat=True))
    return Contact.objects.filter(pk__in=known)


def _spelled(written: str, mask: str) -> set[str]:
    if mask == Field.Mask.EMAIL:
        return {written, written.lower()}
    digits = "".join(filter(str.isdecimal, written))
    return {written, digits, f"+{digits}"} if digits else {written}


def _is_address(field: Field) -> bool:
    return field.mask in ADDRESSES


def _read(fields: Sequence[Field], form: Mapping[str, str]) -> tuple[list[Input], list[Change]]:
    """The fields as they were filled in, each with what is wrong with it, and what they say."""
    money, inputs, changes = setting(Money), [], []
    for field in fields:
        prefix, error = f"{field.name}-", ""
        given = given_in(form, prefix)
        try:
            change = read_input(field, given, money)
        except ValidationError as wrong:
            error = " ".join(wrong.messages)
        else:
            changes += [change] if change.value else []
        if field.name == "name" and not given["value"].strip():
            error = _("Say what the contact is called.")
        inputs.append(input_of(field, given, money, prefix, error))
    return inputs, changes


def _made(changes: Sequence[Change], member: Member) -> Contact:
    """The member's own where the role is about own contacts; else in the public sea of the member's team."""
    owner = member if reach(member, Action.EDIT).own else None
    team = next(post.team_id for post in posts_of(member) if ROLES[post.role].may.get(Action.EDIT))
    return make_contact(team_id=team, owner=owner, changes=changes, by=member)
