"""Writing rows to Parquet: each column in the narrowest type that holds all its values exactly."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from itertools import islice
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from seamark.readers.delimited import cell_text

BATCH = 8192
UTC = pa.timestamp("us", tz="UTC")
DIGITS = 38
"""The most digits that decimal128 holds."""
WHOLE_DIGITS = 18
"""The most digits that always go into 64 bits."""


@dataclass
class _Seen:
    """What the values of a column have in common."""

    types: set[type] = field(default_factory=set)
    before_point: int = 1
    after_point: int = 0
    are_moments: bool = True
    """Whether all are times of UTC as `moment_text` writes them, so that a timestamp loses nothing."""

    def add(self, value: object) -> None:
        if value is None:
            return
        self.types.add(type(value))
        self.are_moments = self.are_moments and _is_moment(value)
        if isinstance(value, Decimal):
            exponent = value.as_tuple().exponent
            assert isinstance(exponent, int)
            self.before_point = max(self.before_point, value.adjusted() + 1)
            self.after_point = max(self.after_point, -exponent)

    def arrow_type(self) -> pa.DataType:
        if self.types == {bool}:
            return pa.bool_()
        if self.types == {list}:
            return pa.list_(pa.string())
        if self.types == {Decimal} and self.before_point + self.after_point <= DIGITS:
            whole = self.after_point == 0 and self.before_point <= WHOLE_DIGITS
            return pa.int64() if whole else pa.decimal128(self.before_point + self.after_point, self.after_point)
        return pa.string()


_MOMENT = re.compile(r"(19|2[01])\d\d-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{6})?Z")


def _is_moment(value: object) -> bool:
    try:
        return isinstance(value, str) and bool(_MOMENT.fullmatch(value) and datetime.fromisoformat(value))
    except ValueError:
        return False


def write_parquet(rows: Callable[[], Iterable[dict[str, object]]], columns: list[str], path: Path) -> None:
    """Writes the rows that each call of `rows` gives anew. Raises `Unreadable` for values that do not fit."""
    seen = {name: _Seen() for name in columns}
    for values in rows():
        for name, value in values.items():
            seen[name].add(value)
    types = {name: seen[name].arrow_type() for name in columns}
    if seen["occurred_at"].are_moments:
        types["occurred_at"] = UTC
    schema = pa.schema(types.items())
    with pq.ParquetWriter(path, schema, compression="zstd") as writer:
        for batch in _batches(iter(rows())):
            arrays = [_array(one.name, one.type, [values.get(one.name) for values in batch]) for one in schema]
            writer.write_batch(pa.record_batch(arrays, schema=schema))


def _batches(rows: Iterator[dict[str, object]]) -> Iterator[list[dict[str, object]]]:
    while batch := list(islice(rows, BATCH)):
        yield batch


def _array(name: str, kind: pa.DataType, values: list[object]) -> pa.Array:
    if kind == UTC:
        return pa.array([None if value is None else datetime.fromisoformat(str(value)) for value in values], kind)
    if pa.types.is_string(kind):
        return pa.array([None if value is None else cell_text(name, value) for value in values], kind)
    if pa.types.is_list(kind):
        for value in values:
            cell_text(name, value)
    if pa.types.is_int64(kind):
        return pa.array([None if value is None else int(str(value)) for value in values], kind)
    return pa.array(values, kind)
