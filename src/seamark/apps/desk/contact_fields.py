"""What is known of a contact, changed in place: name, language, zone, and the fields of the catalogue."""

from __future__ import annotations

from typing import Any, NamedTuple

from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from seamark.apps.accounts.access import reach
from seamark.apps.accounts.errors import ActionRefused
from seamark.apps.accounts.gatekeeping import member_of
from seamark.apps.accounts.models import Member
from seamark.apps.accounts.money import Money
from seamark.apps.accounts.organisation import setting
from seamark.apps.accounts.roles import Action
from seamark.apps.contacts.access import contact_for
from seamark.apps.contacts.masks import Masks, masks_of
from seamark.apps.contacts.models import Contact, Field
from seamark.apps.contacts.values import in_words
from seamark.apps.desk.field_inputs import LANGUAGES, given_in, input_of, read_input
from seamark.apps.desk.preferences import NOTED, told_by_note
from seamark.apps.tagging.words import field_title
from seamark.apps.timeline.editing import OWN, change_fields, seen
from seamark.apps.timeline.money import TOLD


class Row(NamedTuple):
    """One of the things known."""

    field: Field
    title: str
    words: str
    may_edit: bool
    told: str = ""
    """As what an amount was told, where that was in another currency."""


def own_fields() -> list[Field]:
    """Name, language and zone, as if the catalogue had them."""
    return [
        Field(name="name", title_en="Name", title_zh="姓名"),
        Field(name="language", title_en="Language", title_zh="语言", type=Field.Type.CHOICE),
        Field(name="zone", title_en="Time zone", title_zh="时区", type=Field.Type.CHOICE),
    ]


def known_fields() -> dict[str, Field]:
    """All that can be changed in place, by name; what a contact has of its own is no field besides."""
    return {field.name: field for field in (*Field.objects.exclude(name__in=OWN), *own_fields())}


def fields_context(member: Member, contact: Contact) -> dict[str, Any]:
    """What the part shows: first the contact's own, then the catalogue's, then what nobody has put into it.

    How the contact likes to be reached is noted beside, and here only as far as the note cannot say it.
    """
    masks, may_edit, known = masks_of(member), _may_edit(member, contact), known_fields()
    noted = told_by_note(contact).keys() | {name for name in NOTED if contact.fields.get(name) is None}
    catalogue = [field for name, field in known.items() if name not in noted and name not in OWN]
    beside = {f"{name}_{TOLD}" for name in contact.fields}
    left_out = known.keys() | noted | set(OWN) | beside
    unlisted = [name for name in contact.fields if name not in left_out]
    rows = [_row(contact, field, masks, may_edit) for field in (*own_fields(), *catalogue)]
    others = [Field(name=name, title_en=name, title_zh=name) for name in unlisted if contact.fields[name] is not None]
    return {
        "contact": contact,
        "field_rows": rows + [_row(contact, field, masks, False) for field in others],
        "lacking": [row.title for row in rows if row.field.is_required and not row.words],
    }


def fields(request: HttpRequest, id: int) -> HttpResponse:
    """All of them, for a page that is open while they change."""
    found = contact_for(member_of(request), id)
    return render(request, "desk/parts/contact_fields.html", fields_context(member_of(request), found))


def field(request: HttpRequest, id: int, name: str) -> HttpResponse:
    """One of them: as it is, `?edit` to change it; POST changes it."""
    member = member_of(request)
    editing = request.method == "POST" or "edit" in request.GET
    found = contact_for(member, id, Action.EDIT if editing else Action.VIEW)
    known = known_fields().get(name)
    if known is None:
        raise Http404
    if not editing:
        return _answer(request, found, known)
    if not _may_edit_field(found, known, masks_of(member)):
        raise Http404
    if request.method == "POST":
        return _change(request, found, known, member)
    return _form(request, found, known)


def _change(request: HttpRequest, found: Contact, field: Field, member: Member) -> HttpResponse:
    given = given_in(request.POST)
    try:
        change = read_input(field, given, setting(Money))
        change_fields(contact=found, changes=[change], saw=request.POST.get("saw", ""), by=member)
    except ValidationError as wrong:
        return _form(request, found, field, given, " ".join(wrong.messages), saw=request.POST.get("saw", ""))
    except ActionRefused:
        now = contact_for(member, found.pk)
        words = in_words(_held(now, field)) or _("empty")
        told = _("Meanwhile somebody else has made it: %(value)s. Save again to put yours in its place.")
        return _form(request, now, field, given, told % {"value": words})
    return _answer(request, contact_for(member, found.pk), field)


def _form(
    request: HttpRequest,
    found: Contact,
    field: Field,
    given: dict[str, str] | None = None,
    error: str = "",
    saw: str = "",
) -> HttpResponse:
    told, money = _told(found, field), setting(Money)
    held = told["value"] if told else _held(found, field)
    ends = held if isinstance(held, dict) else {}
    now = {
        "value": "\n".join(map(str, held)) if isinstance(held, list) else in_words(held),
        "low": ends.get("low", ""),
        "high": ends.get("high", ""),
        "currency": told["currency"] if told else field.currency or money.home,
    }
    shown = {
        "contact": found,
        "field": field,
        "input": input_of(field, given or now, money, error=error),
        "saw": saw or seen(found, [field.name]),
    }
    return render(request, "desk/parts/contact_field_form.html", shown, status=422 if error else 200)


def _told(contact: Contact, field: Field) -> dict[str, Any] | None:
    """What an amount was told as (`timeline.money`)."""
    found = contact.fields.get(f"{field.name}_{TOLD}")
    return found if isinstance(found, dict) and "value" in found and field.name not in OWN else None


def _told_words(told: dict[str, Any]) -> str:
    amount = f"{in_words(told['value'])} {told['currency']}"
    if "rate" not in told:
        return _("%(amount)s; no rate is known") % {"amount": amount}
    words = _("%(amount)s at %(rate)s of %(day)s")
    return words % {"amount": amount, "rate": told["rate"], "day": told["as_of"]}


def _answer(request: HttpRequest, found: Contact, field: Field) -> HttpResponse:
    member = member_of(request)
    row = _row(found, field, masks_of(member), _may_edit(member, found))
    return render(request, "desk/parts/contact_field.html", {"contact": found, "row": row})


def _row(contact: Contact, field: Field, masks: Masks, may_edit: bool) -> Row:
    value = masks.known_name(contact) if field.name == "name" else masks.value(contact, _held(contact, field), field)
    words = dict(LANGUAGES).get(str(value)) if field.name == "language" else None
    written = str(words or in_words(value))
    told = _told(contact, field) if masks.is_open(contact) or not field.mask else None
    currency = field.currency or (told["into"] if told else "")
    shown = f"{written} {currency}" if written and currency else written
    may_edit = may_edit and _may_edit_field(contact, field, masks)
    return Row(field, field_title(field), shown, may_edit, _told_words(told) if told else "")


def _held(contact: Contact, field: Field) -> object:
    return getattr(contact, field.name) if field.name in OWN else contact.fields.get(field.name)


def _may_edit(member: Member, contact: Contact) -> bool:
    return reach(member, Action.EDIT).covers(owner=contact.owner_id, team=contact.team_id)


def _may_edit_field(contact: Contact, field: Field, masks: Masks) -> bool:
    """Nobody changes what they do not see."""
    return masks.is_open(contact) or (not field.mask and field.name != "name")
