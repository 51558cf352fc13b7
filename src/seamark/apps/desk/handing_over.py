"""Follow-ups go to another member, and with them what is needed to do them: the contact, or the conversation."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, field

from django.db import transaction
from django.db.models import F
from django.utils.translation import gettext as _

from seamark.apps.accounts.access import reach
from seamark.apps.accounts.errors import ActionRefused
from seamark.apps.accounts.models import Member
from seamark.apps.accounts.roles import Action
from seamark.apps.contacts.ownership import Reason, give
from seamark.apps.followups.access import led_by, workable
from seamark.apps.followups.actions import give_within_team, hand_over
from seamark.apps.inbox.access import conversations_for, rights_of
from seamark.apps.inbox.actions import assign_conversation
from seamark.apps.inbox.queries import talks_with


@transaction.atomic
def hand_over_with_talk(*, follow_up: int, to: Member, by: Member, was: int | None, why: str = "") -> None:
    """The follow-up, which `was` that member's, or nobody's; they are told why.

    Whoever does not see the contact gets the conversation along, to write in, unless it is their team that was asked:
    they read it anyway. Raises `ActionRefused` where that cannot be.
    """
    row = hand_over(follow_up=follow_up, to=to, by=by, was=was, why=why)
    if row.for_team_id or reach(to, Action.SEND).covers(owner=row.contact.owner_id, team=row.contact.team_id):
        return
    talk = talks_with([row.contact_id]).get(row.contact_id)
    conversation = conversations_for(by).select_related("contact").filter(pk=talk).first() if talk else None
    if conversation is None:
        told = _("%(name)s does not see this contact, and there is no conversation to hand over.")
        raise ActionRefused("unseen", told % {"name": to.name})
    if not rights_of(by, conversation).may_assign:
        told = _("%(name)s does not see this contact, and the conversation is not yours to hand over.")
        raise ActionRefused("unseen", told % {"name": to.name})
    if conversation.assignee_id != to.pk:
        was_answering = conversation.assignee_id
        assign_conversation(conversation=conversation, assignee=to, was=was_answering, by=by, why=why, tells=False)


@dataclass
class GivenAway:
    """What came of giving follow-ups away."""

    contacts: int = 0
    """That went to the member, each with its follow-ups."""
    alone: int = 0
    """Follow-ups that went without their contact."""
    refusals: list[str] = field(default_factory=list)


def give_away(*, follow_ups: Collection[int], to: Member, by: Member) -> GivenAway:
    """Give the contacts of these follow-ups to a member; their follow-ups go along.

    Those of a team go alone, and so do those that somebody has who is not the contact's owner: the contact stays.
    """
    came = GivenAway()
    of_teams = list(led_by(by).filter(pk__in=follow_ups, for_team__isnull=False).values_list("pk", flat=True))
    came.alone = give_within_team(follow_ups=of_teams, to=to, by=by)
    if came.alone < len(of_teams):
        came.refusals.append(_("%(name)s is not of the team that some of them went to.") % {"name": to.name})
    rows = workable(by).filter(pk__in=follow_ups, for_team=None)
    helped = rows.filter(assignee__isnull=False, contact__owner__isnull=False).exclude(contact__owner=F("assignee"))
    alone = dict(helped.values_list("pk", "assignee"))
    for follow_up, had in alone.items():
        try:
            hand_over_with_talk(follow_up=follow_up, to=to, by=by, was=had)
            came.alone += 1
        except ActionRefused as refused:
            came.refusals.append(str(refused))
    if contacts := set(rows.exclude(pk__in=alone).values_list("contact", flat=True)):
        try:
            given = give(contacts=contacts, to=to, by=by, reason=Reason.ALLOCATED)
        except ActionRefused as refused:
            came.refusals.append(str(refused))
        else:
            came.contacts = len(given.moved)
            came.refusals += map(str, given.refused.values())
    return came
