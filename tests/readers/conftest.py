"""Files made for a test, and readers that collect all they say."""

import zipfile
from collections.abc import Callable, Iterable
from datetime import datetime, timedelta
from pathlib import Path
from typing import NamedTuple
from zoneinfo import ZoneInfo

import pytest

from seamark.readers.recognise import read
from seamark.readers.rows import read_rows
from seamark.readers.shape import REQUIRED_OF_EVENTS, Reject


class Got(NamedTuple):
    """All a reader gave."""

    values: list[dict[str, object]]
    lines: list[int]
    rejects: list[Reject]
    notes: list[str]

    @property
    def reasons(self) -> list[tuple[int, str]]:
        return [(reject.line, reject.reason) for reject in self.rejects]


@pytest.fixture
def file(tmp_path: Path) -> Callable[..., Path]:
    def made(content: str | bytes, name: str = "events.csv") -> Path:
        path = tmp_path / name
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
        return path

    return made


MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
PACKAGE = "http://schemas.openxmlformats.org/package/2006"


@pytest.fixture
def workbook(tmp_path: Path) -> Callable[..., Path]:
    """An XLSX file of sheets by name, each a list of rows; datetimes are days with the format of a time."""

    def made(sheets: dict[str, list[list[object]]], name: str = "orders.xlsx") -> Path:
        numbered = list(enumerate(sheets, 1))
        named = "".join(f'<sheet name="{sheet}" sheetId="{n}" r:id="r{n}"/>' for n, sheet in numbered)
        parts = {
            "[Content_Types].xml": f'<Types xmlns="{PACKAGE}/content-types"/>',
            "_rels/.rels": _related([("r1", "officeDocument", "xl/workbook.xml")]),
            "xl/_rels/workbook.xml.rels": _related(
                [("s", "styles", "styles.xml"), *((f"r{n}", "worksheet", f"worksheets/s{n}.xml") for n, _ in numbered)]
            ),
            "xl/workbook.xml": f'<workbook xmlns="{MAIN}" xmlns:r="{OFFICE}"><sheets>{named}</sheets></workbook>',
            "xl/styles.xml": f'<styleSheet xmlns="{MAIN}"><cellXfs><xf numFmtId="0"/><xf numFmtId="22"/></cellXfs>'
            "</styleSheet>",
        }
        for n, sheet in numbered:
            rows = "".join(f'<row r="{r}">{_cells(cells, r)}</row>' for r, cells in enumerate(sheets[sheet], 1))
            parts[f"xl/worksheets/s{n}.xml"] = f'<worksheet xmlns="{MAIN}"><sheetData>{rows}</sheetData></worksheet>'
        path = tmp_path / name
        with zipfile.ZipFile(path, "w") as archive:
            for part, xml in parts.items():
                archive.writestr(part, xml)
        return path

    return made


def _related(targets: Iterable[tuple[str, str, str]]) -> str:
    each = (f'<Relationship Id="{id}" Type="{OFFICE}/{kind}" Target="{target}"/>' for id, kind, target in targets)
    return f'<Relationships xmlns="{PACKAGE}/relationships">{"".join(each)}</Relationships>'


def _cells(cells: list[object], row: int) -> str:
    return "".join(_cell(cell, f"{'ABCDEFGH'[place]}{row}") for place, cell in enumerate(cells) if cell is not None)


def _cell(cell: object, spot: str) -> str:
    match cell:
        case datetime():
            return f'<c r="{spot}" s="1"><v>{(cell - datetime(1899, 12, 30)) / timedelta(days=1)}</v></c>'
        case str():
            return f'<c r="{spot}" t="inlineStr"><is><t>{cell}</t></is></c>'
        case _:
            return f'<c r="{spot}"><v>{cell}</v></c>'


@pytest.fixture
def rows_of() -> Callable[..., Got]:
    def all_rows(path: Path, required: Iterable[str] = REQUIRED_OF_EVENTS) -> Got:
        rejects: list[Reject] = []
        notes: list[str] = []
        rows = list(read_rows(path, rejects.append, notes.append, tuple(required)))
        return Got([row.values for row in rows], [row.line for row in rows], rejects, notes)

    return all_rows


@pytest.fixture
def reading_of() -> Callable[..., Got]:
    def everything(*paths: Path, zone: str = "UTC", **said: str | list[str]) -> Got:
        reading = read(paths, ZoneInfo(zone), **said)
        rows = list(reading.rows)
        return Got([row.values for row in rows], [row.line for row in rows], list(reading.rejects), reading.notes)

    return everything
