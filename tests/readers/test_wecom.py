"""Records of WeCom's message archive become messages received and sent."""

import json

import pytest

pytestmark = pytest.mark.covers("C03")

ANN = "wmErxtDgAA9AW32YyyuYRimKr7D1KWlw"
BOB = "woAJ2GCAAAXtWyujaWJHDDGi0mACBBBB"
FIRST = 1767229200000
"""2026-01-01T01:00:00Z."""


def record(number: int, sender: str, *receivers: str, **parts: object) -> str:
    usual = {
        "msgid": f"m{number}",
        "action": "send",
        "from": sender,
        "tolist": list(receivers),
        "roomid": "",
        "msgtime": FIRST + number * 1000,
        "msgtype": "text",
    }
    return json.dumps(usual | ({"text": {"content": "你好"}} if "msgtype" not in parts else {}) | parts) + "\n"


@pytest.fixture
def archive(file, reading_of):
    def reading(*records: str):
        return reading_of(file("".join(records), "archive.jsonl"))

    return reading


def test_what_comes_from_outside_is_received(archive):
    assert archive(record(1, ANN, "wong", seq=7)).values == [
        {
            "contact": ANN,
            "occurred_at": "2026-01-01T01:00:01Z",
            "kind": "message.received",
            "id": "m1",
            "seq": 7,
            "channel": "wecom",
            "text": "你好",
        }
    ]


def test_what_goes_out_is_sent_to_each_and_names_who_sent_it(archive):
    got = archive(record(1, "wong", ANN, BOB))
    assert [(value["kind"], value["contact"], value["actor"]) for value in got.values] == [
        ("message.sent", ANN, "wong"),
        ("message.sent", BOB, "wong"),
    ]


def test_in_groups_those_outside_are_told_apart(archive):
    got = archive(
        record(1, ANN, "wong", BOB, roomid="wr1"),
        record(2, BOB, "wong", ANN, roomid="wr1"),
        record(3, "wong", ANN, BOB, roomid="wr1"),
        record(4, "wong", "li", ANN, roomid="wr2"),
    )
    assert [(value["kind"], value["contact"], value["room"]) for value in got.values] == [
        ("message.received", ANN, "wr1"),
        ("message.received", BOB, "wr1"),
        ("message.sent", ANN, "wr2"),
    ]
    assert got.notes[0].endswith("messages among us, or to several in a group, left out: 1")


def test_recalled_messages_are_left_out_wherever_the_recall_stands(file, reading_of):
    recall = record(2, ANN, "wong", action="recall", msgtype="revoke", revoke={"pre_msgid": "m1"})
    said = file(record(1, ANN, "wong") + record(3, ANN, "wong"), "1.jsonl")
    got = reading_of(said, file(recall, "2.jsonl"))
    assert [value["id"] for value in got.values] == ["m3"]
    assert [note.rpartition("jsonl: ")[2] for note in got.notes] == [
        "recalled messages, left out: 1",
        "recalls, left out: 1",
    ]


@pytest.mark.parametrize(
    ("parts", "expected"),
    [
        ({"msgtype": "image", "image": {"md5sum": "0f"}}, ("image", None)),
        ({"msgtype": "voice", "voice": {"play_length": 4}}, ("audio", None)),
        ({"msgtype": "file", "file": {"filename": "报价单.pdf"}}, ("document", "报价单.pdf")),
        ({"msgtype": "link", "link": {"title": "新品", "description": "三款"}}, ("link", "新品\n三款")),
        ({"msgtype": "markdown", "info": {"content": "**价格**"}}, (None, "**价格**")),
        (
            {
                "msgtype": "mixed",
                "mixed": {
                    "item": [{"type": "text", "content": '{"content": "看这个"}'}, {"type": "image", "content": "{}"}]
                },
            },
            ("mixed", "看这个"),
        ),
    ],
)
def test_what_is_no_text_keeps_its_kind_and_its_words(archive, parts, expected):
    value = archive(record(1, ANN, "wong", **parts)).values[0]
    assert (value.get("media"), value.get("text")) == expected


def test_what_is_no_message_is_counted(archive):
    switch = json.dumps({"msgid": "s1", "action": "switch", "time": FIRST, "user": "wong"}) + "\n"
    agreed = record(1, ANN, "wong", msgtype="agree", agree={"userid": ANN, "agree_time": FIRST})
    got = archive(switch, agreed)
    assert (got.values, got.rejects) == ([], [])
    assert got.notes[0].endswith("records that are no messages, left out: 2")


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        ('{"msgid": "m1", "action": "send"\n', "is not JSON: Expecting ',' delimiter at column 33"),
        (record(1, ANN, "wong", msgtime="soon"), "has no msgtime in milliseconds"),
        (record(1, ANN, "wong", msgtime=1e99), "msgtime 1E+99 lies outside 1900 to 2199"),
        (record(1, "", "wong"), "has no from"),
        (record(1, "wong", tolist=ANN), "has a tolist that is no list of ids"),
    ],
)
def test_lines_that_cannot_be_read_are_set_aside(archive, line, reason):
    got = archive(record(2, ANN, "wong"), line)
    assert (len(got.values), got.reasons) == (1, [(2, reason)])
