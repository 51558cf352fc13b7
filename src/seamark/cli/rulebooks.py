"""`seamark rulebooks`: the bundled rulebooks, and what one says."""

from __future__ import annotations

from rich.console import Console
from rich.table import Table
from rich.text import Text

from seamark.cli.frame import titled_book
from seamark.cli.language import say, titled
from seamark.cli.naming import said
from seamark.cli.screen import dot, out, print_json
from seamark.engine.rulebook import Param, Rulebook, Tag, TagGroup, rulebook_schema
from seamark.engine.sentence.names import figures
from seamark.engine.units import duration_text, number_text
from seamark.engine.write import write
from seamark.rulebooks import bundled, open_rulebook


def rulebooks(name: str | None, *, schema: bool, as_json: bool) -> None:
    """List the bundled ones, show one, or print the JSON Schema of their file."""
    if schema:
        print_json(rulebook_schema())
    elif name:
        rulebook = open_rulebook(name)
        print_json(rulebook_json(rulebook)) if as_json else _show(out(), rulebook)
    else:
        books = [open_rulebook(each) for each in bundled()]
        print_json([_entry(book) for book in books]) if as_json else _list(out(), books)


def _list(console: Console, books: list[Rulebook]) -> None:
    table = Table(box=None, pad_edge=False, padding=(0, 2, 0, 0))
    for head in ("name", "version", "groups", "tags", "title"):
        right = head in ("version", "groups", "tags")
        table.add_column(Text(say(f"rulebooks.{head}"), style="dim"), justify="right" if right else "left")
    for book in books:
        name = Text(book.name, style="bold")
        table.add_row(name, str(book.version), str(len(book.groups)), str(len(book.tags)), titled(book.title))
    console.print(table)
    console.print()
    console.print(Text(say("rulebooks.more"), style="dim"))


def _show(console: Console, rulebook: Rulebook) -> None:
    console.print(titled_book(rulebook))
    for group in rulebook.groups:
        console.print()
        heading = Text(titled(group.title), style="bold")
        console.print(heading.append(f"  {say(f'rulebooks.{group.kind}')}", style="not bold dim"))
        console.print(_group_table(rulebook, group))
    if rulebook.params:
        console.print()
        console.print(Text(say("rulebooks.figures"), style="bold"))
        console.print(_params_table(rulebook))


def _group_table(rulebook: Rulebook, group: TagGroup) -> Table:
    table = Table.grid(padding=(0, 2))
    table.add_column(min_width=16)
    table.add_column(overflow="fold")
    for tag in group.tags:
        name = Text.assemble("  ", dot(tag.color), " ", titled(tag.title))
        table.add_row(name, Text(_meaning(rulebook, tag), style="dim"))
    return table


def _meaning(rulebook: Rulebook, tag: Tag) -> str:
    if tag.clause:
        return said(rulebook, tag.clause.condition)
    return say("rulebooks.by_hand" if tag.by_hand else "rulebooks.otherwise")


def _params_table(rulebook: Rulebook) -> Table:
    table = Table.grid(padding=(0, 2))
    for param in rulebook.params.values():
        table.add_row(
            "", param.name, Text(param_text(param), style="bold"), Text(_fitted(rulebook, param), style="dim")
        )
    return table


def param_text(param: Param) -> str:
    """A figure as people read it."""
    if isinstance(param.value, str):
        return param.value
    return duration_text(param.value) if param.type == "duration" else figures(param.value)


def _fitted(rulebook: Rulebook, param: Param) -> str:
    if param.of is None or param.quantile is None:
        return ""
    return say("rulebooks.fitted", quantile=number_text(param.quantile), of=said(rulebook, param.of))


def _entry(book: Rulebook) -> dict[str, object]:
    return {
        "rulebook": book.name,
        "version": book.version,
        "title": dict(book.title),
        "groups": len(book.groups),
        "tags": len(book.tags),
    }


def rulebook_json(rulebook: Rulebook) -> dict[str, object]:
    """The rulebook with its conditions as they are written, and as sentences."""
    return {
        **_entry(rulebook),
        "groups": [
            {
                "group": group.name,
                "title": dict(group.title),
                "kind": group.kind,
                "tags": [
                    {
                        "tag": tag.name,
                        "title": dict(tag.title),
                        "color": tag.color,
                        "when": write(tag.clause.condition) if tag.clause else None,
                        "otherwise": tag.otherwise,
                        "by_hand": tag.by_hand,
                        "sentence": _meaning(rulebook, tag),
                        "reference": list(tag.share) if tag.share else None,
                    }
                    for tag in group.tags
                ],
            }
            for group in rulebook.groups
        ],
        "params": [
            {"param": param.name, "value": param_text(param), "fitted": _fitted(rulebook, param) or None}
            for param in rulebook.params.values()
        ],
    }
