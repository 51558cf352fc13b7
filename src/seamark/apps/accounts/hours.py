"""When the organisation is open: hours by weekday, and days on which it is closed."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime
from typing import ClassVar


@dataclass(frozen=True)
class Holiday:
    """Days, the last among them, on which nobody is there."""

    first: str
    """As 2027-02-06."""
    last: str
    name: str

    def covers(self, day: date) -> bool:
        """Whether the day is one of them."""
        return self.first <= day.isoformat() <= self.last


@dataclass(frozen=True)
class Hours:
    """Business hours; a weekday without hours is closed."""

    KEY: ClassVar = "hours"
    opens: list[str] = field(default_factory=lambda: ["09:00"] * 5 + [""] * 2)
    """From Monday on, as 09:00; empty: closed."""
    closes: list[str] = field(default_factory=lambda: ["18:00"] * 5 + [""] * 2)
    """24:00 is the end of the day."""
    holidays: list[Holiday] = field(default_factory=list)
    """In the order of their days."""

    def is_open(self, moment: datetime) -> bool:
        """Whether somebody is there at a moment of the organisation's zone.

        >>> Hours().is_open(datetime(2026, 11, 27, 10, 30)), Hours().is_open(datetime(2026, 11, 28, 10, 30))
        (True, False)
        """
        opens, closes = self.opens[moment.weekday()], self.closes[moment.weekday()]
        if not opens or self.holiday(moment.date()):
            return False
        return opens <= f"{moment:%H:%M}" < closes

    def holiday(self, day: date) -> Holiday | None:
        """The holiday that the day belongs to."""
        return next((each for each in self.holidays if each.covers(day)), None)
