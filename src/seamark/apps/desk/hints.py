"""What the member should know while writing: pop-ups of the contact, and the words that its follow-ups suggest."""

from __future__ import annotations

from functools import partial
from typing import Any, NamedTuple

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_POST

from seamark.apps.accounts.gatekeeping import member_of
from seamark.apps.accounts.models import Member
from seamark.apps.contacts.masks import masks_of
from seamark.apps.desk.reply import refused
from seamark.apps.desk.today import words_of
from seamark.apps.followups import actions
from seamark.apps.followups.access import alert_for, alerts_for
from seamark.apps.followups.models import Alert
from seamark.apps.followups.queries import pop_ups, to_do
from seamark.apps.followups.words import in_language
from seamark.apps.inbox.access import conversation_for, rights_of
from seamark.apps.inbox.models import Conversation
from seamark.apps.tagging.words import spoken

SUGGESTED = 2


class PopUp(NamedTuple):
    """Something to know."""

    alert: Alert
    title: str
    is_mine: bool
    """Whether it is meant for the member, who may take it up."""


class Suggestion(NamedTuple):
    """What a follow-up would have written."""

    title: str
    words: str


def hints_context(member: Member, conversation: Conversation) -> dict[str, Any]:
    """Pop-ups, the newest first, and for whoever may write to the contact suggestions, the most urgent first."""
    alerts = pop_ups(conversation.contact)
    mine = set(alerts_for(member).filter(pk__in=[each.pk for each in alerts]).values_list("pk", flat=True))
    name = masks_of(member).known_name(conversation.contact)
    may_send = rights_of(member, conversation).may_send
    rows = [row for row in to_do(conversation.contact) if row.words] if may_send else []
    return {
        "hints_address": reverse("desk:talk-hints", args=[conversation.pk]),
        "pop_ups": [PopUp(each, in_language(each.title, spoken()), each.pk in mine) for each in alerts],
        "suggestions": [Suggestion(in_language(row.title, spoken()), words_of(row, name)) for row in rows[:SUGGESTED]],
    }


def hints(request: HttpRequest, id: int) -> HttpResponse:
    """The part alone, for a page that is open while they change."""
    member = member_of(request)
    return render(request, "desk/parts/talk_hints.html", hints_context(member, conversation_for(member, id)))


@require_POST
def take_up(request: HttpRequest, id: int, alert: int) -> HttpResponse:
    """The member sees to what popped up."""
    member = member_of(request)
    conversation = conversation_for(member, id)
    refusal = refused(partial(actions.handle, alert=alert_for(member, alert).pk, by=member))
    shown = hints_context(member, conversation) | {"refusal": refusal}
    return render(request, "desk/parts/talk_hints.html", shown)
