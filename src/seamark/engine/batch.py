"""Tags over all history: a plan as one SQL query, for DuckDB on one machine and Spark on many.

The query is written once in DuckDB's dialect, parsed into a tree, and rendered for either. It scans
the events once, groups them by contact once with each distinct aggregate once, and projects the
aggregates to leaves and the leaves to tags.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, cast
from zoneinfo import ZoneInfo

import sqlglot
from sqlglot import exp

from seamark.engine import tree
from seamark.engine.kinds import FIELD_KIND, HAND_KINDS, LOCAL_PROPS, Type
from seamark.engine.moments import EARLIEST, LATEST, Offsets, as_date, month_length, today
from seamark.engine.plan import HAND_LASTS, Day, Leaf, Plan, PlannedTag
from seamark.engine.units import DAY, HOUR, SCALE

if TYPE_CHECKING:
    import duckdb

PropColumn = tuple[str, Type]


@dataclass(frozen=True)
class EventTable:
    """Where events and contacts lie. Relations are names of tables or views.

    `events` has contact (text), t (microseconds), kind, and where `ordered` seq (default 0) and id
    (default ''); props are columns `prop:type` in the form of `kinds.Type`, those in `columns`.
    `contacts` has contact and a column for each field, for a range two, `name.low` and `name.high`.
    """

    events: str
    columns: frozenset[str]
    contacts: str = ""
    ordered: bool = True
    distinct: bool = False
    """Whether each (contact, id) stands once."""
    kinds: frozenset[str] | None = None
    """The kinds that occur, where known."""
    oldest: int | None = None
    newest: int | None = None


def compile_batch(plan: Plan, now: int, zone: ZoneInfo, source: EventTable) -> exp.Expr:
    """The query of (contact, tag) for every tag held at `now`."""
    return sqlglot.parse_one(_Query(plan, now, zone, source).long(), read="duckdb")


def compile_wide(plan: Plan, now: int, zone: ZoneInfo, source: EventTable) -> exp.Expr:
    """The query of one row a contact: a boolean column for each tag."""
    return sqlglot.parse_one(_Query(plan, now, zone, source).wide(), read="duckdb")


def render(query: exp.Expr, dialect: str) -> str:
    """The query as text for "duckdb" or "spark"."""
    return (query.transform(_for_spark) if dialect == "spark" else query).sql(dialect=dialect)


def run_duckdb(plan: Plan, now: int, zone: ZoneInfo, source: EventTable, connection: duckdb.DuckDBPyConnection) -> Any:
    """The relation of (contact, tag) in DuckDB, contacts in no particular order."""
    return connection.sql(render(compile_batch(plan, now, zone, source), "duckdb"))


def run_spark(plan: Plan, now: int, zone: ZoneInfo, source: EventTable, session: Any) -> Any:
    """The data frame of (contact, tag) in Spark; the relations are views of the session."""
    return session.sql(render(compile_batch(plan, now, zone, source), "spark"))


def _for_spark(node: exp.Expr) -> exp.Expr:
    """What sqlglot does not translate by itself."""
    if isinstance(node, exp.Sum) and not isinstance(node.this, exp.Cast):
        return exp.Sum(this=exp.cast(node.this, "DECIMAL(38, 0)"))
    if isinstance(node, exp.CTE):
        node.set("materialized", None)
    if isinstance(node, exp.DataType) and node.this == exp.DataType.Type.INT128:
        return exp.DataType.build("DECIMAL(38, 0)")
    if isinstance(node, exp.Anonymous):
        name = node.name.lower()
        if name in ("arg_max_null", "arg_min_null"):
            return exp.Anonymous(this="MAX_BY" if "max" in name else "MIN_BY", expressions=node.expressions)
        if name == "row":
            return exp.Anonymous(this="STRUCT", expressions=node.expressions)
    return node


@dataclass(frozen=True)
class _Operand:
    """SQL of a value: a whole number over 10^decimals, divided by `divisor` where there is one; NULL when absent."""

    code: str
    decimals: int = 0
    divisor: str = ""


@dataclass
class _Query:
    """Builds one query; parts that are wanted twice are asked for by their SQL and stand once."""

    plan: Plan
    now: int
    zone: ZoneInfo
    source: EventTable
    selections: dict[tree.Events, str] = field(default_factory=dict)
    aggregates: dict[str, str] = field(default_factory=dict)
    """SQL of an aggregate over events → its column."""
    delays: dict[tuple[tree.Events, tree.Events], str] = field(default_factory=dict)
    delay_aggregates: dict[str, str] = field(default_factory=dict)
    distinct: dict[tuple[tree.Events, str], str] = field(default_factory=dict)
    """(events, SQL of the prop) → the step that has each value once."""
    distinct_counts: dict[str, dict[str, str]] = field(default_factory=dict)
    """Step → SQL of a count over it → its column."""

    def long(self) -> str:
        choices = ", ".join(f"CASE WHEN {_name(tag)} THEN {_text(tag)} END" for tag in self.plan.tags)
        return (
            f"SELECT contact, tag FROM (SELECT contact, UNNEST([{choices}]) AS tag FROM ({self.wide()}) AS w) AS u "
            "WHERE tag IS NOT NULL"
        )

    def wide(self) -> str:
        leaves = [f"coalesce({self.leaf(leaf)}, FALSE) AS l{place}" for place, leaf in enumerate(self.plan.leaves)]
        aside = [*self.delay_steps(), *self.distinct_steps()]
        steps = [*self.events(), ("s", self.selected()), ("m", self.measures()), *aside]
        steps += [*self.hand_steps(), *self.change_steps(), ("x", self.joined())]
        hands = [f"h{place}" for place in range(len(self.plan.tags)) if self.by_hand]
        steps.append(("l", f"SELECT {', '.join(['contact', *hands, *leaves])} FROM x"))
        last = "l"
        for depth, tags in enumerate(self.tag_steps()):
            steps.append((f"t{depth}", f"SELECT *, {', '.join(tags)} FROM {last}"))
            last = f"t{depth}"
        names = ", ".join(f"coalesce({_name(tag)}, FALSE) AS {_name(tag)}" for tag in self.plan.tags)
        written = ", ".join(f"{name} AS {'' if name in KEPT else 'NOT MATERIALIZED '}({code})" for name, code in steps)
        return f"WITH {written} SELECT contact, {names} FROM {last}"

    # Events

    @property
    def by_hand(self) -> bool:
        return self.may_have(*HAND_KINDS)

    def may_have(self, *kinds: str) -> bool:
        return self.source.kinds is None or any(kind in self.source.kinds for kind in kinds)

    def events(self) -> Iterator[tuple[str, str]]:
        """Every event once, with local props where they are read."""
        relation = self.source.events
        if not self.source.distinct:
            first = f"row_number() OVER (PARTITION BY contact, id ORDER BY {self.order()})"
            yield "once", f"SELECT * FROM (SELECT *, {first} AS place FROM {relation}) AS p WHERE id = '' OR place = 1"
            relation = "once"
        local = {prop for props in self.plan.reads.props.values() for prop in props if prop in LOCAL_PROPS}
        if local:
            yield from self.local_steps(relation, local)
            relation = "local"
        yield "e", f"SELECT * FROM {relation}"

    def local_steps(self, relation: str, local: Iterable[str]) -> Iterator[tuple[str, str]]:
        """Hour, weekday and month by whole numbers: days are counted from one before 1900, so none is negative."""
        yield "shifted", f"SELECT *, t + {self.offset()} + {BEFORE_1900 * DAY} AS wall FROM {relation}"
        columns = [
            f"(wall // {HOUR} % 24) * {SCALE} AS {_name('hour:number')}",
            f"((wall // {DAY} + 3) % 7 + 1) * {SCALE} AS {_name('weekday:number')}",
        ]
        last = "shifted"
        if "month" in local:
            # Days to civil month, counting years from 1 March of year 0.
            for name, code in (
                ("era_day", f"(wall // {DAY} + {719_468 - BEFORE_1900}) % 146097"),
                ("era_year", "(era_day - era_day // 1460 + era_day // 36524 - era_day // 146096) // 365"),
                ("year_day", "era_day - (365 * era_year + era_year // 4 - era_year // 100)"),
                ("march_month", "(5 * year_day + 2) // 153"),
            ):
                yield f"with_{name}", f"SELECT *, {code} AS {name} FROM {last}"
                last = f"with_{name}"
            month = "CASE WHEN march_month < 10 THEN march_month + 3 ELSE march_month - 9 END"
            columns.append(f"({month}) * {SCALE} AS {_name('month:number')}")
        yield "local", f"SELECT *, {', '.join(columns)} FROM {last}"

    def offset(self) -> str:
        """The zone's offset at `t`, over the span of the events."""
        low, high = (self.source.oldest, self.source.newest)
        offsets = Offsets(self.zone, EARLIEST if low is None else low, LATEST if high is None else high)
        cases = [
            f"WHEN t < {start} THEN {offset}" for start, offset in zip(offsets.starts, offsets.offsets, strict=False)
        ]
        return f"CASE {' '.join(cases)} ELSE {offsets.offsets[-1]} END" if cases else f"{offsets.offsets[0]}"

    def column(self, prop: str, type_: Type) -> str:
        """SQL of a prop; NULL of its type where no event has it."""
        name = f"{prop}:{type_}"
        if name in self.source.columns or prop in LOCAL_PROPS:
            return _name(name)
        return f"CAST(NULL AS {SQL[type_]})"

    def order(self, kinds: Iterable[str] | None = None) -> str:
        """The order of events, up to the props that are read of the kinds (`Reads.order_key`)."""
        keys = ["t", "seq", "id", "kind"] if self.source.ordered else ["t", "kind"]
        reads = self.plan.reads.props
        readers: dict[PropColumn, list[str]] = {}
        for kind in kinds or reads:
            for prop, type_ in reads.get(kind, {}).items():
                if f"{prop}:{type_}" in self.source.columns:
                    readers.setdefault((prop, type_), []).append(kind)
        for (prop, type_), those in sorted(readers.items()):
            column = _name(f"{prop}:{type_}")
            if kinds is None or len(those) < len(list(kinds)):
                column = f"CASE WHEN {_is_one_of('kind', those)} THEN {column} END"
            keys += [f"({column}) IS NOT NULL", f"coalesce({column}, {EMPTY[type_]})"]
        return ", ".join(keys)

    # Selections and aggregates

    def selection(self, events: tree.Events) -> str:
        return self.selections.setdefault(events, f"s{len(self.selections)}")

    def selected(self) -> str:
        """Each event with a flag for every selection it is in; later ones than now are in none."""
        past = "" if self.source.newest is not None and self.source.newest <= self.now else f" AND t <= {self.now}"
        flags = []
        for events, name in self.selections.items():
            where = f" AND {self.test(events.where, events.kind)}" if events.where is not None else ""
            flags.append(f"(kind = {_text(events.kind)}{past}{where}) AS {name}")
        return f"SELECT {', '.join(['*', *flags])} FROM e"

    def aggregate(self, code: str, events: tree.Events, over: int | None = None) -> str:
        """The column of an aggregate over the events of a window."""
        name = self.selection(events)
        inside = f"{name} AND t > {self.now - over}" if over is not None else name
        return self.aggregates.setdefault(f"{code} FILTER (WHERE {inside})", f"a{len(self.aggregates)}")

    def measures(self) -> str:
        columns = [f"{code} AS {name}" for code, name in self.aggregates.items()]
        return f"SELECT {', '.join(['contact', *columns])} FROM s GROUP BY contact"

    def delay_steps(self) -> Iterator[tuple[str, str]]:
        """For each answer the time since the latest opening before it, by a window over just those events."""
        if not self.delays:
            return
        columns, chosen = [], []
        for (answer, since), name in self.delays.items():
            kinds = sorted({answer.kind, since.kind})
            earlier = f"ORDER BY {self.order(kinds)} ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING"
            opened = f"max(CASE WHEN {self.selection(since)} THEN t END) OVER (PARTITION BY contact {earlier})"
            columns.append(f"CASE WHEN {self.selection(answer)} THEN t - {opened} END AS {name}")
            chosen += [self.selection(answer), self.selection(since)]
        yield "answers", f"SELECT contact, t, {', '.join(columns)} FROM s WHERE {' OR '.join(dict.fromkeys(chosen))}"
        totals = [f"{code} AS {name}" for code, name in self.delay_aggregates.items()]
        yield "d", f"SELECT contact, {', '.join(totals)} FROM answers GROUP BY contact"

    def delay_aggregate(self, gather: str, value: tree.AverageDelay) -> str:
        name = self.delays.setdefault((value.events, value.since), f"delay{len(self.delays)}")
        self.selection(value.events), self.selection(value.since)
        inside = f" FILTER (WHERE t > {self.now - value.over})" if value.over is not None else ""
        return self.delay_aggregates.setdefault(f"{gather}({name}){inside}", f"d{len(self.delay_aggregates)}")

    def distinct_count(self, column: str, events: tree.Events, over: int | None) -> str:
        self.selection(events)
        step = self.distinct.setdefault((events, column), f"n{len(self.distinct)}")
        counts = self.distinct_counts.setdefault(step, {})
        code = "count(*)" + (f" FILTER (WHERE t > {self.now - over})" if over is not None else "")
        return counts.setdefault(code, f"{step}_{len(counts)}")

    def distinct_steps(self) -> Iterator[tuple[str, str]]:
        """Each value once with its latest moment, then counted: one pass for all windows, and no DISTINCT,
        for which DuckDB would group all events again."""
        for (events, column), step in self.distinct.items():
            wanted = f"{self.selection(events)} AND {column} IS NOT NULL"
            yield f"{step}_values", f"SELECT contact, max(t) AS t FROM s WHERE {wanted} GROUP BY contact, {column}"
            counts = ", ".join(f"{code} AS {name}" for code, name in self.distinct_counts[step].items())
            yield step, f"SELECT contact, {counts} FROM {step}_values GROUP BY contact"

    # Hands and fields

    def hand_steps(self) -> Iterator[tuple[str, str]]:
        """For each contact and tag: NULL no live hand, −1 cleared, above 0 set, the later the higher."""
        if not self.by_hand:
            return
        tag, until = self.column("tag", "text"), self.column("until", "moment")
        wanted = f"{_is_one_of('kind', HAND_KINDS)} AND t <= {self.now} AND {_is_one_of(tag, self.plan.tags)}"
        place = f"row_number() OVER (PARTITION BY contact ORDER BY {self.order(HAND_KINDS)})"
        yield (
            "hands",
            f"SELECT contact, kind, t, {tag} AS tag, {until} AS until, {place} AS place FROM e WHERE {wanted}",
        )
        yield "last_hands", "SELECT *, max(place) OVER (PARTITION BY contact, tag) AS newest FROM hands"
        columns = []
        for index, name in enumerate(self.plan.tags):
            lasting = "until" if name in self.plan.by_hand else f"coalesce(until, t + {HAND_LASTS})"
            live = f"kind <> 'tag.lifted' AND coalesce({lasting} > {self.now}, TRUE)"
            op = "CASE WHEN kind = 'tag.set' THEN place ELSE -1 END"
            columns.append(
                f"max(CASE WHEN tag = {_text(name)} AND place = newest AND {live} THEN {op} END) AS h{index}"
            )
        yield "h", f"SELECT contact, {', '.join(columns)} FROM last_hands GROUP BY contact"

    def change_steps(self) -> Iterator[tuple[str, str]]:
        """For each contact and field: whether it ever changed, its earliest old and its latest new value."""
        fields = self.plan.reads.fields
        if not fields or not self.may_have(FIELD_KIND):
            return
        named = {side: self.column(side, "text") for side in ("field", "old", "new")}
        place = f"row_number() OVER (PARTITION BY contact, {named['field']} ORDER BY {self.order([FIELD_KIND])})"
        columns = ", ".join(f"{code} AS {side}_text" for side, code in named.items())
        wanted = f"kind = {_text(FIELD_KIND)} AND {_is_one_of(named['field'], fields)}"
        yield "changes", f"SELECT contact, t, {columns}, {place} AS place FROM e WHERE {wanted}"
        newest = f"max(CASE WHEN t <= {self.now} THEN place END) OVER (PARTITION BY contact, field_text)"
        yield "last_changes", f"SELECT *, {newest} AS newest FROM changes"
        columns = ", ".join(
            f"max(CASE WHEN field_text = {_text(name)} THEN 1 END) AS ever{index}, "
            f"max(CASE WHEN field_text = {_text(name)} THEN newest END) AS newest{index}, "
            f"max(CASE WHEN field_text = {_text(name)} AND place = 1 THEN old_text END) AS old{index}, "
            f"max(CASE WHEN field_text = {_text(name)} AND place = newest THEN new_text END) AS new{index}"
            for index, name in enumerate(fields)
        )
        yield "f", f"SELECT contact, {columns} FROM last_changes GROUP BY contact"

    def joined(self) -> str:
        """One row a contact with all that leaves read."""
        contact = "coalesce(m.contact, c.contact)" if self.source.contacts else "m.contact"
        columns = [f"{contact} AS contact", *(f"m.{name} AS {name}" for name in self.aggregates.values())]
        joins = f"FULL JOIN {self.source.contacts} AS c ON m.contact = c.contact" if self.source.contacts else ""
        if self.delays:
            columns += [f"d.{name} AS {name}" for name in self.delay_aggregates.values()]
            joins += " LEFT JOIN d ON m.contact = d.contact"
        for step, counts in self.distinct_counts.items():
            columns += [f"{step}.{name} AS {name}" for name in counts.values()]
            joins += f" LEFT JOIN {step} ON m.contact = {step}.contact"
        if self.by_hand:
            columns += [f"h.h{index} AS h{index}" for index in range(len(self.plan.tags))]
            joins += " LEFT JOIN h ON m.contact = h.contact"
        changed = bool(self.plan.reads.fields) and self.may_have(FIELD_KIND)
        if changed:
            joins += " LEFT JOIN f ON m.contact = f.contact"
        for index, (name, type_) in enumerate(self.plan.reads.fields.items()):
            for part in ("low", "high") if type_ == "range" else ("",):
                columns.append(f"{self.field_now(index, name, type_, part, changed)} AS {_field(name, part)}")
        return f"SELECT {', '.join(columns)} FROM m {joins}"

    def field_now(self, index: int, name: str, type_: Type, part: str, changed: bool) -> str:
        """The last change up to now, else the value before the earliest change, else the file's."""
        filed = (
            f"c.{_name(f'{name}.{part}' if part else name)}" if self.source.contacts else f"CAST(NULL AS {SQL[type_]})"
        )
        if not changed:
            return filed
        new, old = (_canonical(f"f.{side}{index}", type_, part) for side in ("new", "old"))
        return f"CASE WHEN f.newest{index} IS NOT NULL THEN {new} WHEN f.ever{index} = 1 THEN {old} ELSE {filed} END"

    # Leaves

    def leaf(self, leaf: tree.Condition) -> str:
        match leaf:
            case tree.Within(moment=moment, length=length):
                return f"{self.value(moment).code} > {self.now - length}"
            case tree.OlderThan(moment=moment, length=length):
                return f"{self.value(moment).code} <= {self.now - length}"
            case tree.Has(value=value, text=text):
                return f"list_contains({self.value(value).code}, {_text(text)})"
            case tree.IsAbsent(value=value):
                operand = self.value(value)
                return f"(({operand.code}) IS NULL" + (f" OR {operand.divisor} IS NULL)" if operand.divisor else ")")
        return _compared(leaf, self.value)

    def value(self, value: tree.Value) -> _Operand:
        """SQL of a value over the columns of `x`."""
        match value:
            case tree.Last(events=events):
                return _Operand(self.aggregate("max(t)", events))
            case tree.First(events=events):
                return _Operand(self.aggregate("min(t)", events))
            case tree.CountOf(events=events, over=over):
                return _Operand(f"coalesce({self.aggregate('count(*)', events, over)}, 0)")
            case tree.DistinctOf(events=events, prop=prop, over=over):
                column = self.column(prop, self.plan.reads.props[events.kind][prop])
                return _Operand(f"coalesce({self.distinct_count(column, events, over)}, 0)")
            case tree.SumOf(events=events, prop=prop, over=over):
                column = self.column(prop, "number")
                return _Operand(f"coalesce({self.aggregate(f'sum({column})', events, over)}, 0)", 4)
            case tree.AverageOf(events=events, prop=prop, over=over):
                column = self.column(prop, "number")
                bearing = f"nullif({self.aggregate(f'count({column})', events, over)}, 0)"
                return _Operand(self.aggregate(f"sum({column})", events, over), 4, bearing)
            case tree.LeastOf(events=events, prop=prop, over=over):
                return _Operand(self.aggregate(f"min({self.column(prop, 'number')})", events, over), 4)
            case tree.GreatestOf(events=events, prop=prop, over=over):
                return _Operand(self.aggregate(f"max({self.column(prop, 'number')})", events, over), 4)
            case tree.AverageDelay():
                bearing = f"nullif({self.delay_aggregate('count', value)}, 0)"
                return _Operand(self.delay_aggregate("sum", value), 0, bearing)
            case tree.PropOf(event=event, prop=prop):
                return self.prop_of(event, prop)
            case tree.Field(name=name, part="") if self.plan.reads.fields[name] == "range":
                return _Operand(f"coalesce({_field(name, 'low')}, {_field(name, 'high')})")
            case tree.Field(name=name, part=part):
                decimals = 4 if self.plan.type_of(value) == "number" else 0
                return _Operand(_field(name, part), decimals)
            case tree.MonthsSince(field=of):
                return _Operand(_months_since(self.value(of).code, today(self.now, self.zone)))
            case tree.UntilAnniversary(field=of):
                return _Operand(_until_anniversary(self.value(of).code, today(self.now, self.zone)))
            case tree.Arithmetic(op=op, left=left, right=right):
                return _reckoned(op, self.value(left), self.value(right))
        return _literal(value)

    def prop_of(self, event: tree.Last | tree.First, prop: str) -> _Operand:
        """A prop of the event that is last (or first) in the whole order, NULL when it lacks it."""
        kind = event.events.kind
        type_ = self.plan.reads.props[kind][prop]
        gather = "arg_max_null" if isinstance(event, tree.Last) else "arg_min_null"
        code = f"{gather}({self.column(prop, type_)}, ROW({self.order([kind])}))"
        return _Operand(self.aggregate(code, event.events), 4 if type_ == "number" else 0)

    # Filters

    def test(self, where: tree.Condition, kind: str) -> str:
        match where:
            case tree.All(of=parts) | tree.Any(of=parts):
                word = " AND " if isinstance(where, tree.All) else " OR "
                return f"({word.join(self.test(part, kind) for part in parts)})"
            case tree.Not(part=part):
                return f"(NOT {self.test(part, kind)})"
            case tree.Has(value=value, text=text):
                code = f"list_contains({self.prop(value, kind).code}, {_text(text)})"
            case tree.IsAbsent(value=value):
                code = f"({self.prop(value, kind).code}) IS NULL"
            case _:
                code = _compared(where, lambda value: self.prop(value, kind))
        return f"coalesce({code}, FALSE)"

    def prop(self, value: tree.Value, kind: str) -> _Operand:
        if not isinstance(value, tree.Prop):
            return _literal(value)
        type_ = self.plan.reads.props[kind][value.name]
        return _Operand(self.column(value.name, type_), 4 if type_ == "number" else 0)

    # Tags

    def tag_steps(self) -> Iterator[list[str]]:
        """Columns of tags, each step standing on those before it."""
        depths: dict[str, int] = {}
        steps: list[list[str]] = []
        for unit in self.plan.units:
            asked = [
                node.tag
                for tag in unit.tags
                if tag.condition
                for node in tag.condition.walk()
                if isinstance(node, tree.Tagged)
            ]
            depth = max((depths[tag] + 1 for tag in asked), default=0)
            depths |= {tag.name: depth for tag in unit.tags}
            while len(steps) <= depth:
                steps.append([])
            steps[depth] += self.level(unit.tags) if unit.kind == "level" else [self.set_tag(unit.tags[0])]
        return iter(steps)

    def set_tag(self, tag: PlannedTag) -> str:
        code = _over_leaves(tag.condition) if tag.condition is not None else "FALSE"
        if self.by_hand:
            code = f"CASE WHEN h{tag.place} IS NULL THEN {code} ELSE h{tag.place} > 0 END"
        return f"{code} AS {_name(tag.name)}"

    def level(self, tags: tuple[PlannedTag, ...]) -> list[str]:
        """One column for each level: it is the one that is set latest, else the first that is true."""
        cases = []
        if self.by_hand:
            best = f"greatest(0, {', '.join(f'coalesce(h{tag.place}, 0)' for tag in tags)})"
            cases = [f"WHEN {best} > 0 AND {best} = h{tag.place} THEN {tag.place}" for tag in tags]
        ordered = [*(tag for tag in tags if tag.condition is not None), *(tag for tag in tags if tag.otherwise)]
        for tag in ordered:
            code = _over_leaves(tag.condition) if tag.condition is not None else "TRUE"
            free = f"h{tag.place} IS NULL AND " if self.by_hand else ""
            cases.append(f"WHEN {free}{code} THEN {tag.place}")
        chosen = f"CASE {' '.join(cases)} END" if cases else "CAST(NULL AS INTEGER)"
        return [f"({chosen}) = {tag.place} AS {_name(tag.name)}" for tag in tags]


SQL: Mapping[Type, str] = {
    "number": "BIGINT",
    "moment": "BIGINT",
    "text": "VARCHAR",
    "date": "INTEGER",
    "list": "VARCHAR[]",
    "range": "BIGINT",
}
EMPTY: Mapping[Type, str] = {"number": "0", "moment": "0", "text": "''", "date": "0", "list": "CAST([] AS VARCHAR[])"}
KEPT = ("once",)
"""Steps worth computing once where several others read them; the rest DuckDB had better scan again."""
BEFORE_1900 = 7 * 3653
"""Days, whole weeks of them, from before 1900 to 1970."""


def _over_leaves(condition: tree.Condition) -> str:
    match condition:
        case tree.All(of=parts) | tree.Any(of=parts):
            word = " AND " if isinstance(condition, tree.All) else " OR "
            return f"({word.join(_over_leaves(part) for part in parts)})"
        case tree.Not(part=part):
            return f"(NOT {_over_leaves(part)})"
        case tree.Tagged(tag=tag):
            return f"coalesce({_name(tag)}, FALSE)"
    return f"l{cast(Leaf, condition).index}"


def _compared(leaf: tree.Condition, value: Any) -> str:
    match leaf:
        case tree.Compare(op=op, left=left, right=right):
            return _comparison(op, value(left), value(right))
        case tree.Between(value=of, low=low, high=high):
            return f"({_comparison('>=', value(of), value(low))} AND {_comparison('<=', value(of), value(high))})"
        case tree.In(value=of, choices=choices):
            return f"({' OR '.join(_comparison('=', value(of), value(choice)) for choice in choices)})"
    raise TypeError(f"{type(leaf).__name__} is no comparison")


def _comparison(op: str, left: _Operand, right: _Operand) -> str:
    """Both sides brought to one scale, divisors multiplied across: they are above 0, or NULL."""
    left_code, right_code = _aligned(left, right)
    return f"{left_code} {'<>' if op == '!=' else op} {right_code}"


def _aligned(left: _Operand, right: _Operand) -> tuple[str, str]:
    decimals = max(left.decimals, right.decimals)
    codes = []
    for side, other in ((left, right), (right, left)):
        factors = [str(10 ** (decimals - side.decimals))] if side.decimals < decimals else []
        factors += [other.divisor] if other.divisor else []
        codes.append(_product(side.code, *factors))
    return codes[0], codes[1]


def _product(first: str, *factors: str) -> str:
    """A product that 64 bits need not hold."""
    return f"({' * '.join(f'CAST({factor} AS HUGEINT)' for factor in (first, *factors))})" if factors else f"({first})"


def _reckoned(op: str, left: _Operand, right: _Operand) -> _Operand:
    divisors = [side.divisor for side in (left, right) if side.divisor]
    divisor = _product(*divisors) if divisors else ""
    if op == "*":
        return _Operand(_product(left.code, right.code), left.decimals + right.decimals, divisor)
    left_code, right_code = _aligned(left, right)
    return _Operand(f"(CAST({left_code} AS HUGEINT) {op} {right_code})", max(left.decimals, right.decimals), divisor)


def _literal(value: tree.Value) -> _Operand:
    match value:
        case tree.Number(scaled=scaled) if scaled % SCALE == 0:
            return _Operand(str(scaled // SCALE))
        case tree.Number(scaled=scaled):
            return _Operand(str(scaled), 4)
        case tree.Duration(length=held) | Day(day=held):
            return _Operand(str(held))
        case tree.Text(text=text):
            return _Operand(_text(text))
    raise TypeError(f"{type(value).__name__} has no value here")


def _months_since(day: str, now_day: int) -> str:
    """12Δy + Δm − (day₂ < min(day₁, length of month₂)), of whole numbers yyyymmdd (engine.md, rule 5)."""
    now = as_date(now_day)
    months = f"12 * ({now.year} - {day} // 10000) + {now.month} - {day} // 100 % 100"
    begun = f"CASE WHEN {now.day} < least({day} % 100, {month_length(now.year, now.month)}) THEN 1 ELSE 0 END"
    return f"({months} - {begun})"


def _until_anniversary(day: str, now_day: int) -> str:
    """Microseconds of the whole days to the next anniversary."""
    now = as_date(now_day)
    today_of_year = now.timetuple().tm_yday
    this, following = (_day_of_year(day, year) for year in (now.year, now.year + 1))
    length = sum(month_length(now.year, month) for month in range(1, 13))
    ahead, around = f"{this} - {today_of_year}", f"{length - today_of_year} + {following}"
    days = f"CASE WHEN {this} >= {today_of_year} THEN {ahead} ELSE {around} END"
    return f"(CAST({days} AS BIGINT) * {DAY})"


def _day_of_year(day: str, year: int) -> str:
    """The day of that year on which a date is remembered."""
    before, cases = 0, []
    for month in range(1, 13):
        cases.append(f"WHEN {month} THEN {before}")
        before += month_length(year, month)
    date_of = f"CASE WHEN {day} % 10000 = 229 THEN {month_length(year, 2)} ELSE {day} % 100 END"
    return f"(CASE {day} // 100 % 100 {' '.join(cases)} END + {date_of})"


def _canonical(code: str, type_: Type, part: str) -> str:
    """A canonical text (`events.canonical_text`) as its type."""
    if part:
        code = f"split_part({code}, ';', {1 if part == 'low' else 2})"
    filled = f"nullif({code}, '')"
    if type_ == "list":
        return f"string_split({filled}, ';')"
    return filled if type_ == "text" else f"CAST({filled} AS {SQL[type_]})"


def _field(name: str, part: str) -> str:
    return _name(f"field {name}" + (f".{part}" if part else ""))


def _is_one_of(code: str, names: Iterable[str]) -> str:
    return f"{code} IN ({', '.join(_text(name) for name in names)})"


def _name(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'


def _text(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"
