from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from seamark.cli.output import keep_rows
from seamark.cli.replay import COLUMNS
from seamark.engine.batch import run_duckdb
from seamark.engine.moments import parse_moment
from seamark.engine.plan import plan_rulebook
from seamark.engine.replay import replay
from seamark.engine.rulebook import load_rulebook
from seamark.engine.sentence import Language
from seamark.engine.work import asked_conditions
from seamark.engine.write import write
from seamark.histories import open_histories
from seamark.report import Subject

UTC = ZoneInfo("UTC")
COLUMNS_OF_EVENTS = "contact,occurred_at,kind,amount,tag"

RULEBOOK = """\
rulebook: small
version: 3
title: {en: Small, zh: 小手册}
groups:
  activity:
    title: {en: Activity, zh: 活跃度}
    kind: level
    tags:
      high: {title: {en: High, zh: 高}, color: green, share: [0.2, 0.4], when: last(message.received) within 3d}
      dormant: {title: {en: Dormant, zh: 沉睡}, color: "#888888", otherwise: true}
  hand:
    kind: set
    tags:
      do-not-disturb: {title: {en: Do not disturb, zh: 勿扰}, color: black, by_hand: true}
reactions:
  - {edge: enter, tag: activity/high, do: [{start: quote}]}
journeys:
  quote:
    title: {en: Quote, zh: 报价}
    steps:
      - {after: 0s, follow_up: {title: {en: Send it, zh: 发报价}, priority: P1, text: nudge}}
      - {after: 1d, send: nudge}
    stop: {when: any order.placed over 3d}
texts:
  nudge: {en: "Hello {contact.name}, well?", zh: "{contact.name}，您好吗?"}
"""

RFM = """\
rulebook: rfm
version: 1
title: {en: RFM, zh: 分层}
groups:
  recency:
    kind: level
    tags:
      recent: {when: last(order.placed) within 30d}
      lapsed: {when: any order.placed}
      never: {otherwise: true}
  frequency: {kind: level, tags: {often: {when: count(order.placed) >= 2}, seldom: {otherwise: true}}}
  monetary: {kind: level, tags: {high: {when: sum(order.placed.amount) >= 100}, usual: {otherwise: true}}}
"""

MakeSubject = Callable[..., Subject]


def moment(text: str) -> int:
    return parse_moment(text, UTC)[0]


@pytest.fixture
def subject(tmp_path: Path) -> Iterator[MakeSubject]:
    """Histories of these lines of CSV, classified and replayed."""
    with ExitStack() as open_until_the_end:

        def make(
            *events: str, now: str, rulebook: str = RULEBOOK, zone: str = "UTC", language: Language = "en"
        ) -> Subject:
            path = tmp_path / "events.csv"
            rows = [event + "," * (COLUMNS_OF_EVENTS.count(",") - event.count(",")) for event in events]
            path.write_text("\n".join([COLUMNS_OF_EVENTS, *rows]), encoding="utf-8")
            book, zone_info, at = load_rulebook(rulebook), ZoneInfo(zone), moment(now)
            histories = open_until_the_end.enter_context(open_histories([path], [], book.reads, zone_info))
            assert not histories.rejects
            run_duckdb(plan_rulebook(book), at, zone_info, histories.event_table(), histories.connection).create("tags")
            plan = plan_rulebook(book, asked_conditions(book))
            begin = (histories.oldest or at) - 1
            keep_rows(histories.connection, "spans", COLUMNS, replay(plan, zone_info, histories.each(), begin, at))
            return Subject(book, histories, zone_info, at, language, write)

        yield make
