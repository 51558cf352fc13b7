"""A million contacts, of whom a hundred thousand are due within one minute: how late, and what goes on when none is."""

from __future__ import annotations

import os
import sys
import time
from datetime import UTC, datetime, timedelta
from itertools import repeat
from pathlib import Path
from subprocess import Popen
from typing import Any

import django
import psycopg

from benchmarks.house import RULEBOOK, at_work, house, told
from benchmarks.report import Row, goal, note
from seamark.engine.moments import as_moment

CONTACTS, DUE = 1_000_000, 100_000
SECONDS = 60
"""In which they are due, as many in each."""
SECONDS_AT_REST = 20
LEAD_SECONDS = 10
"""From writing down who is due until the first is."""
LOOK_EVERY_SECONDS = 0.2
SECONDS_TO_BEGIN = 4
SILENT_AFTER = timedelta(days=90)
"""What the rulebook says."""
BIG = {f"scans of {table}": table for table in ("contacts_contact", "contacts_identity", "tagging_standing")}


def run(scale: float = 1.0) -> list[Row]:
    """What goes on at rest, and how late the last was."""
    number, due = max(200, int(CONTACTS * scale)), max(20, int(DUE * scale))
    seconds, at_rest = max(3, int(SECONDS * scale)), max(3, int(SECONDS_AT_REST * scale))
    with house() as place:
        told(place, __name__, "fill", str(number))
        with at_work(place, "worker") as worker, psycopg.connect(place.url, autocommit=True) as asking:
            rest = _at_rest(asking, worker, at_rest)
            first = datetime.fromisoformat(told(place, __name__, "due", str(due), str(seconds)))
            late, cpu = _lateness(asking, worker, first, seconds)
            changed = asking.execute("SELECT count(DISTINCT contact_id) FROM tagging_tagchange").fetchall()[0][0]
    if changed != due:
        raise AssertionError(f"{due} contacts were due, and tags of {changed} changed")
    scans = sum(rest[table] for table in BIG)
    return [
        note(
            f"{number:,} contacts, of whom {due:,} change a tag of `{RULEBOOK}` within {seconds} s, as many in each "
            "second. One `seamark worker`; lateness is how long the one had waited who then waited longest."
        ),
        {
            "late at worst": f"{late:.1f} s",
            "CPU of the worker": f"{cpu:.1f} s",
            "judged a second of its CPU": due / cpu,
        },
        *({"at rest, a second": what, "": number} for what, number in rest.items()),
        goal("late at worst under 60 s", f"{late:.1f} s", late < 60),
        goal("at rest no query that scans contacts", f"{scans:.0f} scans", scans == 0),
    ]


def _lateness(asking: Any, worker: Popen[bytes], first: datetime, seconds: int) -> tuple[float, float]:
    """How late at worst, and the worker's CPU seconds, until all are judged."""
    last, worst, cpu = first + timedelta(seconds=seconds), 0.0, _cpu(worker)
    while True:
        [(oldest,)] = asking.execute("SELECT min(recheck_at) FROM tagging_standing").fetchall()
        now = datetime.now(UTC)
        if oldest is None or oldest >= last:
            return worst, _cpu(worker) - cpu
        worst = max(worst, (now - oldest).total_seconds())
        time.sleep(LOOK_EVERY_SECONDS)


def _at_rest(asking: Any, worker: Popen[bytes], seconds: int) -> dict[str, float]:
    """What goes on a second when nothing is due."""
    time.sleep(SECONDS_TO_BEGIN)
    before, begun = _counts(asking, worker), time.perf_counter()
    time.sleep(seconds)
    took = time.perf_counter() - begun
    return {what: (count - before[what]) / took for what, count in _counts(asking, worker).items()}


def _counts(asking: Any, worker: Popen[bytes]) -> dict[str, float]:
    """What has happened so far. The database counts what a session did with a delay of about a second."""
    scans = dict(asking.execute("SELECT relname, seq_scan FROM pg_stat_user_tables").fetchall())
    transactions = "SELECT xact_commit FROM pg_stat_database WHERE datname = current_database()"
    rows = "SELECT sum(seq_tup_read), sum(idx_tup_fetch) FROM pg_stat_user_tables"
    [(read, fetched)] = asking.execute(rows).fetchall()
    return {
        **{table: scans[what] for table, what in BIG.items()},
        "transactions": asking.execute(transactions).fetchall()[0][0],
        "rows read by scanning small tables": float(read),
        "rows read by an index": float(fetched),
        "the worker's CPU, s": _cpu(worker),
    }


def _cpu(process: Popen[bytes]) -> float:
    """Seconds, of all its threads."""
    fields = Path(f"/proc/{process.pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


# --- What runs in the house ---


def fill(number: int) -> None:
    """Contacts of whom none is due for long."""
    from benchmarks.crowd import Stand
    from benchmarks.crowd import fill as fill_with

    state, tags = _about_to_change(datetime.now(UTC) + timedelta(days=300))
    now = datetime.now(UTC)
    fill_with(repeat(Stand(tags, state, now + timedelta(days=300), now), number))
    print(number)


def due(number: int, seconds: int) -> None:
    """Let so many be due within so many seconds from soon on; prints from when."""
    from django.db import connection

    first = datetime.now(UTC).replace(microsecond=0) + timedelta(seconds=LEAD_SECONDS)
    with connection.cursor() as cursor:
        for second in range(seconds):
            moment = first + timedelta(seconds=second)
            state, tags = _about_to_change(moment)
            cursor.execute(_DUE, [state, moment, tags, len(tags), number, seconds, second])
    print(first.isoformat())


_DUE = """
UPDATE tagging_standing SET state = %s, recheck_at = %s, tags = %s, since = array_fill(NULL::timestamptz, ARRAY[%s])
WHERE contact_id <= %s AND contact_id %% %s = %s
"""


def _about_to_change(moment: datetime) -> tuple[bytes, list[int]]:
    """The state of a contact who wrote once and falls silent at that moment, and the tags held until then."""
    from seamark.apps.tagging.rulebooks import ORGANISATION_ZONE, live_rulebook

    live = live_rulebook()
    assert live
    online, end = live.online, as_moment(moment)
    wrote = as_moment(moment - SILENT_AFTER)
    state = online.state()
    online.fold(state, live.plan.reads.event("c", wrote, "message.received", {}, ORGANISATION_ZONE, id="once"))
    verdict = online.verdict(state, wrote)
    while verdict.valid_until and verdict.valid_until < end:
        verdict = online.verdict(state, verdict.valid_until)
    return online.dump(state), [live.tag_ids[tag] for tag in verdict.tags]


if __name__ == "__main__":
    django.setup()
    {"fill": fill, "due": due}[sys.argv[1]](*map(int, sys.argv[2:]))
