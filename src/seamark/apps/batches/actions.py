"""Batches are begun and undone."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.core.exceptions import EmptyResultSet
from django.db import connection, transaction
from django.db.models import Model, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from seamark.apps.accounts import record
from seamark.apps.accounts.access import may
from seamark.apps.accounts.errors import ActionRefused
from seamark.apps.accounts.models import Member
from seamark.apps.accounts.roles import Action
from seamark.apps.batches.models import Batch, Row
from seamark.apps.batches.tags import known
from seamark.apps.batches.words import called
from seamark.apps.contacts.ownership import receivers
from seamark.apps.work import actions as work_actions
from seamark.apps.work.kinds import kind_of
from seamark.apps.work.models import Work

MOST = 200_000
"""Contacts of one batch."""
KEPT = timedelta(days=30)
"""How long the outcomes of a batch are kept, and so how long it can be undone."""
EXPORT_KEPT = timedelta(days=7)
"""How long an export can be downloaded."""

Deed = Batch.Deed


@dataclass(frozen=True)
class Ask:
    """What is to be done to the contacts chosen."""

    deed: Batch.Deed
    tag: str = ""
    into: str = ""
    until: datetime | None = None
    to: Member | None = None
    words: str = ""
    is_quiet: bool = False
    """Whether no reaction is to run by it."""


@transaction.atomic
def begin(
    ask: Ask,
    *,
    contacts: QuerySet[Model],
    by: Member,
    kind: str = "batch",
    asked: Mapping[str, object] | None = None,
) -> Batch:
    """Do this to whoever the query finds now, standings or contacts; those who join it later are not touched.

    `kind`: of the work that does it, with what else that asks.

    Raises `ActionRefused` where it cannot be done to anybody: a right, the tag, the new owner or the words are missing,
    nobody is found, or more than `MOST` are.
    """
    _check(ask, by)
    to = ask.to.name if ask.to else ""
    told: dict[str, object] = {"deed": ask.deed.value, "tag": ask.tag, "into": ask.into, "to": to}
    if ask.tag:
        told["called"] = called(ask.tag, ask.into)
    work = work_actions.begin(kind=kind, by=by, asked={**told, **(asked or {})})
    batch = Batch.objects.create(
        work=work,
        deed=ask.deed,
        tag=ask.tag,
        into=ask.into,
        until=ask.until,
        to=ask.to,
        words=ask.words.strip()[:200],
        is_quiet=ask.is_quiet,
    )
    _fix(batch, contacts)
    _note(batch)
    return batch


@transaction.atomic
def begin_undo(batch: Batch, *, by: Member) -> Batch:
    """Put everything back that the batch changed and nobody has changed since.

    Raises `ActionRefused` while it is under way, when it was undone already or changed nothing, and after `KEPT`.
    """
    work = Work.objects.select_for_update(no_key=True).get(pk=batch.pk)
    _check_undo(batch, work)
    asked = {"deed": Deed.UNDO.value, "undoes": work.asked}
    undoing = Batch.objects.create(
        work=work_actions.begin(kind="batch", by=by, asked=asked), deed=Deed.UNDO, undoes=batch, words=_("Undone")
    )
    _fix(undoing, Row.objects.filter(batch=batch, state=Row.State.DONE), "contact_id")
    Work.objects.filter(pk=work.pk).update(result={**work.result, "undone": undoing.pk})
    _note(undoing)
    return undoing


def _check(ask: Ask, by: Member) -> None:
    needed = {Deed.GIVE: Action.ALLOCATE, Deed.CLAIM: Action.CLAIM, Deed.EXPORT: Action.EXPORT}.get(ask.deed)
    if ask.deed in (Deed.TAG, Deed.UNTAG, Deed.REPLACE):
        needed = Action.EDIT
        _check_tags(ask)
    if needed and not may(by, needed):
        raise ActionRefused("right", _("Your roles do not allow that."))
    if ask.deed == Deed.GIVE and (ask.to is None or not receivers(by).filter(pk=ask.to.pk).exists()):
        raise ActionRefused("nobody", _("Choose who is to get them."))
    if ask.deed == Deed.RELEASE and not ask.words.strip():
        raise ActionRefused("words", _("Say why, for whoever takes them next."))


def _check_tags(ask: Ask) -> None:
    known([ask.tag, ask.into] if ask.deed == Deed.REPLACE else [ask.tag])
    if ask.into == ask.tag:
        raise ActionRefused("same-tag", _("Choose two different tags."))
    if ask.until is not None and ask.until <= timezone.now():
        raise ActionRefused("past", _("The end of the period lies in the past."))


def _check_undo(batch: Batch, work: Work) -> None:
    undone = batch.undone_by.select_related("work").order_by("-pk").first()
    if batch.deed in (Deed.UNDO, Deed.EXPORT):
        raise ActionRefused("undo", _("That cannot be undone."))
    if work.is_open:
        raise ActionRefused("open", _("It is still under way; stop it first."))
    if undone is not None and undone.work.state not in (Work.State.FAILED, Work.State.CANCELLED):
        raise ActionRefused("undone", _("It was undone already."))
    if not batch.rows.filter(state=Row.State.DONE).exists():
        raise ActionRefused("nothing", _("There is nothing to undo, or it is more than 30 days ago."))


def _fix(batch: Batch, contacts: QuerySet[Model], column: str = "pk") -> None:
    total = _inserted(batch, contacts.values_list(column)[: MOST + 1])
    if total > MOST:
        told = _("That are more than %(most)s contacts. Narrow the list, and do it in parts.")
        raise ActionRefused("many", told % {"most": f"{MOST:,}"})
    if not total:
        raise ActionRefused("nobody-chosen", _("No contact is chosen."))
    batch.work.total = total
    batch.work.save(update_fields=["total"])


def _inserted(batch: Batch, ids: QuerySet[Model, tuple[int]]) -> int:
    try:
        sql, values = ids.query.sql_with_params()
    except EmptyResultSet:
        return 0
    with connection.cursor() as cursor:
        cursor.execute(
            f"""INSERT INTO batches_row (batch_id, contact_id, state, why)
                SELECT %s, found.id, '', '' FROM ({sql}) found (id)""",
            [batch.pk, *values],
        )
        return int(cursor.rowcount)


def _note(batch: Batch) -> None:
    about = f"{kind_of(batch.work.kind).title(batch.work)} ({batch.work.total:,})"
    what = record.What.EXPORTED if batch.deed == Deed.EXPORT else record.What.BATCH_BEGUN
    record.note(what, by=batch.by, about=about, about_id=batch.pk)
