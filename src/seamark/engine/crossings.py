"""When a leaf next changes by itself: at one of the moments at which entries leave its windows."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterable, Sequence
from typing import Any

from seamark.engine.streams import FOREVER, NEVER

LeafFunction = Callable[[list[Any], Sequence[Any], int], bool]


Part = tuple[int, Sequence[int], Sequence[int] | None, int]
"""What a window adds to a weighted sum: weight, moments, sums and length of the window.

The sums are those of the values before each entry, as `streams.Sums` holds them, and no value is
negative; None where entries are counted.
"""


def next_crossing(constant: int, parts: tuple[Part, ...], moment: int, horizon: int) -> int:
    """The first edge after the moment at which `constant` and the parts together reach 0, or fall below it.

    If that lies behind the horizon, another moment behind the horizon will do, as long as it is no later.

    What the sum must still move by is shared out among the parts that move it that way: before one of
    them has moved by its share the sum cannot cross. So a busy contact's edges are not looked at one by one.
    """
    above: bool | None = None
    while True:
        total = constant
        for weight, times, sums, over in parts:
            begin = bisect_right(times, moment - over)
            total += weight * (len(times) - begin if sums is None else sums[-1] - sums[begin])
        if above is None:
            above = total >= 0
            movers = [part for part in parts if (part[0] > 0) is above]
        elif (total >= 0) is not above:
            return moment
        share = -(-(total + 1 if above else -total) // len(movers)) if movers else 0
        edge = FOREVER
        for weight, times, sums, over in movers:
            begin = bisect_right(times, moment - over)
            lost = -(-share // abs(weight))
            entry = begin + lost - 1 if sums is None else bisect_left(sums, sums[begin] + lost, begin) - 1
            if entry < len(times) and times[entry] + over < edge:
                edge = times[entry] + over
        if edge > horizon or edge == FOREVER:
            return edge
        moment = edge


def while_present(flip: int, times: Sequence[int], over: int, value: bool) -> int:
    """The next flip of a mean's bound, by that of its sum: once the window is empty there is no mean, and no truth."""
    emptied = times[-1] + over if times else NEVER
    if flip < emptied:
        return flip
    return emptied if value else FOREVER


def next_flip(
    leaf: LeafFunction, slots: list[Any], fields: list[Any], value: bool, edges: Iterable[int], horizon: int
) -> int:
    """The first of the edges, in order, at which the leaf is no longer `value`; FOREVER when at none.

    Behind the horizon the first edge will do.
    """
    for edge in edges:
        if edge > horizon or leaf(slots, fields, edge) != value:
            return edge
    return FOREVER
