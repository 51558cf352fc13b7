"""Events gathered by contact: one pass over them, and one group that holds each distinct aggregate once."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property, reduce

from sqlglot import exp

from seamark.engine import tree
from seamark.engine.batch.rows import Filters, Rows
from seamark.engine.batch.sql import Sql, Steps, case, column, every, nothing, place_in, select, sql
from seamark.engine.moments import EARLIEST

Since = int | None
"""The moment behind which a window begins; None for all history."""
Window = tuple[tree.Events, Since]

MASK_WINDOWS = 62
"""How many windows a mask of 64 bits tells of, the sign left out."""
COUNT_BITS = 31
COUNT_WINDOWS = 2
"""How many counts one sum holds, each below two thousand million."""


@dataclass
class Gathering:
    """What is asked of the events of each contact, and the relations that tell it.

    Most leaves ask only whether a window holds any event: one bit of a mask each, put together by
    `bit_or`. Counts share sums in the same way. An aggregate for each would be several times the work
    and the memory.
    """

    rows: Rows
    held: dict[Window, int] = field(default_factory=dict)
    """Windows of which it is asked whether they hold any event, and the place of each."""
    counted: dict[Window, int] = field(default_factory=dict)
    """Windows whose events are counted, likewise."""
    selections: dict[tree.Events, set[Since]] = field(default_factory=dict)
    """Selections whose values are gathered, and their windows."""
    values: dict[Sql, str] = field(default_factory=dict)
    """What is gathered of each event, and its column."""
    aggregates: dict[Sql, str] = field(default_factory=dict)
    """An aggregate and its column."""

    def holds_any(self, events: tree.Events, since: Since = None) -> Sql:
        """Whether there is an event of the window."""
        if not self.rows.source.may_have(events.kind):
            return exp.false()
        mask, bit = divmod(self.held.setdefault((events, since), len(self.held)), MASK_WINDOWS)
        return sql("coalesce(mask & bit, 0) <> 0", mask=column(f"mask{mask}"), bit=1 << bit)

    def count(self, events: tree.Events, since: Since) -> Sql:
        """How many events the window holds."""
        if not self.rows.source.may_have(events.kind):
            return exp.convert(0)
        place, part = divmod(self.counted.setdefault((events, since), len(self.counted)), COUNT_WINDOWS)
        counts = sql("CAST(coalesce(counts, 0) AS BIGINT)", counts=column(f"counts{place}"))
        template = "counts >> bits" if part else "counts & lowest"
        return exp.Paren(this=sql(template, counts=counts, bits=COUNT_BITS, lowest=(1 << COUNT_BITS) - 1))

    def aggregate(self, gather: str, value: Sql, type_: str, events: tree.Events, since: Since = None) -> Sql:
        """An aggregate of a value over the events of the window; NULL where their kind does not occur.

        Values are NULL outside the window: FILTER would cut every column of the pass for each aggregate anew.
        """
        if not self.rows.source.may_have(events.kind):
            return nothing(type_)
        chosen = self._chosen(events, since)
        inside = chosen if since is None else sql("chosen AND t > since", chosen=chosen, since=since)
        inner = self.values.setdefault(case([(inside, value)]), f"value{len(self.values)}")
        return self._gathered(sql(gather, value=column(inner)))

    def at_end(self, value: Sql, key: Iterable[Sql], type_: str, events: tree.Events, *, latest: bool) -> Sql:
        """A value of the selection's last (or first) event by the key; NULL where that event lacks it."""
        if not self.rows.source.may_have(events.kind):
            return nothing(type_)
        gather = "arg_max_null" if latest else "arg_min_null"
        place = case([(self._chosen(events, None), exp.Anonymous(this="row", expressions=list(key)))])
        return self._gathered(exp.Anonymous(this=gather, expressions=[value, place]))

    def _chosen(self, events: tree.Events, since: Since) -> exp.Column:
        """The flag of a selection."""
        self.selections.setdefault(events, set()).add(since)
        return column(f"chosen{list(self.selections).index(events)}")

    def _gathered(self, code: Sql) -> exp.Column:
        return column(self.aggregates.setdefault(code, f"a{len(self.aggregates)}"))

    def columns(self) -> list[str]:
        """What `gathered` tells of each contact."""
        return [*self._masks, *self._counts, *self.aggregates.values()]

    @cached_property
    def _masks(self) -> dict[str, dict[Window, int]]:
        """Each mask's windows and their bits."""
        return _shared("mask", self.held, MASK_WINDOWS, 1)

    @cached_property
    def _counts(self) -> dict[str, dict[Window, int]]:
        """Each sum's windows and what an event adds for them."""
        return _shared("counts", self.counted, COUNT_WINDOWS, COUNT_BITS)

    @cached_property
    def _kinds(self) -> list[str]:
        """The kinds that are asked for, in the order of their numbers."""
        asked = [*self.selections, *(events for events, _ in (*self.held, *self.counted))]
        return list(dict.fromkeys(events.kind for events in asked))

    def _place(self, kind: str) -> int:
        """The number of a kind in `past`."""
        return 1 + self._kinds.index(kind)

    def relations(self) -> Iterator[tuple[str, exp.Select]]:
        """The events with what is to be gathered of each, and what was gathered."""
        steps = Steps("seen", "past")
        filters = Filters(self.rows, steps)
        for place, (events, windows) in enumerate(self.selections.items()):
            steps.add(self._flag(events, windows, filters), f"chosen{place}")
        for value, name in self.values.items():
            steps.add(value, name)
        for name, numbers in {**self._masks, **self._counts}.items():
            steps.add(self._numbers(numbers, filters), name)
        columns: dict[str, Sql] = {"contact": column("contact")}
        columns |= {name: sql("bit_or(mask)", mask=column(name)) for name in self._masks}
        columns |= {name: sql("sum(counts)", counts=column(name)) for name in self._counts}
        columns |= {name: code for code, name in self.aggregates.items()}
        yield "past", self._past()
        yield from steps.relations()
        yield "gathered", select(columns, steps.end).group_by("contact", copy=False)

    def _past(self) -> exp.Select:
        """Every event, its kind as a number; one that lies ahead has none, and so is in no window."""
        source, now = self.rows.source, self.rows.now
        kind: Sql = place_in(self._kinds, column("kind"))
        if not self.rows.all_by(now):
            kind = case([(sql("t <= now", now=now), kind)])
        named = ["contact", "t", *(("seq", "id") if source.ordered else ()), *sorted(source.columns)]
        columns = {name: column(name) for name in named} | self.rows.places() | {"kind": kind}
        return select(columns, self.rows.relation)

    def _flag(self, events: tree.Events, windows: Iterable[Since], filters: Filters) -> Sql:
        """Whether an event is in the selection; its filter is asked only within the longest window."""
        of_kind = sql("kind = place", place=self._place(events.kind))
        if events.where is None:
            return of_kind
        return case([(every((of_kind, *_after(_longest(windows)), *filters.test(events))), exp.true())], exp.false())

    def _numbers(self, numbers: Mapping[Window, int], filters: Filters) -> Sql:
        """The sum of the numbers of all windows an event is in, each asked only of events of its kind."""
        by_kind: dict[str, dict[tree.Events, dict[Since, int]]] = {}
        for (events, since), number in numbers.items():
            by_kind.setdefault(events.kind, {}).setdefault(events, {})[since] = number
        whens = [
            (exp.convert(self._place(kind)), _of_kind(selections, filters)) for kind, selections in by_kind.items()
        ]
        return sql("CAST(numbers AS BIGINT)", numbers=case(whens, 0, of=column("kind")))


def _of_kind(selections: Mapping[tree.Events, Mapping[Since, int]], filters: Filters) -> Sql:
    """The numbers of an event of a kind; most events lie before every window, and so are asked no more."""
    longest = _longest(since for windows in selections.values() for since in windows)
    total = _total(_number(*each, longest, filters) for each in selections.items())
    return total if longest is None else case([(sql("t <= since", since=longest), 0)], total)


def _number(events: tree.Events, windows: Mapping[Since, int], asked: Since, filters: Filters) -> Sql:
    """The sum of the numbers of all windows of a selection that an event behind `asked` is in.

    Each window lies in all longer ones: from the longest on, the first that an event is not in decides.
    """
    outside: list[tuple[Sql, int]] = []
    held = 0
    for since in sorted(windows, key=lambda since: EARLIEST if since is None else since):
        outside += [(sql("t <= since", since=since), held)] if since not in (None, asked) else []
        outside += [(sql("NOT test", test=test), 0) for test in filters.test(events) if not held]
        held += windows[since]
    return case(outside, held)


def _shared(name: str, places: Mapping[Window, int], size: int, bits: int) -> dict[str, dict[Window, int]]:
    """Columns that each hold so many windows: the number that stands for each of them."""
    columns: dict[str, dict[Window, int]] = {}
    for window, place in places.items():
        columns.setdefault(f"{name}{place // size}", {})[window] = 1 << place % size * bits
    return columns


def _longest(windows: Iterable[Since]) -> Since:
    known = list(windows)
    return None if None in known else min(since for since in known if since is not None)


def _after(since: Since) -> list[Sql]:
    return [] if since is None else [sql("t > since", since=since)]


def _total(numbers: Iterable[Sql]) -> Sql:
    return reduce(lambda total, number: exp.Add(this=total, expression=number), numbers)
