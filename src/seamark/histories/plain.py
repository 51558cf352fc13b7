"""Parquet that can be scanned as it stands: large files skip the reading row by row.

A file is plain when every column that is read has a type whose values mean the same to every
evaluator. What is wrong in single rows is found by one query, set aside and told, as for other files.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from seamark.engine.events import Reads
from seamark.engine.kinds import FIELD_KIND, HAND_KINDS, Type
from seamark.engine.moments import EARLIEST, LATEST
from seamark.engine.units import SCALE
from seamark.histories.typed import without_local
from seamark.readers.files import is_parquet
from seamark.readers.shape import REQUIRED_OF_EVENTS

SPECIAL_KINDS = (FIELD_KIND, *HAND_KINDS)
"""Kinds whose props need reading row by row."""


@dataclass(frozen=True)
class Plain:
    """How to see plain files as typed events: SQL of each column, and of what makes a row unreadable."""

    files: tuple[Path, ...]
    columns: dict[str, str]
    """Canonical column → SQL, of DuckDB."""
    faults: dict[str, str]
    """Reason → SQL that is true of a row to be set aside for it."""
    neat: dict[str, str]
    """Columns that need no cleaning where no row is untidy: read so, they cost half."""
    untidy: tuple[str, ...]
    """SQL that is true of rows with a fault or with something to clean.

    Each reads one column, so that DuckDB answers from the file's statistics or dictionaries.
    """


def plain(files: Sequence[Path], reads: Reads, *, annotated: bool) -> Plain | None:
    """The files as plain Parquet, or None where any must be read row by row.

    `annotated` says that texts must be read for terms, so that a file with texts is not plain.
    """
    if not files or not all(path.is_file() and is_parquet(path) for path in files):
        return None
    schemas = [pq.read_schema(path) for path in files]
    if any(not schema.equals(schemas[0]) for schema in schemas):
        return None
    types = {name: schemas[0].field(name).type for name in schemas[0].names}
    if len(types) != len(schemas[0].names) or not all(name in types for name in REQUIRED_OF_EVENTS):
        return None
    if annotated and "text" in types:
        return None
    seen = _Columns(types)
    seen.fixed()
    pairs = sorted({(prop, type_) for props in without_local(reads).props.values() for prop, type_ in props.items()})
    for prop, type_ in pairs:
        if prop in types:
            seen.prop(prop, type_)
    return Plain(tuple(files), seen.columns, seen.faults, seen.neat, tuple(seen.untidy)) if seen.are_plain else None


class _Columns:
    def __init__(self, types: dict[str, pa.DataType]) -> None:
        self.types = types
        self.columns: dict[str, str] = {}
        self.faults: dict[str, str] = {}
        self.neat: dict[str, str] = {}
        self.untidy: list[str] = []
        self.are_plain = True

    def fixed(self) -> None:
        occurred_at = self.types["occurred_at"]
        if not (pa.types.is_timestamp(occurred_at) and occurred_at.tz and occurred_at.unit != "ns"):
            self.are_plain = False
        for name in ("contact", "kind", "id"):
            self.are_plain &= name not in self.types or _is_text(self.types[name])
        self.are_plain &= "seq" not in self.types or pa.types.is_integer(self.types["seq"])
        for name in ("contact", "kind"):
            self.text(name, name, _trimmed(name))
            self.faults[f"{name} is missing"] = f"coalesce({_trimmed(name)}, '') = ''"
            self.untidy.append(f'"{name}" IS NULL')
        self.columns["t"] = "epoch_us(occurred_at)"
        self.fault(
            "occurred_at is missing or outside 1900 to 2199",
            f"NOT coalesce(epoch_us(occurred_at) BETWEEN {EARLIEST} AND {LATEST - 1}, false)",
        )
        if "id" in self.types:
            self.text("id", "id", f"coalesce({_trimmed('id')}, '')")
            self.untidy.append("id IS NULL")
        if "seq" in self.types:
            self.columns["seq"] = "coalesce(seq, 0)::BIGINT"

    def text(self, name: str, column: str, cleaned: str) -> None:
        self.columns[column], self.neat[column] = cleaned, f'"{name}"'
        self.untidy.append(f'ord("{name}") <= {ord(" ")} OR ord("{name}"[-1]) <= {ord(" ")}')

    def fault(self, reason: str, code: str) -> None:
        self.faults[reason] = code
        self.untidy.append(code)

    def prop(self, name: str, type_: Type) -> None:
        found, quoted = self.types[name], f'"{name}"'
        column = f"{name}:{type_}"
        if type_ == "text" and _is_text(found):
            self.text(name, column, f"nullif({_trimmed(name)}, '')")
        elif type_ == "list" and pa.types.is_list(found) and _is_text(found.value_type):
            self.columns[column] = f"nullif({quoted}, [])"
        elif type_ == "moment" and pa.types.is_timestamp(found) and found.tz and found.unit != "ns":
            self.columns[column] = f"epoch_us({quoted})"
        elif type_ == "number" and _is_number(found):
            self.number(name, column, found)
        elif not pa.types.is_null(found):
            self.are_plain = False

    def number(self, name: str, column: str, found: pa.DataType) -> None:
        quoted = f'"{name}"'
        if pa.types.is_decimal(found) and found.scale <= 4 and found.precision - found.scale <= 14:
            self.columns[column] = f"({quoted}::DECIMAL(18, 4) * {SCALE})::BIGINT"
            return
        exact = f"try_cast({quoted} AS DECIMAL(18, 4))"
        self.columns[column] = f"({exact} * {SCALE})::BIGINT"
        finer = f"{exact}::DOUBLE <> {quoted}" if pa.types.is_floating(found) else f"{exact} <> {quoted}"
        self.fault(
            f"{name}: is no number of at most 14 digits before and 4 after the point",
            f"{quoted} IS NOT NULL AND coalesce({finer}, true)",
        )


def _trimmed(name: str) -> str:
    return f"trim(\"{name}\", ' \t\r\n')"


def _is_text(type_: pa.DataType) -> bool:
    return bool(
        pa.types.is_string(type_)
        or pa.types.is_large_string(type_)
        or (pa.types.is_dictionary(type_) and _is_text(type_.value_type))
    )


def _is_number(type_: pa.DataType) -> bool:
    return bool(pa.types.is_integer(type_) or pa.types.is_decimal(type_) or pa.types.is_float64(type_))
