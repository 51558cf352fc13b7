"""What a contact allowed: by which channel, for what, since when, how it is known; and a yes or no noted by hand."""

from __future__ import annotations

from datetime import datetime
from typing import Any, NamedTuple

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _

from seamark.apps.accounts.access import reach
from seamark.apps.accounts.gatekeeping import member_of
from seamark.apps.accounts.models import Member
from seamark.apps.accounts.roles import Action
from seamark.apps.channels.consents import note_consent, wishes_of
from seamark.apps.channels.models import Consent, Purpose
from seamark.apps.contacts.access import contact_for
from seamark.apps.contacts.actions import DESK
from seamark.apps.contacts.models import Contact
from seamark.apps.desk.queries import channels_of
from seamark.apps.desk.sources import Origin, origin


class Word(NamedTuple):
    """The newest word by one way about one purpose."""

    consent: Consent
    origin: Origin | None
    """None: said to a member."""


def consent_context(member: Member, contact: Contact) -> dict[str, Any]:
    """The newest words by every way, and what follows from them for each purpose."""
    newest = Consent.objects.filter(identity__contact=contact).order_by("identity", "purpose", "-said_at", "is_allowed")
    words = newest.distinct("identity", "purpose").select_related("identity", "by")
    channels, wishes = channels_of([contact]), wishes_of([contact.pk])
    told = [
        Word(each, None if each.identity.source == DESK else origin(each.identity.source, channels)) for each in words
    ]
    return {
        "contact": contact,
        "wishes": [(title, wishes.get((contact.pk, purpose))) for purpose, title in Purpose.choices],
        "words": sorted(told, key=lambda word: word.consent.said_at, reverse=True),
        "purposes": Purpose.choices,
        "may_edit": reach(member, Action.EDIT).covers(owner=contact.owner_id, team=contact.team_id),
    }


def consent(request: HttpRequest, id: int) -> HttpResponse:
    """The part; POST notes what the contact said."""
    member = member_of(request)
    found = contact_for(member, id, Action.EDIT if request.method == "POST" else Action.VIEW)
    error = _note(request, found, member) if request.method == "POST" else ""
    shown = consent_context(member, found) | {"error": error, "given": request.POST if error else {}}
    return render(request, "desk/parts/consent.html", shown, status=422 if error else 200)


def _note(request: HttpRequest, found: Contact, member: Member) -> str:
    """Writes it down; else says why not."""
    purpose, answer = request.POST.get("purpose", ""), request.POST.get("answer", "")
    how, said_at = request.POST.get("how", "").strip(), _moment(request.POST.get("said_at", ""))
    if purpose not in Purpose or answer not in ("yes", "no"):
        return _("Say what was allowed or forbidden.")
    if not how or len(how) > 60:
        return _("Say in a few words how it is known, such as: on the telephone.")
    if said_at is None or said_at > timezone.now():
        return _("That moment is still to come.")
    note_consent(
        contact=found, purpose=Purpose(purpose), is_allowed=answer == "yes", how=how, said_at=said_at, by=member
    )
    return ""


def _moment(written: str) -> datetime | None:
    """Now, where nothing is written; None for what is no moment."""
    if not written:
        return timezone.now()
    try:
        moment = datetime.fromisoformat(written)
    except ValueError:
        return None
    return moment if moment.tzinfo else timezone.make_aware(moment)
