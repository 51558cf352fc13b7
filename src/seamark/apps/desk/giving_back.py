"""What was given away is given back: exactly what went, except what somebody has changed since."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from typing import NamedTuple

from django.db import transaction
from django.utils.translation import gettext as _

from seamark.apps.accounts.access import may
from seamark.apps.accounts.errors import ActionRefused
from seamark.apps.accounts.models import Member, Team
from seamark.apps.accounts.roles import Action
from seamark.apps.contacts.masks import masks_of
from seamark.apps.contacts.models import Contact
from seamark.apps.contacts.ownership import Reason, give
from seamark.apps.desk.handing_over import GivenAway, give_away
from seamark.apps.followups.actions import Place, place_of, put_back
from seamark.apps.followups.models import FollowUp
from seamark.apps.followups.words import in_language
from seamark.apps.inbox.actions import assign_conversation
from seamark.apps.inbox.helping import be_alone_with
from seamark.apps.inbox.models import Conversation
from seamark.apps.tagging.words import spoken


class Home(NamedTuple):
    """Whose a contact is."""

    owner: int | None
    team: int


class Stand(NamedTuple):
    """Where all stands that goes along when follow-ups are given away, each by its id."""

    contacts: dict[int, Home]
    follow_ups: dict[int, Place]
    """The open ones of these contacts."""
    talks: dict[int, int | None]
    """Who handles the conversation."""


class Way(NamedTuple):
    """Where all stood before something was given away, and where afterwards."""

    before: Stand
    after: Stand


@dataclass
class GivenBack:
    """What came of giving back."""

    contacts: int = 0
    alone: int = 0
    """Follow-ups that had gone without their contact."""
    refusals: list[str] = field(default_factory=list)


@transaction.atomic
def give_away_for_now(*, follow_ups: Collection[int], to: Member, by: Member) -> tuple[GivenAway, Way]:
    """Give follow-ups away (`give_away`), and tell by what they can be given back."""
    contacts = set(FollowUp.objects.filter(pk__in=follow_ups).values_list("contact", flat=True))
    before = _stand(contacts)
    given = give_away(follow_ups=follow_ups, to=to, by=by)
    return given, Way(before, _stand(contacts))


def _stand(contacts: Collection[int]) -> Stand:
    """All of it stays so until the transaction ends, save for what is done in it."""
    owners = Contact.objects.filter(pk__in=contacts).order_by("pk").select_for_update(no_key=True)
    homes = {id: Home(*home) for id, *home in owners.values_list("pk", "owner", "team")}
    be_alone_with(contacts)  # as whoever stores an event: contacts, standings, and then what is theirs
    rows = FollowUp.objects.filter(contact__in=contacts, state=FollowUp.State.OPEN).order_by("pk").select_for_update()
    talks = Conversation.objects.filter(contact__in=contacts).order_by("pk").select_for_update(no_key=True)
    return Stand(
        homes,
        {row.pk: place_of(row) for row in rows},
        dict(talks.values_list("pk", "assignee")),
    )


@transaction.atomic
def give_back(*, way: Way, by: Member) -> GivenBack:
    """Take back what a member gave away.

    Contacts first, with which follow-ups and conversations go to their owner; then each of these to where it was.
    """
    now, back = _stand(way.before.contacts), GivenBack()
    stuck = _contacts_back(way, by, back)
    _follow_ups_back(way, now, by, stuck, back)
    _talks_back(way, now, by, stuck, back)
    return back


def _went(way: Way) -> set[int]:
    return {id for id, home in way.before.contacts.items() if way.after.contacts[id] != home}


def _contacts_back(way: Way, by: Member, back: GivenBack) -> set[int]:
    """To the owners and teams that they came from; those are returned that cannot go back."""
    groups: dict[tuple[int | None, int, int | None], list[int]] = defaultdict(list)
    for id in _went(way):
        groups[(*way.before.contacts[id], way.after.contacts[id].owner)].append(id)
    members = _members(each for owner, _team, was in groups for each in (owner, was))
    teams, stuck = Team.objects.in_bulk({team for _owner, team, _was in groups}), dict[int, str]()
    for (owner, team, was), ids in groups.items():
        to, had = (members[id] if id else None for id in (owner, was))
        try:
            given = give(contacts=ids, to=to, by=by, reason=Reason.UNDONE, was=had, team=teams[team])
        except ActionRefused as refusal:
            stuck |= dict.fromkeys(ids, str(refusal))
        else:
            back.contacts += len(given.moved)
            stuck |= {id: str(why) for id, why in given.refused.items()}
    masks, found = masks_of(by), Contact.objects.in_bulk(stuck)
    back.refusals += [f"{masks.name(contact)}: {stuck[id]}" for id, contact in sorted(found.items())]
    return set(stuck)


def _follow_ups_back(way: Way, now: Stand, by: Member, stuck: Collection[int], back: GivenBack) -> None:
    """What was changed since stays as it was changed; what was made since is where its contact is."""
    went, places, masks = _went(way), dict[int, Place](), masks_of(by)
    had = _members(place.assignee for place in way.before.follow_ups.values())
    idle = {id: member.name for id, member in had.items() if not may(member, Action.SEND)}
    rows = FollowUp.objects.select_related("closed_by", "contact").in_bulk(way.after.follow_ups)
    for id, row in rows.items():
        after = way.after.follow_ups[id]
        before, current = way.before.follow_ups.get(id, after), now.follow_ups.get(id)
        if row.contact_id in stuck:
            continue
        refusal = _why_not(row, before, after, current, idle) if before != after else ""
        if refusal:
            back.refusals.append(f"{masks.name(row.contact)}, {in_language(row.title, spoken())}: {refusal}")
        elif before != after and row.contact_id not in went:
            back.alone += 1
        if current:
            places[id] = before if current == after and not refusal else current
    put_back(places=places, by=by)


def _why_not(row: FollowUp, before: Place, after: Place, current: Place | None, idle: Mapping[int, str]) -> str:
    """`idle`: names of members who had follow-ups and may answer nobody any more."""
    if current is None:
        return _("%(name)s has closed this already.") % {"name": row.closed_by or _("A message to the contact")}
    if current != after:
        return _("It was changed meanwhile.")
    if before.assignee is not None and before.assignee in idle:
        return _("%(name)s cannot answer contacts.") % {"name": idle[before.assignee]}
    return ""


def _talks_back(way: Way, now: Stand, by: Member, stuck: Collection[int], back: GivenBack) -> None:
    """As follow-ups: what was handed over since stays so."""
    members = _members([*way.before.talks.values(), *now.talks.values()])
    kept = Conversation.objects.filter(pk__in=way.after.talks.keys() & now.talks.keys()).exclude(contact__in=stuck)
    for talk in kept.select_related("contact"):
        current, after = now.talks[talk.pk], way.after.talks[talk.pk]
        wanted = way.before.talks.get(talk.pk, after) if current == after else current
        if talk.assignee_id == wanted:
            continue
        to = members[wanted] if wanted else None
        try:
            assign_conversation(conversation=talk, assignee=to, was=talk.assignee_id, by=by, tells=False)
        except ActionRefused as refusal:
            back.refusals.append(f"{masks_of(by).name(talk.contact)}: {refusal}")


def _members(ids: Iterable[int | None]) -> dict[int, Member]:
    return Member.objects.in_bulk({id for id in ids if id})
