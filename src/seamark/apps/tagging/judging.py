"""From where a contact stood to where it stands: pure, given what is known of it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

from seamark.engine.events import Event
from seamark.engine.online import Online, State
from seamark.engine.replay import History, changes, fields_before


class Change(NamedTuple):
    """A tag entered or left at a logical moment, in microseconds."""

    tag: str
    entered: bool
    moment: int


Held = dict[str, int | None]
"""Tags, and since when; None: since before the history."""


@dataclass
class Judgement:
    """Where the contact stands."""

    state: State
    held: Held
    changes: list[Change]
    valid_until: int | None
    """When that can change with no new event."""


def forward(online: Online, state: State, held: Held, events: Sequence[Event], now: int) -> Judgement | None:
    """Take events in and bring the state to `now`. None when an event lies before the state's last verdict.

    Such a late event may move moments that were told already: judge `afresh` then.
    """
    if any(event.occurred_at < state.now for event in events):
        return None
    online.verdict(state, state.now)
    return _brought(online, state, dict(held), events, now)


def afresh(online: Online, history: History, held: Held, now: int) -> Judgement:
    """Judge the whole history. The changes are those by which the outcome differs from `held`."""
    begin = min([now, *(event.occurred_at for event in history.events[:1])]) - 1
    state = online.state(fields_before(history, online.plan.reads))
    begun: Held = dict.fromkeys(online.verdict(state, begin).tags)
    judged = _brought(online, state, begun, history.events, now)
    left = {change.tag: change.moment for change in judged.changes if not change.entered}
    judged.changes = [Change(tag, False, left.get(tag, now)) for tag in held if tag not in judged.held]
    judged.changes += [
        Change(tag, True, begin if since is None else since) for tag, since in judged.held.items() if tag not in held
    ]
    return judged


def continued(
    online: Online, history: History, held: Held, base: int, events: Sequence[Event], now: int
) -> tuple[list[Change], Judgement]:
    """Judge a contact whom another plan judged until `base`: the changes that come of the plan, and what came since.

    Each of the new events, which the history has too, lies after `base`.
    """
    new = {event.id for event in events}
    known = [event for event in history.events if event.id not in new]
    begun = afresh(online, history._replace(events=known), held, base)
    since = forward(online, begun.state, begun.held, events, now)
    assert since is not None
    return begun.changes, since


def _brought(online: Online, state: State, held: Held, events: Sequence[Event], now: int) -> Judgement:
    known_ahead, state.pending = state.pending, []
    events = sorted([*known_ahead, *events], key=online.plan.reads.order_key)
    made: list[Change] = []
    for moment, tags in changes(online, state, events, now):
        made += [Change(tag, False, moment) for tag in held if tag not in tags]
        made += [Change(tag, True, moment) for tag in tags if tag not in held]
        held = {tag: held.get(tag, moment) for tag in tags}
    for event in events:
        if event.occurred_at > now:
            online.fold(state, event)
    return Judgement(state, held, made, online.verdict(state, state.now).valid_until)
