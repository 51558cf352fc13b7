"""A workbook of Excel is read as a CSV of its first filled sheet would be."""

from datetime import datetime
from decimal import Decimal

import pytest

from seamark.readers import workbook as workbooks
from seamark.readers.recognise import recognise
from seamark.readers.shape import REQUIRED_OF_CONTACTS, FileError

pytestmark = [pytest.mark.covers("C01"), pytest.mark.covers("C03")]

EVENTS = [
    ["contact", "occurred_at", "kind", "amount"],
    ["小林", datetime(2026, 11, 5, 9, 5), "order.placed", 1280.5],
    [13800138000, "2026-11-06", "order.placed", 0.1 + 0.2],
]


def test_cells_are_read_as_a_csv_has_them(workbook, rows_of):
    got = rows_of(workbook({"Orders": EVENTS}))
    assert [list(values.values()) for values in got.values] == [
        ["小林", "2026-11-05T09:05:00", "order.placed", "1280.5"],
        ["13800138000", "2026-11-06", "order.placed", "0.3"],
    ]


def test_rows_are_numbered_as_in_excel_and_set_aside_one_by_one(workbook, rows_of):
    got = rows_of(workbook({"Orders": [[], *EVENTS[:2], [], [None, "2026-11-06", "order.placed", 5]]}))
    assert (got.lines, got.reasons) == ([3], [(5, "lacks contact")])


def test_the_first_sheet_with_cells_is_read_and_the_others_are_said(workbook, rows_of):
    got = rows_of(workbook({"Cover": [], "Orders": EVENTS, "Notes": [["x"]]}))
    assert len(got.values) == 2
    assert "sheet Orders is read, not Notes" in got.notes[0]


def test_a_column_without_name_is_left_out(workbook, rows_of):
    got = rows_of(workbook({"Orders": [[*EVENTS[0], None], [*EVENTS[1], "x"]]}))
    assert list(got.values[0]) == EVENTS[0]
    assert "column 5 has no name and is left out" in got.notes[0]


def test_orders_of_shops_are_known_in_a_workbook(workbook, reading_of):
    header = ["Name", "Email", "Created at", "Total", "Lineitem quantity", "Lineitem name", "Lineitem price"]
    row = ["#1001", "ann@example.com", "2026-11-01 09:59:00 +0800", 120, 1, "Tea", 80]
    got = reading_of(workbook({"Orders": [header, row]}))
    assert [(value["kind"], value["amount"]) for value in got.values] == [
        ("order.placed", Decimal(120)),
        ("item.bought", Decimal(80)),
    ]


def test_a_workbook_is_mapped_as_any_table(workbook, reading_of):
    path = workbook(
        {"订单": [["客户", "时间", "金额"], ["小林", datetime(2026, 11, 5, 9, 5), 60], ["", "2026-11-06", 5]]}
    )
    got = reading_of(path, as_="contact=客户,occurred_at=时间,kind=order.placed,amount=金额", zone="Asia/Shanghai")
    assert (got.values[0]["occurred_at"], got.values[0]["amount"]) == ("2026-11-05T01:05:00Z", Decimal(60))
    assert got.reasons == [(3, "lacks contact (客户)")]


def test_a_workbook_of_contacts_is_read(workbook, rows_of):
    path = workbook({"Contacts": [["contact", "city"], ["ann", "Penang"]]})
    assert recognise(path) == "contacts-file"
    assert rows_of(path, REQUIRED_OF_CONTACTS).values == [{"contact": "ann", "city": "Penang"}]


def test_a_workbook_nobody_knows_is_told(workbook, reading_of):
    with pytest.raises(FileError, match=r"is an Excel workbook with the columns 客户, 时间, .*--as 'contact=客户,occ"):
        reading_of(workbook({"订单": [["客户", "时间"], ["小林", "2026-11-05"]]}))


def test_workbooks_that_cannot_be_read_are_refused(workbook, rows_of, monkeypatch):
    with pytest.raises(FileError, match="is a workbook without a cell"):
        rows_of(workbook({"Orders": []}))
    path = workbook({"Orders": EVENTS})
    path.write_bytes(path.read_bytes().replace(b"<row ", b"<raw "))
    with pytest.raises(FileError, match="is a damaged workbook"):
        rows_of(path)
    monkeypatch.setattr(workbooks, "SHEET_LIMIT", 10)
    with pytest.raises(FileError, match="GiB unpacked; save the sheet as CSV"):
        rows_of(workbook({"Orders": EVENTS}))
