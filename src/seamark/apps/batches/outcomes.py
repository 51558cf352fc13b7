"""What comes of a batch for one contact."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import NamedTuple

from django.utils.translation import gettext as _

from seamark.apps.accounts.access import Reach
from seamark.apps.batches.models import Row
from seamark.apps.contacts.models import Contact


class Outcome(NamedTuple):
    """Of one contact."""

    state: Row.State
    why: str = ""
    was_owner: int | None = None
    was_team: int | None = None


DONE = Outcome(Row.State.DONE)
SAME = Outcome(Row.State.SAME)

Outcomes = dict[int, Outcome]
"""By contact."""


def refused(why: str) -> Outcome:
    """It stays as it was."""
    return Outcome(Row.State.REFUSED, why[:200])


class Place(NamedTuple):
    """Whose a contact is."""

    owner: int | None
    team: int


def locked(contacts: Collection[int]) -> dict[int, Place]:
    """The contacts, locked in the order of their ids, as all do who move them."""
    rows = Contact.objects.select_for_update(no_key=True).filter(pk__in=contacts).order_by("pk")
    return {id: Place(owner, team) for id, owner, team in rows.values_list("pk", "owner_id", "team_id")}


def out_of_reach(contacts: Collection[int], places: Mapping[int, Place], reached: Reach) -> Outcomes:
    """Those of the contacts that the member may not change, or not any more."""
    return {
        id: refused(_("It is not yours to change."))
        for id in contacts
        if id not in places or not reached.covers(owner=places[id].owner, team=places[id].team)
    }
