"""How many contacts hold each tag, and how tags overlap: counted within a member's reach, and kept for a moment."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from math import ceil
from typing import NamedTuple

from django.core.cache import cache
from django.db.models import F, Func, IntegerField, Max, QuerySet, Value
from django.utils import timezone

from seamark.apps.accounts.access import Reach
from seamark.apps.tagging.models import Standing
from seamark.apps.tagging.queries import counts
from seamark.apps.tagging.rulebooks import Live
from seamark.engine.lint.overlap import Held

FRESH = timedelta(minutes=1)
"""How old counts may be that are not counted anew."""
KEPT_SECONDS = 3_600
"""For how long they are shown meanwhile."""
MOST_SAMPLED = 5_000
"""Contacts of whom pairs of tags are counted."""


class Census(NamedTuple):
    """Contacts by tag, of all that are reached."""

    contacts: int
    counts: Mapping[str, int]

    def share(self, tag: str) -> float:
        """The part of contacts that hold the tag."""
        return self.counts.get(tag, 0) / self.contacts if self.contacts else 0.0


class Kept(NamedTuple):
    """What was counted last."""

    census: Census
    counted_at: datetime

    @property
    def is_fresh(self) -> bool:
        return timezone.now() - self.counted_at < FRESH


def kept_census(reached: Reach, live: Live) -> Kept | None:
    """The counts of some time ago, to be shown while they are counted anew: a second, for a million contacts."""
    found = cache.get(_key("census", reached, live))
    return Kept(Census(*found[0]), found[1]) if found else None


def census(reached: Reach, live: Live) -> Census:
    """The counts now, or those of a moment ago."""
    kept = kept_census(reached, live)
    if kept and kept.is_fresh:
        return kept.census
    contacts = Standing.objects.filter(reached.condition()).count() if reached else 0
    found = Census(contacts, dict(counts(reached)) if reached else {})
    cache.set(_key("census", reached, live), (found, timezone.now()), KEPT_SECONDS)
    return found


def sampled(reached: Reach, live: Live) -> Held:
    """How many contacts hold two tags each, of a sample that is spread over all by their ids."""
    key = _key("overlap", reached, live)
    found: Held | None = cache.get(key)
    if found is None:
        found = _sampled(reached, live)
        cache.set(key, found, FRESH.total_seconds())
    return found


def spread(reached: Reach, number: int, most: int) -> QuerySet[Standing]:
    """About `most` of the `number` of contacts that are reached, spread over them by their ids; all, where few are."""
    rows = Standing.objects.filter(reached.condition()) if reached else Standing.objects.none()
    every = ceil(number / most)
    if every > 1 and reached.everyone:
        last = Standing.objects.aggregate(last=Max("pk"))["last"]
        return rows.filter(pk__in=range(every, last + 1, every))  # the same as below, without a look at all
    if every > 1:
        remainder = Func(F("pk"), Value(every), function="mod", output_field=IntegerField())
        return rows.annotate(remainder=remainder).filter(remainder=0)
    return rows


def _sampled(reached: Reach, live: Live) -> Held:
    listed = {id for name, id in live.tag_ids.items() if name in live.rulebook.tags}
    rows = spread(reached, census(reached, live).contacts, MOST_SAMPLED)
    held = list(rows.values_list("pk", "tags"))
    pairs = ((str(pk), live.tag_names[tag]) for pk, tags in held for tag in tags if tag in listed)
    return Held.of(pairs, len(held))


def _key(what: str, reached: Reach, live: Live) -> str:
    teams, seas = sorted(reached.teams), sorted(reached.seas)
    return f"{what}.{live.version_id}.{reached.everyone}.{reached.own}.{teams}.{seas}".replace(" ", "")
