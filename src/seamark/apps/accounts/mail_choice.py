"""Which notices come by e-mail, too: a section of a member's own settings."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_POST

from seamark.apps.accounts.access import may, reach
from seamark.apps.accounts.gatekeeping import member_of
from seamark.apps.accounts.models import Mail, Member, Notice
from seamark.apps.accounts.roles import Action

Kind = Notice.Kind


def kinds_for(member: Member) -> list[Notice.Kind]:
    """The kinds of notices that the member's roles can bring."""
    viewed = reach(member, Action.VIEW)
    comes = {
        Kind.MENTIONED: True,
        Kind.HANDED_OVER: may(member, Action.SEND),
        Kind.GOING_BACK: bool(viewed),
        Kind.SHARES: viewed.everyone or bool(viewed.teams),
        Kind.NO_RATE: may(member, Action.SETTINGS),
    }
    return [kind for kind in Kind if comes[kind]]


def refused_last(member: Member) -> Mail | None:
    """The last mail to the member, where it was refused for good."""
    last = Mail.objects.filter(member=member).exclude(settled_at=None).order_by("-settled_at").first()
    return last if last and last.state == Mail.State.REFUSED else None


def mail_choice(member: Member) -> dict[str, Any]:
    """What the section shows."""
    return {
        "choices": [(kind, kind in member.mailed_kinds) for kind in kinds_for(member)],
        "can_mail": bool(settings.CAN_MAIL),
        "refused": refused_last(member),
    }


@require_POST
def choose(request: HttpRequest) -> HttpResponse:
    """The kinds that are switched on; those that the member does not see stay as they are."""
    member = member_of(request)
    seen = kinds_for(member)
    wanted = [kind for kind in seen if kind in request.POST.getlist("kinds")]
    hidden = [kind for kind in member.mailed_kinds if kind not in seen]
    Member.objects.filter(pk=member.pk).update(mailed_kinds=[*wanted, *hidden])
    return render(request, "accounts/mail_chosen.html")
