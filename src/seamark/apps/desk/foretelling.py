"""What a batch of tags will set going, told before it begins."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, NamedTuple

from django.db.models import Q, QuerySet

from seamark.apps.accounts.access import reach
from seamark.apps.accounts.models import Member
from seamark.apps.accounts.roles import Action
from seamark.apps.batches.actions import MOST, Ask
from seamark.apps.batches.models import Batch
from seamark.apps.followups.forecast import Call, Edge, calls
from seamark.apps.tagging.models import Standing
from seamark.apps.tagging.rulebooks import Live
from seamark.apps.tagging.words import chip, group_of, titled

Deed = Batch.Deed


class Foretold(NamedTuple):
    """A follow-up or an alert that will be made."""

    call: Call
    title: str
    tag: str
    """Whose change calls for it."""
    number: int
    """For how many contacts; `MOST` and one more stands for all above."""


def foretold(ask: Ask, contacts: QuerySet[Any], live: Live, member: Member) -> list[Foretold]:
    """What reactions to the tags of the deed make for those of the contacts who hold, or lack, what it changes."""
    known = live.rulebook.tags
    if ask.tag not in known or (ask.deed == Deed.REPLACE and ask.into not in known):
        return []
    chosen = Standing.objects.filter(reach(member, Action.EDIT).condition(), pk__in=contacts.order_by().values("pk"))
    told = []
    for edge, changed in _edges(ask, live):
        called = list(calls(live, edge))
        number = chosen.filter(changed)[: MOST + 1].count() if called else 0
        if number:
            hint = chip(live.rulebook, known[edge.tag]).hint
            told += [Foretold(call, titled(call.title), hint, number) for call in called]
    return told


def _edges(ask: Ask, live: Live) -> Iterator[tuple[Edge, Q]]:
    """The tags that are entered or left, and by whom."""
    holds, gains = _holds(ask.tag, live), ask.into or ask.tag
    if ask.deed != Deed.TAG:
        yield Edge(ask.tag, "leave"), holds
    if ask.deed == Deed.UNTAG:
        return
    those = Q() if ask.deed == Deed.TAG else holds
    lacking = those & ~_holds(gains, live)
    yield Edge(gains, "enter"), lacking
    group = group_of(live.rulebook, live.rulebook.tags[gains])
    if group.kind == "level":  # whoever gets one level leaves the other
        for other in group.tags:
            if other.name not in (gains, ask.tag):
                yield Edge(other.name, "leave"), lacking & _holds(other.name, live)


def _holds(tag: str, live: Live) -> Q:
    return Q(tags__contains=[live.tag_ids[tag]])
