"""Levels that can never be reached, conditions that are never or always true, and parts that change nothing."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import combinations

import z3

from seamark.engine import tree
from seamark.engine.errors import Problem
from seamark.engine.plan import plan_rulebook
from seamark.engine.reasoning import Reasoning, possible
from seamark.engine.reasoning.filters import Filters
from seamark.engine.reasoning.symbols import Formula
from seamark.engine.rulebook import Clause, Rulebook, TagGroup
from seamark.engine.write import write


def reach_problems(rulebook: Rulebook) -> Iterator[Problem]:
    """What can never come true, over every history, every field and every now; hands are left out."""
    return _Reach(rulebook).problems()


@dataclass(frozen=True)
class _Asked:
    """A condition, and the formulas for it and for each part of it."""

    clause: Clause
    truth: Formula
    parts: list[tuple[tree.Condition, Formula]]

    def problem(self, code: str, told: str, at: int = 0) -> Problem:
        return Problem(code, told, self.clause.place(at), severity="warning")


class _Reach:
    def __init__(self, rulebook: Rulebook) -> None:
        self.rulebook = rulebook
        self.clauses = [clause for clause in rulebook.clauses if clause.path[0] != "params"]
        whole = {_name(clause): clause.condition for clause in self.clauses}
        parts = {_name(clause, part): part for clause in self.clauses for part in _parts(clause.condition)}
        self.plan = plan_rulebook(rulebook, {**whole, **parts})
        self.filters = Filters(self.plan)

    def problems(self) -> Iterator[Problem]:
        groups = [group for group in self.rulebook.groups if group.kind == "level"]
        for group in groups:
            yield from self.levels(group)
        levels = {tag.clause.path for group in groups for tag in group.tags if tag.clause}
        for clause in self.clauses:
            if clause.path not in levels:
                yield from self.alone(clause)

    def asked(self, reasoning: Reasoning, clause: Clause) -> _Asked:
        parts = [(part, reasoning.held(_name(clause, part))) for part in _parts(clause.condition)]
        return _Asked(clause, reasoning.held(_name(clause)), parts)

    # Levels

    def levels(self, group: TagGroup) -> Iterator[Problem]:
        reasoning = Reasoning(self.plan, self.filters)
        levels = {tag.name: self.asked(reasoning, tag.clause) for tag in group.tags if tag.clause}
        solver = reasoning.solver()
        before: dict[str, Formula] = {}
        for name, level in levels.items():
            if not possible(solver, level.truth):
                yield level.problem("dead-level", f"{name} can never be held: {why_never(solver, level)}")
            elif not possible(solver, level.truth, *map(z3.Not, before.values())):
                yield level.problem("dead-level", f"{name} can never be held: {why_late(solver, level, before)}")
            else:
                yield from idle_parts(solver, level)
            before[name] = level.truth
        yield from self.rest(group, some_are_left=possible(solver, *map(z3.Not, before.values())))

    def rest(self, group: TagGroup, *, some_are_left: bool) -> Iterator[Problem]:
        others = [tag.name for tag in group.tags if tag.otherwise]
        if others and not some_are_left:
            told = f"{others[0]} can never be held: every contact has one of the other levels."
            yield Problem("dead-level", told, self.rulebook.tag_place(others[0]), severity="warning")
        if not others and some_are_left:
            told = f"Some contacts get no level of {group.name}; if each should, add one with `otherwise: true`."
            yield Problem("no-otherwise", told, self.rulebook.place("groups", group.name), severity="warning")

    # Conditions by themselves

    def alone(self, clause: Clause) -> Iterator[Problem]:
        reasoning = Reasoning(self.plan, self.filters)
        asked = self.asked(reasoning, clause)
        solver = reasoning.solver()
        if not possible(solver, asked.truth):
            yield asked.problem("never-true", f"{_subject(clause)} is never true: {why_never(solver, asked)}")
        elif not possible(solver, z3.Not(asked.truth)):
            told = f"{_subject(clause)} is always true, whatever happens; look at its figures."
            yield asked.problem("always-true", told)
        else:
            yield from idle_parts(solver, asked)


def why_never(solver: z3.Solver, asked: _Asked) -> str:
    """Which parts of a condition rule one another out."""
    for (part, own), (other, its) in combinations(asked.parts, 2):
        if possible(solver, own) and possible(solver, its) and not possible(solver, own, its):
            return f"`{write(part)}` and `{write(other)}` rule one another out."
    return "no history, no field and no moment makes it so; look at its figures."


def why_late(solver: z3.Solver, level: _Asked, before: dict[str, Formula]) -> str:
    """Which levels before it leave nothing to a level."""
    alone = [name for name, earlier in before.items() if not possible(solver, level.truth, z3.Not(earlier))]
    names = alone[0] if alone else f"one of {', '.join(before)}"
    return f"whenever it is true, {names} is, and stands before it. Put it first, or narrow the other."


def idle_parts(solver: z3.Solver, asked: _Asked) -> Iterator[Problem]:
    """The first part of an and, or of an or, without which the condition would be the same.

    The first alone, since of two that say the same only one can go.
    """
    both = isinstance(asked.clause.condition, tree.All)
    for place, (part, own) in enumerate(asked.parts):
        others = [other for _, other in asked.parts[:place] + asked.parts[place + 1 :]]
        alone = [*others, z3.Not(own)] if both else [own, *map(z3.Not, others)]
        if not possible(solver, *alone):
            why = "it is true whenever the rest is" if both else "when it is true, the rest is already"
            told = f"`{write(part)}` changes nothing here: {why}. Take it out, or look at its figures."
            yield asked.problem("idle-part", told, part.at)
            return


def _parts(condition: tree.Condition) -> tuple[tree.Condition, ...]:
    return condition.of if isinstance(condition, tree.All | tree.Any) else ()


def _name(clause: Clause, part: tree.Condition | None = None) -> str:
    """The name under which a condition or a part of it is planned; no tag has a space."""
    path = ".".join(map(str, clause.path))
    return f"asked {clause.located.file} {path} {part.at if part else ''}"


def _subject(clause: Clause) -> str:
    match clause.path:
        case ("groups", group, "tags", tag, "when"):
            return f"{group}/{tag}"
        case ("rules", name, *_):
            return f"The rule {name}"
    return "This condition"
