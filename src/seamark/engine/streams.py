"""What an online state remembers of a selection of events: just enough for its windows.

Every structure takes events in any order and answers for any moment from the newest one on.
`since` is the moment a window begins, exclusive; `keep` is the longest window asked for, in
microseconds. What has left the longest window is forgotten, in strides, so that adding stays cheap.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right, insort
from collections.abc import Callable, Iterable, Iterator
from itertools import accumulate
from typing import Any

NEVER = -(1 << 62)
"""The moment of a last event that does not exist."""
FOREVER = 1 << 62
"""The moment of a first event that does not exist, and of a change that never comes."""

_STRIDE = 32


def _expired(times: list[int], newest: int, keep: int) -> int:
    """How many leading entries can be forgotten now: none until they are half of all."""
    if len(times) < _STRIDE or times[len(times) // 2] > newest - keep:
        return 0
    return bisect_right(times, newest - keep)


class Window:
    """Entries by their moment, of which a window holds the later part."""

    __slots__ = ("keep", "times")

    keep: int
    times: list[int]
    """Sorted."""

    def count(self, since: int) -> int:
        """How many entries lie after `since`."""
        return len(self.times) - bisect_right(self.times, since)

    def edges(self, moment: int, over: int) -> Iterator[int]:
        """The moments after this one at which an entry leaves the window."""
        for each in self.times[bisect_right(self.times, moment - over) :]:
            yield each + over

    def first_edge(self, moment: int, over: int) -> int:
        """The first of `edges`, or FOREVER."""
        place = bisect_right(self.times, moment - over)
        return self.times[place] + over if place < len(self.times) else FOREVER


class Times(Window):
    """The moments of the events: how many lie in a window."""

    __slots__ = ()

    def __init__(self, keep: int, times: Iterable[int] = ()) -> None:
        self.keep = keep
        self.times = list(times)

    def add(self, moment: int) -> None:
        times = self.times
        if not times or moment >= times[-1]:
            times.append(moment)
            if gone := _expired(times, moment, self.keep):
                del times[:gone]
        else:
            insort(times, moment)

    def dump(self) -> Any:
        return self.times

    @classmethod
    def load(cls, keep: int, dumped: Any) -> Times:
        return cls(keep, dumped)


class Sums(Window):
    """Moments and values, summed from the oldest kept one on; sums of a window are differences."""

    __slots__ = ("falls", "sums")

    def __init__(self, keep: int, times: Iterable[int] = (), values: Iterable[int] = ()) -> None:
        self.keep = keep
        self.times = list(times)
        values = list(values)
        self.sums = list(accumulate(values, initial=0))
        """`sums[i]` is the sum of all before entry i."""
        self.falls = any(value < 0 for value in values)
        """Whether a negative value was ever seen; without one, sums of a window only fall with time."""

    def add(self, moment: int, value: int) -> None:
        times, sums = self.times, self.sums
        if value < 0:
            self.falls = True
        if not times or moment >= times[-1]:
            times.append(moment)
            sums.append(sums[-1] + value)
            if gone := _expired(times, moment, self.keep):
                del times[:gone]
                del sums[:gone]
            return
        place = bisect_right(times, moment)
        times.insert(place, moment)
        sums.insert(place, sums[place])
        for later in range(place + 1, len(sums)):
            sums[later] += value

    def total(self, since: int) -> int:
        return self.sums[-1] - self.sums[bisect_right(self.times, since)]

    def falls_below(self, bound: int, moment: int, over: int) -> int:
        """When the sum of the window, now at least `bound`, falls below it; values must not be negative."""
        if bound <= 0:
            return FOREVER
        entry = bisect_right(self.sums, self.sums[-1] - bound, bisect_right(self.times, moment - over)) - 1
        return self.times[entry] + over

    def dump(self) -> Any:
        return [self.times, [after - before for before, after in zip(self.sums, self.sums[1:], strict=False)]]

    @classmethod
    def load(cls, keep: int, dumped: Any) -> Sums:
        return cls(keep, *dumped)


class Peaks(Window):
    """The largest value of a window: each kept entry is larger than all later ones."""

    __slots__ = ("values",)

    def __init__(self, keep: int, times: Iterable[int] = (), values: Iterable[int] = ()) -> None:
        self.keep = keep
        self.times = list(times)
        self.values = list(values)

    def add(self, moment: int, value: int) -> None:
        times, values = self.times, self.values
        place = bisect_right(times, moment)
        if place < len(times) and values[place] >= value:
            return
        below = place
        while below and values[below - 1] <= value:
            below -= 1
        times[below:place] = [moment]
        values[below:place] = [value]
        if gone := _expired(times, moment, self.keep):
            del times[:gone]
            del values[:gone]

    def peak(self, since: int) -> int | None:
        place = bisect_right(self.times, since)
        return self.values[place] if place < len(self.times) else None

    def dump(self) -> Any:
        return [self.times, self.values]

    @classmethod
    def load(cls, keep: int, dumped: Any) -> Peaks:
        return cls(keep, *dumped)


class Distinct(Window):
    """The latest moment of each value: how many values a window holds."""

    __slots__ = ("latest",)

    def __init__(self, keep: int, latest: Iterable[tuple[Any, int]] = ()) -> None:
        self.keep = keep
        self.latest = dict(latest)
        self.times = sorted(self.latest.values())

    def add(self, moment: int, value: Any) -> None:
        before = self.latest.get(value)
        if before is not None:
            if moment <= before:
                return
            del self.times[bisect_left(self.times, before)]
        self.latest[value] = moment
        insort(self.times, moment)
        if gone := _expired(self.times, moment, self.keep):
            del self.times[:gone]
            self.latest = {held: seen for held, seen in self.latest.items() if seen > moment - self.keep}

    def dump(self) -> Any:
        return [[value, moment] for value, moment in self.latest.items()]

    @classmethod
    def load(cls, keep: int, dumped: Any) -> Distinct:
        return cls(keep, ((_hashable(value), moment) for value, moment in dumped))


class Delays:
    """For each answer the time since the latest opening before it; both are marks in one order."""

    __slots__ = ("keep", "marks", "opened_at", "sums")

    def __init__(self, keep: int, marks: Iterable[tuple[Any, bool, bool]] = ()) -> None:
        self.keep = keep
        self.marks = list(marks)
        """(order key, is an answer, is an opening), sorted."""
        self.opened_at: int | None = None
        self._reckon()

    def add(self, key: Any, answer: bool, opening: bool) -> None:
        if self.marks and key < self.marks[-1][0]:
            insort(self.marks, (key, answer, opening))
            self._reckon()
            return
        self.marks.append((key, answer, opening))
        self._take(key[0], answer, opening)
        newest = key[0]
        if len(self.marks) >= _STRIDE and self.marks[len(self.marks) // 2][0][0] <= newest - self.keep:
            self._forget(newest - self.keep)

    def _take(self, moment: int, answer: bool, opening: bool) -> None:
        if answer and self.opened_at is not None:
            self.sums.add(moment, moment - self.opened_at)
        if opening:
            self.opened_at = moment

    def _reckon(self) -> None:
        self.sums = Sums(self.keep)
        self.opened_at = None
        for key, answer, opening in self.marks:
            self._take(key[0], answer, opening)

    def _forget(self, horizon: int) -> None:
        """Drop what lies behind the horizon, save the opening that the first answer kept looks back to."""
        first = next((place for place, mark in enumerate(self.marks) if mark[0][0] > horizon), len(self.marks))
        opening = next((mark for mark in reversed(self.marks[:first]) if mark[2]), None)
        self.marks = [*((opening,) if opening else ()), *self.marks[first:]]

    def count(self, since: int) -> int:
        return self.sums.count(since)

    def total(self, since: int) -> int:
        return self.sums.total(since)

    def edges(self, moment: int, over: int) -> Iterator[int]:
        return self.sums.edges(moment, over)

    def first_edge(self, moment: int, over: int) -> int:
        return self.sums.first_edge(moment, over)

    def dump(self) -> Any:
        return self.marks

    @classmethod
    def load(cls, keep: int, dumped: Any) -> Delays:
        return cls(keep, ((_hashable(key), answer, opening) for key, answer, opening in dumped))


Stream = Times | Sums | Peaks | Distinct | Delays


def next_flip(
    leaf: Callable[[list[Any], dict[str, Any], int], bool],
    slots: list[Any],
    fields: dict[str, Any],
    value: bool,
    edges: Iterable[int],
) -> int:
    """The first of the edges, in order, at which the leaf is no longer `value`; FOREVER when at none."""
    for edge in edges:
        if leaf(slots, fields, edge) != value:
            return edge
    return FOREVER


def _hashable(value: Any) -> Any:
    """JSON's lists as the tuples they were."""
    return tuple(_hashable(part) for part in value) if isinstance(value, list) else value
