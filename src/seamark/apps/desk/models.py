"""What members have chosen for their own pages."""

from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.db import models

from seamark.apps.accounts.models import Member


class ChosenColumns(models.Model):
    """What a member wants to see of each contact in the list."""

    member = models.OneToOneField(Member, models.CASCADE, primary_key=True, related_name="+")
    columns = ArrayField(models.CharField(max_length=140), default=list)
    """Keys of columns (`desk.columns`); those that are no more are passed over."""

    def __str__(self) -> str:
        return f"columns of {self.member_id}"
