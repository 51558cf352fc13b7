"""The slots of a state: each remembers one thing of some events, as much as the plan's windows ask for."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from functools import partial
from typing import Any

from seamark.engine import streams, tree
from seamark.engine.streams import FOREVER, NEVER

_STREAMS: dict[str, type[streams.Stream]] = {
    "recent_sum": streams.Sums,
    "recent_least": streams.Peaks,
    "recent_greatest": streams.Peaks,
    "recent_distinct": streams.Distinct,
    "recent_delay": streams.Delays,
    "delay": streams.Delays,
}
_COUNTED = {"count", "sum", "bearing", "delay"}
"""What an event counted twice would change."""


@dataclass(frozen=True)
class Slot:
    """One thing remembered of some events."""

    what: str
    """`recent_…` where only a window is asked for."""
    events: tree.Events
    prop: str = ""
    since: tree.Events | None = None

    @property
    def kinds(self) -> set[str]:
        return {self.events.kind} | ({self.since.kind} if self.since else set())

    @property
    def stream(self) -> type[streams.Stream] | None:
        """The structure held, where it is one over a window or of delays and more than a list of moments."""
        return _STREAMS.get(self.what)

    @property
    def grows(self) -> bool:
        """Whether what is held is changed in place, so that states must not share it."""
        return self.what == "distinct" or self.stream is not None

    @property
    def filled_by(self) -> object:
        """Slots of which this is the same are filled by the same events."""
        if self.since is not None:
            return self.events, self.since
        return self.events, self.what in ("first", "first_event")


@dataclass
class Slots:
    """The slots of a plan, and which leaves read each."""

    longest: dict[Slot, int] = field(default_factory=dict)
    """The longest window asked for, 0 for all history."""
    places: dict[Slot, int] = field(default_factory=dict)
    readers: dict[Slot, set[int]] = field(default_factory=dict)
    """The leaves that read the slot."""
    leaf: int | None = None
    """The leaf being generated."""

    def place(
        self, what: str, events: tree.Events, over: int | None, prop: str = "", since: tree.Events | None = None
    ) -> int:
        """The slot's place among a state's, for the leaf being generated."""
        slot = Slot(what if over is None else f"recent_{what}", events, prop, since)
        self.longest[slot] = max(self.longest.get(slot, 0), over or 0)
        readers = self.readers.setdefault(slot, set())
        if self.leaf is not None:
            readers.add(self.leaf)
        return self.places.setdefault(slot, len(self.places))

    def keep(self, slot: Slot) -> int:
        """For how long the slot looks back."""
        return self.longest[slot] or FOREVER

    def maker(self, slot: Slot) -> Callable[[], Any]:
        """Makes what the slot holds before any event, where that is changed in place."""
        return partial(slot.stream, self.keep(slot)) if slot.stream else set

    def empty(self, slot: Slot) -> Any:
        """What the slot holds before any event."""
        match slot.what:
            case "last":
                return NEVER
            case "first":
                return FOREVER
            case "count" | "sum" | "bearing":
                return 0
            case "recent_count":
                return ()
        return self.maker(slot)() if slot.grows else None

    def counted(self) -> dict[str, int]:
        """Kinds of which every event counts once: how long its id must be remembered (FOREVER: always)."""
        longest: dict[str, int] = {}
        for slot in self.places:
            if slot.what.removeprefix("recent_") in _COUNTED:
                for kind in slot.kinds:
                    longest[kind] = max(longest.get(kind, 0), self.keep(slot))
        return longest
