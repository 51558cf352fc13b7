"""Saved segments, and what searches by conditions found."""

from __future__ import annotations

from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models.functions import Lower

from seamark.apps.accounts.models import Member
from seamark.apps.tagging.rulebooks import GROUP
from seamark.apps.work.models import Work


class Segment(models.Model):
    """The contacts for whom a condition holds, now: a tag beside the live rulebook that is not listed."""

    TAGS: ClassVar = f"{GROUP}/s"
    """How the names of their tags begin."""

    name = models.CharField(max_length=100)
    when = models.TextField()
    """The condition."""
    revision = models.PositiveIntegerField(default=1)
    """Grows with every change: whoever saves says which one they changed."""
    made_by = models.ForeignKey(Member, models.PROTECT, related_name="+")
    changed_by = models.ForeignKey(Member, models.PROTECT, related_name="+")
    changed_at = models.DateTimeField()

    class Meta:
        ordering: ClassVar = ["name"]
        constraints: ClassVar = [models.UniqueConstraint(Lower("name"), name="segment_name_once")]

    def __str__(self) -> str:
        return self.name

    @property
    def tag(self) -> str:
        """The name of its tag; an id is never given twice, so no tag is ever another segment's."""
        return f"{self.TAGS}{self.pk}"


class Search(models.Model):
    """Whom a condition fitted at one moment, among the contacts that the member who asked may see."""

    work = models.OneToOneField(Work, models.CASCADE, primary_key=True, related_name="search")
    when = models.TextField()
    computed_at = models.DateTimeField()
    contacts = ArrayField(models.BigIntegerField())

    def __str__(self) -> str:
        return f"search {self.pk}"
