"""Who answers for a tag, and when it was last reviewed against what it is for."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import NamedTuple

from django.utils import timezone
from django.utils.translation import gettext as _

from seamark.apps.accounts.errors import ActionRefused
from seamark.apps.accounts.models import Member
from seamark.apps.tagging.models import Tag, TagCard
from seamark.engine.rulebook import TagGroup

FORGOTTEN = 3
"""A tag that has missed so many reviews in a row is proposed for deletion."""


class Review(NamedTuple):
    """How a tag stands with its reviews."""

    owner: Member | None
    reviewed_at: datetime | None
    due_at: datetime | None
    """None: its group has no rhythm."""
    missed: int
    """How many reviews were due since the last one."""

    @property
    def is_overdue(self) -> bool:
        return self.missed > 0

    @property
    def is_forgotten(self) -> bool:
        return self.missed >= FORGOTTEN


def reviews(groups: Mapping[str, TagGroup], now: datetime) -> dict[str, Review]:
    """How each tag of these groups stands, by its name; a tag that was never reviewed counts from its first day."""
    tags = {tag.name: group for group in groups.values() for tag in group.tags}
    rows = Tag.objects.filter(name__in=tags).select_related("card__owner")
    return {row.name: _review(row, tags[row.name].review_every, now) for row in rows}


def _review(row: Tag, every: int | None, now: datetime) -> Review:
    card = getattr(row, "card", None)
    reviewed_at = card.reviewed_at if card else None
    owner = card.owner if card else None
    if every is None:
        return Review(owner, reviewed_at, None, 0)
    rhythm = timedelta(microseconds=every)
    since = reviewed_at or row.made_at
    return Review(owner, reviewed_at, since + rhythm, max(0, (now - since) // rhythm))


def own_tag(*, tag: str, owner: Member | None, by: Member) -> None:
    """Say who answers for a tag."""
    TagCard.objects.update_or_create(tag=_tag(tag), defaults={"owner": owner})


def review_tag(*, tag: str, by: Member) -> None:
    """Note that somebody looked at the tag and found it right."""
    TagCard.objects.update_or_create(tag=_tag(tag), defaults={"reviewed_at": timezone.now(), "reviewed_by": by})


def _tag(name: str) -> Tag:
    found = Tag.objects.filter(name=name).first()
    if found is None:
        raise ActionRefused("unknown-tag", _("The live rulebook has no tag “%(tag)s”.") % {"tag": name})
    return found
