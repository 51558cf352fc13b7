"""The page of contacts: a list by tags, owner and words."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, NamedTuple

from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy
from django.views.decorators.http import require_POST

from seamark.apps.accounts.access import may, reach
from seamark.apps.accounts.gatekeeping import member_of
from seamark.apps.accounts.models import Member
from seamark.apps.accounts.roles import Action
from seamark.apps.contacts.models import Field
from seamark.apps.desk import queries
from seamark.apps.desk.batch import deeds_of
from seamark.apps.desk.columns import Table, choose, columns_known, table_for
from seamark.apps.desk.limits import fields_to_limit
from seamark.apps.desk.queries import amount, owners_among, page_of
from seamark.apps.desk.segments import segment_choice
from seamark.apps.desk.wish import KINDS, PANELS, Limit, Wish, wish_of
from seamark.apps.tagging.rulebooks import Live, live_rulebook
from seamark.apps.tagging.words import Chip, chip, field_title, titled
from seamark.engine.rulebook import TagGroup

KIND_TITLES = {"all": _("All of"), "any": _("Any of"), "none": _("None of")}
KIND_WORDS = {
    "all": pgettext_lazy("tags", "All"),
    "any": pgettext_lazy("tags", "Any"),
    "none": pgettext_lazy("tags", "None"),
}


SORT_TITLES = {
    "": _("Last event, newest first"),
    "stale": _("Last event, oldest first"),
    "new": _("Known since, newest first"),
    "old": _("Known since, oldest first"),
}


class Choice(NamedTuple):
    """A way to wish for a tag, and the address that does so, or no longer."""

    kind: str
    title: str
    is_chosen: bool
    address: str


class Asked(NamedTuple):
    """A field by which the list can be narrowed, and what is wanted of it now."""

    field: Field
    title: str
    limit: Limit | None


class Pick(NamedTuple):
    """A tag to choose."""

    chip: Chip
    number: int | None
    """How many of those listed hold it; None: not counted."""
    choices: list[Choice]


def contacts(request: HttpRequest) -> HttpResponse:
    """The list."""
    member, live = member_of(request), live_rulebook()
    wish = wish_of(request.GET, live.rulebook.tags if live else ())
    page, reached = page_of(member, wish, live), reach(member, Action.VIEW)
    table = table_for(member, live)
    shown = {
        "wish": wish,
        "columns": table.columns,
        "rows": table.rows(page.contacts),
        "page": page,
        "last": wish.first + len(page.contacts) - 1 if page.contacts else 0,
        "chosen": _chosen(wish, live) if live else [],
        "picks": _picks(member, wish, live) if live and wish.picks else [],
        "picker": wish.picking(not wish.picks).query,
        "here": wish.picking(False).query,
        **segment_choice(member, wish),
        **_panels(wish, table),
        "limits": _limits(wish, table.fields),
        "sorts": [(name, title, wish.sorted_by(name).query) for name, title in SORT_TITLES.items()],
        "owners": owners_among(reached).exclude(pk=member.pk),
        "sees_any": bool(reached),
        "deeds": deeds_of(member),
        "may_make": may(member, Action.EDIT),
    }
    return render(request, "desk/contacts.html", shown)


def contacts_amount(request: HttpRequest) -> HttpResponse:
    """How many the list has: asked for when the list is there, since counting may take longer than listing."""
    live = live_rulebook()
    wish = wish_of(request.GET, live.rulebook.tags if live else ())
    total = amount(member_of(request), wish, live).total
    return render(
        request,
        "desk/parts/amount.html",
        {"total": min(total, queries.MOST_COUNTED), "more": total > queries.MOST_COUNTED},
    )


@require_POST
def choose_columns(request: HttpRequest) -> HttpResponse:
    """Remember what the member wants to see, and back to the list."""
    live = live_rulebook()
    known = columns_known(live, Field.objects.all())
    choose(member=member_of(request), columns=request.POST.getlist("column"), known=known)
    wish = wish_of(QueryDict(request.POST.get("wish", "").removeprefix("?")), live.rulebook.tags if live else ())
    return redirect(f"{reverse('desk:contacts')}{wish.setting('').query}")


def _panels(wish: Wish, table: Table) -> dict[str, Any]:
    """Where each panel is opened and closed, and what the open one asks."""
    shown: dict[str, Any] = {f"{panel}_panel": wish.setting(panel).query for panel in PANELS}
    if wish.panel == "columns":
        chosen = {column.key for column in table.columns}
        known = columns_known(table.live, table.fields).values()
        shown["column_choices"] = [(column, column.key in chosen) for column in known]
    if wish.panel == "fields":
        shown["asked"] = [Asked(field, field_title(field), wish.limits.get(field.name)) for field in fields_to_limit()]
    return shown


def _limits(wish: Wish, fields: Sequence[Field]) -> list[tuple[str, str]]:
    """What fields are narrowed to, in words, each with the address of the list without it."""
    titles = {field.name: field_title(field) for field in fields if not field.mask}
    return [
        (f"{titles[name]}: {limit.value or f'{limit.least}–{limit.most}'}", wish.without_limit(name).query)
        for name, limit in wish.limits.items()
        if name in titles
    ]


def _chosen(wish: Wish, live: Live) -> list[tuple[str, list[tuple[Chip, str]]]]:
    """What the list is narrowed to, by kind: each tag with the address of the list without it."""
    tags = live.rulebook.tags
    return [
        (
            str(KIND_TITLES[kind]),
            [(chip(live.rulebook, tags[tag]), wish.turned(kind, tag).query) for tag in wish.of(kind)],
        )
        for kind in KINDS
        if wish.of(kind)
    ]


def _picks(member: Member, wish: Wish, live: Live) -> list[tuple[str, list[Pick]]]:
    """Every tag by group, with how many of those listed hold it, where that is cheap to know."""
    found = amount(member, wish, live)
    counted = found.by_tag if found.total <= queries.MOST_COUNTED else None
    return [(titled(group.title), list(_group_picks(wish, live, group, counted))) for group in live.rulebook.groups]


def _group_picks(wish: Wish, live: Live, group: TagGroup, counted: Mapping[int, int] | None) -> Iterator[Pick]:
    for tag in group.tags:
        if tag.unlisted:
            continue
        number = None if counted is None else counted.get(live.tag_ids[tag.name], 0)
        choices = [
            Choice(kind, str(KIND_WORDS[kind]), wish.tags.get(tag.name) == kind, wish.turned(kind, tag.name).query)
            for kind in KINDS
        ]
        yield Pick(chip(live.rulebook, tag), number, choices)
