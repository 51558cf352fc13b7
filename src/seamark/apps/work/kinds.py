"""Kinds of long work: what does each, and how pages speak of it.

An app writes a function and names it in the site's `WORKERS`:

    @kind(title=lambda work: _("What if: %(name)s") % work.asked, href=lambda work: reverse("…", args=[work.pk]))
    def what_if(work: Work, tell: Tell) -> dict[str, object]:
        for done, step in enumerate(steps, 1):
            with transaction.atomic():
                ...
                tell(done, len(steps))
        return {"moved": 12}
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from typing import Any

from django.conf import settings
from django.utils.module_loading import import_string

from seamark.apps.work.models import Work

Tell = Callable[[int, int], None]
"""Says how much is done, of how much. Told within the transaction of a step it is true exactly when the step is.

It raises where the work is to end: somebody stopped it, the worker is stopping, or another worker has taken it up. So
tell often, at least once in some seconds, and let what it raises through.
"""
Run = Callable[[Work, Tell], dict[str, Any]]
"""Does the work and returns its result, which JSON can hold. It may be run again after a worker was killed:
either it begins anew, or it goes on after `work.done`. `ActionRefused` fails it with those words.
"""


def _nothing(work: Work) -> str:
    return ""


@dataclass(frozen=True)
class Kind:
    """What does a kind of work; the texts are asked for in the language of whoever reads them."""

    run: Run
    title: Callable[[Work], str]
    outcome: Callable[[Work], str] = _nothing
    """What came of work that is done, or was stopped half way, in a short sentence."""
    href: Callable[[Work], str] = _nothing
    """Where that is shown."""
    undo: Callable[[Work], str] = _nothing
    """The address that takes it back; empty where nothing is to be taken back."""


def kind(
    *,
    title: Callable[[Work], str],
    outcome: Callable[[Work], str] = _nothing,
    href: Callable[[Work], str] = _nothing,
    undo: Callable[[Work], str] = _nothing,
) -> Callable[[Run], Kind]:
    """Make a function a kind of work."""
    return lambda run: Kind(run, title, outcome, href, undo)


@cache
def kind_of(name: str) -> Kind:
    """The kind of that name. LookupError: the site knows none."""
    found: Kind = import_string(settings.WORKERS[name])
    return found
