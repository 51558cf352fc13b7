"""Doing batches: some hundred contacts at a time, each time in one transaction."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from django.db import connection, transaction
from django.urls import reverse

from seamark.apps.batches import owners, tags
from seamark.apps.batches.models import Batch, Row
from seamark.apps.batches.outcomes import Outcomes
from seamark.apps.batches.words import counts_in_words, title_of
from seamark.apps.work.kinds import Tell, kind
from seamark.apps.work.models import Work

STEP = 500
"""Contacts a transaction: whoever else wants one of them waits about a second."""

Kind = Batch.Deed
Deed = Callable[[Batch, Sequence[int]], Outcomes]
"""Does it to some contacts, whose ids rise, within a transaction; says of each what came of it."""
DEEDS: Mapping[str, Deed] = {
    Kind.TAG: tags.tag,
    Kind.UNTAG: tags.untag,
    Kind.REPLACE: tags.replace,
    Kind.GIVE: owners.give,
    Kind.RELEASE: owners.release,
    Kind.CLAIM: owners.claim,
}


def _undo_address(work: Work) -> str:
    result = work.result or {}
    may_be_undone = result.get("done") and not result.get("undone") and work.asked["deed"] != Kind.UNDO
    return reverse("batches:undo", args=[work.pk]) if may_be_undone else ""


@kind(
    title=lambda work: title_of(work.asked),
    outcome=lambda work: counts_in_words(work.result or {}),
    href=lambda work: reverse("batches:batch", args=[work.pk]),
    undo=_undo_address,
)
def batch(work: Work, tell: Tell) -> dict[str, Any]:
    """`work.kinds.Run` of batches."""
    found = Batch.objects.select_related("work__by", "to", "undoes__to", "undoes__work__by").get(pk=work.pk)
    return carry_out(found, _deed(found), work, tell)


def carry_out(found: Batch, deed: Deed, work: Work, tell: Tell) -> dict[str, Any]:
    """Do what is not done yet, some hundred contacts at a time.

    Every step is committed together with its outcomes, or not at all.
    """
    while _step(found, deed, work, tell):
        pass
    return work.result or {}


@transaction.atomic
def _step(found: Batch, deed: Deed, work: Work, tell: Tell) -> bool:
    rows = Row.objects.filter(batch=found, state=Row.State.OPEN).order_by("contact")
    contacts = list(rows.values_list("contact_id", flat=True)[:STEP])
    if not contacts:
        return False
    outcomes = deed(found, contacts)
    _write(found, outcomes)
    counted = Counter(work.result or {}) + Counter(outcome.state.value for outcome in outcomes.values())
    tell(work.done + len(contacts), work.total)
    Work.objects.filter(pk=work.pk).update(result=dict(counted))
    work.result = dict(counted)
    return True


def _deed(found: Batch) -> Deed:
    if found.undoes is None:
        return DEEDS[found.deed]
    return tags.undo if found.undoes.tag else owners.undo


def _write(found: Batch, outcomes: Outcomes) -> None:
    ids = sorted(outcomes)
    columns = list(map(list, zip(*(outcomes[id] for id in ids), strict=True)))
    with connection.cursor() as cursor:
        cursor.execute(
            """UPDATE batches_row SET state = told.state, why = told.why,
                   was_owner_id = told.was_owner, was_team_id = told.was_team
               FROM unnest(%s::bigint[], %s::text[], %s::text[], %s::bigint[], %s::bigint[])
                   AS told (contact, state, why, was_owner, was_team)
               WHERE batch_id = %s AND contact_id = told.contact""",
            [ids, *columns, found.pk],
        )
