"""The exact times of all tags over whole histories, by one process and by two."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from functools import partial
from typing import Any

from benchmarks.measure import Run, interleaved, measured_apart, ratio, spread
from benchmarks.report import Row, note
from benchmarks.rulebook import ZONE, measure_of, planned
from benchmarks.stream import histories
from benchmarks.synthetic import EVENTS_A_CONTACT, NOW, SPAN
from seamark.engine.replay import replay
from seamark.engine.units import DAY

EVENTS = 100_000
ROUNDS = 3
PROCESSES = (1, 2)
BEGIN = NOW - SPAN - DAY
"""Before the first event."""


def run(scale: float = 1.0) -> list[Row]:
    """A row for each number of processes."""
    events = int(EVENTS * scale)
    runs = interleaved(
        {str(number): partial(measured_apart, replayed, count=events, processes=number) for number in PROCESSES}, ROUNDS
    )
    check_agreement({name: each[0].answer for name, each in runs.items()})
    return [
        note(
            f"The rulebook has {measure_of(planned())}. {events:,} events of {events // EVENTS_A_CONTACT:,} contacts "
            f"over {(NOW - BEGIN) // DAY} days, typed beforehand; starting the processes is counted."
        ),
        *(_row(number, each, runs["1"]) for number, each in runs.items()),
    ]


def replayed(count: int, processes: int) -> Callable[[], Any]:
    """The timelines of all contacts."""
    plan = planned()
    held = histories(count, plan.reads)

    def work() -> Any:
        spans = Counter(span.tag for parcel in replay(plan, ZONE, held, BEGIN, NOW, processes) for span in parcel)
        return {"contact-days": len(held) * ((NOW - BEGIN) // DAY), "spans": spans.total(), "by tag": dict(spans)}

    return work


def check_agreement(answers: dict[str, Any]) -> None:
    """However many processes, the spans are the same."""
    assert answers["1"] == answers["2"], "two processes find other spans than one"


def _row(processes: str, runs: list[Run], alone: list[Run]) -> Row:
    return {
        "processes": processes,
        "contact-days a second": spread([run.answer["contact-days"] / run.wall for run in runs]),
        "spans a second": spread([run.answer["spans"] / run.wall for run in runs]),
        "× one process": 1 / ratio(runs, alone),
        "peak MB of the first": max(run.peak for run in runs),
    }
