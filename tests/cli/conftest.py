from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from seamark.cli import main

RULEBOOK = """\
rulebook: small
version: 3
title: {en: Small, zh: 小手册}
terms:
  price: {title: {en: the price, zh: 价格}, en: [price, how much], zh: [多少钱]}
fields: {city: choice}
params:
  much: {quantile: 0.5, of: sum(order.placed.amount) over 365d, default: 100}
rules:
  asked: {title: {en: asked the price, zh: 问过价格}, when: 'any message.received[mentions "price"] over 3d'}
groups:
  activity:
    title: {en: Activity, zh: 活跃度}
    kind: level
    tags:
      high: {title: {en: High, zh: 高}, color: green, share: [0.2, 0.4], when: last(message.received) within 24h}
      medium: {title: {en: Medium, zh: 中}, color: yellow, when: last(message.received) within 3d}
      dormant: {title: {en: Dormant, zh: 沉睡}, color: gray, otherwise: true}
  trial:
    title: {en: Trial, zh: 试用}
    kind: set
    tags:
      asked: {title: {en: Asked, zh: 询价}, color: red, when: rule asked and not any order.placed over 3d}
      big: {title: {en: Big, zh: 大客户}, color: gold, when: sum(order.placed.amount) over 365d >= param.much}
      local: {title: {en: Local, zh: 本地}, color: blue, when: contact.city = "Lyon"}
      vip: {title: {en: VIP, zh: 贵宾}, color: gold, by_hand: true}
reactions:
  - {edge: enter, tag: trial/asked, do: [{start: quote}]}
journeys:
  quote:
    steps:
      - {follow_up: {title: {en: Quote, zh: 报价}}}
      - {after: 12h, send: nudge}
texts:
  nudge: {en: Hello, zh: 您好}
"""

EVENTS = """\
contact,occurred_at,kind,id,text,amount
ann,2026-03-01T09:00:00Z,message.received,m1,How much is it?,
ann,2026-03-02T09:00:00Z,message.sent,m2,Twelve,
bob,2026-02-27T12:00:00Z,message.received,m3,Hello,
bob,2026-02-20T12:00:00Z,order.placed,o1,,250.50
cyd,2026-01-01T00:00:00Z,order.placed,o2,,40
"""

AS_OF = "2026-03-02T08:00:00Z"


class Done(NamedTuple):
    """What a command came to."""

    code: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        return json.loads(self.out)


Run = Callable[..., Done]


@pytest.fixture(autouse=True)
def _plain_terminal(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("LC_ALL", "LC_MESSAGES", "LANG"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("TZ", "UTC")
    monkeypatch.setenv("COLUMNS", "80")


@pytest.fixture
def run(capsys: pytest.CaptureFixture[str]) -> Run:
    """Runs `seamark` with these arguments, in this process."""

    def run(*arguments: object) -> Done:
        code = main([str(argument) for argument in arguments])
        told = capsys.readouterr()
        return Done(code, told.out, told.err)

    return run


@pytest.fixture
def book(tmp_path: Path) -> Path:
    path = tmp_path / "small.yaml"
    path.write_text(RULEBOOK, encoding="utf-8")
    return path


@pytest.fixture
def events(tmp_path: Path) -> Path:
    path = tmp_path / "events.csv"
    path.write_text(EVENTS, encoding="utf-8")
    return path
