"""Tags as things happen, on one core: events with the whole rulebook; twenty rules beside other rule engines."""

from __future__ import annotations

import gc
from collections.abc import Callable
from functools import partial
from hashlib import sha256
from statistics import median
from typing import Any

from benchmarks import twenty
from benchmarks.measure import Contender, Run, interleaved, measured_apart, spread
from benchmarks.report import Row, goal, note
from benchmarks.rulebook import ZONE, measure_of, planned
from benchmarks.stream import as_they_happen
from benchmarks.synthetic import EVENTS_A_CONTACT, NOW
from seamark.engine.events import Event
from seamark.engine.online import Online, State

EVENTS = 200_000
ROUNDS = 5
DECISIONS = 100_000
"""How often each peer decides in one run; the slow ones a fraction of it."""

EVENTS_A_SECOND = 50_000
TIMES_THE_BEST_PEER = 5


def run(scale: float = 1.0) -> list[Row]:
    """A table of the stream, one of the twenty rules, and what was to be reached."""
    events = int(EVENTS * scale)
    streamed = interleaved(
        {
            name: partial(measured_apart, contender, count=events, **given)
            for name, (contender, given) in STREAMED.items()
        },
        ROUNDS,
    )
    check_agreement({name: runs[0].answer for name, runs in streamed.items()})
    decided = interleaved(
        {
            name: partial(measured_apart, contender, count=max(1, int(DECISIONS * scale * share)))
            for name, (contender, share) in twenty.CONTENDERS.items()
        },
        ROUNDS,
    )
    twenty.check_agreement({name: runs[0].answer for name, runs in decided.items()})
    return [
        note(
            f"The rulebook has {measure_of(planned())}. {events:,} events of {events // EVENTS_A_CONTACT:,} contacts "
            "come in the order of their moments, contacts interleaved, typed beforehand; each contact's state is kept. "
            "One process, one core; rates are by processor time."
        ),
        *(_streamed(name, runs) for name, runs in streamed.items()),
        note(
            "Twenty rules on fourteen facts that are at hand: facts in, twenty truths out. All give the same answers. "
            "The generated function reads facts as a row, as a contact's state keeps them, the peers as a mapping."
        ),
        *twenty.table(decided),
        *_goals(streamed, decided),
    ]


def check_agreement(answers: dict[str, Any]) -> None:
    """However a stream is taken in, every contact ends with the same tags."""
    assert len({found["tags"] for found in answers.values()}) == 1, "the ways of the stream end with other tags"


# The stream


def fold_and_verdict(count: int, ids: bool = False) -> Callable[[], Any]:
    """Each event folded, and the tags asked for right after it, with the moment until which they hold."""
    online, events = _ready(count, ids)

    def work() -> Any:
        return partial(_answer, online, _lived(online, events), len(events))

    return work


def fold_then_tags(count: int) -> Callable[[], Any]:
    """All events folded, then the tags of each contact asked for once, without their end."""
    online, events = _ready(count)

    def work() -> Any:
        states: dict[str, State] = {}
        for event in events:
            online.fold(_state(online, states, event), event)
        for state in states.values():
            online.tags(state, NOW)
        return partial(_answer, online, states, len(events))

    return work


def verdicts(count: int, again: bool = False) -> Callable[[], Any]:
    """No event, but time: each contact's state brought forward to one later moment; `again`, where it is already."""
    online, events = _ready(count)
    states = _lived(online, events)
    if again:
        _bring_forward(online, states)

    def work() -> Any:
        _bring_forward(online, states)
        return partial(_answer, online, states, len(states))

    return work


LIVE = "events, each folded and followed by a verdict"
STREAMED: dict[str, tuple[Contender, dict[str, bool]]] = {
    LIVE: (fold_and_verdict, {}),
    "the same, each event with an id": (fold_and_verdict, {"ids": True}),
    "events, all folded, then each contact's tags once": (fold_then_tags, {}),
    "contacts brought forward in time, with a verdict": (verdicts, {}),
    "contacts asked again where nothing has changed": (verdicts, {"again": True}),
}


def _ready(count: int, ids: bool = False) -> tuple[Online, list[Event]]:
    online = Online(planned(), ZONE)
    events = as_they_happen(count, online.plan.reads)
    if ids:
        events = [event._replace(id=f"e{place}") for place, event in enumerate(events)]
    gc.collect()
    gc.freeze()  # the events would not lie in memory; what the evaluator makes is collected as ever
    return online, events


def _lived(online: Online, events: list[Event]) -> dict[str, State]:
    states: dict[str, State] = {}
    for event in events:
        state = _state(online, states, event)
        online.fold(state, event)
        online.verdict(state, event.occurred_at)
    return states


def _state(online: Online, states: dict[str, State], event: Event) -> State:
    state = states.get(event.contact)
    if state is None:
        states[event.contact] = state = online.state()
    return state


def _bring_forward(online: Online, states: dict[str, State]) -> None:
    for state in states.values():
        online.verdict(state, NOW)


def _answer(online: Online, states: dict[str, State], done: int) -> dict[str, Any]:
    """How much was done, and a hash of the tags of all contacts in the end."""
    digest = sha256()
    for contact in sorted(states):
        digest.update(f"{contact} {' '.join(online.verdict(states[contact], NOW).tags)}\n".encode())
    return {"done": done, "tags": digest.hexdigest()}


def _streamed(name: str, runs: list[Run]) -> Row:
    return {
        "what": name,
        "a second and core": spread(twenty.rates(runs)),
        "µs each": median(1_000_000 / rate for rate in twenty.rates(runs)),
        "a second by the clock": spread([run.answer["done"] / run.wall for run in runs]),
        "peak MB": max(run.peak for run in runs),
    }


def _goals(streamed: dict[str, list[Run]], decided: dict[str, list[Run]]) -> list[Row]:
    rate = median(twenty.rates(streamed[LIVE]))
    return [
        goal(
            f"{EVENTS_A_SECOND:,} events a second and core, the whole rulebook",
            f"{rate:,.0f} events a second",
            rate >= EVENTS_A_SECOND,
        ),
        _peer_goal(decided, twenty.OURS, "facts in a row"),
        _peer_goal(decided, twenty.FROM_MAPPING, "facts in a mapping, as the peers read them"),
    ]


def _peer_goal(decided: dict[str, list[Run]], ours: str, form: str) -> Row:
    times, best = twenty.times_the_best_peer(decided, ours)
    told = f"{TIMES_THE_BEST_PEER} × the best peer on twenty rules, {form}"
    return goal(told, f"{times:.1f} × {best}", times >= TIMES_THE_BEST_PEER)
