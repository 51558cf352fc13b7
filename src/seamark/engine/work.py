"""The work a rulebook would have made: its reactions and journeys walked over past timelines."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from seamark.engine import tree
from seamark.engine.replay import Span, covers
from seamark.engine.rulebook import Clause, Journey, Rulebook
from seamark.engine.units import duration

MOST_STARTS = 1_000
"""Journeys begun by one edge; more than this is a reaction without end, which the linter tells of."""


@dataclass
class Work:
    """What would have been done: counts by local day of reactions, follow-ups, messages and alerts."""

    reactions: Counter[int] = field(default_factory=Counter)
    follow_ups: Counter[int] = field(default_factory=Counter)
    messages: Counter[int] = field(default_factory=Counter)
    alerts: Counter[int] = field(default_factory=Counter)

    def add(self, other: Work) -> None:
        """Take another contact's work in."""
        for name in ("reactions", "follow_ups", "messages", "alerts"):
            getattr(self, name).update(getattr(other, name))


def asked_conditions(rulebook: Rulebook) -> dict[str, tree.Condition]:
    """The conditions that reactions and journeys ask, by a name for `plan_rulebook`'s `extra`."""
    return {
        asked_name(clause): clause.condition
        for clause in rulebook.clauses
        if clause.path[0] in ("reactions", "journeys")
    }


def asked_name(clause: Clause) -> str:
    """The name under which a reaction's or journey's condition is planned; no tag has a space."""
    return f"asked {clause.located.file} {'.'.join(map(str, clause.path))}"


def work_of(rulebook: Rulebook, spans: Sequence[Span], begin: int, end: int, day_of: Callable[[int], int]) -> Work:
    """The work of one contact's edges in (begin, end]. Imagined sends do not feed back.

    `spans` are of a plan that has `asked_conditions` too; `day_of` gives the local date of a moment.
    """
    walker = _Walker(rulebook, spans, end, day_of)
    for moment, edge, tag in _edges(spans, begin, end):
        for reaction in rulebook.reactions:
            if (reaction.edge, reaction.tag) == (edge, tag) and walker.true(reaction.when, moment, whole=True):
                walker.work.reactions[day_of(moment)] += 1
                for deed in reaction.do:
                    walker.do(deed, moment)
    return walker.work


def _edges(spans: Sequence[Span], begin: int, end: int) -> Iterator[tuple[int, str, str]]:
    edges = [(span.entered_at, "enter", span.tag) for span in spans if span.entered_at is not None]
    edges += [(span.left_at, "leave", span.tag) for span in spans if span.left_at is not None]
    return iter(sorted(edge for edge in edges if begin < edge[0] <= end))


@dataclass
class _Run:
    """A journey under way: when it began, and from when on it is over."""

    began_at: int
    ends_at: int


class _Walker:
    def __init__(self, rulebook: Rulebook, spans: Sequence[Span], end: int, day_of: Callable[[int], int]) -> None:
        self.rulebook = rulebook
        self.end = end
        self.day_of = day_of
        self.work = Work()
        self.runs: dict[str, _Run] = {}
        self.starts = 0
        self.asked: dict[str, list[Span]] = {}
        self.clauses = {asked_name(clause): clause for clause in rulebook.clauses}
        for span in spans:
            self.asked.setdefault(span.tag, []).append(span)

    def true(self, clause: Clause | None, moment: int, *, whole: bool = False) -> bool:
        """Whether the condition holds at the moment; no condition is `whole`."""
        if clause is None:
            return whole
        return any(covers(span, moment) for span in self.asked.get(asked_name(clause), ()))

    def first_true(self, clause: Clause | None, begin: int) -> int | None:
        """The first moment from `begin` on at which the condition holds."""
        spans = self.asked.get(asked_name(clause), ()) if clause else ()
        moments = [
            max(span.entered_at or begin, begin) for span in spans if span.left_at is None or span.left_at > begin
        ]
        return min(moments, default=None)

    def do(self, deed: Mapping[str, Any], moment: int) -> None:
        if moment > self.end:
            return
        day = self.day_of(moment)
        if "follow_up" in deed:
            self.work.follow_ups[day] += 1
        elif "send" in deed:
            self.work.messages[day] += 1
        elif "alert" in deed:
            self.work.alerts[day] += 1
        elif "stop" in deed and deed["stop"] in self.runs:
            self.runs[deed["stop"]].ends_at = min(self.runs[deed["stop"]].ends_at, moment)
        elif "start" in deed:
            self.start(self.rulebook.journeys[deed["start"]], moment)

    def start(self, journey: Journey, moment: int) -> None:
        before = self.runs.get(journey.name)
        if before and not _may_enter(journey, before, moment):
            return
        self.starts += 1
        if self.starts > MOST_STARTS:
            return
        over = [at for clause in (journey.stop, journey.goal) if (at := self.first_true(clause, moment)) is not None]
        run = _Run(moment, min(over, default=self.end + 1))
        self.runs[journey.name] = run
        run.ends_at = min(run.ends_at, self.walk(journey.steps, moment, run, _home(journey)))

    def walk(self, steps: Sequence[Mapping[str, Any]], moment: int, run: _Run, path: str) -> int:
        """Do the steps from `moment` on; returns when the last was done."""
        for index, step in enumerate(steps):
            here = f"{path}.{index}"
            moment += duration(step["after"]) if "after" in step else 0
            if moment >= run.ends_at or moment > self.end:
                return moment
            if "wait" in step:
                longest = moment + duration(step["wait"]["at_most"])
                met = self.first_true(self.clause_at(f"{here}.wait.until"), moment)
                moment = longest if met is None else min(met, longest)
            elif "branch" in step:
                moment = self.branch(step, moment, run, here)
            else:
                self.do(step, moment)
        return moment

    def branch(self, step: Mapping[str, Any], moment: int, run: _Run, here: str) -> int:
        for place, branch in enumerate(step["branch"]):
            if self.true(self.clause_at(f"{here}.branch.{place}.when"), moment):
                return self.walk(branch["steps"], moment, run, f"{here}.branch.{place}.steps")
        return self.walk(step.get("otherwise", ()), moment, run, f"{here}.otherwise")

    def clause_at(self, path: str) -> Clause | None:
        return next((clause for name, clause in self.clauses.items() if name.endswith(f" {path}")), None)


def _home(journey: Journey) -> str:
    return f"journeys.{journey.name}.steps"


def _may_enter(journey: Journey, before: _Run, moment: int) -> bool:
    if journey.re_enter == "never":
        return False
    if journey.re_enter == "ended":
        return before.ends_at <= moment
    return before.began_at + duration(journey.re_enter) <= moment
