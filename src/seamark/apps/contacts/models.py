"""Contacts, the identities by which channels know them, and the catalogue of fields."""

from __future__ import annotations

from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.utils.translation import gettext_lazy as _

from seamark.apps.accounts.models import Member, Team


class Contact(models.Model):
    """A person outside with whom we deal."""

    name = models.CharField(max_length=200, blank=True)
    language = models.CharField(max_length=10, blank=True)
    zone = models.CharField(max_length=60, blank=True)
    """Empty: the organisation's."""
    team = models.ForeignKey(Team, models.PROTECT, related_name="contacts")
    owner = models.ForeignKey(Member, models.PROTECT, null=True, blank=True, related_name="contacts")
    """Nobody: the contact swims in the team's public sea."""
    fields = models.JSONField(default=dict)
    """What `Field`s hold now, as written; every change is an event too."""
    grams = ArrayField(models.CharField(max_length=2), default=list)
    """The bigrams of all it can be searched by (`search.grams`)."""
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        indexes: ClassVar = [
            GinIndex(fields=["grams"], name="contact_grams"),
            models.Index(fields=["team", "owner"], name="contact_team_owner"),
        ]

    def __str__(self) -> str:
        return self.name


class Source(models.Model):
    """What tells of contacts, such as a channel or a file, and to whose public sea those it brings come."""

    key = models.SlugField(max_length=60, primary_key=True)
    team = models.ForeignKey(Team, models.PROTECT, related_name="sources")

    def __str__(self) -> str:
        return self.key


class Identity(models.Model):
    """How one channel or system knows a contact. Events belong to it, and it never changes; its contact may."""

    contact = models.ForeignKey(Contact, models.PROTECT, related_name="identities")
    source = models.CharField(max_length=60)
    """The key of a `Source`; one that no row names needs none."""
    external_id = models.CharField(max_length=200)
    name = models.CharField(max_length=200, blank=True)
    """What the channel calls the contact."""
    is_verified = models.BooleanField(default=False)
    """Whether the channel vouches that messages of this identity come from its holder."""
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["source", "external_id"], name="identity_once")]

    def __str__(self) -> str:
        return f"{self.source}: {self.pk}"


class Field(models.Model):
    """A typed attribute that contacts may have."""

    class Type(models.TextChoices):
        TEXT = "text", _("Text")
        NUMBER = "number", _("Number")
        MONEY = "money", _("Money")
        DATE = "date", _("Date")
        CHOICE = "choice", _("Choice")
        LIST = "list", _("List")
        RANGE = "range", _("Range")

    class Mask(models.TextChoices):
        NONE = "", _("Shown to all who see the contact")
        PHONE = "phone", _("Phone number")
        ADDRESS = "address", _("Address")

    name = models.CharField(max_length=60, unique=True)
    title_en = models.CharField(max_length=100)
    title_zh = models.CharField(max_length=100)
    type = models.CharField(max_length=10, choices=Type, default=Type.TEXT)
    choices = ArrayField(models.CharField(max_length=100), default=list, blank=True)
    mask = models.CharField(max_length=10, choices=Mask, default=Mask.NONE, blank=True)
    is_required = models.BooleanField(default=False)
    """Completeness is measured on required fields."""
    position = models.PositiveSmallIntegerField(default=0)

    class Meta:
        ordering: ClassVar = ["position", "pk"]

    def __str__(self) -> str:
        return self.name
