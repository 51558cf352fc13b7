"""What every answer about histories begins and ends with."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

from rich.console import Console
from rich.table import Table
from rich.text import Text

from seamark.cli.language import counted, say, titled
from seamark.cli.opening import Opened, unfitted
from seamark.cli.screen import visible
from seamark.engine.moments import moment_text
from seamark.engine.rulebook import Rulebook

NOTES_SHOWN = 8
_COUNT_OF_FILE = re.compile(r".+?: (?P<what>[^:]+): (?P<times>[0-9]+)")


def show_header(console: Console, found: Opened, when: str, engine: str, seconds: float) -> None:
    """Which rulebook, when, over how much, and how long it took."""
    console.print(titled_book(found.rulebook))
    console.print(when)
    histories = found.histories
    amounts = [counted("contacts", histories.contact_count), counted("events", histories.kinds.total())]
    took = say("head.took", engine=engine, seconds=f"{seconds:.1f}")
    console.print(" · ".join([*amounts, took]))


def titled_book(rulebook: Rulebook) -> Text:
    """The title of a rulebook, with its name and version."""
    title = Text(titled(rulebook.title), style="bold")
    return title.append(f" · {rulebook.name} {rulebook.version}", style="not bold dim")


def period(found: Opened, begin: int, end: int) -> str:
    """A period for the header."""
    return say("head.period", begin=found.times.full(begin), end=found.times.full(end), zone=found.zone.key)


def show_notes(console: Console, notes: Sequence[str]) -> None:
    """What was chosen or found on the way, each a paragraph with a dash."""
    shown = together(notes)
    if len(shown) > NOTES_SHOWN:
        shown = [*shown[:NOTES_SHOWN], say("note.more", notes=counted("more", len(shown) - NOTES_SHOWN))]
    if shown:
        console.print()
        table = Table.grid(padding=(0, 1))
        for note in shown:
            table.add_row(Text("–", style="dim"), Text(visible(note), style="dim", overflow="fold"))
        console.print(table)


def together(notes: Sequence[str]) -> list[str]:
    """The notes, with those that count the same in several files as one.

    >>> together(["a.txt: notices left out: 2", "b.txt: notices left out: 1", "c.txt: is odd"])
    ['notices left out: 3 (2 files)', 'c.txt: is odd']
    """
    counts: dict[str, list[int]] = {}
    for note in notes:
        if found := _COUNT_OF_FILE.fullmatch(note):
            counts.setdefault(found["what"], []).append(int(found["times"]))
    shown: dict[str, None] = {}
    for note in notes:
        found = _COUNT_OF_FILE.fullmatch(note)
        if found and len(times := counts[found["what"]]) > 1:
            note = say("note.files", what=found["what"], times=sum(times), files=counted("files", len(times)))
        shown[note] = None
    return list(shown)


def head_json(found: Opened) -> dict[str, Any]:
    """What every answer about histories begins with."""
    rejects = found.histories.rejects
    return {
        "rulebook": found.rulebook.name,
        "version": found.rulebook.version,
        "as_of": moment_text(found.now),
        "zone": found.zone.key,
        "unfitted": unfitted(found.rulebook),
        "rejects": {"rows": len(rejects), "file": str(found.rejects_file) if found.rejects_file else None},
        "notes": found.notes,
    }
