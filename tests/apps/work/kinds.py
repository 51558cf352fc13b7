"""Kinds of work for tests."""

from __future__ import annotations

from typing import Any

from django.db import transaction

from seamark.apps.accounts.errors import ActionRefused
from seamark.apps.accounts.models import Team
from seamark.apps.contacts.models import Source
from seamark.apps.work.kinds import Tell, kind
from seamark.apps.work.models import Work

WORKERS = {name: f"tests.apps.work.kinds.{name}" for name in ("naming", "refusing", "broken")}


class Killed(BaseException):
    """What kill -9 is to a process."""


@kind(title=lambda work: "Naming sources", outcome=lambda work: f"{work.done} named")
def naming(work: Work, tell: Tell) -> dict[str, Any]:
    """Makes a source a step, and is killed in the middle of the step `killed_at` of its first try."""
    names = work.asked["names"]
    for place, name in enumerate(names[work.done :], work.done + 1):
        with transaction.atomic():
            Source.objects.create(key=name, team=Team.objects.get())
            tell(place, len(names))
            if work.tries == 1 and place == work.asked.get("killed_at"):
                raise Killed
    return {"named": len(names)}


@kind(title=lambda work: "Refusing")
def refusing(work: Work, tell: Tell) -> dict[str, Any]:
    raise ActionRefused("no", "Not on a Friday.")


@kind(title=lambda work: "Broken")
def broken(work: Work, tell: Tell) -> dict[str, Any]:
    raise ZeroDivisionError
