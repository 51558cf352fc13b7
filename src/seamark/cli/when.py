"""Moments and lengths of time as people read them."""

from __future__ import annotations

from dataclasses import dataclass
from zoneinfo import ZoneInfo

from seamark.cli.language import counted, say
from seamark.engine.moments import as_datetime
from seamark.engine.units import DAY, HOUR, MINUTE


@dataclass(frozen=True)
class Times:
    """Moments shown in a zone, by one who stands at `now`."""

    zone: ZoneInfo
    now: int

    def full(self, moment: int) -> str:
        """With weekday and year."""
        return self._said("when.full", moment)

    def short(self, moment: int) -> str:
        """With the year only where it is another one than now's."""
        this_year = as_datetime(moment, self.zone).year == as_datetime(self.now, self.zone).year
        return self._said("when.short" if this_year else "when.long", moment)

    def ahead(self, moment: int) -> str:
        """To the minute, and how far ahead of now: "22 Nov 10:05, in 5 hours"."""
        begun = moment - moment % MINUTE
        return say("when.ahead", moment=self.short(begun), length=length(moment - self.now))

    def _said(self, key: str, moment: int) -> str:
        at = as_datetime(moment, self.zone)
        finer = "microseconds" if at.microsecond else "seconds" if at.second else "minutes"
        return say(
            key,
            weekday=say("when.weekdays").split()[at.weekday()],
            day=at.day,
            month=say("when.months").split()[at.month - 1],
            year=at.year,
            time=at.time().isoformat(finer),
        )


def length(microseconds: int) -> str:
    """A length of time in its largest unit, rounded down.

    >>> length(50 * HOUR), length(90 * MINUTE), length(1)
    ('2 days', '1 hour', '0 minutes')
    """
    for unit, size in (("days", DAY), ("hours", HOUR)):
        if microseconds >= (2 if unit == "days" else 1) * size:
            return counted(unit, microseconds // size)
    return counted("minutes", microseconds // MINUTE)
