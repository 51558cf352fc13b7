"""Leaves over what was gathered of a contact."""

from __future__ import annotations

from dataclasses import dataclass

from sqlglot import exp

from seamark.engine import tree
from seamark.engine.batch.calendar import months_since, until_anniversary
from seamark.engine.batch.conditions import leaf_of
from seamark.engine.batch.delays import Delays
from seamark.engine.batch.fields import field_column
from seamark.engine.batch.gathering import Gathering, Since
from seamark.engine.batch.numbers import COUNT_DIGITS, DECIMALS, SUM_DIGITS, Operand, literal, of_number, reckoned
from seamark.engine.batch.rows import PLACES, Rows
from seamark.engine.batch.sql import SQL_TYPES, Sql, case, column, sql
from seamark.engine.kinds import LOCAL_PROPS
from seamark.engine.moments import today

Gathered = tree.SumOf | tree.AverageOf | tree.LeastOf | tree.GreatestOf | tree.DistinctOf


@dataclass(frozen=True)
class Leaves:
    """SQL of leaves; what they need is asked of `gathering` and `delays`."""

    rows: Rows
    gathering: Gathering
    delays: Delays

    def leaf(self, leaf: tree.Condition) -> Sql:
        """The leaf at the moment, never NULL."""
        match leaf:
            case tree.Within(moment=tree.Last(events=events), length=length):
                return self.gathering.holds_any(events, self._since(length))
            case tree.OlderThan(moment=tree.Last(events=events), length=length):
                ever, lately = self.gathering.holds_any(events), self.gathering.holds_any(events, self._since(length))
                return sql("ever AND NOT lately", ever=ever, lately=lately)
            case tree.IsAbsent(value=tree.Last(events=events)):
                return sql("NOT ever", ever=self.gathering.holds_any(events))
            case tree.Within(moment=moment, length=length):
                return self._asked("code > since", moment, length)
            case tree.OlderThan(moment=moment, length=length):
                return self._asked("code <= since", moment, length)
        return leaf_of(leaf, self.operand)

    def _asked(self, template: str, moment: tree.Value, length: int) -> Sql:
        code = sql(template, code=self.operand(moment).code, since=self.rows.now - length)
        return sql("coalesce(code, FALSE)", code=code)

    def _since(self, over: int | None) -> Since:
        return None if over is None else self.rows.now - over

    def operand(self, value: tree.Value) -> Operand:
        match value:
            case tree.Last(events=events) | tree.First(events=events):
                return Operand(self._end(events, latest=isinstance(value, tree.Last)))
            case tree.PropOf(event=event, prop=prop):
                return self._prop_of(event, prop)
            case tree.CountOf(events=events, over=over):
                return Operand(self.gathering.count(events, self._since(over)), digits=COUNT_DIGITS)
            case tree.DistinctOf():
                return Operand(self._distinct(value), digits=COUNT_DIGITS)
            case tree.SumOf():
                total = self._gathered("sum(value)", value)
                return Operand(sql("coalesce(total, 0)", total=total.code), total.decimals, SUM_DIGITS)
            case tree.AverageOf():
                total, bearing = self._gathered("sum(value)", value), self._gathered("count(value)", value)
                return Operand(total.code, total.decimals, SUM_DIGITS, bearing.code)
            case tree.LeastOf():
                return self._gathered("min(value)", value)
            case tree.GreatestOf():
                return self._gathered("max(value)", value)
            case tree.AverageDelay():
                return self.delays.mean(value)
            case tree.Field():
                return self._field(value)
            case tree.MonthsSince(field=field):
                return Operand(exp.cast(months_since(self.operand(field).code, self._today), "BIGINT"), digits=6)
            case tree.UntilAnniversary(field=field):
                return Operand(until_anniversary(self.operand(field).code, self._today))
            case tree.Arithmetic(op=op, left=left, right=right):
                return reckoned(op, self.operand(left), self.operand(right))
        return literal(value)

    @property
    def _today(self) -> int:
        return today(self.rows.now, self.rows.zone)

    def _end(self, events: tree.Events, *, latest: bool) -> Sql:
        return self.gathering.aggregate("max(value)" if latest else "min(value)", column("t"), "BIGINT", events)

    def _gathered(self, gather: str, value: Gathered, type_: str = "BIGINT") -> Operand:
        prop = self.rows.operand(value.prop, value.events.kind)
        code = self.gathering.aggregate(gather, prop.code, type_, value.events, self._since(value.over))
        return Operand(code, prop.decimals, prop.digits)

    def _distinct(self, value: tree.DistinctOf) -> Sql:
        """How many values the window has: of few each is a bit, of many there is a list."""
        events, since = value.events, self._since(value.over)
        if (place := self.rows.place(value.prop, events.kind)) is not None:
            bits = self.gathering.aggregate("bit_or(CAST(1 AS BIGINT) << value)", place, "BIGINT", events, since)
            return sql("CAST(bit_count(coalesce(bits, 0)) AS BIGINT)", bits=bits)
        values = self._gathered("list(value) FILTER (WHERE value IS NOT NULL)", value, "BIGINT[]").code
        return sql("coalesce(CAST(list_unique(values) AS BIGINT), 0)", values=values)

    def _field(self, field: tree.Field) -> Operand:
        """A range itself is only asked whether it is absent: when both its ends are."""
        type_ = self.rows.plan.type_of(field)
        if type_ == "range":
            low, high = (column(field_column(field.name, part)) for part in ("low", "high"))
            return Operand(sql("coalesce(low, high)", low=low, high=high))
        code = column(field_column(field.name, field.part))
        return of_number(code) if type_ == "number" else Operand(code)

    def _prop_of(self, event: tree.Last | tree.First, prop: str) -> Operand:
        """A prop of the event that is last (or first) in the whole order."""
        kind, latest = event.events.kind, isinstance(event, tree.Last)
        if prop in LOCAL_PROPS:
            return self.rows.local(prop, self._end(event.events, latest=latest))
        if (key := self.rows.packed_key(kind, prop)) is not None:
            gather = "max(value)" if latest else "min(value)"
            packed = self.gathering.aggregate(gather, key, "BIGINT", event.events)
            texts = enumerate(map(exp.convert, self.rows.texts(prop, kind)), start=1)
            whens = [(exp.convert(place), text) for place, text in texts]
            return Operand(case(whens, of=sql("packed & most", packed=packed, most=PLACES - 1)))
        type_ = self.rows.plan.reads.props[kind][prop]
        code = self.gathering.at_end(
            self.rows.prop(prop, type_),
            self.rows.key([kind], as_far_as=prop),
            SQL_TYPES[type_],
            event.events,
            latest=latest,
        )
        return Operand(code, DECIMALS if type_ == "number" else 0)
