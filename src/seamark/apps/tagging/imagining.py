"""What if: two rulebooks over the real history of contacts, who would hold what, and the work it would have made."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from functools import cached_property
from math import ceil
from typing import Any

from django.db import transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from seamark.apps.accounts.errors import ActionRefused
from seamark.apps.accounts.models import Member
from seamark.apps.contacts.models import Contact
from seamark.apps.tagging.editions import live_version, read
from seamark.apps.tagging.history import histories
from seamark.apps.tagging.models import Draft
from seamark.apps.tagging.rulebooks import ORGANISATION_ZONE
from seamark.apps.work.actions import begin
from seamark.apps.work.kinds import Tell, kind
from seamark.apps.work.models import Work as LongWork
from seamark.engine.moments import as_date, as_moment, today
from seamark.engine.online import Online
from seamark.engine.plan import plan_rulebook
from seamark.engine.replay import History, Span, held_at, timeline
from seamark.engine.rulebook import Rulebook
from seamark.engine.work import Work, asked_conditions, work_of
from seamark.histories.annotation import Reader, reader_for

PERIODS = (7, 30, 90, 365)
"""Days."""
MOST_CONTACTS = 20_000
"""More are sampled: every second, third, … of them, by id."""
STEP = 200
MOST_KEPT = 20
"""How many contacts are kept of those who move alike."""
MOST_MOVES = 100
KINDS_OF_WORK = ("messages", "follow_ups", "alerts", "reactions")


@dataclass
class Side:
    """A rulebook, and what it comes to."""

    rulebook: Rulebook
    counts: Counter[str] = field(default_factory=Counter)
    work: Work = field(default_factory=Work)

    @cached_property
    def online(self) -> Online:
        return Online(plan_rulebook(self.rulebook, asked_conditions(self.rulebook)), ORGANISATION_ZONE)

    @cached_property
    def reader(self) -> Reader | None:
        return reader_for(self.rulebook)

    def histories(self, contacts: Sequence[int]) -> dict[int, History]:
        return dict(histories(contacts, self.online.plan.reads, ORGANISATION_ZONE, self.reader))

    def held(self, history: History, begin: int, end: int) -> set[str]:
        """The tags of the contact at the end; its work in the period is counted."""
        first = min([begin, *(event.occurred_at for event in history.events[:1])])
        spans: list[Span] = timeline(self.online, history, first - 1, end)
        self.work.add(work_of(self.rulebook, spans, begin, end, lambda moment: today(moment, ORGANISATION_ZONE)))
        held = held_at(spans, end) & self.rulebook.tags.keys()
        self.counts.update(held)
        return held


@dataclass
class Moves:
    """Who moves: contacts by what they enter and leave, and between the levels of each group."""

    levels: Mapping[str, Sequence[str]]
    """The tags of each level group, of either rulebook."""
    alike: dict[tuple[tuple[str, ...], tuple[str, ...]], list[int]] = field(default_factory=lambda: defaultdict(list))
    numbers: Counter[tuple[tuple[str, ...], tuple[str, ...]]] = field(default_factory=Counter)
    between: dict[str, Counter[tuple[str, str]]] = field(default_factory=lambda: defaultdict(Counter))
    moved: int = 0

    def add(self, contact: int, before: set[str], after: set[str]) -> None:
        for group, tags in self.levels.items():
            old, new = (next((tag for tag in tags if tag in held), "") for held in (before, after))
            self.between[group][old, new] += 1
        if before == after:
            return
        move = (tuple(sorted(before - after)), tuple(sorted(after - before)))
        self.moved += 1
        self.numbers[move] += 1
        if len(self.alike[move]) < MOST_KEPT:
            self.alike[move].append(contact)


def begin_what_if(*, draft: Draft, days: int, by: Member) -> LongWork:
    """Ask what the draft, as it is now, would have done in the last days. Refused for one with errors."""
    if read(draft).rulebook is None:
        raise ActionRefused("errors", _("A text with errors cannot be tried on the history."))
    asked = {"draft": draft.pk, "name": draft.name, "revision": draft.revision, "text": draft.text, "days": days}
    return begin(kind="what-if", by=by, asked=asked)


def _title(work: LongWork) -> str:
    return _("What if: %(name)s") % {"name": work.asked["name"]}


def _outcome(work: LongWork) -> str:
    if work.result is None:
        return ""
    moved = work.result["moved"]
    return ngettext("%(number)s contact would move", "%(number)s contacts would move", moved) % {"number": f"{moved:,}"}


def _href(work: LongWork) -> str:
    return reverse("tagging:what-if-result", args=[work.asked["draft"], work.pk])


@kind(title=_title, outcome=_outcome, href=_href)
def what_if(work: LongWork, tell: Tell) -> dict[str, object]:
    """Both rulebooks over the same contacts; begins anew where a worker was killed, and changes nothing."""
    before, after, base = _sides(work)
    now = timezone.now()
    begin, end = as_moment(now - timedelta(days=work.asked["days"])), as_moment(now)
    total = Contact.objects.count()
    every = max(1, ceil(total / MOST_CONTACTS))
    moves = Moves(_levels(before.rulebook, after.rulebook))
    looked_at = 0
    for contacts in _parcels(every):
        looked_at += _compared(contacts, before, after, moves, begin, end)
        tell(min(looked_at * every, total), total)
    return {
        "base": base,
        "from": (now - timedelta(days=work.asked["days"])).isoformat(),
        "to": now.isoformat(),
        "contacts": looked_at,
        "total": total,
        "every": every,
        "moved": moves.moved,
        "tags": [_told(tag, before, after) for tag in dict.fromkeys([*before.rulebook.tags, *after.rulebook.tags])],
        "moves": [
            {"left": left, "entered": entered, "number": number, "contacts": moves.alike[left, entered]}
            for (left, entered), number in moves.numbers.most_common(MOST_MOVES)
        ],
        "kinds_of_moves": len(moves.numbers),
        "levels": {
            group: [[old, new, number] for (old, new), number in sorted(between.items())]
            for group, between in moves.between.items()
        },
        "work": {
            name: {side: _by_day(getattr(each.work, name)) for side, each in (("before", before), ("after", after))}
            for name in KINDS_OF_WORK
        },
    }


def _sides(work: LongWork) -> tuple[Side, Side, int]:
    live = live_version()
    draft = _draft(work.asked["draft"])
    if live is None or draft is None:
        raise ActionRefused("gone", _("This draft is gone: it was published or thrown away."))
    old, new = read(live).rulebook, read(draft, work.asked["text"]).rulebook
    if old is None or new is None:
        raise ActionRefused("errors", _("A text with errors cannot be tried on the history."))
    return Side(old), Side(new), live.number


def _draft(draft: int) -> Draft | None:
    """The draft of that id, if it is still there."""
    return Draft.objects.select_related("base", "changed_by").filter(pk=draft).first()


def _parcels(every: int) -> Iterator[list[int]]:
    after = 0
    while True:
        with transaction.atomic():
            asked = Contact.objects.filter(pk__gt=after).order_by("pk")
            ids = list(asked.values_list("pk", flat=True)[: STEP * every])
        if not ids:
            return
        after = ids[-1]
        yield ids[::every]


def _compared(contacts: list[int], before: Side, after: Side, moves: Moves, begin: int, end: int) -> int:
    same = (before.rulebook.terms, before.online.plan.reads) == (after.rulebook.terms, after.online.plan.reads)
    olds = before.histories(contacts)
    news = olds if same else after.histories(contacts)
    for contact, old in olds.items():
        if new := news.get(contact):
            moves.add(contact, before.held(old, begin, end), after.held(new, begin, end))
    return len(olds)


def _levels(before: Rulebook, after: Rulebook) -> dict[str, list[str]]:
    """The level groups of either, each with the tags of both."""
    found: dict[str, dict[str, None]] = {}
    for group in (*after.groups, *before.groups):
        if group.kind == "level":
            found.setdefault(group.name, {}).update(dict.fromkeys(tag.name for tag in group.tags))
    return {name: list(tags) for name, tags in found.items()}


def _told(tag: str, before: Side, after: Side) -> dict[str, Any]:
    sides = (("before", before), ("after", after))
    return {"tag": tag} | {name: side.counts[tag] if tag in side.rulebook.tags else None for name, side in sides}


def _by_day(counts: Counter[int]) -> dict[str, int]:
    return {as_date(day).isoformat(): counts[day] for day in sorted(counts)}
