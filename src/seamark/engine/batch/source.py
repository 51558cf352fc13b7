"""Where the events and fields of a query lie."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from seamark.engine.kinds import Type

FEW_TEXTS = 62
"""How many texts count as few: so many that their places, from 1 on, are bits of a 64-bit number."""


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
    texts: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    """All texts that occur in a column, sorted, where they are known to be few."""

    def may_have(self, *kinds: str) -> bool:
        """Whether an event of one of the kinds can occur."""
        return self.kinds is None or any(kind in self.kinds for kind in kinds)

    def has(self, prop: str, type_: Type) -> bool:
        """Whether any event can bear the prop."""
        return prop_column(prop, type_) in self.columns


def prop_column(prop: str, type_: Type) -> str:
    """The column of a prop read as that type."""
    return f"{prop}:{type_}"
