"""Rows of Parquet files, read batch by batch."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from decimal import Decimal
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from seamark.readers.files import flaw
from seamark.readers.jsonl import json_text
from seamark.readers.shape import FileError, OnReject, Reject, Row, check_header, shortened

BATCH = 8192
PER_SECOND = {"s": 1, "ms": 10**3, "us": 10**6, "ns": 10**9}


def parquet_columns(path: Path) -> list[str]:
    """The names of the columns."""
    with _opened(path) as file:
        return list(file.schema_arrow.names)


def read_parquet(path: Path, on_reject: OnReject, required: Sequence[str]) -> Iterator[Row]:
    """The rows, numbered from 1; times become ISO text, every number a `Decimal`, NaN is absent."""
    with _opened(path) as file:
        columns = list(file.schema_arrow.names)
        check_header(str(path), columns, required)
        number = 0
        for batch in _batches(path, file):
            for cells in zip(*(_values(column) for column in batch.columns), strict=True):
                number += 1
                values = dict(zip(columns, cells, strict=True))
                if reason := _flaw(values):
                    on_reject(Reject(str(path), number, reason, shortened(json_text(values))))
                else:
                    yield Row(number, values, str(path))


def _opened(path: Path) -> pq.ParquetFile:
    try:
        return pq.ParquetFile(path)
    except (pa.ArrowException, OSError) as error:
        raise _damaged(path, error) from None


def _batches(path: Path, file: pq.ParquetFile) -> Iterator[pa.RecordBatch]:
    batches = file.iter_batches(BATCH)
    while True:
        try:
            yield next(batches)
        except StopIteration:
            return
        except (pa.ArrowException, OSError, UnicodeDecodeError) as error:
            raise _damaged(path, error) from None


def _damaged(path: Path, error: Exception) -> FileError:
    first_line = str(error).splitlines()[0] if str(error) else type(error).__name__
    return FileError(path, f"is a damaged Parquet file ({first_line}); copy or export it again")


def _flaw(values: dict[str, object]) -> str:
    for name, value in values.items():
        if isinstance(value, bytes):
            return f"{name} is binary; write text"
        if isinstance(value, Decimal) and not value.is_finite():
            return f"{name} is {value}, which is no number"
        if isinstance(value, str) and not value.isprintable() and (reason := flaw(value)):
            return f"{name} {reason}"
    return ""


def _values(column: pa.Array) -> list[object]:
    """The cells of a column, as JSON would hold them, with `Decimal` for numbers."""
    if isinstance(column, pa.ExtensionArray):
        return _values(column.storage)
    kind = column.type
    if pa.types.is_dictionary(kind):
        return _values(column.dictionary_decode())
    if pa.types.is_timestamp(kind):
        return [None if ticks is None else _iso(ticks, kind) for ticks in column.cast(pa.int64()).to_pylist()]
    if pa.types.is_floating(kind):
        # As text first: the shortest one that reads back, also where the numbers are short floats.
        return [None if text in (None, "nan") else Decimal(text) for text in pc.cast(column, pa.string()).to_pylist()]
    if pa.types.is_integer(kind):
        return [None if value is None else Decimal(value) for value in column.to_pylist()]
    if pa.types.is_binary(kind) or pa.types.is_large_binary(kind) or pa.types.is_fixed_size_binary(kind):
        return [_decoded(value) for value in column.to_pylist()]
    if pa.types.is_list(kind) or pa.types.is_large_list(kind) or pa.types.is_fixed_size_list(kind):
        return [_values(part.values) if part.is_valid else None for part in column]
    if pa.types.is_struct(kind):
        return _structs(column)
    if pa.types.is_temporal(kind):
        return [None if value is None else str(value) for value in column.to_pylist()]
    return list(column.to_pylist())


def _structs(column: pa.StructArray) -> list[object]:
    parts = [_values(part) for part in column.flatten()]
    names = [part.name for part in column.type]
    whole = [dict(zip(names, cells, strict=True)) for cells in zip(*parts, strict=True)]
    return [value if there else None for value, there in zip(whole, column.is_valid().to_pylist(), strict=True)]


def _iso(ticks: int, kind: pa.TimestampType) -> str:
    """ISO 8601, in UTC where the column has a zone, else without an offset; all digits are kept."""
    seconds, rest = divmod(ticks, PER_SECOND[kind.unit])
    try:
        written = (datetime(1970, 1, 1) + timedelta(seconds=seconds)).isoformat()
    except OverflowError:
        return f"{ticks} {kind.unit} since 1970"
    digits = f".{rest:0{len(str(PER_SECOND[kind.unit])) - 1}}".rstrip("0") if rest else ""
    return f"{written}{digits}{'Z' if kind.tz else ''}"


def _decoded(value: bytes | None) -> object:
    """Older writers store text without saying so."""
    try:
        return None if value is None else value.decode()
    except UnicodeDecodeError:
        return value
