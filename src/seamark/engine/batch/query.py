"""The query of a plan: events are gathered by contact, what is gathered becomes leaves, and leaves become tags."""

from __future__ import annotations

from typing import cast
from zoneinfo import ZoneInfo

from sqlglot import exp

from seamark.engine import tree
from seamark.engine.batch.conditions import combined
from seamark.engine.batch.delays import Delays
from seamark.engine.batch.fields import Fields
from seamark.engine.batch.gathering import Gathering
from seamark.engine.batch.hands import Hands
from seamark.engine.batch.leaves import Leaves
from seamark.engine.batch.rows import Rows
from seamark.engine.batch.source import EventTable
from seamark.engine.batch.sql import Sql, Steps, case, column, every, select, sql
from seamark.engine.plan import Leaf, Plan, PlannedTag, Unit


def compile_batch(plan: Plan, now: int, zone: ZoneInfo, source: EventTable) -> exp.Expr:
    """The query of (contact, tag) for every tag held at `now`: contacts in no order, each one's tags in the plan's."""
    query = _Query(plan, now, zone, source)
    each = exp.Explode(this=exp.Array(expressions=query.names()))
    held = select({"contact": column("contact"), "tag": each}, query.steps.end).subquery("held")
    return query.told(select({name: column(name) for name in ("contact", "tag")}, held).where(sql("tag IS NOT NULL")))


def compile_wide(plan: Plan, now: int, zone: ZoneInfo, source: EventTable) -> exp.Expr:
    """The query of one row a contact: a boolean column for each tag."""
    query = _Query(plan, now, zone, source)
    held = {tag: query.held[tag].copy() for tag in plan.tags}
    return query.told(select({"contact": column("contact"), **held}, query.steps.end))


class _Query:
    """The relations of a query, each under its name, and the columns of the last."""

    def __init__(self, plan: Plan, now: int, zone: ZoneInfo, source: EventTable) -> None:
        self.plan = plan
        self.rows = Rows(plan, now, zone, source)
        self.gathering = Gathering(self.rows)
        self.delays = Delays(self.rows, self.gathering)
        self.hands = Hands(self.rows)
        self.fields = Fields(self.rows)
        self.steps = Steps("contacts", "known")
        leaves = Leaves(self.rows, self.gathering, self.delays)
        self.leaves = [self.steps.add(leaves.leaf(leaf), f"leaf{place}") for place, leaf in enumerate(plan.leaves)]
        self.held: dict[str, Sql] = {}
        """Whether the contact holds each tag, over the last columns."""
        self.units = [self._decided(unit, f"unit{place}") for place, unit in enumerate(plan.units)]

    def told(self, last: exp.Select) -> exp.Select:
        """The last projection with all that it stands on before it."""
        before = [
            *self.rows.relations(),
            *self.gathering.relations(),
            *self.delays.relations(),
            *self.hands.relations(),
            *self.fields.relations(),
            ("known", self._known()),
            *self.steps.relations(),
        ]
        named = [exp.CTE(this=code, alias=exp.TableAlias(this=exp.to_identifier(name))) for name, code in before]
        last.set("with_", exp.With(expressions=named))
        return last

    def names(self) -> list[Sql]:
        """The names of the tags that a contact holds, NULL for others; of a level group one stands for all."""
        named: list[tuple[int, Sql]] = []
        for unit, decided in zip(self.plan.units, self.units, strict=True):
            if unit.kind == "set":
                code = case([(decided.copy(), exp.convert(unit.tags[0].name))])
            else:
                code = case(((exp.convert(tag.place), exp.convert(tag.name)) for tag in unit.tags), of=decided)
            named.append((unit.tags[0].place, code))
        return [code for _, code in sorted(named, key=lambda pair: pair[0])]

    def _known(self) -> exp.Select:
        """One row for each contact of either relation, with all that leaves and tags read."""
        columns: dict[str, Sql] = {"contact": exp.column("contact", "gathered")}
        parts = {"gathered": self.gathering.columns(), "delays": self.delays.columns(), "hands": self.hands.columns()}
        for relation, names in parts.items():
            columns |= {name: exp.column(name, relation, quoted=True) for name in names}
        columns |= self.fields.columns()
        joined = [name for name in ("delays", "hands") if parts[name]] + (["changes"] if self.fields.change else [])
        known = select(columns, "gathered")
        if self.rows.source.contacts:
            columns["contact"] = sql("coalesce(gathered.contact, filed.contact)")
            known = select(columns, "gathered")
            filed = exp.alias_(exp.to_table(self.rows.source.contacts, dialect="duckdb"), "filed", table=True)
            known.join(filed, on="gathered.contact = filed.contact", join_type="full", copy=False)
        for name in joined:
            known.join(name, on=f"gathered.contact = {name}.contact", join_type="left", copy=False)
        return known

    # Tags

    def _decided(self, unit: Unit, name: str) -> exp.Column:
        """The column of a level group, which holds the level's place, or of one tag of a set group."""
        if unit.kind == "set":
            tag = unit.tags[0]
            decided = self.steps.add(self.hands.over(tag, self._computed(tag)), name)
            self.held[tag.name] = decided
            return decided
        levels = [tag for tag in unit.tags if tag.condition is not None] + [tag for tag in unit.tags if tag.otherwise]
        whens = [(every((*self.hands.left(tag), self._computed(tag))), tag.place) for tag in levels]
        decided = self.steps.add(case([*self.hands.winners(unit.tags), *whens]), name)
        self.held |= {
            tag.name: sql("coalesce(level = place, FALSE)", level=decided, place=tag.place) for tag in unit.tags
        }
        return decided

    def _computed(self, tag: PlannedTag) -> Sql:
        if tag.condition is None:
            return exp.true() if tag.otherwise else exp.false()
        return combined(tag.condition, self._leaf, self.steps)

    def _leaf(self, leaf: tree.Condition) -> Sql:
        if isinstance(leaf, tree.Tagged):
            return self.held[leaf.tag].copy()
        return self.leaves[cast(Leaf, leaf).index].copy()
