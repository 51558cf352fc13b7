"""Deeds about tags: hands laid on many contacts, and lifted again so that all is as it was."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import NamedTuple

from django.utils import timezone
from django.utils.translation import gettext as _

from seamark.apps.accounts.access import reach
from seamark.apps.accounts.errors import ActionRefused
from seamark.apps.accounts.roles import Action
from seamark.apps.batches.models import Batch
from seamark.apps.batches.outcomes import DONE, SAME, Outcomes, locked, out_of_reach, refused
from seamark.apps.contacts.actions import DESK
from seamark.apps.tagging.hands import HandKind, Hands, NewHand, end_of, hands_of, holds, lay, next_moment
from seamark.apps.tagging.history import UNDOES
from seamark.apps.tagging.models import Standing
from seamark.apps.tagging.rulebooks import Live, live_rulebook
from seamark.engine.events import Event
from seamark.engine.plan import HAND_LASTS


class Wanted(NamedTuple):
    """A hand that the deed lays."""

    kind: HandKind
    tag: str
    until: datetime | None = None


@dataclass(frozen=True)
class Seen:
    """What is known of a contact's tags before the deed."""

    live: Live
    now: datetime
    held: frozenset[str]
    hands: Sequence[Event]
    """On the tags of the deed and on the other tags of their level groups, in the order in which they count."""

    def last(self, tag: str, before: Event | None = None) -> Event | None:
        """The last hand on the tag, or the last before another hand."""
        found = None
        for hand in self.hands:
            if hand is before:
                break
            if hand.props["tag"] == tag:
                found = hand
        return found

    def is_set(self, tag: str, until: datetime | None) -> bool:
        """Whether the tag is held by a hand already, for as long at least."""
        hand = self.last(tag)
        if hand is None or tag not in self.held or hand.kind != "tag.set" or not holds(hand, self.live, self.now):
            return False
        end = end_of(hand, self.live)
        return end is None or (until is not None and until <= end)


def usual_end(tag: str, live: Live, now: datetime) -> datetime | None:
    """Until when a hand that names no end holds the tag; None: without end."""
    return None if tag in live.plan.by_hand else now + timedelta(microseconds=HAND_LASTS)


def known(tags: Collection[str]) -> Live:
    """The live rulebook. Raises `ActionRefused` where it has not all of these tags."""
    live = live_rulebook()
    for tag in tags:
        if live is None or tag not in live.rulebook.tags:
            raise ActionRefused("unknown-tag", _("The live rulebook has no tag “%(tag)s”.") % {"tag": tag})
    if live is None:
        raise ActionRefused("no-rulebook", _("No rulebook is live yet."))
    return live


def tag(batch: Batch, contacts: Sequence[int]) -> Outcomes:
    """Set the tag by hand."""

    def wanted(seen: Seen) -> list[Wanted]:
        until = batch.until or usual_end(batch.tag, seen.live, seen.now)
        return [] if seen.is_set(batch.tag, until) else [Wanted("tag.set", batch.tag, batch.until)]

    return _by_hand(batch, contacts, wanted)


def untag(batch: Batch, contacts: Sequence[int]) -> Outcomes:
    """Take the tag away by hand from those who hold it."""

    def wanted(seen: Seen) -> list[Wanted]:
        return [Wanted("tag.cleared", batch.tag, batch.until)] if batch.tag in seen.held else []

    return _by_hand(batch, contacts, wanted)


def replace(batch: Batch, contacts: Sequence[int]) -> Outcomes:
    """Give those who hold the one tag the other instead; a period that was set by hand goes along."""

    def wanted(seen: Seen) -> list[Wanted]:
        if batch.tag not in seen.held:
            return []
        hand = seen.last(batch.tag)
        until = end_of(hand, seen.live) if hand and hand.kind == "tag.set" else None
        return [Wanted("tag.cleared", batch.tag), Wanted("tag.set", batch.into, batch.until or until)]

    return _by_hand(batch, contacts, wanted)


def undo(batch: Batch, contacts: Sequence[int]) -> Outcomes:
    """Put every hand back that the undone batch laid another over; a tag on which somebody laid one since stays.

    No reaction runs by it: nobody is to be welcomed twice because of a slip.
    """
    assert batch.undoes is not None
    undone = batch.undoes

    def wanted(seen: Seen) -> list[Wanted] | None:
        ours = [hand for hand in seen.hands if hand.id.startswith(f"{DESK}:{_key(undone.pk, int(hand.contact))}")]
        if any(seen.last(str(hand.props["tag"])) is not hand for hand in ours):
            return None
        return list(_restored(seen, ours))

    return _by_hand(batch, contacts, wanted)


def _restored(seen: Seen, ours: Sequence[Event]) -> Iterator[Wanted]:
    """The hands that were laid before these, and after them whichever of a level group were laid later still.

    Of several levels set by hand the one set last is held, so the order is restored too.
    """
    former = {str(hand.props["tag"]): seen.last(str(hand.props["tag"]), before=hand) for hand in ours}
    again: list[Event] = []
    for tag, hand in former.items():
        if hand is None or not holds(hand, seen.live, seen.now):
            yield Wanted("tag.lifted", tag)
        else:
            again.append(hand)
    levels = {str(hand.props["tag"]) for hand in seen.hands} - former.keys()
    others = [hand for tag in levels if (hand := seen.last(tag)) and hand.kind == "tag.set"]
    order = seen.live.plan.reads.order_key
    first = min((order(hand) for hand in again if hand.kind == "tag.set"), default=None)
    if first is not None:
        again += [hand for hand in others if order(hand) > first and holds(hand, seen.live, seen.now)]
    for hand in sorted(again, key=order):
        yield Wanted(hand.kind, str(hand.props["tag"]), end_of(hand, seen.live))  # type: ignore[arg-type]


def _by_hand(batch: Batch, contacts: Sequence[int], wanted: Callable[[Seen], list[Wanted] | None]) -> Outcomes:
    """Lay on each contact what is wanted of it: nothing where all is so already, None where it changed since."""
    about = (batch.undoes or batch).tags
    live, now = known(about), timezone.now()
    outcomes = out_of_reach(contacts, locked(contacts), reach(batch.by, Action.EDIT))
    free = [id for id in contacts if id not in outcomes]
    held, hands = _held(free, live), hands_of(free, _with_levels(about, live), live)
    laid: list[NewHand] = []
    for id in free:
        laid_on = hands.get(id, Hands())
        seen = Seen(live, now, held.get(id, frozenset()), laid_on.counting)
        new = wanted(seen)
        outcomes[id] = refused(_("It was changed since.")) if new is None else DONE if new else SAME
        laid += _laid(batch, id, new or (), next_moment(laid_on.latest, now))
    undoes = {UNDOES: batch.undoes.pk} if batch.undoes else {}
    lay(laid, by=batch.by, props={"batch": batch.pk, **undoes}, quiet=batch.is_quiet or bool(undoes))
    return outcomes


def _laid(batch: Batch, contact: int, wanted: Sequence[Wanted], moment: datetime) -> list[NewHand]:
    key = _key(batch.pk, contact)
    return [
        NewHand(contact, each.tag, each.kind, each.until, moment, f"{key}{place}", place)
        for place, each in enumerate(wanted)
    ]


def _key(batch: int, contact: int) -> str:
    return f"batch:{batch}:{contact}:"


def _held(contacts: Collection[int], live: Live) -> dict[int, frozenset[str]]:
    rows = Standing.objects.filter(pk__in=contacts).values_list("pk", "tags")
    return {id: frozenset(live.tag_names.get(tag, "") for tag in tags) for id, tags in rows}


def _with_levels(tags: Collection[str], live: Live) -> set[str]:
    """These tags, and whatever else may be held in their place."""
    levels = [{tag.name for tag in group.tags} for group in live.rulebook.groups if group.kind == "level"]
    return set(tags).union(*(names for names in levels if not names.isdisjoint(tags)))
