"""How a contact likes to be reached, as the line that salespeople note (S0): read into fields and written again."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from seamark.apps.accounts.access import reach
from seamark.apps.accounts.errors import ActionRefused
from seamark.apps.accounts.gatekeeping import member_of
from seamark.apps.accounts.models import Member
from seamark.apps.accounts.roles import Action
from seamark.apps.contacts.access import contact_for
from seamark.apps.contacts.masks import masks_of
from seamark.apps.contacts.models import Contact
from seamark.apps.contacts.values import in_words
from seamark.apps.tagging.words import spoken
from seamark.apps.timeline.editing import Change, change_fields, seen
from seamark.engine.errors import Unreadable
from seamark.text.preferences import MOST_PUSHES, NotUnderstood, is_too_often, read_note, write_note

NOTED = (
    "preferred_format",
    "voice_seconds",
    "preferred_time",
    "preferred_slot",
    "quiet_time",
    "pushes_per_week",
    "passive_trigger",
)
"""The fields of the rulebook `contact-preferences` that the note is about."""
LONGEST = 500


def told_by_note(contact: Contact) -> dict[str, str]:
    """Of these fields, those that hold something that the note can say, as it says it."""
    held = {name: _as_noted(contact.fields.get(name)) for name in NOTED}
    return {name: value for name, value in held.items() if value and _can_be_said(name, value)}


def _as_noted(value: object) -> str:
    if isinstance(value, Mapping):
        return "-".join(str(value[end]) for end in ("low", "high") if end in value)
    return in_words(value)


def _can_be_said(name: str, value: str) -> bool:
    try:
        return name in read_note(f"| {write_note({name: value}, 'en')}")
    except (KeyError, ValueError, Unreadable):
        return False


def preferences_context(member: Member, contact: Contact) -> dict[str, Any]:
    """The note as it stands, and whether it may be changed."""
    told = told_by_note(contact)
    name = masks_of(member).known_name(contact)
    return {
        "contact": contact,
        "note": write_note({"name": name, **told}, spoken()) if told else "",
        "too_often": _warning() if is_too_often(told) else "",
        "may_edit": reach(member, Action.EDIT).covers(owner=contact.owner_id, team=contact.team_id),
    }


def _warning() -> str:
    return _("More than %(most)s pushes a week: of customers who get so many, a third mute or leave.") % {
        "most": MOST_PUSHES
    }


def preferences(request: HttpRequest, id: int) -> HttpResponse:
    """The note; `?edit` to write it, POST reads what was written into the fields."""
    member = member_of(request)
    editing = request.method == "POST" or "edit" in request.GET
    found = contact_for(member, id, Action.EDIT if editing else Action.VIEW)
    if request.method == "POST":
        return _change(request, found, member)
    shown = preferences_context(member, found)
    if editing:
        shown |= {"editing": True, "given": shown["note"], "saw": seen(found, ["name", *NOTED])}
    return render(request, "desk/parts/preferences.html", shown)


def _change(request: HttpRequest, found: Contact, member: Member) -> HttpResponse:
    written = request.POST.get("note", "")[:LONGEST]
    try:
        told = read_note(written)
        change_fields(
            contact=found,
            changes=_changes(found, told, name_seen=masks_of(member).known_name(found)),
            saw=request.POST.get("saw", ""),
            by=member,
        )
    except NotUnderstood as wrong:
        parts = ", ".join(f"“{part}”" for part in wrong.parts)
        error = _("Not understood: %(parts)s.") % {"parts": parts}
        return _form(request, found, member, written, error, request.POST.get("saw", ""))
    except ActionRefused:
        now = contact_for(member, found.pk)
        note = preferences_context(member, now)["note"] or _("empty")
        error = _("Meanwhile somebody else has made it: %(value)s. Save again to put yours in its place.")
        return _form(request, now, member, written, error % {"value": note}, seen(now, ["name", *NOTED]))
    return render(request, "desk/parts/preferences.html", preferences_context(member, contact_for(member, found.pk)))


def _changes(found: Contact, told: Mapping[str, str], name_seen: str) -> list[Change]:
    """All that the note is about: what it no longer says is emptied, and what it cannot say stays."""
    kept, name = told_by_note(found), told.get("name", "")
    changes = [Change("name", name[:200] if name and name != name_seen else found.name)]
    for field in NOTED:
        held = found.fields.get(field)
        if field in told and told[field] != kept.get(field):
            changes.append(Change(field, _as_held(field, told[field])))
        else:
            changes.append(Change(field, held if field in told or field not in kept else None))
    return changes


def _as_held(field: str, value: str) -> object:
    if field != "voice_seconds":
        return value
    low, _dash, high = value.partition("-")
    return {"low": low, "high": high}


def _form(request: HttpRequest, found: Contact, member: Member, written: str, error: str, saw: str) -> HttpResponse:
    shown = {"editing": True, "given": written, "error": error, "saw": saw}
    return render(request, "desk/parts/preferences.html", preferences_context(member, found) | shown, status=422)
