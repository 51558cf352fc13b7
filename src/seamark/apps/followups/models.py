"""What members are to do, and what they are told.

Both know the contact's team and owner, so that lists find them in order in one index: the database sees to it
(migration 0002). What is found so is still asked for through the contact (`access`).
"""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from seamark.apps.accounts.models import Member, Team
from seamark.apps.contacts.models import Contact
from seamark.apps.tagging.models import TagChange


class Priority(models.IntegerChoices):
    """How urgent it is; what to do by when is said by each follow-up's own due time (S4: 2, 6 and 24 hours)."""

    P1 = 1, "P1"
    P2 = 2, "P2"
    P3 = 3, "P3"


class FollowUp(models.Model):
    """A task for a person about a contact."""

    class State(models.TextChoices):
        OPEN = "open", _("Open")
        DONE = "done", _("Done")
        SKIPPED = "skipped", _("Skipped")

    reason_key = models.CharField(max_length=200, unique=True)
    """Why it was made, in a word that no second one may have."""
    contact = models.ForeignKey(Contact, models.CASCADE, related_name="follow_ups", db_index=False)
    assignee = models.ForeignKey(Member, models.PROTECT, null=True, related_name="follow_ups", db_index=False)
    """Whose it is: the contact's owner. Nobody: the contact swims in the public sea, or nobody of the team took it."""
    for_team = models.ForeignKey(Team, models.PROTECT, null=True, related_name="+", db_index=False)
    """Which team it goes to, whoever's the contact is: any of its members takes it, and may read the conversation."""
    team = models.ForeignKey(Team, models.PROTECT, related_name="+", db_index=False)
    owner = models.ForeignKey(Member, models.PROTECT, null=True, related_name="+", db_index=False)
    """The contact's."""
    priority = models.PositiveSmallIntegerField(choices=Priority, default=Priority.P3)
    title = models.JSONField()
    """What to do, by language; one made by hand has the language it was written in alone."""
    words = models.JSONField(default=dict)
    """What to write, by language, with its blanks; empty: nothing is to be written."""
    change = models.ForeignKey(TagChange, models.CASCADE, null=True, related_name="follow_ups", db_index=False)
    """The change of a tag that set it going."""
    made_by = models.ForeignKey(Member, models.PROTECT, null=True, related_name="+")
    """Nobody: a rule made it."""
    made_at = models.DateTimeField()
    due_at = models.DateTimeField()
    snoozed_until = models.DateTimeField(null=True)
    state = models.CharField(max_length=7, choices=State, default=State.OPEN)
    closed_at = models.DateTimeField(null=True)
    closed_by = models.ForeignKey(Member, models.PROTECT, null=True, related_name="+")
    """Nobody of one that is done: a message to the contact closed it."""
    skip_reason = models.CharField(max_length=200, blank=True)
    escalated_at = models.DateTimeField(null=True)
    """When the managers were told that it is overdue."""

    class Meta:
        indexes: ClassVar = [
            # In the order of the lists, with what lists ask for inside.
            models.Index(
                fields=["assignee", "priority", "due_at", "id"],
                include=["contact", "team", "owner", "snoozed_until"],
                condition=models.Q(state="open"),
                name="follow_up_of_member",
            ),
            models.Index(
                fields=["team", "assignee", "priority", "due_at"],
                include=["owner"],
                condition=models.Q(state="open"),
                name="follow_up_of_team",
            ),
            models.Index(
                fields=["due_at", "id"],
                include=["team", "owner"],
                condition=models.Q(state="open"),
                name="follow_up_due",
            ),
            models.Index(
                fields=["for_team", "state", "priority", "due_at"],
                condition=models.Q(for_team__isnull=False),
                name="follow_up_for_team",
            ),
            models.Index(fields=["contact", "-made_at"], name="follow_up_of_contact"),
            models.Index(
                fields=["assignee", "closed_at"], include=["contact", "team", "owner", "state"], name="follow_up_closed"
            ),
            models.Index(
                fields=["due_at"], condition=models.Q(state="open", escalated_at=None), name="follow_up_escalating"
            ),
        ]

    def __str__(self) -> str:
        return f"follow-up {self.pk} of {self.contact_id}"


class Alert(models.Model):
    """Something that members are told of a contact, until one of them has taken it up."""

    class Audience(models.TextChoices):
        OWNER = "owner", _("The owner")
        MANAGER = "manager", _("The managers")
        TEAM = "team", _("A team")

    reason_key = models.CharField(max_length=200, unique=True)
    contact = models.ForeignKey(Contact, models.CASCADE, related_name="alerts", db_index=False)
    audience = models.CharField(max_length=7, choices=Audience)
    team = models.ForeignKey(Team, models.PROTECT, null=True, related_name="+")
    """Which team is told: its members read what is written with the contact, whoever's it is."""
    contact_team = models.ForeignKey(Team, models.PROTECT, related_name="+", db_index=False)
    contact_owner = models.ForeignKey(Member, models.PROTECT, null=True, related_name="+", db_index=False)
    title = models.JSONField()
    """By language."""
    change = models.ForeignKey(TagChange, models.CASCADE, null=True, related_name="alerts", db_index=False)
    follow_up = models.ForeignKey(FollowUp, models.CASCADE, null=True, related_name="alerts", db_index=False)
    """The one that is overdue."""
    pops_up = models.BooleanField(default=False)
    """Whether it is shown beside the conversation."""
    made_at = models.DateTimeField()
    handled_at = models.DateTimeField(null=True)
    handled_by = models.ForeignKey(Member, models.PROTECT, null=True, related_name="+")

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["contact"], condition=models.Q(handled_at=None), name="alert_of_contact"),
            models.Index(
                fields=["-made_at", "-id"],
                include=["audience", "contact_team", "follow_up"],
                condition=models.Q(handled_at=None),
                name="alert_open",
            ),
            *(
                models.Index(
                    fields=[whose, "-made_at", "-id"],
                    include=["audience", "follow_up"],
                    condition=models.Q(handled_at=None),
                    name=f"alert_by_{whose}",
                )
                for whose in ("team", "contact_team", "contact_owner")
            ),
        ]

    def __str__(self) -> str:
        return f"alert {self.pk} about {self.contact_id}"
