"""Delays: for each answer the time since the latest opening before it, by one pass over just those events."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cached_property

from sqlglot import exp

from seamark.engine import tree
from seamark.engine.batch.gathering import Gathering, Since
from seamark.engine.batch.numbers import SUM_DIGITS, Operand
from seamark.engine.batch.rows import Filters, Rows
from seamark.engine.batch.sql import Sql, Steps, case, column, every, nothing, select, sql


@dataclass
class Delays:
    """Delays that are asked for, and the relations that tell them.

    The pass takes the events of the longest window. Answers with no opening in it (lone ones) look
    back to the contact's last opening before it, which is gathered with all else.
    """

    rows: Rows
    gathering: Gathering
    opened: dict[tuple[tree.Events, tree.Events], str] = field(default_factory=dict)
    """Answers and openings, and the column of the latest opening before an answer."""
    aggregates: dict[Sql, str] = field(default_factory=dict)

    @cached_property
    def since(self) -> Since:
        """The moment behind which the longest window of any delay begins."""
        overs = [value.over for value in self.rows.plan.values() if isinstance(value, tree.AverageDelay)]
        return None if None in overs else self.rows.now - max(over for over in overs if over is not None)

    def mean(self, value: tree.AverageDelay) -> Operand:
        """The sum and number of the delays of a window, in microseconds."""
        source = self.rows.source
        if not (source.may_have(value.events.kind) and source.may_have(value.since.kind)):
            return Operand(nothing("BIGINT"))
        opened = column(self.opened.setdefault((value.events, value.since), f"opened{len(self.opened)}"))
        inside = self._answers(value)
        total = self._aggregate("sum", case([(inside, sql("t - opened", opened=opened))]))
        count = self._aggregate("count", case([(inside, opened)]))
        if self.since is not None:
            total, count = self._with_lone(value, total, count, opened)
        return Operand(sql("CASE WHEN count > 0 THEN total END", count=count, total=total), 0, SUM_DIGITS, count)

    def _with_lone(self, value: tree.AverageDelay, total: Sql, count: Sql, opened: Sql) -> tuple[Sql, Sql]:
        assert self.since is not None
        until = case([(sql("t <= until", until=self.since), column("t"))])
        before = self.gathering.aggregate("max(value)", until, "BIGINT", value.since)
        lone = sql("inside AND opened IS NULL", inside=self._answers(value), opened=opened)
        number = self._aggregate("count", case([(lone, 1)]))
        beyond = self._aggregate("sum", case([(lone, sql("t - since", since=self.since))]))
        number = sql("CASE WHEN before IS NULL THEN 0 ELSE number END", before=before, number=number)
        ago = sql("since - before", since=self.since, before=before)
        reach = sql("coalesce(beyond + number * ago, 0)", beyond=beyond, number=number, ago=ago)
        return sql("total + reach", total=total, reach=reach), sql("count + number", count=count, number=number)

    def _aggregate(self, gather: str, value: Sql) -> Sql:
        code = sql(f"{gather}(value)", value=value)
        return sql("coalesce(code, 0)", code=column(self.aggregates.setdefault(code, f"d{len(self.aggregates)}")))

    def _answers(self, value: tree.AverageDelay) -> Sql:
        """Whether an event is an answer of the window."""
        place = list(self.opened).index((value.events, value.since))
        answer = column(f"answer{place}")
        if value.over is None:
            return answer
        return sql("answer AND t > since", answer=answer, since=self.rows.now - value.over)

    def columns(self) -> list[str]:
        """What `delays` tells of each contact."""
        return list(self.aggregates.values())

    def relations(self) -> Iterator[tuple[str, exp.Select]]:
        if not self.opened:
            return
        kinds = sorted({events.kind for pair in self.opened for events in pair})
        asked = [self.rows.between(kinds, until=self.rows.now)]
        asked += [] if self.since is None else [sql("t > since", since=self.since)]
        yield "answering", select({}, self.rows.relation, keep=True).where(*asked, copy=False)
        steps = Steps("answered", "answering")
        filters = Filters(self.rows, steps)
        for place, ((answer, opening), name) in enumerate(self.opened.items()):
            steps.add(_is(answer, filters), f"answer{place}")
            steps.add(self._latest_before(answer, opening, filters), name)
        yield from steps.relations()
        columns = {name: code for code, name in self.aggregates.items()}
        yield "delays", select({"contact": column("contact"), **columns}, steps.end).group_by("contact", copy=False)

    def _latest_before(self, answer: tree.Events, opening: tree.Events, filters: Filters) -> exp.Window:
        """The moment of the latest opening before an event in the order.

        Props decide only between events of one kind, which are not alike here only where both sides are of it.
        """
        if answer.kind == opening.kind:
            order = self.rows.ordering([answer.kind])
        else:
            order = self.rows.ordering(sorted((answer.kind, opening.kind)), by_props=False)
        return exp.Window(
            this=sql("max(at_opening)", at_opening=case([(_is(opening, filters), column("t"))])),
            partition_by=[column("contact")],
            order=order,
            spec=exp.WindowSpec(
                kind="ROWS", start="UNBOUNDED", start_side="PRECEDING", end=exp.convert(1), end_side="PRECEDING"
            ),
        )


def _is(events: tree.Events, filters: Filters) -> Sql:
    return every((sql("kind = wanted", wanted=events.kind), *filters.test(events)))
