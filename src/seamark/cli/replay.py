"""`seamark replay`: when each tag was held."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.table import Table
from rich.text import Text

from seamark.cli import clock
from seamark.cli.failures import Failure
from seamark.cli.frame import head_json, period, show_header, show_notes
from seamark.cli.language import counted, say, titled
from seamark.cli.opening import Opened, moment_of, opened
from seamark.cli.output import check_rows_file, keep_rows, rows_of, write_rows, written
from seamark.cli.screen import dot, out, print_json, progress
from seamark.cli.sources import Sources
from seamark.cli.when import length
from seamark.engine.moments import moment_text
from seamark.engine.plan import Plan, plan_rulebook
from seamark.engine.replay import CONTACTS_A_PARCEL, Span
from seamark.engine.replay import replay as replayed
from seamark.engine.rulebook import TagGroup

COLUMNS = {"contact": str, "tag": str, "entered_at": int, "left_at": int}
TEXTS = (
    f"SELECT contact, tag, {written('entered_at')} AS entered_at, {written('left_at')} AS left_at "
    "FROM spans ORDER BY ALL"
)
MOMENTS = (
    "SELECT contact, tag, make_timestamp(entered_at)::TIMESTAMPTZ AS entered_at, "
    "make_timestamp(left_at)::TIMESTAMPTZ AS left_at FROM spans ORDER BY ALL"
)
EVENTS_WORTH_PROCESSES = 20_000
"""With fewer events, starting processes takes longer than they save."""


def replay(name: str, sources: Sources, since: str | None, output: Path | None, *, as_json: bool) -> None:
    """Replay up to the sources' moment, and show how often tags changed, or write the spans, or give JSON."""
    if output:
        check_rows_file(output)
    begun = clock.seconds()
    with opened(name, sources) as found:
        begin = beginning(found, since)
        connection = found.histories.connection
        parcels = spans(found, plan_rulebook(found.rulebook), found.now)
        keep_rows(connection, "spans", COLUMNS, (_after(begin, parcel) for parcel in parcels))
        if output:
            write_rows(connection, MOMENTS if output.suffix == ".parquet" else TEXTS, output)
        found.set_aside(beside=output)
        if as_json:
            print_json(_json(found, begin) | ({} if output else {"rows": rows_of(connection, TEXTS)}))
            return
        console = out()
        first = next((each for each in (begin, found.histories.oldest) if each is not None), found.now)
        show_header(console, found, period(found, first, found.now), "online", clock.seconds() - begun)
        if output:
            rows = connection.execute("SELECT count(*) FROM spans").fetchall()[0][0]
            console.print(say("written", rows=counted("rows", rows), file=output), soft_wrap=True)
        else:
            _show(console, found, begin)
        show_notes(console, found.notes)


def beginning(found: Opened, since: str | None) -> int | None:
    """The moment after which spans are wanted; None where all are."""
    begin = moment_of(since, found.zone, found.notes) if since else None
    if begin is not None and begin >= found.now:
        raise Failure("wrong.period", begin=found.times.full(begin), end=found.times.full(found.now))
    return begin


def spans(found: Opened, plan: Plan, end: int) -> Iterator[list[Span]]:
    """The spans of all contacts up to `end`, a parcel of contacts at a time."""
    histories = found.histories
    contacts = histories.contact_count
    begin = min(end, histories.oldest if histories.oldest is not None else end) - 1
    processes = (os.cpu_count() or 1) if histories.kinds.total() > EVENTS_WORTH_PROCESSES else 1
    with progress(say("progress.contacts"), contacts) as told:
        for parcel in replayed(plan, found.zone, histories.each(), begin, end, processes):
            yield parcel
            told(min(CONTACTS_A_PARCEL, contacts))
            contacts -= CONTACTS_A_PARCEL


def _after(begin: int | None, parcel: Sequence[Span]) -> list[Span]:
    return [span for span in parcel if begin is None or span.left_at is None or span.left_at > begin]


def _tallies(found: Opened, begin: int | None) -> list[dict[str, Any]]:
    """For each tag: how often it was entered and left, who holds it at the end, and for how long it was held."""
    counted_from = "entered_at IS NOT NULL" if begin is None else f"entered_at > {begin}"
    rows = rows_of(
        found.histories.connection,
        f"""SELECT tag, count(*) FILTER ({counted_from}) AS entered, count(left_at) AS "left",
                   count(*) FILTER (left_at IS NULL) AS held, avg(left_at - entered_at) / 1e6 AS mean_seconds
            FROM spans GROUP BY tag""",
    )
    return sorted(rows, key=lambda row: list(found.rulebook.tags).index(row["tag"]))


def _show(console: Console, found: Opened, begin: int | None) -> None:
    tallies = {tally["tag"]: tally for tally in _tallies(found, begin)}
    for group in found.rulebook.groups:
        if any(tag.name in tallies for tag in group.tags):
            console.print()
            console.print(_table(group, tallies))


def _table(group: TagGroup, tallies: Mapping[str, Mapping[str, Any]]) -> Table:
    table = Table(box=None, pad_edge=False, padding=(0, 2, 0, 0))
    table.add_column(Text(titled(group.title), style="bold"), min_width=34)
    for head, width in (("entered", 8), ("left", 8), ("held", 8), ("length", 12)):
        table.add_column(Text(say(f"replay.{head}"), style="dim"), justify="right", min_width=width, no_wrap=True)
    for tag in group.tags:
        if tally := tallies.get(tag.name):
            mean = tally["mean_seconds"]
            table.add_row(
                Text.assemble("  ", dot(tag.color), " ", titled(tag.title)),
                *(f"{tally[head]:,}" for head in ("entered", "left", "held")),
                "" if mean is None else length(round(mean * 1_000_000)),
            )
    return table


def _json(found: Opened, begin: int | None) -> dict[str, Any]:
    return {
        **head_json(found),
        "from": None if begin is None else moment_text(begin),
        "to": moment_text(found.now),
        "tags": _tallies(found, begin),
    }
