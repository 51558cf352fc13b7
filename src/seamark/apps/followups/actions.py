"""What is done with follow-ups and alerts: made by hand, done, skipped, snoozed, taken back; and what ends them."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime, timedelta
from functools import reduce
from operator import or_
from typing import NamedTuple
from uuid import uuid4

from django.db import connection, transaction
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from seamark.apps.accounts import notices
from seamark.apps.accounts.access import may, teams_of
from seamark.apps.accounts.errors import ActionRefused
from seamark.apps.accounts.models import Member, Notice
from seamark.apps.accounts.organisation import setting
from seamark.apps.accounts.record import What, note
from seamark.apps.accounts.roles import Action
from seamark.apps.contacts.models import Contact, OwnerChange
from seamark.apps.contacts.news import tell_changed
from seamark.apps.contacts.ownership import Moved, followed_up
from seamark.apps.followups.models import Alert, FollowUp, Priority
from seamark.apps.followups.pace import Pace
from seamark.apps.followups.words import in_language
from seamark.apps.inbox.helping import be_alone_with, end_helping, let_help
from seamark.apps.tagging.words import spoken
from seamark.apps.timeline.arrivals import Stored

State = FollowUp.State

LONGEST_SNOOZE = timedelta(days=90)
MOST_WORDS = 4_000


@transaction.atomic
def make_by_hand(
    *, contact: Contact, by: Member, title: str, due_at: datetime, priority: Priority, words: str = "", language: str
) -> FollowUp:
    """A follow-up that a member thought of; it is the owner's, or the maker's where there is no owner."""
    if not title.strip():
        raise ActionRefused("title", _("Say what is to be done."))
    if due_at <= timezone.now():
        raise ActionRefused("due", _("Choose a moment that is still to come."))
    made = FollowUp.objects.create(
        reason_key=f"hand {uuid4()}",
        contact=contact,
        assignee_id=contact.owner_id or by.pk,
        priority=priority,
        title={language: title.strip()[:200]},
        words={language: words.strip()[:MOST_WORDS]} if words.strip() else {},
        made_by=by,
        made_at=timezone.now(),
        due_at=due_at,
    )
    followed_up({contact.pk: made.made_at})  # who plans to do something looks after the contact
    tell_changed([contact.pk])
    return made


def finish(*, follow_up: int, by: Member) -> FollowUp:
    """It is done."""
    return _close(follow_up, by, State.DONE, "")


def skip(*, follow_up: int, by: Member, reason: str) -> FollowUp:
    """It will not be done, and why."""
    if not reason.strip():
        raise ActionRefused("reason", _("Say why it is skipped."))
    return _close(follow_up, by, State.SKIPPED, reason.strip()[:200])


@transaction.atomic
def snooze(*, follow_up: int, until: datetime) -> FollowUp:
    """It is out of sight until then; when it is due does not change."""
    row = _open(follow_up)
    now = timezone.now()
    if not now < until <= now + LONGEST_SNOOZE:
        raise ActionRefused("until", _("Choose a moment within the next 90 days."))
    row.snoozed_until = until
    row.save(update_fields=["snoozed_until"])
    tell_changed([row.contact_id])
    return row


@transaction.atomic
def take(*, follow_up: int, by: Member) -> FollowUp:
    """Become the one of the team who does it, unless somebody is who is in the team still.

    Of two who do so at once the later is told who was quicker.
    """
    row = _open(follow_up)
    if row.for_team_id not in teams_of(by):
        raise ActionRefused("team", _("It is not for a team of yours."))
    if row.assignee and row.assignee != by and row.for_team_id in teams_of(row.assignee):
        raise ActionRefused("taken", _("%(name)s has taken this up already.") % {"name": row.assignee.name})
    row.assignee = by
    row.save(update_fields=["assignee"])
    tell_changed([row.contact_id])
    return row


@transaction.atomic
def hand_over(*, follow_up: int, to: Member, by: Member, was: int | None, why: str = "") -> FollowUp:
    """Let another member do it, who is told; it `was` that member's, or nobody's.

    What went to a team is the team's no more where the member is not of it. Of two who do so at once the later is told
    who has it.
    """
    be_alone_with([_contact_of(FollowUp, follow_up)])
    row = _open(follow_up)
    if row.assignee_id != was:
        who = row.assignee.name if row.assignee else _("Nobody")
        raise ActionRefused("given", _("%(name)s has this now.") % {"name": who})
    if not may(to, Action.SEND):
        raise ActionRefused("to", _("%(name)s cannot answer contacts.") % {"name": to.name})
    if row.for_team_id not in teams_of(to):
        row.for_team = None
    _give(row, to, by, why)
    end_helping([row.contact_id])
    return row


def _give(row: FollowUp, to: Member, by: Member, why: str = "") -> None:
    row.assignee, row.snoozed_until = to, None
    row.save(update_fields=["assignee", "for_team", "snoozed_until"])
    note(What.FOLLOW_UP_GIVEN, by=by, about=to.name, about_id=row.pk)
    notices.tell(
        [to],
        Notice.Kind.HANDED_OVER,
        text=lambda: _given_in_words(row, by, why),
        href=f"{reverse('desk:today')}#todo-{row.pk}",
        key=f"follow-up {row.pk} {uuid4()}",
    )
    tell_changed([row.contact_id])


def _given_in_words(row: FollowUp, by: Member, why: str) -> str:
    told = _("%(who)s handed over to you: %(what)s") % {"who": by.name, "what": in_language(row.title, spoken())}
    return f"{told} · {why}" if why else told


@transaction.atomic
def give_within_team(*, follow_ups: Collection[int], to: Member, by: Member) -> int:
    """Let the member do these, as far as they went to a team of the member's, who is told; returns how many."""
    rows = FollowUp.objects.filter(pk__in=follow_ups, state=State.OPEN, for_team__in=teams_of(to))
    found = list(rows.select_for_update().order_by("pk"))
    for row in found:
        _give(row, to, by)
    return len(found)


class Place(NamedTuple):
    """With whom a follow-up is, and until when it is put aside."""

    assignee: int | None
    for_team: int | None
    snoozed_until: datetime | None


@transaction.atomic
def put_back(*, places: Mapping[int, Place], by: Member) -> None:
    """Take back that follow-ups were given away; each goes to the place that it had, and nobody has a notice of it."""
    rows = FollowUp.objects.filter(pk__in=places).select_for_update().order_by("pk")
    moved = [row for row in rows if place_of(row) != places[row.pk]]
    names = dict(Member.objects.filter(pk__in={places[row.pk].assignee for row in moved}).values_list("pk", "name"))
    for row in moved:
        row.assignee_id, row.for_team_id, row.snoozed_until = places[row.pk]
        row.save(update_fields=["assignee", "for_team", "snoozed_until"])
        note(What.FOLLOW_UP_GIVEN, by=by, about=names.get(row.assignee_id or 0, "–"), about_id=row.pk)
    let_help({(row.contact_id, row.for_team_id) for row in moved if row.for_team_id})
    end_helping({row.contact_id for row in moved})
    tell_changed([row.contact_id for row in moved])


def place_of(row: FollowUp) -> Place:
    """Where the follow-up is now."""
    return Place(row.assignee_id, row.for_team_id, row.snoozed_until)


@transaction.atomic
def reopen(*, follow_up: int) -> FollowUp:
    """Take back that it was done, skipped or snoozed; a team that is to do it helps again."""
    be_alone_with([_contact_of(FollowUp, follow_up)])
    row = FollowUp.objects.select_for_update().get(pk=follow_up)
    row.state, row.closed_at, row.closed_by, row.skip_reason, row.snoozed_until = State.OPEN, None, None, "", None
    row.save(update_fields=["state", "closed_at", "closed_by", "skip_reason", "snoozed_until"])
    if row.for_team_id:
        let_help([(row.contact_id, row.for_team_id)])
    tell_changed([row.contact_id])
    return row


@transaction.atomic
def handle(*, alert: int, by: Member) -> None:
    """Take an alert up; of two who do so at once the later is told who was quicker."""
    be_alone_with([_contact_of(Alert, alert)])
    row = Alert.objects.select_for_update(of=("self",)).select_related("handled_by").get(pk=alert)
    if row.handled_at is not None:
        raise ActionRefused("handled", _("%(name)s has taken this up already.") % {"name": _name(row.handled_by)})
    row.handled_at, row.handled_by = timezone.now(), by
    row.save(update_fields=["handled_at", "handled_by"])
    end_helping([row.contact_id])
    tell_changed([row.contact_id])


@transaction.atomic
def _close(id: int, by: Member, state: State, reason: str) -> FollowUp:
    be_alone_with([_contact_of(FollowUp, id)])
    row = _open(id)
    now = timezone.now()
    row.state, row.closed_at, row.closed_by, row.skip_reason = state, now, by, reason
    row.save(update_fields=["state", "closed_at", "closed_by", "skip_reason"])
    end_helping([row.contact_id])
    if state == State.DONE:
        followed_up({row.contact_id: now})
    tell_changed([row.contact_id])
    return row


def _contact_of(kind: type[FollowUp] | type[Alert], id: int) -> int:
    return kind.objects.values_list("contact_id", flat=True).get(pk=id)


def _open(id: int) -> FollowUp:
    """Locked; of two who close it at once the later is told who was quicker."""
    row = FollowUp.objects.select_for_update(of=("self",)).select_related("closed_by", "assignee").get(pk=id)
    if row.state != State.OPEN:
        raise ActionRefused("closed", _("%(name)s has closed this already.") % {"name": _name(row.closed_by)})
    return row


def _name(member: Member | None) -> str:
    return member.name if member else _("A message to the contact")


# What really happened


def note_messages(stored: Sequence[Stored], quiet: bool) -> None:
    """A message that a member sent does what there were words for; listens to events.

    What went to a team is done by whoever took it.
    """
    sent = {
        (each.contact_id, member): each.occurred_at
        for each in sorted(stored, key=lambda each: each.occurred_at)
        if each.kind == "message.sent" and (member := each.actor.removeprefix("member:")).isdecimal()
    }
    if sent and not quiet:
        before = (
            Q(contact=contact, made_at__lte=moment) & (Q(for_team=None) | Q(assignee=int(member)))
            for (contact, member), moment in sent.items()
        )
        meant = FollowUp.objects.filter(reduce(or_, before), ~Q(words={}) | ~Q(made_by=None), state=State.OPEN)
        if meant.update(state=State.DONE, closed_at=timezone.now()):
            end_helping({contact for contact, _ in sent})


def follow_owners(moved: Sequence[Moved], reason: OwnerChange.Reason) -> None:
    """Open follow-ups go where their contacts go, save those of a team; listens to changed owners."""
    with connection.cursor() as cursor:
        cursor.execute(
            """UPDATE followups_followup SET assignee_id = moved.owner
               FROM unnest(%s::bigint[], %s::bigint[]) AS moved (contact, owner)
               WHERE contact_id = moved.contact AND state = 'open' AND for_team_id IS NULL""",
            [[each.contact_id for each in moved], [each.owner for each in moved]],
        )


@transaction.atomic
def escalate(at_most: int = 200) -> int:
    """Tell of what is overdue for longer than its priority bears the managers, or the team that is to do it.

    Returns how many were told of.
    """
    now, pace = timezone.now(), setting(Pace)
    late = reduce(or_, (Q(priority=each, due_at__lt=now - pace.patience(each)) for each in Priority))
    rows = FollowUp.objects.filter(late, state=State.OPEN, escalated_at=None).order_by("due_at")
    found = list(rows.select_for_update(skip_locked=True)[:at_most])
    alerts = [
        Alert(
            reason_key=f"overdue {row.pk}",
            contact_id=row.contact_id,
            audience=Alert.Audience.TEAM if row.for_team_id else Alert.Audience.MANAGER,
            team_id=row.for_team_id,
            title=row.title,
            follow_up=row,
            made_at=now,
        )
        for row in found
    ]
    Alert.objects.bulk_create(alerts, ignore_conflicts=True)
    FollowUp.objects.filter(pk__in=[row.pk for row in found]).update(escalated_at=now)
    tell_changed([row.contact_id for row in found])
    return len(found)
