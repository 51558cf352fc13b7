"""`seamark read`: files of any known kind, as events."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.table import Table
from rich.text import Text

from seamark.cli.frame import show_notes
from seamark.cli.language import counted, in_words, say
from seamark.cli.naming import noun
from seamark.cli.opening import kind_of, set_aside, zone_of
from seamark.cli.output import check_rows_file
from seamark.cli.screen import out, print_json, progress, visible
from seamark.readers.recognise import read as read_files
from seamark.readers.shape import EVENT_COLUMNS, Row
from seamark.readers.writing import write_events

SAMPLE = 8
"""How many rows are shown."""


@dataclass
class Tally:
    """What passed by."""

    kinds: Counter[str] = field(default_factory=Counter)
    contacts: set[str] = field(default_factory=set)
    sample: list[Row] = field(default_factory=list)

    def take(self, rows: Iterator[Row]) -> Iterator[Row]:
        """The rows, counted as they pass."""
        for row in rows:
            self.kinds[str(row.values.get("kind"))] += 1
            self.contacts.add(str(row.values.get("contact")))
            if len(self.sample) < SAMPLE:
                self.sample.append(row)
            yield row


def read(
    files: Sequence[Path],
    as_: str | None,
    us: Sequence[str] | None,
    zone: str | None,
    output: Path | None,
    rejects: Path | None,
    *,
    as_json: bool,
) -> None:
    """Read, and show a sample, or write an event file with what was set aside beside it."""
    if output:
        check_rows_file(output)
    notes: list[str] = []
    reading = read_files(files, zone_of(zone, notes), kind_of(as_), us)
    tally = Tally()
    with progress(say("progress.reading")) as told:
        rows = _told(tally.take(reading.rows), told)
        if output:
            write_events(rows, output)
        else:
            for _ in rows:
                pass
    written_to = set_aside(reading.rejects, rejects, output, notes)
    notes += map(in_words, reading.notes)
    if as_json:
        print_json(_json(tally, output, len(reading.rejects), written_to, notes))
    else:
        _show(out(), tally, output)
        show_notes(out(), notes)


def _told(rows: Iterator[Row], told: Callable[[int], None]) -> Iterator[Row]:
    for row in rows:
        yield row
        told(1)


def _show(console: Console, tally: Tally, output: Path | None) -> None:
    events = tally.kinds.total()
    console.print(Text(f"{counted('events', events)} · {counted('contacts', len(tally.contacts))}", style="bold"))
    kinds = Table.grid(padding=(0, 2))
    for kind, number in tally.kinds.most_common():
        kinds.add_row("", kind, Text(noun(kind), style="dim"), Text(f"{number:,}", justify="right"))
    console.print(kinds)
    if output:
        console.print(say("written", rows=counted("rows", events), file=output), soft_wrap=True)
    elif tally.sample:
        console.print()
        console.print(Text(say("read.sample", rows=counted("rows", len(tally.sample))), style="bold"))
        console.print(_sample(tally.sample))


def _sample(rows: Sequence[Row]) -> Table:
    table = Table.grid(padding=(0, 2))
    for width in (18, 20, 16):  # contact, time and kind
        table.add_column(min_width=width, max_width=width + 4, no_wrap=True, overflow="ellipsis")
    table.add_column(no_wrap=True, overflow="ellipsis", ratio=1)
    for row in rows:
        props = {name: value for name, value in row.values.items() if name not in EVENT_COLUMNS}
        rest = "  ".join(f"{name} {visible(str(value))}" for name, value in props.items())
        fixed = [visible(str(row.values.get(name, ""))) for name in ("contact", "occurred_at", "kind")]
        table.add_row(*fixed, Text(rest, style="dim"))
    return table


def _json(
    tally: Tally, output: Path | None, rejected: int, rejects: Path | None, notes: Sequence[str]
) -> dict[str, Any]:
    return {
        "events": tally.kinds.total(),
        "contacts": len(tally.contacts),
        "kinds": dict(tally.kinds.most_common()),
        "sample": [{name: _plain(value) for name, value in row.values.items()} for row in tally.sample],
        "output": str(output) if output else None,
        "rejects": {"rows": rejected, "file": str(rejects) if rejects else None},
        "notes": list(notes),
    }


def _plain(value: object) -> object:
    if isinstance(value, Decimal):
        return int(value) if value == int(value) else float(value)
    return value
