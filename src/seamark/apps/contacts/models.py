"""Contacts, the identities by which channels know them, and the catalogue of fields."""

from __future__ import annotations

from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.utils.translation import gettext_lazy as _

from seamark.apps.accounts.models import Member, Team
from seamark.apps.contacts.field_marks import KnownBy
from seamark.apps.contacts.search import CalledBy


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
    grams = ArrayField(models.CharField(max_length=3), default=list)
    """The pieces of all it can be searched by (`search.grams`)."""
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        indexes: ClassVar = [
            GinIndex(CalledBy("grams", "team", "owner"), name="contact_called"),
            GinIndex(KnownBy("fields", "team", "owner"), name="contact_known_by"),
            models.Index(fields=["team", "owner"], name="contact_team_owner"),
        ]

    def __str__(self) -> str:
        return self.name


class Ownership(models.Model):
    """Since when a contact has its owner, and when that owner last followed up.

    There is one for every contact with an owner and for no other: the database sees to it (migration 0002), whoever
    writes `Contact.owner`.
    """

    contact = models.OneToOneField(Contact, models.CASCADE, primary_key=True, related_name="ownership")
    owner = models.ForeignKey(Member, models.PROTECT, related_name="+", db_index=False)
    since_at = models.DateTimeField()
    followed_up_at = models.DateTimeField()
    """When the owner last did something for the contact; getting it counts. It goes back to the public sea by this."""

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["followed_up_at"], name="ownership_neglected"),
            models.Index(fields=["owner", "followed_up_at"], name="ownership_of_owner"),
        ]

    def __str__(self) -> str:
        return f"{self.contact_id} of {self.owner_id}"


class OwnerChange(models.Model):
    """A contact got another owner, or none. Written by `ownership.give` alone, and never changed."""

    class Reason(models.TextChoices):
        CLAIMED = "claimed", _("claimed from the public sea")
        ALLOCATED = "allocated", _("allocated")
        TRANSFERRED = "transferred", _("transferred")
        RELEASED = "released", _("released into the public sea")
        TAKEN_BACK = "taken-back", _("taken back into the public sea")
        UNDONE = "undone", _("an earlier change was undone")

    contact = models.ForeignKey(Contact, models.CASCADE, related_name="owner_changes", db_index=False)
    was_owner = models.ForeignKey(Member, models.PROTECT, null=True, related_name="+", db_index=False)
    owner = models.ForeignKey(Member, models.PROTECT, null=True, related_name="+", db_index=False)
    was_team = models.ForeignKey(Team, models.PROTECT, related_name="+", db_index=False)
    team = models.ForeignKey(Team, models.PROTECT, related_name="+", db_index=False)
    by = models.ForeignKey(Member, models.PROTECT, null=True, related_name="+", db_index=False)
    """Nobody: a rule did it."""
    reason = models.CharField(max_length=11, choices=Reason)
    words = models.CharField(max_length=200, blank=True)
    """Why, in the words of whoever did it."""
    changed_at = models.DateTimeField()

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["contact", "-id"], name="owner_change_of_contact"),
            models.Index(fields=["owner", "reason", "changed_at"], name="owner_change_to_owner"),
            models.Index(fields=["team", "-id"], name="owner_change_of_team"),
            models.Index(
                fields=["was_team", "-id"],
                condition=~models.Q(was_team=models.F("team")),
                name="owner_change_from_team",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.contact_id} {self.reason}"


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
        indexes: ClassVar = [models.Index(fields=["external_id"], name="identity_called")]
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
        EMAIL = "email", _("E-mail address")
        ADDRESS = "address", _("Address")

    name = models.CharField(max_length=60, unique=True)
    title_en = models.CharField(max_length=100)
    title_zh = models.CharField(max_length=100)
    type = models.CharField(max_length=10, choices=Type, default=Type.TEXT)
    currency = models.CharField(max_length=3, blank=True)
    """Of money, and of a range of it, such as CNY: all amounts of a field are in one, so that they can be compared."""
    choices = ArrayField(models.CharField(max_length=100), default=list, blank=True)
    mask = models.CharField(max_length=10, choices=Mask, default=Mask.NONE, blank=True)
    is_required = models.BooleanField(default=False)
    """Completeness is measured on required fields."""
    position = models.PositiveSmallIntegerField(default=0)

    class Meta:
        ordering: ClassVar = ["position", "pk"]

    def __str__(self) -> str:
        return self.name
