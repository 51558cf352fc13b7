"""Which conversations a reader wishes to see, as the address of the page says it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import NamedTuple
from urllib.parse import urlencode

from django.http import QueryDict

from seamark.apps.inbox.models import Conversation
from seamark.engine.moments import as_datetime, as_moment

MINE, UNASSIGNED, ALL = "mine", "unassigned", "all"
LISTS = (MINE, UNASSIGNED, ALL)
AT_WORK, ANY = "", "any"
"""Open or waiting for the contact; whatever state."""
STATES = (AT_WORK, *Conversation.State.values, ANY)
WAITS_HOURS = (1, 4, 24)


class Place(NamedTuple):
    """A row of the list, which is in this order, newest first."""

    last_at: datetime
    id: int

    def __str__(self) -> str:
        return f"{as_moment(self.last_at)}.{self.id}"


@dataclass(frozen=True)
class Wish:
    """Which conversations, and from where on."""

    listed: str = MINE
    """One of `LISTS`."""
    state: str = AT_WORK
    """One of `STATES`."""
    tag: str = ""
    source: str = ""
    """The key of a channel."""
    waits: int = 0
    """Hours for which the contact has been waiting at least; 0: however long."""
    sought: str = ""
    """A part of a name or of a number."""
    after: Place | None = None
    """The last row that the page has already."""
    rows: int = 0
    """How many rows the page shows, which is drawn anew; 0: it begins."""

    @property
    def narrows(self) -> bool:
        """Whether it leaves any out besides by list."""
        return bool(self.state or self.tag or self.source or self.waits or self.sought)

    def of(self, listed: str) -> Wish:
        """The same of another list."""
        return replace(self, listed=listed, after=None, rows=0)

    def everywhere(self) -> Wish:
        """The same, whoever handles the conversation and in whatever state it is."""
        return replace(self.of(ALL), state=ANY)

    def beyond(self, place: Place | None) -> Wish:
        """What follows the row."""
        return replace(self, after=place, rows=0)

    @property
    def query(self) -> str:
        """The wish as it stands in an address, with its question mark; empty for the usual one."""
        said: list[tuple[str, object]] = [
            ("list", self.listed if self.listed != MINE else ""),
            ("state", self.state),
            ("tag", self.tag),
            ("channel", self.source),
            ("waits", self.waits or ""),
            ("q", self.sought),
            ("after", self.after or ""),
        ]
        told = [(name, value) for name, value in said if value != ""]
        return f"?{urlencode(told)}" if told else ""


def wish_of(asked: QueryDict, known_tags: Iterable[str]) -> Wish:
    """The wish that an address says; what it says amiss, or of a tag that is no more, is left out."""
    listed, state, tag, waits = (asked.get(name, "") for name in ("list", "state", "tag", "waits"))
    return Wish(
        listed=listed if listed in LISTS else MINE,
        state=state if state in STATES else AT_WORK,
        tag=tag if tag in known_tags else "",
        source=asked.get("channel", "").replace("\0", "")[:60],
        waits=int(waits) if waits in map(str, WAITS_HOURS) else 0,
        sought=asked.get("q", "").replace("\0", "").strip()[:200],
        after=_place(asked.get("after", "")),
        rows=int(rows) if _is_number(rows := asked.get("rows", "")) else 0,
    )


def _place(text: str) -> Place | None:
    moment, _, id = text.partition(".")
    if not (_is_number(moment.removeprefix("-")) and _is_number(id)):
        return None
    try:
        return Place(as_datetime(int(moment)).astimezone(UTC), int(id))
    except OverflowError:
        return None


def _is_number(text: str) -> bool:
    return text.isascii() and text.isdecimal() and len(text) < 19
