"""Doing work: one try, from taking it up to writing down its end."""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db import InterfaceError, OperationalError
from django.db.models import F, QuerySet
from django.db.models.functions import Coalesce, Now
from django.utils import timezone, translation

from seamark.apps.accounts.errors import ActionRefused
from seamark.apps.work.kinds import kind_of
from seamark.apps.work.models import Work

log = logging.getLogger(__name__)

State = Work.State


class WorkEnds(Exception):
    """The work is not to go on here; raised through its function."""


class Cancelled(WorkEnds):
    """Somebody stopped it."""


class Overtaken(WorkEnds):
    """Another worker took it up, since this one was believed dead."""


class WorkerStops(WorkEnds):
    """This worker is asked to stop; another goes on."""


def run(work_id: int, *, is_stopping: Callable[[], bool] = lambda: False) -> None:
    """Take the work up and do it, unless it has ended. Raises `WorkerStops`, and errors of the database."""
    work = _taken_up(work_id)
    if work is None:
        return
    with translation.override(work.by.language or settings.LANGUAGE_CODE), timezone.override(_zone(work)):
        try:
            result = kind_of(work.kind).run(work, _Teller(work, is_stopping))
        except (WorkerStops, OperationalError, InterfaceError):
            raise
        except Overtaken:
            return
        except Cancelled:
            _end(work, State.CANCELLED)
        except ActionRefused as refused:
            _end(work, State.FAILED, error=str(refused))
        except Exception:
            # The edge of the worker: whatever went wrong is told, and other work goes on.
            log.exception("work.failed", extra={"work": work.pk, "kind": work.kind})
            _end(work, State.FAILED)
        else:
            _end(work, State.DONE, result=result)


def _taken_up(work_id: int) -> Work | None:
    open_work = Work.objects.filter(pk=work_id, state__in=[State.QUEUED, State.RUNNING])
    taken = open_work.update(state=State.RUNNING, tries=F("tries") + 1, begun_at=Coalesce("begun_at", Now()))
    return Work.objects.select_related("by").get(pk=work_id) if taken else None


def _zone(work: Work) -> ZoneInfo:
    return ZoneInfo(work.by.zone or settings.ORGANISATION_ZONE)


def _of_this_try(work: Work) -> QuerySet[Work]:
    return Work.objects.filter(pk=work.pk, tries=work.tries, state=State.RUNNING)


@dataclass
class _Teller:
    work: Work
    is_stopping: Callable[[], bool]

    def __call__(self, done: int, total: int) -> None:
        """`kinds.Tell`."""
        if self.is_stopping():
            raise WorkerStops
        mine = _of_this_try(self.work)
        if not mine.filter(cancel_asked_at=None).update(done=done, total=total):
            raise Cancelled if mine.exists() else Overtaken
        self.work.done, self.work.total = done, total


def _end(work: Work, state: Work.State, **told: object) -> None:
    _of_this_try(work).update(state=state, ended_at=timezone.now(), **told)
