"""Rows of CSV and TSV files, as the csv module reads them."""

from __future__ import annotations

import csv
from collections import deque
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from seamark.engine.errors import Unreadable
from seamark.readers.files import BLOCK, LINE_LIMIT, OVERLONG, Line, TextFile
from seamark.readers.jsonl import json_text
from seamark.readers.shape import (
    FileError,
    OnNote,
    OnReject,
    Reject,
    Row,
    check_header,
    listed,
    note_unnamed,
    shortened,
)

LINES_IN_RECORD = 100_000
"""No cell has more lines; a quote still open then was never meant to be one."""
ENDLESS = (
    f"the record goes on for more than {LINE_LIMIT // 1024**2} MiB or {LINES_IN_RECORD} lines: is a quote not closed?"
)
DELIMITERS = ",\t;"
"""Excel writes semicolons where the comma is the decimal point."""


def read_delimited(file: TextFile, on_reject: OnReject, on_note: OnNote, required: Sequence[str]) -> Iterator[Row]:
    """The rows below the header; a row that is not whole goes to the rejects, the rest is read on."""
    records = _records(file, delimiter_of(file.head))
    columns = _header(file, next(records, None), required)
    note_unnamed(file.name, columns, on_note)
    named = dict.fromkeys(columns).keys() - {""}
    for record in records:
        cells = record.cells
        if reason := record.problem or _misfit(cells, columns):
            on_reject(Reject(file.name, record.number, reason, shortened(record.written)))
        else:
            values: dict[str, object] = dict(zip(columns, cells, strict=True))
            if len(named) < len(columns):
                values = {name: values[name] for name in columns if name}
            yield Row(record.number, values, file.name)


def _header(file: TextFile, record: _Record | None, required: Sequence[str]) -> list[str]:
    if record is None:
        raise FileError(file.name, f"is blank; expected a header with {listed(required)}")
    if record.problem:
        raise FileError(file.name, f"has a header that cannot be read: {record.problem}")
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
    """A record of the file, or where `problem` says so lines that are none."""

    number: int
    cells: Sequence[str]
    lines: Sequence[Line] = ()
    """Those it was read from, where somebody may want to see them."""
    problem: str = ""

    @property
    def written(self) -> str:
        return "".join(line.text for line in self.lines)


def _records(file: TextFile, delimiter: str) -> Iterator[_Record]:
    """The records, many lines at once while nothing is wrong with them, else one after the other."""
    csv.field_size_limit(LINE_LIMIT)
    lines = _Lines(file.lines())
    while batch := lines.take(min(BLOCK, LINE_LIMIT)):
        done = 0
        if all(line.whole for line in batch) and not file.flaw("".join([line.text for line in batch])):
            for record in _sound_records(batch, delimiter):
                yield record
                done = record.number - batch[0].number + len(record.lines)
        lines.give_back(batch[done:])
        if done < len(batch):
            yield from _next_record(lines, delimiter, file)


def _sound_records(batch: Sequence[Line], delimiter: str) -> Iterator[_Record]:
    """The records of lines without flaw, up to one that is not whole."""
    reader = csv.reader([line.text for line in batch], delimiter=delimiter, strict=True)
    begin = 0
    try:
        for cells in reader:
            end = reader.line_num
            if "".join(cells).strip():
                yield _Record(batch[begin].number, cells, batch[begin:end])
            begin = end
    except csv.Error:
        return


def _next_record(lines: _Lines, delimiter: str, file: TextFile) -> Iterator[_Record]:
    """One record, or what is wrong with a line; nothing for a blank one."""
    taken = _Taken(lines)
    try:
        cells = next(csv.reader(taken, delimiter=delimiter, strict=True))
    except csv.Error as error:
        first, *rest = taken.lines
        lines.give_back(rest)
        yield _Record(first.number, (), [first], _in_words(first, str(error)))
        return
    if "".join(cells).strip():
        record = _Record(taken.lines[0].number, cells, taken.lines)
        yield record._replace(problem=file.flaw(record.written))


def _in_words(line: Line, error: str) -> str:
    if not line.whole:
        return OVERLONG
    if error == ENDLESS:
        return ENDLESS
    if "expected after" in error:
        return "a cell goes on after its closing quote; write a quote inside a quoted cell twice"
    return "a quote is opened and never closed"


class _Lines:
    """Lines that can be given back: a quote that is never closed swallows many."""

    def __init__(self, lines: Iterator[Line]) -> None:
        self._lines = lines
        self._again: deque[Line] = deque()

    def __iter__(self) -> Iterator[Line]:
        return self

    def __next__(self) -> Line:
        return self._again.popleft() if self._again else next(self._lines)

    def take(self, length: int) -> list[Line]:
        """The next lines, until they are so long together; none at the end."""
        taken = []
        for line in self:
            taken.append(line)
            length -= len(line.text)
            if length <= 0:
                break
        return taken

    def give_back(self, lines: Sequence[Line]) -> None:
        self._again.extendleft(reversed(lines))


class _Taken:
    """Lines for the csv module to make one record of, which are kept."""

    def __init__(self, lines: _Lines) -> None:
        self._source = lines
        self._length = 0
        self.lines: list[Line] = []

    def __iter__(self) -> Iterator[str]:
        return self

    def __next__(self) -> str:
        line = next(self._source)
        self.lines.append(line)
        self._length += len(line.text)
        if self._length > LINE_LIMIT or len(self.lines) > LINES_IN_RECORD:
            raise csv.Error(ENDLESS)
        if not line.whole:
            raise csv.Error(OVERLONG)
        return line.text
