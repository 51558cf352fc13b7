"""How contacts are spread over the tags of each group, for the eye and for machines."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from rich.cells import cell_len
from rich.console import Console
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from seamark.cli.ahead import Change
from seamark.cli.frame import head_json, show_header, show_notes
from seamark.cli.language import counted, say, titled
from seamark.cli.naming import full_title
from seamark.cli.opening import Opened
from seamark.cli.screen import bar, color_of, out, visible
from seamark.engine.moments import moment_text
from seamark.engine.rulebook import Rulebook, Tag, TagGroup

NARROWEST_BAR, WIDEST_BAR = 10, 50
NARROWEST_TITLE = 18
EMPTY_TAGS_NAMED = 4
"""How many tags that nobody holds are named; the others are counted."""


@dataclass(frozen=True)
class Summary:
    """What a classification came to."""

    counts: Counter[str]
    """Contacts by tag."""
    contacts: int
    engine: str
    seconds: float
    changes: Sequence[Change]
    looked_at: int
    """Contacts whose next change was looked for."""
    output: Path | None = None


def show_summary(found: Opened, summary: Summary) -> None:
    """The whole picture."""
    console = out()
    moment = say("head.as_of", moment=found.times.full(found.now), zone=found.zone.key)
    show_header(console, found, moment, summary.engine, summary.seconds)
    if summary.output:
        console.print(say("written", rows=counted("rows", summary.counts.total()), file=summary.output), soft_wrap=True)
    elif summary.contacts:
        _show_shares(console, found.rulebook, summary)
        _show_changes(console, found, summary)
    show_notes(console, found.notes)


def _show_shares(console: Console, rulebook: Rulebook, summary: Summary) -> None:
    rows = {group.name: [tag for tag in group.tags if _is_shown(tag, summary)] for group in rulebook.groups}
    widest = max((_width_beside_bar(tags, summary) for tags in rows.values()), default=0)
    bar_width = min(max(console.width - widest, NARROWEST_BAR), WIDEST_BAR)
    for group in rulebook.groups:
        console.print()
        console.print(Text(titled(group.title), style="bold"))
        if rows[group.name]:
            console.print(_table(rows[group.name], summary, bar_width))
        _show_empty(console, group, summary)


def _width_beside_bar(tags: Sequence[Tag], summary: Summary) -> int:
    """What a group's titles, figures and gaps take of a line."""
    return _title_width(tags) + max((cell_len(reference(tag, summary)) for tag in tags), default=0) + 25


def _title_width(tags: Sequence[Tag]) -> int:
    return max([NARROWEST_TITLE, *(cell_len(titled(tag.title)) for tag in tags)])


def _is_shown(tag: Tag, summary: Summary) -> bool:
    """Tags that nobody holds have no row, unless somebody should."""
    return bool(summary.counts[tag.name] or tag.share)


def _table(tags: Sequence[Tag], summary: Summary, bar_width: int) -> Table:
    table = Table.grid(padding=(0, 2))
    table.add_column(width=0)
    table.add_column(width=_title_width(tags), overflow="fold")
    table.add_column(width=bar_width)
    table.add_column(width=7, justify="right")
    table.add_column(width=7, justify="right")
    table.add_column(no_wrap=True)
    for tag in tags:
        share = summary.counts[tag.name] / summary.contacts
        table.add_row(
            "",
            titled(tag.title),
            Text(bar(share, bar_width), style=color_of(tag.color)),
            f"{summary.counts[tag.name]:,}",
            percent(share),
            Text(reference(tag, summary), style=_style(tag, share)),
        )
    return table


def _show_empty(console: Console, group: TagGroup, summary: Summary) -> None:
    empty = [titled(tag.title) for tag in group.tags if not _is_shown(tag, summary)]
    if empty:
        named, more = empty[:EMPTY_TAGS_NAMED], empty[EMPTY_TAGS_NAMED:]
        names = say("list.dot").join([*named, counted("more", len(more))] if more else named)
        console.print(Padding(Text(say("classify.nobody", names=names), style="dim"), (0, 0, 0, 2)))


def reference(tag: Tag, summary: Summary) -> str:
    """Where the share lies against the reference range; empty where the tag has none."""
    if tag.share is None:
        return ""
    low, high = (f"{end * 100:g}" for end in tag.share)
    return say(f"share.{placed(tag, summary.counts[tag.name] / summary.contacts)}", low=low, high=high)


def placed(tag: Tag, share: float) -> str:
    """in, below or above the reference range; nothing for a tag that has none."""
    if tag.share is None:
        return ""
    low, high = tag.share
    return "below" if share < low else "above" if share > high else "in"


def _style(tag: Tag, share: float) -> str:
    return "green" if placed(tag, share) == "in" else "yellow"


def percent(share: float) -> str:
    """
    >>> percent(0.1234), percent(0.0001), percent(0)
    ('12.3 %', '<0.1 %', '0.0 %')
    """
    return "<0.1 %" if 0 < share < 0.0005 else f"{share * 100:.1f} %"


def _show_changes(console: Console, found: Opened, summary: Summary) -> None:
    if not summary.changes:
        return
    console.print()
    heading = Text(say("classify.next"), style="bold")
    if summary.looked_at < summary.contacts:
        heading.append(f" {say('classify.looked_at', contacts=counted('contacts', summary.looked_at))}", style="dim")
    console.print(heading)
    table = Table.grid(padding=(0, 2))
    for change in summary.changes:
        when = found.times.ahead(change.changes_at)
        what = "\n".join(changed(found.rulebook, change))
        table.add_row("", Text(visible(change.contact), overflow="ellipsis"), what, Text(when, style="dim"))
    console.print(table)


def changed(rulebook: Rulebook, change: Change) -> list[str]:
    """Each group's change in words: "Activity: High → Medium", or a tag that comes or goes."""
    lines = []
    left, entered = list(change.left), list(change.entered)
    for tag in change.left:
        follower = next((each for each in entered if each.partition("/")[0] == tag.partition("/")[0]), None)
        if follower and _is_level(rulebook, tag):
            left.remove(tag)
            entered.remove(follower)
            lines.append(f"{full_title(rulebook, tag)} → {titled(rulebook.tags[follower].title)}")
    lines += [say("change.leaves", tag=full_title(rulebook, tag)) for tag in left]
    return lines + [say("change.enters", tag=full_title(rulebook, tag)) for tag in entered]


def _is_level(rulebook: Rulebook, tag: str) -> bool:
    return any(group.kind == "level" and group.name == tag.partition("/")[0] for group in rulebook.groups)


def summary_json(found: Opened, summary: Summary) -> dict[str, Any]:
    """Everything the summary shows, and what it leaves to colours."""
    return {
        **head_json(found),
        "engine": summary.engine,
        "seconds": round(summary.seconds, 3),
        "contacts": summary.contacts,
        "events": found.histories.kinds.total(),
        "groups": [_group_json(group, summary) for group in found.rulebook.groups],
        "next": [
            {
                "contact": change.contact,
                "changes_at": moment_text(change.changes_at),
                "left": list(change.left),
                "entered": list(change.entered),
            }
            for change in summary.changes
        ],
        "looked_at": summary.looked_at,
        "output": str(summary.output) if summary.output else None,
    }


def _group_json(group: TagGroup, summary: Summary) -> dict[str, Any]:
    tags = []
    for tag in group.tags:
        share = summary.counts[tag.name] / summary.contacts if summary.contacts else 0.0
        tags.append(
            {
                "tag": tag.name,
                "title": dict(tag.title),
                "color": tag.color,
                "contacts": summary.counts[tag.name],
                "share": round(share, 6),
                "reference": list(tag.share) if tag.share else None,
                "lies": placed(tag, share) or None,
            }
        )
    return {"group": group.name, "title": dict(group.title), "kind": group.kind, "tags": tags}
