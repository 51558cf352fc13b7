"""UCI's order lines become orders, items and refunds, to the penny."""

from decimal import Decimal

import pytest

from seamark.readers.shape import FileError

pytestmark = pytest.mark.covers("C03")

HEADER = "InvoiceNo,StockCode,Description,Quantity,InvoiceDate,UnitPrice,CustomerID,Country\n"


@pytest.fixture
def orders(file, reading_of):
    """What order lines give, written short: invoice, code, quantity, price, customer."""

    def reading(*lines: str, zone: str = "Europe/London"):
        written = ""
        for line in lines:
            invoice, code, quantity, price, customer = line.split()
            written += f"{invoice},{code},TEA CUP ,{quantity},2010-12-01 08:26:00,{price},{customer.strip('-')},EIRE\n"
        return reading_of(file(HEADER + written), zone=zone)

    return reading


def of(got, kind):
    return [value for value in got.values if value["kind"] == kind]


def test_an_invoice_is_one_order_with_an_item_for_each_line(orders):
    got = orders("536365 85123A 6 2.55 17850.0", "536365 71053 6 3.39 17850.0")
    assert of(got, "order.placed") == [
        {
            "contact": "17850",
            "occurred_at": "2010-12-01T08:26:00Z",
            "kind": "order.placed",
            "id": "536365/placed",
            "amount": Decimal("35.64"),
            "currency": "GBP",
            "country": "EIRE",
        }
    ]
    first = of(got, "item.bought")[0]
    assert (first["id"], first["product"], first["code"]) == ("536365/1", "TEA CUP", "85123A")
    assert (first["quantity"], first["amount"]) == (Decimal(6), Decimal("15.30"))


@pytest.mark.parametrize("line", ["C536379 22556 -12 1.65 1", "536380 22556 -12 1.65 1", "C536381 22556 12 1.65 1"])
def test_what_is_taken_back_is_refunded_as_a_positive_amount(orders, line):
    got = orders(line)
    assert [value["kind"] for value in got.values] == ["order.refunded"]
    assert got.values[0]["amount"] == Decimal("19.80")


def test_nothing_is_bought_of_no_quantity(orders):
    assert orders("536415 22139 0 1.0 1").values == []


def test_an_order_is_placed_at_its_first_line(file, reading_of):
    lines = "1,A,CUP,1,2010-12-01 08:27,1,7,EIRE\n1,B,CUP,1,2010-12-01 08:26,1,7,EIRE\n"
    got = reading_of(file(HEADER + lines))
    assert of(got, "order.placed")[0]["occurred_at"] == "2010-12-01T08:26:00Z"


def test_postage_is_paid_but_no_item(orders):
    got = orders("536370 22728 2 3.75 12583", "536370 POST 1 18.00 12583", "536370 m 1 1.00 12583")
    assert of(got, "order.placed")[0]["amount"] == Decimal("26.50")
    assert len(of(got, "item.bought")) == 1


def test_a_gift_is_an_item_but_no_order(orders):
    got = orders("541109 22168 1 0.0 15107")
    assert [(value["kind"], value["amount"]) for value in got.values] == [("item.bought", 0)]


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        ("536414 22139 56 0.0 -", "has no customer"),
        ("536414 22139 many 1.0 1", "quantity 'many' is not a number of at most 15 digits on either side of the point"),
        ("536414 22139 1 1e9 1", "price '1e9' is not a number of at most 15 digits on either side of the point"),
    ],
)
def test_lines_that_cannot_be_read_are_set_aside(orders, line, reason):
    got = orders("536413 22139 1 1.0 1", line)
    assert got.reasons == [(3, reason)]
    assert len(of(got, "item.bought")) == 1


def test_amounts_finer_than_four_decimals_are_rounded_half_up(orders):
    got = orders("1 A 1 0.00005 1", "2 A 3 0.33333 1")
    assert [value["amount"] for value in of(got, "order.placed")] == [Decimal("0.0001"), Decimal("1.0000")]
    assert "rounded" in got.notes[-1]


def test_an_id_comes_from_the_place_in_the_invoice(orders):
    whole = orders("1 A 1 1 1", "2 A 1 1 1", "2 B 1 1 1")
    cut = orders("2 A 1 1 1", "2 B 1 1 1")
    assert [value["id"] for value in of(cut, "item.bought")] == [value["id"] for value in of(whole, "item.bought")][1:]


def test_an_invoice_may_be_spread_over_the_file(orders):
    got = orders("1 A 1 1 1", "2 A 1 1 1", "1 B 1 2 1")
    assert [value["amount"] for value in of(got, "order.placed")] == [3, 1]


def test_columns_are_known_in_any_case_and_in_both_editions(file, reading_of):
    header = "invoice,STOCKCODE,Description,Quantity,InvoiceDate,Price,Customer ID,Country\n"
    got = reading_of(file(header + "489434,85048,CUP,12,12/1/2009 7:45,6.95,13085.0,France\n"), zone="Asia/Taipei")
    assert (got.values[0]["contact"], got.values[0]["occurred_at"]) == ("13085", "2009-11-30T23:45:00Z")


def test_the_currency_is_said(orders):
    assert "amounts are taken as GBP" in orders("1 A 1 1 1").notes[0]


def test_missing_columns_are_refused(file, reading_of):
    with pytest.raises(FileError, match="lacks quantity, customerid of UCI's order lines"):
        reading_of(file("InvoiceNo,StockCode,InvoiceDate,UnitPrice\n1,A,2010-12-01,1\n"), as_="orders")
