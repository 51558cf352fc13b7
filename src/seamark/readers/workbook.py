"""Rows of Excel workbooks (XLSX), each cell as the text that a CSV of the sheet would have."""

from __future__ import annotations

import zipfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import NamedTuple

from python_calamine import CalamineError, CalamineSheet, CalamineWorkbook, SheetTypeEnum, SheetVisibleEnum

from seamark.readers.files import ZIP, begins_with, flaw
from seamark.readers.shape import (
    FileError,
    Note,
    OnNote,
    OnReject,
    Reject,
    Row,
    check_header,
    listed,
    note_unnamed,
    shortened,
)

SHEET_LIMIT = 1024**3
"""How many bytes of XML a workbook may hold: a sheet is in memory as a whole."""
EXACT_INTEGERS = 10**15
"""Excel keeps 15 digits of a number."""

Cell = int | float | str | bool | time | date | datetime | timedelta


class _Sheet(NamedTuple):
    """The one sheet that is read, its rows below the header numbered as Excel does."""

    name: str
    columns: list[str]
    rows: Iterator[tuple[int, list[str]]]
    others: list[str]


def is_workbook(path: Path) -> bool:
    """Whether the file is an Excel workbook, by what is packed in it."""
    if not begins_with(path).startswith(ZIP):
        return False
    try:
        with zipfile.ZipFile(path) as archive:
            return "xl/workbook.xml" in archive.namelist()
    except zipfile.BadZipFile:
        return False


def workbook_columns(path: Path) -> list[str]:
    """The names of the columns."""
    with _opened(path) as sheet:
        return sheet.columns


def read_workbook(path: Path, on_reject: OnReject, on_note: OnNote, required: Sequence[str]) -> Iterator[Row]:
    """The rows below the first that is not blank, of the first sheet that has any, numbered as Excel does."""
    with _opened(path) as sheet:
        check_header(str(path), sheet.columns, required)
        if sheet.others:
            others = listed(sheet.others)
            zh = f"只读取工作表 {sheet.name}，未读取 {others}"
            on_note(Note(f"sheet {sheet.name} is read, not {others}", zh).of(path))
        note_unnamed(str(path), sheet.columns, on_note)
        for number, cells in sheet.rows:
            if reason := flaw("".join(cells)):
                on_reject(Reject(str(path), number, reason, shortened(",".join(cells))))
            else:
                yield Row(
                    number, {name: cell for name, cell in zip(sheet.columns, cells, strict=True) if name}, str(path)
                )


def cell_text(cell: Cell) -> str:
    """The cell as a CSV has it, times in ISO 8601.

    >>> cell_text(13800138000.0), cell_text(0.30000000000000004), cell_text(datetime(2026, 11, 5, 9, 5))
    ('13800138000', '0.3', '2026-11-05T09:05:00')
    """
    match cell:
        case str():
            return cell
        case bool():
            return "true" if cell else "false"
        case float() if cell.is_integer() and abs(cell) < EXACT_INTEGERS:
            return str(int(cell))
        case float():
            return f"{cell:.15g}"
        case date() | time():
            return cell.isoformat()
        case _:
            return str(cell)


@contextmanager
def _opened(path: Path) -> Iterator[_Sheet]:
    _refuse_large(path)
    with path.open("rb") as stream:
        try:
            workbook = CalamineWorkbook.from_filelike(stream)
            yield _first_filled(path, workbook)
        except CalamineError as error:
            raise FileError(path, f"is a damaged workbook ({error}); save it again, or as CSV UTF-8") from None


def _refuse_large(path: Path) -> None:
    try:
        with zipfile.ZipFile(path) as archive:
            size = sum(member.file_size for member in archive.infolist() if member.filename.endswith(".xml"))
    except zipfile.BadZipFile as error:
        raise FileError(path, f"is a damaged workbook ({error}); copy or save it again") from None
    if size > SHEET_LIMIT:
        raise FileError(path, f"holds more than {SHEET_LIMIT // 1024**3} GiB unpacked; save the sheet as CSV UTF-8")


def _first_filled(path: Path, workbook: CalamineWorkbook) -> _Sheet:
    """The first sheet people see that has cells."""
    names = [
        sheet.name
        for sheet in workbook.sheets_metadata
        if sheet.visible == SheetVisibleEnum.Visible and sheet.typ == SheetTypeEnum.WorkSheet
    ]
    for place, name in enumerate(names):
        rows = _filled_rows(workbook.get_sheet_by_name(name))
        if header := next(rows, None):
            return _Sheet(name, [cell.strip() for cell in header[1]], rows, names[place + 1 :])
    raise FileError(path, "is a workbook without a cell; expected a sheet with a header and rows")


def _filled_rows(sheet: CalamineSheet) -> Iterator[tuple[int, list[str]]]:
    for number, cells in enumerate(sheet.iter_rows(), 1):
        texts = [cell_text(cell) for cell in cells]
        if "".join(texts).strip():
            yield number, texts
