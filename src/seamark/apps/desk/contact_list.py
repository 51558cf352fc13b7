"""The page of contacts: a list by tags, owner and words."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from seamark.apps.accounts.access import reach
from seamark.apps.accounts.gatekeeping import member_of
from seamark.apps.accounts.models import Member
from seamark.apps.accounts.roles import Action
from seamark.apps.contacts.masks import Masks, masks_of
from seamark.apps.contacts.models import Contact
from seamark.apps.desk import queries
from seamark.apps.desk.batch import deeds_of
from seamark.apps.desk.queries import amount, channels_of, owners_among, page_of
from seamark.apps.desk.segments import segment_choice
from seamark.apps.desk.sources import Origin, origins
from seamark.apps.desk.wish import KINDS, Wish, wish_of
from seamark.apps.desk.words import Chip, chip, telling_first, titled
from seamark.apps.tagging.queries import held_by
from seamark.apps.tagging.rulebooks import Live, live_rulebook
from seamark.engine.rulebook import TagGroup

TAGS_IN_ROW = 5
KIND_TITLES = {"all": _("All of"), "any": _("Any of"), "none": _("None of")}
KIND_WORDS = {
    "all": pgettext_lazy("tags", "All"),
    "any": pgettext_lazy("tags", "Any"),
    "none": pgettext_lazy("tags", "None"),
}


class Row(NamedTuple):
    """A contact as the list shows it."""

    contact: Contact
    name: str
    chips: list[Chip]
    more: list[Chip]
    """For which the row has no room."""
    origins: list[Origin]


class Choice(NamedTuple):
    """A way to wish for a tag, and the address that does so, or no longer."""

    kind: str
    title: str
    is_chosen: bool
    address: str


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
    shown = {
        "wish": wish,
        "rows": _rows(page.contacts, masks_of(member), live),
        "page": page,
        "last": wish.first + len(page.contacts) - 1 if page.contacts else 0,
        "chosen": _chosen(wish, live) if live else [],
        "picks": _picks(member, wish, live) if live and wish.picks else [],
        "picker": wish.picking(not wish.picks).query,
        "here": wish.picking(False).query,
        **segment_choice(member, wish),
        "owners": owners_among(reached).exclude(pk=member.pk),
        "sees_any": bool(reached),
        "deeds": deeds_of(member),
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


def _rows(listed: Sequence[Contact], masks: Masks, live: Live | None) -> list[Row]:
    held = held_by([contact.pk for contact in listed])
    channels = channels_of(listed)
    rows = []
    for contact in listed:
        tags = telling_first([each.tag for each in held.get(contact.pk, ())])
        chips = [chip(live.rulebook, tag) for tag in tags] if live else []
        room = min(TAGS_IN_ROW, max(1, sum(not tag.otherwise for tag in tags)))
        rows.append(Row(contact, masks.name(contact), chips[:room], chips[room:], origins(contact, channels)))
    return rows


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
