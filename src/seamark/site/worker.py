"""The worker: loops that take what is due, each woken by a notice of the database and by the time of its next work.

Every loop has one shape: take a batch of due rows that nobody else holds, handle it, commit. As many workers as
wanted run side by side; one that is killed leaves its batch to the others.
"""

from __future__ import annotations

import logging
import signal
import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime

import psycopg
from django.conf import settings
from django.db import DatabaseError, connection
from django.utils import timezone

from seamark.apps.accounts import mailing
from seamark.apps.api import webhooks
from seamark.apps.channels import coming, outbox, template_lists
from seamark.apps.followups.actions import escalate
from seamark.apps.seas import arrivals
from seamark.apps.tagging import clock, publish
from seamark.apps.timeline import intake
from seamark.apps.timeline.news import listening_params
from seamark.site.jobs import run_jobs

log = logging.getLogger(__name__)

LONGEST_PAUSE_SECONDS = 5.0
"""A notice that got lost is made up for after this time."""
CLOCK_LOOKS_SECONDS = 1.0
"""How often the clock asks the index for the next contact that is due."""
SEAS_LOOK_SECONDS = 60.0
"""How often is looked for contacts that go back to the public sea."""
MAILS_LOOK_SECONDS = 15.0
"""How often is looked for notices that nobody has seen, and for mails that are to be tried again."""
ESCALATION_LOOKS_SECONDS = 15.0
"""How often it is asked whether follow-ups are overdue for too long."""
FILES_SIDE_BY_SIDE = 3
"""Files of contacts that are fetched at once: one that takes minutes must not hold up the others."""
PAUSE_AFTER_FAILURE_SECONDS = 1.0
GATHERING_SECONDS = 0.015
"""How long more is let gather after a batch that was not full: one delivery costs nearly as much as twenty."""


@dataclass
class Loop:
    """Work that comes up again and again."""

    name: str
    step: Callable[[], int]
    """Handles some of what is due; returns how much, 0 when nothing is left."""
    pause: Callable[[], float] = lambda: LONGEST_PAUSE_SECONDS
    """Seconds until the next look, unless a notice comes."""
    notices: tuple[str, ...] = ()
    full: int = 1
    """How much a full batch has."""
    woken: threading.Event = field(default_factory=threading.Event)

    def run(self, stopping: threading.Event) -> None:
        """Until `stopping` is set: work while there is any, then pause."""
        while not stopping.is_set():
            self.woken.clear()
            try:
                if done := self.step():
                    if done < self.full:
                        stopping.wait(GATHERING_SECONDS)
                    continue
                seconds = self.pause()
            except Exception as error:
                # The edge of the worker: whatever went wrong is told, and the loop goes on.
                log.exception("loop.failed", extra={"loop": self.name})
                if isinstance(error, DatabaseError):
                    connection.close()
                seconds = PAUSE_AFTER_FAILURE_SECONDS
            if seconds > 0:
                self.woken.wait(seconds)
        connection.close()


def _until(due: datetime | None, at_most_seconds: float) -> float:
    if due is None:
        return at_most_seconds
    return min(at_most_seconds, max(0.0, (due - timezone.now()).total_seconds()))


def _until_clock_is_due() -> float:
    return _until(clock.next_due_at(), CLOCK_LOOKS_SECONDS)


def _until_outbox_is_due() -> float:
    return _until(outbox.next_due_at(), LONGEST_PAUSE_SECONDS)


def _until_file_is_due() -> float:
    return _until(coming.next_due_at(), LONGEST_PAUSE_SECONDS)


def loops() -> list[Loop]:
    """Everything that a worker does."""
    mails = [Loop("mails", mailing.mail_notices, lambda: MAILS_LOOK_SECONDS)] if settings.CAN_MAIL else []
    return [
        Loop("intake", intake.handle_waiting, notices=("deliveries",), full=intake.BATCH),
        Loop("clock", clock.judge_due, _until_clock_is_due),
        Loop("outbox", outbox.send_due, _until_outbox_is_due, notices=("outbox",)),
        *(
            Loop(f"files {number}", coming.fetch_due, _until_file_is_due, notices=("files",))
            for number in range(1, FILES_SIDE_BY_SIDE + 1)
        ),
        Loop("templates", template_lists.refresh_due, notices=("templates",)),
        Loop("escalate", escalate, lambda: ESCALATION_LOOKS_SECONDS),
        Loop("webhooks", webhooks.tell_waiting, lambda: CLOCK_LOOKS_SECONDS),
        Loop("seas", arrivals.keep_seas, lambda: SEAS_LOOK_SECONDS, notices=("seas",)),
        Loop("publish", publish.judge_stale, notices=("published",)),
        *mails,
    ]


class Worker:
    """All loops, each in a thread of its own; `stop` ends them after the batch at hand."""

    def __init__(self) -> None:
        self.stopping = threading.Event()
        self.loops = loops()

    def run(self) -> None:
        """Until a signal or `stop`."""
        for each in (signal.SIGTERM, signal.SIGINT):
            signal.signal(each, lambda *_: self.stop())
        threads = [threading.Thread(target=loop.run, args=[self.stopping], name=loop.name) for loop in self.loops]
        threads += [
            threading.Thread(target=self._listen, name="listen"),
            threading.Thread(target=run_jobs, args=[self.stopping], name="jobs"),
        ]
        for thread in threads:
            thread.start()
        log.info("worker.started")
        for thread in threads:
            thread.join()
        log.info("worker.stopped")

    def stop(self) -> None:
        """End all loops."""
        self.stopping.set()
        for loop in self.loops:
            loop.woken.set()

    def _listen(self) -> None:
        while not self.stopping.is_set():
            try:
                self._pass_notices_on()
            except (psycopg.OperationalError, DatabaseError):
                log.warning("listen.lost")
                self.stopping.wait(PAUSE_AFTER_FAILURE_SECONDS)

    def _pass_notices_on(self) -> None:
        with psycopg.connect(**listening_params()) as listening:
            for name in {name for loop in self.loops for name in loop.notices}:
                listening.execute(f'LISTEN "{name}"')
            for loop in self.loops:
                loop.woken.set()  # what was told while nobody listened
            while not self.stopping.is_set():
                for notice in listening.notifies(timeout=1, stop_after=1):
                    for loop in self.loops:
                        if notice.channel in loop.notices:
                            loop.woken.set()
