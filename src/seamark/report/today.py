"""Whom to write to today: what reactions and journeys make due for tags that are held, and nobody has done."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, NamedTuple

from seamark.engine.moments import next_date_change
from seamark.engine.rulebook import Journey, Reaction, Rulebook, Words
from seamark.engine.units import DAY, duration
from seamark.engine.work import asked_name
from seamark.report.subject import Subject

MOST_SHOWN = 20
OVERDUE = 7 * DAY
"""What has been due for longer has had its time."""
LOWEST_PRIORITY = "P3"
LEFT_ALONE = "do-not-disturb"
"""Who holds a tag of this name, in any group, is left out."""

_NAME = re.compile(r"^\{contact\.name\}[,，、\s]*|[,，、]?\s*\{contact\.name\}(?=[.?!。？！]|$)|\s*\{contact\.name\}")
_FIELD = re.compile(r"\{contact\.(\w+)\}")


class Step(NamedTuple):
    """Something to do for each contact that enters a tag."""

    tag: str
    after: int
    """Microseconds since the tag was entered; a wait counts as its longest."""
    priority: str
    title: Words | None
    """What to do; None where a text of no journey is sent."""
    words: Words | None
    asked: str | None
    """The name of the condition that must be true when the tag is entered (`engine.work.asked_name`)."""
    ends: tuple[str, ...]
    """Names of the conditions after which there is nothing to do any more."""


class Due(NamedTuple):
    """A step that is due for a contact."""

    contact: str
    step: Step
    since: int
    """When the tag was entered."""
    due_at: int


class Today(NamedTuple):
    """The first ones, and how many there are in all."""

    due: list[Due]
    contacts: int


def today(subject: Subject) -> Today:
    """The first undone step of each contact: by priority, then as the rulebook has its reactions, then by time."""
    steps = list(steps_of(subject.rulebook))
    if not steps:
        return Today([], 0)
    _keep(subject, steps)
    rows = subject.connection.execute(_query(subject)).fetchall()
    due = [Due(contact, steps[place], since, due_at) for contact, place, since, due_at, _ in rows]
    return Today(due, rows[0][-1] if rows else 0)


def _keep(subject: Subject, steps: Sequence[Step]) -> None:
    """The steps as a table `planned`."""
    subject.connection.execute("""
        CREATE OR REPLACE TEMP TABLE planned
        (place INTEGER, tag VARCHAR, after BIGINT, priority VARCHAR, asked VARCHAR, ends VARCHAR[])""")
    rows = [
        (place, step.tag, step.after, step.priority, step.asked, list(step.ends)) for place, step in enumerate(steps)
    ]
    subject.connection.executemany("INSERT INTO planned VALUES (?, ?, ?, ?, ?, ?)", rows)


def _query(subject: Subject) -> str:
    now = subject.now
    return f"""
        WITH due AS (
            SELECT contact, place, priority, asked, ends, entered_at, entered_at + after AS due_at
            FROM spans JOIN planned USING (tag)
            WHERE left_at IS NULL AND due_at > {now - OVERDUE} AND due_at < {next_date_change(now, subject.zone)}),
        met AS (
            SELECT due.contact, place FROM due JOIN spans ON spans.contact = due.contact AND spans.tag = due.asked
            WHERE coalesce(spans.entered_at <= due.entered_at, true)
              AND coalesce(spans.left_at > due.entered_at, true)),
        ended AS (
            SELECT contact, place
            FROM (SELECT contact, place, entered_at AS since, unnest(ends) AS tag FROM due)
            JOIN spans USING (contact, tag) WHERE coalesce(left_at > since, true)),
        written AS (
            SELECT contact, max(t) AS wrote_at FROM events
            WHERE kind = 'message.sent' AND t <= {now} GROUP BY contact),
        alone AS (
            SELECT contact FROM tags WHERE ends_with(tag, '/{LEFT_ALONE}')
            UNION ALL
            SELECT contact FROM events WHERE kind IN ('subscribed', 'unsubscribed') AND t <= {now}
            GROUP BY contact HAVING arg_max(kind, (t, seq, id)) = 'unsubscribed'),
        undone AS (
            SELECT * FROM due LEFT JOIN written USING (contact)
            ANTI JOIN ended USING (contact, place) ANTI JOIN alone USING (contact)
            WHERE coalesce(wrote_at < due_at, true) AND (asked IS NULL OR (contact, place) IN (FROM met))
            QUALIFY row_number() OVER (PARTITION BY contact ORDER BY priority, due_at, place) = 1)
        SELECT contact, place, entered_at, due_at, count(*) OVER () FROM undone
        ORDER BY priority, place, due_at, contact LIMIT {MOST_SHOWN}"""


def steps_of(rulebook: Rulebook) -> Iterator[Step]:
    """What the reactions to entered tags make people do, in the rulebook's order; branches are left to journeys."""
    for reaction in rulebook.reactions:
        if reaction.edge == "enter":
            for deed in reaction.do:
                yield from _steps_of_deed(rulebook, reaction, deed)


def _steps_of_deed(rulebook: Rulebook, reaction: Reaction, deed: Mapping[str, Any]) -> Iterator[Step]:
    asked = asked_name(reaction.when) if reaction.when else None
    if "start" not in deed:
        yield from _step(rulebook, deed, Step(reaction.tag, 0, LOWEST_PRIORITY, None, None, asked, ()))
        return
    journey = rulebook.journeys[deed["start"]]
    ends = tuple(asked_name(clause) for clause in (journey.stop, journey.goal) if clause)
    bare = Step(reaction.tag, 0, _priority(journey), journey.title, None, asked, ends)
    for written in journey.steps:
        waits = [written["after"]] if "after" in written else []
        waits += [written["wait"]["at_most"]] if "wait" in written else []
        bare = bare._replace(after=bare.after + sum(map(duration, waits)))
        yield from _step(rulebook, written, bare)


def _step(rulebook: Rulebook, deed: Mapping[str, Any], bare: Step) -> Iterator[Step]:
    """The step with what the deed says; none for deeds that are no work towards the contact."""
    if "send" in deed:
        yield bare._replace(words=rulebook.texts[deed["send"]])
    elif "follow_up" in deed:
        made = deed["follow_up"]
        words = rulebook.texts[made["text"]] if "text" in made else None
        yield bare._replace(priority=made.get("priority", bare.priority), title=made["title"], words=words)


def _priority(journey: Journey) -> str:
    """The highest priority of its follow-ups: what it sends matters as much."""
    priorities = [step["follow_up"].get("priority", LOWEST_PRIORITY) for step in journey.steps if "follow_up" in step]
    return min(priorities, default=LOWEST_PRIORITY)


def filled(words: str, contact: str, fields: Mapping[str, object]) -> str:
    """Suggested words with the contact's fields in them; one known only by a number is not called by it.

    >>> filled("Hello {contact.name}, all well?", "Ann", {}), filled("Hello {contact.name}, all well?", "+49 17", {})
    ('Hello Ann, all well?', 'Hello, all well?')
    >>> filled("All well, {contact.name}?", "17850", {}), filled("{contact.name},您好", "17850", {})
    ('All well?', '您好')
    >>> filled("{contact.name}, all well?", "17850", {})
    'All well?'
    """
    called = str(fields.get("name") or (contact if any(map(str.isalpha, contact)) else ""))
    if not called:
        words = _NAME.sub("", words)
        words = words[:1].upper() + words[1:]
    return _FIELD.sub(lambda found: called if found[1] == "name" else str(fields.get(found[1]) or ""), words)
