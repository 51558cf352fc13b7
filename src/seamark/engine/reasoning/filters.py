"""How the filters of one kind of event go together: which of them an event can pass at once."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import z3

from seamark.engine import tree
from seamark.engine.kinds import LOCAL_PROPS
from seamark.engine.plan import Plan
from seamark.engine.reasoning.symbols import SomeEvent

TIMEOUT = 2_000
"""Milliseconds a question may take; one that takes longer is answered with yes, it can be."""
MOST_CELLS = 32
"""Five filters that have nothing to do with one another cut a kind's events into this many cells."""

Cell = frozenset[tree.Condition]
"""The events that pass exactly these filters of a family."""
Family = tuple[tuple[tree.Condition, ...], tuple[Cell, ...]]
"""Filters, and the cells they cut a kind's events into."""


class Filters:
    """The filters of a plan; what was found out is remembered."""

    def __init__(self, plan: Plan) -> None:
        self.plan = plan
        self.known: dict[tuple[str, Cell, Cell], bool] = {}

    def families(self, kind: str, filters: Sequence[tree.Condition]) -> list[Family]:
        """The filters in families of few enough cells; of filters in different families nothing is known."""
        families: list[Family] = []
        family: tuple[tree.Condition, ...] = ()
        cells: list[Cell] = [frozenset()]
        for each in filters:
            finer = list(self._split(kind, family, cells, each))
            if len(finer) > MOST_CELLS:
                families.append((family, tuple(cells)))
                family, finer = (), list(self._split(kind, (), [frozenset()], each))
            family, cells = (*family, each), finer
        return [*families, (family, tuple(cells))]

    def _split(
        self, kind: str, family: tuple[tree.Condition, ...], cells: Iterable[Cell], by: tree.Condition
    ) -> Iterable[Cell]:
        for cell in cells:
            failed = frozenset(family) - cell
            if self.can_be(kind, cell | {by}, failed):
                yield cell | {by}
            if self.can_be(kind, cell, failed | {by}):
                yield cell

    def can_be(self, kind: str, passed: Cell, failed: Cell) -> bool:
        """Whether an event of the kind can pass the ones and fail the others."""
        question = (kind, passed, failed)
        if question not in self.known:
            event = SomeEvent("event", kind, self.plan)
            passes = [event.passes(each) for each in passed]
            fails = [z3.Not(event.passes(each)) for each in failed]
            self.known[question] = satisfiable(event.bounds(), *passes, *fails)
        return self.known[question]

    def bears(self, events: tree.Events, prop: str) -> bool:
        """Whether every event that passes has the prop."""
        if prop in LOCAL_PROPS or events.where is None:
            return prop in LOCAL_PROPS
        return not self.can_be(events.kind, frozenset((events.where, tree.IsAbsent(tree.Prop(prop)))), frozenset())


def satisfiable(*formulas: object) -> bool:
    """Whether all can be true at once, as far as is found out in time."""
    solver = z3.Solver()
    solver.set(timeout=TIMEOUT)
    solver.add(*formulas)
    return bool(solver.check() != z3.unsat)
