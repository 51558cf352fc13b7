"""Tags that mean the same, or nearly so."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, fields
from itertools import combinations
from typing import Any, cast

import z3

from seamark.engine import tree
from seamark.engine.errors import Problem
from seamark.engine.moments import as_date
from seamark.engine.plan import Leaf, Plan, mapped, plan_rulebook
from seamark.engine.reasoning import Reasoning, possible
from seamark.engine.reasoning.filters import Filters
from seamark.engine.reasoning.symbols import Formula
from seamark.engine.rulebook import Rulebook
from seamark.engine.units import duration_text, number_text

CLOSE = 0.1
"""Two figures are close when they differ by at most this part of the larger one."""
FIGURES = ("over", "length", "scaled", "day")
"""The attributes of nodes that hold a figure."""


def alike_problems(rulebook: Rulebook) -> Iterator[Problem]:
    """Tags equal to one before them, and tags that differ from one before them in one figure alone."""
    alike = _Alike(rulebook)
    equal: dict[str, str] = {}
    for first, second in alike.equal_pairs():
        if first not in equal and second not in equal:
            equal[second] = first
            told = f"{second} means the same as {first}: whoever holds one holds the other. Keep one of them."
            yield alike.problem("equal-tags", told, second)
    for second, told in alike.near([name for name in alike.definitions if name not in equal]):
        yield alike.problem("near-tags", told, second)


@dataclass(frozen=True, order=True)
class _Figure:
    what: str
    value: int

    def unlikeness(self, other: _Figure) -> float:
        """How much they differ, as a part of the larger one."""
        return abs(self.value - other.value) / max(abs(self.value), abs(other.value))

    def __str__(self) -> str:
        if self.what == "day":
            return str(as_date(self.value))
        return number_text(self.value) if self.what == "scaled" else duration_text(self.value)


class _Alike:
    def __init__(self, rulebook: Rulebook) -> None:
        self.rulebook = rulebook
        self.plan: Plan = plan_rulebook(rulebook)
        self.filters = Filters(self.plan)
        self.definitions = _definitions(self.plan)
        self.levels = {tag: place for place, names in enumerate(self.plan.levels) for tag in names}

    def problem(self, code: str, told: str, tag: str) -> Problem:
        return Problem(code, told, self.rulebook.tag_place(tag), severity="warning")

    def comparable(self, first: str, second: str) -> bool:
        """Levels of one group rule one another out."""
        return self.levels.get(first, -1) != self.levels.get(second, -2)

    # Equal

    def equal_pairs(self) -> Iterator[tuple[str, str]]:
        """Only tags that speak of the same things can be equal; those are held against one another."""
        speaking: dict[frozenset[object], list[str]] = defaultdict(list)
        spoken: dict[str, frozenset[object]] = {}
        for name in (tag.name for unit in self.plan.units for tag in unit.tags):  # referred to before they refer
            if name in self.definitions:
                spoken[name] = _spoken_of(self.definitions[name], spoken)
                speaking[spoken[name]].append(name)
        for names in speaking.values():
            if len(names) > 1:
                yield from self.equal_among(sorted(names, key=self.plan.tags.index))

    def equal_among(self, names: list[str]) -> Iterator[tuple[str, str]]:
        """One history for each tag tells most others from it; the rest is asked pair by pair."""
        reasoning = Reasoning(self.plan, self.filters)
        truths = {name: reasoning.held(name) for name in names}
        solver = reasoning.solver()
        histories = [found for truth in truths.values() if (found := _example(solver, truth)) is not None]
        told: dict[tuple[bool, ...], list[str]] = defaultdict(list)
        for name, truth in truths.items():
            told[tuple(z3.is_true(history.eval(truth, model_completion=True)) for history in histories)].append(name)
        for answers, same in told.items():
            for first, second in combinations(same, 2):
                different = z3.Xor(truths[first], truths[second])
                if any(answers) and self.comparable(first, second) and not possible(solver, different):
                    yield first, second

    # Nearly equal

    def near(self, names: list[str]) -> Iterator[tuple[str, str]]:
        """Tags that differ in one figure from one before them, and what to say of the closest of those."""
        shaped: dict[object, list[tuple[str, list[_Figure]]]] = defaultdict(list)
        for name in names:
            shape, figures = _outline(self.definitions[name])
            pairs = [
                (_Figure.unlikeness(*unlike[0]), first, *unlike[0])
                for first, others in shaped[shape]
                if len(unlike := [pair for pair in zip(others, figures, strict=True) if pair[0] != pair[1]]) == 1
                and self.comparable(first, name)
            ]
            told = (self.told(unlikeness, first, name, *unlike) for unlikeness, first, *unlike in sorted(pairs))
            if found := next(filter(None, told), ""):
                yield name, found
            shaped[shape].append((name, figures))

    def told(self, unlikeness: float, first: str, second: str, one: _Figure, other: _Figure) -> str:
        """What to say of two tags: nothing, when the figure is another one and neither implies the other."""
        if unlikeness <= CLOSE:
            return f"{second} is nearly {first}: only {other} stands for {one}. Keep one, or set them further apart."
        reasoning = Reasoning(self.plan, self.filters)
        truths = {name: reasoning.held(name) for name in (first, second)}
        solver = reasoning.solver()
        for narrow, wide in ((first, second), (second, first)):
            if possible(solver, truths[narrow]) and not possible(solver, truths[narrow], z3.Not(truths[wide])):
                alone = f"only {other} stands in {second} for {one} in {first}"
                return f"Whoever holds {narrow} holds {wide} too: {alone}. Levels of one group would tell them apart."
        return ""


def _example(solver: z3.Solver, truth: Formula) -> Any:
    """A history for which it is true; None where there is none, or none is found in time."""
    solver.push()
    solver.add(truth)
    found = solver.model() if solver.check() == z3.sat else None
    solver.pop()
    return found


def _definitions(plan: Plan) -> dict[str, tree.Condition]:
    """What each computed tag stands on, the levels before it ruled out, in the order of the file."""
    found: dict[str, tree.Condition] = {}
    for unit in plan.units:
        before: list[tree.Condition] = []
        for tag in sorted(unit.tags, key=lambda tag: tag.otherwise):
            if not tag.by_hand:
                own = [_written_out(tag.condition, plan)] if tag.condition else []
                parts = [*own, *(tree.Not(earlier) for earlier in before)]
                found[tag.name] = parts[0] if len(parts) == 1 else tree.All(tuple(parts))
                before += own if unit.kind == "level" else []
    return {name: found[name] for name in plan.tags if name in found}


def _written_out(condition: tree.Condition, plan: Plan) -> tree.Condition:
    def change(node: tree.Node) -> tree.Node:
        return plan.leaves[node.index] if isinstance(node, Leaf) else mapped(node, change)

    return cast(tree.Condition, change(condition))


def _spoken_of(definition: tree.Condition, known: Mapping[str, frozenset[object]]) -> frozenset[object]:
    """The kinds, props, fields, texts and by-hand tags of a condition, and of the tags it refers to."""
    spoken: set[object] = set()
    for node in definition.walk():
        match node:
            case tree.Tagged(tag=tag) if tag in known:
                spoken |= known[tag]
            case tree.Tagged(tag=name) | tree.Text(text=name) | tree.Field(name=name) | tree.Prop(name=name):
                spoken.add((type(node), name))
            case tree.Events(kind=kind):
                spoken.add(("kind", kind))
            case tree.Has(text=text):
                spoken.add(("has", text))
    return frozenset(spoken)


def _outline(node: tree.Node) -> tuple[object, list[_Figure]]:
    """The node without its figures, and its figures in order; parts of and and or in an order of their own."""
    shape: list[object] = [type(node).__name__]
    figures: list[_Figure] = []
    for each in fields(node):
        value = getattr(node, each.name)
        if each.name in FIGURES and value is not None:
            figures.append(_Figure(each.name, value))
        elif each.name != "at":
            outlines = [_outline(part) for part in _nodes(value)]
            if isinstance(node, tree.All | tree.Any):
                outlines.sort(key=repr)
            shape.append(tuple(outline for outline, _ in outlines) if outlines else value)
            figures += [figure for _, inner in outlines for figure in inner]
    return tuple(shape), figures


def _nodes(value: object) -> list[tree.Node]:
    return [part for part in (value if isinstance(value, tuple) else (value,)) if isinstance(part, tree.Node)]
