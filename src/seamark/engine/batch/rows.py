"""Events one by one: each once, in their order, with what filters ask of them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from sqlglot import exp

from seamark.engine import tree
from seamark.engine.batch.calendar import local_prop
from seamark.engine.batch.conditions import combined, leaf_of
from seamark.engine.batch.numbers import Operand, literal, of_number
from seamark.engine.batch.source import FEW_TEXTS, EventTable, prop_column
from seamark.engine.batch.sql import (
    SQL_TYPES,
    Sql,
    Steps,
    case,
    column,
    every,
    is_one_of,
    nothing,
    place_in,
    select,
    sql,
)
from seamark.engine.kinds import LOCAL_PROPS, Type
from seamark.engine.moments import EARLIEST
from seamark.engine.plan import Plan

PLACES = 1 << FEW_TEXTS.bit_length()
"""More than any place of a text."""

EVENTS = "each_event"
"""The relation of events that stand once, where the source may hold some twice."""


@dataclass(frozen=True)
class Rows:
    """The events of a source as a plan reads them at a moment."""

    plan: Plan
    now: int
    zone: ZoneInfo
    source: EventTable

    @property
    def relation(self) -> str:
        return self.source.events if self.source.distinct or not self.source.ordered else EVENTS

    def relations(self) -> Iterator[tuple[str, exp.Select]]:
        """What `relation` names where it is not the source's own."""
        if self.relation != EVENTS:
            return
        first = exp.Window(this=exp.RowNumber(), partition_by=[column("contact"), column("id")], order=self.ordering())
        yield "numbered", select({"copy": first}, self.source.events, keep=True)
        yield EVENTS, select({}, "numbered", keep=True).where(sql("id = '' OR copy = 1"), copy=False)

    def between(self, kinds: Sequence[str], *, until: int | None) -> Sql:
        """Whether an event is of one of the kinds, and not later than `until`."""
        chosen = is_one_of(column("kind"), kinds)
        return chosen if until is None or self.all_by(until) else every((chosen, sql("t <= until", until=until)))

    def all_by(self, moment: int) -> bool:
        """Whether no event is known to lie after the moment."""
        return self.source.newest is not None and self.source.newest <= moment

    def prop(self, name: str, type_: Type) -> Sql:
        """A prop that is stored; NULL where no event bears it."""
        return column(prop_column(name, type_)) if self.source.has(name, type_) else nothing(SQL_TYPES[type_])

    def texts(self, name: str, kind: str) -> tuple[str, ...]:
        """The texts that a prop can have, sorted, where they are known and few."""
        return self.source.texts.get(prop_column(name, self.plan.reads.props[kind][name]), ())

    def places(self) -> dict[str, Sql]:
        """A column for each prop of few texts: the text's place among them, from 1 on; NULL where it is absent."""
        return {
            _place(name): place_in(texts, column(name)) for name, texts in sorted(self.source.texts.items()) if texts
        }

    def place(self, name: str, kind: str) -> Sql | None:
        """A whole number below 63 that stands for the prop's value, where values are few."""
        if name in LOCAL_PROPS:
            return self.local(name, column("t")).code
        return column(_place(prop_column(name, self.plan.reads.props[kind][name]))) if self.texts(name, kind) else None

    def local(self, name: str, moment: Sql) -> Operand:
        """`hour`, `weekday` or `month` of a moment that is not later than now."""
        low = EARLIEST if self.source.oldest is None else min(self.source.oldest, self.now)
        return Operand(local_prop(name, moment, self.zone, low, self.now), digits=2)

    def operand(self, name: str, kind: str) -> Operand:
        """A prop of the event at hand."""
        if name in LOCAL_PROPS:
            return self.local(name, column("t"))
        type_ = self.plan.reads.props[kind][name]
        code = self.prop(name, type_)
        return of_number(code) if type_ == "number" else Operand(code)

    # Order

    def key(self, kinds: Sequence[str], *, by_props: bool = True, as_far_as: str = "") -> list[Sql]:
        """What orders events of these kinds (`Reads.order_key`), up to the prop where one is named.

        Absent props come first; local ones follow from the moment and decide nothing.
        """
        names = ["t", *(["seq", "id"] if self.source.ordered else []), *(["kind"] if len(kinds) > 1 else [])]
        members: list[Sql] = [column(name) for name in names]
        for (name, type_), those in self._readers(kinds) if by_props else ():
            if as_far_as and name > as_far_as:
                break
            code = self.prop(name, type_)
            if len(those) < len(kinds):
                code = case([(is_one_of(column("kind"), those), code)])
            members += [sql("code IS NOT NULL", code=code), code]
        return members

    def _readers(self, kinds: Sequence[str]) -> list[tuple[tuple[str, Type], list[str]]]:
        """The stored props that are read of the kinds, sorted, and of which each is."""
        readers: dict[tuple[str, Type], list[str]] = {}
        for kind in kinds:
            for name, type_ in self.plan.reads.props.get(kind, {}).items():
                if self.source.has(name, type_):
                    readers.setdefault((name, type_), []).append(kind)
        return sorted(readers.items())

    def packed_key(self, kind: str, prop: str) -> Sql | None:
        """What orders events of a kind up to a prop, as the number moment × `PLACES` + the prop's place.

        None where more than these two decide, or the prop may have many texts.
        """
        named = [name for (name, _), _ in self._readers([kind]) if name <= prop]
        if self.source.ordered or named != [prop] or not self.texts(prop, kind):
            return None
        return sql("t * places + coalesce(place, 0)", place=column(_place(f"{prop}:text")), places=PLACES)

    def ordering(self, kinds: Sequence[str] = (), *, by_props: bool = True) -> exp.Order:
        """`ORDER BY` the order of events, of these kinds or of all that are read."""
        members = self.key(kinds or tuple(self.plan.reads.props), by_props=by_props)
        return exp.Order(expressions=[exp.Ordered(this=member, nulls_first=True) for member in members])


@dataclass(frozen=True)
class Filters:
    """What brackets ask of events, over the columns of `steps`."""

    rows: Rows
    steps: Steps

    def test(self, events: tree.Events) -> list[Sql]:
        """Whether an event of the kind fulfils the filter; empty where there is none. Never NULL."""
        if events.where is None:
            return []

        def leaf(condition: tree.Condition) -> Sql:
            return leaf_of(condition, lambda value: self._operand(value, events.kind))

        return [combined(events.where, leaf, self.steps)]

    def _operand(self, value: tree.Value, kind: str) -> Operand:
        return self.rows.operand(value.name, kind) if isinstance(value, tree.Prop) else literal(value)


def _place(column: str) -> str:
    return f"{column} place"
