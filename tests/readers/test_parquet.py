"""Parquet comes out as JSON would hold it: times as ISO text, every number whole."""

from datetime import UTC, date, datetime
from decimal import Decimal

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from seamark.readers.shape import FileError

pytestmark = pytest.mark.covers("C03")


@pytest.fixture
def value_of(tmp_path, rows_of):
    """The value that comes out for one that goes in."""

    def round_trip(value: object, kind: pa.DataType) -> object:
        columns = {"contact": ["ann"], "occurred_at": ["2026-11-12"], "kind": ["x"]}
        table = pa.table({**columns, "it": pa.array([value], kind)})
        pq.write_table(table, tmp_path / "events.parquet")
        return rows_of(tmp_path / "events.parquet").values[0]["it"]

    return round_trip


NOON = datetime(2026, 11, 12, 12, 0, 0, 250_000)


@pytest.mark.parametrize(
    ("value", "kind", "read"),
    [
        (NOON, pa.timestamp("us"), "2026-11-12T12:00:00.25"),
        (NOON.replace(tzinfo=UTC), pa.timestamp("ms", "Asia/Taipei"), "2026-11-12T12:00:00.25Z"),
        (1_000_000_001, pa.timestamp("ns", "UTC"), "1970-01-01T00:00:01.000000001Z"),
        (-1, pa.timestamp("s"), "1969-12-31T23:59:59"),
        (2**62, pa.timestamp("ms"), f"{2**62} ms since 1970"),
        (-(10**11), pa.timestamp("s"), f"{-(10**14)} ms since 1970"),
        (date(2026, 11, 12), pa.date32(), "2026-11-12"),
        (0.1, pa.float64(), Decimal("0.1")),
        (2.55, pa.float32(), Decimal("2.55")),
        (float("nan"), pa.float64(), None),
        (2**63, pa.uint64(), Decimal(2**63)),
        (Decimal("1.10"), pa.decimal128(10, 2), Decimal("1.10")),
        (True, pa.bool_(), True),
        (["tea", None, "cups"], pa.list_(pa.string()), ["tea", None, "cups"]),
        ([0.1], pa.large_list(pa.float32()), [Decimal("0.1")]),
        ({"low": 1.5}, pa.struct({"low": pa.float64(), "high": pa.int8()}), {"low": Decimal("1.5"), "high": None}),
        ("hi", pa.dictionary(pa.int8(), pa.string()), "hi"),
        ("茶".encode(), pa.binary(), "茶"),
        (None, pa.list_(pa.string()), None),
    ],
)
def test_every_type_keeps_its_value(value_of, value, kind, read):
    assert value_of(value, kind) == read


def test_rows_are_numbered_from_1_and_bad_ones_set_aside(tmp_path, rows_of):
    path = tmp_path / "e.parquet"
    columns = {"contact": ["a", "b", "c", None], "occurred_at": ["2026-11-12"] * 4, "kind": ["x"] * 4}
    pq.write_table(pa.table({**columns, "it": pa.array([1.5, float("inf"), 2.0, 3.0])}), path)
    got = rows_of(path)
    assert got.lines == [1, 3]
    assert got.reasons == [(2, "it is Infinity, which is no number"), (4, "lacks contact")]


def test_bytes_that_are_no_text_are_set_aside(tmp_path, rows_of):
    path = tmp_path / "e.parquet"
    pq.write_table(pa.table({"contact": ["a"], "occurred_at": ["x"], "kind": ["x"], "it": [b"\xff"]}), path)
    assert rows_of(path).reasons == [(1, "it is binary; write text")]


def test_missing_columns_are_refused(tmp_path, rows_of):
    pq.write_table(pa.table({"contact": ["a"], "time": ["x"]}), tmp_path / "e.parquet")
    with pytest.raises(FileError, match="lacks the columns occurred_at, kind; the columns found are contact, time"):
        rows_of(tmp_path / "e.parquet")


def test_a_file_cut_short_is_refused(tmp_path, rows_of):
    path = tmp_path / "e.parquet"
    pq.write_table(pa.table({"contact": ["a"], "occurred_at": ["x"], "kind": ["x"]}), path)
    path.write_bytes(path.read_bytes()[:-9])
    with pytest.raises(FileError, match="is a damaged Parquet file"):
        rows_of(path)
