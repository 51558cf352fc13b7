"""Plain Parquet is scanned as it stands; what is wrong or untidy in single rows is found all the same."""

from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from seamark.engine.batch import FEW_TEXTS
from seamark.engine.events import Reads
from seamark.histories import Histories, open_histories

pytestmark = pytest.mark.covers("C03")

READS = Reads({"order.placed": {"category": "text", "amount": "number", "mentions": "list"}})
NOON = datetime(2026, 11, 12, 12, tzinfo=UTC)
MICROSECONDS = int(NOON.timestamp()) * 1_000_000


def opened(folder: Path, *rows: dict[str, object]) -> Histories:
    neat = {"contact": "ann", "occurred_at": NOON, "kind": "order.placed", "category": "tea", "amount": 1.5}
    table = pa.Table.from_pylist([neat | {"mentions": ["price"]}, *(neat | row for row in rows)])
    pq.write_table(table, folder / "events.parquet")
    return open_histories([folder / "events.parquet"], [], READS, ZoneInfo("UTC"))


@pytest.mark.parametrize(
    ("cell", "reason"),
    [
        ({"contact": None}, "contact is missing"),
        ({"contact": " \t"}, "contact is missing"),
        ({"kind": ""}, "kind is missing"),
        ({"occurred_at": None}, "occurred_at is missing or outside 1900 to 2199"),
        ({"occurred_at": NOON.replace(year=1899)}, "occurred_at is missing or outside 1900 to 2199"),
        ({"occurred_at": NOON.replace(year=2200)}, "occurred_at is missing or outside 1900 to 2199"),
        ({"amount": 0.00001}, "amount: is no number of at most 14 digits before and 4 after the point"),
    ],
)
def test_a_row_with_a_fault_is_set_aside(tmp_path, cell, reason):
    with opened(tmp_path, cell) as histories:
        assert [(reject.line, reject.reason) for reject in histories.rejects] == [(2, reason)]
        assert histories.kinds == {"order.placed": 1}
        assert (histories.oldest, histories.newest) == (MICROSECONDS, MICROSECONDS)


@pytest.mark.parametrize(
    ("cell", "prop", "read"),
    [
        ({"category": " cups\n"}, "category", "cups"),
        ({"category": " "}, "category", None),
        ({"mentions": []}, "mentions", None),
        ({"amount": None}, "amount", None),
    ],
)
def test_a_cell_is_cleaned(tmp_path, cell, prop, read):
    with opened(tmp_path, cell | {"occurred_at": NOON + timedelta(seconds=1)}) as histories:
        assert histories.one("ann").events[-1].props.get(prop) == read
        assert not histories.rejects


def test_a_contact_is_known_without_spaces_around(tmp_path):
    with opened(tmp_path, {"contact": "ann "}) as histories:
        assert len(histories.one("ann").events) == 2


def test_few_texts_are_known(tmp_path):
    with opened(tmp_path, {"category": " cups"}, {"category": None}, {"category": ""}) as histories:
        assert histories.texts == {"category:text": ("cups", "tea")}


@pytest.mark.parametrize(
    "texts",
    [[f"c{number}" for number in range(FEW_TEXTS)], ["it's\0"], ["x" * 1000]],
    ids=["too many", "none for a query", "too long"],
)
def test_other_texts_are_not(tmp_path, texts):
    with opened(tmp_path, *({"category": text} for text in texts)) as histories:
        assert histories.texts == {}
