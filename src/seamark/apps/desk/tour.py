"""The first steps: real tasks that tick themselves off by what really happened, until they are done or hidden."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST

from seamark.apps.accounts.access import may
from seamark.apps.accounts.gatekeeping import member_of
from seamark.apps.accounts.models import Deed, Member
from seamark.apps.accounts.roles import Action
from seamark.apps.channels.models import Channel, OutboxMessage
from seamark.apps.contacts.access import contacts_for


class Task(NamedTuple):
    """Something to be done once."""

    title: Promise
    words: Promise
    view: str
    """Where it is done."""
    needs: Action
    is_done: Callable[[Member], bool]


class Step(NamedTuple):
    """A task as the member has it."""

    task: Task
    href: str
    is_done: bool


def _did(*deeds: Deed.What) -> Callable[[Member], bool]:
    return lambda member: Deed.objects.filter(by=member, what__in=deeds).exists()


TASKS = (
    Task(
        _("Connect a channel"),
        _("A web chat needs nothing but a line in your pages."),
        "channels:channels",
        Action.CHANNELS,
        lambda member: Channel.objects.exists(),
    ),
    Task(
        _("Let somebody write to you"),
        _("Write a message yourself, as a visitor would: it is here within a moment."),
        "webchat:demo" if settings.DEMO else "desk:inbox",
        Action.VIEW,
        lambda member: contacts_for(member).exists(),
    ),
    Task(
        _("See why a contact has its tags"),
        _("Open a contact, and click on any tag."),
        "desk:contacts",
        Action.VIEW,
        _did(Deed.What.SEEN),
    ),
    Task(
        _("Answer somebody"),
        _("Slash brings canned words, Enter sends."),
        "desk:inbox",
        Action.SEND,
        lambda member: OutboxMessage.objects.filter(by=member).exists(),
    ),
    Task(
        _("Change a rule and publish it"),
        _("Move a threshold, see in What if whom it moves, and publish. You can roll back."),
        "tagging:rulebooks",
        Action.RULEBOOKS,
        _did(Deed.What.RULEBOOK_PUBLISHED),
    ),
)


def steps_of(member: Member) -> list[Step]:
    """The tasks that the member may do, and which are done."""
    return [Step(task, reverse(task.view), task.is_done(member)) for task in TASKS if may(member, task.needs)]


def tour(request: HttpRequest) -> HttpResponse:
    """The first steps; nothing once they are all done, or hidden."""
    member = member_of(request)
    steps = [] if member.hides_tour else steps_of(member)
    done = sum(step.is_done for step in steps)
    if done == len(steps):
        return HttpResponse()
    return render(request, "desk/parts/tour.html", {"steps": steps, "done": done})


@require_POST
def hide_tour(request: HttpRequest) -> HttpResponse:
    """The member wants to see them no more."""
    Member.objects.filter(pk=member_of(request).pk).update(hides_tour=True)
    return HttpResponse()
