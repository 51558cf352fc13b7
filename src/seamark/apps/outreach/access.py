"""Segments and searches, with permission: segments are seen by whoever sees contacts, searches by whoever made them."""

from __future__ import annotations

from django.http import Http404

from seamark.apps.accounts.access import may
from seamark.apps.accounts.models import Member
from seamark.apps.accounts.roles import Action
from seamark.apps.outreach.models import Search, Segment


def may_see_segments(member: Member) -> bool:
    """Whether the member sees contacts, or changes what they are judged by."""
    return may(member, Action.VIEW) or may(member, Action.RULEBOOKS)


def segment_for(member: Member, id: int) -> Segment:
    """The segment. Raises 404, whether there is none or it is not for the member's eyes."""
    found = Segment.objects.select_related("made_by", "changed_by").filter(pk=id).first()
    if found is None or not may_see_segments(member):
        raise Http404
    return found


def search_of(member: Member, id: int) -> Search | None:
    """What a search of the member's own found; None where it is somebody else's, or gone."""
    return Search.objects.filter(pk=id, work__by=member).defer("contacts").first()
