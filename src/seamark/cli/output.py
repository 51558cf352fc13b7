"""Answers as tables of DuckDB, from which they are counted, shown and written into files that appear whole or not."""

from __future__ import annotations

import csv
import errno
import os
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import duckdb
import pyarrow as pa

from seamark.cli.failures import Failure
from seamark.engine.errors import nearest
from seamark.readers.shape import Reject

FORMATS = {".csv": "CSV, HEADER", ".parquet": "PARQUET", ".jsonl": "JSON"}

Cells = Sequence[str | int | None]
"""A row; whole numbers are moments."""


def keep_rows(
    connection: duckdb.DuckDBPyConnection, table: str, columns: Mapping[str, type], parcels: Iterable[Sequence[Cells]]
) -> None:
    """A new table of these rows; `columns` are `str` for texts and `int` for moments in microseconds."""
    schema = pa.schema([(name, pa.string() if type_ is str else pa.int64()) for name, type_ in columns.items()])
    connection.register("parcel", schema.empty_table())
    connection.execute(f"CREATE OR REPLACE TABLE {table} AS FROM parcel")
    for parcel in parcels:
        if parcel:
            by_column = zip(*parcel, strict=True)
            arrays = [pa.array(cells, field.type) for cells, field in zip(by_column, schema, strict=True)]
            connection.register("parcel", pa.table(arrays, schema=schema))
            connection.execute(f"INSERT INTO {table} FROM parcel")
    connection.unregister("parcel")


def written(moment: str) -> str:
    """SQL of a column of moments as ISO 8601 in UTC, with microseconds where there are any."""
    whole, finer = (f"strftime(make_timestamp({moment}), '%Y-%m-%dT%H:%M:{end}Z')" for end in ("%S", "%S.%f"))
    return f"CASE WHEN {moment} % 1_000_000 = 0 THEN {whole} ELSE {finer} END"


def write_rows(connection: duckdb.DuckDBPyConnection, query: str, path: Path) -> None:
    """The rows of a query in the format that the file's ending names."""
    check_rows_file(path)
    with replaced(path) as made:
        file = str(made).replace("'", "''")
        try:
            connection.execute(f"COPY ({query}) TO '{file}' (FORMAT {FORMATS[path.suffix]})")
        except duckdb.IOException as error:
            raise OSError(0, str(error).partition("\n")[0]) from None


def check_rows_file(path: Path) -> None:
    """Fails at once for a file of rows that could not be written in the end."""
    if path.suffix not in FORMATS:
        raise Failure("wrong.ending", near=nearest(path.suffix, FORMATS), file=path, known=", ".join(FORMATS))
    check_folder(path)


def check_folder(path: Path) -> None:
    """Fails where the folder of a file is not there or may not be written."""
    if not path.parent.is_dir():
        raise Failure("wrong.unwritable", file=path, reason=os.strerror(errno.ENOENT))
    if not os.access(path.parent, os.W_OK):
        raise Failure("wrong.unwritable", file=path, reason=os.strerror(errno.EACCES))


def rows_of(connection: duckdb.DuckDBPyConnection, query: str) -> list[dict[str, Any]]:
    """The rows of a query, by column."""
    cursor = connection.execute(query)
    names = [column[0] for column in cursor.description or ()]
    return [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]


def write_rejects(rejects: Iterable[Reject], path: Path) -> None:
    """What was set aside, as CSV: file, line, reason, content."""
    with replaced(path) as made, made.open("w", encoding="utf-8", newline="") as stream:
        writer = csv.writer(stream)
        writer.writerow(Reject._fields)
        writer.writerows(rejects)


def write_text(text: str, path: Path) -> None:
    """A text file, whole or not at all."""
    with replaced(path) as made:
        made.write_text(text, encoding="utf-8")


@contextmanager
def replaced(path: Path) -> Iterator[Path]:
    """A path to write to, which takes the place of `path` once all went well."""
    made = path.with_name(f".{path.name}.{os.getpid()}.part")
    try:
        yield made
        os.replace(made, path)
    except OSError as error:
        raise Failure("wrong.unwritable", file=path, reason=error.strerror or error) from None
    finally:
        made.unlink(missing_ok=True)
