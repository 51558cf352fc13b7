"""Deeds about owners."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence

from seamark.apps.accounts.errors import ActionRefused
from seamark.apps.accounts.models import Member, Team
from seamark.apps.batches.models import Batch, Row
from seamark.apps.batches.outcomes import SAME, Outcome, Outcomes, locked, refused
from seamark.apps.contacts.ownership import Given, Reason
from seamark.apps.contacts.ownership import give as give_to


def give(batch: Batch, contacts: Sequence[int]) -> Outcomes:
    """To another owner: out of the public sea that is allocating, else transferring."""
    swimming = {id for id, place in locked(contacts).items() if place.owner is None}
    outcomes: Outcomes = {}
    for reason, some in (
        (Reason.ALLOCATED, [id for id in contacts if id in swimming]),
        (Reason.TRANSFERRED, [id for id in contacts if id not in swimming]),
    ):
        given = give_to(contacts=some, to=batch.to, by=batch.by, reason=reason, words=batch.words)
        outcomes |= _outcomes(given)
    return outcomes


def release(batch: Batch, contacts: Sequence[int]) -> Outcomes:
    """Into the public sea."""
    return _outcomes(give_to(contacts=contacts, to=None, by=batch.by, reason=Reason.RELEASED, words=batch.words))


def claim(batch: Batch, contacts: Sequence[int]) -> Outcomes:
    """Out of the public sea, as far as the limits of claiming go."""
    return _outcomes(give_to(contacts=contacts, to=batch.by, by=batch.by, reason=Reason.CLAIMED, was=None))


def undo(batch: Batch, contacts: Sequence[int]) -> Outcomes:
    """Back to the owners and teams they came from; whoever was moved on since stays."""
    assert batch.undoes is not None
    undone = batch.undoes
    now_of = {Batch.Deed.GIVE: undone.to, Batch.Deed.RELEASE: None, Batch.Deed.CLAIM: undone.by}
    new_owner = now_of[Batch.Deed(undone.deed)]
    locked(contacts)  # all in the order of their ids, before they are given back in groups
    outcomes: Outcomes = {}
    for (owner, team), some in _former_places(undone, contacts).items():
        try:
            given = give_to(
                contacts=some, to=owner, by=batch.by, reason=Reason.UNDONE, was=new_owner, team=team, words=batch.words
            )
        except ActionRefused as refusal:
            outcomes |= dict.fromkeys(some, refused(str(refusal)))
        else:
            outcomes |= _outcomes(given)
    return outcomes


def _former_places(undone: Batch, contacts: Sequence[int]) -> Mapping[tuple[Member | None, Team | None], list[int]]:
    found: dict[tuple[Member | None, Team | None], list[int]] = defaultdict(list)
    for row in Row.objects.filter(batch=undone, contact__in=contacts).select_related("was_owner", "was_team"):
        found[row.was_owner, row.was_team].append(row.contact_id)
    return found


def _outcomes(given: Given) -> Outcomes:
    moved = {each.contact_id: Outcome(Row.State.DONE, "", each.was_owner, each.was_team) for each in given.moved}
    return moved | {id: SAME if why.code == "same" else refused(str(why)) for id, why in given.refused.items()}
