"""Whether conditions can be true, decided over every history, every field and every now by z3."""

from __future__ import annotations

import z3

from seamark.engine import tree
from seamark.engine.plan import Leaf, Plan, PlannedTag, Unit
from seamark.engine.reasoning.filters import TIMEOUT, Filters
from seamark.engine.reasoning.histories import Histories
from seamark.engine.reasoning.symbols import TRUE, Formula, Symbol, anything, compared, joined, literal
from seamark.engine.units import DAY, SCALE


class Reasoning:
    """Formulas for conditions of a plan, and the answer whether they can be true at once.

    Hands are left out: a computed tag is as its condition says, a by-hand one is set or not.
    """

    def __init__(self, plan: Plan, filters: Filters | None = None) -> None:
        self.plan = plan
        self.histories = Histories(plan, filters or Filters(plan))
        self.units = {tag.name: unit for unit in plan.units for tag in unit.tags}
        self.laws: list[Formula] = []
        self.known_held: dict[str, Formula] = {}
        self.products: dict[tree.Arithmetic, z3.ArithRef] = {}

    # What conditions mean

    def held(self, name: str) -> Formula:
        """Whether a contact holds the tag."""
        if name not in self.known_held:
            needed = self.needed(name)
            for unit in self.plan.units:  # those referred to come first
                if needed & {tag.name for tag in unit.tags}:
                    self.known_held |= self.held_of(unit)
        return self.known_held[name]

    def needed(self, name: str) -> set[str]:
        """The tag and all it stands on, as far as nothing is known of them yet."""
        needed = [name]
        for each in needed:
            for tag in self.units[each].tags:
                below = (
                    node.tag
                    for node in (tag.condition.walk() if tag.condition else ())
                    if isinstance(node, tree.Tagged)
                )
                needed += [other for other in below if other not in needed and other not in self.known_held]
        return set(needed)

    def held_of(self, unit: Unit) -> dict[str, Formula]:
        """Whether a contact holds each of the tags that are decided together."""
        if unit.kind == "set":
            return {tag.name: self.true(tag) for tag in unit.tags}
        held: dict[str, Formula] = {}
        for tag in sorted(unit.tags, key=lambda tag: (not tag.by_hand, tag.otherwise)):
            held[tag.name] = z3.And(self.true(tag), z3.Not(z3.Or(list(held.values()))))
        return held

    def true(self, tag: PlannedTag) -> Formula:
        """Whether the tag's own condition is true, whatever stands before it in its group."""
        if tag.by_hand:
            return z3.Bool(f"{tag.name} set")
        return self.truth(tag.condition) if tag.condition else TRUE

    def truth(self, condition: tree.Condition) -> Formula:
        """Whether a condition of the plan is true."""
        return joined(condition, self.part)

    def part(self, condition: tree.Condition) -> Formula:
        match condition:
            case Leaf(index=index):
                return self.truth(self.plan.leaves[index])
            case tree.Tagged(tag=tag):
                return self.held(tag)
            case tree.Within(moment=moment, length=length):
                found = self.histories.moment(moment)
                return z3.And(found.there, found.value > -length)
            case tree.OlderThan(moment=moment, length=length):
                found = self.histories.moment(moment)
                return z3.And(found.there, found.value <= -length)
        values = [value for value in condition.parts() if isinstance(value, tree.Value)]
        for mean in (value for value in values if isinstance(value, tree.AverageOf)):
            figures = {value.scaled for value in values if isinstance(value, tree.Number)}
            self.histories.gathering(mean).means_against.update(figures)
        return compared(condition, self.symbol)

    def symbol(self, value: tree.Value) -> Symbol:
        """What a value of a contact is."""
        match value:
            case tree.Last() | tree.First():
                return self.histories.moment(value)
            case tree.PropOf(event=event, prop=prop):
                return self.histories.prop_of(event, prop)
            case tree.AverageDelay():
                return self.histories.delay(value)
            case tree.Field():
                return self.field(value)
            case tree.MonthsSince(field=field):
                return Symbol(self.field(field).there, SCALE * z3.Int(f"months since {field.name}"))
            case tree.UntilAnniversary(field=field):
                days = z3.Int(f"days until {field.name}")
                self.laws.append(z3.And(days >= 0, days <= 365))
                return Symbol(self.field(field).there, DAY * days)
            case tree.Arithmetic():
                return self.reckoned(value)
            case (
                tree.CountOf()
                | tree.SumOf()
                | tree.AverageOf()
                | tree.LeastOf()
                | tree.GreatestOf()
                | tree.DistinctOf()
            ):
                return self.histories.gathered(value)
        known = literal(value)
        assert known is not None
        return known

    def reckoned(self, value: tree.Arithmetic) -> Symbol:
        """Sums, and products with a figure; of other products nothing is known, since z3 may take forever over them."""
        left, right = self.symbol(value.left), self.symbol(value.right)
        there = z3.And(left.there, right.there)
        if value.op == "*":
            one, other = (_fraction(side.value) for side in (left, right))
            linear = z3.is_rational_value(one) or z3.is_rational_value(other)
            if not linear:
                return Symbol(there, self.products.setdefault(value, z3.Real(f"product {len(self.products)}")))
            return Symbol(there, one * other / SCALE)
        return Symbol(there, left.value + right.value if value.op == "+" else left.value - right.value)

    def field(self, field: tree.Field) -> Symbol:
        type_ = self.plan.reads.fields[field.name]
        whole = anything(f"contact.{field.name}", type_)
        if type_ != "range":
            return whole
        ends = {end: anything(f"contact.{field.name}.{end}", "number") for end in ("low", "high")}
        low, high = ends["low"], ends["high"]
        self.laws.append(whole.there == z3.Or(low.there, high.there))
        self.laws.append(z3.Implies(z3.And(low.there, high.there), low.value <= high.value))
        return ends.get(field.part, whole)

    # Answers

    def solver(self) -> z3.Solver:
        """A solver that knows what holds of everything asked for so far."""
        solver = z3.Solver()
        solver.set(timeout=TIMEOUT)
        solver.add(*self.laws, *self.histories.laws())
        return solver


def possible(solver: z3.Solver, *formulas: Formula) -> bool:
    """Whether all can be true at once, as far as is found out in time."""
    solver.push()
    solver.add(*formulas)
    answer = solver.check()
    solver.pop()
    return bool(answer != z3.unsat)


def _fraction(value: Formula) -> Formula:
    """The number as a Real, a figure as a literal one."""
    return z3.simplify(z3.ToReal(value)) if value.is_int() else z3.simplify(value)
