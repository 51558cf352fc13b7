"""What came of a batch: its page, a file, and undoing it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from django.db.models import Count
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from seamark.apps.accounts.errors import ActionRefused
from seamark.apps.accounts.gatekeeping import member_of
from seamark.apps.accounts.models import Member
from seamark.apps.batches.access import batch_for
from seamark.apps.batches.actions import KEPT, begin_undo
from seamark.apps.batches.files import csv_file
from seamark.apps.batches.models import Batch, Row
from seamark.apps.contacts.access import contacts_for
from seamark.apps.contacts.masks import masks_of

STRETCH = 2_000


def batch(request: HttpRequest, id: int) -> HttpResponse:
    """How far it is, and why some were refused."""
    return render(request, "batches/batch.html", batch_context(batch_for(member_of(request), id)))


def batch_context(found: Batch) -> dict[str, Any]:
    """What `batches/batch.html` shows."""
    refused = found.rows.filter(state=Row.State.REFUSED)
    reasons = refused.values("why").annotate(number=Count("*")).order_by("-number")
    return {
        "batch": found,
        "reasons": list(reasons),
        "may_be_undone": found.deed not in (Batch.Deed.UNDO, Batch.Deed.EXPORT),
        "kept_until": found.work.asked_at + KEPT,
        "has_rows": found.rows.exists(),
    }


def outcomes(request: HttpRequest, id: int) -> HttpResponse:
    """A CSV file with a line for every contact."""
    member = member_of(request)
    found = batch_for(member, id)
    return csv_file(_lines(found, member), f"batch-{found.pk}.csv")


def _lines(found: Batch, member: Member) -> Iterator[Sequence[object]]:
    yield _("Number"), _("Contact"), _("Outcome"), _("Why")
    after = 0
    while rows := list(found.rows.filter(contact__gt=after).order_by("contact")[:STRETCH]):
        names = _names(member, [row.contact_id for row in rows])
        for row in rows:
            yield row.contact_id, names.get(row.contact_id, ""), row.get_state_display(), row.why
        after = rows[-1].contact_id


def _names(member: Member, contacts: list[int]) -> dict[int, str]:
    """As far as the member sees them."""
    masks = masks_of(member)
    found = contacts_for(member).filter(pk__in=contacts).only("name", "fields", "owner", "team")
    return {contact.pk: masks.name(contact) for contact in found}


@require_POST
def undo(request: HttpRequest, id: int) -> HttpResponse:
    """Undo it; answers with how it stands now, and with the work of undoing it among the news."""
    member = member_of(request)
    shown: dict[str, Any] = {}
    try:
        shown["work"] = begin_undo(batch_for(member, id), by=member).work
    except ActionRefused as refused:
        shown["refusal"] = str(refused)
    return render(request, "batches/undone.html", {"undone": batch_for(member, id).work, **shown})
