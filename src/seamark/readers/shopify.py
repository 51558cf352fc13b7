"""Orders from the CSV that Shopify's admin exports: a line for each item, the order itself on the first.

What becomes of it:

- The contact is the Email, in small letters, or else the Phone; an order with neither goes to the rejects.
- `order.placed` at Created at, of Total in Currency; one cancelled before it was paid is left out, and counted.
- Refunded Amount is an `order.refunded` at Cancelled at; the export does not tell when an order was refunded
  that was not cancelled, so such a refund takes the time of its order, and is counted.
- Each line is an `item.bought`, its amount the price times the quantity less Lineitem discount.
- Ids come from the order's name and the line's place in it.
"""

from __future__ import annotations

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
    columns_in,
    moment_in,
    money,
    number_in,
    order_lines,
    set_aside,
    tell_counts,
)
from seamark.readers.shape import Note, OnNote, OnReject, Row

_TITLES = {
    "order": ("name",),
    "email": ("email",),
    "phone": ("phone",),
    "created": ("createdat",),
    "paid": ("paidat",),
    "cancelled": ("cancelledat",),
    "currency": ("currency",),
    "total": ("subtotal", "total"),
    "refunded": ("refundedamount",),
    "product": ("lineitemname",),
    "code": ("lineitemsku",),
    "quantity": ("lineitemquantity",),
    "price": ("lineitemprice",),
    "discount": ("lineitemdiscount",),
}
_NEEDED = ("order", "created", "total", "product", "quantity")

_NEVER_PAID = Note("orders cancelled before they were paid, left out", "付款前已取消的订单，已略去")
_REFUND_UNDATED = Note("refunds without a time of their own, dated as their orders", "没有时间的退款，按下单时间计")


@dataclass(slots=True)
class _Order:
    """What the first line of an order says; without a contact it could not be read."""

    name: str = ""
    contact: str = ""
    occurred_at: str = ""
    cancelled_at: str = ""
    currency: str = ""
    total: Decimal = Decimal(0)
    refunded: Decimal = Decimal(0)
    is_paid: bool = False
    lines: int = 0

    @property
    def came_to_nothing(self) -> bool:
        return bool(self.cancelled_at) and not self.is_paid


def looks_like_shopify(columns: Iterable[str]) -> bool:
    """Whether the columns are those of an order export."""
    return columns_in(columns, _TITLES).keys() >= set(_NEEDED)


def read_shopify(path: Path, zone: ZoneInfo, on_reject: OnReject, on_note: OnNote) -> Iterator[Row]:
    """What was ordered, bought and refunded, line by line."""
    order = _Order()
    counts: Counter[Note] = Counter()
    currencies: set[str] = set()
    for row, cells in order_lines(path, _TITLES, _NEEDED, "Shopify's order export", on_reject, on_note):
        try:
            name = cells["order"]
            if name and name != order.name:
                order = _Order(name)  # until it is read
                order = _order(cells, zone)
                currencies.add(order.currency)
                counts.update(_counted(order))
                for values in _order_events(order):
                    yield Row(row.line, values, row.file)
            if not order.contact:
                raise Unreadable("belongs to an order that could not be read")
            order.lines += 1
            if cells["product"] and not order.came_to_nothing:
                yield Row(row.line, _item(order, cells), row.file)
        except Unreadable as error:
            set_aside(row, error, on_reject)
    tell_counts(path, counts, on_note)
    if len(currencies) > 1:
        named = ", ".join(sorted(currencies))
        told = f"amounts are in several currencies, and are taken as they are: {named}"
        on_note(Note(told, f"金额有多种货币，照原样读取：{named}").of(path))


def _order(cells: Cells, zone: ZoneInfo) -> _Order:
    contact = cells["email"].lower() or cells["phone"]
    if not contact:
        raise Unreadable("has neither Email nor Phone, so that it is nobody's")
    return _Order(
        name=cells["order"],
        contact=contact,
        occurred_at=moment_in(cells["created"], zone),
        cancelled_at=moment_in(cells["cancelled"], zone) if cells["cancelled"] else "",
        currency=cells["currency"],
        total=number_in("Total", cells["total"]),
        refunded=number_in("Refunded Amount", cells["refunded"] or "0"),
        is_paid=bool(cells["paid"]),
    )


def _counted(order: _Order) -> Iterator[Note]:
    if order.came_to_nothing:
        yield _NEVER_PAID
    elif order.refunded and not order.cancelled_at:
        yield _REFUND_UNDATED


def _order_events(order: _Order) -> Iterator[dict[str, object]]:
    if order.came_to_nothing:
        return
    yield _event(order, "order.placed", "placed", order.occurred_at, order.total)
    if order.refunded:
        yield _event(order, "order.refunded", "refunded", order.cancelled_at or order.occurred_at, order.refunded)


def _item(order: _Order, cells: Cells) -> dict[str, object]:
    quantity = number_in("Lineitem quantity", cells["quantity"])
    price = number_in("Lineitem price", cells["price"] or "0")
    discount = number_in("Lineitem discount", cells["discount"] or "0")
    amount = EXACT.subtract(EXACT.multiply(quantity, price), discount)
    event = _event(order, "item.bought", str(order.lines), order.occurred_at, amount)
    event["seq"] = Decimal(order.lines)
    event["product"], event["code"], event["quantity"] = cells["product"], cells["code"], quantity
    return event


def _event(order: _Order, kind: str, id: str, moment: str, amount: Decimal) -> dict[str, object]:
    return {
        "contact": order.contact,
        "occurred_at": moment,
        "kind": kind,
        "id": f"{order.name}/{id}",
        "amount": money(amount),
        "currency": order.currency,
    }
