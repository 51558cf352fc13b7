"""Notices by e-mail, for members who want that: what they did not see in the page, several in one mail."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from datetime import timedelta
from smtplib import SMTPException

from django.conf import settings
from django.core.mail import send_mail
from django.db import transaction
from django.db.models import Exists, OuterRef, QuerySet
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from seamark.apps.accounts.models import Member, Notice

log = logging.getLogger(__name__)

TIME_TO_SEE = timedelta(minutes=2)
"""So long a notice waits to be seen in the page."""
BETWEEN_MAILS = timedelta(minutes=10)
"""A member gets no two mails within this time."""
TRIED_FOR = timedelta(days=1)
"""So long is tried to mail a notice; later it is found in the page alone."""
MOST_IN_A_MAIL = 50


def mail_notices() -> int:
    """Mail what waits; returns how many mails went. A notice is mailed once at most, killed workers or not."""
    if not settings.CAN_MAIL:
        return 0
    now = timezone.now()
    waiting = _waiting().filter(member=OuterRef("pk"), told_at__lte=now - TIME_TO_SEE)
    mailed = Notice.objects.filter(member=OuterRef("pk"), mailed_at__gt=now - BETWEEN_MAILS)
    members = Member.objects.filter(Exists(waiting), ~Exists(mailed), wants_mail=True, is_active=True)
    return sum(_mail(member) for member in members)


def _waiting() -> QuerySet[Notice]:
    """Neither seen nor mailed."""
    return Notice.objects.filter(read_at=None, mailed_at=None, told_at__gt=timezone.now() - TRIED_FOR)


def _mail(member: Member) -> bool:
    notices = _taken(member)
    if not notices:
        return False
    with translation.override(member.language or settings.LANGUAGE_CODE):
        subject, text = _subject(notices), _text(notices)
    try:
        send_mail(subject, text, None, [member.email])
    except (SMTPException, OSError) as error:
        Notice.objects.filter(pk__in=[each.pk for each in notices]).update(mailed_at=None)
        log.warning("notices.not_mailed", extra={"member": member.pk, "reason": type(error).__name__})
        return False
    return True


@transaction.atomic
def _taken(member: Member) -> list[Notice]:
    """The member's notices that nobody else mails, the oldest first; they count as mailed from here on."""
    notices = list(_waiting().filter(member=member).order_by("pk").select_for_update(skip_locked=True)[:MOST_IN_A_MAIL])
    Notice.objects.filter(pk__in=[each.pk for each in notices]).update(mailed_at=timezone.now())
    return notices


def _subject(notices: Sequence[Notice]) -> str:
    if len(notices) == 1:
        return notices[0].text
    return ngettext("%(number)d notice", "%(number)d notices", len(notices)) % {"number": len(notices)}


def _text(notices: Sequence[Notice]) -> str:
    lines = [f"{each.text}\n{settings.SITE_URL}{each.href}" for each in notices]
    end = _("You get this as you have not seen it in Seamark; whether notices are mailed is set there:")
    return "\n\n".join([*lines, f"-- \n{end}\n{settings.SITE_URL}/settings/"])
