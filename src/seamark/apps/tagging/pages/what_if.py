"""The page on which a draft is tried on the real history: set going, and pictured."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import Any, NamedTuple

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import formats, timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext

from seamark.apps.accounts.errors import ActionRefused
from seamark.apps.accounts.gatekeeping import member_of, needs
from seamark.apps.accounts.models import Member
from seamark.apps.accounts.roles import Action
from seamark.apps.contacts.access import contacts_for
from seamark.apps.contacts.masks import masks_of
from seamark.apps.tagging.editions import edition_of, read
from seamark.apps.tagging.imagining import KINDS_OF_WORK, PERIODS, begin_what_if
from seamark.apps.tagging.models import Draft
from seamark.apps.tagging.pages.drafts import draft_of, frame
from seamark.apps.tagging.pages.trying import chip_among
from seamark.apps.tagging.pages.versions import edition_title
from seamark.apps.tagging.words import Chip, titled
from seamark.apps.work.models import Work
from seamark.engine.rulebook import Rulebook

SAMPLES = 10
WORDS_OF_WORK = {
    "messages": _("Messages"),
    "follow_ups": _("Follow-ups"),
    "alerts": _("Alerts"),
    "reactions": _("Reactions"),
}
CHART_COLORS = {
    "red": "#e5484d",
    "orange": "#f08c3a",
    "yellow": "#e0bd2c",
    "gold": "#c9962a",
    "green": "#3fb25a",
    "teal": "#1fa7a0",
    "blue": "#3b82d6",
    "purple": "#8b5cf6",
    "pink": "#d6558f",
    "brown": "#9a6a4a",
    "gray": "#9aa5b4",
    "black": "#4a5568",
}
"""Of tags, for surfaces light and dark."""


class Sample(NamedTuple):
    """A contact who moves."""

    id: int
    name: str


class Move(NamedTuple):
    """Contacts who move alike."""

    left: list[Chip]
    entered: list[Chip]
    number: int
    samples: list[Sample]
    tags: list[str]


@needs(Action.RULEBOOKS)
def what_if(request: HttpRequest, id: int) -> HttpResponse:
    """Set a what-if going, and see the latest one."""
    draft, member = draft_of(id), member_of(request)
    shown = frame(draft, "what-if") | {"periods": PERIODS, "days": 30}
    if request.method == "POST":
        asked = request.POST.get("days", "")
        days = int(asked) if asked.isdecimal() and int(asked) in PERIODS else 30
        try:
            work = begin_what_if(draft=draft, days=days, by=member)
        except ActionRefused:
            return redirect("tagging:draft-text", id)
        return redirect("tagging:what-if-result", id, work.pk)
    latest = _works(draft).first()
    if latest:
        return redirect("tagging:what-if-result", id, latest.pk)
    return render(request, "tagging/draft_what_if.html", shown)


@needs(Action.RULEBOOKS)
def result(request: HttpRequest, id: int, work: int) -> HttpResponse:
    """How far it is, or what came of it."""
    draft, member = draft_of(id), member_of(request)
    found = _works(draft).filter(pk=work).first()
    if found is None:
        raise Http404
    shown = frame(draft, "what-if") | {"periods": PERIODS, "days": found.asked["days"], "work": found}
    if found.result is not None:
        shown |= _pictured(draft, found, member)
    return render(request, "tagging/draft_what_if.html", shown)


def _works(draft: Draft) -> Any:
    return Work.objects.filter(kind="what-if", asked__draft=draft.pk).select_related("by").order_by("-pk")


def _pictured(draft: Draft, work: Work, member: Member) -> dict[str, Any]:
    result = work.result
    live = edition_of(str(result["base"]))
    theirs, ours = read(live).rulebook, read(draft, work.asked["text"]).rulebook
    assert theirs
    assert ours
    books = (ours, theirs)
    return {
        "result": result,
        "is_old": work.asked["revision"] != draft.revision,
        "begin": datetime.fromisoformat(result["from"]),
        "end": datetime.fromisoformat(result["to"]),
        "base": edition_title(live),
        "charts": [_flow(group, rows, books) for group, rows in result["levels"].items() if _flows(rows)],
        "tags": [
            (chip_among(row["tag"], *books), row["before"], row["after"], (row["after"] or 0) - (row["before"] or 0))
            for row in result["tags"]
            if row["before"] != row["after"]
        ],
        "moves": _moves(result["moves"], books, member),
        "more_moves": result["kinds_of_moves"] - len(result["moves"]),
        "works": [_work(name, result["work"][name], work) for name in KINDS_OF_WORK],
    }


def _flows(rows: Iterable[Sequence[Any]]) -> bool:
    return any(old != new for old, new, _number in rows)


def _flow(group: str, rows: Sequence[Sequence[Any]], books: Sequence[Rulebook]) -> dict[str, Any]:
    """Who moves between the levels of a group, as a picture and as a table; those who stay are left out of both."""
    book = next(book for book in books if any(each.name == group for each in book.groups))
    title = next(titled(each.title) for each in book.groups if each.name == group)
    moved = sorted(((old, new, number) for old, new, number in rows if old != new), key=lambda each: -each[2])
    sides = [dict.fromkeys(each[side] for each in moved) for side in (0, 1)]
    # A level stands on both sides, and a node's name is its only key: blanks tell them apart.
    nodes = [_node(tag, blank, books) for tags, blank in zip(sides, (" ", "  "), strict=True) for tag in tags]
    links = [
        {"source": f"{_level(old, books)} ", "target": f"{_level(new, books)}  ", "value": number}
        for old, new, number in moved
    ]
    series = {
        "type": "sankey",
        "data": nodes,
        "links": links,
        "nodeGap": 14,
        "left": 4,
        "right": 110,
        "lineStyle": {"color": "gradient", "opacity": 0.45},
    }
    return {
        "name": f"flow-{group}",
        "title": title,
        "options": {"tooltip": {"trigger": "item"}, "series": [series]},
        "moved": [(_level(old, books), _level(new, books), number) for old, new, number in moved],
        "stayed": sum(number for old, new, number in rows if old == new),
    }


def _node(tag: str, blank: str, books: Sequence[Rulebook]) -> dict[str, Any]:
    color = chip_among(tag, *books).color if tag else "gray"
    return {"name": _level(tag, books) + blank, "itemStyle": {"color": CHART_COLORS.get(color, color)}}


def _level(tag: str, books: Sequence[Rulebook]) -> str:
    return chip_among(tag, *books).title if tag else pgettext("no level", "none")


def _moves(moves: Sequence[Mapping[str, Any]], books: Sequence[Rulebook], member: Member) -> list[Move]:
    """Who moves; those whom the member may see are named, ten in all and first one of each kind of move."""
    ids = {contact for move in moves for contact in move["contacts"]}
    masks = masks_of(member)
    seen = {contact.pk: masks.name(contact) for contact in contacts_for(member).filter(pk__in=ids)}
    chosen = _spread([[contact for contact in move["contacts"] if contact in seen] for move in moves])
    return [
        Move(
            [chip_among(tag, *books) for tag in move["left"]],
            [chip_among(tag, *books) for tag in move["entered"]],
            move["number"],
            [Sample(contact, seen[contact]) for contact in contacts],
            [*move["entered"], *move["left"]],
        )
        for move, contacts in zip(moves, chosen, strict=True)
    ]


def _spread(groups: Sequence[Sequence[int]]) -> list[list[int]]:
    """Ten of all, one of each group before a second of any.

    >>> _spread([[1, 2, 3], [], [4]])
    [[1, 2, 3], [], [4]]
    """
    chosen: list[list[int]] = [[] for _group in groups]
    left = SAMPLES
    for place in range(SAMPLES):
        for group, into in zip(groups, chosen, strict=True):
            if left and place < len(group):
                into.append(group[place])
                left -= 1
    return chosen


def _work(name: str, sides: Mapping[str, Mapping[str, int]], work: Work) -> dict[str, Any]:
    """One kind of work by day, before and after."""
    result = work.result
    zone = timezone.get_current_timezone()
    begin, end = (datetime.fromisoformat(result[end]).astimezone(zone).date() for end in ("from", "to"))
    days = [begin + timedelta(days=place) for place in range((end - begin).days + 1)]
    totals = {side: sum(counts.values()) * result["every"] for side, counts in sides.items()}
    series = [
        {
            "type": "line",
            "step": "middle",
            "name": title,
            "data": [sides[side].get(day.isoformat(), 0) * result["every"] for day in days],
        }
        for side, title in (("before", pgettext("what if", "live")), ("after", pgettext("what if", "draft")))
    ]
    options = {
        "tooltip": {"trigger": "axis"},
        "legend": {"top": 0, "right": 0},
        "grid": {"left": 36, "right": 8, "top": 28, "bottom": 22},
        "xAxis": {"type": "category", "data": [_day(day) for day in days]},
        "yAxis": {"type": "value", "minInterval": 1},
        "series": series,
    }
    a_day = {side: f"{total / work.asked['days']:.1f}" for side, total in totals.items()}
    return {
        "name": f"work-{name}",
        "title": WORDS_OF_WORK[name],
        "options": options,
        "a_day": a_day,
        "any": any(totals.values()),
    }


def _day(day: date) -> str:
    return formats.date_format(day, pgettext("date within the year", "j M"))
