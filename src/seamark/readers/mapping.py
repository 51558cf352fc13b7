"""Tables of any make, read as events by a mapping such as `contact=客户,occurred_at=时间,kind=order.placed`.

A name of an event's column or prop stands before each equals sign, the file's column behind it. `kind`
may be the kind itself, where no column tells it. Columns that are not named become props as they are.
A YAML file says the same, a name and a column a line: `contact: 客户`.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from zoneinfo import ZoneInfo

from seamark.engine.errors import Unreadable, nearest
from seamark.engine.located import load_yaml
from seamark.readers.cells import cell_in, moment_in, money, number_in, set_aside
from seamark.readers.files import begins_with
from seamark.readers.rows import read_rows
from seamark.readers.shape import REQUIRED_OF_EVENTS, FileError, OnNote, OnReject, Row, listed
from seamark.readers.table_times import TableTimes

MAPPING_ENDINGS = (".yaml", ".yml")

NUMBERS = ("amount", "quantity")
"""Props whose cells may have a currency sign, and commas between thousands."""

_KIND = re.compile(r"[a-z][a-z0-9_-]*(\.[a-z][a-z0-9_-]*)*")
_LIKELY = {
    "contact": re.compile(r"客户|顾客|买家|会员|contact|customer|client|buyer|user|e-?mail|phone|手机|name", re.I),
    "occurred_at": re.compile(r"时间|日期|date|time|when|_at$| at$", re.I),
}
"""What columns are called that are likely meant."""


@dataclass(frozen=True)
class Mapping:
    """What an event's column or prop is called → what the file's column is called."""

    columns: dict[str, str]

    def missing(self, columns: Sequence[str]) -> list[str]:
        """The columns named that are not among these; `kind` need not be one."""
        return [
            column
            for name, column in self.columns.items()
            if column not in columns and not (name == "kind" and _KIND.fullmatch(column))
        ]

    def lacking(self, columns: Sequence[str]) -> str:
        """What to say to a file that has not all of the columns."""
        missing = self.missing(columns)
        hints = "".join(f"; did you mean {near!r}?" for name in missing if (near := nearest(name, columns)))
        return f"has no column {listed(missing)}; the columns found are {listed(columns)}{hints}"


def is_mapping(text: str) -> bool:
    """Whether this names columns, or a file that does, and not a kind of file."""
    return "=" in text or text.endswith(MAPPING_ENDINGS)


def mapping_of(text: str) -> Mapping:
    """The mapping that is written so, or in the file of that name. Raises `Unreadable`, `RuleError` or `FileError`.

    >>> mapping_of("contact=Buyer,occurred_at=When,kind=order.placed").columns["contact"]
    'Buyer'
    """
    columns = _in_file(Path(text)) if text.endswith(MAPPING_ENDINGS) else _in_line(text)
    if missing := [name for name in REQUIRED_OF_EVENTS if name not in columns]:
        raise Unreadable(f"the mapping lacks {listed(missing)}; it must name contact, occurred_at and kind")
    return Mapping(columns)


def _in_line(text: str) -> dict[str, str]:
    pairs = [part.partition("=") for part in text.split(",")]
    for name, equals, column in pairs:
        if not (equals and name.strip() and column.strip()):
            raise Unreadable(
                f"{name + equals + column!r} is no pair such as contact=COLUMN; commas stand between pairs"
            )
    names = Counter(name.strip() for name, _, _ in pairs)
    if twice := [name for name, times in names.items() if times > 1]:
        raise Unreadable(f"{twice[0]} is mapped twice")
    return {name.strip(): column.strip() for name, _, column in pairs}


def _in_file(path: Path) -> dict[str, str]:
    begins_with(path)  # says what is no file, or empty
    written = load_yaml(path.read_bytes(), str(path)).value
    if not (isinstance(written, dict) and all(isinstance(column, str) and column for column in written.values())):
        raise FileError(path, "is no mapping; expected a line for each column, such as 'contact: COLUMN'")
    return written


def likely_mapping(columns: Sequence[str]) -> str:
    """How a mapping of such a table would begin, to be corrected by who knows it.

    >>> likely_mapping(["下单时间", "客户"])
    'contact=客户,occurred_at=下单时间,kind=order.placed'
    """
    likely = {
        name: next((column for column in columns if expression.search(column)), "COLUMN")
        for name, expression in _LIKELY.items()
    }
    return f"contact={likely['contact']},occurred_at={likely['occurred_at']},kind=order.placed"


def read_mapped(path: Path, mapping: Mapping, zone: ZoneInfo, on_reject: OnReject, on_note: OnNote) -> Iterator[Row]:
    """An event for each row; times without offset are local to the zone."""
    times = TableTimes(path, mapping.columns["occurred_at"], on_note)
    for row in read_rows(path, on_reject, on_note, required=()):
        try:
            yield row._replace(values=_values(row, mapping, times, zone))
        except Unreadable as error:
            set_aside(row, error, on_reject)


def _values(row: Row, mapping: Mapping, times: TableTimes, zone: ZoneInfo) -> dict[str, object]:
    values = {name: row.values[column] for name, column in mapping.columns.items() if column in row.values}
    values.setdefault("kind", mapping.columns["kind"])
    for name in REQUIRED_OF_EVENTS:
        values[name] = cell_in(values[name])
        if not values[name]:
            raise Unreadable(f"lacks {name} ({mapping.columns[name]})")
    values["occurred_at"] = moment_in(times.year_first(str(values["occurred_at"])), zone)
    for name in NUMBERS:
        if name in values:
            written = cell_in(values[name])
            values[name] = money(number_in(name, written)) if written else None
    used = {*mapping.columns.values(), *values}
    return values | {name: value for name, value in row.values.items() if name not in used}
