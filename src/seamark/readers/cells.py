"""Columns, numbers and times as shops and spreadsheets write them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from decimal import ROUND_HALF_UP, Context, Decimal
from functools import lru_cache
from pathlib import Path
from zoneinfo import ZoneInfo

from seamark.engine.errors import Unreadable
from seamark.engine.moments import moment_text, parse_moment
from seamark.engine.units import SECOND
from seamark.readers.rows import read_rows
from seamark.readers.shape import FileError, Note, OnNote, OnReject, Reject, Row, listed, shortened

EXACT = Context(prec=60, rounding=ROUND_HALF_UP)
_CENT, _FOUR_PLACES = Decimal("0.01"), Decimal("0.0001")
_NUMBER = re.compile(r"([+-]?)[¥￥$€£]?(\d{1,15}|\d{1,3}(?:,\d{3}){1,4})(\.\d{1,15})?", re.ASCII)
_FORMULA = re.compile(r'="(.*)"', re.DOTALL)
_YEAR_FIRST = re.compile(
    r"(\d{4})[-/.年](\d{1,2})[-/.月](\d{1,2})日?"
    r"(?:[T ]+(\d{1,2}):(\d\d)((?::\d\d(?:\.\d{1,6})?)?\s?(?:Z|[+-]\d\d:?\d\d)?))?",
    re.ASCII,
)
_SINCE_1970 = re.compile(r"\d{10}|\d{13}", re.ASCII)
"""Seconds or milliseconds of a time between 2001 and 2286."""

Titles = Mapping[str, tuple[str, ...]]
"""What a column is called here → what it is called in files, without case, spaces and underscores; the last is best."""
Cells = dict[str, str]
"""What a column is called here → what stands in it; a column that is not there is empty."""


def columns_in(columns: Iterable[str], titles: Titles) -> dict[str, str]:
    """What each column is called here → in the file, for those that are there.

    >>> columns_in(["Paid at", "Total"], {"paid": ("paidat",), "phone": ("phone",)})
    {'paid': 'Paid at'}
    """
    folded = {re.sub(r"[ _]", "", column.casefold()): column for column in columns}
    return {name: folded[title] for name, each in titles.items() for title in each if title in folded}


def order_lines(
    path: Path, titles: Titles, needed: Iterable[str], whose: str, on_reject: OnReject, on_note: OnNote
) -> Iterator[tuple[Row, Cells]]:
    """The rows of a file of orders with their cells. Raises `FileError` where a column is missing that is needed."""
    named: dict[str, str] = {}
    missing: Cells = {}
    for row in read_rows(path, on_reject, on_note, required=()):
        values = row.values
        if not named:
            named = _needed(path, values, titles, needed, whose)
            missing = dict.fromkeys(titles.keys() - named.keys(), "")
        cells = {name: cell_in(values[column]) if column in values else "" for name, column in named.items()}
        yield row, cells | missing if missing else cells


def _needed(path: Path, columns: Iterable[str], titles: Titles, needed: Iterable[str], whose: str) -> dict[str, str]:
    named = columns_in(columns, titles)
    missing = [titles[name][0] for name in needed if name not in named]
    if missing:
        raise FileError(path, f"lacks {listed(missing)} of {whose}; the columns are {listed(list(columns))}")
    return named


def cell_in(value: object) -> str:
    """The cell without what keeps spreadsheets from taking long numbers as numbers.

    >>> cell_in('="1234567890123456789"'), cell_in("'13800138000"), cell_in("2026\\t"), cell_in(None)
    ('1234567890123456789', '13800138000', '2026', '')
    """
    if value is None or value == "":
        return ""
    written = str(value).strip()
    if written[:1] not in "='":
        return written
    found = _FORMULA.fullmatch(written)
    return found[1].strip() if found else written.removeprefix("'")


@lru_cache(maxsize=4096)  # shops have their prices
def number_in(name: str, written: str) -> Decimal:
    """The number, without currency sign and commas between thousands. Raises `Unreadable`, which tells the name.

    >>> number_in("total", "¥1,234.50")
    Decimal('1234.50')
    """
    found = _NUMBER.fullmatch(written)
    if not found:
        raise Unreadable(f"{name} {written!r} is not a number of at most 15 digits on either side of the point")
    sign, whole, fraction = found.groups()
    return Decimal(f"{sign}{whole.replace(',', '')}{fraction or ''}")


def money(exact: Decimal) -> Decimal:
    """The amount with at most the four decimals the engine holds, half a unit rounded up."""
    if exact.same_quantum(_CENT):  # as most are
        return exact
    rounded = exact.quantize(_FOUR_PLACES, context=EXACT)
    return exact if exact == rounded else rounded


@lru_cache(maxsize=1024)  # the lines of an order share their time
def moment_in(written: str, zone: ZoneInfo) -> str:
    """The time in UTC, of one written with the year first or counted since 1970. Raises `Unreadable`.

    >>> moment_in("2026/1/5 9:05", ZoneInfo("Asia/Shanghai")), moment_in("1767575100", ZoneInfo("UTC"))
    ('2026-01-05T01:05:00Z', '2026-01-05T01:05:00Z')
    """
    if _SINCE_1970.fullmatch(written):
        return moment_text(int(written) * SECOND // (1 if len(written) == 10 else 1000))
    try:
        return moment_text(parse_moment(written, zone)[0])
    except Unreadable:
        if not (found := _YEAR_FIRST.fullmatch(written)):
            raise
    year, month, day, hour, minute, rest = found.groups()
    clock = f"T{hour:>02}:{minute}{rest or ''}" if hour else ""
    return moment_text(parse_moment(f"{year}-{month:>02}-{day:>02}{clock}", zone)[0])


def set_aside(row: Row, reason: object, on_reject: OnReject) -> None:
    """The row to the rejects, its cells between commas."""
    content = ",".join("" if value is None else str(value) for value in row.values.values())
    on_reject(Reject(row.file, row.line, str(reason), shortened(content)))


def tell_counts(path: Path, counts: Mapping[Note, int], on_note: OnNote) -> None:
    """A note for each thing that was counted."""
    for what, times in counts.items():
        on_note(what.of(path, times))


def amounts_in(currency: str) -> Note:
    """That amounts, of which the file does not tell the currency, are in this one."""
    return Note(f"amounts are taken as {currency}", f"金额按 {currency} 计")
