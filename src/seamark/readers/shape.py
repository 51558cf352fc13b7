"""What readers hand on: raw rows in the shape of event files, and what they had to set aside."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import NamedTuple

from seamark.engine.errors import nearest

EVENT_COLUMNS = ("contact", "occurred_at", "kind", "id", "seq", "channel", "actor")
"""The columns of an event file in their order; every other column is a prop."""
REQUIRED_OF_EVENTS = EVENT_COLUMNS[:3]
REQUIRED_OF_CONTACTS = EVENT_COLUMNS[:1]

SHOWN = 500
"""How many characters of a rejected line are kept; longer ones end in an ellipsis."""


class Row(NamedTuple):
    """One row as it was written: texts, or values of JSON and Parquet with every number a `Decimal`.

    `line` is the 1-based line on which the row begins; in Parquet, the number of the row.
    """

    line: int
    values: dict[str, object]
    file: str = ""


class Reject(NamedTuple):
    """A line that was set aside, and why."""

    file: str
    line: int
    reason: str
    content: str


class Note(str):
    """What a reader decided or left out, in English; `zh` says it in Chinese."""

    zh: str

    def __new__(cls, en: str, zh: str) -> Note:
        note = super().__new__(cls, en)
        note.zh = zh
        return note

    def of(self, file: str | Path, times: int | None = None) -> Note:
        """The same of a file, and how often it was so."""
        ending = "" if times is None else f": {times}"
        return Note(f"{file}: {self}{ending}", f"{file}: {self.zh}{ending}")


OnReject = Callable[[Reject], None]
OnNote = Callable[[Note], None]


class FileError(Exception):
    """A file that cannot be read or written: what was found, what was expected, what to do."""

    def __init__(self, file: str | Path, message: str) -> None:
        self.file = str(file)
        self.message = message
        super().__init__(f"{self.file}: {message}")


def shortened(content: str) -> str:
    """The content as far as it is shown to people; broken bytes are written out."""
    content = content[: SHOWN + 2].rstrip("\r\n").encode("utf-8", "backslashreplace").decode()
    return content if len(content) <= SHOWN else content[:SHOWN] + "…"


def note_unnamed(file: str, columns: Sequence[str], on_note: OnNote) -> None:
    """Says that a column without a name is left out, where there is one."""
    if "" in columns:
        place = columns.index("") + 1
        on_note(Note(f"column {place} has no name and is left out", f"第 {place} 列没有列名，已略去").of(file))


def check_header(file: str, columns: Sequence[str], required: Sequence[str]) -> None:
    """Raises `FileError` where a column is missing or stands twice."""
    twice = [name for name, times in Counter(columns).items() if name and times > 1]
    if twice:
        raise FileError(file, f"column {twice[0]!r} stands {columns.count(twice[0])} times; give each its own name")
    missing = [name for name in required if name not in columns]
    if missing:
        raise FileError(file, f"{_missing(missing, columns)}; the columns found are {listed(columns)}")


def _missing(missing: Sequence[str], columns: Sequence[str]) -> str:
    lacking = ", ".join(missing)
    folded = {column.casefold(): column for column in reversed(columns)}
    near = [(name, folded[found]) for name in missing if (found := nearest(name, folded))]
    hints = "".join(f"; rename {column!r} if it is {name}" for name, column in near)
    return f"lacks the column{'s' if len(missing) > 1 else ''} {lacking}{hints}"


def listed(columns: Sequence[str], most: int = 20) -> str:
    """The columns between commas, with the number of those left unsaid."""
    said = ", ".join(shortened(column) or "(no name)" for column in columns[:most])
    return f"{said} and {len(columns) - most} more" if len(columns) > most else said or "none"
