"""Contacts as a file: written beside the page, masked as the member sees them, and recorded."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from django.core.exceptions import PermissionDenied
from django.db.models import Model, QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from seamark.apps.accounts.access import may, reach
from seamark.apps.accounts.gatekeeping import member_of
from seamark.apps.accounts.models import Member
from seamark.apps.accounts.record import What, note
from seamark.apps.accounts.roles import Action
from seamark.apps.batches.access import batch_for
from seamark.apps.batches.actions import EXPORT_KEPT, Ask, begin
from seamark.apps.batches.files import attached, csv_file
from seamark.apps.batches.models import Batch, Part
from seamark.apps.batches.outcomes import DONE, Outcomes, refused
from seamark.apps.batches.running import carry_out
from seamark.apps.batches.views import batch_context
from seamark.apps.batches.words import counts_in_words
from seamark.apps.contacts.masks import masks_of
from seamark.apps.contacts.models import Field
from seamark.apps.desk.columns import Table, columns_known, table_for
from seamark.apps.desk.queries import rows_of
from seamark.apps.desk.workbook import WORKBOOK, workbook
from seamark.apps.tagging.rulebooks import live_rulebook
from seamark.apps.work.kinds import Tell, kind
from seamark.apps.work.models import Work


def begin_export(*, contacts: QuerySet[Model], by: Member) -> Batch:
    """Write whoever the query finds now into a file, with the columns of the member's list. Refuses as `begin` does."""
    columns = [column.key for column in table_for(by, live_rulebook()).columns]
    return begin(Ask(Batch.Deed.EXPORT), contacts=contacts, by=by, kind="export", asked={"columns": columns})


def columns_of(member: Member) -> list[str]:
    """What an export has, in words."""
    return [_("Contact"), *(column.title for column in table_for(member, live_rulebook()).columns)]


@kind(
    title=lambda work: _("Export of contacts"),
    outcome=lambda work: counts_in_words(work.result or {}),
    href=lambda work: reverse("desk:export", args=[work.pk]),
)
def export(work: Work, tell: Tell) -> dict[str, object]:
    """`work.kinds.Run` of exports."""
    found = Batch.objects.select_related("work__by").get(pk=work.pk)
    table = _table(found)

    def write(found: Batch, contacts: Sequence[int]) -> Outcomes:
        reached = reach(found.by, Action.EXPORT)
        rows = [row for row in rows_of(contacts) if reached.covers(owner=row.owner_id, team=row.team_id)]
        written = table.rows(rows)
        lines = [[str(row.contact.pk), row.name, *(cell.words for cell in row.cells)] for row in written]
        Part.objects.create(batch=found, lines=lines)
        kept = {row.pk for row in rows}
        return {id: DONE if id in kept else refused(_("It is not yours to export.")) for id in contacts}

    return carry_out(found, write, work, tell)


def _table(found: Batch) -> Table:
    live, fields = live_rulebook(), list(Field.objects.all())
    known = columns_known(live, fields)
    columns = [known[key] for key in found.work.asked["columns"] if key in known]
    return Table(columns, live, masks_of(found.by), fields)


def page(request: HttpRequest, id: int) -> HttpResponse:
    """How far the export is, and the files."""
    found = _export_for(member_of(request), id)
    shown = {"has_parts": found.parts.exists(), "files_kept_until": found.work.asked_at + EXPORT_KEPT}
    return render(request, "desk/export.html", {**batch_context(found), **shown})


def download(request: HttpRequest, id: int, ending: str) -> HttpResponse:
    """The file, as `csv` or as `xlsx`."""
    member = member_of(request)
    found = _export_for(member, id)
    if not may(member, Action.EXPORT):
        raise PermissionDenied
    if ending not in ("csv", "xlsx") or found.work.is_open or not found.parts.exists():
        raise Http404
    note(What.EXPORT_FETCHED, by=member, about=f"{(found.work.result or {}).get('done', 0):,} ({ending})", about_id=id)
    lines = _lines(found)
    if ending == "csv":
        return csv_file(lines, "contacts.csv")
    return attached(workbook(lines), "contacts.xlsx", WORKBOOK)


def _lines(found: Batch) -> Iterator[Sequence[str]]:
    yield [_("Number"), _("Contact"), *(column.title for column in _table(found).columns)]
    for part in found.parts.order_by("pk").iterator(chunk_size=20):
        yield from part.lines


def _export_for(member: Member, id: int) -> Batch:
    found = batch_for(member, id)
    if found.deed != Batch.Deed.EXPORT:
        raise Http404
    return found
