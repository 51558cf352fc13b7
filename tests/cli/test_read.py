"""Any file as an event file."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest

from seamark.engine.events import Reads
from seamark.histories.plain import plain
from tests.cli.conftest import Run

ORDERS = """\
InvoiceNo,StockCode,Description,Quantity,InvoiceDate,UnitPrice,CustomerID,Country
536365,85123A,HOLDER,6,2010-12-01 08:26:00,2.55,17850.0,United Kingdom
536366,22633,WARMER,6,2010-12-01 08:28:00,1.85,,United Kingdom
"""


@pytest.fixture
def orders(tmp_path: Path) -> Path:
    path = tmp_path / "orders.csv"
    path.write_text(ORDERS)
    return path


def test_a_sample_and_counts(run: Run, orders: Path) -> None:
    out = run("read", orders, "--zone", "UTC").out
    assert out.startswith("2 events · 1 contact\n")
    assert "17850" in out
    assert "1 row could not be read" in out.replace("\n  ", " ")


@pytest.mark.covers("C03")
def test_an_event_file_with_rejects_beside_it(run: Run, orders: Path, tmp_path: Path) -> None:
    output = tmp_path / "events.csv"
    told = run("read", orders, "--zone", "UTC", "--output", output, "--json").json
    rows = list(csv.DictReader(output.open()))
    assert [(row["contact"], row["kind"], row["amount"]) for row in rows] == [
        ("17850", "item.bought", "15.30"),
        ("17850", "order.placed", "15.30"),
    ]
    assert told["kinds"] == {"item.bought": 1, "order.placed": 1}
    assert told["rejects"] == {"rows": 1, "file": f"{output}.rejects.csv"}
    assert Path(f"{output}.rejects.csv").exists()


def test_the_kind_can_be_named(run: Run, orders: Path) -> None:
    done = run("read", orders, "--as", "events")
    assert done.code == 2
    assert "lacks the columns contact, occurred_at, kind" in done.err


def test_names_of_us_can_be_given_twice(run: Run, tmp_path: Path) -> None:
    chats = []
    for us in ("Shop", "商店"):
        chats.append(tmp_path / f"WhatsApp Chat with {us} Ann.txt")
        chats[-1].write_text(f"13/02/2026, 10:05 - Ann: Hello\n13/02/2026, 10:07 - {us}: Hello\n")
    told = run("read", *chats, "--us", "Shop", "--us", "商店", "--json").json
    assert told["kinds"] == {"message.received": 2, "message.sent": 2}


def test_what_is_counted_in_several_files_is_said_once(run: Run, tmp_path: Path) -> None:
    for name in ("Ann", "Bob"):
        line = f"13/02/2026, 10:05 - {name}: This message was deleted\n13/02/2026, 10:06 - {name}: Hello\n"
        (tmp_path / f"WhatsApp Chat with {name}.txt").write_text(line)
    out = run("read", *tmp_path.glob("*.txt"), "--zone", "UTC").out
    assert "deleted messages left out: 2 (2 files)" in out


def test_what_is_written_as_parquet_is_scanned_as_it_stands(run: Run, orders: Path, tmp_path: Path) -> None:
    output = tmp_path / "events.parquet"
    run("read", orders, "--zone", "UTC", "--output", output)
    assert plain([output], Reads({"order.placed": {"amount": "number"}}), annotated=True) is not None


def test_what_readers_say_is_said_in_the_language_in_use(run: Run, tmp_path: Path) -> None:
    chat = tmp_path / "WhatsApp Chat with Ann.txt"
    chat.write_text("13/02/2026, 10:05 - Ann: Hello\n13/02/2026, 10:06 - Ann: This message was deleted\n")
    notes = run("read", chat, "--zone", "UTC", "--json", "--lang", "zh").json["notes"]
    assert notes == [
        f"{chat}: 客户是 Ann，只有客户发言（推测；可用 --us NAME 指明）",
        f"{chat}: 已删除的消息，已略去: 1",
    ]
