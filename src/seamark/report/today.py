"""Whom to write to today: what reactions and journeys have made due, and nobody has done."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import groupby
from typing import Any, NamedTuple

from seamark.engine.moments import next_date_change
from seamark.engine.replay import Span
from seamark.engine.rulebook import Journey, Rulebook, Words
from seamark.engine.units import DAY, duration
from seamark.engine.work import DueDeed, Edge, due_deeds
from seamark.report.subject import Subject

MOST_SHOWN = 20
OVERDUE = 7 * DAY
"""What has been due for longer has had its time."""
LOWEST_PRIORITY = "P3"
LEFT_ALONE = "do-not-disturb"
"""Who holds a tag of this name, in any group, is left out."""

_ALWAYS = -(2**63)
"""Before every edge."""


class Due(NamedTuple):
    """Something that is due for a contact."""

    contact: str
    edge: Edge
    """Why."""
    at: int
    priority: str
    title: Words | None
    """What to do; None where a text of no journey is sent."""
    words: Words | None


class Today(NamedTuple):
    """The first ones, and how many there are in all."""

    due: list[Due]
    contacts: int


def today(subject: Subject) -> Today:
    """The first undone deed of each contact: by priority, then as the rulebook has its reactions, then by time.

    The timelines of the contacts that may have one are walked by `engine.work`, up to the end of the day.
    """
    rulebook = subject.rulebook
    if not rulebook.reactions:
        return Today([], 0)
    places = {id(reaction): place for place, reaction in enumerate(rulebook.reactions)}
    found = [due for contact in _candidates(subject) if (due := _first_due(subject, *contact))]
    found.sort(key=lambda due: (due.priority, places[id(due.edge.reaction)], due.at, due.contact))
    return Today(found[:MOST_SHOWN], len(found))


def _candidates(subject: Subject) -> Iterator[tuple[str, list[Span], int | None]]:
    """The contacts for whom a reaction went off lately, with their spans and when we last wrote.

    Those who unsubscribed, or are not to be disturbed, are left out.
    """
    now, rulebook = subject.now, subject.rulebook
    entered = [reaction.tag for reaction in rulebook.reactions if reaction.edge == "enter"]
    left = [reaction.tag for reaction in rulebook.reactions if reaction.edge == "leave"]
    since = now - OVERDUE - sum(map(_length, rulebook.journeys.values()))
    rows = subject.connection.execute(
        f"""
        WITH alone AS (
            SELECT contact FROM tags WHERE ends_with(tag, '/{LEFT_ALONE}')
            UNION ALL
            SELECT contact FROM events WHERE kind IN ('subscribed', 'unsubscribed') AND t <= {now}
            GROUP BY contact HAVING arg_max(kind, (t, seq, id)) = 'unsubscribed'),
        stirred AS (
            SELECT DISTINCT contact FROM spans ANTI JOIN alone USING (contact)
            WHERE (entered_at > {since} AND tag IN (FROM (SELECT unnest($entered))))
               OR (left_at > {since} AND tag IN (FROM (SELECT unnest($left))))),
        written AS (
            SELECT contact, max(t) AS wrote_at FROM events SEMI JOIN stirred USING (contact)
            WHERE kind = 'message.sent' AND t <= {now} GROUP BY contact)
        SELECT contact, tag, entered_at, left_at, wrote_at
        FROM spans SEMI JOIN stirred USING (contact) LEFT JOIN written USING (contact)
        ORDER BY contact""",
        {"entered": entered, "left": left},
    )
    for contact, each in groupby(_fetched(rows), key=lambda row: row[0]):
        spans = list(each)
        yield contact, [Span(*row[:4]) for row in spans], spans[0][4]


def _fetched(rows: Any) -> Iterator[tuple[Any, ...]]:
    while some := rows.fetchmany(10_000):
        yield from some


def _length(journey: Journey) -> int:
    """How long it may take at most."""
    return sum(map(_longest, journey.steps))


def _longest(step: Mapping[str, Any]) -> int:
    ways = [branch["steps"] for branch in step.get("branch", ())] + [step.get("otherwise", ())]
    waits = [step["after"]] if "after" in step else []
    waits += [step["wait"]["at_most"]] if "wait" in step else []
    return sum(map(duration, waits)) + max(sum(map(_longest, way)) for way in ways)


def _first_due(subject: Subject, contact: str, spans: list[Span], wrote_at: int | None) -> Due | None:
    """What is to be done first: what was due before we last wrote is taken as done."""
    now = subject.now
    deeds = due_deeds(subject.rulebook, spans, begin=_ALWAYS, end=next_date_change(now, subject.zone) - 1)
    undone = [
        _due(subject.rulebook, contact, deed)
        for deed in deeds
        if deed.at > now - OVERDUE
        and (wrote_at is None or wrote_at < deed.at)
        and (deed.run is None or deed.run.over_at > now)
        and "alert" not in deed.made
    ]
    return min(undone, key=lambda due: (due.priority, due.at), default=None)


def _due(rulebook: Rulebook, contact: str, deed: DueDeed) -> Due:
    journey = deed.run.journey if deed.run else None
    due = Due(
        contact,
        deed.edge,
        deed.at,
        _priority(journey) if journey else LOWEST_PRIORITY,
        journey.title if journey else None,
        None,
    )
    if "send" in deed.made:
        return due._replace(words=rulebook.texts[deed.made["send"]])
    made = deed.made["follow_up"]
    words = rulebook.texts[made["text"]] if "text" in made else None
    return due._replace(priority=made.get("priority", due.priority), title=made["title"], words=words)


def _priority(journey: Journey) -> str:
    """The highest priority of its follow-ups: what it sends matters as much."""
    priorities = [step["follow_up"].get("priority", LOWEST_PRIORITY) for step in journey.steps if "follow_up" in step]
    return min(priorities, default=LOWEST_PRIORITY)
