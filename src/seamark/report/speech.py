"""Numbers, moments and lengths of time as the page's readers write them."""

from __future__ import annotations

from dataclasses import dataclass
from zoneinfo import ZoneInfo

from seamark.engine.moments import as_datetime, today
from seamark.engine.rulebook import Words
from seamark.engine.sentence import Language
from seamark.engine.units import DAY, HOUR, MINUTE, SECOND
from seamark.report.words import WORDS


@dataclass(frozen=True)
class Speech:
    """A language, spoken at `now` in a zone."""

    language: Language
    zone: ZoneInfo
    now: int

    def say(self, key: str, **values: object) -> str:
        """The words of that key, with their values filled in."""
        return WORDS[key][("en", "zh").index(self.language)].format(**values)

    def counted(self, what: str, number: int) -> str:
        """So many of something: "1 contact", "1,204 contacts"."""
        one, _, several = self.say(f"count.{what}", n=f"{number:,}").partition("|")
        return several if several and number != 1 else one

    def titled(self, words: Words) -> str:
        """A title of the rulebook in the language, or in the one it has."""
        return words.get(self.language) or next(iter(words.values()))

    def percent(self, share: float) -> str:
        """A share of one, to a tenth of a percent."""
        return f"{share:.{0 if share in (0, 1) else 1}%}"

    def weekday(self, place: int) -> str:
        """From 0 for Monday."""
        return self.say("weekdays").split()[place]

    def day(self, moment: int) -> str:
        """A date, with the year where it is another one than now's."""
        at = as_datetime(moment, self.zone)
        this_year = at.year == as_datetime(self.now, self.zone).year
        month = self.say("months").split()[at.month - 1]
        return self.say("day" if this_year else "day.year", day=at.day, month=month, year=at.year)

    def full(self, moment: int) -> str:
        """With weekday, year and time."""
        at = as_datetime(moment, self.zone)
        month = self.say("months").split()[at.month - 1]
        day = self.say("day.year", day=at.day, month=month, year=at.year)
        return self.say("moment.full", weekday=self.weekday(at.weekday()), day=day, time=f"{at:%H:%M}")

    def moment(self, moment: int) -> str:
        """The time alone where it is of today, else the date before it."""
        time = f"{as_datetime(moment, self.zone):%H:%M}"
        if today(moment, self.zone) == today(self.now, self.zone):
            return self.say("moment.today", time=time)
        return self.say("moment.other", day=self.day(moment), time=time)

    def length(self, microseconds: float) -> str:
        """A length of time in its largest unit, with one digit behind the point where hours or minutes are few.

        >>> speech = Speech("en", ZoneInfo("UTC"), 0)
        >>> speech.length(90 * MINUTE), speech.length(45 * SECOND), speech.length(3 * DAY)
        ('1.5 h', '45 s', '3 days')
        """
        for unit, size in (("days", DAY), ("hours", HOUR), ("minutes", MINUTE)):
            if microseconds >= (2 if unit == "days" else 1) * size:
                number = microseconds / size
                few = unit != "days" and number < 10
                written = f"{number:.1f}".removesuffix(".0") if few else f"{number:.0f}"
                return self.say(f"length.{unit}", n=written)
        return self.say("length.seconds", n=f"{microseconds / SECOND:.0f}")
