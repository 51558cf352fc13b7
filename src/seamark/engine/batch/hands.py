"""Hands: the last word members have on each tag of a contact (engine.md, rule 7)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from sqlglot import exp

from seamark.engine.batch.rows import Rows
from seamark.engine.batch.sql import Sql, case, column, every, is_one_of, select, sql
from seamark.engine.kinds import HAND_KINDS
from seamark.engine.plan import HAND_LASTS, PlannedTag


@dataclass(frozen=True)
class Hands:
    """The columns of tags in relation `hands`: NULL no live hand, −1 cleared, above 0 set, the later the higher."""

    rows: Rows

    @property
    def any(self) -> bool:
        """Whether there can be any."""
        source = self.rows.source
        return source.may_have("tag.set", "tag.cleared") and source.has("tag", "text")

    def columns(self) -> list[str]:
        return [self.column(place).name for place in range(len(self.rows.plan.tags))] if self.any else []

    def column(self, place: int) -> exp.Column:
        return column(f"hand{place}")

    def relations(self) -> Iterator[tuple[str, exp.Select]]:
        if not self.any:
            return
        rows, tag = self.rows, self.rows.prop("tag", "text")
        wanted = every((rows.between(HAND_KINDS, until=rows.now), is_one_of(tag, rows.plan.tags)))
        columns: dict[str, Sql] = {name: column(name) for name in ("contact", "t", "kind")}
        columns |= {"tag": tag, "until": rows.prop("until", "moment")}
        columns["place"] = exp.Window(
            this=exp.RowNumber(), partition_by=[column("contact")], order=rows.ordering(HAND_KINDS)
        )
        yield "hand_events", select(columns, rows.relation).where(wanted, copy=False)
        newest = sql("max(place) OVER (PARTITION BY contact, tag)")
        yield "tag_hands", select({"newest": newest}, "hand_events", keep=True)
        yield "last_hands", select({"said": self._said()}, "tag_hands", keep=True).where("place = newest", copy=False)
        said = {
            self.column(place).name: sql("max(CASE WHEN tag = name THEN said END)", name=name)
            for place, name in enumerate(rows.plan.tags)
        }
        yield "hands", select({"contact": column("contact"), **said}, "last_hands").group_by("contact", copy=False)

    def _said(self) -> Sql:
        lasting: Sql = sql("coalesce(until, t + lasts)", lasts=HAND_LASTS)
        if by_hand := sorted(self.rows.plan.by_hand):
            lasting = case([(is_one_of(column("tag"), by_hand), column("until"))], lasting)
        live = sql("kind <> 'tag.lifted' AND coalesce(lasting > now, TRUE)", lasting=lasting, now=self.rows.now)
        return case([(live, sql("CASE WHEN kind = 'tag.set' THEN place ELSE -1 END"))])

    # What is left of a computed tag

    def over(self, tag: PlannedTag, computed: Sql) -> Sql:
        """Whether the contact holds a tag of a set group."""
        if not self.any:
            return computed
        hand = self.column(tag.place)
        return sql("CASE WHEN hand IS NULL THEN computed ELSE hand > 0 END", hand=hand, computed=computed)

    def left(self, tag: PlannedTag) -> list[Sql]:
        """Conditions without which a level is off the list."""
        return [sql("hand IS NULL", hand=self.column(tag.place))] if self.any else []

    def winners(self, tags: tuple[PlannedTag, ...]) -> list[tuple[Sql, int]]:
        """For each level whether it is the one set latest."""
        if not self.any:
            return []
        best = exp.Greatest(
            this=exp.convert(1),
            expressions=[sql("coalesce(hand, 0)", hand=self.column(tag.place)) for tag in tags],
            ignore_nulls=True,
        )
        return [(sql("hand = best", hand=self.column(tag.place), best=best), tag.place) for tag in tags]
