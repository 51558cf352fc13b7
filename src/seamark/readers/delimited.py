"""Rows of CSV and TSV files, as the csv module reads them."""

from __future__ import annotations

import csv
from collections import deque
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from seamark.engine.errors import Unreadable
from seamark.readers.files import LINE_LIMIT, OVERLONG, Line, TextFile
from seamark.readers.jsonl import json_text
from seamark.readers.shape import FileError, OnNote, OnReject, Reject, Row, check_header, listed, shortened

LINES_IN_RECORD = 100_000
"""No cell has more lines; a quote still open then was never meant to be one."""
ENDLESS = (
    f"the record goes on for more than {LINE_LIMIT // 1024**2} MiB or {LINES_IN_RECORD} lines: is a quote not closed?"
)
DELIMITERS = ",\t;"
"""Excel writes semicolons where the comma is the decimal point."""


def read_delimited(file: TextFile, on_reject: OnReject, on_note: OnNote, required: Sequence[str]) -> Iterator[Row]:
    """The rows below the header; a row that is not whole goes to the rejects, the rest is read on."""
    records = _records(_TakenLines(file.lines()), delimiter_of(file.head))
    columns = _header(file, next(records, None), required)
    if "" in columns:
        on_note(f"{file.name}: column {columns.index('') + 1} has no name and is left out")
    for record in records:
        reason = record.problem or _misfit(record.cells, columns) or file.flaw(record.written)
        if reason:
            on_reject(Reject(file.name, record.number, reason, shortened(record.written)))
        else:
            values: dict[str, object] = {name: cell for name, cell in zip(columns, record.cells, strict=True) if name}
            yield Row(record.number, values, file.name)


def _header(file: TextFile, record: _Record | None, required: Sequence[str]) -> list[str]:
    if record is None:
        raise FileError(file.name, f"is blank; expected a header with {listed(required)}")
    if problem := record.problem or file.flaw(record.written):
        raise FileError(file.name, f"has a header that cannot be read: {problem}")
    columns = [name.strip() for name in record.cells]
    check_header(file.name, columns, required)
    return columns


def _misfit(cells: Sequence[str], columns: Sequence[str]) -> str:
    return f"has {len(cells)} columns where the header has {len(columns)}" if len(cells) != len(columns) else ""


def cell_text(name: str, value: object) -> str:
    """The value as it is written into a cell. Raises `Unreadable` where it would not read back.

    >>> cell_text("interests", ["tea", "cups"]), cell_text("agreed", True)
    ('tea;cups', 'true')
    """
    match value:
        case None:
            return ""
        case bool():
            return "true" if value else "false"
        case list() if all(isinstance(part, str) and ";" not in part for part in value):
            return ";".join(value)
        case list() | dict():
            raise Unreadable(f"{name} {json_text(value)} does not fit into a cell; write .jsonl instead")
        case _:
            return str(value)


def columns_of(head: str) -> list[str]:
    """The column names in the first line that is not blank; of a cut or broken one, what can be read."""
    line = header_line(head)
    return [name.strip() for name in next(csv.reader([line], delimiter=delimiter_of(head)), [])]


def header_line(head: str) -> str:
    """The first line that is not blank."""
    return next((line for line in head.splitlines() if line.strip()), "")


def delimiter_of(head: str) -> str:
    """What stands between the columns of the header: a comma, unless there are more tabs or semicolons."""
    return max(DELIMITERS, key=header_line(head).count)


class _Record(NamedTuple):
    """A record of the file, or where `problem` says so a line that begins none."""

    number: int
    cells: Sequence[str]
    written: str
    problem: str = ""


def _records(lines: _TakenLines, delimiter: str) -> Iterator[_Record]:
    csv.field_size_limit(LINE_LIMIT)
    reader = csv.reader(lines, delimiter=delimiter, strict=True)
    while True:
        try:
            cells = next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            first = lines.give_back()
            yield _Record(first.number, (), first.text, _in_words(first, str(error)))
            continue
        taken = lines.done()
        if "".join(cells).strip():
            yield _Record(taken[0].number, cells, "".join(line.text for line in taken))


def _in_words(line: Line, error: str) -> str:
    if not line.whole:
        return OVERLONG
    if error == ENDLESS:
        return ENDLESS
    if "expected after" in error:
        return "a cell goes on after its closing quote; write a quote inside a quoted cell twice"
    return "a quote is opened and never closed"


class _TakenLines:
    """Lines for the csv module that can be given back: a quote that is never closed swallows many."""

    def __init__(self, lines: Iterator[Line]) -> None:
        self._lines = lines
        self._again: deque[Line] = deque()
        self._taken: list[Line] = []
        self._length = 0

    def __iter__(self) -> Iterator[str]:
        return self

    def __next__(self) -> str:
        line = self._again.popleft() if self._again else next(self._lines)
        self._taken.append(line)
        self._length += len(line.text)
        if self._length > LINE_LIMIT or len(self._taken) > LINES_IN_RECORD:
            raise csv.Error(ENDLESS)
        if not line.whole:
            raise csv.Error(OVERLONG)
        return line.text

    def done(self) -> list[Line]:
        """The lines of the record that is complete now."""
        taken, self._taken, self._length = self._taken, [], 0
        return taken

    def give_back(self) -> Line:
        """The first line of the record that failed; those after it will be taken again."""
        first, *rest = self.done()
        self._again.extendleft(reversed(rest))
        return first
