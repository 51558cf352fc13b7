"""How far a member reaches: the one place where roles and teams become a condition on rows."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, field
from functools import reduce
from operator import or_

from django.db.models import Q, prefetch_related_objects

from seamark.apps.accounts.models import Member, Post, Team
from seamark.apps.accounts.roles import ROLES, Action, Scope

WORKING = frozenset(name for name, role in ROLES.items() if {Action.EDIT, Action.ALLOCATE} & role.may.keys())
"""Roles in which a member does something for a team's contacts."""


@dataclass(frozen=True)
class Reach:
    """To whose contacts a member may do something."""

    everyone: bool = False
    own: int | None = None
    """The member, where contacts of their own are reached."""
    teams: frozenset[int] = field(default_factory=frozenset)
    """Teams all of whose contacts are reached."""
    seas: frozenset[int] = field(default_factory=frozenset)
    """Teams whose contacts without an owner are reached."""

    def __bool__(self) -> bool:
        return self.everyone or self.own is not None or bool(self.teams or self.seas)

    def covers(self, *, owner: int | None, team: int) -> bool:
        """Whether a contact of that owner and team is reached; the same as `condition` asks of rows."""
        if self.everyone or team in self.teams:
            return True
        return owner == self.own if owner is not None else team in self.seas

    def condition(self, prefix: str = "") -> Q:
        """The condition on rows that have `owner` and `team`, or lead to them through `prefix`."""
        if self.everyone:
            return Q()
        reached = Q(pk__in=[])
        if self.own is not None:
            reached |= Q(**{f"{prefix}owner_id": self.own})
        if self.teams:
            reached |= Q(**{f"{prefix}team_id__in": self.teams})
        if self.seas:
            reached |= Q(**{f"{prefix}owner_id": None, f"{prefix}team_id__in": self.seas})
        return reached


def reach(member: Member, action: Action) -> Reach:
    """To whose contacts the member may do this, over all roles held."""
    if not member.is_active:
        return Reach()
    scopes = [(ROLES[post.role].may.get(action, Scope.NONE), post.team_id) for post in posts_of(member)]
    seas: set[int] = set()
    if action == Action.VIEW:
        seas = {post.team_id for post in posts_of(member) if ROLES[post.role].may.get(Action.CLAIM)}
    held = {scope for scope, _ in scopes}
    if action == Action.CLAIM:
        return Reach(seas=_teams(scopes))
    return Reach(
        everyone=Scope.ALL in held,
        own=member.pk if Scope.OWN in held else None,
        teams=_teams(scopes),
        seas=frozenset(seas),
    )


def either(*conditions: Q) -> Q:
    """True where any of them is. An empty one, which is true of all rows, stays so."""
    return reduce(or_, conditions) if all(conditions) else Q()


def may(member: Member, action: Action) -> bool:
    """Whether the member may do this at all."""
    return member.is_active and any(ROLES[post.role].may.get(action) for post in posts_of(member))


def teams_of(member: Member) -> frozenset[int]:
    """The teams for which the member does something; looking on is none."""
    posts = posts_of(member) if member.is_active else ()
    return frozenset(post.team_id for post in posts if post.role in WORKING)


def posts_of(member: Member) -> Collection[Post]:
    """The member's posts, asked for once."""
    prefetch_related_objects([member], "posts")
    return member.posts.all()


def _teams(scopes: Collection[tuple[Scope, int]]) -> frozenset[int]:
    teams = {team for scope, team in scopes if scope == Scope.TEAM}
    tops = {team for scope, team in scopes if scope == Scope.REGION}
    return frozenset(teams | subtree(tops)) if tops else frozenset(teams)


def subtree(tops: Collection[int]) -> set[int]:
    """These teams and all below them."""
    below: dict[int | None, list[int]] = {}
    for team, above in Team.objects.values_list("pk", "above_id"):
        below.setdefault(above, []).append(team)
    found: set[int] = set()
    waiting = list(tops)
    while waiting:
        team = waiting.pop()
        if team not in found:
            found.add(team)
            waiting += below.get(team, [])
    return found
