"""When the organisation is open: hours by weekday, and days on which it is closed."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta, tzinfo
from typing import ClassVar, NamedTuple

LOOKS_AHEAD_DAYS = 400
"""Who opens no sooner than that is closed for good."""


class Span(NamedTuple):
    """From when until when (exclusive) somebody is there."""

    opens: datetime
    closes: datetime


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
        span = self.span(moment.date(), moment.tzinfo)
        return span is not None and span.opens <= moment < span.closes

    def span(self, day: date, zone: tzinfo | None) -> Span | None:
        """The hours of a day; None where it is closed."""
        opens, closes = self.opens[day.weekday()], self.closes[day.weekday()]
        if not opens or self.holiday(day):
            return None
        return Span(_moment(day, opens, zone), _moment(day, closes, zone))

    def opens_after(self, moment: datetime) -> datetime | None:
        """When it opens next after a moment of the organisation's zone; None: never, as far as can be foreseen.

        >>> Hours().opens_after(datetime(2026, 11, 27, 18, 0))
        datetime.datetime(2026, 11, 30, 9, 0)
        """
        days = (moment.date() + timedelta(days=ahead) for ahead in range(LOOKS_AHEAD_DAYS))
        spans = (self.span(day, moment.tzinfo) for day in days)
        return next((span.opens for span in spans if span and span.opens > moment), None)

    def closes_after(self, moment: datetime) -> datetime:
        """When it closes that is open at the moment; where it stays open over midnight, when that ends.

        >>> Hours().closes_after(datetime(2026, 11, 27, 10, 30))
        datetime.datetime(2026, 11, 27, 18, 0)
        """
        closes = moment
        for ahead in range(LOOKS_AHEAD_DAYS):
            span = self.span(moment.date() + timedelta(days=ahead), moment.tzinfo)
            if span is None or span.opens > closes:
                break
            closes = span.closes
        return closes

    def open_between(self, begin: datetime, end: datetime) -> timedelta:
        """For how long it is open between two moments of the organisation's zone.

        >>> Hours().open_between(datetime(2026, 11, 27, 17, 30), datetime(2026, 11, 30, 9, 10))
        datetime.timedelta(seconds=2400)
        """
        days = (begin.date() + timedelta(days=place) for place in range((end.date() - begin.date()).days + 1))
        spans = [span for day in days if (span := self.span(day, begin.tzinfo))]
        return sum((max(timedelta(0), min(end, each.closes) - max(begin, each.opens)) for each in spans), timedelta(0))

    def holiday(self, day: date) -> Holiday | None:
        """The holiday that the day belongs to."""
        return next((each for each in self.holidays if each.covers(day)), None)


def _moment(day: date, written: str, zone: tzinfo | None) -> datetime:
    """A time of the day as it is written; 24:00 is the beginning of the next."""
    if written == "24:00":
        return datetime.combine(day + timedelta(days=1), time(), zone)
    return datetime.combine(day, time.fromisoformat(written), zone)
