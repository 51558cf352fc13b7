"""Which kind of file each is, and the one way to read them all."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from zoneinfo import ZoneInfo

from seamark.engine.errors import Unreadable, nearest
from seamark.readers.charset import NAMES
from seamark.readers.delimited import columns_of
from seamark.readers.files import TextFile, is_parquet, open_text
from seamark.readers.jsonl import row_values
from seamark.readers.mapping import Mapping, is_mapping, likely_mapping, mapping_of, read_mapped
from seamark.readers.orders import looks_like_orders, read_orders
from seamark.readers.rejects import Rejects
from seamark.readers.rows import is_jsonl, read_rows
from seamark.readers.shape import (
    REQUIRED_OF_CONTACTS,
    REQUIRED_OF_EVENTS,
    FileError,
    Note,
    Row,
    check_header,
    listed,
    shortened,
)
from seamark.readers.shopify import looks_like_shopify, read_shopify
from seamark.readers.taobao import looks_like_taobao, read_taobao
from seamark.readers.wecom import looks_like_archive, read_archives
from seamark.readers.whatsapp import looks_like_chat, read_chats
from seamark.readers.workbook import is_workbook, workbook_columns

EVENTS, CONTACTS, WHATSAPP, WECOM = "events-file", "contacts-file", "whatsapp-export", "wecom-archive"
ORDERS, SHOPIFY, TAOBAO = "uci-orders", "shopify-orders", "taobao-orders"
EXPECTED = {
    EVENTS: "an event file, with the columns contact, occurred_at and kind",
    CONTACTS: "a contacts file, with the column contact",
    WHATSAPP: "a WhatsApp export, with lines such as '12/11/2026, 10:05 - Ann: hello'",
    WECOM: "a WeCom message archive, with an object a line that has msgid and action",
    ORDERS: "UCI order lines, with the columns InvoiceNo, StockCode, Quantity, InvoiceDate, UnitPrice, CustomerID",
    SHOPIFY: "a Shopify order export, with the columns Name, Created at, Total, Lineitem quantity, Lineitem name",
    TAOBAO: "a Taobao order report, with 订单编号, 买家会员名, 买家实际支付金额, 订单创建时间, 订单付款时间",
}
"""The kinds of file that are known, and how each is told."""
SHORT_NAMES = {
    "events": EVENTS,
    "contacts": CONTACTS,
    "whatsapp": WHATSAPP,
    "wecom": WECOM,
    "orders": ORDERS,
    "shopify": SHOPIFY,
    "taobao": TAOBAO,
}
MAPPED = "mapped"
"""A table whose columns were named."""

_BY_COLUMNS = {
    ORDERS: looks_like_orders,
    SHOPIFY: looks_like_shopify,
    TAOBAO: looks_like_taobao,
    WECOM: looks_like_archive,
}
_ORDER_READERS = {ORDERS: read_orders, SHOPIFY: read_shopify, TAOBAO: read_taobao}
BEGINNING = 80
"""How much of a line is shown of a file that nobody knows."""


@dataclass(frozen=True)
class Reading:
    """What files gave. `rejects` and `notes` are complete once all `rows` have been taken."""

    rows: Iterator[Row]
    rejects: Rejects = field(default_factory=Rejects)
    notes: list[Note] = field(default_factory=list)


def read(
    paths: Sequence[Path], zone: ZoneInfo, as_: str | None = None, us: str | Iterable[str] | None = None
) -> Reading:
    """The events of the files, one file after the other, those of chats and archives last.

    `as_` is the kind of all files, where their content does not tell, or a mapping for those that
    have its columns; `us` are the names under which we write in chats. Times without offset are
    local to `zone`. Raises `FileError` for a file nobody can read: as a rule at once, and while rows
    are taken where it is damaged further on.
    """
    mapping = mapping_of(as_) if as_ and is_mapping(as_) else None
    kinds = {path: _kind(path, as_, mapping) for path in paths}
    for path, kind in kinds.items():
        if kind == CONTACTS:
            raise FileError(path, "is a contacts file, which holds no events; give it as the contacts of the events")
    rejects = Rejects()
    notes: list[Note] = []
    chats = [path for path, kind in kinds.items() if kind == WHATSAPP]
    archives = [path for path, kind in kinds.items() if kind == WECOM]
    messages = read_chats(chats, zone, us, rejects.append, notes.append)

    def rows() -> Iterator[Row]:
        for path, kind in kinds.items():
            if kind in _ORDER_READERS:
                yield from _ORDER_READERS[kind](path, zone, rejects.append, notes.append)
            elif mapping and kind == MAPPED:
                yield from read_mapped(path, mapping, zone, rejects.append, notes.append)
            elif kind == EVENTS:
                yield from read_rows(path, rejects.append, notes.append)
        yield from read_archives(archives, rejects.append, notes.append)
        yield from messages

    return Reading(rows(), rejects, notes)


@dataclass(frozen=True)
class _Look:
    """What a first look at a file tells."""

    what: str
    columns: list[str] = field(default_factory=list)
    is_chat: bool = False


def _kind(path: Path, as_: str | None, mapping: Mapping | None) -> str:
    if mapping is None:
        return kind_named(as_) if as_ else recognise(path)
    look = _look(path)
    if look.columns and not mapping.missing(look.columns):
        return MAPPED
    try:
        return recognise(path)
    except FileError:
        raise FileError(path, mapping.lacking(look.columns)) from None


def kind_named(name: str) -> str:
    """The kind of file a person names, or the mapping as it is. Raises `ValueError` for an unknown one.

    Of a mapping that cannot be read that is an `Unreadable`.
    """
    if is_mapping(name):
        mapping_of(name)
        return name
    kind = SHORT_NAMES.get(name, name)
    if kind not in EXPECTED:
        raise ValueError(f"{name!r} is no kind of file; known are {listed(list(EXPECTED))}")
    return kind


def recognise(path: Path) -> str:
    """The kind of a file, by its content. Raises `FileError` that says what the file looks like instead."""
    look = _look(path)
    if look.is_chat:
        return WHATSAPP
    for kind, looks_like in _BY_COLUMNS.items():
        if looks_like(look.columns):
            return kind
    folded = [column.casefold() for column in look.columns]
    if "kind" in folded or nearest("occurred_at", folded):
        check_header(str(path), look.columns, REQUIRED_OF_EVENTS)
        return EVENTS
    if REQUIRED_OF_CONTACTS[0] in look.columns:
        return CONTACTS
    raise FileError(path, _unknown(look))


def _look(path: Path) -> _Look:
    if is_parquet(path):
        # Loading Arrow takes longer than looking at a file of any other format.
        from seamark.readers.parquet import parquet_columns

        columns = parquet_columns(path)
        return _Look(f"a Parquet file with the columns {listed(columns)}", columns)
    if is_workbook(path):
        columns = workbook_columns(path)
        return _Look(f"an Excel workbook with the columns {listed(columns)}", columns)
    with open_text(path) as file:
        return _look_at_text(file)


def _look_at_text(file: TextFile) -> _Look:
    if looks_like_chat(file.head):
        return _Look("a chat", is_chat=True)
    encoding = NAMES[file.encoding]
    first, second, *_ = [line for line in file.head.splitlines() if line.strip()] + [""]
    if is_jsonl(file):
        names = _names_in(file)
        return _Look(f"a JSONL file ({encoding}) with the columns {listed(names)}, beginning {_begun(first)}", names)
    columns = columns_of(file.head)
    if len(columns) < 2 and columns != list(REQUIRED_OF_CONTACTS):
        return _Look(f"text ({encoding}) that begins {_begun(first)}")
    row = f"whose first row is {_begun(second)}" if second else "and no row"
    return _Look(f"a table ({encoding}) with the columns {listed(columns)}, {row}", columns)


def _begun(line: str) -> str:
    line = shortened(line)
    return repr(line if len(line) <= BEGINNING else line[:BEGINNING] + "…")


def _names_in(file: TextFile) -> list[str]:
    """The names in the first object that can be read; none where there is none."""
    for line in file.head.splitlines():
        try:
            return list(row_values(line))
        except Unreadable:
            continue
    return []


def _unknown(look: _Look) -> str:
    how = f"Name its kind with --as {', '.join(SHORT_NAMES)}"
    if look.columns:
        how += f", or its columns, such as --as '{likely_mapping(look.columns)}' or --as mapping.yaml, a line for each"
    return f"is {look.what}, which no reader knows. Expected: {'; '.join(EXPECTED.values())}. {how}"
