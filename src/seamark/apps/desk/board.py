"""A team's board: who has what to do, what is overdue, what is hot and nobody's; given to others many at once."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import islice
from secrets import token_urlsafe
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST
from pydantic import TypeAdapter

from seamark.apps.accounts.access import reach
from seamark.apps.accounts.errors import ActionRefused
from seamark.apps.accounts.gatekeeping import member_of, needs
from seamark.apps.accounts.models import Member
from seamark.apps.accounts.organisation import setting
from seamark.apps.accounts.roles import Action
from seamark.apps.contacts.masks import Masks, masks_of
from seamark.apps.contacts.ownership import receivers
from seamark.apps.desk.giving_back import GivenBack, Way, give_away_for_now, give_back
from seamark.apps.desk.handing_over import GivenAway
from seamark.apps.desk.ownership import member_by
from seamark.apps.desk.queries import page_of
from seamark.apps.desk.today import rows_of, told
from seamark.apps.desk.wish import SEA, Wish
from seamark.apps.followups.access import alert_for, led_by
from seamark.apps.followups.actions import handle
from seamark.apps.followups.pace import Pace
from seamark.apps.followups.queries import (
    MOST_ALERTS,
    SHOWN,
    level_group,
    of_member,
    open_alerts,
    overdue,
    people,
    unowned,
)
from seamark.apps.tagging.rulebooks import Live, live_rulebook

PEOPLE = 25
"""How many members are shown at first, those with most overdue."""
HOT = 10
"""How many hot contacts without an owner are shown; a link leads to all of them."""
MOST_REFUSALS = 3
"""Told one by one."""
GIVEN = "given-away"
"""What can be given back, in the member's session."""
WAYS = TypeAdapter(Way)


@needs(Action.ALLOCATE)
def board(request: HttpRequest) -> HttpResponse:
    """The page."""
    member, live, now = member_of(request), live_rulebook(), timezone.now()
    masks = masks_of(member)
    late, free = overdue(member, now), unowned(member)
    alerts = open_alerts(member, of_overdue=False)  # what is overdue stands in a list of its own
    viewed = reach(member, Action.VIEW)
    chosen = member_by(request.GET.get("of", ""))
    theirs = of_member(member, chosen) if chosen else []
    lists = [(chosen.name if chosen else "", theirs), (_("Overdue"), late), (_("Due, and nobody's yet"), free)]
    rows = iter(rows_of([each for _title, found in lists for each in found[:SHOWN]], member, live, now))
    shown: dict[str, Any] = {
        "chosen": chosen,
        "lists": [(title, list(islice(rows, min(len(found), SHOWN))), len(found) > SHOWN) for title, found in lists],
        "alerts": told(alerts[:MOST_ALERTS], masks, viewed),
        "has_more_alerts": len(alerts) > MOST_ALERTS,
        **_hot(member, live, masks),
        "receivers": receivers(member),
    }
    return render(request, "desk/board.html", shown)


@require_POST
@needs(Action.ALLOCATE)
def take_up(request: HttpRequest, id: int) -> HttpResponse:
    """Take an alert up; the page is drawn anew."""
    member = member_of(request)
    try:
        handle(alert=alert_for(member, id).pk, by=member)
    except ActionRefused as refused:
        messages.error(request, str(refused))
    return HttpResponse(headers={"HX-Refresh": "true"})


@needs(Action.ALLOCATE)
def by_person(request: HttpRequest) -> HttpResponse:
    """How each member's work stands: asked for when the board is there, since all that is open is counted for it."""
    now = timezone.now()
    persons = people(member_of(request), now)
    shown = {
        "people": persons if "everybody" in request.GET else persons[:PEOPLE],
        "number": len(persons),
        "chosen": member_by(request.GET.get("of", "")),
        "now": now,
    }
    return render(request, "desk/parts/people.html", shown)


def _hot(member: Member, live: Live | None, masks: Masks) -> dict[str, Any]:
    """Contacts of the first tier that nobody owns, whoever wrote last first, and what leads to all of them."""
    group = level_group(live, setting(Pace).tier_group)
    if group is None:
        return {"hot": []}
    wish = Wish(tags={group.tags[0].name: "all"}, owner=SEA)
    page = page_of(member, wish, live, HOT)
    named = [(contact, masks.name(contact)) for contact in page.contacts]
    return {"hot": named, "hot_wish": wish, "hot_more": page.after is not None}


@require_POST
@needs(Action.ALLOCATE)
def reassign(request: HttpRequest) -> HttpResponse:
    """Give chosen follow-ups to a member, except what somebody got since the page was drawn; say how it went."""
    member = member_of(request)
    chosen, gone = _chosen(member, request.POST.getlist("chosen"))
    to = member_by(request.POST.get("to", ""))
    if gone:
        news = ngettext(
            "%(number)d follow-up went to %(name)s meanwhile, and stays there.",
            "%(number)d follow-ups went to others meanwhile, the first to %(name)s, and stay there.",
            len(gone),
        )
        messages.error(request, news % {"number": len(gone), "name": gone[0]})
    if to and chosen:
        given, way = give_away_for_now(follow_ups=chosen, to=to, by=member)
        _tell_of(request, given, to, _kept(request, way))
    elif not gone:
        messages.error(request, _("Choose follow-ups, and who is to get them."))
    return redirect("desk:board")


def _kept(request: HttpRequest, way: Way) -> str:
    """The address that gives back what went this way; of several times the last one can be undone."""
    word = token_urlsafe(8)
    request.session[GIVEN] = {"word": word, "way": WAYS.dump_python(way, mode="json")}
    return f"{reverse('desk:board-undo')}?of={word}"


@require_POST
@needs(Action.ALLOCATE)
def undo(request: HttpRequest) -> HttpResponse:
    """Give back what the member gave away just now; the page is drawn anew, and tells how it went."""
    kept = request.session.get(GIVEN)
    if kept and kept["word"] == request.GET.get("of"):
        del request.session[GIVEN]
        _tell_of_return(request, give_back(way=WAYS.validate_python(kept["way"]), by=member_of(request)))
    else:
        messages.error(request, _("That was undone already, or something else was given away since."))
    return HttpResponse(headers={"HX-Refresh": "true"})


def _tell_of(request: HttpRequest, given: GivenAway, to: Member, undo: str) -> None:
    news = []
    if number := given.alone:
        alone = ngettext("%(number)s follow-up is %(name)s's now.", "%(number)s follow-ups are %(name)s's now.", number)
        news.append(alone % {"number": number, "name": to.name})
    if number := given.contacts:
        together = ngettext(
            "%(number)s contact with its follow-ups is %(name)s's now.",
            "%(number)s contacts with their follow-ups are %(name)s's now.",
            number,
        )
        news.append(together % {"number": number, "name": to.name})
    if news:
        messages.success(request, " ".join(news), extra_tags=undo)
    _tell_refusals(request, given.refusals)


def _tell_of_return(request: HttpRequest, back: GivenBack) -> None:
    news = []
    if number := back.alone:
        alone = ngettext("%(number)s follow-up is back.", "%(number)s follow-ups are back.", number)
        news.append(alone % {"number": number})
    if number := back.contacts:
        together = ngettext(
            "%(number)s contact is back with its follow-ups.",
            "%(number)s contacts are back with their follow-ups.",
            number,
        )
        news.append(together % {"number": number})
    if news:
        messages.success(request, " ".join(news))
    _tell_refusals(request, back.refusals)


def _tell_refusals(request: HttpRequest, refusals: Sequence[str]) -> None:
    for refusal in refusals[:MOST_REFUSALS]:
        messages.error(request, refusal)
    if (more := len(refusals) - MOST_REFUSALS) > 0:
        messages.error(request, _("%(number)s more stayed where they are.") % {"number": more})


def _chosen(member: Member, posted: list[str]) -> tuple[list[int], list[str]]:
    """The follow-ups that are still whose they were, and who has the others now. Each is posted as `12:3`, with the
    member who had it, or `12:` for nobody's."""
    pairs = (each.partition(":") for each in posted)
    had = {int(pk): owner for pk, _colon, owner in pairs if pk.isdecimal() and len(pk) < 19}
    rows = led_by(member).filter(pk__in=had).select_related("assignee").order_by("pk")
    gone = [row for row in rows if str(row.assignee_id or "") != had[row.pk]]
    return list(had.keys() - {row.pk for row in gone}), [
        row.assignee.name if row.assignee else _("nobody") for row in gone
    ]
