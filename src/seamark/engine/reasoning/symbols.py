"""Values that stand for anything they could be, and what conditions say of them, as formulas of z3.

z3 publishes no types: a formula is its expression of sort Bool, Int or Real.
"""

from __future__ import annotations

import operator
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import z3

from seamark.engine import tree
from seamark.engine.kinds import LOCAL_PROPS
from seamark.engine.plan import Day, Plan
from seamark.engine.units import SCALE

Formula = Any

TRUE = z3.BoolVal(True)
LOCAL_BOUNDS = {"hour": (0, 23), "weekday": (1, 7), "month": (1, 12)}

_OPS: dict[str, Callable[[Any, Any], Formula]] = {
    "=": operator.eq,
    "!=": operator.ne,
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
}


@dataclass(frozen=True)
class Symbol:
    """A value that may be absent."""

    there: Formula
    value: Formula
    """Held as conditions hold it: numbers in ten-thousandths, durations in microseconds, dates as
    yyyymmdd; texts as whole numbers of their own; moments as microseconds after now; of a list, its name."""

    def has(self, text: str) -> Formula:
        """Whether the list holds the text."""
        return z3.And(self.there, z3.Bool(f"{self.value} has {text}"))


def anything(name: str, type_: str) -> Symbol:
    """A value of which nothing is known but its type."""
    there = z3.Bool(f"{name} there")
    return Symbol(there, name if type_ == "list" else z3.Int(name))


def literal(value: tree.Value) -> Symbol | None:
    """What is written out in a condition; None for what is looked up."""
    match value:
        case tree.Number(scaled=known) | tree.Duration(length=known) | Day(day=known):
            return Symbol(TRUE, z3.IntVal(known))
        case tree.Text(text=text):
            return Symbol(TRUE, z3.IntVal(int.from_bytes(text.encode())))
    return None


def joined(condition: tree.Condition, leaf: Callable[[tree.Condition], Formula]) -> Formula:
    """And, or and not over what `leaf` makes of the rest."""
    match condition:
        case tree.All(of=parts):
            return z3.And([joined(part, leaf) for part in parts])
        case tree.Any(of=parts):
            return z3.Or([joined(part, leaf) for part in parts])
        case tree.Not(part=part):
            return z3.Not(joined(part, leaf))
    return leaf(condition)


def compared(condition: tree.Condition, symbol: Callable[[tree.Value], Symbol]) -> Formula:
    """A comparison of values: false where one of them is absent."""
    match condition:
        case tree.Compare(op=op, left=left, right=right):
            return _compared(op, symbol(left), symbol(right))
        case tree.Between(value=value, low=low, high=high):
            middle = symbol(value)
            return z3.And(_compared(">=", middle, symbol(low)), _compared("<=", middle, symbol(high)))
        case tree.In(value=value, choices=choices):
            wanted = symbol(value)
            return z3.Or([_compared("=", wanted, symbol(choice)) for choice in choices])
        case tree.Has(value=value, text=text):
            return symbol(value).has(text)
        case tree.IsAbsent(value=value):
            return z3.Not(symbol(value).there)
    raise TypeError(f"{type(condition).__name__} compares nothing")


def _compared(op: str, left: Symbol, right: Symbol) -> Formula:
    return z3.And(left.there, right.there, _OPS[op](left.value, right.value))


@dataclass(frozen=True)
class SomeEvent:
    """Any event of a kind, by the props it may have."""

    name: str
    kind: str
    plan: Plan

    def symbol(self, value: tree.Value) -> Symbol:
        """A prop of the event, or what is written out."""
        if isinstance(value, tree.Prop):
            return self.prop(value.name)
        known = literal(value)
        assert known is not None
        return known

    def prop(self, prop: str) -> Symbol:
        """The prop by its name."""
        name = f"{self.name}.{prop}"
        if prop in LOCAL_PROPS:
            return Symbol(TRUE, SCALE * z3.Int(name))
        return anything(name, self.plan.reads.props[self.kind][prop])

    def passes(self, where: tree.Condition) -> Formula:
        """Whether the event passes the filter."""
        return joined(where, lambda part: compared(part, self.symbol))

    def bounds(self) -> Formula:
        """What holds of every event."""
        figures = ((z3.Int(f"{self.name}.{prop}"), low, high) for prop, (low, high) in LOCAL_BOUNDS.items())
        return z3.And([z3.And(figure >= low, figure <= high) for figure, low, high in figures])
