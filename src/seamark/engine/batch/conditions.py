"""Conditions over leaves, and leaves over operands, as SQL that is never NULL."""

from __future__ import annotations

from collections.abc import Callable

from seamark.engine import tree
from seamark.engine.batch.numbers import Operand, compared, is_absent
from seamark.engine.batch.sql import Sql, Steps, every, some, sql

DEEPEST = 6
"""What nests deeper becomes a column: DuckDB takes 0.1 s to read 20 nested `NOT (… OR …)`, and 10 s for 60."""

ToOperand = Callable[[tree.Value], Operand]


def combined(condition: tree.Condition, leaf: Callable[[tree.Condition], Sql], steps: Steps) -> Sql:
    """And, or and not over leaves; parts that nest deep are put into columns of `steps`."""
    return _nested(condition, leaf, steps)[0]


def _nested(condition: tree.Condition, leaf: Callable[[tree.Condition], Sql], steps: Steps) -> tuple[Sql, int]:
    match condition:
        case tree.All(of=parts) | tree.Any(of=parts):
            inner = [_nested(part, leaf, steps) for part in parts]
            join = every if isinstance(condition, tree.All) else some
            code, depth = join(code for code, _ in inner), 1 + max(depth for _, depth in inner)
        case tree.Not(part=part):
            code, depth = _nested(part, leaf, steps)
            code, depth = sql("NOT part", part=code), depth + 1
        case _:
            return leaf(condition), 0
    return (steps.add(code), 0) if depth > DEEPEST else (code, depth)


def leaf_of(leaf: tree.Condition, operand: ToOperand) -> Sql:
    """A leaf that asks values; false where one it compares is absent."""
    return sql("coalesce(asked, FALSE)", asked=_asked(leaf, operand))


def _asked(leaf: tree.Condition, operand: ToOperand) -> Sql:
    match leaf:
        case tree.Compare(op=op, left=left, right=right):
            return compared(op, operand(left), operand(right))
        case tree.Between(value=value, low=low, high=high):
            middle = operand(value)
            return every((compared(">=", middle, operand(low)), compared("<=", middle, operand(high))))
        case tree.In(value=value, choices=choices):
            middle = operand(value)
            return some(compared("=", middle, operand(choice)) for choice in choices)
        case tree.Has(value=value, text=text):
            return sql("list_contains(list, text)", list=operand(value).code, text=text)
        case tree.IsAbsent(value=value):
            return is_absent(operand(value))
    raise TypeError(f"{type(leaf).__name__} compares no values")
