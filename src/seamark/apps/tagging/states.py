"""States as this process left them: reading one back takes many times as long as seeing that it is still the same."""

from __future__ import annotations

from collections import OrderedDict

from seamark.apps.tagging.rulebooks import Live
from seamark.engine.online import State

MOST_KEPT = 4_000
"""Some 10 KB each for contacts with a few dozen events."""

_kept: OrderedDict[tuple[str, int], tuple[bytes, State]] = OrderedDict()
"""Plan and contact → the state, and how it was written down; those left longest ago first."""


def taken(live: Live, contact: int, written: bytes) -> State | None:
    """The state that is written so, for the caller alone; None when it is of another plan.

    One that is kept here counts only if the contact's row, which the caller has locked, still says the same: another
    process may have written since, or a transaction may have been rolled back.
    """
    kept, state = _kept.pop((live.plan.hash, contact), (b"", None))
    return state if kept == written else live.online.load(written)


def left(live: Live, contact: int, state: State) -> bytes:
    """The state as it is to be written down; kept for the next who asks. The caller does not change it any more."""
    written = live.online.dump(state)
    while len(_kept) >= MOST_KEPT:
        _kept.popitem(last=False)
    _kept[live.plan.hash, contact] = written, state
    return written
