"""What is set for the public seas: how much a member may claim, and when a contact comes back."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import ClassVar


@dataclass(frozen=True)
class Seas:
    """Limits of the public and private seas; 0 sets none."""

    KEY: ClassVar = "seas"
    claims_a_day: int = 28
    """S4: as many contacts as a member follows up a day."""
    most_owned: int = 0
    """A member who owns as many claims no more; whoever allocates may still give them some."""
    cool_down_days: int = 7
    """For how long a contact that a member released or lost cannot be claimed by the same member."""
    taken_back_after_days: int = 14
    """Without a follow-up by the owner for so long, a contact goes back to the public sea."""
    warned_days_before: int = 7
    """S4: a contact nobody followed up for more than 7 days is marked."""
    taken_back_tag: str = ""
    """Only contacts that hold this tag, or are in this segment, go back; empty: all do."""

    def taken_back_at(self, followed_up_at: datetime) -> datetime:
        """When a contact goes back unless its owner follows up, where any does."""
        return followed_up_at + timedelta(days=self.taken_back_after_days)
