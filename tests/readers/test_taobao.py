"""Taobao's order report becomes orders, items and refunds, in GBK as it comes."""

from decimal import Decimal

import pytest

pytestmark = pytest.mark.covers("C03")

HEADER = (
    "订单编号,买家会员名,买家应付货款,总金额,买家实际支付金额,订单状态,买家留言,收货地址 ,订单创建时间,订单付款时间 ,"
    "宝贝标题 ,宝贝种类,宝贝总数量,退款金额\n"
)
PAID = (
    '"=""2051234567890123456""",小林同学,128.00,128.00,128.00,"卖家已发货，等待买家确认",请尽快发货,'
    "'浙江省 杭州市,2026-11-11 00:03:12,2026-11-11 00:05:40,明前龙井 250克 罐装,1,2,0\n"
).replace("'浙江省", "浙江省")
REFUNDED = "2052,阿强,66.00,66.00,0.00,交易关闭,,广东省,2026/11/2 9:05,2026/11/2 9:06,茶杯,1,1,66.00\n"
UNPAID = "2053,阿强,66.00,66.00,0.00,等待买家付款,,广东省,2026-11-12 09:00:00,,茶杯,1,1,0\n"


@pytest.fixture
def orders(file, reading_of):
    def reading(*lines: str):
        content = (HEADER + "".join(lines)).encode("gbk")
        return reading_of(file(content, "ExportOrderList202611.csv"), zone="Asia/Shanghai")

    return reading


def test_an_order_is_placed_when_it_was_created_with_what_was_paid(orders):
    got = orders(PAID)
    assert got.values[0] == {
        "contact": "小林同学",
        "occurred_at": "2026-11-10T16:03:12Z",
        "kind": "order.placed",
        "id": "2051234567890123456/placed",
        "amount": Decimal("128.00"),
        "currency": "CNY",
    }
    assert "GB18030" in got.notes[1]


def test_what_was_bought_is_an_item(orders):
    item = orders(PAID).values[1]
    assert (item["kind"], item["product"], item["quantity"]) == ("item.bought", "明前龙井 250克 罐装", 2)


def test_a_refund_counts_though_the_amount_paid_is_lowered_by_it(orders):
    got = orders(REFUNDED)
    assert [(value["kind"], value["amount"], value["occurred_at"]) for value in got.values] == [
        ("order.placed", 66, "2026-11-02T01:05:00Z"),
        ("item.bought", 66, "2026-11-02T01:05:00Z"),
        ("order.refunded", 66, "2026-11-02T01:06:00Z"),
    ]


def test_orders_never_paid_are_left_out_and_counted_by_status(orders):
    got = orders(UNPAID, PAID)
    assert len(got.values) == 2
    assert got.notes[-1].endswith("orders never paid, left out (等待买家付款): 1")


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        (PAID.replace("小林同学", ""), "has no 买家会员名"),
        (PAID.replace('128.00,"', '免费,"'), "买家实际支付金额 '免费' is not a number of at most 15 digits"),
        (PAID.replace("2026-11-11 00:03:12", "昨天"), "'昨天' is not an ISO 8601 time"),
    ],
)
def test_lines_that_cannot_be_read_are_set_aside(orders, line, reason):
    got = orders(line, PAID)
    assert len(got.values) == 2
    assert [(number, said.startswith(reason)) for number, said in got.reasons] == [(2, True)]
