"""What each role may do, and to whose contacts."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import IntEnum, StrEnum

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


class Scope(IntEnum):
    """Whose contacts, from fewest to most. Of several, the widest counts."""

    NONE = 0
    OWN = 1
    """Those the member owns."""
    TEAM = 2
    """Those of the team in which the role is held, its public sea among them."""
    REGION = 3
    """Those of that team and of every team below it."""
    ALL = 4


class Action(StrEnum):
    """What can be allowed. The first six are about contacts and have a scope; the others are had or not."""

    VIEW = "view"
    EDIT = "edit"
    SEND = "send"
    CLAIM = "claim"
    """Take contacts without an owner from the public sea; seeing them goes with it."""
    ALLOCATE = "allocate"
    """Give contacts to another owner."""
    EXPORT = "export"
    UNMASK = "unmask"
    """See phone numbers and addresses in full."""
    RULEBOOKS = "rulebooks"
    CHANNELS = "channels"
    MEMBERS = "members"
    SETTINGS = "settings"
    """Set what holds for the whole organisation."""
    RECORD = "record"
    """See who did what."""


@dataclass(frozen=True)
class Role:
    """A role and its scope for each action; an action that is not named is not allowed."""

    name: str
    title: Promise
    may: Mapping[Action, Scope]


def _role(name: str, title: Promise, **may: Scope) -> Role:
    return Role(name, title, {Action(action): scope for action, scope in may.items()})


ROLES: dict[str, Role] = {
    role.name: role
    for role in (
        _role(
            "salesperson",
            _("Salesperson"),
            view=Scope.OWN,
            edit=Scope.OWN,
            send=Scope.OWN,
            claim=Scope.TEAM,
            unmask=Scope.OWN,
        ),
        # S4: a manager reads what the team does and edits none of it; allocating is a right of its own.
        _role("manager", _("Manager"), view=Scope.TEAM, allocate=Scope.TEAM, unmask=Scope.TEAM),
        _role(
            "regional-manager",
            _("Regional manager"),
            view=Scope.REGION,
            allocate=Scope.REGION,
            export=Scope.REGION,
            unmask=Scope.REGION,
        ),
        _role(
            "headquarters",
            _("Headquarters"),
            view=Scope.ALL,
            edit=Scope.ALL,
            send=Scope.ALL,
            allocate=Scope.ALL,
            export=Scope.ALL,
            unmask=Scope.ALL,
            rulebooks=Scope.ALL,
            settings=Scope.ALL,
        ),
        _role(
            "administrator",
            _("Administrator"),
            members=Scope.ALL,
            channels=Scope.ALL,
            rulebooks=Scope.ALL,
            settings=Scope.ALL,
            record=Scope.ALL,
        ),
        _role("auditor", _("Auditor"), view=Scope.ALL, record=Scope.ALL),
    )
}
