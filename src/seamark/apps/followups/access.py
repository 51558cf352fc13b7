"""Follow-ups and alerts, with permission: the only way a view gets a row."""

from __future__ import annotations

from django.db.models import Q, QuerySet
from django.http import Http404

from seamark.apps.accounts.access import posts_of, reach
from seamark.apps.accounts.models import Member
from seamark.apps.accounts.roles import Action
from seamark.apps.followups.models import Alert, FollowUp


def follow_ups_for(member: Member) -> QuerySet[FollowUp]:
    """Those of contacts whom the member may see."""
    return FollowUp.objects.filter(reach(member, Action.VIEW).condition("contact__"))


def workable(member: Member) -> QuerySet[FollowUp]:
    """Those that the member may close, snooze or skip: of contacts that they may edit, or give to others."""
    rights = reach(member, Action.EDIT).condition("contact__") | reach(member, Action.ALLOCATE).condition("contact__")
    return follow_ups_for(member).filter(rights)


def follow_up_for(member: Member, id: int) -> FollowUp:
    """One that the member may work on. Raises 404, whether there is none or it is not theirs."""
    found = workable(member).filter(pk=id).first()
    if found is None:
        raise Http404
    return found


def alerts_for(member: Member) -> QuerySet[Alert]:
    """Those that are meant for the member: as the contact's owner, as a manager of it, or as one of the team told."""
    manages = reach(member, Action.ALLOCATE)
    meant = Q(audience=Alert.Audience.OWNER, contact__owner=member)
    meant |= Q(audience=Alert.Audience.TEAM, team__in={post.team_id for post in posts_of(member)})
    if manages:
        meant |= Q(audience__in=[Alert.Audience.MANAGER, Alert.Audience.OWNER]) & manages.condition("contact__")
    return Alert.objects.filter(meant)


def alert_for(member: Member, id: int) -> Alert:
    """An alert that is meant for the member. Raises 404, whether there is none or it is for others."""
    found = alerts_for(member).filter(pk=id).first()
    if found is None:
        raise Http404
    return found
