"""When a line of a chat export was written: the stamp it begins with, as phones of many languages write it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from datetime import date, datetime
from functools import lru_cache
from typing import NamedTuple

from seamark.engine.errors import Unreadable

INVISIBLE = "\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\ufeff"
"""Marks of writing direction, which phones put before names, numbers and notices."""
SPACE = "[ \u00a0\u2009\u202f]"

_BEFORE_NOON = (
    *("am", "a.m.", "a. m.", "pg", "sa", "ص", 'לפנה"צ'),  # among them Malay, Vietnamese, Arabic and Hebrew
    *("上午", "早上", "清晨", "凌晨", "午前", "오전"),
)
_AFTER_NOON = ("pm", "p.m.", "p. m.", "ptg", "ch", "م", 'אחה"צ', "下午", "傍晚", "晚上", "午後", "오후")
_AT_NOON = ("中午",)
_PART_OF_DAY = "|".join(
    re.escape(word).replace(r"\ ", SPACE)
    for word in sorted((*_BEFORE_NOON, *_AFTER_NOON, *_AT_NOON), key=len, reverse=True)
)
_YEAR_FIRST = re.compile("[午早晚清凌傍오年년]")
"""What stands in dates of languages that write the year first."""
_MARKS = f"[{INVISIBLE}]*"
_BETWEEN = f"{_MARKS}(?:[./-]|{SPACE}?[年月년월]){SPACE}?{_MARKS}"
_STAMP = re.compile(
    rf"{_MARKS}(?P<bracket>\[)?{_MARKS}"
    rf"(?P<date>(?P<first>\d{{1,4}}){_BETWEEN}(?P<second>\d{{1,2}}){_BETWEEN}(?P<third>\d{{1,4}}){SPACE}?[日일.]?)"
    rf"[,،，]?{SPACE}*(?:(?:um|à|às|kl\.){SPACE})?{_MARKS}"
    rf"(?P<before>{_PART_OF_DAY})?{SPACE}*(?P<hour>\d{{1,2}})[:.](?P<minute>\d\d)(?:[:.](?P<seconds>\d\d))?"
    rf"{SPACE}*{_MARKS}(?P<after>{_PART_OF_DAY})?{_MARKS}"
    rf"(?(bracket)\]{SPACE}|{SPACE}[-–]{SPACE})",
    re.IGNORECASE,
)

FOUNDED = 2009
"""No chat on WhatsApp is older than WhatsApp."""

Numbers = tuple[str, str, str]
"""The three numbers of a date, as they were written one after the other."""

ORDERS = {"day/month/year": (2, 1, 0), "month/day/year": (2, 0, 1), "year/month/day": (0, 1, 2)}
"""Where year, month and day stand in each order of a date; the first is taken where nothing decides."""


class Stamp(NamedTuple):
    """Date and time as they were written, and where they end in the line."""

    date: Numbers
    hour: int
    minute: int
    second: int
    part_of_day: str
    bracketed: bool
    year_first: bool
    """Whether the words around the numbers are of a language that writes the year first."""
    end: int


def stamp_of(line: str) -> Stamp | None:
    """The stamp a message begins with, or None where the line goes on from the one before.

    >>> stamp_of("12/11/2026, 10:05 - Ann: hello").date
    ('12', '11', '2026')
    >>> stamp_of("see you at 10:05 - Ann") is None
    True
    """
    found = _STAMP.match(line)
    return _stamp(found.groups(), found.end()) if found else None


@lru_cache(maxsize=1024)  # people write several messages a minute
def _stamp(groups: tuple[str, ...], end: int) -> Stamp:
    bracket, date, first, second, third, before, hour, minute, seconds, after = groups
    part_of_day = (before or after or "").lower()
    return Stamp(
        date=(first, second, third),
        hour=int(hour),
        minute=int(minute),
        second=int(seconds or 0),
        part_of_day=re.sub(SPACE, " ", part_of_day) if part_of_day else "",
        bracketed=bracket is not None,
        year_first=_puts_year_first(date + part_of_day),
        end=end,
    )


def _puts_year_first(written: str) -> bool:
    return not written.isascii() and _YEAR_FIRST.search(written) is not None


def date_order(dates: Sequence[Numbers], year_first: bool = False) -> tuple[str, bool]:
    """The order of the dates of a chat, and whether another one would have done as well.

    A chat is written down as it went: the order is the one that reads most of its dates, and then
    the one in which they go back least; of equals the first. `year_first` says that the chat is in a
    language that writes the year first, so that years may be short there.

    >>> date_order([("12", "11", "26"), ("13", "11", "26")])
    ('day/month/year', False)
    >>> date_order([("11", "12", "26"), ("12", "12", "26")])
    ('day/month/year', True)
    """
    *others, year = ORDERS
    candidates = [year, *others] if year_first or any(len(first) == 4 for first, _, _ in dates) else others
    faults = {order: _faults(dates, order) for order in candidates}
    best = min(candidates, key=faults.__getitem__)
    return best, sum(fault == faults[best] for fault in faults.values()) > 1


def _faults(dates: Iterable[Numbers], order: str) -> tuple[int, int]:
    unread = back = 0
    before = date.min
    for numbers in dates:
        try:
            day = date_of(numbers, order)
        except Unreadable:
            unread += 1
            continue
        back += day < before
        before = day
    return unread, back


@lru_cache(maxsize=1024)
def date_of(numbers: Numbers, order: str) -> date:
    """The date of three numbers in an order. Raises `Unreadable`."""
    year, month, day = (numbers[place] for place in ORDERS[order])
    try:
        if len(year) not in {2, 4} or len(month) > 2 or len(day) > 2:
            raise ValueError
        found = date(int(year) + (2000 if len(year) == 2 else 0), int(month), int(day))
        if found.year < FOUNDED:
            raise ValueError
    except ValueError:
        raise Unreadable(f"{'/'.join(numbers)} is no date in the order {order}, which the other dates have") from None
    return found


def local_time(stamp: Stamp, order: str) -> datetime:
    """The time on the clock of the phone, without zone. Raises `Unreadable`."""
    day = date_of(stamp.date, order)
    try:
        return datetime(day.year, day.month, day.day, _hour(stamp), stamp.minute, stamp.second)
    except ValueError:
        raise Unreadable(f"{stamp.hour}:{stamp.minute:02}:{stamp.second:02} is no time of day") from None


def _hour(stamp: Stamp) -> int:
    if stamp.part_of_day in _BEFORE_NOON:
        return 0 if stamp.hour == 12 else stamp.hour
    if stamp.part_of_day in _AFTER_NOON and stamp.hour < 12:
        return stamp.hour + 12
    if stamp.part_of_day in _AT_NOON and stamp.hour < 11:
        return stamp.hour + 12
    return stamp.hour
