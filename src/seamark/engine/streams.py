"""What an online state remembers of a selection of events: just enough for its windows.

Every structure takes events in any order and answers for any moment from the newest one on.
`since` is the moment a window begins, exclusive; `keep` is the longest window asked for, in
microseconds. What has left the longest window is forgotten, in strides, so that adding stays cheap.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right, insort
from collections.abc import Callable, Iterator, Sequence
from itertools import accumulate
from typing import Any

from seamark.engine.events import Event

NEVER = -(1 << 62)
"""The moment of a last event that does not exist."""
FOREVER = 1 << 62
"""The moment of a first event that does not exist, and of a change that never comes."""

STRIDE = 32
"""Fewer entries than these are never forgotten."""


def _expired(times: list[int], newest: int, keep: int) -> int:
    """How many leading entries can be forgotten now: none until they are half of all."""
    if len(times) < STRIDE or times[len(times) // 2] > newest - keep:
        return 0
    return bisect_right(times, newest - keep)


def forget(times: list[int], newest: int, keep: int) -> None:
    """Drop the moments that have left every window, once they are half of all."""
    if gone := _expired(times, newest, keep):
        del times[:gone]


def edges(times: Sequence[int], moment: int, over: int) -> Iterator[int]:
    """The moments after this one at which one of `times` leaves the window."""
    for each in times[bisect_right(times, moment - over) :]:
        yield each + over


class Window:
    """Entries by their moment, of which a window holds the later part. A plain list does where moments are all."""

    __slots__ = ("keep", "times")

    def __init__(self, keep: int) -> None:
        self.keep = keep
        self.times: list[int] = []
        """Sorted."""


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
            if len(times) >= STRIDE and (gone := _expired(times, moment, self.keep)):
                del times[:gone]
                del sums[:gone]
            return
        place = bisect_right(times, moment)
        times.insert(place, moment)
        sums.insert(place, sums[place])
        for later in range(place + 1, len(sums)):
            sums[later] += value

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
        if len(times) >= STRIDE and (gone := _expired(times, moment, self.keep)):
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
            del times[-1 if before == times[-1] else bisect_left(times, before)]
        self.latest[value] = moment
        if not times or moment >= times[-1]:
            times.append(moment)
        else:
            insort(times, moment)
        if len(times) >= STRIDE and (gone := _expired(times, moment, self.keep)):
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


ANSWER, OPENING = 1, 2
"""The roles of an event, as bits: it may have both."""


class Delays:
    """For each answer the time since the latest opening before it."""

    __slots__ = ("events", "keep", "opened_at", "roles", "sums")

    def __init__(self, keep: int) -> None:
        self.keep = keep
        self.events: list[Event] = []
        """In order."""
        self.roles: list[int] = []
        self.opened_at: int | None = None
        self.sums = Sums(keep)
        """The delays, at the moments of the answers."""

    def add(self, event: Event, role: int, order_key: Callable[[Event], Any]) -> None:
        events, moment = self.events, event.occurred_at
        if events and moment <= events[-1].occurred_at and order_key(event) < order_key(events[-1]):
            place = bisect_right(events, order_key(event), key=order_key)
            events.insert(place, event)
            self.roles.insert(place, role)
            self._reckon()
            return
        events.append(event)
        self.roles.append(role)
        self._take(moment, role)
        if len(events) >= STRIDE and events[len(events) // 2].occurred_at <= moment - self.keep:
            self._forget(moment - self.keep)

    def _take(self, moment: int, role: int) -> None:
        if role & ANSWER and self.opened_at is not None:
            self.sums.add(moment, moment - self.opened_at)
        if role & OPENING:
            self.opened_at = moment

    def _reckon(self) -> None:
        self.sums = Sums(self.keep)
        self.opened_at = None
        for event, role in zip(self.events, self.roles, strict=True):
            self._take(event.occurred_at, role)

    def _forget(self, horizon: int) -> None:
        """Drop what lies behind the horizon, save the opening that the first answer kept looks back to."""
        first = bisect_right(self.events, horizon, key=lambda event: event.occurred_at)
        opening = next((place for place in reversed(range(first)) if self.roles[place] & OPENING), None)
        kept = slice(first, None)
        self.events = ([] if opening is None else [self.events[opening]]) + self.events[kept]
        self.roles = ([] if opening is None else [self.roles[opening]]) + self.roles[kept]

    def dump(self) -> Any:
        return [
            (event, bool(role & ANSWER), bool(role & OPENING))
            for event, role in zip(self.events, self.roles, strict=True)
        ]

    @classmethod
    def load(cls, keep: int, dumped: Any) -> Delays:
        stream = cls(keep)
        stream.events = [event_of(event) for event, _, _ in dumped]
        stream.roles = [ANSWER * answer + OPENING * opening for _, answer, opening in dumped]
        stream._reckon()
        return stream


Stream = Sums | Peaks | Distinct | Delays


def event_of(dumped: list[Any]) -> Event:
    """An event that was dumped as JSON."""
    contact, occurred_at, kind, props, id, seq = dumped
    return Event(contact, occurred_at, kind, {name: hashable(value) for name, value in props.items()}, id, seq)


def hashable(value: Any) -> Any:
    """JSON's lists as the tuples they were."""
    return tuple(hashable(part) for part in value) if isinstance(value, list) else value
