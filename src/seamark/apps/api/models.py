"""Keys of other systems, and the webhooks that they asked for."""

from __future__ import annotations

from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils.translation import gettext_lazy as _

from seamark.apps.accounts.models import Member
from seamark.apps.contacts.models import Source


class Key(models.Model):
    """What another system signs in with. It acts for a member, and reaches no further than that member does."""

    class Scope(models.TextChoices):
        EVENTS = "events:write", _("Tell of events")
        CONTACTS = "contacts:read", _("Read contacts, their tags and why")
        TAGS = "tags:write", _("Set and clear tags")

    name = models.CharField(max_length=100)
    source = models.ForeignKey(Source, models.PROTECT, related_name="api_keys")
    """On whose identities its events stand."""
    member = models.ForeignKey(Member, models.CASCADE, related_name="api_keys")
    scopes = ArrayField(models.CharField(max_length=20, choices=Scope))
    digest = models.CharField(max_length=64, unique=True)
    """SHA-256 of the key; the key itself is shown once and kept nowhere."""
    is_active = models.BooleanField(default=True)
    created_at = models.DateTimeField(auto_now_add=True)
    used_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return self.name


class Webhook(models.Model):
    """An address that is told of every change of certain tags."""

    url = models.URLField(max_length=500)
    tags = ArrayField(models.CharField(max_length=120), default=list, blank=True)
    """Names of tags; none means all."""
    secrets = models.BinaryField(default=bytes)
    """Encrypted (`channels.secrets`): `signing` signs what is told."""
    member = models.ForeignKey(Member, models.CASCADE, related_name="webhooks")
    """Only changes of contacts whom this member may view are told."""
    is_active = models.BooleanField(default=True)
    created_at = models.DateTimeField(auto_now_add=True)

    def __str__(self) -> str:
        return self.url


class Call(models.Model):
    """Something to be told to a webhook: written with the change itself, and told until it is heard."""

    class State(models.TextChoices):
        WAITING = "waiting", _("Waiting")
        DONE = "done", _("Told")
        GIVEN_UP = "given-up", _("Given up")

    webhook = models.ForeignKey(Webhook, models.CASCADE, related_name="calls")
    body = models.JSONField()
    state = models.CharField(max_length=8, choices=State, default=State.WAITING)
    attempts = models.PositiveSmallIntegerField(default=0)
    next_at = models.DateTimeField()
    answer = models.CharField(max_length=200, blank=True)
    """The last answer: a status, or why there was none."""
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["next_at"], condition=models.Q(state="waiting"), name="call_waiting"),
        ]

    def __str__(self) -> str:
        return f"{self.webhook_id} {self.state}"
