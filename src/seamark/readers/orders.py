"""Orders from the order lines of UCI's "Online Retail" data, in pounds sterling.

What becomes of each line:

- A positive amount counts to its invoice's `order.placed`, postage and other charges included.
- A line of a cancelled invoice (its number begins with C) or of negative quantity or price counts,
  made positive, to an `order.refunded`.
- A line of goods with a positive quantity is also an `item.bought`, gifts at price 0 too; charges
  (`CHARGES`) are none.
- Amounts are exact; one finer than the engine's four decimals is rounded, half a unit up.
- A line without customer, or with numbers or times that cannot be read, goes to the rejects.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from zoneinfo import ZoneInfo

from seamark.engine.errors import Unreadable
from seamark.readers.cells import (
    EXACT,
    Cells,
    amounts_in,
    columns_in,
    moment_in,
    money,
    number_in,
    order_lines,
    set_aside,
)
from seamark.readers.shape import Note, OnNote, OnReject, Row

CURRENCY = "GBP"
CHARGES = {"POST", "DOT", "C2", "M", "D", "S", "B", "BANK CHARGES", "AMAZONFEE", "CRUK"}
"""Codes that stand for no goods: postage, carriage, by hand, discount, samples, bad debt, fees, charity."""

_TITLES = {
    "invoice": ("invoiceno", "invoice"),
    "code": ("stockcode",),
    "description": ("description",),
    "quantity": ("quantity",),
    "date": ("invoicedate",),
    "price": ("unitprice", "price"),
    "customer": ("customerid",),
    "country": ("country",),
}
"""What the columns are called in the data's two editions."""
_NEEDED = ("invoice", "code", "quantity", "date", "price", "customer")

_ROUNDED = Note("amounts with more than four decimals, rounded half up", "超过四位小数的金额，已四舍五入")

_MONTH_FIRST = re.compile(r"(\d{1,2})/(\d{1,2})/(\d{4}) (\d{1,2}):(\d\d)")


@dataclass(frozen=True)
class _Line:
    """An order line, typed."""

    contact: str
    invoice: str
    occurred_at: str
    code: str
    description: str
    country: str
    quantity: Decimal
    amount: Decimal
    """Negative where money goes back."""

    @property
    def is_bought(self) -> bool:
        return self.code.upper() not in CHARGES and self.quantity > 0 and self.amount >= 0


@dataclass
class _Invoice:
    """What the lines of one customer's invoice come to."""

    first: _Line
    line: int
    occurred_at: str
    placed: Decimal = Decimal(0)
    refunded: Decimal = Decimal(0)

    def add(self, line: _Line) -> None:
        self.occurred_at = min(self.occurred_at, line.occurred_at)
        if line.amount < 0:
            self.refunded = EXACT.subtract(self.refunded, line.amount)
        else:
            self.placed = EXACT.add(self.placed, line.amount)


def looks_like_orders(columns: Iterable[str]) -> bool:
    """Whether the columns are those of the data, in any case and order."""
    return columns_in(columns, _TITLES).keys() >= set(_NEEDED)


def read_orders(path: Path, zone: ZoneInfo, on_reject: OnReject, on_note: OnNote) -> Iterator[Row]:
    """An `item.bought` for each line of goods; once all lines are read, what was ordered and refunded.

    Ids come from the invoice and the line's place in it, so that they are the same in another export.
    """
    invoices: dict[tuple[str, str], _Invoice] = {}
    places: Counter[str] = Counter()
    rounded = 0
    on_note(amounts_in(CURRENCY).of(path))
    for row, written in order_lines(path, _TITLES, _NEEDED, "UCI's order lines", on_reject, on_note):
        places[written["invoice"]] += 1
        try:
            line = _line(written, zone)
        except Unreadable as error:
            set_aside(row, error, on_reject)
            continue
        key = (line.invoice, line.contact)
        if key not in invoices:
            invoices[key] = _Invoice(first=line, line=row.line, occurred_at=line.occurred_at)
        invoices[key].add(line)
        rounded += money(line.amount) != line.amount
        if line.is_bought:
            yield _item(line, places[line.invoice], row)
    for invoice in invoices.values():
        yield from _orders(invoice, str(path))
    if rounded:
        on_note(_ROUNDED.of(path, rounded))


def _line(written: Cells, zone: ZoneInfo) -> _Line:
    contact = re.sub(r"\.0+$", "", written["customer"])
    if not contact:
        raise Unreadable("has no customer")
    if not written["invoice"]:
        raise Unreadable("has no invoice")
    quantity, price = number_in("quantity", written["quantity"]), number_in("price", written["price"])
    amount = EXACT.multiply(quantity, price)
    return _Line(
        contact=contact,
        invoice=written["invoice"],
        occurred_at=_moment_text(written["date"], zone),
        code=written["code"],
        description=written["description"],
        country=written["country"],
        quantity=quantity,
        amount=-abs(amount) if written["invoice"].upper().startswith("C") else amount,
    )


def _moment_text(written: str, zone: ZoneInfo) -> str:
    """The time in UTC; with slashes, UCI writes the month first."""
    if found := _MONTH_FIRST.fullmatch(written):
        month, day, year, hour, minute = found.groups()
        written = f"{year}-{month:>02}-{day:>02}T{hour:>02}:{minute}"
    return moment_in(written, zone)


def _item(line: _Line, place: int, row: Row) -> Row:
    values: dict[str, object] = {
        "contact": line.contact,
        "occurred_at": line.occurred_at,
        "kind": "item.bought",
        "id": f"{line.invoice}/{place}",
        "seq": Decimal(place),
        "product": line.description or line.code,
        "code": line.code,
        "quantity": line.quantity,
        "amount": money(line.amount),
        "currency": CURRENCY,
    }
    return Row(row.line, values, row.file)


def _orders(invoice: _Invoice, file: str) -> Iterator[Row]:
    line = invoice.first
    for kind, amount in (("order.placed", invoice.placed), ("order.refunded", invoice.refunded)):
        if amount:
            values: dict[str, object] = {
                "contact": line.contact,
                "occurred_at": invoice.occurred_at,
                "kind": kind,
                "id": f"{line.invoice}/{kind.removeprefix('order.')}",
                "amount": money(amount),
                "currency": CURRENCY,
                "country": line.country,
            }
            yield Row(invoice.line, values, file)
