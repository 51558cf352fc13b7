"""Moving a history in time by whole weeks, so that old data can be looked at as if it were of today."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple
from zoneinfo import ZoneInfo

from seamark.engine.errors import Unreadable
from seamark.engine.events import UTC
from seamark.engine.moments import moment_text, parse_moment
from seamark.engine.units import WEEK
from seamark.readers.shape import Row


class Shifted(NamedTuple):
    """Rows moved in time; `newest` is the moment of the newest one after the move, None where no time could be read."""

    rows: list[Row]
    weeks: int
    newest: int | None


def shift_weeks(rows: Iterable[Row], until: int, zone: ZoneInfo = UTC) -> Shifted:
    """Moves all times by the same number of weeks, so that the newest lies within the week up to `until`.

    Weekdays and hours stay as they are. Times without offset are local to `zone`; those that cannot
    be read stay as they are, and are set aside where events are typed.
    """
    kept = list(rows)
    moments = [_moment(row, zone) for row in kept]
    newest = max((moment for moment in moments if moment is not None), default=None)
    if newest is None:
        return Shifted(kept, 0, None)
    weeks = (until - newest) // WEEK
    moved = [
        row if moment is None else row._replace(values=row.values | {"occurred_at": moment_text(moment + weeks * WEEK)})
        for row, moment in zip(kept, moments, strict=True)
    ]
    return Shifted(moved, weeks, newest + weeks * WEEK)


def _moment(row: Row, zone: ZoneInfo) -> int | None:
    try:
        return parse_moment(str(row.values.get("occurred_at")), zone)[0]
    except Unreadable:
        return None
