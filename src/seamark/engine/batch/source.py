"""Where the events and fields of a query lie."""

from __future__ import annotations

from dataclasses import dataclass

from seamark.engine.kinds import Type


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

    def may_have(self, *kinds: str) -> bool:
        """Whether an event of one of the kinds can occur."""
        return self.kinds is None or any(kind in self.kinds for kind in kinds)

    def has(self, prop: str, type_: Type) -> bool:
        """Whether any event can bear the prop."""
        return prop_column(prop, type_) in self.columns


def prop_column(prop: str, type_: Type) -> str:
    """The column of a prop read as that type."""
    return f"{prop}:{type_}"
