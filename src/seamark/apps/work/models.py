"""Long work, how far it is, and what came of it."""

from __future__ import annotations

from typing import Any, ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from seamark.apps.accounts.models import Member


class Work(models.Model):
    """Something that a member set going and that takes longer than a page may."""

    class State(models.TextChoices):
        QUEUED = "queued", _("Waiting")
        RUNNING = "running", _("Under way")
        DONE = "done", _("Done")
        FAILED = "failed", _("Failed")
        CANCELLED = "cancelled", _("Stopped")

    kind = models.SlugField(max_length=40)
    """What does it: one of the site's `WORKERS`."""
    by = models.ForeignKey(Member, models.PROTECT, related_name="works", db_index=False)
    asked = models.JSONField(default=dict)
    """What is to be done, as the kind understands it."""
    state = models.CharField(max_length=9, choices=State, default=State.QUEUED)
    done = models.PositiveIntegerField(default=0)
    """How much of `total` is committed; a kind that goes on where it was begins here."""
    total = models.PositiveIntegerField(default=0)
    """0: not known yet."""
    result: models.JSONField[Any, Any] = models.JSONField(null=True)
    """What came of it, as the kind tells it; None until it is done."""
    error = models.TextField(blank=True)
    """Why it failed, in the words of whoever asked for it; empty: by a fault of ours, which the log has."""
    tries = models.PositiveIntegerField(default=0)
    """How often it was taken up. Only the latest try writes: a worker that was believed dead finds itself overtaken."""
    asked_at = models.DateTimeField(auto_now_add=True)
    begun_at = models.DateTimeField(null=True)
    cancel_asked_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)

    class Meta:
        indexes: ClassVar = [models.Index(fields=["by", "-id"], name="work_of_member")]

    def __str__(self) -> str:
        return f"{self.kind} {self.pk} {self.state}"

    @property
    def is_open(self) -> bool:
        """Whether it waits or is under way."""
        return self.state in (self.State.QUEUED, self.State.RUNNING)

    @property
    def share(self) -> float | None:
        """How much is done, from 0 to 1; None where the whole is not known."""
        return min(1.0, self.done / self.total) if self.total else None
