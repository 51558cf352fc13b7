"""The rules by which contacts are allocated, and the contacts that wait for it."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q

from seamark.apps.accounts.models import Member, Team
from seamark.apps.contacts.models import Contact


class Rule(models.Model):
    """Contacts with a tag, or from a source, go to one member, or to a team's members by turns."""

    tag = models.CharField(max_length=120, blank=True)
    """`group/tag`; one that the live rulebook does not have fits nobody."""
    source = models.CharField(max_length=60, blank=True)
    """The key of a channel or another source."""
    member = models.ForeignKey(Member, models.CASCADE, null=True, related_name="+")
    team = models.ForeignKey(Team, models.CASCADE, null=True, related_name="+")

    class Meta:
        ordering: ClassVar = ["pk"]
        """The first that fits counts."""
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(tag="") ^ Q(source=""), name="rule_of_tag_or_source"),
            models.CheckConstraint(condition=Q(member=None) ^ Q(team=None), name="rule_to_member_or_team"),
        ]

    def __str__(self) -> str:
        return f"{self.tag or self.source} → {self.member or self.team}"


class Arrival(models.Model):
    """A contact who wrote from the public sea and waits to be allocated."""

    contact = models.OneToOneField(Contact, models.CASCADE, primary_key=True, related_name="+")

    def __str__(self) -> str:
        return str(self.contact_id)
