"""What a page is about."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from zoneinfo import ZoneInfo

import duckdb

from seamark.engine import tree
from seamark.engine.rulebook import Rulebook
from seamark.engine.sentence import Language
from seamark.histories import Histories
from seamark.report.speech import Speech


@dataclass(frozen=True)
class Subject:
    """Histories that were classified and replayed under a rulebook.

    The DuckDB of the histories has, beside `events`, the tables `tags` (contact, tag) at `now` and `spans`
    (contact, tag, entered_at, left_at) up to `now`, those of what reactions and journeys ask among them.
    """

    rulebook: Rulebook
    histories: Histories
    zone: ZoneInfo
    now: int
    language: Language
    said: Callable[[tree.Node], str]
    """A condition as a sentence in the language."""
    notes: Sequence[str] = ()

    @property
    def connection(self) -> duckdb.DuckDBPyConnection:
        """The DuckDB of the histories."""
        return self.histories.connection

    @property
    def speech(self) -> Speech:
        """How the page speaks."""
        return Speech(self.language, self.zone, self.now)

    def name(self, contact: str) -> str:
        """What a contact is called: its field `name`, or else its id."""
        return str((self.histories.fields or {}).get(contact, {}).get("name") or contact)
