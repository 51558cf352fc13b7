"""Every history there can be: variables for what conditions measure of it, and what holds between them.

What is left out makes more seem possible, never less: nothing true of some history is ruled out.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import pairwise

import z3

from seamark.engine import tree
from seamark.engine.kinds import LOCAL_PROPS
from seamark.engine.plan import Plan
from seamark.engine.reasoning.filters import Cell, Filters
from seamark.engine.reasoning.symbols import LOCAL_BOUNDS, TRUE, Formula, SomeEvent, Symbol
from seamark.engine.units import SCALE

Window = int | None
"""A length in microseconds; None is all history."""


@dataclass(frozen=True)
class Stream:
    """Events of one sort: how many lie in each window, and how long ago the last and the first were."""

    name: str

    def count(self, over: Window) -> Formula:
        """How many lie in the window."""
        return z3.Int(f"{self.name} count {over}")

    @property
    def there(self) -> Formula:
        """Whether there is any."""
        return self.count(None) >= 1

    @property
    def last(self) -> Formula:
        """The age of the latest in microseconds, when there is one."""
        return z3.Int(f"{self.name} last")

    @property
    def first(self) -> Formula:
        """The age of the earliest."""
        return z3.Int(f"{self.name} first")

    def laws(self, windows: Sequence[Window]) -> Iterator[Formula]:
        """What holds of any events; the windows go from short to long, all history last."""
        counts = [self.count(over) for over in windows]
        yield counts[0] >= 0
        yield from (shorter <= longer for shorter, longer in pairwise(counts))
        yield z3.Implies(self.there, z3.And(self.last >= 0, self.last <= self.first))
        yield z3.Implies(counts[-1] == 1, self.last == self.first)
        for over, count in zip(windows[:-1], counts[:-1], strict=True):
            yield (count >= 1) == z3.And(self.there, self.last < over)
            yield (count < counts[-1]) == z3.And(self.there, self.first >= over)


def union_laws(whole: Stream, parts: Sequence[Stream], windows: Sequence[Window]) -> Iterator[Formula]:
    """What holds of events that fall into these parts, of which no two share one."""
    for over in windows:
        yield whole.count(over) == z3.Sum([part.count(over) for part in parts])
    for part in parts:
        yield z3.Implies(part.there, z3.And(whole.last <= part.last, whole.first >= part.first))
    yield z3.Implies(whole.there, z3.Or([z3.And(part.there, whole.last == part.last) for part in parts]))
    yield z3.Implies(whole.there, z3.Or([z3.And(part.there, whole.first == part.first) for part in parts]))


@dataclass
class Gathering:
    """What is gathered of one prop over some events, for each window."""

    name: str
    windows: set[Window] = field(default_factory=set)
    means_against: set[int] = field(default_factory=set)
    """The literals a mean is compared with, in ten-thousandths."""

    def bearing(self, over: Window) -> Formula:
        """How many of the events have the prop."""
        return z3.Int(f"{self.name} bearing {over}")

    def total(self, over: Window) -> Formula:
        return z3.Int(f"{self.name} total {over}")

    def least(self, over: Window) -> Formula:
        return z3.Int(f"{self.name} least {over}")

    def greatest(self, over: Window) -> Formula:
        return z3.Int(f"{self.name} greatest {over}")

    def mean(self, over: Window) -> Formula:
        return z3.Real(f"{self.name} mean {over}")

    def distinct(self, over: Window) -> Formula:
        return z3.Int(f"{self.name} distinct {over}")

    def laws(self, stream: Stream, always: bool, most_distinct: int) -> Iterator[Formula]:
        """What holds within each window and from each to the next longer; `always`: each event has the prop."""
        windows = in_order(self.windows)
        for over in windows:
            bearing, distinct = self.bearing(over), self.distinct(over)
            yield bearing == stream.count(over) if always else z3.And(bearing >= 0, bearing <= stream.count(over))
            yield z3.And(distinct <= bearing, (distinct >= 1) == (bearing >= 1))
            if most_distinct:
                yield distinct <= most_distinct
            yield from self.laws_of_numbers(over)
        for shorter, longer in pairwise(windows):
            yield from self.laws_of_growth(stream, shorter, longer)

    def laws_of_numbers(self, over: Window) -> Iterator[Formula]:
        bearing, total, mean = self.bearing(over), self.total(over), self.mean(over)
        least, greatest = self.least(over), self.greatest(over)
        yield z3.Implies(bearing == 0, total == 0)
        yield z3.Implies(bearing >= 1, z3.And(least <= mean, mean <= greatest))
        yield z3.Implies(bearing == 1, z3.And(least == total, greatest == total))
        yield z3.Implies(z3.And(bearing >= 1, least >= 0), total >= greatest)
        yield z3.Implies(z3.And(bearing >= 1, greatest <= 0), total <= least)
        for figure in (*self.means_against, 0):
            yield z3.Implies(bearing >= 1, (mean < figure) == (total < figure * bearing))
            yield z3.Implies(bearing >= 1, (mean == figure) == (total == figure * bearing))

    def laws_of_growth(self, stream: Stream, shorter: Window, longer: Window) -> Iterator[Formula]:
        fewer, more = self.bearing(shorter), self.bearing(longer)
        yield z3.And(fewer <= more, more - fewer <= stream.count(longer) - stream.count(shorter))
        new = self.distinct(longer) - self.distinct(shorter)
        yield z3.And(new >= 0, new <= more - fewer)
        yield z3.Implies(
            fewer >= 1,
            z3.And(self.least(longer) <= self.least(shorter), self.greatest(longer) >= self.greatest(shorter)),
        )
        alike = [each(shorter) == each(longer) for each in (self.total, self.least, self.greatest, self.mean)]
        yield z3.Implies(fewer == more, z3.And(alike))
        yield z3.Implies(self.least(longer) >= 0, z3.Or(fewer == more, self.total(shorter) <= self.total(longer)))


class Histories:
    """The variables that were asked for, and the laws that hold between them."""

    def __init__(self, plan: Plan, filters: Filters) -> None:
        self.plan = plan
        self.filters = filters
        self.streams: dict[tree.Events, Stream] = {}
        self.windows: dict[str, set[Window]] = {}
        self.gatherings: dict[tuple[tree.Events, str], Gathering] = {}
        self.ends: dict[tree.Last | tree.First, SomeEvent] = {}
        self.further: list[Formula] = []

    def stream(self, events: tree.Events) -> Stream:
        """These events as a whole."""
        self.windows.setdefault(events.kind, {None})
        return self.streams.setdefault(events, Stream(f"{events.kind} {len(self.streams)}"))

    def count(self, events: tree.Events, over: Window) -> Formula:
        """How many of the events lie in the window."""
        stream = self.stream(events)
        self.windows[events.kind].add(over)
        return stream.count(over)

    def moment(self, moment: tree.Last | tree.First) -> Symbol:
        """When the last or the first of the events was."""
        stream = self.stream(moment.events)
        return Symbol(stream.there, -(stream.last if isinstance(moment, tree.Last) else stream.first))

    def prop_of(self, moment: tree.Last | tree.First, prop: str) -> Symbol:
        """A prop of the last or the first of the events."""
        stream = self.stream(moment.events)
        which = type(moment).__name__
        event = self.ends.setdefault(moment, SomeEvent(f"{which} of {stream.name}", moment.events.kind, self.plan))
        found = event.prop(prop)
        return Symbol(z3.And(stream.there, found.there), found.value)

    def gathered(self, value: tree.Aggregate) -> Symbol:
        """What is gathered of a prop, or how many events there are."""
        if isinstance(value, tree.CountOf):
            return Symbol(TRUE, SCALE * self.count(value.events, value.over))
        self.count(value.events, value.over)
        gathering = self.gathering(value)
        bearing = gathering.bearing(value.over) >= 1
        match value:
            case tree.SumOf():
                return Symbol(TRUE, gathering.total(value.over))
            case tree.DistinctOf():
                return Symbol(TRUE, SCALE * gathering.distinct(value.over))
            case tree.AverageOf():
                return Symbol(bearing, gathering.mean(value.over))
            case tree.LeastOf():
                return Symbol(bearing, gathering.least(value.over))
        return Symbol(bearing, gathering.greatest(value.over))

    def gathering(
        self, value: tree.SumOf | tree.AverageOf | tree.LeastOf | tree.GreatestOf | tree.DistinctOf
    ) -> Gathering:
        stream = self.stream(value.events)
        name = f"{value.prop} of {stream.name}"
        gathering = self.gatherings.setdefault((value.events, value.prop), Gathering(name))
        gathering.windows.add(value.over)
        return gathering

    def delay(self, value: tree.AverageDelay) -> Symbol:
        """The mean delay: none is longer than from the first `since` to the last event."""
        count, since, stream = self.count(value.events, value.over), self.stream(value.since), self.stream(value.events)
        name = f"delay {value.over} of {stream.name} since {since.name}"
        there, mean = z3.Bool(f"{name} there"), z3.Real(name)
        longest = since.first - stream.last
        self.further.append(z3.Implies(there, z3.And(count >= 1, since.there, mean >= 0, mean <= longest)))
        return Symbol(there, mean)

    # Laws

    def laws(self) -> Iterator[Formula]:
        """What holds of every history, of all that was asked for."""
        for kind in self.windows:
            yield from self.laws_of_kind(kind)
        for moment, event in self.ends.items():
            yield event.bounds()
            if moment.events.where is not None:
                yield z3.Implies(self.stream(moment.events).there, event.passes(moment.events.where))
        for (events, prop), gathering in self.gatherings.items():
            low, high = LOCAL_BOUNDS.get(prop, (1, 0))
            always = self.filters.bears(events, prop)
            yield from gathering.laws(self.streams[events], always, high - low + 1)
            yield from self.laws_of_extremes(events, prop, gathering)
        yield from self.further

    def laws_of_kind(self, kind: str) -> Iterator[Formula]:
        """Filters cut the events into cells; each selection is the union of some."""
        streams = {events.where: stream for events, stream in self.streams.items() if events.kind == kind}
        windows = in_order(self.windows[kind])
        whole = streams.get(None, Stream(f"{kind} whole"))
        for place, (filters, cells) in enumerate(self.filters.families(kind, [each for each in streams if each])):
            parts: dict[Cell, Stream] = {cell: Stream(f"{kind} {place}.{at}") for at, cell in enumerate(cells)}
            for part in parts.values():
                yield from part.laws(windows)
            yield from union_laws(whole, list(parts.values()), windows)
            for where in filters:
                own = [part for cell, part in parts.items() if where in cell]
                yield from union_laws(streams[where], own, windows)

    def laws_of_extremes(self, events: tree.Events, prop: str, gathering: Gathering) -> Iterator[Formula]:
        """The least and the greatest value are each that of an event that passes the filter."""
        if self.plan.reads.props[events.kind][prop] != "number" or (events.where is None and prop not in LOCAL_PROPS):
            return
        for over in gathering.windows:
            for name, extreme in (("least", gathering.least(over)), ("greatest", gathering.greatest(over))):
                event = SomeEvent(f"{name} {gathering.name} {over}", events.kind, self.plan)
                held = event.prop(prop)
                passes = event.passes(events.where) if events.where else TRUE
                yield event.bounds()
                yield z3.Implies(gathering.bearing(over) >= 1, z3.And(passes, held.there, held.value == extreme))


def in_order(windows: set[Window]) -> list[Window]:
    """From short to long, all history last."""
    return sorted(windows, key=lambda over: (over is None, over or 0))
