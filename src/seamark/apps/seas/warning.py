"""Owners are told in good time that contacts of theirs go back to the public sea."""

from __future__ import annotations

from functools import partial
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db.models import Count
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import ngettext

from seamark.apps.accounts import notices
from seamark.apps.accounts.access import Reach
from seamark.apps.accounts.models import Member, Notice
from seamark.apps.accounts.organisation import setting
from seamark.apps.contacts.seas import Seas
from seamark.apps.seas.queries import going_back


def warn_owners() -> int:
    """Tell every owner how many of their contacts go back soon, at most once a day; returns how many were told."""
    seas, now = setting(Seas), timezone.now()
    today = timezone.localdate(now, timezone=ZoneInfo(settings.ORGANISATION_ZONE))
    warned = going_back(Reach(everyone=True), seas, now).order_by().values_list("owner").annotate(Count("pk"))
    amounts = dict(warned)
    members = Member.objects.filter(pk__in=amounts, is_active=True)
    for member in members:
        words = partial(_words, amounts[member.pk])
        notices.tell(
            [member], Notice.Kind.GOING_BACK, text=words, href=reverse("desk:going-back"), key=f"going-back {today}"
        )
    return len(members)


def _words(amount: int) -> str:
    told = ngettext(
        "%(amount)s contact of yours goes back to the public sea soon",
        "%(amount)s contacts of yours go back to the public sea soon",
        amount,
    )
    return told % {"amount": amount}
