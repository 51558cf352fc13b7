"""Work is set going and stopped."""

from __future__ import annotations

from collections.abc import Mapping

from django.db import transaction
from django.utils import timezone

from seamark.apps.accounts.models import Member
from seamark.apps.work import tasks
from seamark.apps.work.kinds import kind_of
from seamark.apps.work.models import Work

State = Work.State


@transaction.atomic
def begin(*, kind: str, by: Member, asked: Mapping[str, object], total: int = 0) -> Work:
    """Set work going as soon as the transaction is committed; one that is rolled back leaves nothing behind."""
    kind_of(kind)
    work = Work.objects.create(kind=kind, by=by, asked=dict(asked), total=total)
    tasks.run_work.defer(work_id=work.pk)
    return work


def cancel(*, work: Work) -> None:
    """Stop work: at once where it waits, else after the step at hand, whose outcome stays. Ended work stays."""
    now = timezone.now()
    waiting = Work.objects.filter(pk=work.pk, state=State.QUEUED)
    if not waiting.update(state=State.CANCELLED, cancel_asked_at=now, ended_at=now):
        Work.objects.filter(pk=work.pk, state=State.RUNNING, cancel_asked_at=None).update(cancel_asked_at=now)
