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

from seamark.engine.events import Event

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

    def __init__(self, keep: int) -> None:
        self.keep = keep
        self.times: list[int] = []
        """Sorted."""

    def last_edge(self, over: int) -> int:
        """The last of `edges`, or NEVER where there is no entry."""
        return self.times[-1] + over if self.times else NEVER

    def edges(self, moment: int, over: int) -> Iterator[int]:
        """The moments after this one at which an entry leaves the window."""
        for each in self.times[bisect_right(self.times, moment - over) :]:
            yield each + over


class Times(Window):
    """The moments of the events: how many lie in a window."""

    __slots__ = ()

    def add(self, moment: int) -> None:
        times = self.times
        if not times or moment >= times[-1]:
            times.append(moment)
            if len(times) >= _STRIDE and (gone := _expired(times, moment, self.keep)):
                del times[:gone]
        else:
            insort(times, moment)

    def dump(self) -> Any:
        return self.times

    @classmethod
    def load(cls, keep: int, dumped: Any) -> Times:
        stream = cls(keep)
        stream.times = dumped
        return stream


class Sums(Window):
    """Moments and values, summed from the oldest kept one on; sums of a window are differences."""

    __slots__ = ("falls", "sums")

    def __init__(self, keep: int) -> None:
        self.keep = keep
        self.times = []
        self.sums = [0]
        """`sums[i]` is the sum of all before entry i."""
        self.falls = False
        """Whether a negative value was ever seen; without one, sums of a window only fall with time."""

    def add(self, moment: int, value: int) -> None:
        times, sums = self.times, self.sums
        if value < 0:
            self.falls = True
        if not times or moment >= times[-1]:
            times.append(moment)
            sums.append(sums[-1] + value)
            if len(times) >= _STRIDE and (gone := _expired(times, moment, self.keep)):
                del times[:gone]
                del sums[:gone]
            return
        place = bisect_right(times, moment)
        times.insert(place, moment)
        sums.insert(place, sums[place])
        for later in range(place + 1, len(sums)):
            sums[later] += value

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
        stream = cls(keep)
        stream.times, values = dumped
        stream.sums = list(accumulate(values, initial=0))
        stream.falls = any(value < 0 for value in values)
        return stream


class Peaks(Window):
    """The largest value of a window: each kept entry is larger than all later ones."""

    __slots__ = ("values",)

    def __init__(self, keep: int) -> None:
        self.keep = keep
        self.times = []
        self.values: list[int] = []

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
        if len(times) >= _STRIDE and (gone := _expired(times, moment, self.keep)):
            del times[:gone]
            del values[:gone]

    def dump(self) -> Any:
        return [self.times, self.values]

    @classmethod
    def load(cls, keep: int, dumped: Any) -> Peaks:
        stream = cls(keep)
        stream.times, stream.values = dumped
        return stream


class Distinct(Window):
    """The latest moment of each value: how many values a window holds."""

    __slots__ = ("latest",)

    def __init__(self, keep: int) -> None:
        self.keep = keep
        self.times = []
        self.latest: dict[Any, int] = {}

    def add(self, moment: int, value: Any) -> None:
        times = self.times
        before = self.latest.get(value)
        if before is not None:
            if moment <= before:
                return
            del times[bisect_left(times, before)]
        self.latest[value] = moment
        insort(times, moment)
        if len(times) >= _STRIDE and (gone := _expired(times, moment, self.keep)):
            del times[:gone]
            self.latest = {held: seen for held, seen in self.latest.items() if seen > moment - self.keep}

    def dump(self) -> Any:
        return [[value, moment] for value, moment in self.latest.items()]

    @classmethod
    def load(cls, keep: int, dumped: Any) -> Distinct:
        stream = cls(keep)
        stream.latest = {hashable(value): moment for value, moment in dumped}
        stream.times = sorted(stream.latest.values())
        return stream


Mark = tuple[Event, bool, bool]
"""An event, whether it is an answer, and whether it is an opening."""


class Delays:
    """For each answer the time since the latest opening before it."""

    __slots__ = ("keep", "marks", "opened_at", "sums")

    def __init__(self, keep: int) -> None:
        self.keep = keep
        self.marks: list[Mark] = []
        """In the order of their events."""
        self.opened_at: int | None = None
        self.sums = Sums(keep)
        """The delays, at the moments of the answers."""

    def add(self, mark: Mark, order_key: Callable[[Event], Any]) -> None:
        marks, moment = self.marks, mark[0].occurred_at
        if marks and moment <= marks[-1][0].occurred_at and order_key(mark[0]) < order_key(marks[-1][0]):
            insort(marks, mark, key=lambda each: order_key(each[0]))
            self._reckon()
            return
        marks.append(mark)
        self._take(mark)
        if len(marks) >= _STRIDE and marks[len(marks) // 2][0].occurred_at <= moment - self.keep:
            self._forget(moment - self.keep)

    def _take(self, mark: Mark) -> None:
        event, answer, opening = mark
        if answer and self.opened_at is not None:
            self.sums.add(event.occurred_at, event.occurred_at - self.opened_at)
        if opening:
            self.opened_at = event.occurred_at

    def _reckon(self) -> None:
        self.sums = Sums(self.keep)
        self.opened_at = None
        for mark in self.marks:
            self._take(mark)

    def _forget(self, horizon: int) -> None:
        """Drop what lies behind the horizon, save the opening that the first answer kept looks back to."""
        first = bisect_right(self.marks, horizon, key=lambda mark: mark[0].occurred_at)
        opening = next((mark for mark in reversed(self.marks[:first]) if mark[2]), None)
        self.marks = [*((opening,) if opening else ()), *self.marks[first:]]

    def dump(self) -> Any:
        return self.marks

    @classmethod
    def load(cls, keep: int, dumped: Any) -> Delays:
        stream = cls(keep)
        stream.marks = [(event_of(event), answer, opening) for event, answer, opening in dumped]
        stream._reckon()
        return stream


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


def next_fall(
    leaf: Callable[[list[Any], dict[str, Any], int], bool],
    slots: list[Any],
    fields: dict[str, Any],
    value: bool,
    moment: int,
    last: int,
) -> int:
    """`next_flip` of a leaf that flips once at most, by halving the span up to the `last` edge.

    What is only counted only falls as time passes, so a bound on it is crossed once. Looking at the
    edges one by one would take a busy contact as many steps as its window has events.
    """
    if last <= moment or leaf(slots, fields, last) == value:
        return FOREVER
    while last - moment > 1:
        middle = (moment + last) // 2
        if leaf(slots, fields, middle) == value:
            moment = middle
        else:
            last = middle
    return last


def event_of(dumped: list[Any]) -> Event:
    """An event that was dumped as JSON."""
    contact, occurred_at, kind, props, id, seq = dumped
    return Event(contact, occurred_at, kind, {name: hashable(value) for name, value in props.items()}, id, seq)


def hashable(value: Any) -> Any:
    """JSON's lists as the tuples they were."""
    return tuple(hashable(part) for part in value) if isinstance(value, list) else value
