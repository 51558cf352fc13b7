"""From a delivery by HTTP to committed tags, sustained and at half load, beside one row a transaction by the ORM."""

from __future__ import annotations

import time
from statistics import median

import psycopg

from benchmarks.house import RULEBOOK, House, deliveries, open_house, send, told, until_handled
from benchmarks.report import Row, goal, note

LARGE, LARGE_EVENTS = 2_000, 20
SMALL = 4_000
ORM_EVENTS = 1_000
SECONDS_AT_HALF_LOAD = 20


def run(scale: float = 1.0) -> list[Row]:
    """A row for each way, and the waits at half load."""
    with open_house() as place:
        warm = deliveries(max(4, int(100 * scale)), LARGE_EVENTS, "warm")
        send(warm, place)
        until_handled(place.url)
        large = _sustained(place, max(8, int(LARGE * scale)), LARGE_EVENTS, "large")
        small = _sustained(place, max(8, int(SMALL * scale)), 1, "small")
        pace = large["deliveries a second"] / 2
        waits = _waits(place, pace, max(8, int(pace * SECONDS_AT_HALF_LOAD * scale)))
        orm = float(told(place, "benchmarks.intake_by_orm", str(max(20, int(ORM_EVENTS * scale)))))
    return [
        note(
            f"`seamark web` and `seamark worker` in one process each, PostgreSQL durable, all on this machine with the "
            f"sender; the rulebook is `{RULEBOOK}`. Counted until the last tag is committed."
        ),
        *({"deliveries": name, **row} for name, row in ((f"of {LARGE_EVENTS} events", large), ("of one event", small))),
        {"way": "one event, one transaction, by the ORM, without HTTP", "events a second": orm},
        {"at half load, from receipt to tags": "seconds", **waits},
        *_goals(large["events a second"], small["events a second"], orm, waits["p99"]),
    ]


def _goals(large: float, small: float, orm: float, p99: float) -> list[Row]:
    return [
        goal("3,000 events a second in deliveries of 20", f"{large:,.0f}", large >= 3_000),
        goal("400 single deliveries a second", f"{small:,.0f}", small >= 400),
        goal("5 × the ORM", f"{large / orm:.1f} ×", large >= 5 * orm),
        goal("p99 under 1 s at half load", f"{p99:.2f} s", p99 < 1),
    ]


def _sustained(place: House, number: int, events: int, name: str) -> dict[str, float]:
    bodies = deliveries(number, events, name)
    begun = time.perf_counter()
    cpu = send(bodies, place)
    until_handled(place.url)
    took = time.perf_counter() - begun
    return {
        "events a second": number * events / took,
        "deliveries a second": number / took,
        "share of a core that sending took": cpu / took,
    }


def _waits(place: House, a_second: float, number: int) -> dict[str, float]:
    with psycopg.connect(place.url, autocommit=True) as asking:
        before = asking.execute("SELECT coalesce(max(id), 0) FROM timeline_delivery").fetchall()[0][0]
        send(deliveries(number, LARGE_EVENTS, "half"), place, a_second)
        until_handled(place.url)
        waited = sorted(
            float(seconds)
            for (seconds,) in asking.execute(
                "SELECT extract(epoch FROM handled_at - received_at) FROM timeline_delivery WHERE id > %s", [before]
            ).fetchall()
        )
    return {"p50": median(waited), "p95": waited[int(len(waited) * 0.95)], "p99": waited[int(len(waited) * 0.99)]}
