"""Batches: one deed on many contacts, and what came of it for each."""

from __future__ import annotations

from typing import Any, ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from seamark.apps.accounts.models import Member, Team
from seamark.apps.contacts.models import Contact
from seamark.apps.work.models import Work


class Batch(models.Model):
    """One deed on the contacts that were chosen when it was begun (`Row`)."""

    class Deed(models.TextChoices):
        TAG = "tag", _("Set a tag")
        UNTAG = "untag", _("Take a tag away")
        REPLACE = "replace", _("Replace a tag")
        GIVE = "give", _("Give to another owner")
        RELEASE = "release", _("Release into the public sea")
        CLAIM = "claim", _("Claim from the public sea")
        EXPORT = "export", _("Export")
        UNDO = "undo", _("Undo")

    work = models.OneToOneField(Work, models.CASCADE, primary_key=True, related_name="batch")
    deed = models.CharField(max_length=7, choices=Deed)
    tag = models.CharField(max_length=120, blank=True)
    """`group/tag`, for deeds about tags."""
    into = models.CharField(max_length=120, blank=True)
    """By which tag it is replaced."""
    until = models.DateTimeField(null=True)
    """When the tag falls back to what it computes to; None: as long as hands hold it."""
    to = models.ForeignKey(Member, models.PROTECT, null=True, related_name="+", db_index=False)
    """Who gets the contacts."""
    words = models.CharField(max_length=200, blank=True)
    """Why, for owners who follow."""
    is_quiet = models.BooleanField(default=False)
    """Whether no reaction runs by what it changes."""
    undoes = models.ForeignKey("self", models.CASCADE, null=True, related_name="undone_by")

    def __str__(self) -> str:
        return f"{self.deed} {self.pk}"

    @property
    def by(self) -> Member:
        """Who does it."""
        return self.work.by

    @property
    def tags(self) -> list[str]:
        """The tags that it is about."""
        return [tag for tag in (self.tag, self.into) if tag]


class Row(models.Model):
    """A contact of a batch."""

    class State(models.TextChoices):
        OPEN = "", _("not yet")
        DONE = "done", _("done")
        SAME = "same", _("already so")
        REFUSED = "refused", _("refused")

    batch = models.ForeignKey(Batch, models.CASCADE, related_name="rows", db_index=False)
    contact = models.ForeignKey(Contact, models.CASCADE, related_name="+")
    state = models.CharField(max_length=7, choices=State, default=State.OPEN, blank=True)
    why = models.CharField(max_length=200, blank=True)
    """Why it was refused, in the words of whoever began the batch."""
    was_owner = models.ForeignKey(Member, models.PROTECT, null=True, related_name="+", db_index=False)
    was_team = models.ForeignKey(Team, models.PROTECT, null=True, related_name="+", db_index=False)
    """Whose it was, where the batch moved it."""

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["batch", "contact"], name="batch_row_once")]
        indexes: ClassVar = [
            models.Index(fields=["batch", "contact"], condition=models.Q(state=""), name="batch_row_open"),
        ]

    def __str__(self) -> str:
        return f"{self.contact_id} {self.state or 'open'}"


class Part(models.Model):
    """Some lines of an export, in their order; they are kept for `actions.EXPORT_KEPT`."""

    batch = models.ForeignKey(Batch, models.CASCADE, related_name="parts")
    lines: models.JSONField[Any, Any] = models.JSONField()
    """Lists of texts."""

    def __str__(self) -> str:
        return f"part of {self.batch_id}"
