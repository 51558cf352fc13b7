"""Follow-ups and alerts, with permission: the only way a view gets a row."""

from __future__ import annotations

from django.db.models import Q, QuerySet
from django.http import Http404

from seamark.apps.accounts.access import either, reach, teams_of
from seamark.apps.accounts.models import Member
from seamark.apps.accounts.roles import Action
from seamark.apps.followups.models import Alert, FollowUp

Audience = Alert.Audience


def follow_ups_for(member: Member) -> QuerySet[FollowUp]:
    """Those of contacts whom the member may see, and those that went to the member or to a team of the member's."""
    return FollowUp.objects.filter(either(reach(member, Action.VIEW).condition("contact__"), _given_to(member)))


def workable(member: Member) -> QuerySet[FollowUp]:
    """Those that the member may close, snooze or skip.

    They are of contacts that the member may edit or give to others, or went to the member or a team of the member's.
    """
    rights = [reach(member, action).condition("contact__") for action in (Action.EDIT, Action.ALLOCATE)]
    return follow_ups_for(member).filter(either(*rights, _given_to(member)))


def _given_to(member: Member) -> Q:
    """Who may do nothing for contacts any more has none."""
    teams = teams_of(member)
    return Q(for_team__in=teams) | Q(assignee=member) if teams else Q(pk__in=[])


def led_by(member: Member) -> QuerySet[FollowUp]:
    """Those of contacts that the member gives to others, and those that went to the teams that they lead."""
    leads = reach(member, Action.ALLOCATE)
    return FollowUp.objects.filter(either(leads.condition("contact__"), Q(for_team__in=leads.teams)))


def follow_up_for(member: Member, id: int) -> FollowUp:
    """One that the member may work on. Raises 404, whether there is none or it is not theirs."""
    found = workable(member).filter(pk=id).first()
    if found is None:
        raise Http404
    return found


def alerts_for(member: Member) -> QuerySet[Alert]:
    """Those that are meant for the member: as the contact's owner, as a manager of it, or as one of the team told."""
    manages = reach(member, Action.ALLOCATE)
    meant = Q(audience=Audience.OWNER, contact__owner=member)
    meant |= Q(audience=Audience.TEAM, team__in=teams_of(member))
    if manages:
        meant |= Q(audience__in=[Audience.MANAGER, Audience.OWNER]) & manages.condition("contact__")
    return Alert.objects.filter(meant)


def ways_to_alerts(member: Member) -> list[Q]:
    """The same as conditions that an index has each, by whose the contact is as alerts know it.

    They are for finding rows, which are asked of `alerts_for` then.
    """
    owner, manager, team = (Q(audience=audience) for audience in (Audience.OWNER, Audience.MANAGER, Audience.TEAM))
    ways = [owner & Q(contact_owner=member), team & Q(team__in=teams_of(member))]
    if manages := reach(member, Action.ALLOCATE):
        ways.append((manager | owner) & manages.condition("contact_"))
    return ways


def alert_for(member: Member, id: int) -> Alert:
    """An alert that is meant for the member. Raises 404, whether there is none or it is for others."""
    found = alerts_for(member).filter(pk=id).first()
    if found is None:
        raise Http404
    return found
