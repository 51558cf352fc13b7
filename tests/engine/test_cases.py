"""Every case of tests/cases, by every evaluator: what a person says is so."""

import json
import re
import shlex
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from seamark.engine.events import Event, Held
from seamark.engine.located import load_yaml
from seamark.engine.moments import parse_moment
from seamark.engine.online import Online, State
from seamark.engine.plan import Plan, plan_rulebook
from seamark.engine.rulebook import Rulebook, load_rulebook
from tests.engine.oracle import Oracle
from tests.evaluators import ALONE, answers_at

FILES = sorted(Path(__file__).parent.parent.glob("cases/*.yaml"))
EVENT = re.compile(r"(\S+ \S+) (\S+)(.*)")


@dataclass
class Case:
    """One case, with the rulebook, events and fields it stands for."""

    file: str
    told: dict[str, Any]

    @cached_property
    def zone(self) -> ZoneInfo:
        return ZoneInfo(self.told.get("zone", "UTC"))

    @cached_property
    def rulebook(self) -> Rulebook:
        parts = {name: self.told[name] for name in ("kinds", "terms", "params", "rules") if name in self.told}
        groups = self.told.get("groups") or {"case": {"kind": "set", "tags": {"so": {"when": self.told["when"]}}}}
        fields = self.told.get("declared", {})
        return load_rulebook(json.dumps({"rulebook": "case", "fields": fields, "groups": groups, **parts}))

    @cached_property
    def plan(self) -> Plan:
        return plan_rulebook(self.rulebook)

    @cached_property
    def events(self) -> list[Event]:
        return [self.event(text) for text in self.told["events"]]

    def event(self, text: str) -> Event:
        found = EVENT.fullmatch(text)
        assert found, text
        props: dict[str, Any] = dict(part.split("=", 1) for part in shlex.split(found[3]))
        id, seq = props.pop("id", ""), int(props.pop("seq", 0))
        return self.plan.reads.event("ann", self.moment(found[1]), found[2], props, self.zone, id=id, seq=seq)

    @cached_property
    def fields(self) -> dict[str, Held]:
        return self.plan.reads.fields_of(self.told.get("fields", {}), self.zone)

    def started(self) -> tuple[Online, State]:
        """The online evaluator, and the state of one whose events have come in order."""
        online = Online(self.plan, self.zone)
        state = online.state(self.fields)
        for event in self.events:
            online.fold(state, event)
        return online, state

    def moment(self, text: str) -> int:
        return parse_moment(text, self.zone)[0]

    def answers(self) -> Iterator[tuple[int, tuple[str, ...]]]:
        """Moments and the tags held then, in order of time."""
        for moment, answer in sorted((self.moment(text), answer) for text, answer in self.told.get("at", {}).items()):
            yield moment, tuple(answer) if isinstance(answer, list) else ("case/so",) * answer

    def edges(self) -> Iterator[tuple[int, int | None]]:
        """Moments, in order of time, and the next at which something changes."""
        for moment, until in sorted((self.moment(text), until) for text, until in self.told.get("until", {}).items()):
            yield moment, None if until == "never" else self.moment(until)


CASES = [Case(file.stem, told) for file in FILES for told in load_yaml(file.read_text("utf-8"), file.name).value]
every_case = pytest.mark.parametrize(
    "case", [pytest.param(case, id=f"{case.file}: {case.told['says']}") for case in CASES]
)
pytestmark = pytest.mark.covers("G01", "A15")


@every_case
def test_by_the_naive_evaluator(case: Case) -> None:
    oracle = Oracle(case.rulebook, case.events, case.fields, case.zone)
    assert {moment: oracle.at(moment).tags() for moment, _ in case.answers()} == dict(case.answers())


@pytest.mark.parametrize("evaluator", [*ALONE, pytest.param("spark", marks=pytest.mark.spark)])
@every_case
def test_by_every_evaluator(evaluator: str, case: Case) -> None:
    expected = {moment: {"ann": set(tags)} for moment, tags in case.answers()}
    assert answers_at(evaluator, case.plan, case.zone, case.events, list(expected), {"ann": case.fields}) == expected


@every_case
def test_online_from_verdict_to_verdict(case: Case) -> None:
    online, state = case.started()
    assert {moment: online.verdict(state, moment).tags for moment, _ in case.answers()} == dict(case.answers())


@every_case
def test_online_where_every_event_comes_late(case: Case) -> None:
    for moment, tags in case.answers():
        online = Online(case.plan, case.zone)
        state = online.state(case.fields)
        for event in reversed(case.events):
            online.verdict(state, moment)
            online.fold(state, event)
        assert online.verdict(state, moment).tags == tags


@pytest.mark.covers("G02")
@pytest.mark.parametrize("case", [case for case in CASES if "until" in case.told], ids=lambda case: case.told["says"])
def test_until_when_a_verdict_holds(case: Case) -> None:
    online, state = case.started()
    assert {moment: online.verdict(state, moment).valid_until for moment, _ in case.edges()} == dict(case.edges())
