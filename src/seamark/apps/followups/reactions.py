"""Reactions of the live rulebook: what tags that were entered or left set going, once for each change.

Follow-ups and alerts are made in the transaction that writes the change down, keyed by it. Of a journey that is
started, the steps that are due at once are made too; what comes later waits until journeys run
(docs/decisions/0011-follow-ups-before-journeys.md).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any, NamedTuple

from django.db.models import Exists, F, OuterRef
from django.utils import timezone

from seamark.apps.accounts.models import Team
from seamark.apps.contacts.models import Contact
from seamark.apps.followups.models import Alert, FollowUp, Priority
from seamark.apps.inbox.helping import let_help
from seamark.apps.tagging.live import Changed
from seamark.apps.tagging.models import TagChange
from seamark.apps.tagging.queries import holds
from seamark.apps.tagging.rulebooks import Live, live_rulebook
from seamark.apps.timeline.models import Event
from seamark.engine.rulebook import Reaction, Rulebook
from seamark.engine.units import duration

LASTS = {Priority.P1: timedelta(hours=2), Priority.P2: timedelta(hours=6), Priority.P3: timedelta(hours=24)}
"""By when something is due that does not say so itself (S4)."""
MOST_STARTS = 20
"""Journeys begun by one change; a rulebook that goes on and on is told of by the linter."""


class Deed(NamedTuple):
    """Something a reaction does, and a word for its place in the rulebook."""

    made: Mapping[str, Any]
    place: str


def react(changes: Sequence[Changed]) -> None:
    """Set going what these changes call for."""
    live = live_rulebook()
    wanted = {(reaction.edge, reaction.tag) for reaction in live.rulebook.reactions} if live else set()
    passed = _passed(changes)
    called = [
        change
        for change in changes
        if TagChange.calls_for_reactions(change.cause) and _edge(change) in wanted and change.id not in passed
    ]
    if live and called:
        make(live, called)


def make_for_history(since: datetime) -> int:
    """For history that was brought in, which sets nothing going by itself: follow-ups for what changed since then.

    Only for tags that are still held, of contacts to whom nobody has written since. Their time begins now. Returns how
    many were made.
    """
    live = live_rulebook()
    if live is None:
        return 0
    before = FollowUp.objects.count()
    wanted = [live.tag_ids[reaction.tag] for reaction in live.rulebook.reactions if reaction.edge == "enter"]
    found = TagChange.objects.filter(edge=TagChange.Edge.ENTER, tag__in=wanted, changed_at__gte=since)
    found = found.filter(contact__standing__tags__contains=[F("tag")])
    answered = Event.objects.filter(
        identity__contact=OuterRef("contact"), kind="message.sent", occurred_at__gt=OuterRef("changed_at")
    )
    changes = [
        Changed(row.pk, row.contact_id, live.tag_names[row.tag_id], True, row.cause, row.changed_at)
        for row in found.filter(~Exists(answered)).order_by("pk")
    ]
    make(live, changes, begins=timezone.now())
    return FollowUp.objects.count() - before


def make(live: Live, changes: Sequence[Changed], begins: datetime | None = None) -> None:
    """The follow-ups and alerts that reactions to these changes make; those there are already stay as they are.

    `begins`: from when their time counts; the moment of the change, unless given.
    """
    contacts = Contact.objects.select_related("team").in_bulk({change.contact_id for change in changes})
    teams = {team.name: team for team in Team.objects.all()}
    follow_ups: list[FollowUp] = []
    alerts: list[Alert] = []
    for change in changes:
        contact = contacts[change.contact_id]
        for deed in _deeds(live, change):
            if about := deed.made.get("follow_up"):
                follow_up = _follow_up(live.rulebook, change, contact, deed, about, teams)
                follow_up.due_at += (begins or change.changed_at) - change.changed_at
                follow_ups.append(follow_up)
            elif about := deed.made.get("alert"):
                alerts.append(_alert(change, contact, deed, about, teams))
    FollowUp.objects.bulk_create(follow_ups, ignore_conflicts=True)
    Alert.objects.bulk_create(alerts, ignore_conflicts=True)
    # A team that is to do something for a contact, or is told of it, reads what was written with it (S2).
    helping = [(each.contact_id, each.for_team_id) for each in follow_ups]
    helping += [(each.contact_id, each.team_id) for each in alerts]
    let_help({(contact, team) for contact, team in helping if team})


def _passed(changes: Sequence[Changed]) -> set[int]:
    """Changes that another one of the same lot has undone: a tag entered and left again calls for nothing."""
    last: dict[tuple[int, str], Changed] = {}
    passed = set()
    for change in changes:
        before = last.get((change.contact_id, change.tag))
        if before and before.entered and not change.entered:
            passed.add(before.id)
        last[change.contact_id, change.tag] = change
    return passed


def _edge(change: Changed) -> tuple[str, str]:
    return ("enter" if change.entered else "leave", change.tag)


def _deeds(live: Live, change: Changed) -> Iterator[Deed]:
    for number, reaction in enumerate(live.rulebook.reactions):
        if (reaction.edge, reaction.tag) == _edge(change) and _applies(live, reaction, change):
            for place, made in enumerate(reaction.do):
                yield from first_deeds(live.rulebook, Deed(made, f"{reaction.edge} {number}.{place}"))


def _applies(live: Live, reaction: Reaction, change: Changed) -> bool:
    return reaction.when is None or holds(change.contact_id, reaction.when, live, change.changed_at)


def first_deeds(rulebook: Rulebook, deed: Deed, begun: Sequence[str] = ()) -> Iterator[Deed]:
    """The deed, or the first ones of the journey it starts."""
    if "start" not in deed.made:
        yield deed
        return
    name = deed.made["start"]
    if name in begun or len(begun) == MOST_STARTS:
        return
    for place, step in enumerate(rulebook.journeys[name].steps):
        if "wait" in step or "branch" in step or duration(step.get("after", "0s")):
            return
        yield from first_deeds(rulebook, Deed(step, f"{name} {place}"), [*begun, name])


def _follow_up(
    rulebook: Rulebook,
    change: Changed,
    contact: Contact,
    deed: Deed,
    about: Mapping[str, Any],
    teams: Mapping[str, Team],
) -> FollowUp:
    """Of a team that there is not, it is the owner's: nothing is lost by a name."""
    team = teams.get(about.get("team", ""))
    priority = Priority[about.get("priority", "P3")]
    lasts = timedelta(microseconds=duration(about["due"])) if "due" in about else LASTS[priority]
    return FollowUp(
        reason_key=f"{change.id} {deed.place}",
        contact=contact,
        assignee_id=None if team else contact.owner_id,
        for_team=team,
        priority=priority,
        title=dict(about["title"]),
        words=dict(rulebook.texts[about["text"]]) if "text" in about else {},
        change_id=change.id,
        made_at=timezone.now(),
        due_at=change.changed_at + lasts,
    )


def _alert(change: Changed, contact: Contact, deed: Deed, about: Mapping[str, Any], teams: Mapping[str, Team]) -> Alert:
    audience = Alert.Audience(about.get("to", Alert.Audience.OWNER))
    return Alert(
        reason_key=f"{change.id} {deed.place}",
        contact=contact,
        audience=audience,
        team=teams.get(about.get("team", ""), contact.team) if audience == Alert.Audience.TEAM else None,
        title=dict(about["title"]),
        change_id=change.id,
        pops_up=bool(about.get("pop_up")),
        made_at=timezone.now(),
    )
