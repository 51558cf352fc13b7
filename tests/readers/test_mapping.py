"""Tables that nobody knows are read once their columns are named."""

from decimal import Decimal

import pytest

from seamark.engine.errors import RuleError, Unreadable
from seamark.readers.mapping import mapping_of
from seamark.readers.shape import FileError

pytestmark = [pytest.mark.covers("C01"), pytest.mark.covers("C03")]

TABLE = "流水号;客户;下单时间;金额;备注\n1;小林;2026/11/5 9:05;￥1,280.50;加急\n2;阿强;2026-11-06;60;\n"
MAPPING = "id=流水号,contact=客户,occurred_at=下单时间,kind=order.placed,amount=金额"


def test_columns_are_read_under_the_names_given(file, reading_of):
    got = reading_of(file(TABLE.encode("gbk")), as_=MAPPING, zone="Asia/Shanghai")
    assert got.values[0] == {
        "id": "1",
        "contact": "小林",
        "occurred_at": "2026-11-05T01:05:00Z",
        "kind": "order.placed",
        "amount": Decimal("1280.50"),
        "备注": "加急",
    }
    assert got.values[1]["occurred_at"] == "2026-11-05T16:00:00Z"


@pytest.mark.parametrize(
    ("content", "name"),
    [
        ("who\twhen\twhat\nann\t2026-11-05T09:05Z\tlink.clicked\n", "events.tsv"),
        ('{"who": "ann", "when": "2026-11-05T09:05Z", "what": "link.clicked"}\n', "events.jsonl"),
        ("who,when,what\nann,1793869500,link.clicked\n".encode("utf-16"), "events.csv"),
        ("who,when,what\nann,1793869500000,link.clicked\n".encode("utf-8-sig"), "events.csv"),
    ],
)
def test_tables_of_all_forms_can_be_mapped(file, reading_of, content, name):
    got = reading_of(file(content, name), as_="contact=who,occurred_at=when,kind=what")
    assert got.values == [{"contact": "ann", "occurred_at": "2026-11-05T09:05:00Z", "kind": "link.clicked"}]


@pytest.mark.parametrize(
    ("row", "reason"),
    [
        ("3;;2026-11-06;1;", "lacks contact (客户)"),
        ("3;小林;;1;", "lacks occurred_at (下单时间)"),
        ("3;小林;昨天;1;", "'昨天' is not an ISO 8601 time such as 2026-11-20T10:05:00Z"),
        ("3;小林;2026-11-06;免费;", "amount '免费' is not a number of at most 15 digits on either side of the point"),
        ("3;小林;2026-11-06", "has 3 columns where the header has 5"),
    ],
)
def test_rows_that_cannot_be_read_are_set_aside(file, reading_of, row, reason):
    got = reading_of(file(TABLE + row + "\n"), as_=MAPPING)
    assert (len(got.values), got.reasons) == (2, [(4, reason)])


@pytest.mark.parametrize(
    ("times", "expected", "is_said"),
    [
        (["05.11.2026 9:05", "13.11.2026"], ["2026-11-05T09:05:00Z", "2026-11-13T00:00:00Z"], False),
        (["11/5/2026 3:05 PM", "11/13/2026 12:05 am"], ["2026-11-05T15:05:00Z", "2026-11-13T00:05:00Z"], False),
        (["5/11/2026, 9:05:31", "2026-11-13"], ["2026-11-05T09:05:31Z", "2026-11-13T00:00:00Z"], True),
    ],
)
def test_the_dates_of_a_table_tell_whether_the_day_is_first(file, reading_of, times, expected, is_said):
    rows = "".join(f"ann;{time}\n" for time in times)
    got = reading_of(file("who;when\n" + rows), as_="contact=who,occurred_at=when,kind=x")
    assert [value["occurred_at"] for value in got.values] == expected
    assert [note.endswith("since nothing in the file decides") for note in got.notes] == [True] * is_said


def test_files_of_known_kinds_are_read_beside_it(file, reading_of):
    chat = file("12/11/2026, 10:05 - Ann: hi\n", "WhatsApp Chat with Ann.txt")
    assert [value["kind"] for value in reading_of(file(TABLE), chat, as_=MAPPING).values] == [
        "order.placed",
        "order.placed",
        "message.received",
    ]


def test_a_column_that_is_not_there_is_said_with_the_nearest(file, reading_of):
    with pytest.raises(FileError, match=r"has no column 下单时刻; the columns found are .*; did you mean '下单时间'"):
        reading_of(file(TABLE), as_=MAPPING.replace("下单时间", "下单时刻"))


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("contact=a,occurred_at=b", "the mapping lacks kind"),
        ("contact=a,contact=b,kind=c", "contact is mapped twice"),
        ("contact=a,b,kind=c", "'b' is no pair such as contact=COLUMN"),
        ("contact=,occurred_at=b,kind=c", "'contact=' is no pair"),
    ],
)
def test_a_mapping_that_cannot_be_read_is_explained(text, said):
    with pytest.raises(Unreadable, match=said):
        mapping_of(text)


# In a file


def test_a_mapping_may_stand_in_a_file(file, reading_of):
    mapping = file(
        "# 订单\nid: 流水号\ncontact: 客户\noccurred_at: 下单时间\nkind: order.placed\namount: 金额\n", "m.yaml"
    )
    table = file(TABLE, "orders.csv")
    assert reading_of(table, as_=str(mapping)) == reading_of(table, as_=MAPPING)


@pytest.mark.parametrize(
    ("content", "error", "said"),
    [
        ("contact: a\noccurred_at: b\n", Unreadable, "the mapping lacks kind"),
        ("contact: [a\n", RuleError, "This is not YAML"),
        ("contact: a\ncontact: b\n", RuleError, "contact"),
        ("- contact\n", FileError, "is no mapping; expected a line for each column"),
        ("contact: 3\n", FileError, "is no mapping"),
        ("", FileError, "is empty"),
        (b"contact: \xff\n", RuleError, "UTF-8"),
    ],
)
def test_a_file_that_is_no_mapping_is_refused(file, content, error, said):
    with pytest.raises(error, match=said):
        mapping_of(str(file(content, "m.yaml")))


def test_a_mapping_that_is_not_there_is_refused(tmp_path):
    with pytest.raises(FileError, match="cannot be opened: No such file"):
        mapping_of(str(tmp_path / "m.yml"))
