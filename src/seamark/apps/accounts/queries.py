"""What pages show of members, teams and roles."""

from __future__ import annotations

from typing import NamedTuple

from django.db.models import Count, Prefetch, Q, QuerySet
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from seamark.apps.accounts.models import Deed, Member, Post, Team
from seamark.apps.accounts.roles import ROLES, Action, Role, Scope

ACTIONS: dict[Action, Promise] = {
    Action.VIEW: _("See contacts"),
    Action.EDIT: _("Edit contacts and set tags"),
    Action.SEND: _("Write to contacts"),
    Action.CLAIM: _("Claim from the public sea"),
    Action.ALLOCATE: _("Allocate to other owners"),
    Action.EXPORT: _("Export"),
    Action.UNMASK: _("See phone numbers and addresses in full"),
    Action.RULEBOOKS: _("Change rulebooks"),
    Action.CHANNELS: _("Connect channels"),
    Action.MEMBERS: _("Manage members and teams"),
    Action.SETTINGS: _("Set what holds for the organisation"),
    Action.RECORD: _("See who did what"),
}
SCOPES: dict[Scope, Promise | str] = {
    Scope.NONE: "–",
    Scope.OWN: _("own"),
    Scope.TEAM: _("team"),
    Scope.REGION: _("team and below"),
    Scope.ALL: _("all"),
}


class InTree(NamedTuple):
    """A team, how deep it stands, and how many active members have a post in it."""

    team: Team
    depth: int


def members_with_posts() -> QuerySet[Member]:
    """All members, active ones first, with posts and teams."""
    posts = Prefetch("posts", Post.objects.select_related("team").order_by("team__name"))
    return Member.objects.prefetch_related(posts).order_by("-is_active", "name")


DEEDS_A_PAGE = 100


def latest_deeds(before: int | None) -> list[Deed]:
    """The record from a deed on (exclusive), newest first."""
    deeds = Deed.objects.select_related("by").order_by("-id")
    return list((deeds.filter(pk__lt=before) if before else deeds)[:DEEDS_A_PAGE])


def team_tree() -> list[InTree]:
    """All teams, each behind the one above it."""
    active = Count("posts__member", filter=Q(posts__member__is_active=True), distinct=True)
    below: dict[int | None, list[Team]] = {}
    for team in Team.objects.annotate(members=active).order_by("name"):
        below.setdefault(team.above_id, []).append(team)
    return list(_branch(below, None, 0))


def _branch(below: dict[int | None, list[Team]], above: int | None, depth: int) -> list[InTree]:
    return [
        each for team in below.get(above, []) for each in (InTree(team, depth), *_branch(below, team.pk, depth + 1))
    ]


def roles_in_words() -> list[tuple[Promise, list[tuple[Role, Promise | str]]]]:
    """For each action, how far each role reaches."""
    return [
        (title, [(role, SCOPES[role.may.get(action, Scope.NONE)]) for role in ROLES.values()])
        for action, title in ACTIONS.items()
    ]
