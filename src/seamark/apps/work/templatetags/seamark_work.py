"""What pages say of work: its title, what came of it, where that is shown."""

from __future__ import annotations

from django import template

from seamark.apps.work.kinds import kind_of
from seamark.apps.work.models import Work

register = template.Library()


@register.filter
def work_title(work: Work) -> str:
    """What it is, in the reader's language."""
    return kind_of(work.kind).title(work)


@register.filter
def work_outcome(work: Work) -> str:
    """What came of it; empty where nothing did yet."""
    return "" if work.is_open else kind_of(work.kind).outcome(work)


@register.filter
def work_href(work: Work) -> str:
    """Where its result is shown."""
    return kind_of(work.kind).href(work)


@register.filter
def work_undo(work: Work) -> str:
    """The address that takes it back; empty where nothing is to be taken back, or not any more."""
    return "" if work.is_open else kind_of(work.kind).undo(work)
