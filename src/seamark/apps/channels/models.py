"""Connected lines."""

from __future__ import annotations

from django.db import models

from seamark.apps.contacts.models import Source


class Channel(models.Model):
    """One connected line: a number, a mailbox, a web chat."""

    source = models.OneToOneField(Source, models.PROTECT, related_name="channel")
    """Its key stands on identities and events, and never changes; its team gets new contacts."""
    kind = models.CharField(max_length=30)
    """Which integration speaks it."""
    name = models.CharField(max_length=100)
    options = models.JSONField(default=dict)
    """What the integration wants to know; no secrets."""
    secrets = models.BinaryField(default=bytes)
    """Encrypted (`channels.secrets`)."""
    is_active = models.BooleanField(default=True)
    created_at = models.DateTimeField(auto_now_add=True)

    def __str__(self) -> str:
        return self.name
