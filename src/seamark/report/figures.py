"""The figures of the page, each by one query over the histories' DuckDB."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from seamark.engine.moments import Offsets
from seamark.engine.rulebook import TagGroup
from seamark.engine.units import DAY, HOUR
from seamark.report.subject import Subject

WEEK = 7 * DAY
MOST_WEEKS = 12
WAITING_NAMED = 5
RFM = ("recency", "frequency", "monetary")
"""The names of the groups whose levels make the RFM grid."""


def contacts_by_tag(subject: Subject) -> Counter[str]:
    """How many contacts hold each tag now."""
    return Counter(dict(subject.connection.execute("SELECT tag, count(*) FROM tags GROUP BY tag").fetchall()))


def week_ends(subject: Subject) -> list[int]:
    """The ends of the last weeks, now being the last of them: no more than the history has, and at least one."""
    oldest = subject.histories.oldest
    known = 1 if oldest is None else -(-(subject.now - oldest) // WEEK)
    weeks = min(max(known, 1), MOST_WEEKS)
    return [subject.now - back * WEEK for back in reversed(range(weeks))]


def held_weekly(subject: Subject, ends: Sequence[int]) -> dict[str, list[int]]:
    """For each tag, how many contacts held it at the end of each week, of those who had an event by then."""
    rows = subject.connection.execute(f"""
        WITH known AS (SELECT contact, min(t) AS since FROM events GROUP BY contact)
        SELECT tag, place, count(*)
        FROM spans JOIN known USING (contact), unnest({list(ends)}) WITH ORDINALITY AS weeks(moment, place)
        WHERE since <= moment AND coalesce(entered_at <= moment, true) AND coalesce(moment < left_at, true)
        GROUP BY tag, place""").fetchall()
    held: dict[str, list[int]] = {tag: [0] * len(ends) for tag in subject.rulebook.tags}
    for tag, place, contacts in rows:
        if tag in held:
            held[tag][place - 1] = contacts
    return held


def known_weekly(subject: Subject, ends: Sequence[int]) -> list[int]:
    """How many contacts had an event by the end of each week."""
    first = "SELECT min(t) AS t FROM events GROUP BY contact"
    return _at_ends(subject, ends, f"SELECT count(*) FROM ({first}) WHERE t <= moment")


def contacts_weekly(subject: Subject, ends: Sequence[int], kind: str) -> list[int]:
    """How many contacts had an event of the kind in each week."""
    inside = f"kind = '{kind}' AND t > moment - {WEEK} AND t <= moment"
    return _at_ends(subject, ends, f"SELECT count(DISTINCT contact) FROM events WHERE {inside}")


def _at_ends(subject: Subject, ends: Sequence[int], count: str) -> list[int]:
    """A count that asks `moment`, for each of them."""
    weeks = f"unnest({list(ends)}) AS weeks(moment)"
    rows = subject.connection.execute(f"SELECT ({count}) FROM {weeks} ORDER BY moment").fetchall()
    return [count for (count,) in rows]


@dataclass(frozen=True)
class Waiting:
    """A contact whose last message nobody has answered."""

    contact: str
    since: int


@dataclass(frozen=True)
class Responses:
    """How long contacts waited for the first answer, in microseconds, over the weeks that are shown."""

    median: float | None
    answered: int
    weekly: list[float | None]
    """The median of each week."""
    cells: dict[tuple[int, int], tuple[float, int]]
    """(weekday from 0 for Monday, hour) of asking → median, number."""
    waiting: list[Waiting]
    """Those who wait longest."""
    waiting_count: int


def responses(subject: Subject, ends: Sequence[int]) -> Responses:
    """From the first message of a contact after our last, to our next: what was asked in the weeks that are shown."""
    begin, first, order = ends[0] - WEEK, ends[0], "PARTITION BY contact ORDER BY t, seq, id, kind"
    subject.connection.execute(f"""
        CREATE OR REPLACE TEMP TABLE asked AS
        WITH turns AS (
            SELECT contact, t, seq, id, kind FROM events
            WHERE kind IN ('message.received', 'message.sent') AND t <= {subject.now}
            QUALIFY kind IS DISTINCT FROM lag(kind) OVER ({order})),
        answers AS (SELECT *, lead(t) OVER ({order}) AS answered_at FROM turns)
        SELECT contact, t, answered_at, answered_at - t AS delay, t + {_offset(subject, begin)} AS local
        FROM answers WHERE kind = 'message.received' AND t > {begin}""")
    fetch = subject.connection.execute
    ((median, answered),) = fetch("SELECT median(delay), count(delay) FROM asked").fetchall()
    by_week = fetch(f"""
        SELECT greatest(0, (t - {first} + {WEEK} - 1) // {WEEK}), median(delay)
        FROM asked WHERE delay IS NOT NULL GROUP BY 1""").fetchall()
    by_hour = fetch(f"""
        SELECT (local // {DAY} + 3) % 7, local // {HOUR} % 24, median(delay), count(*)
        FROM asked WHERE delay IS NOT NULL GROUP BY ALL""").fetchall()
    waiting = fetch("SELECT contact, t FROM asked WHERE answered_at IS NULL ORDER BY t, contact").fetchall()
    weekly = dict(by_week)
    return Responses(
        median,
        answered,
        [weekly.get(place) for place in range(len(ends))],
        {(weekday, hour): (delay, number) for weekday, hour, delay, number in by_hour},
        [Waiting(*row) for row in waiting[:WAITING_NAMED]],
        len(waiting),
    )


def _offset(subject: Subject, begin: int) -> str:
    """SQL of what is to be added to the moment `t` to make it local."""
    offsets = Offsets(subject.zone, begin, subject.now)
    changes = "".join(
        f" WHEN t < {start} THEN {offset}" for start, offset in zip(offsets.starts, offsets.offsets, strict=False)
    )
    return f"CASE{changes} ELSE {offsets.offsets[-1]} END" if changes else str(offsets.offsets[-1])


@dataclass(frozen=True)
class Rfm:
    """How contacts are spread over recency, frequency and spend."""

    recency: TagGroup
    frequency: TagGroup
    monetary: TagGroup
    cells: dict[tuple[str, str], Counter[str]]
    """(recency, frequency) → contacts by level of spend."""


def rfm(subject: Subject) -> Rfm | None:
    """None where the rulebook does not have the three groups."""
    groups = {group.name: group for group in subject.rulebook.groups if group.kind == "level"}
    if not all(name in groups for name in RFM):
        return None
    recency, frequency, monetary = (groups[name] for name in RFM)
    levels = ", ".join(f"max(tag) FILTER (starts_with(tag, '{name}/')) AS {name}" for name in RFM)
    rows = subject.connection.execute(f"""
        SELECT recency, frequency, monetary, count(*)
        FROM (SELECT {levels} FROM tags GROUP BY contact) GROUP BY ALL""").fetchall()
    cells: dict[tuple[str, str], Counter[str]] = {}
    for recent, often, spend, contacts in rows:
        cells.setdefault((recent, often), Counter())[spend] += contacts
    return Rfm(recency, frequency, monetary, cells)
