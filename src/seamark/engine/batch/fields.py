"""Fields as they were at a moment: the file's, and what changed since (engine.md, rule 10)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from sqlglot import exp

from seamark.engine.batch.rows import Rows
from seamark.engine.batch.sql import SQL_TYPES, Sql, case, column, every, is_one_of, nothing, select, sql
from seamark.engine.kinds import FIELD_KIND, Type


@dataclass(frozen=True)
class Fields:
    """The columns of fields: by relation `filed` and, where any change is known, relation `changes`."""

    rows: Rows

    @property
    def change(self) -> bool:
        """Whether any field that is read can have changed."""
        source, fields = self.rows.source, self.rows.plan.reads.fields
        return bool(fields) and source.may_have(FIELD_KIND) and source.has("field", "text")

    def columns(self) -> dict[str, Sql]:
        """Each field that is read, a range as two, with its value at the moment."""
        return {
            field_column(name, part): self._now(place, name, type_, part)
            for place, (name, type_) in enumerate(self.rows.plan.reads.fields.items())
            for part in (("low", "high") if type_ == "range" else ("",))
        }

    def relations(self) -> Iterator[tuple[str, exp.Select]]:
        """For each contact and field whether it ever changed, whether by now, and the old and new text that count."""
        if not self.change:
            return
        rows, fields = self.rows, self.rows.plan.reads.fields
        sides = {side: rows.prop(side, "text") for side in ("field", "old", "new")}
        placed = exp.Window(
            this=exp.RowNumber(), partition_by=[column("contact"), sides["field"]], order=rows.ordering([FIELD_KIND])
        )
        wanted = every((rows.between([FIELD_KIND], until=None), is_one_of(sides["field"], fields)))
        columns = {"contact": column("contact"), "t": column("t"), **sides, "place": placed}
        yield "field_events", select(columns, rows.relation).where(wanted, copy=False)
        newest = sql("max(CASE WHEN t <= now THEN place END) OVER (PARTITION BY contact, field)", now=rows.now)
        yield "field_changes", select({"newest": newest}, "field_events", keep=True)
        texts = {
            f"{side}{place}": sql(f"max(CASE WHEN field = name AND {chosen} THEN {value} END)", name=name)
            for place, name in enumerate(fields)
            for side, chosen, value in (
                ("first", "place = 1", "place"),
                ("last", "place = newest", "place"),
                ("old", "place = 1", '"old"'),
                ("new", "place = newest", '"new"'),
            )
        }
        changes = select({"contact": column("contact"), **texts}, "field_changes")
        yield "changes", changes.group_by("contact", copy=False)

    def _now(self, place: int, name: str, type_: Type, part: str) -> Sql:
        filed = nothing(SQL_TYPES[type_])
        if self.rows.source.contacts:
            filed = exp.column(f"{name}.{part}" if part else name, "filed", quoted=True)
        if not self.change:
            return filed
        known = {side: exp.column(f"{side}{place}", "changes", quoted=True) for side in ("first", "last", "old", "new")}
        return case(
            [
                (sql("last IS NOT NULL", last=known["last"]), _typed(known["new"], type_, part)),
                (sql("first IS NOT NULL", first=known["first"]), _typed(known["old"], type_, part)),
            ],
            filed,
        )


def field_column(name: str, part: str) -> str:
    return f"field {name}" + (f".{part}" if part else "")


def _typed(text: Sql, type_: Type, part: str) -> Sql:
    """A canonical text (`events.canonical_text`) as its type."""
    if part:
        text = sql("split_part(text, ';', place)", text=text, place=1 if part == "low" else 2)
    filled = sql("nullif(text, '')", text=text)
    if type_ == "text":
        return filled
    if type_ == "list":
        return sql("string_split(filled, ';')", filled=filled)
    return exp.cast(filled, SQL_TYPES[type_], dialect="duckdb")
