"""The account of a condition: each part true or false, and the events behind it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from rich.console import Console
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from seamark.cli.language import counted, say, titled
from seamark.cli.naming import noun, said
from seamark.cli.screen import visible
from seamark.cli.when import Times
from seamark.engine import tree
from seamark.engine.events import Event, Held, Reads
from seamark.engine.kinds import EVERY_EVENT, Type
from seamark.engine.moments import as_date, moment_text
from seamark.engine.rulebook import Rulebook
from seamark.engine.sentence.names import figures
from seamark.engine.units import SCALE, number_text
from seamark.engine.why import Part
from seamark.engine.write import write

EVENTS_SHOWN = 5
"""The latest ones; earlier ones are counted."""
UNSHOWN = ("text", "mentions", "words", "id")
"""Props that are shown in a way of their own, or stand for what is shown."""


@dataclass(frozen=True)
class Line:
    """A part as it is shown; `events` stand behind it."""

    depth: int
    true: bool
    sentence: str
    events: Sequence[Event]


def show_account(console: Console, rulebook: Rulebook, reads: Reads, part: Part, times: Times) -> None:
    """The parts one below the other, each indented below what it is part of."""
    for line in lines(rulebook, part):
        mark = Text("✓ " if line.true else "✗ ", style="bold green" if line.true else "bold red")
        row = Table.grid()
        row.add_column(width=2)
        row.add_column(overflow="fold")
        row.add_row(mark, line.sentence)
        console.print(Padding(row, (0, 0, 0, 2 * line.depth)))
        if line.events:
            console.print(Padding(_events_table(rulebook, line.events, reads, times), (0, 0, 0, 2 * line.depth + 4)))


def lines(rulebook: Rulebook, part: Part, depth: int = 0) -> Iterator[Line]:
    """What is shown of a part and those inside it."""
    inner = part.parts[0] if isinstance(part.condition, tree.Not) else part
    if isinstance(inner.condition, tree.All | tree.Any):
        yield Line(depth, part.true, _heading(rulebook, inner.condition, denied=inner is not part), ())
        for each in inner.parts:
            yield from lines(rulebook, each, depth + 1)
    else:
        yield Line(depth, part.true, _sentence(rulebook, part.condition), inner.evidence)


def _heading(rulebook: Rulebook, condition: tree.Condition, *, denied: bool) -> str:
    """What stands above the parts of a condition: what the rule is called that it is of, and how they are joined."""
    which = "all" if isinstance(condition, tree.All) else "any"
    title = _rule_title(rulebook, condition)
    if denied:
        return say("why.not_rule", title=title) if title else say(f"why.not_{which}")
    return say("why.rule", title=title, what=say(f"why.{which}")) if title else say(f"why.{which}")


def _sentence(rulebook: Rulebook, condition: tree.Condition) -> str:
    title = _rule_title(rulebook, condition)
    what = said(rulebook, condition)
    return say("why.rule", title=title, what=what) if title else what


def _rule_title(rulebook: Rulebook, condition: tree.Condition) -> str:
    """The title of the rule that says just this: in an account, rules are written out."""
    rules = (rule for rule in rulebook.rules.values() if rule.title and rule.clause.condition == condition)
    return next((titled(rule.title) for rule in rules if rule.title), "")


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
    words = [str(word) for word in _list(event.props.get("words"))]
    line = Text()
    if text := event.props.get("text"):
        line.append(say("why.quoted", text=visible(str(text))))
        line.highlight_words([word.partition(": ")[2] for word in words], "bold underline", case_sensitive=False)
    types = reads.props.get(event.kind, {})
    others = [
        f"{said(rulebook, tree.Prop(name))} {shown(value, types.get(name, 'text'))}"
        for name, value in event.props.items()
        if name not in UNSHOWN and name not in EVERY_EVENT
    ]
    for aside in (*words, *others):
        line.append("  " if line else "")
        line.append(visible(aside), style="dim")
    return line


def shown(value: Held, type_: Type) -> str:
    """A typed value as people write it."""
    match type_:
        case "number":
            return figures(value) if isinstance(value, int) else str(value)
        case "date":
            return as_date(value).isoformat() if isinstance(value, int) else str(value)
        case "moment":
            return moment_text(value) if isinstance(value, int) else str(value)
        case "list":
            return ", ".join(map(str, _list(value)))
    return str(value)


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
    return list(_list(value)) if type_ == "list" else shown(value, type_)


def _list(value: Held | None) -> Sequence[object]:
    return value if isinstance(value, tuple) else ()
