"""Each file is recognised by what is in it; one that nobody knows is described."""

import gzip
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from seamark.engine.errors import Unreadable
from seamark.readers.recognise import kind_named, recognise
from seamark.readers.shape import FileError

pytestmark = pytest.mark.covers("C03")

EVENTS = "contact,occurred_at,kind\nann,2026-11-12,x\n"
CHAT = "12/11/2026, 10:05 - Ann: hi\n12/11/2026, 10:06 - Shop: hi\n"


@pytest.mark.parametrize(
    ("content", "kind"),
    [
        (EVENTS, "events-file"),
        (EVENTS.replace(",", "\t"), "events-file"),
        (gzip.compress(EVENTS.encode(), mtime=0), "events-file"),
        ('{not json}\n{"contact": "a", "occurred_at": "2026-11-12", "kind": "x"}', "events-file"),
        ("contact,name,kids\nann,Ann,2\n", "contacts-file"),
        ('{"contact": "ann", "city": "Taipei"}\n', "contacts-file"),
        ("contact\nann\n", "contacts-file"),
        (CHAT, "whatsapp-export"),
        ("\ufeff\u200e[12.11.26, 10:05:31] Ann: hi\n", "whatsapp-export"),
        ("invoiceno,stockcode,quantity,invoicedate,unitprice,customerid\n", "uci-orders"),
        ("Name,Email,Paid at,Total,Created at,Lineitem quantity,Lineitem name\n", "shopify-orders"),
        ("订单编号,买家会员名,买家实际支付金额,订单创建时间,订单付款时间 \n".encode("gbk"), "taobao-orders"),
        ('{"msgid": "m1", "action": "send", "from": "ann"}\n', "wecom-archive"),
        ('{"msgid": "m1", "action": "switch", "time": 1, "user": "ann"}\n', "wecom-archive"),
        ('{"contact": "a", "occurred_at": "2026-11-12", "kind": "x", "msgid": "m", "action": "y"}', "events-file"),
    ],
)
def test_files_are_known_by_their_content(file, content, kind):
    assert recognise(file(content, "anything.txt")) == kind


def test_parquet_is_known_by_its_columns(tmp_path):
    pq.write_table(pa.table({"contact": ["a"], "occurred_at": ["x"], "kind": ["x"]}), tmp_path / "e")
    assert recognise(tmp_path / "e") == "events-file"


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (
            "Dear all,\nhello\n",
            "is a table \\(UTF-8\\) with the columns Dear all, .no name., whose first row is 'hello'",
        ),
        (
            "hello there\n",
            "is text \\(UTF-8\\) that begins 'hello there', which no reader knows. Expected: an event file",
        ),
        ("name,city\n" + "a" * 99, "whose first row is 'a{80}…', which no reader knows"),
        ("name,city\n", "and no row, which no reader knows"),
        (
            "客户,下单时间\n小林,2026\n".encode("gbk"),
            "a table \\(GB18030, which holds GBK\\) with the columns 客户, 下单时间",
        ),
        ("客户,下单时间\n", "its columns, such as --as 'contact=客户,occurred_at=下单时间,kind=order.placed'"),
        ("名称,数量\n", "such as --as 'contact=COLUMN,occurred_at=COLUMN,kind=order.placed'"),
        ("name,city\n", "Name its kind with --as events, contacts, whatsapp, wecom, orders, shopify, taobao"),
        ("contact,occured_at,kind\n", "lacks the column occurred_at; rename 'occured_at' if it is occurred_at"),
        ('{"name": "Ann"}\n', 'is a JSONL file \\(UTF-8\\) with the columns name, beginning \'."name": "Ann".\''),
        ("", "is empty"),
    ],
)
def test_a_file_nobody_knows_is_described(file, content, said):
    with pytest.raises(FileError, match=said):
        recognise(file(content))


def test_files_of_all_kinds_are_read_together(file, reading_of):
    order = "InvoiceNo,StockCode,Quantity,InvoiceDate,UnitPrice,CustomerID\n1,A,1,2010-12-01,1,7\n"
    got = reading_of(file(CHAT, "WhatsApp Chat with Ann.txt"), file(EVENTS), file(order, "orders.csv"))
    assert [value["kind"] for value in got.values] == [
        "x",
        "item.bought",
        "order.placed",
        "message.received",
        "message.sent",
    ]


def test_rejects_of_all_files_are_collected(file, reading_of):
    bad = EVENTS + "bob\n"
    got = reading_of(file(bad), file(bad, "2.csv"))
    assert [(Path(reject.file).name, reject.line) for reject in got.rejects] == [("events.csv", 3), ("2.csv", 3)]


def test_contacts_hold_no_events(file, reading_of):
    with pytest.raises(FileError, match="is a contacts file, which holds no events"):
        reading_of(file("contact,name\nann,Ann\n"))


def test_the_kind_can_be_named_in_short(file):
    assert kind_named("orders") == "uci-orders"
    with pytest.raises(ValueError, match="'order' is no kind of file; known are events-file"):
        kind_named("order")


def test_a_mapping_stands_where_a_kind_does():
    assert kind_named("contact=a,occurred_at=b,kind=c") == "contact=a,occurred_at=b,kind=c"
    with pytest.raises(Unreadable, match="the mapping lacks occurred_at, kind"):
        kind_named("contact=a")
