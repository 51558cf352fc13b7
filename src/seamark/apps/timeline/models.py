"""Deliveries as they came in, and the append-only history of events."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from seamark.apps.contacts.models import Identity


class Delivery(models.Model):
    """One call of the outside, stored before it is answered and read afterwards."""

    class State(models.TextChoices):
        NEW = "new", _("Not read yet")
        DONE = "done", _("Read")
        ASIDE = "aside", _("Set aside")

    source = models.CharField(max_length=60)
    """The key of the channel it came by."""
    channel_kind = models.CharField(max_length=30)
    """Which reader understands it."""
    source_key = models.CharField(max_length=200)
    """Two deliveries of one source and key are one."""
    body = models.BinaryField()
    received_at = models.DateTimeField()
    state = models.CharField(max_length=5, choices=State, default=State.NEW)
    reason = models.TextField(blank=True)
    """Why it was set aside."""
    attempts = models.PositiveSmallIntegerField(default=0)
    handled_at = models.DateTimeField(null=True)

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["source", "source_key"], name="delivery_once")]
        indexes: ClassVar = [
            models.Index(fields=["id"], condition=models.Q(state="new"), name="delivery_waiting"),
            models.Index(fields=["id"], condition=models.Q(state="aside"), name="delivery_aside"),
        ]

    def __str__(self) -> str:
        return f"{self.source} {self.pk} {self.state}"


class Event(models.Model):
    """Something that happened to an identity's contact. Written by `record` alone, and never changed.

    What is read in it may be read again: what an amount comes to, once the rate is known for which it waited (`money`).
    """

    identity = models.ForeignKey(Identity, models.PROTECT, related_name="events", db_index=False)
    occurred_at = models.DateTimeField()
    seq = models.BigIntegerField(default=0)
    """Order within one moment, given by the source."""
    kind = models.CharField(max_length=60)
    source = models.CharField(max_length=60)
    source_key = models.CharField(max_length=200)
    """Two events of one source and key are one."""
    channel = models.CharField(max_length=30, blank=True)
    actor = models.CharField(max_length=60, blank=True)
    props = models.JSONField(default=dict)
    recorded_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["source", "source_key"], name="event_once")]
        indexes: ClassVar = [models.Index(fields=["identity", "occurred_at"], name="event_history")]

    def __str__(self) -> str:
        return f"{self.kind} {self.pk}"
