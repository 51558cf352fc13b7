"""The account of a condition: each part true or false, and the events behind it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from rich.console import Console
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from seamark.cli.language import counted, say
from seamark.cli.naming import naming_of, noun, said
from seamark.cli.screen import visible
from seamark.cli.when import Times
from seamark.engine.events import Event, Held, Reads
from seamark.engine.kinds import Type
from seamark.engine.moments import moment_text
from seamark.engine.rulebook import Rulebook
from seamark.engine.sentence.reasons import Reasons
from seamark.engine.sentence.told import as_list, other_props, shown, words_found, words_told
from seamark.engine.units import SCALE, number_text
from seamark.engine.why import Part
from seamark.engine.write import write

EVENTS_SHOWN = 5
"""The latest ones; earlier ones are counted."""


def show_account(console: Console, reasons: Reasons, reads: Reads, part: Part, times: Times) -> None:
    """The parts one below the other, each indented below what it is part of."""
    rulebook = reasons.naming.rulebook
    for line in reasons.lines(part):
        mark = Text("✓ " if line.true else "✗ ", style="bold green" if line.true else "bold red")
        row = Table.grid()
        row.add_column(width=2)
        row.add_column(overflow="fold")
        row.add_row(mark, line.sentence)
        console.print(Padding(row, (0, 0, 0, 2 * line.depth)))
        if line.events:
            console.print(Padding(_events_table(rulebook, line.events, reads, times), (0, 0, 0, 2 * line.depth + 4)))


def _events_table(rulebook: Rulebook, events: Sequence[Event], reads: Reads, times: Times) -> Table:
    table = Table.grid(padding=(0, 2))
    table.add_column(no_wrap=True)
    table.add_column(no_wrap=True)
    table.add_column(overflow="fold")
    earlier = len(events) - EVENTS_SHOWN
    if earlier > 0:
        table.add_row(Text(counted("earlier", earlier), style="dim"), "", "")
    for event in events[-EVENTS_SHOWN:]:
        table.add_row(
            Text(times.short(event.occurred_at), style="cyan"), noun(event.kind), told(rulebook, event, reads)
        )
    return table


def told(rulebook: Rulebook, event: Event, reads: Reads) -> Text:
    """What was written, with the words found in it, and the other props."""
    naming = naming_of(rulebook)
    line = Text()
    if text := event.props.get("text"):
        line.append(say("why.quoted", text=visible(str(text))))
        line.highlight_words([word for _, word in words_found(event)], "bold underline", case_sensitive=False)
    for aside in (*words_told(naming, event), *other_props(naming, event, reads)):
        line.append("  " if line else "")
        line.append(visible(aside), style="dim")
    return line


def account_json(rulebook: Rulebook, reads: Reads, part: Part) -> dict[str, Any]:
    """The account with conditions as they are written, too."""
    return {
        "condition": write(part.condition),
        "sentence": said(rulebook, part.condition),
        "true": part.true,
        "events": [event_json(event, reads) for event in part.evidence],
        "parts": [account_json(rulebook, reads, each) for each in part.parts],
    }


def event_json(event: Event, reads: Reads) -> dict[str, Any]:
    """An event as event files have it."""
    types = reads.props.get(event.kind, {})
    return {
        "occurred_at": moment_text(event.occurred_at),
        "kind": event.kind,
        "id": event.id or None,
        "props": {name: _plain(value, types.get(name, "text")) for name, value in event.props.items()},
    }


def _plain(value: Held, type_: Type) -> object:
    if type_ == "number" and isinstance(value, int):
        return value // SCALE if value % SCALE == 0 else float(number_text(value).replace("_", ""))
    return list(as_list(value)) if type_ == "list" else shown(value, type_)
