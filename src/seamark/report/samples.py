"""A few contacts with why they are where they are."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

from seamark.engine import tree
from seamark.engine.events import Event, distinct_events
from seamark.engine.why import Part, Why, why
from seamark.report.subject import Subject

MOST_SHOWN = 4
EVENTS_WISHED = 4
"""A sample has neither one event nor too many to look at."""


class Ground(NamedTuple):
    """A true part of a condition, as a sentence, and the events behind it."""

    sentence: str
    events: Sequence[Event]


class Sample(NamedTuple):
    """A contact, all the tags it holds, and the account of one of them."""

    contact: str
    tags: list[str]
    why: Why
    grounds: list[Ground]


def samples(subject: Subject, wanted: Iterable[str]) -> list[Sample]:
    """A contact for each of the first wanted tags that anybody else holds."""
    found: list[Sample] = []
    for tag in wanted:
        if len(found) == MOST_SHOWN:
            break
        contact = _holder(subject, tag, [sample.contact for sample in found])
        if contact:
            found.append(_sample(subject, contact, tag))
    return found


def _holder(subject: Subject, tag: str, taken: Sequence[str]) -> str:
    query = f"""
        SELECT contact FROM tags JOIN events USING (contact)
        WHERE tag = ? AND NOT list_contains(?::VARCHAR[], contact)
        GROUP BY contact ORDER BY abs(count(*) - {EVENTS_WISHED}), contact LIMIT 1"""
    found = subject.connection.execute(query, [tag, list(taken)]).fetchall()
    return str(found[0][0]) if found else ""


def _sample(subject: Subject, contact: str, tag: str) -> Sample:
    history = subject.histories.one(contact)
    assert history is not None, "it holds a tag"
    history = history._replace(events=distinct_events(history.events, subject.rulebook.reads))
    account = why(subject.rulebook, subject.zone, history, tag, subject.now)
    rows = subject.connection.execute("SELECT tag FROM tags WHERE contact = ?", [contact]).fetchall()
    held = {name for (name,) in rows}
    grounds = list(_grounds(subject, account.account)) if account.account and account.decided_by == "condition" else []
    return Sample(contact, [name for name in subject.rulebook.tags if name in held], account, grounds)


def _grounds(subject: Subject, part: Part) -> Iterator[Ground]:
    """The true parts: a titled rule as a whole, else what stands inside; a "not" with the title of what is not so."""
    titled = _rule_title(subject, part.condition)
    if isinstance(part.condition, tree.Not) and (denied := _rule_title(subject, part.condition.part)):
        titled = subject.speech.say("sample.denied", title=denied)
    inner = part.parts and not isinstance(part.condition, tree.Not)
    if inner and not titled:
        for each in part.parts:
            yield from _grounds(subject, each)
    elif part.true and titled:
        once = {id(event): event for event in _events(part)}
        yield Ground(titled, sorted(once.values(), key=lambda event: event.occurred_at))
    elif part.true:
        yield Ground(subject.said(part.condition), part.evidence)


def _rule_title(subject: Subject, condition: tree.Condition) -> str:
    """The title of the rule that says just this: in an account, rules are written out."""
    rules = subject.rulebook.rules.values()
    titles = (rule.title for rule in rules if rule.title and rule.clause.condition == condition)
    return next((subject.speech.titled(title) for title in titles), "")


def _events(part: Part) -> Iterator[Event]:
    yield from part.evidence
    for each in part.parts:
        if each.true:
            yield from _events(each)
