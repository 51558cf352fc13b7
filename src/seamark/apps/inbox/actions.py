"""Conversations are written here: who handles one, in which state it is, and what members note in it."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Any, NamedTuple
from uuid import uuid4

from django.db import transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from seamark.apps.accounts import notices
from seamark.apps.accounts.access import may
from seamark.apps.accounts.actors import actor_name, member_names
from seamark.apps.accounts.errors import ActionRefused
from seamark.apps.accounts.models import Member, Notice
from seamark.apps.accounts.record import What
from seamark.apps.accounts.record import note as note_deed
from seamark.apps.accounts.roles import Action
from seamark.apps.channels.files import hold
from seamark.apps.contacts.actions import desk_identity
from seamark.apps.contacts.news import tell_attended
from seamark.apps.inbox.helping import be_alone_with, end_helping, let_help
from seamark.apps.inbox.kinds import ASSIGNED, DONE, MACHINE, NOTED, OPENED, SNOOZED
from seamark.apps.inbox.models import Conversation, Participant
from seamark.apps.timeline.arrivals import Arrival
from seamark.apps.timeline.models import Event
from seamark.apps.timeline.record import record

State = Conversation.State
AT_WORK, ASIDE = (State.OPEN, State.WAITING), (State.SNOOZED, State.DONE)

LONGEST_NOTE = 4_000
HELPED = "helped"
"""Of an event of the end: the teams whose help ended with it."""


@transaction.atomic
def assign_conversation(
    *,
    conversation: Conversation,
    assignee: Member | None,
    was: int | None,
    by: Member,
    why: str = "",
    tells: bool = True,
) -> None:
    """Hand it over, or to nobody; refused where it is no longer with whom `by` believed it was.

    `tells`: whether the assignee has a notice of it, and not of something that it goes along with.
    """
    if assignee and not (assignee.is_active and may(assignee, Action.SEND)):
        raise ActionRefused("assignee", _("%(name)s cannot answer contacts.") % {"name": assignee.name})
    be_alone_with([conversation.contact_id])
    mine = Conversation.objects.filter(pk=conversation.pk, assignee=was)
    if not mine.update(assignee=assignee):
        raise ActionRefused("taken", _("Somebody else has handed it over meanwhile; look who has it now."))
    conversation.assignee = assignee
    name = assignee.name if assignee else ""
    told = {"to": assignee.pk if assignee else None, "name": name}
    _happened(conversation, ASSIGNED, by, told | ({"note": why[:LONGEST_NOTE]} if why else {}))
    note_deed(What.CONVERSATION_ASSIGNED, by=by, about=name or "–", about_id=conversation.pk)
    if tells and assignee and assignee.pk != by.pk:
        notices.tell(
            [assignee],
            Notice.Kind.HANDED_OVER,
            text=lambda: _("%(who)s handed a conversation over to you") % {"who": by.name},
            href=reverse("desk:talk", args=[conversation.pk]),
            key=f"handed over {conversation.pk} {uuid4()}",
        )


@transaction.atomic
def snooze_conversation(*, conversation: Conversation, until: datetime, by: Member) -> None:
    """Put it aside until then, or until the contact writes."""
    if until <= timezone.now():
        raise ActionRefused("past", _("That moment is past."))
    be_alone_with([conversation.contact_id])
    _turn(conversation, AT_WORK, State.SNOOZED, until)
    _happened(conversation, SNOOZED, by, {"until": until.isoformat()})


@transaction.atomic
def finish_conversation(*, conversation: Conversation, by: Member) -> None:
    """Nothing is left to do, until the contact writes again; teams that have nothing to do any more read on no more."""
    be_alone_with([conversation.contact_id])
    _turn(conversation, AT_WORK, State.DONE)
    _happened(conversation, DONE, by, {HELPED: end_helping([conversation.contact_id])})


@transaction.atomic
def reopen_conversation(*, conversation: Conversation, by: Member) -> None:
    """Take it up again, with the teams that were at it when it was ended."""
    be_alone_with([conversation.contact_id])
    was = conversation.state
    _turn(conversation, ASIDE, State.OPEN)
    if was == State.DONE and (ending := _last(conversation, DONE)):
        let_help([(conversation.contact_id, team) for team in ending.props.get(HELPED, ())])
    _happened(conversation, OPENED, by)


def _turn(
    conversation: Conversation, was: Collection[State], state: Conversation.State, until: datetime | None = None
) -> None:
    """Of two who turn it at once the later is told what the first did."""
    turned = Conversation.objects.filter(pk=conversation.pk, state__in=was)
    if not turned.update(state=state, snoozed_until=until):
        conversation.refresh_from_db(fields=["state"])
        raise ActionRefused("turned", _turned_already(conversation))
    conversation.state, conversation.snoozed_until = state, until


def _turned_already(conversation: Conversation) -> str:
    """How it stands, and who turned it so."""
    match conversation.state:
        case State.DONE:
            kind, told = DONE, _("%(name)s has ended it already.")
        case State.SNOOZED:
            kind, told = SNOOZED, _("%(name)s has put it aside already.")
        case _:
            return _("It is open again already.")
    last = _last(conversation, kind)
    actor = last.actor if last else "member:"
    return told % {"name": actor_name(actor, member_names([actor]))}


def _last(conversation: Conversation, kind: str) -> Event | None:
    """What members did last of that kind with the conversation."""
    deeds = Event.objects.filter(identity__source="desk", identity__contact=conversation.contact_id, kind=kind)
    return deeds.filter(props__conversation=conversation.pk).order_by("-occurred_at", "-pk").first()


@transaction.atomic
def wake_snoozed(at_most: int = 500) -> int:
    """Conversations whose time has come are open again; returns how many."""
    due = Conversation.objects.filter(state=State.SNOOZED, snoozed_until__lte=timezone.now())
    found = dict(due.order_by("pk").values_list("pk", "contact")[:at_most])
    be_alone_with(found.values())
    woken = list(due.filter(pk__in=found).select_for_update(skip_locked=True).order_by("pk"))
    for conversation in woken:
        _turn(conversation, ASIDE, State.OPEN)
    record([_arrival(conversation, OPENED, MACHINE, {}) for conversation in woken])
    return len(woken)


@transaction.atomic
def write_note(
    *,
    conversation: Conversation,
    text: str,
    mentioned: Sequence[Member],
    by: Member,
    once: str,
    files: Sequence[Mapping[str, Any]] = (),
) -> None:
    """Note what only members see; whoever is mentioned sees the conversation from then on.

    One `once` is one note, however often it is told.
    """
    text = text.strip()
    if not (text or files) or len(text) > LONGEST_NOTE:
        raise ActionRefused("form", _("A note has at most %(most)s characters.") % {"most": LONGEST_NOTE})
    props = {"note": text, "mentions": [each.pk for each in mentioned]} | ({"files": list(files)} if files else {})
    if not record([_arrival(conversation, NOTED, f"member:{by.pk}", props, _note_key(by, once))]):
        return
    hold(files)
    others = [each for each in mentioned if each.pk != by.pk]
    _invite(conversation, others)
    notices.tell(
        others,
        Notice.Kind.MENTIONED,
        text=lambda: _("%(who)s mentioned you in a note") % {"who": by.name},
        href=reverse("desk:talk", args=[conversation.pk]),
        key=f"mentioned {conversation.pk} {by.pk} {once}"[:100],
    )


def ask_for(*, conversation: Conversation, asked: Sequence[Member], by: Member) -> None:
    """Ask these to hand the conversation over, by a note that mentions them: once a day of whoever handles it then."""
    if not asked:
        raise ActionRefused("nobody", _("There is nobody who could hand it over."))
    names = " ".join(f"@{each.name}" for each in asked)
    text = _("%(names)s Please hand this conversation over to me.") % {"names": names}
    write_note(conversation=conversation, text=text, mentioned=asked, by=by, once=_asking(conversation))


def has_asked_for(conversation: Conversation, by: Member) -> bool:
    """Whether the member has asked whoever handles it today."""
    return Event.objects.filter(source="desk", source_key=_note_key(by, _asking(conversation))).exists()


def _asking(conversation: Conversation) -> str:
    return f"asks {conversation.pk} {conversation.assignee_id or 0} {timezone.localdate().isoformat()}"


def _note_key(by: Member, once: str) -> str:
    return f"note:{by.pk}:{once}"


def _invite(conversation: Conversation, members: Collection[Member]) -> None:
    """Let members read the conversation from its beginning on, whoever's the contact is."""
    now = timezone.now()
    Participant.objects.bulk_create(
        [
            Participant(conversation=conversation, member=member, is_invited=True, mentioned_at=now)
            for member in members
        ],
        update_conflicts=True,
        unique_fields=["conversation", "member"],
        update_fields=["is_invited", "mentioned_at"],
    )


def mark_read(*, conversation: Conversation, by: Member) -> None:
    """The member has seen all there is; others are told."""
    Participant.objects.update_or_create(
        conversation=conversation, member=by, defaults={"read_at": timezone.now(), "mentioned_at": None}
    )
    tell_attended(conversation.contact_id)


def keep_draft(*, conversation: Conversation, text: str, by: Member, is_note: bool = False) -> None:
    """Keep what the member is writing; others see that somebody is. An empty text: nobody is any more."""
    Participant.objects.update_or_create(
        conversation=conversation,
        member=by,
        defaults={
            "draft": text[:LONGEST_NOTE],
            "is_noting": is_note,
            "typing_at": timezone.now() if text else None,
        },
    )
    tell_attended(conversation.contact_id)


class Draft(NamedTuple):
    """What a member has begun to write."""

    text: str = ""
    is_note: bool = False


def draft_of(conversation: Conversation, member: Member) -> Draft:
    """The member's."""
    drafts = Participant.objects.filter(conversation=conversation, member=member).values_list("draft", "is_noting")
    return Draft(*(drafts.first() or ()))


def _happened(conversation: Conversation, kind: str, by: Member, props: Mapping[str, Any] | None = None) -> None:
    record([_arrival(conversation, kind, f"member:{by.pk}", props or {})])


def _arrival(
    conversation: Conversation, kind: str, actor: str, props: Mapping[str, Any], source_key: str = ""
) -> Arrival:
    identity = desk_identity(conversation.contact_id)
    return Arrival(
        source=identity.source,
        external_id=identity.external_id,
        kind=kind,
        occurred_at=timezone.now(),
        source_key=source_key or f"{kind}:{uuid4()}",
        props={"conversation": conversation.pk, **props},
        actor=actor,
    )
