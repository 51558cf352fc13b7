"""Who looks after a contact: the one action by which owners change, and what is told of it."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import cache
from typing import Literal, NamedTuple
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db import connection, transaction
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.module_loading import import_string
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from seamark.apps.accounts.access import posts_of, reach, subtree
from seamark.apps.accounts.errors import ActionRefused
from seamark.apps.accounts.models import Member, Team
from seamark.apps.accounts.organisation import setting
from seamark.apps.accounts.record import What, note
from seamark.apps.accounts.roles import Action
from seamark.apps.contacts.models import OwnerChange, Ownership
from seamark.apps.contacts.news import tell_changed
from seamark.apps.contacts.notices import tell_new_owner
from seamark.apps.contacts.seas import Seas

Reason = OwnerChange.Reason


class Moved(NamedTuple):
    """A contact whose owner or team has just changed."""

    contact_id: int
    was_owner: int | None
    owner: int | None
    was_team: int
    team: int


@dataclass
class Given:
    """What came of giving contacts to an owner."""

    moved: list[Moved] = field(default_factory=list)
    refused: dict[int, ActionRefused] = field(default_factory=dict)
    """Why a contact stayed as it was, by its id. Codes: `absent`, `same`, `taken`, `day`, `full`, `cooling`."""


Listener = Callable[[Sequence[Moved], "OwnerChange.Reason"], None]
"""Told of changed owners, in their transaction."""


@cache
def listeners() -> tuple[Listener, ...]:
    """Who is told, in order."""
    return tuple(import_string(path) for path in settings.OWNER_LISTENERS)


def receivers(by: Member) -> QuerySet[Member]:
    """To whom the member may give contacts."""
    reached = reach(by, Action.ALLOCATE)
    members = Member.objects.filter(is_active=True, posts__isnull=False).order_by("name", "pk").distinct()
    return members if reached.everyone else members.filter(posts__team__in=reached.teams)


@transaction.atomic
def give(
    *,
    contacts: Collection[int],
    to: Member | None,
    by: Member | None,
    reason: OwnerChange.Reason,
    words: str = "",
    was: Member | Literal["anybody"] | None = "anybody",
    team: Team | None = None,
) -> Given:
    """Make a member the owner of these contacts, or put them into the public sea; each moves or is refused, by itself.

    `by`: who does it, within their rights; nobody: a rule of the house, which may do all.
    `was`: only contacts with this owner, or none, move; of two who act at once the later is told who was quicker.
    `team`: whose contacts they become. Unless given they stay where they are, as long as the new owner works there or
    above; else they come along to the owner's own team.
    Raises `ActionRefused` where nobody may get contacts so: the owner has left, or is out of the giver's reach.
    """
    owner_id = to.pk if to else None
    if to is not None:
        _check_receiver(to, by)
    rows = _locked(contacts)
    refused = {id: _absent() for id in set(contacts) - rows.keys()}
    refused |= _out_of_reach(rows, to, by)
    rows = {id: row for id, row in rows.items() if id not in refused}
    refused |= {
        id: _taken(row) for id, row in rows.items() if was != "anybody" and row.owner_id != (was.pk if was else None)
    }
    teams = _teams_for(to, team, {row.team_id for row in rows.values()})
    refused |= {
        id: _same(row)
        for id, row in rows.items()
        if id not in refused and row.owner_id == (owner_id) and row.team_id == teams[row.team_id]
    }
    free = [id for id in sorted(rows) if id not in refused]
    if reason == Reason.CLAIMED and to is not None:
        refused |= _over_limits(free, to)
    moved = [
        Moved(id, rows[id].owner_id, owner_id, rows[id].team_id, teams[rows[id].team_id])
        for id in free
        if id not in refused
    ]
    if moved:
        _move(moved, by, reason, words)
        _note(moved, rows, to, by, reason)
        for listener in listeners():
            listener(moved, reason)
        if to and to != by and reason in (Reason.ALLOCATED, Reason.TRANSFERRED):
            tell_new_owner(to, [each.contact_id for each in moved], by)
        tell_changed([each.contact_id for each in moved])
    return Given(moved, refused)


def claim(*, contact: int, by: Member) -> None:
    """Take a contact out of the public sea; of several who do so at once one gets it, the others are told who."""
    _one(give(contacts=[contact], to=by, by=by, reason=Reason.CLAIMED, was=None))


def release(*, contact: int, by: Member, words: str) -> None:
    """Put a contact into its team's public sea, and say why."""
    if not words.strip():
        raise ActionRefused("words", _("Say why, for whoever takes it next."))
    _one(give(contacts=[contact], to=None, by=by, reason=Reason.RELEASED, words=words.strip()))


def transfer(*, contact: int, was: Member | None, to: Member, by: Member, words: str = "") -> None:
    """Give a contact from the owner one saw to another; out of the public sea that is allocating it."""
    reason = Reason.ALLOCATED if was is None else Reason.TRANSFERRED
    _one(give(contacts=[contact], to=to, by=by, reason=reason, words=words.strip(), was=was))


def _one(given: Given) -> None:
    for refusal in given.refused.values():
        raise refusal


def followed_up(latest: Mapping[int, datetime]) -> None:
    """Owners did something for these contacts, at these moments; contacts without an owner are passed over."""
    ids = sorted(latest)
    with connection.cursor() as cursor:
        cursor.execute(
            """WITH held AS (SELECT contact_id FROM contacts_ownership WHERE contact_id = ANY(%s)
                             ORDER BY contact_id FOR NO KEY UPDATE)
               UPDATE contacts_ownership ownership SET followed_up_at = greatest(followed_up_at, told.moment)
               FROM held JOIN unnest(%s::bigint[], %s::timestamptz[]) AS told (contact, moment)
                   ON told.contact = held.contact_id
               WHERE ownership.contact_id = held.contact_id AND followed_up_at < told.moment""",
            [ids, ids, [latest[id] for id in ids]],
        )


class _Row(NamedTuple):
    owner_id: int | None
    team_id: int
    name: str
    owner_name: str | None


def _locked(contacts: Collection[int]) -> dict[int, _Row]:
    """In the order of their ids, so that two who move the same contacts wait for each other and never in a circle."""
    with connection.cursor() as cursor:
        cursor.execute(
            """SELECT contact.id, owner_id, team_id, contact.name, owner.name
               FROM contacts_contact contact LEFT JOIN accounts_member owner ON owner.id = owner_id
               WHERE contact.id = ANY(%s) ORDER BY contact.id FOR NO KEY UPDATE OF contact""",
            [sorted(contacts)],
        )
        return {id: _Row(*row) for id, *row in cursor.fetchall()}


def _check_receiver(to: Member, by: Member | None) -> None:
    if not to.is_active or not posts_of(to):
        raise ActionRefused("left", _("%(name)s does not work here any more.") % {"name": to.name})
    if by is not None and by != to and not receivers(by).filter(pk=to.pk).exists():
        raise ActionRefused("stranger", _("You may not give contacts to %(name)s.") % {"name": to.name})


def _out_of_reach(rows: Mapping[int, _Row], to: Member | None, by: Member | None) -> dict[int, ActionRefused]:
    """Whoever allocates moves all; others give back their own, and take from the sea what they may claim."""
    if by is None:
        return {}
    allocates, claims = reach(by, Action.ALLOCATE), reach(by, Action.CLAIM)
    refused: dict[int, ActionRefused] = {}
    for id, row in rows.items():
        if allocates.covers(owner=row.owner_id, team=row.team_id) or (to is None and row.owner_id == by.pk):
            continue
        if to != by or not claims.covers(owner=None, team=row.team_id):
            refused[id] = _absent()
        elif row.owner_id is not None:
            refused[id] = _taken(row)
    return refused


def _teams_for(to: Member | None, team: Team | None, before: Collection[int]) -> dict[int, int]:
    """Whose contacts those of each team become."""
    if team is not None:
        return dict.fromkeys(before, team.pk)
    if to is None:
        return {each: each for each in before}
    own = [post.team_id for post in posts_of(to)]
    below = subtree(own)
    return {each: each if each in below else own[0] for each in before}


def _over_limits(contacts: Sequence[int], to: Member) -> dict[int, ActionRefused]:
    """Those of the contacts that the member may not claim, or not today."""
    Member.objects.select_for_update(no_key=True).get(pk=to.pk)  # two claims at once: the later counts the earlier
    seas, now = setting(Seas), timezone.now()
    refused = {contact: _cooling_until(until[to.pk]) for contact, until in cooling(contacts).items() if to.pk in until}
    free = [id for id in contacts if id not in refused]
    today = claimed_today(to, now)
    left_today = max(0, seas.claims_a_day - today) if seas.claims_a_day else len(free)
    owned = Ownership.objects.filter(owner=to).count() if seas.most_owned else 0
    room = max(0, seas.most_owned - owned) if seas.most_owned else len(free)
    refused |= {id: _day(seas.claims_a_day) for id in free[left_today:]}
    return refused | {id: _full(seas.most_owned) for id in free[room:]}


def claimed_today(member: Member, now: datetime) -> int:
    """How many contacts the member has claimed since midnight in the organisation's zone."""
    midnight = now.astimezone(ZoneInfo(settings.ORGANISATION_ZONE)).replace(hour=0, minute=0, second=0, microsecond=0)
    return OwnerChange.objects.filter(owner=member, reason=Reason.CLAIMED, changed_at__gte=midnight).count()


def cooling(contacts: Collection[int]) -> dict[int, dict[int, datetime]]:
    """Who gave each of these back or lost it lately, and until when they are not to have it again."""
    cool_down = timedelta(days=setting(Seas).cool_down_days)
    lost = OwnerChange.objects.filter(
        contact__in=contacts,
        was_owner__isnull=False,
        reason__in=[Reason.RELEASED, Reason.TAKEN_BACK],
        changed_at__gt=timezone.now() - cool_down,
    )
    found: dict[int, dict[int, datetime]] = {}
    for contact, owner, changed_at in lost.order_by("pk").values_list("contact", "was_owner", "changed_at"):
        found.setdefault(contact, {})[owner] = changed_at + cool_down
    return found


def _move(moved: Sequence[Moved], by: Member | None, reason: OwnerChange.Reason, words: str) -> None:
    columns = list(map(list, zip(*moved, strict=True)))
    ids, _was_owners, owners, _was_teams, teams = columns
    with connection.cursor() as cursor:
        cursor.execute(
            """UPDATE contacts_contact SET owner_id = told.owner, team_id = told.team
               FROM unnest(%s::bigint[], %s::bigint[], %s::bigint[]) AS told (contact, owner, team)
               WHERE id = told.contact""",
            [ids, owners, teams],
        )
        cursor.execute(
            """INSERT INTO contacts_ownerchange
                   (contact_id, was_owner_id, owner_id, was_team_id, team_id, by_id, reason, words, changed_at)
               SELECT *, %s, %s, %s, %s
               FROM unnest(%s::bigint[], %s::bigint[], %s::bigint[], %s::bigint[], %s::bigint[])""",
            [by.pk if by else None, reason, words[:200], timezone.now(), *columns],
        )


def _note(
    moved: Sequence[Moved],
    rows: Mapping[int, _Row],
    to: Member | None,
    by: Member | None,
    reason: OwnerChange.Reason,
) -> None:
    """One deed for all of them; each stands in `OwnerChange`."""
    what = What.CLAIMED if reason == Reason.CLAIMED else What.OWNERS_CHANGED
    if len(moved) == 1:
        id = moved[0].contact_id
        note(what, by=by, about=rows[id].name or f"#{id}", about_id=id)
    else:
        note(what, by=by, about=f"{len(moved)} → {to.name if to else '–'}")


def _absent() -> ActionRefused:
    return ActionRefused("absent", _("There is no such contact, or it is not yours to give."))


def _taken(row: _Row) -> ActionRefused:
    if row.owner_name is None:
        return ActionRefused("taken", _("It has been put into the public sea meanwhile."))
    return ActionRefused("taken", _("%(owner)s has it already.") % {"owner": row.owner_name})


def _same(row: _Row) -> ActionRefused:
    if row.owner_name is None:
        return ActionRefused("same", _("It is in the public sea already."))
    return ActionRefused("same", _("%(owner)s has it already.") % {"owner": row.owner_name})


def _day(most: int) -> ActionRefused:
    told = ngettext("You may claim %(most)s contact a day.", "You may claim %(most)s contacts a day.", most)
    return ActionRefused("day", told % {"most": most})


def _full(most: int) -> ActionRefused:
    told = ngettext(
        "Whoever owns %(most)s contact claims no more.", "Whoever owns %(most)s contacts claims no more.", most
    )
    return ActionRefused("full", told % {"most": most})


def _cooling_until(moment: datetime) -> ActionRefused:
    day = date_format(timezone.localtime(moment), "DATE_FORMAT")
    return ActionRefused("cooling", _("It was yours until lately; you may claim it again from %(day)s.") % {"day": day})
