"""Which kind of file each is, and the one way to read them all."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from zoneinfo import ZoneInfo

from seamark.engine.errors import Unreadable, nearest
from seamark.readers.delimited import columns_of, header_line
from seamark.readers.files import TextFile, is_parquet, open_text
from seamark.readers.jsonl import row_values
from seamark.readers.orders import looks_like_orders, read_orders
from seamark.readers.rows import is_jsonl, read_rows
from seamark.readers.shape import (
    REQUIRED_OF_CONTACTS,
    REQUIRED_OF_EVENTS,
    FileError,
    Reject,
    Row,
    check_header,
    listed,
    shortened,
)
from seamark.readers.whatsapp import looks_like_chat, read_chats

EVENTS, CONTACTS, WHATSAPP, ORDERS = "events-file", "contacts-file", "whatsapp-export", "uci-orders"
EXPECTED = {
    EVENTS: "an event file, with the columns contact, occurred_at and kind",
    CONTACTS: "a contacts file, with the column contact",
    WHATSAPP: "a WhatsApp export, with lines such as '12/11/2026, 10:05 - Ann: hello'",
    ORDERS: "UCI order lines, with the columns InvoiceNo, StockCode, Quantity, InvoiceDate, UnitPrice, CustomerID",
}
"""The kinds of file that are known, and how each is told."""
SHORT_NAMES = {"events": EVENTS, "contacts": CONTACTS, "whatsapp": WHATSAPP, "orders": ORDERS}


@dataclass(frozen=True)
class Reading:
    """What files gave. `rejects` and `notes` are complete once all `rows` have been taken."""

    rows: Iterator[Row]
    rejects: list[Reject] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)


def read(
    paths: Sequence[Path], zone: ZoneInfo, as_: str | None = None, us: str | Iterable[str] | None = None
) -> Reading:
    """The events of the files, one file after the other, those of chats last.

    `as_` is the kind of all files, where their content does not tell; `us` the names under which we
    write in chats. Times without offset are local to `zone`. Raises `FileError` for a file nobody
    can read: as a rule at once, and while rows are taken where it is damaged further on.
    """
    kinds = {path: kind_named(as_) if as_ else recognise(path) for path in paths}
    for path, kind in kinds.items():
        if kind == CONTACTS:
            raise FileError(path, "is a contacts file, which holds no events; give it as the contacts of the events")
    rejects: list[Reject] = []
    notes: list[str] = []
    chats = [path for path, kind in kinds.items() if kind == WHATSAPP]
    messages = read_chats(chats, zone, us, rejects.append, notes.append)

    def rows() -> Iterator[Row]:
        for path, kind in kinds.items():
            if kind == ORDERS:
                yield from read_orders(path, zone, rejects.append, notes.append)
            elif kind == EVENTS:
                yield from read_rows(path, rejects.append, notes.append)
        yield from messages

    return Reading(rows(), rejects, notes)


def kind_named(name: str) -> str:
    """The kind of file a person names. Raises `ValueError` for an unknown one."""
    kind = SHORT_NAMES.get(name, name)
    if kind not in EXPECTED:
        raise ValueError(f"{name!r} is no kind of file; known are {listed(list(EXPECTED))}")
    return kind


def recognise(path: Path) -> str:
    """The kind of a file, by its content. Raises `FileError` that says what the file looks like instead."""
    if is_parquet(path):
        # Loading Arrow takes longer than looking at a file of any other format.
        from seamark.readers.parquet import parquet_columns

        return _by_columns(path, parquet_columns(path), "a Parquet file")
    with open_text(path) as file:
        if looks_like_chat(file.head):
            return WHATSAPP
        if is_jsonl(file):
            return _by_columns(path, _names_in(file), "a JSONL file")
        columns = columns_of(file.head)
    if len(columns) < 2 and columns != list(REQUIRED_OF_CONTACTS):
        raise _unknown(path, f"text that begins {shortened(header_line(file.head))!r}")
    return _by_columns(path, columns, "a table")


def _names_in(file: TextFile) -> list[str]:
    """The names in the first object that can be read; none where there is none."""
    for line in file.head.splitlines():
        try:
            return list(row_values(line))
        except Unreadable:
            continue
    return []


def _by_columns(path: Path, columns: list[str], looks: str) -> str:
    if looks_like_orders(columns):
        return ORDERS
    folded = [column.casefold() for column in columns]
    if "kind" in folded or nearest("occurred_at", folded):
        check_header(str(path), columns, REQUIRED_OF_EVENTS)
        return EVENTS
    if REQUIRED_OF_CONTACTS[0] in columns:
        return CONTACTS
    raise _unknown(path, f"{looks} with the columns {listed(columns)}")


def _unknown(path: Path, looks: str) -> FileError:
    expected = "; ".join(EXPECTED.values())
    return FileError(
        path, f"is {looks}, which no reader knows. Expected: {expected}. Name it with --as {', '.join(EXPECTED)}"
    )
