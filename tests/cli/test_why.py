"""Why a contact holds a tag or does not."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.cli.conftest import AS_OF, Done, Run


@pytest.fixture
def why(run: Run, book: Path, events: Path) -> Run:
    def why(contact: str, *more: object) -> Done:
        shared = ("--rulebook", book, "--events", events, "--as-of", AS_OF, "--zone", "UTC")
        return run("why", *shared, "--contact", contact, *more)

    return why


@pytest.mark.covers("G02", "A15")
def test_a_tag_that_is_held(why: Run) -> None:
    assert why("ann", "--tag", "trial/asked").out.startswith("""\
ann · Trial: Asked
As of Mon 2 Mar 2026 08:00 (UTC) · small 3

Held since 1 Mar 09:00.

✓ all of these:
  ✓ asked the price – wrote about "the price" in the last 3 days
      1 Mar 09:00  message  “How much is it?”  the price: how much
  ✓ has not ordered in the last 3 days

Goes on 4 Mar 09:00 unless a message or an order comes.
""")


@pytest.mark.covers("G02")
def test_a_level_that_ends_by_itself(why: Run) -> None:
    assert "Turns yellow (Medium) on 2 Mar 09:00 unless a message comes." in why("ann", "--tag", "activity/high").out


def test_a_level_that_is_not_held(why: Run) -> None:
    out = why("bob", "--tag", "activity/high").out
    assert "Not held since 28 Feb 12:00.\nHeld instead: Medium.\n" in out
    assert "✗ replied within the last 24 hours" in out


def test_a_true_level_behind_another(why: Run) -> None:
    assert "Held instead: High, which comes first in the group." in why("ann", "--tag", "activity/medium").out


def test_amounts_and_their_names(why: Run) -> None:
    out = why("bob", "--tag", "trial/big").out
    assert "✓ the total amount of orders in the last 365 days is at least 100 (much)" in out
    assert "20 Feb 12:00  order  amount 250.5" in out


def test_without_a_tag_all_that_are_held(why: Run) -> None:
    assert why("bob").out.startswith("""\
bob
As of Mon 2 Mar 2026 08:00 (UTC) · small 3

● Activity: Medium  activity/medium
  Held since 28 Feb 12:00. Turns gray (Dormant) on 2 Mar 12:00 unless a message
  comes.
● Trial: Big  trial/big
  Held since 20 Feb 12:00. Goes on 20 Feb 2027 12:00 unless an order comes.
""")


def test_chinese(why: Run) -> None:
    out = why("ann", "--tag", "trial/asked", "--lang", "zh").out
    assert "自 3月1日 09:00 起持有。" in out
    assert "✓ 问过价格 —— 3 天内发来过消息（提到“价格”）" in out
    assert "将于 3月4日 09:00 失去，除非期间有新的客户消息或订单。" in out


def test_hands_are_named(why: Run, events: Path) -> None:
    events.write_text(
        "contact,occurred_at,kind,tag,until,actor\n"
        "ann,2026-03-01T09:00:00Z,tag.set,trial/vip,2026-03-09T09:00:00Z,Rita\n"
    )
    out = why("ann", "--tag", "trial/vip").out
    assert "Set by hand on 1 Mar 09:00 by Rita, until 9 Mar 09:00\n" in out
    assert "Goes on 9 Mar 09:00" in out


def test_of_many_events_the_latest_are_shown(why: Run, events: Path) -> None:
    rows = "".join(f"ann,2026-02-2{day}T09:00:00Z,order.placed,{day}0\n" for day in range(1, 9))
    events.write_text(f"contact,occurred_at,kind,amount\n{rows}")
    out = why("ann", "--tag", "trial/big").out
    assert "and 3 earlier\n    24 Feb 09:00   order  amount 40\n" in out


def test_json_has_conditions_and_events(why: Run) -> None:
    told = why("ann", "--tag", "trial/asked", "--json").json["tags"][0]
    part = told["account"]["parts"][0]
    assert part["condition"] == 'any message.received[mentions "price"] over 3d'
    assert part["events"][0]["props"]["words"] == ["price: how much"]
    assert (told["held"], told["since"], told["changes_at"]) == (True, "2026-03-01T09:00:00Z", "2026-03-04T09:00:00Z")
    assert told["unless"] == ["message.received", "order.placed"]


def test_words_of_customers_cannot_move_the_cursor(why: Run, events: Path) -> None:
    events.write_text(
        'contact,occurred_at,kind,text\nann,2026-03-01T09:00:00Z,message.received,"price\x1b[2J\x07[bold]"\n'
    )
    out = why("ann", "--tag", "trial/asked").out
    assert "“price [2J [bold]”" in out


def test_an_unknown_contact_has_a_nearest_one(why: Run) -> None:
    done = why("An")
    assert (done.code, done.out) == (2, "")
    assert done.err == "seamark: Nobody is called 'An' in these files. Did you mean ann?\n"


def test_an_unknown_tag_has_a_nearest_one(why: Run) -> None:
    done = why("ann", "--tag", "trial/askd")
    assert done.err == "seamark: The rulebook small has no tag 'trial/askd'. Did you mean trial/asked?\n"
