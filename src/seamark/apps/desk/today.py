"""Today: what a member is to do now, in order, with why and what to say; and what they are told."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime, time, timedelta
from typing import Any, NamedTuple

from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from seamark.apps.accounts.access import Reach, reach
from seamark.apps.accounts.errors import ActionRefused
from seamark.apps.accounts.gatekeeping import member_of
from seamark.apps.accounts.models import Member
from seamark.apps.accounts.roles import Action
from seamark.apps.contacts.masks import Masks, masks_of
from seamark.apps.contacts.models import Contact
from seamark.apps.desk.handing_over import hand_over_with_talk
from seamark.apps.desk.telling import chips_in_row
from seamark.apps.followups import actions
from seamark.apps.followups.access import alert_for, follow_up_for
from seamark.apps.followups.models import Alert, FollowUp
from seamark.apps.followups.queries import MOST_ALERTS, Budget, Part, budgets, open_alerts, queue
from seamark.apps.followups.words import in_language
from seamark.apps.inbox.access import who_may_send
from seamark.apps.inbox.models import Conversation
from seamark.apps.inbox.queries import talks_with
from seamark.apps.tagging.queries import held_by
from seamark.apps.tagging.rulebooks import Live, live_rulebook
from seamark.apps.tagging.words import Chip, chip, spoken, titled
from seamark.engine.sentence import Language
from seamark.text.blanks import filled
from seamark.text.language import lang_of

CHIPS = 4
SNOOZES: dict[str, tuple[Promise, Callable[[datetime], datetime]]] = {
    "hour": (gettext_lazy("An hour"), lambda now: now + timedelta(hours=1)),
    "tomorrow": (gettext_lazy("Tomorrow at 9"), lambda now: _at_nine(now, 1)),
    "three": (gettext_lazy("In three days"), lambda now: _at_nine(now, 3)),
    "week": (gettext_lazy("Next week"), lambda now: _at_nine(now, 7)),
}
SKIPS = (
    gettext_lazy("Not needed any more"),
    gettext_lazy("Done in another way"),
    gettext_lazy("The customer asked not to be contacted"),
    gettext_lazy("Not the right moment"),
)


class Reason(NamedTuple):
    """Why a follow-up is there."""

    chip: Chip | None
    """The tag that was entered or left."""
    entered: bool
    moment: datetime


class Row(NamedTuple):
    """A follow-up as the pages show it."""

    row: FollowUp
    contact: Contact
    name: str
    chips: list[Chip]
    more: list[Chip]
    title: str
    words: str
    """What to write, its blanks filled in; empty: nothing is to be written, or not by the reader."""
    reason: Reason | None
    """None: a member made it."""
    is_overdue: bool
    about: str
    """The contact's page, or what was written with the contact; empty where the reader may see neither."""
    address: str
    """Where it is done, the words at hand: the conversation; without one, or without words, the contact's page."""
    others: list[Row]
    """What else is to be done for the same contact, the most urgent first."""


class Told(NamedTuple):
    """An alert as the pages show it."""

    alert: Alert
    name: str
    title: str
    address: str
    """The contact's page, or what was written with the contact where a team sees no more than that."""


class Bar(NamedTuple):
    """A level's piece of the picture, in hundredths of its width."""

    chip: Chip
    begins: int
    width: int


class Spent(NamedTuple):
    """How the day falls on the levels of a group."""

    title: str
    first: str
    """The level that the goal is about."""
    parts: list[tuple[Chip, Part]]
    bars: list[Bar]
    budget: Budget


def home(request: HttpRequest) -> HttpResponse:
    """To where the member's day begins: who writes to contacts, to today; who leads, to the board; else to contacts."""
    member = member_of(request)
    if reach(member, Action.SEND):
        return redirect("desk:today")
    if reach(member, Action.ALLOCATE):
        return redirect("desk:board")
    return redirect("desk:contacts" if reach(member, Action.VIEW) else "accounts:members")


def today(request: HttpRequest) -> HttpResponse:
    """The page."""
    return render(request, "desk/today.html", today_context(member_of(request)))


def today_context(member: Member) -> dict[str, Any]:
    """Everything that the page shows."""
    now, live, masks = timezone.now(), live_rulebook(), masks_of(member)
    found, alerts, viewed = queue(member, live, now), open_alerts(member), reach(member, Action.VIEW)
    return {
        "queue": found,
        "rows": by_contact(rows_of(found.rows, member, live, now)),
        "more": found.total - len(found.rows),
        "alerts": told(alerts[:MOST_ALERTS], masks, viewed),
        "has_more_alerts": len(alerts) > MOST_ALERTS,
        "spent": [_spent(live, budget) for budget in budgets(member, live, now)] if live else [],
        "snoozes": [(key, title) for key, (title, _moment) in SNOOZES.items()],
        "skips": SKIPS,
        "colleagues": who_may_send().exclude(pk=member.pk),
        "now": now,
        "sells": bool(reach(member, Action.SEND)),
    }


def rows_of(found: Sequence[FollowUp], member: Member, live: Live | None, now: datetime) -> list[Row]:
    """Follow-ups with all that a row shows, in a few queries however many there are."""
    contacts = {each.contact_id for each in found}
    held, talks = held_by(list(contacts)), talks_with(contacts)
    masks, viewed, sends = masks_of(member), reach(member, Action.VIEW), reach(member, Action.SEND)
    handled = set(Conversation.objects.filter(pk__in=talks.values(), assignee=member).values_list("contact", flat=True))
    rows = []
    for each in found:
        may_write = sends.covers(owner=each.contact.owner_id, team=each.contact.team_id) or each.contact_id in handled
        name = masks.name(each.contact)
        words = words_of(each, masks.known_name(each.contact)) if may_write else ""
        chips, more = chips_in_row(held.get(each.contact_id, ()), live, most=CHIPS)
        is_viewed = viewed.covers(owner=each.contact.owner_id, team=each.contact.team_id)
        about, address = _addresses(each, talks.get(each.contact_id), is_viewed=is_viewed, has_words=bool(words))
        rows.append(
            Row(
                each,
                each.contact,
                name,
                chips,
                more,
                in_language(each.title, spoken()),
                words,
                _reason(each, live),
                each.due_at < now,
                about,
                address,
                [],
            )
        )
    return rows


def _addresses(row: FollowUp, talk: int | None, *, is_viewed: bool, has_words: bool) -> tuple[str, str]:
    """What it is about and where it is done; a team that helps sees the conversation alone."""
    conversation = f"{reverse('desk:talk', args=[talk])}?follow_up={row.pk}" if talk else ""
    page = f"{reverse('desk:contact', args=[row.contact_id])}?follow_up={row.pk}" if is_viewed else ""
    about = page or conversation
    place = conversation if has_words and conversation else about
    return about, f"{place}#answer" if place else ""


def by_contact(rows: Sequence[Row]) -> list[Row]:
    """Each contact once, where the most urgent of its follow-ups stands, with the others behind it."""
    first: dict[int, Row] = {}
    for row in rows:
        if row.contact.pk in first:
            first[row.contact.pk].others.append(row)
        else:
            first[row.contact.pk] = row
    return list(first.values())


def words_of(row: FollowUp, name: str) -> str:
    """What to write: in the contact's language where it is known, in Chinese for a Chinese name, or in the reader's."""
    if not row.words:
        return ""
    known = row.contact.language or ("zh" if lang_of(name) == "zh" else spoken())
    language: Language = "zh" if known.startswith("zh") else "en"
    return filled(in_language(row.words, language), name, {**row.contact.fields, "name": name})


def told(alerts: Sequence[Alert], masks: Masks, viewed: Reach) -> list[Told]:
    """Alerts with their words, for a member who views so many contacts; in one query however many there are."""
    unseen = [
        each.contact_id for each in alerts if not viewed.covers(owner=each.contact.owner_id, team=each.contact.team_id)
    ]
    talks = Conversation.objects.filter(contact__in=unseen).order_by("contact", "-last_at").distinct("contact")
    talk = dict(talks.values_list("contact", "pk")) if unseen else {}
    addresses = {contact: reverse("desk:talk", args=[talk[contact]]) if contact in talk else "" for contact in unseen}
    return [
        Told(
            each,
            masks.name(each.contact),
            in_language(each.title, spoken()),
            addresses.get(each.contact_id, reverse("desk:contact", args=[each.contact_id])),
        )
        for each in alerts
    ]


def _reason(row: FollowUp, live: Live | None) -> Reason | None:
    if row.change is None:
        return None
    tag = live.rulebook.tags.get(row.change.tag.name) if live else None
    return Reason(
        chip(live.rulebook, tag) if live and tag else None,
        row.change.edge == row.change.Edge.ENTER,
        row.change.changed_at,
    )


def _spent(live: Live, budget: Budget) -> Spent:
    parts = [(chip(live.rulebook, part.tag), part) for part in budget.parts if part.number]
    bars, begins = [], 0
    for each, part in parts:
        bars.append(Bar(each, begins, part.percent))
        begins += part.percent
    first = titled(budget.parts[0].tag.title)
    return Spent(titled(budget.group.title), first, parts, bars, budget)


@require_POST
def done(request: HttpRequest, id: int) -> HttpResponse:
    """It is done."""
    return _deed(request, id, _("Done."), lambda member: actions.finish(follow_up=id, by=member))


@require_POST
def skip(request: HttpRequest, id: int) -> HttpResponse:
    """It will not be done, for a reason."""
    reason = request.POST.get("reason", "")
    return _deed(request, id, _("Skipped."), lambda member: actions.skip(follow_up=id, by=member, reason=reason))


@require_POST
def snooze(request: HttpRequest, id: int) -> HttpResponse:
    """Later."""
    until = _snoozed_until(request.POST)
    return _deed(request, id, _("Snoozed."), lambda member: actions.snooze(follow_up=id, until=until))


@require_POST
def take(request: HttpRequest, id: int) -> HttpResponse:
    """The member does what went to the team."""
    return _deed(request, id, _("It is yours."), lambda member: actions.take(follow_up=id, by=member), may_undo=False)


@require_POST
def hand_over(request: HttpRequest, id: int) -> HttpResponse:
    """Another member does it; who does not see the contact gets the conversation along, to write in."""
    to = get_object_or_404(who_may_send(), pk=request.POST["to"]) if request.POST.get("to", "").isdecimal() else None
    why = request.POST.get("why", "").strip()
    news = _("Handed over to %(name)s") % {"name": to.name} if to else ""
    was = int(request.POST["was"]) if request.POST.get("was", "").isdecimal() else None

    def act(member: Member) -> None:
        if to is None:
            raise ActionRefused("to", _("Choose to whom."))
        hand_over_with_talk(follow_up=id, to=to, by=member, was=was, why=why)

    return _deed(request, id, news, act, may_undo=False)


@require_POST
def reopen(request: HttpRequest, id: int) -> HttpResponse:
    """Take back what was done with it."""
    return _deed(request, id, "", lambda member: actions.reopen(follow_up=id))


@require_POST
def handle(request: HttpRequest, id: int) -> HttpResponse:
    """Take an alert up."""
    member = member_of(request)
    alert_for(member, id)
    shown: dict[str, Any] = {}
    try:
        actions.handle(alert=id, by=member)
    except ActionRefused as refused:
        shown["refusal"] = str(refused)
    return render(request, "desk/parts/today_list.html", today_context(member) | shown)


def _deed(
    request: HttpRequest, id: int, news: str, act: Callable[[Member], Any], *, may_undo: bool = True
) -> HttpResponse:
    """Do it, and show the queue anew."""
    member = member_of(request)
    follow_up_for(member, id)
    shown: dict[str, Any] = {"news": news, "undo": reverse("desk:follow-up-reopen", args=[id]) if may_undo else ""}
    try:
        act(member)
    except ActionRefused as refused:
        shown = {"refusal": str(refused)}
    return render(request, "desk/parts/today_list.html", today_context(member) | shown)


def _snoozed_until(told: QueryDict) -> datetime:
    now = timezone.now()
    chosen = SNOOZES.get(told.get("until", ""))
    return chosen[1](now) if chosen else now


def _at_nine(now: datetime, days: int) -> datetime:
    local = timezone.localtime(now)
    return timezone.make_aware(datetime.combine(local.date() + timedelta(days=days), time(9)))
