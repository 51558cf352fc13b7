"""Cases of a bundled rulebook: what happened to a contact, which tags follow, and what each evaluator says."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple
from zoneinfo import ZoneInfo

import pytest

from seamark.engine.events import Event, Held
from seamark.engine.moments import as_datetime, parse_moment
from seamark.engine.plan import Plan
from seamark.engine.units import DAY
from tests.evaluators import ALONE, Answer, answers

ZONE = ZoneInfo("Asia/Shanghai")
NOW = parse_moment("2026-11-20T10:00+08:00", ZONE)[0]
EVALUATORS = [*ALONE, pytest.param("spark", marks=pytest.mark.spark)]


class Happened(NamedTuple):
    """An event, so many microseconds ago."""

    kind: str
    ago: int
    props: dict[str, object]


class Case(NamedTuple):
    """A contact with its events and fields, and the names of tags it holds and does not hold, blanks between."""

    happened: list[Happened]
    fields: dict[str, object]
    held: str
    not_held: str


def at(kind: str, ago: int, **props: object) -> Happened:
    return Happened(kind, ago, props)


def wrote(ago: int, *mentions: str, **props: object) -> Happened:
    return at("message.received", ago, mentions=list(mentions), **props)


def wrote_to(ago: int) -> Happened:
    return at("message.sent", ago)


def ordered(ago: int, amount: float = 1, **props: object) -> Happened:
    return at("order.placed", ago, amount=amount, **props)


def case(*happened: Happened, held: str = "", not_held: str = "", **fields: object) -> Case:
    return Case(list(happened), fields, held, not_held)


def on(days: int, years: int = 0) -> str:
    """A date so many days from today's, so many years ago."""
    day = as_datetime(NOW + days * DAY, ZONE).date()
    return day.replace(year=day.year - years).isoformat()


def told(evaluator: str, plan: Plan, cases: Mapping[str, Case]) -> Answer:
    """What an evaluator says of all cases at once, each a contact of the case's name."""
    events: list[Event] = []
    fields: dict[str, dict[str, Held]] = {}
    for name, each in cases.items():
        fields[name] = plan.reads.fields_of(each.fields or {"name": name}, ZONE)
        for seq, (kind, ago, props) in enumerate(each.happened):
            events.append(plan.reads.event(name, NOW - ago, kind, props, ZONE, seq=seq))
    return answers(evaluator, plan, ZONE, events, NOW, fields)


def check(answer: Answer, name: str, asked: Case) -> None:
    """The contact holds every tag of `held` and none of `not_held`."""
    assert set(asked.held.split()) <= answer[name]
    assert not set(asked.not_held.split()) & answer[name]
