"""Writing rows as an event file, and rejects beside it; a file appears whole or not at all."""

from __future__ import annotations

import csv
import os
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TextIO

from seamark.engine.errors import Unreadable
from seamark.readers.delimited import cell_text
from seamark.readers.jsonl import json_text, row_values
from seamark.readers.shape import EVENT_COLUMNS, REQUIRED_OF_EVENTS, FileError, Reject, Row

ENDINGS = (".csv", ".jsonl", ".parquet")


def write_events(rows: Iterable[Row], path: Path) -> int:
    """Writes an event file in the format its ending names, and returns the number of rows.

    CSV and Parquet need to know all columns first: rows are kept in a file beside until then. Lists
    go into CSV with semicolons between. Raises `FileError` where a value does not go into the format.
    """
    if path.suffix not in ENDINGS:
        raise FileError(path, f"cannot be written: its name must end in {', '.join(ENDINGS)}")
    if path.suffix == ".jsonl":
        with _replaced(path) as made:
            return _write_jsonl(rows, made)[1]
    with _kept_beside(path) as kept:
        columns, count = _write_jsonl(rows, kept)
        with _replaced(path) as made:
            if path.suffix == ".csv":
                _write_csv(_read_again(kept), columns, made)
            else:
                # Loading Arrow takes longer than writing a small file of any other format.
                from seamark.readers.parquet_write import write_parquet

                write_parquet(lambda: _read_again(kept), columns, made)
    return count


def write_rejects(rejects: Iterable[Reject], output: Path) -> Path:
    """Writes what was set aside to `<output>.rejects.csv`, and returns that path."""
    path = output.with_name(output.name + ".rejects.csv")
    with _replaced(path) as made, _writing(made) as stream:
        writer = csv.writer(stream)
        writer.writerow(Reject._fields)
        writer.writerows(rejects)
    return path


@contextmanager
def _replaced(path: Path) -> Iterator[Path]:
    """A path to write to, which takes the place of `path` once all went well."""
    with _kept_beside(path, ".part") as made:
        yield made
        os.replace(made, path)


@contextmanager
def _kept_beside(path: Path, ending: str = ".rows") -> Iterator[Path]:
    """A path beside, of which nothing is left afterwards."""
    beside = path.with_name(f".{path.name}.{os.getpid()}{ending}")
    try:
        yield beside
    except Unreadable as error:
        raise FileError(path, f"cannot be written: {error}") from None
    except OSError as error:
        raise FileError(path, f"cannot be written: {error.strerror}") from None
    finally:
        beside.unlink(missing_ok=True)


def _writing(path: Path) -> TextIO:
    return path.open("w", encoding="utf-8", newline="")


def _write_jsonl(rows: Iterable[Row], path: Path) -> tuple[list[str], int]:
    """Writes the rows, and returns their columns, those of events first, and their number."""
    columns = dict.fromkeys(REQUIRED_OF_EVENTS)
    count = 0
    with _writing(path) as stream:
        for row in rows:
            columns |= dict.fromkeys(row.values)
            stream.write(json_text(_as_written(row.values)) + "\n")
            count += 1
    return sorted(columns, key=_place), count


def _place(column: str) -> int:
    return EVENT_COLUMNS.index(column) if column in EVENT_COLUMNS else len(EVENT_COLUMNS)


def _as_written(values: dict[str, object]) -> dict[str, object]:
    event: dict[str, object] = {name: values[name] for name in EVENT_COLUMNS if name in values}
    props = {name: value for name, value in values.items() if name not in EVENT_COLUMNS}
    return event | {"props": props} if props else event


def _read_again(path: Path) -> Iterator[dict[str, object]]:
    with path.open(encoding="utf-8", newline="\n") as stream:
        for line in stream:
            yield row_values(line)


def _write_csv(rows: Iterable[dict[str, object]], columns: list[str], path: Path) -> None:
    with _writing(path) as stream:
        writer = csv.writer(stream)
        writer.writerow(columns)
        for values in rows:
            writer.writerow([cell_text(name, values.get(name)) for name in columns])
