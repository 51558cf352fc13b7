"""When a line of a chat export was written: the stamp it begins with, as phones of many languages write it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime, timedelta
from functools import lru_cache
from typing import NamedTuple
from zoneinfo import ZoneInfo

from seamark.engine.errors import Unreadable
from seamark.engine.moments import even_day, local_moment, moment_text
from seamark.engine.units import DAY, SECOND

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
_WRITTEN = (
    rf"{_MARKS}(?P<bracket>\[)?{_MARKS}"
    rf"(?P<day>\d{{1,4}}{_BETWEEN}\d{{1,2}}{_BETWEEN}\d{{1,4}}{SPACE}?[日일.]?)"
    rf"[,،，]?{SPACE}*(?:(?:um|à|às|kl\.){SPACE})?{_MARKS}"
    rf"(?P<clock>(?:{_PART_OF_DAY})?{SPACE}*\d{{1,2}}[:.]\d\d(?:[:.]\d\d)?"
    rf"(?:{SPACE}*{_MARKS}(?:{_PART_OF_DAY}))?)"
    rf"{SPACE}*{_MARKS}(?(bracket)\]{SPACE}|{SPACE}[-–]{SPACE})"
)
_STAMP = re.compile(_WRITTEN, re.IGNORECASE)
_AFTER_BREAK = re.compile("\n" + _WRITTEN, re.IGNORECASE)
"""A search for the break of a line is many times as quick as one for its beginning."""
_NUMBER = re.compile(r"\d+")
_PART = re.compile(_PART_OF_DAY, re.IGNORECASE)
FOUNDED = 2009
"""No chat on WhatsApp is older than WhatsApp."""

Numbers = tuple[str, str, str]
"""The three numbers of a date, as they were written one after the other."""

ORDERS = {"day/month/year": (2, 1, 0), "month/day/year": (2, 0, 1), "year/month/day": (0, 1, 2)}
"""Where year, month and day stand in each order of a date; the first is taken where nothing decides."""


class Stamp(NamedTuple):
    """Day and time of day as they were written, and where they end in the line."""

    day: str
    clock: str
    bracketed: bool
    end: int

    @property
    def date(self) -> Numbers:
        return _numbers(self.day)

    @property
    def year_first(self) -> bool:
        """Whether the words around the numbers are of a language that writes the year first."""
        return _puts_year_first(self.day) or _puts_year_first(self.clock)


def stamp_of(line: str) -> Stamp | None:
    """The stamp a message begins with, or None where the line goes on from the one before.

    >>> stamp_of("12/11/2026, 10:05 - Ann: hello").date
    ('12', '11', '2026')
    >>> stamp_of("see you at 10:05 - Ann") is None
    True
    """
    found = _STAMP.match(line)
    return _stamp(found, found.end()) if found else None


def stamps_in(lines: str) -> Iterator[tuple[int, Stamp]]:
    r"""The stamps that lines begin with, and where these lines begin.

    >>> [(begin, stamp.end) for begin, stamp in stamps_in("12/11/26, 10:05 - A: hi\nyou\n12/11/26, 10:06 - B: ho\n")]
    [(0, 18), (28, 18)]
    """
    for found in _AFTER_BREAK.finditer("\n" + lines):
        begin, end = found.span()
        yield begin, _stamp(found, end - begin - 1)


def _stamp(found: re.Match[str], end: int) -> Stamp:
    bracket, day, clock = found.groups()
    return Stamp(day, clock, bracket is not None, end)


@lru_cache(maxsize=4096)
def _numbers(day: str) -> Numbers:
    first, second, third = _NUMBER.findall(day)
    return first, second, third


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


def moment_of(stamp: Stamp, order: str, zone: ZoneInfo) -> tuple[str, str]:
    """The moment in UTC, and the note of `local_moment`. Raises `Unreadable`.

    >>> moment_of(stamp_of("12/11/2026, 10:05 - Ann: hello"), "day/month/year", ZoneInfo("Asia/Shanghai"))
    ('2026-11-12T02:05:00Z', '')
    """
    begin = even_day(date_of(stamp.date, order), zone)
    if begin is not None:
        return moment_text(begin + second_of(stamp.clock) * SECOND), ""
    moment, note = local_moment(local_time(stamp, order), zone)
    return moment_text(moment), note


def local_time(stamp: Stamp, order: str) -> datetime:
    """The time on the clock of the phone, without zone. Raises `Unreadable`."""
    day = date_of(stamp.date, order)
    return datetime(day.year, day.month, day.day) + timedelta(seconds=second_of(stamp.clock))


@lru_cache(maxsize=DAY // SECOND)
def second_of(clock: str) -> int:
    """The second of the day of a time as it was written. Raises `Unreadable`.

    >>> second_of("12:05 AM"), second_of("下午3:05:31")
    (300, 54331)
    """
    hour, minute, second = map(int, (*_NUMBER.findall(clock), "0")[:3])
    if hour > 23 or minute > 59 or second > 59:
        raise Unreadable(f"{hour}:{minute:02}:{second:02} is no time of day")
    return (_hour(hour, _part_of_day(clock)) * 60 + minute) * 60 + second


def _part_of_day(clock: str) -> str:
    found = _PART.search(clock)
    return re.sub(SPACE, " ", found[0].lower()) if found else ""


def _hour(hour: int, part_of_day: str) -> int:
    if part_of_day in _BEFORE_NOON:
        return 0 if hour == 12 else hour
    if part_of_day in _AFTER_NOON and hour < 12:
        return hour + 12
    if part_of_day in _AT_NOON and hour < 11:
        return hour + 12
    return hour
