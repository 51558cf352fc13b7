"""Comparisons that bound a weighted sum of what windows hold: their next flip can be reckoned, not just looked for."""

from __future__ import annotations

from dataclasses import dataclass

from seamark.engine import tree

ORDERED = ("<", "<=", ">", ">=")
Mean = tree.AverageOf | tree.AverageDelay


@dataclass(frozen=True)
class Linear:
    """`constant` and the weighted values together are 0 or more, or below 0; which of the two is true is left open."""

    constant: int
    weights: dict[tree.Value, int]
    """A `CountOf`, `DistinctOf` or `SumOf` over a window → its weight."""
    mean: Mean | None = None
    """The mean that is bounded instead: its sum weighs 1, `weights` has the weight of its count."""


def linear(leaf: tree.Condition) -> Linear | None:
    """The leaf as a weighted sum, where it is one.

    >>> messages = tree.CountOf(tree.Events("message.received"), over=7)
    >>> linear(tree.Compare(">", messages, tree.Number(30_000))) == Linear(-30_001, {messages: 10_000})
    True
    """
    if not isinstance(leaf, tree.Compare) or leaf.op not in ORDERED:
        return None
    strict = leaf.op in (">", "<=")
    match leaf:
        case tree.Compare(left=tree.AverageOf() | tree.AverageDelay() as mean, right=bound) if mean.over is not None:
            if isinstance(bound, tree.Number | tree.Duration):
                return Linear(-strict, {mean: -_figure(bound)}, mean)
            return None
    left, right = _sum_of(leaf.left), _sum_of(leaf.right)
    if left is None or right is None:
        return None
    gap = left.plus(right.times(-1))
    weights = {value: weight for value, weight in gap.weights.items() if weight}
    return Linear(gap.constant - strict, weights) if weights else None


def _figure(bound: tree.Number | tree.Duration) -> int:
    return bound.scaled if isinstance(bound, tree.Number) else bound.length


@dataclass(frozen=True)
class _Sum:
    """A weighted sum over 10**decimals."""

    constant: int
    weights: dict[tree.Value, int]
    decimals: int

    def times(self, factor: int, decimals: int = 0) -> _Sum:
        weights = {value: weight * factor for value, weight in self.weights.items()}
        return _Sum(self.constant * factor, weights, self.decimals + decimals)

    def plus(self, other: _Sum) -> _Sum:
        decimals = max(self.decimals, other.decimals)
        one, two = (each.times(10 ** (decimals - each.decimals)) for each in (self, other))
        weights = {value: one.weights.get(value, 0) + two.weights.get(value, 0) for value in one.weights | two.weights}
        return _Sum(one.constant + two.constant, weights, decimals)


def _sum_of(value: tree.Value) -> _Sum | None:
    match value:
        case tree.Number(scaled=scaled):
            return _Sum(scaled, {}, 4)
        case tree.CountOf(over=int()) | tree.DistinctOf(over=int()):
            return _Sum(0, {value: 1}, 0)
        case tree.SumOf(over=int()):
            return _Sum(0, {value: 1}, 4)
        case tree.Arithmetic(op=op, left=left, right=right):
            one, two = _sum_of(left), _sum_of(right)
            if one is None or two is None:
                return None
            if op != "*":
                return one.plus(two.times(1 if op == "+" else -1))
            if one.weights and two.weights:
                return None
            factor, of = (two, one) if one.weights else (one, two)
            return of.times(factor.constant, factor.decimals)
    return None
