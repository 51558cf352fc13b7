"""Orders from the CSV that Taobao and Tmall sellers export (订单报表), in GBK as a rule, in yuan.

What becomes of it:

- The contact is 买家会员名.
- `order.placed` at 订单创建时间, of 买家实际支付金额; one without 订单付款时间 was never paid: it is left out,
  and counted.
- 退款金额 is an `order.refunded` at 订单付款时间, since the export does not tell when; where the amount paid has
  already been lowered by it, the order counts with what was refunded.
- 宝贝标题 is an `item.bought` of 宝贝总数量; an order of several kinds of goods names them all in it.
- Times are local to the zone given; Taobao's are of Asia/Shanghai.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from decimal import Decimal
from pathlib import Path
from zoneinfo import ZoneInfo

from seamark.engine.errors import Unreadable
from seamark.readers.cells import (
    Cells,
    amounts_in,
    columns_in,
    moment_in,
    money,
    number_in,
    order_lines,
    set_aside,
    tell_counts,
)
from seamark.readers.shape import Note, OnNote, OnReject, Row

CURRENCY = "CNY"

_TITLES = {
    "order": ("订单编号",),
    "contact": ("买家会员名",),
    "paid": ("买家实际支付金额",),
    "refunded": ("退款金额",),
    "status": ("订单状态",),
    "created": ("订单创建时间",),
    "paid at": ("订单付款时间",),
    "product": ("宝贝标题",),
    "quantity": ("宝贝总数量",),
}
_NEEDED = ("order", "contact", "paid", "created", "paid at")


def looks_like_taobao(columns: Iterable[str]) -> bool:
    """Whether the columns are those of an order report."""
    return columns_in(columns, _TITLES).keys() >= set(_NEEDED)


def read_taobao(path: Path, zone: ZoneInfo, on_reject: OnReject, on_note: OnNote) -> Iterator[Row]:
    """What was ordered, bought and refunded, order by order."""
    unpaid: Counter[Note] = Counter()
    on_note(amounts_in(CURRENCY).of(path))
    for row, cells in order_lines(path, _TITLES, _NEEDED, "Taobao's order report", on_reject, on_note):
        if not cells["paid at"] and cells["order"]:
            status = cells["status"] or "no 订单状态"
            unpaid[Note(f"orders never paid, left out ({status})", f"未付款的订单，已略去（{status}）")] += 1
            continue
        try:
            events = list(_events(cells, zone))
        except Unreadable as error:
            set_aside(row, error, on_reject)
            continue
        for values in events:
            yield Row(row.line, values, row.file)
    tell_counts(path, unpaid, on_note)


def _events(cells: Cells, zone: ZoneInfo) -> Iterator[dict[str, object]]:
    for name in ("order", "contact"):
        if not cells[name]:
            raise Unreadable(f"has no {_TITLES[name][0]}")
    refunded = number_in("退款金额", cells["refunded"] or "0")
    placed = max(number_in("买家实际支付金额", cells["paid"]), refunded)
    ordered_at, paid_at = moment_in(cells["created"], zone), moment_in(cells["paid at"], zone)
    yield _event(cells, "order.placed", ordered_at, placed)
    if cells["product"]:
        quantity = number_in("宝贝总数量", cells["quantity"] or "1")
        yield _event(cells, "item.bought", ordered_at, placed) | {"product": cells["product"], "quantity": quantity}
    if refunded:
        yield _event(cells, "order.refunded", paid_at, refunded)


def _event(cells: Cells, kind: str, moment: str, amount: Decimal) -> dict[str, object]:
    return {
        "contact": cells["contact"],
        "occurred_at": moment,
        "kind": kind,
        "id": f"{cells['order']}/{kind.rpartition('.')[2]}",
        "amount": money(amount),
        "currency": CURRENCY,
    }
