"""Batches, with permission: members see their own."""

from __future__ import annotations

from django.http import Http404

from seamark.apps.accounts.models import Member
from seamark.apps.batches.models import Batch


def batch_for(member: Member, id: int) -> Batch:
    """A batch that the member began. Raises 404, whether there is none or it is somebody else's."""
    found = Batch.objects.select_related("work__by").filter(work__by=member, pk=id).first()
    if found is None:
        raise Http404
    return found
