"""Published rulebooks, where each contact stands by the live one, and every change of a tag."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models.functions import Coalesce
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from seamark.apps.accounts.models import Member, Team
from seamark.apps.contacts.models import Contact


class Version(models.Model):
    """A rulebook as it was published. The one live version decides every tag."""

    class State(models.TextChoices):
        LIVE = "live", _("Live")
        RETIRED = "retired", _("Retired")

    name = models.CharField(max_length=100)
    number = models.PositiveIntegerField(unique=True)
    text = models.TextField()
    included = models.JSONField(default=dict)
    """The texts of the rulebooks it includes, by the name it includes them under."""
    params = models.JSONField(default=dict)
    """Figures that were fitted, or set by hand."""
    note = models.CharField(max_length=500, blank=True)
    state = models.CharField(max_length=7, choices=State)
    published_by = models.ForeignKey(Member, models.PROTECT, null=True)
    published_at = models.DateTimeField()
    contacts_total = models.PositiveIntegerField(default=0)
    contacts_done = models.PositiveIntegerField(default=0)
    """How many contacts have been looked at since it went live."""
    judged_to = models.BigIntegerField(default=0)
    """The id of the last contact that was judged so."""
    settled_at = models.DateTimeField(null=True)
    """When no contact was left that another version had judged."""

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["state"], condition=models.Q(state="live"), name="version_one_live")
        ]

    def __str__(self) -> str:
        return f"{self.name} {self.number}"

    @property
    def judged_share(self) -> float:
        """How far contacts have been looked at since it went live, from 0 to 1."""
        return min(1.0, self.contacts_done / self.contacts_total) if self.contacts_total else 1.0


class Draft(models.Model):
    """A rulebook that is being written; nobody is judged by it."""

    name = models.CharField(max_length=100)
    base = models.ForeignKey(Version, models.PROTECT, related_name="drafts")
    """The version it began as."""
    text = models.TextField()
    included = models.JSONField(default=dict)
    params = models.JSONField(default=dict)
    revision = models.PositiveIntegerField(default=1)
    """Goes up with every change: who saves says which one it was made on."""
    made_by = models.ForeignKey(Member, models.PROTECT, related_name="+")
    changed_by = models.ForeignKey(Member, models.PROTECT, related_name="+")
    made_at = models.DateTimeField(auto_now_add=True)
    changed_at = models.DateTimeField()

    def __str__(self) -> str:
        return self.name


class Overlay(models.Model):
    """Conditions that are judged beside whichever rulebook is live, as unlisted tags. The latest one counts."""

    additions = models.JSONField(default=dict)
    """By the name of the tag, its title and its condition: `{"segment/s1": {"title": …, "when": …}}`."""
    broken = models.JSONField(default=dict)
    """Of those the ones that the live rulebook cannot take, and why; nobody holds them, and pages say so."""
    changed_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"overlay {self.pk}"


class Tag(models.Model):
    """A tag that a published rulebook has or had; its id outlives versions."""

    name = models.CharField(max_length=120, unique=True)
    """`group/tag`."""
    made_at = models.DateTimeField(default=timezone.now)
    """When the first rulebook that has it went live."""

    def __str__(self) -> str:
        return self.name


class TagCard(models.Model):
    """Who answers for a tag, and when somebody last looked whether it is still right."""

    tag = models.OneToOneField(Tag, models.CASCADE, primary_key=True, related_name="card")
    owner = models.ForeignKey(Member, models.PROTECT, null=True, related_name="+")
    reviewed_at = models.DateTimeField(null=True)
    reviewed_by = models.ForeignKey(Member, models.PROTECT, null=True, related_name="+")

    def __str__(self) -> str:
        return f"card of {self.tag_id}"


LONG_AGO = datetime(1970, 1, 1, tzinfo=UTC)


class Standing(models.Model):
    """Where a contact stands: the tags held, since when, and when that is looked at again.

    Every contact has one: the database makes it with the contact and lets `team` and `owner` follow it (migration
    0002), so that lists find whom they want, in order, in one index.
    """

    contact = models.OneToOneField(Contact, models.CASCADE, primary_key=True, related_name="standing")
    team = models.ForeignKey(Team, models.PROTECT, related_name="+", db_index=False)
    owner = models.ForeignKey(Member, models.PROTECT, null=True, related_name="+", db_index=False)
    version = models.ForeignKey(Version, models.PROTECT, null=True, db_index=False)
    """By which rulebook; nobody's: not judged yet."""
    state = models.BinaryField(null=True)
    """What the online evaluator remembers (`engine.online`); rebuilt from history when it is of another plan."""
    tags = ArrayField(models.IntegerField(), default=list)
    """Ids of the tags held."""
    since = ArrayField(models.DateTimeField(null=True), default=list)
    """For each of `tags`, since when; nothing: since before the history."""
    recheck_at = models.DateTimeField(null=True)
    """The first moment at which a tag can change with no new event."""
    last_event_at = models.DateTimeField(null=True)
    recency = models.GeneratedField(
        expression=Coalesce("last_event_at", models.Value(LONG_AGO)),
        output_field=models.DateTimeField(),
        db_persist=True,
    )
    """What lists are sorted by: contacts without an event come last."""

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["recheck_at"], name="standing_due"),
            GinIndex(fields=["tags"], name="standing_tags"),
            # With what lists ask for inside, so that those left out on the way cost no look at the table.
            models.Index(fields=["-recency", "-contact"], include=["tags", "team", "owner"], name="standing_recent"),
            models.Index(fields=["team", "-recency", "-contact"], include=["tags", "owner"], name="standing_of_team"),
            models.Index(fields=["owner", "-recency", "-contact"], include=["tags", "team"], name="standing_of_owner"),
            models.Index(
                fields=["team", "-recency", "-contact"],
                include=["tags"],
                condition=models.Q(owner=None),
                name="standing_of_sea",
            ),
        ]

    def __str__(self) -> str:
        return f"standing of {self.contact_id}"


class TagChange(models.Model):
    """A held tag entered or left. Written in the transaction that changes `Standing`; reactions are keyed by it."""

    class Edge(models.TextChoices):
        ENTER = "enter", _("entered")
        LEAVE = "leave", _("left")

    class Cause(models.TextChoices):
        EVENT = "event", _("something happened")
        CLOCK = "clock", _("time passed")
        LATE = "late", _("an event came late")
        PUBLISH = "publish", _("another rulebook went live")
        QUIET = "quiet", _("history was brought in, or a batch was quiet or undone")

    contact = models.ForeignKey(Contact, models.CASCADE, related_name="tag_changes", db_index=False)
    tag = models.ForeignKey(Tag, models.PROTECT, db_index=False)
    version = models.ForeignKey(Version, models.PROTECT, db_index=False)
    edge = models.CharField(max_length=5, choices=Edge)
    cause = models.CharField(max_length=7, choices=Cause)
    changed_at = models.DateTimeField()
    """The logical moment: a tag that ran out at ten was left at ten, whenever that was noticed."""
    recorded_at = models.DateTimeField()

    class Meta:
        indexes: ClassVar = [models.Index(fields=["contact", "changed_at"], name="tag_change_of_contact")]

    def __str__(self) -> str:
        return f"{self.edge} {self.tag_id} by {self.contact_id}"

    @classmethod
    def calls_for_reactions(cls, cause: str) -> bool:
        """Whether a change of that cause does: history brought in and publishing do not."""
        return cause in (cls.Cause.EVENT, cls.Cause.CLOCK, cls.Cause.LATE)


class Comparison(models.Model):
    """What the oracle found (`oracle.keep_comparison`). Which contacts differ, and in what, is in the log."""

    compared_at = models.DateTimeField()
    contacts = models.PositiveIntegerField()
    differing = models.PositiveIntegerField()

    def __str__(self) -> str:
        return f"{self.differing} of {self.contacts}"


class WeekCount(models.Model):
    """How many contacts of a team held a tag at the beginning of a week, by the rules of that version, and what they
    bought in the weeks after."""

    version = models.ForeignKey(Version, models.CASCADE, related_name="+")
    week = models.DateField()
    """Its Monday, at whose first moment in the organisation's time zone was counted."""
    team = models.ForeignKey(Team, models.CASCADE, related_name="+", db_index=False)
    tag = models.ForeignKey(Tag, models.CASCADE, null=True, related_name="+", db_index=False)
    """None: all contacts, whatever they hold."""
    contacts = models.PositiveIntegerField()
    buyers = models.PositiveIntegerField(null=True)
    """Those of them who ordered in the four weeks after; None until these are over."""
    revenue = models.DecimalField(max_digits=28, decimal_places=4, null=True)
    """Of their orders in that time, what was paid back then taken off."""

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["version", "week", "team", "tag"], nulls_distinct=False, name="week_count_once"
            )
        ]

    def __str__(self) -> str:
        return f"{self.contacts} with {self.tag_id} in the week of {self.week}"
