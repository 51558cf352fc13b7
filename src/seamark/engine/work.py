"""The work a rulebook would have made: its reactions and journeys walked over past timelines."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from seamark.engine import tree
from seamark.engine.replay import Span, covers
from seamark.engine.rulebook import Clause, Journey, Reaction, Rulebook
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


@dataclass
class Run:
    """A journey that was begun."""

    journey: Journey
    began_at: int
    over_at: int
    """From when on it is stopped, or its goal reached; later than all that is looked at where it is not."""
    done_at: int | None = None
    """When its last step was done."""

    @property
    def ends_at(self) -> int:
        """When another one may begin."""
        return self.over_at if self.done_at is None else min(self.over_at, self.done_at)


class Edge(NamedTuple):
    """A tag was entered or left, and a reaction to it went off."""

    moment: int
    reaction: Reaction


class DueDeed(NamedTuple):
    """A follow-up, message or alert that falls due."""

    at: int
    made: Mapping[str, Any]
    """As the rulebook says it: `follow_up`, `send` or `alert`, and how."""
    edge: Edge
    run: Run | None
    """The journey it is a step of."""


def work_of(rulebook: Rulebook, spans: Sequence[Span], begin: int, end: int, day_of: Callable[[int], int]) -> Work:
    """The work of one contact's edges in (begin, end]. Imagined sends do not feed back.

    `spans` are of a plan that has `asked_conditions` too; `day_of` gives the local date of a moment.
    """
    work = Work()
    counts = {"follow_up": work.follow_ups, "send": work.messages, "alert": work.alerts}
    walker = _walked(rulebook, spans, begin, end)
    work.reactions.update(day_of(edge.moment) for edge in walker.edges)
    for deed in walker.deeds:
        counts[next(name for name in counts if name in deed.made)][day_of(deed.at)] += 1
    return work


def due_deeds(rulebook: Rulebook, spans: Sequence[Span], begin: int, end: int) -> list[DueDeed]:
    """What one contact's edges in (begin, end] make due up to `end`, as `work_of` counts it."""
    return _walked(rulebook, spans, begin, end).deeds


def _walked(rulebook: Rulebook, spans: Sequence[Span], begin: int, end: int) -> _Walker:
    walker = _Walker(rulebook, spans, end)
    for moment, kind, tag in _edges(spans, begin, end):
        for reaction in rulebook.reactions:
            if (reaction.edge, reaction.tag) == (kind, tag) and walker.true(reaction.when, moment, whole=True):
                walker.react(Edge(moment, reaction))
    return walker


def _edges(spans: Sequence[Span], begin: int, end: int) -> Iterator[tuple[int, str, str]]:
    edges = [(span.entered_at, "enter", span.tag) for span in spans if span.entered_at is not None]
    edges += [(span.left_at, "leave", span.tag) for span in spans if span.left_at is not None]
    return iter(sorted(edge for edge in edges if begin < edge[0] <= end))


class _Walker:
    def __init__(self, rulebook: Rulebook, spans: Sequence[Span], end: int) -> None:
        self.rulebook = rulebook
        self.end = end
        self.edges: list[Edge] = []
        self.deeds: list[DueDeed] = []
        self.runs: dict[str, Run] = {}
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

    def react(self, edge: Edge) -> None:
        self.edges.append(edge)
        for made in edge.reaction.do:
            self.do(made, edge.moment, edge, None)

    def do(self, made: Mapping[str, Any], moment: int, edge: Edge, run: Run | None) -> None:
        if moment > self.end:
            return
        if "stop" in made:
            if stopped := self.runs.get(made["stop"]):
                stopped.over_at = min(stopped.over_at, moment)
        elif "start" in made:
            self.start(self.rulebook.journeys[made["start"]], moment, edge)
        elif not made.keys().isdisjoint(("follow_up", "send", "alert")):
            self.deeds.append(DueDeed(moment, made, edge, run))

    def start(self, journey: Journey, moment: int, edge: Edge) -> None:
        before = self.runs.get(journey.name)
        if before and not _may_enter(journey, before, moment):
            return
        self.starts += 1
        if self.starts > MOST_STARTS:
            return
        over = [at for clause in (journey.stop, journey.goal) if (at := self.first_true(clause, moment)) is not None]
        run = Run(journey, moment, min(over, default=self.end + 1))
        self.runs[journey.name] = run
        run.done_at = self.walk(journey.steps, moment, edge, run, _home(journey))

    def walk(self, steps: Sequence[Mapping[str, Any]], moment: int, edge: Edge, run: Run, path: str) -> int:
        """Do the steps from `moment` on; returns when the last was done."""
        for index, step in enumerate(steps):
            here = f"{path}.{index}"
            moment += duration(step["after"]) if "after" in step else 0
            if moment >= run.over_at or moment > self.end:
                return moment
            if "wait" in step:
                longest = moment + duration(step["wait"]["at_most"])
                met = self.first_true(self.clause_at(f"{here}.wait.until"), moment)
                moment = longest if met is None else min(met, longest)
            elif "branch" in step:
                moment = self.branch(step, moment, edge, run, here)
            else:
                self.do(step, moment, edge, run)
        return moment

    def branch(self, step: Mapping[str, Any], moment: int, edge: Edge, run: Run, here: str) -> int:
        for place, branch in enumerate(step["branch"]):
            if self.true(self.clause_at(f"{here}.branch.{place}.when"), moment):
                return self.walk(branch["steps"], moment, edge, run, f"{here}.branch.{place}.steps")
        return self.walk(step.get("otherwise", ()), moment, edge, run, f"{here}.otherwise")

    def clause_at(self, path: str) -> Clause | None:
        return next((clause for name, clause in self.clauses.items() if name.endswith(f" {path}")), None)


def _home(journey: Journey) -> str:
    return f"journeys.{journey.name}.steps"


def _may_enter(journey: Journey, before: Run, moment: int) -> bool:
    if journey.re_enter == "never":
        return False
    if journey.re_enter == "ended":
        return before.ends_at <= moment
    return before.began_at + duration(journey.re_enter) <= moment
