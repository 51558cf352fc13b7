"""Work, with permission: members see their own."""

from __future__ import annotations

from django.db.models import QuerySet
from django.http import Http404

from seamark.apps.accounts.models import Member
from seamark.apps.work.models import Work


def works_of(member: Member) -> QuerySet[Work]:
    """What the member set going, the latest first."""
    return Work.objects.filter(by=member).order_by("-pk")


def work_for(member: Member, id: int) -> Work:
    """One of them. Raises 404, whether there is none or it is somebody else's."""
    found = works_of(member).filter(pk=id).first()
    if found is None:
        raise Http404
    return found
