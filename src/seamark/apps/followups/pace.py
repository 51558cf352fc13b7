"""How long things may take: what an administrator can set about follow-ups."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import ClassVar

from seamark.apps.followups.models import Priority


@dataclass(frozen=True)
class Pace:
    """Patience with what is overdue, and how the day is to be spent."""

    KEY: ClassVar = "follow-up-pace"

    patience_minutes_p1: int = 30
    """How long one may be overdue before the managers are told."""
    patience_minutes_p2: int = 120
    patience_minutes_p3: int = 1_440
    tier_group: str = "activity"
    """The tag group whose levels order the queue; where the rulebook has none such, priority and time alone do."""
    tier_share: int = 70
    """Percent of the time that the first level of that group is to get (S0)."""
    intent_group: str = "intent"
    intent_share: int = 80
    """Percent of the time that the first level of that group is to get (S0)."""

    def patience(self, priority: Priority) -> timedelta:
        """How long a follow-up of that priority may be overdue in silence."""
        minutes = {
            Priority.P1: self.patience_minutes_p1,
            Priority.P2: self.patience_minutes_p2,
            Priority.P3: self.patience_minutes_p3,
        }
        return timedelta(minutes=minutes[priority])
