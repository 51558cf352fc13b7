"""Times of the week at which a contact may be reached: "Wed/Fri afternoon", "周一至周五 9:00-18:00"."""

from __future__ import annotations

import re
from itertools import pairwise
from typing import NamedTuple

from seamark.text.intents.classes import Language

HOUR = 60
EVERY_DAY = tuple(range(1, 8))
WEEKDAYS = EVERY_DAY[:5]
WEEKEND = EVERY_DAY[5:]
WEEKLONG = 3
"""From so many days in a row on they are written as a span."""


class Slot(NamedTuple):
    """Days of the week, 1 Monday to 7 Sunday, and minutes of the day, from `begin` on and before `end`."""

    days: tuple[int, ...]
    begin: int
    end: int


OFFICE_HOURS = Slot(WEEKDAYS, 9 * HOUR, 18 * HOUR)
"""S0: 9 to 18 on weekdays."""
EVENING = Slot(EVERY_DAY, 20 * HOUR, 23 * HOUR)
"""S0: the night owls' hours, 20 to 23."""

# Parts of the day are named by the seeds and bounded by us.
_PARTS: dict[tuple[int, int], dict[Language, str]] = {
    (9 * HOUR, 12 * HOUR): {"en": "morning", "zh": "上午"},
    (12 * HOUR, 18 * HOUR): {"en": "afternoon", "zh": "下午"},
    (18 * HOUR, 23 * HOUR): {"en": "evening", "zh": "晚上"},
}
_ALSO = {"mornings": "morning", "afternoons": "afternoon", "evenings": "evening", "晚间": "晚上", "早上": "上午"}
_PART_NAMED = {name: hours for hours, names in _PARTS.items() for name in names.values()}
_PART_NAMED |= {other: _PART_NAMED[name] for other, name in _ALSO.items()}

_DAYS: dict[Language, tuple[str, ...]] = {
    "en": ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"),
    "zh": ("周一", "周二", "周三", "周四", "周五", "周六", "周日"),
}
_SETS: dict[str, tuple[int, ...]] = {
    "weekdays": WEEKDAYS,
    "工作日": WEEKDAYS,
    "weekends": WEEKEND,
    "周末": WEEKEND,
    "daily": EVERY_DAY,
    "every day": EVERY_DAY,
    "每天": EVERY_DAY,
}

_DAY = (
    r"(?:mon(?:day)?|tue(?:s(?:day)?)?|wed(?:nesday)?|thu(?:r(?:s(?:day)?)?)?|fri(?:day)?|sat(?:urday)?|sun(?:day)?)s?"
    r"|(?:周|星期|礼拜)[一二三四五六日天]"
)
_TO = r"\s*(?:-|~|to|至|到)\s*"
_AND = r"\s*(?:/|,|&|and|、|和|及)\s*"
_DAYS_FOUND = re.compile(rf"(?:on )?({'|'.join(_SETS)}|(?:{_DAY})(?:(?:{_TO}|{_AND})(?:{_DAY}))*)\s*")
_HALF = r"(上午|早上|中午|下午|晚上|晚间)?\s*"
_TIME = _HALF + r"(\d{1,2})(?:[:点](\d{2})?)?\s*(am|pm)?"
_HOURS_FOUND = re.compile(rf"(?:from |between )?{_TIME}{_TO.replace('to|', 'to|and|')}{_TIME}")
_PART_FOUND = re.compile(rf"(?:in the )?({'|'.join(sorted(_PART_NAMED, key=len, reverse=True))})")


def read_slot(text: str) -> Slot | None:
    """The slot that a normalised text is in full; None where it is none.

    >>> read_slot("wed/fri afternoon")
    Slot(days=(3, 5), begin=720, end=1080)
    >>> read_slot("周一至周五 9:00-18:00") == OFFICE_HOURS
    True
    """
    rest = text.strip()
    days = EVERY_DAY
    if found := _DAYS_FOUND.match(rest):
        days, rest = _days(found[1]), rest[found.end() :].lstrip(" ,")
    hours = _hours(rest) if rest else (0, 24 * HOUR) if found else None
    return Slot(days, *hours) if hours and hours[0] < hours[1] <= 24 * HOUR else None


def write_slot(slot: Slot, language: Language) -> str:
    """The slot in words that `read_slot` reads again.

    >>> write_slot(Slot((3, 5), 12 * HOUR, 18 * HOUR), "zh"), write_slot(OFFICE_HOURS, "en")
    ('周三/周五下午', 'Mon-Fri 9 AM-6 PM')
    """
    days = _days_in_words(slot.days, language)
    hours = (slot.begin, slot.end)
    if hours == (0, 24 * HOUR):
        return days
    if part := _PARTS.get(hours):
        return f"{days}{' ' if language == 'en' else ''}{part[language]}"
    return f"{days} {_time_in_words(slot.begin, language)}-{_time_in_words(slot.end, language)}"


def _days(text: str) -> tuple[int, ...]:
    if text in _SETS:
        return _SETS[text]
    named = [_day(each[0]) for each in re.finditer(_DAY, text)]
    joined = [between.strip() for between in re.split(_DAY, text)[1:-1]]
    days = {named[0]}
    for (one, other), between in zip(pairwise(named), joined, strict=True):
        days |= _span(one, other) if re.fullmatch(_TO, f" {between} ") else {other}
    return tuple(sorted(days))


def _day(name: str) -> int:
    if name[-1] in "一二三四五六日天":
        return "一二三四五六日".index(name[-1].replace("天", "日")) + 1
    return [day.lower() for day in _DAYS["en"]].index(name[:3]) + 1


def _span(first: int, last: int) -> set[int]:
    """Round the end of the week, where it begins later than it ends."""
    return set(range(first, last + 1)) if first <= last else set(EVERY_DAY) - set(range(last + 1, first))


def _hours(text: str) -> tuple[int, int] | None:
    if found := _PART_FOUND.fullmatch(text):
        return _PART_NAMED[found[1]]
    if found := _HOURS_FOUND.fullmatch(text.removesuffix("点")):
        half, hour, minute, noon, later_half, later_hour, later_minute, later_noon = found.groups()
        begin = _minutes(hour, minute, half, noon or (later_noon if later_noon == "am" else None))
        return begin, _minutes(later_hour, later_minute, later_half or half, later_noon)
    return None


def _minutes(hour: str, minute: str | None, half: str | None, noon: str | None) -> int:
    """Minutes of the day; 12 at noon is 12 pm."""
    whole = int(hour)
    if whole < 12 and (noon == "pm" or half in ("下午", "晚上", "晚间")):
        whole += 12
    if whole == 12 and noon == "am":
        whole = 0
    return whole * HOUR + int(minute or 0)


def _days_in_words(days: tuple[int, ...], language: Language) -> str:
    if days == EVERY_DAY:
        return {"en": "daily", "zh": "每天"}[language]
    names = [_DAYS[language][day - 1] for day in days]
    if len(days) >= WEEKLONG and days[-1] - days[0] == len(days) - 1:
        return f"{names[0]}{'-' if language == 'en' else '至'}{names[-1]}"
    return "/".join(names)


def _time_in_words(minutes: int, language: Language) -> str:
    hour, minute = divmod(minutes, HOUR)
    if language == "zh":
        return f"{hour}:{minute:02}"
    return f"{(hour + 11) % 12 + 1}{f':{minute:02}' if minute else ''} {'AM' if hour % 24 < 12 else 'PM'}"
