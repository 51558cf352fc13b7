"""The inbox: lists of conversations beside the one that is open."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from seamark.apps.accounts.access import reach
from seamark.apps.accounts.gatekeeping import member_of
from seamark.apps.accounts.models import Member
from seamark.apps.accounts.opening import opening
from seamark.apps.accounts.roles import Action
from seamark.apps.channels.models import Channel
from seamark.apps.contacts.masks import Masks, masks_of
from seamark.apps.desk import keys
from seamark.apps.desk.sources import Origin, origin
from seamark.apps.desk.talk import talk_context
from seamark.apps.desk.telling import chips_in_row
from seamark.apps.desk.timeline import content_words
from seamark.apps.inbox.access import conversation_for
from seamark.apps.inbox.models import Conversation
from seamark.apps.inbox.queries import MOST_COUNTED, News, amounts, news_in, page_of, waiting_for
from seamark.apps.inbox.wish import ALL, ANY, AT_WORK, MINE, UNASSIGNED, WAITS_HOURS, Wish, wish_of
from seamark.apps.tagging.queries import held_by
from seamark.apps.tagging.rulebooks import Live, live_rulebook
from seamark.apps.tagging.words import Chip, titled

ROOM, BESIDE_FACE, BESIDE_WORDS = 262, 250, 190
"""Pixels for a row's tags: alone, beside the face of a member, and where it says "Done" or "Unassigned"."""
LISTS = {MINE: _("Mine"), UNASSIGNED: _("Unassigned"), ALL: _("All")}
STATES = {
    AT_WORK: _("At work"),
    Conversation.State.OPEN: _("Open"),
    Conversation.State.WAITING: _("Waiting for the contact"),
    Conversation.State.SNOOZED: _("Snoozed"),
    Conversation.State.DONE: _("Done"),
    ANY: _("Whatever state"),
}


class Row(NamedTuple):
    """A conversation as the list shows it."""

    conversation: Conversation
    name: str
    origin: Origin
    last: str
    chips: list[Chip]
    more: list[Chip]
    news: News


class Tab(NamedTuple):
    """A list, its address, and how many conversations at work it has."""

    title: str
    address: str
    is_chosen: bool
    number: int
    more: bool
    """Whether there are more than the number says."""


def inbox(request: HttpRequest, id: int | None = None) -> HttpResponse:
    """The page, with one conversation open or none."""
    member = member_of(request)
    opened = conversation_for(member, id) if id is not None else None
    wish, live = _wish(request)
    shown = {
        **_list(member, wish, live, id),
        **_choices(member, wish, live),
        **(talk_context(request, opened, wish.query) if opened else {"keys": keys.INBOX}),
    }
    return render(request, "desk/inbox.html", shown)


def rows(request: HttpRequest) -> HttpResponse:
    """The list alone: from its beginning, with the tabs, or what follows a row."""
    wish, live = _wish(request)
    part = "desk/parts/talk_rows.html" if wish.after else "desk/parts/talk_list.html"
    return render(request, part, _list(member_of(request), wish, live))


def count(request: HttpRequest) -> HttpResponse:
    """How many of the member's conversations wait for an answer, or mention the member; nothing for none."""
    waiting = waiting_for(member_of(request))
    return HttpResponse("99+" if waiting > 99 else waiting or "")


def _wish(request: HttpRequest) -> tuple[Wish, Live | None]:
    live = live_rulebook()
    return wish_of(request.GET, live.rulebook.tags if live else ()), live


def _list(member: Member, wish: Wish, live: Live | None, opened: int | None = None) -> dict[str, Any]:
    page = page_of(member, wish, live)
    return {
        "wish": wish,
        "rows": _rows(page.conversations, member, wish, live),
        "everywhere": reverse("desk:inbox") + wish.everywhere().query if wish != wish.everywhere() else "",
        "following": page.following.query if page.following else "",
        "opened": opened,
        "tabs": [] if wish.after else _tabs(member, wish),
        "opening": None if wish.after else opening(),
    }


def _tabs(member: Member, wish: Wish) -> list[Tab]:
    numbers = amounts(member)
    return [
        Tab(
            str(title),
            reverse("desk:inbox") + wish.of(each).query,
            each == wish.listed,
            min(numbers[each], MOST_COUNTED),
            numbers[each] > MOST_COUNTED,
        )
        for each, title in LISTS.items()
    ]


def _rows(conversations: Sequence[Conversation], member: Member, wish: Wish, live: Live | None) -> list[Row]:
    masks: Masks = masks_of(member)
    held = held_by([each.contact_id for each in conversations])
    channels = {each.source_id: each for each in Channel.objects.filter(source__in={c.source for c in conversations})}
    news = news_in(conversations, member)
    rows = []
    for each in conversations:
        chips, more = chips_in_row(held.get(each.contact_id, ()), live, room=_room(each, wish))
        last = masks.text(each.contact, each.last_text) or content_words(each.last_form)
        rows.append(
            Row(each, masks.name(each.contact), origin(each.source, channels), last, chips, more, news[each.pk])
        )
    return rows


def _room(conversation: Conversation, wish: Wish) -> int:
    if conversation.state in (Conversation.State.SNOOZED, Conversation.State.DONE):
        return BESIDE_WORDS
    if wish.listed != ALL:
        return ROOM
    return BESIDE_FACE if conversation.assignee_id else BESIDE_WORDS


def _choices(member: Member, wish: Wish, live: Live | None) -> dict[str, Any]:
    """What the list can be narrowed by."""
    groups = live.rulebook.groups if live else ()
    tags = [(titled(group.title), [tag for tag in group.tags if not tag.unlisted]) for group in groups]
    return {
        "states": list(STATES.items()),
        "tags": [(title, [(tag.name, titled(tag.title)) for tag in each]) for title, each in tags if each],
        "channels": Channel.objects.order_by("name", "pk"),
        "waits": WAITS_HOURS,
        "sees_any": bool(reach(member, Action.VIEW)),
    }
