"""Reading files of rows: CSV, TSV, JSONL, Parquet and XLSX, told apart by their content."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from pathlib import Path

from seamark.readers.delimited import read_delimited
from seamark.readers.files import TextFile, is_parquet, open_text
from seamark.readers.jsonl import json_text, read_jsonl
from seamark.readers.shape import (
    REQUIRED_OF_EVENTS,
    FileError,
    OnNote,
    OnReject,
    Reject,
    Row,
    listed,
    shortened,
)
from seamark.readers.workbook import is_workbook, read_workbook

JSONL_ENDINGS = (".jsonl", ".ndjson")

_ARRAY = re.compile(r"\[\s*[\[{\"\]]")


def read_rows(
    path: Path,
    on_reject: OnReject,
    on_note: OnNote = lambda note: None,
    required: Sequence[str] = REQUIRED_OF_EVENTS,
) -> Iterator[Row]:
    """The rows of a file, as they were written; `required` columns must be there and be filled.

    Rows that cannot be read go to `on_reject`; what the reader had to decide goes to `on_note`.
    Raises `FileError`, at the first row, where the file as a whole cannot be read.
    """
    rows = _all_rows(path, on_reject, on_note, required)
    if not required:
        yield from rows
        return
    for row in rows:
        missing = [name for name in required if _is_absent(row.values.get(name))]
        if missing:
            on_reject(Reject(row.file, row.line, f"lacks {listed(missing)}", shortened(json_text(row.values))))
        else:
            yield row


def _is_absent(value: object) -> bool:
    return value is None or (isinstance(value, str) and not value.strip())


def _all_rows(path: Path, on_reject: OnReject, on_note: OnNote, required: Sequence[str]) -> Iterator[Row]:
    if is_parquet(path):
        # Loading Arrow takes longer than reading a small file of any other format.
        from seamark.readers.parquet import read_parquet

        yield from read_parquet(path, on_reject, required)
        return
    if is_workbook(path):
        yield from read_workbook(path, on_reject, on_note, required)
        return
    with open_text(path) as file:
        if file.encoding_note:
            on_note(file.encoding_note)
        if is_jsonl(file):
            yield from read_jsonl(file, on_reject)
        else:
            yield from read_delimited(file, on_reject, on_note, required)


def is_jsonl(file: TextFile) -> bool:
    """Whether the file is JSONL, by its first character or its name. Raises `FileError` for other JSON."""
    begin = file.head.lstrip()
    if _ARRAY.match(begin):
        raise FileError(file.name, "is a JSON array; write one object a line instead (JSONL)")
    return begin.startswith("{") or any(ending in Path(file.name).suffixes for ending in JSONL_ENDINGS)
