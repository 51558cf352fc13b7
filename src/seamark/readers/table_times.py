"""Times in a table that have the year last, such as 05.11.2026 9:05 or 11/5/2026 3:05 PM."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from seamark.readers.cells import cell_in
from seamark.readers.rows import read_rows
from seamark.readers.shape import Note, OnNote

_YEAR_LAST = re.compile(
    r"(\d{1,2})[-/.](\d{1,2})[-/.](\d{4})(?:,?[T ]+(\d{1,2}):(\d\d)(:\d\d)?\s?([ap]m)?)?", re.ASCII | re.IGNORECASE
)
MONTHS = 12


def order_guessed(order: str) -> Note:
    """That nothing tells whether the day or the month comes first."""
    told = {"day/month/year": "日/月/年", "month/day/year": "月/日/年", "year/month/day": "年/月/日"}[order]
    en, zh = "dates are taken as {}, since nothing in the file decides", "文件中无法判断日期顺序，按{}读取"
    return Note(en.format(order), zh.format(told))


@dataclass
class TableTimes:
    """The times in a column of a file."""

    path: Path
    column: str
    on_note: OnNote

    def year_first(self, written: str) -> str:
        """The time in the order of ISO 8601, and as it was where it does not end in the year."""
        found = _YEAR_LAST.fullmatch(written)
        if not found:
            return written
        first, second, year, hour, minute, seconds, half = found.groups()
        day, month = (first, second) if self.day_is_first else (second, first)
        clock = f"T{_hour(hour, half):02}:{minute}{seconds or ''}" if hour else ""
        return f"{year}-{month:>02}-{day:>02}{clock}"

    @cached_property
    def day_is_first(self) -> bool:
        """Whether the day stands before the month, by all times of the column; asked when the first such time comes."""
        day = month = 0
        for row in read_rows(self.path, lambda reject: None, required=()):
            if found := _YEAR_LAST.fullmatch(cell_in(row.values.get(self.column))):
                day += int(found[1]) > MONTHS
                month += int(found[2]) > MONTHS
        if day == month:
            self.on_note(order_guessed("day/month/year").of(self.path))
        return day >= month


def _hour(hour: str, half: str | None) -> int:
    return int(hour) % 12 + (12 if half.lower() == "pm" else 0) if half else int(hour)
