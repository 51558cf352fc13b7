"""The example files are read whole, and show what the demo is to show."""

from collections import Counter
from datetime import datetime, timedelta
from decimal import Decimal
from pathlib import Path

import pytest

pytestmark = pytest.mark.covers("C03")

EXAMPLES = Path(__file__).parents[2] / "examples"
ORDERS = EXAMPLES / "online_retail_first_8_weeks.csv.gz"
CHATS = sorted((EXAMPLES / "whatsapp").iterdir())


@pytest.fixture
def chats(reading_of):
    return reading_of(*CHATS, zone="Asia/Hong_Kong")


def test_every_order_line_is_counted(reading_of):
    got = reading_of(ORDERS, zone="Europe/London")
    kinds = Counter(value["kind"] for value in got.values)
    assert kinds == {"item.bought": 41_488, "order.placed": 2_115, "order.refunded": 476}
    assert Counter(reject.reason for reject in got.rejects) == {"has no customer": 27_275}
    assert len({value["contact"] for value in got.values}) == 1_259
    assert len({value["id"] for value in got.values}) == len(got.values)
    assert sum(value["amount"] for value in got.values if value["kind"] == "order.placed") == Decimal("1038561.36")


def test_every_message_of_the_chats_is_read(chats):
    assert chats.rejects == []
    assert Counter(value["contact"] for value in chats.values) == {
        "Daniel Reyes": 37,
        "Priya Nair": 32,
        "小林": 33,
        "陈先生": 27,
    }
    assert {value["actor"] for value in chats.values if "actor" in value} == {"Harbour Tea", "海港茶行"}


def test_last_replies_are_as_old_as_the_four_tiers_of_activity(chats):
    newest = max(str(value["occurred_at"]) for value in chats.values)
    last: dict[object, str] = {}
    for value in chats.values:
        if value["kind"] == "message.received":
            last[value["contact"]] = max(last.get(value["contact"], ""), str(value["occurred_at"]))
    ages = [datetime.fromisoformat(newest) - datetime.fromisoformat(time) for time in last.values()]
    tiers = [timedelta(days=1), timedelta(days=3), timedelta(days=7), timedelta(days=30)]
    assert [sum(age < tier for age in ages) for tier in tiers] == [1, 2, 3, 4]


def test_the_examples_fit_the_demo():
    assert ORDERS.stat().st_size <= 1_500_000
    assert "CC BY 4.0" in (EXAMPLES / "README.md").read_text()
