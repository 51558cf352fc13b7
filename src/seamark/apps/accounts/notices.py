"""Notices: what a member is told in the page, wherever they are. Any app tells by `tell`."""

from __future__ import annotations

from collections.abc import Callable, Collection
from datetime import timedelta

from django.conf import settings
from django.utils import timezone, translation

from seamark.apps.accounts.models import Mail, Member, Notice

SHOWN = 20
"""So many of the last are listed."""

KEPT = timedelta(days=90)
"""How long notices are kept."""


def tell(members: Collection[Member], kind: Notice.Kind, *, text: Callable[[], str], href: str, key: str) -> None:
    """Tell each of them, in their own language, with the page that it is about; of one key a member is told once."""
    told = []
    for member in members:
        with translation.override(member.language or settings.LANGUAGE_CODE):
            told.append(Notice(member=member, kind=kind, text=text()[:300], href=href, key=key))
    Notice.objects.bulk_create(told, ignore_conflicts=True)


def unread(member: Member) -> int:
    """How many the member has not seen; one more than are listed where there are more."""
    return Notice.objects.filter(member=member, read_at=None)[: SHOWN + 1].count()


def latest(member: Member) -> list[Notice]:
    """The last of them, the newest first, as they are before they are read."""
    return list(Notice.objects.filter(member=member).order_by("-pk")[:SHOWN])


def mark_read(member: Member) -> None:
    """The member has seen all there are."""
    Notice.objects.filter(member=member, read_at=None).update(read_at=timezone.now())


def prune() -> None:
    """Notices older than `KEPT` go, and the mails that brought them."""
    long_ago = timezone.now() - KEPT
    Notice.objects.filter(told_at__lt=long_ago).delete()
    Mail.objects.filter(made_at__lt=long_ago).delete()
