"""What is known of tags: held now, why, as of a past moment, and how often."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from functools import lru_cache
from typing import NamedTuple

from django.db.models import Count, Func
from django.utils import timezone

from seamark.apps.accounts.access import Reach
from seamark.apps.contacts.models import Contact
from seamark.apps.tagging.history import histories
from seamark.apps.tagging.models import Standing, TagChange
from seamark.apps.tagging.rulebooks import ORGANISATION_ZONE, Live, compiled, live_rulebook
from seamark.engine.moments import as_datetime, as_moment
from seamark.engine.online import Online
from seamark.engine.plan import plan_rulebook
from seamark.engine.replay import History, fields_before, timeline
from seamark.engine.rulebook import Clause, Rulebook, Tag, TagGroup
from seamark.engine.why import Why, why
from seamark.engine.work import asked_conditions, asked_name
from seamark.histories.annotation import reads_with_texts

MOST_STEPS = 200
"""Moments looked at for the ends of tags: at many of them a leaf changes and no tag does."""


class HeldTag(NamedTuple):
    """A tag that a contact holds."""

    tag: Tag
    since: datetime | None
    """None: since before the history."""


def held_by(contacts: Sequence[int]) -> dict[int, list[HeldTag]]:
    """The listed tags that each contact holds, in the order of the rulebook."""
    live = live_rulebook()
    rows = Standing.objects.filter(pk__in=contacts).values_list("pk", "tags", "since")
    return {contact: _held(live, tags, since) for contact, tags, since in rows} if live else {}


def _held(live: Live, tags: Sequence[int], since: Sequence[datetime | None]) -> list[HeldTag]:
    held = {live.tag_names.get(id, ""): each for id, each in zip(tags, since, strict=True)}
    return [HeldTag(tag, held[name]) for name, tag in live.rulebook.tags.items() if name in held and not tag.unlisted]


def by_group(held: Sequence[HeldTag], rulebook: Rulebook) -> list[tuple[TagGroup, list[HeldTag]]]:
    """The tags held, by group, groups without any left out."""
    groups = [(group, [each for each in held if each.tag in group.tags]) for group in rulebook.groups]
    return [(group, tags) for group, tags in groups if tags]


def why_of(contact: Contact, tag: str, moment: datetime | None = None) -> Why:
    """Why the contact holds the tag at that moment (now, unless given), or does not. KeyError: there is no such tag."""
    live = _live()
    history = history_of(contact, live, without_undone=moment is None)
    return why(live.rulebook, ORGANISATION_ZONE, history, tag, as_moment(moment or timezone.now()))


def holds(contact: int, clause: Clause, live: Live, moment: datetime) -> bool:
    """Whether a condition that a reaction or a journey asks holds of the contact at that moment."""
    online, now = asking(live.version_id), as_moment(moment)
    history = next((history for _, history in histories([contact], online.plan.reads, ORGANISATION_ZONE)), None)
    if history is None:
        return False
    state = online.state(fields_before(history, online.plan.reads))
    for event in history.events:
        if event.occurred_at <= now:
            online.fold(state, event)
    return asked_name(clause) in online.verdict(state, now).tags


@lru_cache(maxsize=2)
def asking(version: int) -> Online:
    """The evaluator of a version that answers what its reactions and journeys ask, too."""
    rulebook = compiled(version).rulebook
    return Online(plan_rulebook(rulebook, asked_conditions(rulebook)), ORGANISATION_ZONE)


def held_then(contact: Contact, moment: datetime) -> list[HeldTag]:
    """The tags that the contact held at a past moment, as the live rulebook sees it today."""
    live = _live()
    history = history_of(contact, live)
    online = Online(plan_rulebook(live.rulebook), ORGANISATION_ZONE)
    now = as_moment(moment)
    past = [event for event in history.events if event.occurred_at <= now]
    begin = min([now, *(event.occurred_at for event in past[:1])]) - 1
    fields = fields_before(history, online.plan.reads)
    spans = timeline(online, history._replace(events=past, fields=fields), begin, now)
    since = {span.tag: span.entered_at for span in spans if span.left_at is None}
    return [
        HeldTag(tag, _moment(since[name]))
        for name, tag in live.rulebook.tags.items()
        if name in since and not tag.unlisted
    ]


def ends_of(contact: Contact) -> dict[str, datetime]:
    """When each tag that the contact holds is left unless something happens; of those that are, as far as is looked."""
    live = live_rulebook()
    standing = Standing.objects.filter(pk=contact.pk, version=live.version_id if live else None).first()
    state = live.online.load(bytes(standing.state)) if live and standing and standing.state else None
    if live is None or state is None:
        return {}
    verdict = live.online.verdict(state, max(as_moment(timezone.now()), state.now))
    waiting, found = set(verdict.tags), dict[str, datetime]()
    for _ in range(MOST_STEPS):
        if verdict.valid_until is None or not waiting:
            break
        moment = verdict.valid_until
        verdict = live.online.verdict(state, moment)
        for tag in waiting - set(verdict.tags):
            found[tag] = as_datetime(moment)
        waiting &= set(verdict.tags)
    return found


def recent_changes(contact: Contact, most: int = 12) -> list[TagChange]:
    """The last changes of the contact's tags, the latest first."""
    changes = TagChange.objects.filter(contact=contact).select_related("tag")
    return list(changes.order_by("-changed_at", "-pk")[:most])


def history_of(contact: Contact, live: Live, *, without_undone: bool = False) -> History:
    """All that is known of the contact, with the texts of its messages; or as if no batch had been that was undone."""
    reads = reads_with_texts(live.rulebook)
    found = dict(histories([contact.pk], reads, ORGANISATION_ZONE, without_undone=without_undone))
    return found[contact.pk]


def counts(reached: Reach) -> Mapping[str, int]:
    """How many of the contacts reached hold each tag."""
    live = live_rulebook()
    if live is None:
        return {}
    held = Standing.objects.filter(reached.condition()).annotate(tag=Func("tags", function="unnest"))
    rows = held.values("tag").annotate(number=Count("*")).values_list("tag", "number")
    return {live.tag_names[tag]: number for tag, number in rows if tag in live.tag_names}


def _live() -> Live:
    live = live_rulebook()
    if live is None:
        raise LookupError("no rulebook is live yet")
    return live


def _moment(since: int | None) -> datetime | None:
    return None if since is None else as_datetime(since).astimezone(UTC)
