"""`seamark fit`: the population figures of a rulebook, from one's own contacts."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.table import Table
from rich.text import Text

from seamark.cli import clock
from seamark.cli.frame import head_json, show_header, show_notes
from seamark.cli.language import say
from seamark.cli.naming import said
from seamark.cli.opening import Opened, opened_for, rulebook_of
from seamark.cli.output import check_folder, write_text
from seamark.cli.screen import out, print_json, progress
from seamark.cli.sources import Sources
from seamark.engine.fit import Fitted
from seamark.engine.fit import fit as fitted
from seamark.engine.moments import moment_text
from seamark.engine.replay import History
from seamark.engine.rulebook import Param
from seamark.engine.sentence.names import figures
from seamark.engine.units import SCALE, number_text


def fit(name: str, sources: Sources, output: Path | None, *, as_json: bool) -> None:
    """Fit, show what was found, and write it where `--params` reads it."""
    if output:
        check_folder(output)
    begun = clock.seconds()
    with opened_for(rulebook_of(name), sources) as found:
        contacts = found.histories.contact_count
        with progress(say("progress.contacts"), contacts) as told:
            values = fitted(found.rulebook, found.zone, _told(found.histories.each(), told), found.now)
        if output:
            write_text(params_text(found, contacts, values), output)
        found.set_aside(beside=output)
        if as_json:
            print_json(_json(found, contacts, values))
            return
        console = out()
        moment = say("head.as_of", moment=found.times.full(found.now), zone=found.zone.key)
        show_header(console, found, moment, "online", clock.seconds() - begun)
        console.print()
        _show(console, found, values)
        if output:
            console.print()
            console.print(say("fit.written", file=output), soft_wrap=True)
        show_notes(console, found.notes)


def params_text(found: Opened, contacts: int, values: Sequence[Fitted]) -> str:
    """The params file: YAML, each figure with how it came about."""
    lines = [
        "# Written by `seamark fit`; `--params` reads it.",
        f"rulebook: {found.rulebook.name}",
        f"version: {found.rulebook.version}",
        f"fitted_at: {moment_text(found.now)}",
        f"rows: {contacts}",
        "params:" if any(each.value is not None for each in values) else "params: {}",
    ]
    for each in values:
        about = f"quantile {_quantile(found.rulebook.params[each.name])} of {each.rows} contacts"
        if each.value is None:
            lines.append(f"  # {each.name}: {about}, so that its default stays")
        else:
            lines.append(f"  {each.name}: {number_text(each.value)} # {about}")
    return "\n".join(lines) + "\n"


def _told(histories: Iterator[History], told: Callable[[int], None]) -> Iterator[History]:
    for history in histories:
        yield history
        told(1)


def _quantile(param: Param) -> str:
    return number_text(param.quantile or SCALE)


def _show(console: Console, found: Opened, values: Sequence[Fitted]) -> None:
    if not values:
        console.print(say("fit.nothing"))
        return
    table = Table(box=None, pad_edge=False, padding=(0, 2, 0, 0))
    for head in ("param", "of", "quantile", "contacts", "before", "value"):
        right = head not in ("param", "of")
        table.add_column(Text(say(f"fit.{head}"), style="dim"), justify="right" if right else "left")
    for each in values:
        param = found.rulebook.params[each.name]
        of = said(found.rulebook, param.of) if param.of else ""
        before = figures(param.value) if isinstance(param.value, int) else str(param.value)
        value = before if each.value is None else figures(each.value)
        table.add_row(each.name, of, _quantile(param), f"{each.rows:,}", before, Text(value, style="bold"))
    console.print(table)


def _json(found: Opened, contacts: int, values: Sequence[Fitted]) -> dict[str, Any]:
    return {
        **head_json(found),
        "rows": contacts,
        "params": [
            {
                "param": each.name,
                "quantile": float(_quantile(found.rulebook.params[each.name])),
                "contacts": each.rows,
                "value": None if each.value is None else float(number_text(each.value).replace("_", "")),
            }
            for each in values
        ],
    }
