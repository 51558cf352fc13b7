"""Conversations, with permission: the only way a view gets a row.

Whose contact it is decides, as everywhere. Besides, whoever's the contact is: who handles a conversation sees it and
answers in it; who was mentioned in it, or is of a team that helps with its contact, sees it. So work crosses teams.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from django.db.models import Q, QuerySet
from django.http import Http404

from seamark.apps.accounts.access import may, reach, teams_of
from seamark.apps.accounts.models import Member, Team
from seamark.apps.accounts.roles import ROLES, Action
from seamark.apps.inbox.models import Conversation, HelpingTeam, Participant


def conversations_for(member: Member) -> QuerySet[Conversation]:
    """The conversations that the member may read."""
    reached = reach(member, Action.VIEW)
    if reached.everyone:
        return Conversation.objects.all()
    return Conversation.objects.filter(reached.condition() | Q(assignee=member) | invited(member) | helped(member))


def invited(member: Member) -> Q:
    """The condition on conversations in which the member was mentioned."""
    return Q(pk__in=Participant.objects.filter(member=member, is_invited=True).values("conversation"))


def helped(member: Member) -> Q:
    """The condition on conversations with contacts with whom a team of the member's helps.

    Who is in the team now counts: who joined later reads them as well, and who left does not.
    """
    return Q(contact__in=_helped(member).values("contact"))


def helps_by(member: Member) -> frozenset[int]:
    """The teams whose help lets the member read along: those of the member's, and those that they lead."""
    return teams_of(member) | reach(member, Action.ALLOCATE).teams


def _helped(member: Member) -> QuerySet[HelpingTeam]:
    return HelpingTeam.objects.filter(team__in=helps_by(member))


def conversation_for(member: Member, id: int) -> Conversation:
    """A conversation that the member may read. Raises 404, whether there is none or it is not theirs."""
    rows = conversations_for(member).select_related("contact__owner", "contact__team", "identity", "assignee", "owner")
    found = rows.filter(pk=id).first()
    if found is None:
        raise Http404
    return found


@dataclass(frozen=True)
class Rights:
    """What a member may do with a conversation that they may read."""

    may_send: bool
    """Answer, snooze it, and end it."""
    may_note: bool
    """Write what only members see."""
    may_assign: bool
    """Hand it over."""
    sees_contact: bool
    """Whether the contact's own page is open to them."""


def rights_of(member: Member, conversation: Conversation) -> Rights:
    """The member's."""
    covered = {
        action: reach(member, action).covers(owner=conversation.owner_id, team=conversation.team_id)
        for action in (Action.VIEW, Action.SEND, Action.ALLOCATE)
    }
    handles = conversation.assignee_id == member.pk and may(member, Action.SEND)
    may_send, may_assign = covered[Action.SEND] or handles, covered[Action.ALLOCATE]
    takes_part = Participant.objects.filter(conversation=conversation, member=member, is_invited=True)
    helps = _helped(member).filter(contact=conversation.contact_id)
    may_note = may_send or may_assign or takes_part.exists() or helps.exists()
    return Rights(may_send, may_note, may_send or may_assign, covered[Action.VIEW])


def may_ask_for(member: Member, rights: Rights) -> bool:
    """Whether the member reads along and could answer, were it handed over to them."""
    return rights.may_note and not (rights.may_send or rights.may_assign) and may(member, Action.SEND)


def who_hands_over(conversation: Conversation) -> list[Member]:
    """Who may be asked for it: whoever handles it, else the contact's owner, else those who lead the nearest team."""
    for member in (conversation.assignee, conversation.owner):
        if member and member.is_active:
            return [member]
    leads = [name for name, role in ROLES.items() if Action.ALLOCATE in role.may]
    team: Team | None = conversation.team
    while team:
        if found := list(_members(leads).filter(posts__team=team)):
            return found
        team = team.above
    return []


def who_may_send() -> QuerySet[Member]:
    """Members to whom a conversation can be handed over."""
    return _members([name for name, role in ROLES.items() if Action.SEND in role.may])


def who_may_be_mentioned() -> QuerySet[Member]:
    """Members who deal with contacts at all."""
    return _members([name for name, role in ROLES.items() if Action.VIEW in role.may])


def _members(roles: Collection[str]) -> QuerySet[Member]:
    return Member.objects.filter(is_active=True, posts__role__in=roles).distinct().order_by("name", "pk")
