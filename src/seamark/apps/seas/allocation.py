"""Contacts of the public sea are allocated: by turns, by load, or by rules, and to their old owners first."""

from __future__ import annotations

import heapq
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import ClassVar

from django.db.models import Count, OuterRef, Subquery, TextChoices
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from seamark.apps.accounts.access import subtree
from seamark.apps.accounts.errors import ActionRefused
from seamark.apps.accounts.models import Member, Post
from seamark.apps.accounts.organisation import setting
from seamark.apps.accounts.roles import ROLES, Action
from seamark.apps.contacts.models import Contact, Identity, OwnerChange, Ownership
from seamark.apps.contacts.ownership import Given, Reason, cooling, give
from seamark.apps.contacts.seas import Seas
from seamark.apps.seas.models import Rule
from seamark.apps.tagging.models import Standing, Tag

SELLING = [name for name, role in ROLES.items() if role.may.get(Action.CLAIM)]
"""The roles of those among whom contacts are shared out: whoever may claim."""


class Way(TextChoices):
    """How the next owner is found."""

    TURNS = "turns", gettext_lazy("By turns")
    LOAD = "load", gettext_lazy("To whoever owns fewest")
    RULES = "rules", gettext_lazy("By the rules")


@dataclass(frozen=True)
class Allocation:
    """Whether contacts who write from the public sea are allocated by themselves, and how."""

    KEY: ClassVar = "allocation"
    by_itself: str = ""
    """A `Way`; empty: nobody is, until a member does it."""
    old_first: bool = True
    """S1: whoever owned the contact last is asked first."""


def allocate(*, contacts: Collection[int], way: Way, by: Member | None, old_first: bool = False) -> Given:
    """Give contacts of the public sea to those who sell in their teams, or in the teams below where nobody does.

    Whoever owns as many as the limit allows gets none, and nobody one that they gave back or lost lately. Those for
    whom nobody is found stay, with code `nobody`.
    """
    found = Contact.objects.filter(pk__in=contacts, owner=None).order_by("pk").values_list("pk", "team")
    teams = dict(found)
    shares = _Shares(way)
    plan: dict[int, list[int]] = {}
    chosen = _by_rules(teams, shares) if way == Way.RULES else {}
    olds = _old_owners(teams) if old_first else {}
    barred = cooling(teams)
    for contact, team in teams.items():
        sellers = shares.sellers(team)
        if olds.get(contact) in sellers:
            owner: int | None = shares.taken(olds[contact])
        elif way == Way.RULES:
            owner = chosen[contact].next(barred.get(contact, ())) if contact in chosen else None
        else:
            owner = sellers.next(barred.get(contact, ()))
        if owner is not None:
            plan.setdefault(owner, []).append(contact)
    return _given(contacts, teams, plan, by)


def _given(
    contacts: Collection[int], teams: Mapping[int, int], plan: Mapping[int, Sequence[int]], by: Member | None
) -> Given:
    members = Member.objects.in_bulk(list(plan))
    whole = Given()
    for owner, mine in sorted(plan.items(), key=lambda each: each[1][-1]):  # whoever got the last one gets it last
        try:
            given = give(contacts=mine, to=members[owner], by=by, reason=Reason.ALLOCATED, was=None)
        except ActionRefused as refused:  # a rule leads to somebody out of the giver's reach
            given = Given(refused=dict.fromkeys(mine, refused))
        whole.moved += given.moved
        whole.refused |= given.refused
    planned = {contact for mine in plan.values() for contact in mine}
    nobody = ActionRefused("nobody", _("Nobody was found who could take it."))
    gone = ActionRefused("taken", _("It is no longer in the public sea."))
    whole.refused |= {each: nobody if each in teams else gone for each in contacts if each not in planned}
    return whole


class _Sellers:
    """Members who take turns."""

    def __init__(self, members: Iterable[int], shares: _Shares) -> None:
        self._members = frozenset(members)
        self._shares = shares
        self._turns = [(shares.weight(member), member) for member in self._members]
        heapq.heapify(self._turns)

    def __contains__(self, member: object) -> bool:
        return member in self._members

    def next(self, barred: Collection[int] = ()) -> int | None:
        """Whose turn it is of those who are not barred; nobody's when all others own as many as they may."""
        passed = []
        found = None
        while self._turns and found is None:
            weight, member = heapq.heappop(self._turns)
            if self._shares.is_full(member):
                continue
            if member in barred:
                passed.append(member)
                continue
            if weight == self._shares.weight(member):
                found = self._shares.taken(member)
            heapq.heappush(self._turns, (self._shares.weight(member), member))  # it may have got some elsewhere
        for member in passed:
            heapq.heappush(self._turns, (self._shares.weight(member), member))
        return found


class _Shares:
    """How much each member has got so far, over all teams."""

    def __init__(self, way: Way) -> None:
        self._most = setting(Seas).most_owned
        posts = Post.objects.filter(member__is_active=True, role__in=SELLING).values_list("team", "member")
        self._by_team: dict[int, set[int]] = {}
        for team, member in posts:
            self._by_team.setdefault(team, set()).add(member)
        members = {member for _, member in posts}
        self._is_load = way == Way.LOAD
        self._owned = dict.fromkeys(members, 0)
        if self._is_load or self._most:
            counted = Ownership.objects.filter(owner__in=members).values("owner").annotate(number=Count("*"))
            self._owned |= dict(counted.values_list("owner", "number"))
        self._weights = dict(self._owned) if self._is_load else _turns(members)
        self._known: dict[int, _Sellers] = {}

    def sellers(self, team: int) -> _Sellers:
        """Those who sell in the team; in the teams below it where nobody does."""
        if team not in self._known:
            here = self._by_team.get(team) or {
                member for below in subtree([team]) for member in self._by_team.get(below, ())
            }
            self._known[team] = _Sellers(here, self)
        return self._known[team]

    def only(self, member: int) -> _Sellers:
        """One member alone."""
        return _Sellers([member] if member in self._owned else [], self)

    def weight(self, member: int) -> int:
        """The lower, the sooner it is the member's turn."""
        return self._weights[member]

    def is_full(self, member: int) -> bool:
        """Whether the member owns as many as the limit allows."""
        return bool(self._most) and self._owned[member] >= self._most

    def taken(self, member: int) -> int | None:
        """The member gets one more, unless that is too many."""
        if self.is_full(member):
            return None
        self._owned[member] += 1
        self._weights[member] = self._owned[member] if self._is_load else max(self._weights.values()) + 1
        return member


def _turns(members: Collection[int]) -> dict[int, int]:
    """Whoever was allocated one longest ago comes first."""
    latest = OwnerChange.objects.filter(owner=OuterRef("pk"), reason=Reason.ALLOCATED).order_by("-changed_at")
    in_order = (
        Member.objects.filter(pk__in=members)
        .annotate(allocated_at=Subquery(latest.values("changed_at")[:1]))
        .order_by("allocated_at", "pk")
    )
    never = [member for member in in_order if member.allocated_at is None]
    return {
        member.pk: turn
        for turn, member in enumerate([*never, *(each for each in in_order if each.allocated_at is not None)])
    }


def _by_rules(contacts: Collection[int], shares: _Shares) -> dict[int, _Sellers]:
    """To whom the first rule that fits gives each; those whom none fits are left out."""
    rules = list(Rule.objects.all())
    ids = dict(Tag.objects.filter(name__in=[rule.tag for rule in rules if rule.tag]).values_list("name", "pk"))
    tags = dict(Standing.objects.filter(pk__in=contacts).values_list("pk", "tags"))
    sources: dict[int, set[str]] = {}
    for contact, source in Identity.objects.filter(contact__in=contacts).values_list("contact", "source"):
        sources.setdefault(contact, set()).add(source)
    pools = {
        rule.pk: shares.only(rule.member_id) if rule.member_id else shares.sellers(rule.team_id or 0) for rule in rules
    }

    def fits(rule: Rule, contact: int) -> bool:
        if rule.tag:
            return ids.get(rule.tag) in tags.get(contact, ())
        return rule.source in sources.get(contact, ())

    chosen = {contact: next((rule for rule in rules if fits(rule, contact)), None) for contact in contacts}
    return {contact: pools[rule.pk] for contact, rule in chosen.items() if rule}


def _old_owners(contacts: Collection[int]) -> dict[int, int]:
    """Who owned each last, unless they gave it back or lost it lately."""
    cool_down = timezone.now() - timedelta(days=setting(Seas).cool_down_days)
    last = (
        OwnerChange.objects.filter(contact__in=contacts, was_owner__isnull=False)
        .order_by("contact", "-pk")
        .distinct("contact")
        .values_list("contact", "was_owner", "changed_at")
    )
    return {contact: owner for contact, owner, changed_at in last if changed_at <= cool_down}
