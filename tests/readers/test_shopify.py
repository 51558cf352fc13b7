"""Shopify's order export becomes orders, items and refunds, whatever lines an order has."""

from decimal import Decimal

import pytest

from seamark.readers.shape import FileError

pytestmark = pytest.mark.covers("C03")

HEADER = (
    "Name,Email,Financial Status,Paid at,Fulfillment Status,Currency,Subtotal,Shipping,Taxes,Total,Discount Code,"
    "Created at,Lineitem quantity,Lineitem name,Lineitem price,Lineitem sku,Cancelled at,Refunded Amount,Phone,"
    "Lineitem discount\n"
)
TWO_ITEMS = """\
#1001,Ann@Example.com,paid,2026-05-01 10:00:00 +0200,fulfilled,EUR,95.90,5.00,0,100.90,,2026-05-01 09:59:00 +0200,2,\
Tea - Green / 100 g,30.00,T-100,,0.00,,4.10
#1001,,,,,,,,,,,,1,"Cup, blue",40.00,C-1,,,,0.00
"""
ONE = "{name},{email},paid,{paid},,EUR,10.00,0,0,{total},,{created},1,Tea,10.00,T,{cancelled},{refunded},{phone},0.00\n"


def line(**cells: str) -> str:
    usual = {
        "name": "#1002",
        "email": "bob@example.com",
        "paid": "2026-05-02 10:00:00 +0000",
        "total": "10.00",
        "created": "2026-05-02 10:00:00 +0000",
        "cancelled": "",
        "refunded": "0.00",
        "phone": "",
    }
    return ONE.format(**usual | cells)


@pytest.fixture
def orders(file, reading_of):
    def reading(*lines: str):
        return reading_of(file(HEADER + "".join(lines), "orders_export_1.csv"))

    return reading


def kinds(got):
    return [(value["kind"], value["amount"], value["occurred_at"]) for value in got.values]


def test_an_order_is_placed_once_and_has_an_item_for_each_line(orders):
    got = orders(TWO_ITEMS)
    assert got.values[0] == {
        "contact": "ann@example.com",
        "occurred_at": "2026-05-01T07:59:00Z",
        "kind": "order.placed",
        "id": "#1001/placed",
        "amount": Decimal("100.90"),
        "currency": "EUR",
    }
    items = [(item["id"], item["product"], item["code"], item["quantity"], item["amount"]) for item in got.values[1:]]
    assert items == [
        ("#1001/1", "Tea - Green / 100 g", "T-100", 2, Decimal("55.90")),
        ("#1001/2", "Cup, blue", "C-1", 1, Decimal("40.00")),
    ]
    assert (got.lines, got.rejects, got.notes) == ([2, 2, 3], [], [])


def test_further_lines_may_lack_the_name_or_repeat_all(orders):
    first = line()
    assert [value["id"] for value in orders(first, line(name=""), first).values] == [
        "#1002/placed",
        "#1002/1",
        "#1002/2",
        "#1002/3",
    ]


def test_a_refund_is_dated_by_the_cancellation(orders):
    got = orders(line(cancelled="2026-05-09 08:00:00 +0000", refunded="10.00"))
    assert kinds(got)[:2] == [
        ("order.placed", 10, "2026-05-02T10:00:00Z"),
        ("order.refunded", 10, "2026-05-09T08:00:00Z"),
    ]


def test_a_refund_without_time_takes_that_of_the_order_and_is_said(orders):
    got = orders(line(refunded="3.50"))
    assert ("order.refunded", Decimal("3.50"), "2026-05-02T10:00:00Z") in kinds(got)
    assert "refunds without a time of their own, dated as their orders: 1" in got.notes[0]


def test_an_order_cancelled_before_it_was_paid_is_left_out_and_counted(orders):
    got = orders(line(paid="", cancelled="2026-05-09 08:00:00 +0000"))
    assert got.values == []
    assert "orders cancelled before they were paid, left out: 1" in got.notes[0]


def test_who_gave_no_address_is_known_by_phone(orders):
    assert orders(line(email="", phone="'+49301234567")).values[0]["contact"] == "+49301234567"


@pytest.mark.parametrize(
    ("cells", "reason"),
    [
        ({"email": ""}, "has neither Email nor Phone, so that it is nobody's"),
        ({"total": "much"}, "Total 'much' is not a number of at most 15 digits on either side of the point"),
        ({"created": "May 2"}, "'May 2' is not an ISO 8601 time such as 2026-11-20T10:05:00Z"),
    ],
)
def test_an_order_that_cannot_be_read_is_set_aside_with_its_lines(orders, cells, reason):
    got = orders(line(**cells), line(**cells | {"name": "#1002", "total": ""}), line(name="#1003"))
    assert got.reasons == [(2, reason), (3, "belongs to an order that could not be read")]
    assert {value["id"] for value in got.values} == {"#1003/placed", "#1003/1"}


def test_several_currencies_are_said(orders):
    got = orders(line(), line(name="#3").replace("EUR", "USD"))
    assert "amounts are in several currencies, and are taken as they are: EUR, USD" in got.notes[0]


def test_missing_columns_are_refused(file, reading_of):
    with pytest.raises(FileError, match="lacks createdat, lineitemquantity of Shopify's order export"):
        reading_of(file("Name,Total,Lineitem name\n#1,2,Tea\n"), as_="shopify")
