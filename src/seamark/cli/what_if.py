"""`seamark what-if`: two rulebooks over the same history."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from itertools import groupby
from typing import Any

from rich.console import Console
from rich.table import Table
from rich.text import Text

from seamark.cli import clock
from seamark.cli.failures import Failure
from seamark.cli.frame import head_json, show_header, show_notes, titled_book
from seamark.cli.frame import period as shown_period
from seamark.cli.language import counted, listed, say
from seamark.cli.naming import full_title
from seamark.cli.opening import Opened, about_figures, figures_of, moment_of, opened_for, rulebook_of
from seamark.cli.replay import spans
from seamark.cli.screen import dot, out, print_json, visible
from seamark.cli.sources import Sources
from seamark.engine.moments import as_date, moment_text, today
from seamark.engine.plan import plan_rulebook
from seamark.engine.replay import held_at
from seamark.engine.rulebook import Rulebook
from seamark.engine.units import DAY
from seamark.engine.work import Work, asked_conditions, work_of

PERIOD = 30 * DAY
SAMPLES = 10
"""How many contacts that enter or leave are named."""
KINDS_OF_WORK = ("reactions", "follow_ups", "messages", "alerts")


@dataclass
class Outcome:
    """What a rulebook would have held at the end of a period, and made in it."""

    rulebook: Rulebook
    held: dict[str, set[str]] = field(default_factory=dict)
    """Contacts by tag."""
    work: Work = field(default_factory=Work)


@dataclass(frozen=True)
class Move:
    """How a tag's contacts differ between the two."""

    tag: str
    before: int | None
    """None where the rulebook does not have the tag."""
    after: int | None
    entered: list[str]
    left: list[str]


def what_if(old: str, new: str, sources: Sources, since: str | None, *, as_json: bool) -> None:
    """Compare who holds what at the end of the period, and the work in it."""
    begun = clock.seconds()
    figures = figures_of(sources.params) if sources.params else {}
    before, after = (with_figures(rulebook_of(name), figures) for name in (old, new))
    if unknown := figures.keys() - before.params.keys() - after.params.keys():
        before.with_params({name: figures[name] for name in unknown})
    with opened_for(before, sources) as found, _opened_again(found, after, sources) as again:
        found.notes += about_figures(after)
        begin, end = period(found, since, to_the_end=sources.as_of is None)
        outcomes = [outcome(each, begin, end) for each in (found, again)]
        moves = moved(*outcomes)
        found.set_aside()
        if as_json:
            print_json(_json(found, outcomes, moves, begin, end))
        else:
            _show(found, outcomes, moves, begin, end, clock.seconds() - begun)


def with_figures(rulebook: Rulebook, figures: Mapping[str, object]) -> Rulebook:
    """The rulebook with those of the figures that it has."""
    return rulebook.with_params({name: value for name, value in figures.items() if name in rulebook.params})


@contextmanager
def _opened_again(found: Opened, rulebook: Rulebook, sources: Sources) -> Iterator[Opened]:
    """The other rulebook over the same histories; over its own where it reads or annotates otherwise."""
    if (rulebook.terms, rulebook.reads) == (found.rulebook.terms, found.rulebook.reads):
        yield replace(found, rulebook=rulebook)
    else:
        with opened_for(rulebook, sources) as again:
            yield again


def period(found: Opened, since: str | None, *, to_the_end: bool) -> tuple[int, int]:
    """From `since`, or 30 days before the end; the end is the moment asked about, or that of the newest event."""
    newest = found.histories.newest
    end = min(found.now, newest) if to_the_end and newest is not None else found.now
    begin = moment_of(since, found.zone, found.notes) if since else end - PERIOD
    if begin >= end:
        raise Failure("wrong.period", begin=found.times.full(begin), end=found.times.full(end))
    return begin, end


def outcome(found: Opened, begin: int, end: int) -> Outcome:
    """What the rulebook of these histories came to."""
    rulebook = found.rulebook
    made = Outcome(rulebook, {tag: set() for tag in rulebook.tags})
    plan = plan_rulebook(rulebook, asked_conditions(rulebook))
    for parcel in spans(found, plan, end):
        for contact, each in groupby(parcel, key=lambda span: span.contact):
            mine = list(each)
            for tag in held_at(mine, end) & made.held.keys():
                made.held[tag].add(contact)
            made.work.add(work_of(rulebook, mine, begin, end, lambda moment: today(moment, found.zone)))
    return made


def moved(before: Outcome, after: Outcome) -> list[Move]:
    """Every tag of either rulebook, and whose tag it is in one alone."""
    moves = []
    for tag in dict.fromkeys([*before.held, *after.held]):
        old, new = before.held.get(tag, set()), after.held.get(tag, set())
        moves.append(
            Move(
                tag,
                len(old) if tag in before.held else None,
                len(new) if tag in after.held else None,
                sorted(new - old),
                sorted(old - new),
            )
        )
    return moves


def _show(
    found: Opened, outcomes: Sequence[Outcome], moves: Sequence[Move], begin: int, end: int, seconds: float
) -> None:
    console = out()
    before, after = outcomes
    show_header(console, found, shown_period(found, begin, end), "online", seconds)
    console.print(Text.assemble(say("what_if.against"), " ", titled_book(after.rulebook)))
    console.print()
    _show_moves(console, before.rulebook, after.rulebook, moves)
    console.print()
    _show_work(console, before.work, after.work, (end - begin) / DAY)
    show_notes(console, found.notes)


def _show_moves(console: Console, before: Rulebook, after: Rulebook, moves: Sequence[Move]) -> None:
    differing = [move for move in moves if move.entered or move.left or None in (move.before, move.after)]
    if differing:
        table = Table(box=None, pad_edge=False, padding=(0, 2, 0, 0))
        table.add_column(Text(say("what_if.tags"), style="bold"))
        for head in ("before", "after", "enter", "leave"):
            table.add_column(Text(say(f"what_if.{head}"), style="dim"), justify="right")
        who = Table.grid(padding=(0, 2))
        for move in differing:
            rulebook = after if move.tag in after.tags else before
            name = Text.assemble(dot(rulebook.tags[move.tag].color), " ", full_title(rulebook, move.tag))
            table.add_row(name, _held(move.before), _held(move.after), f"{len(move.entered):,}", f"{len(move.left):,}")
            for sign, contacts in (("+", move.entered), ("−", move.left)):
                if contacts:
                    who.add_row(name, sign, _some(contacts))
        console.print(table)
        if who.row_count:
            console.print()
            console.print(Text(say("what_if.who"), style="bold"))
            console.print(who)
    same = len(moves) - len(differing)
    if same:
        console.print()
        console.print(Text(say("what_if.same", tags=counted("tags", same)), style="dim"))


def _held(contacts: int | None) -> str:
    return "–" if contacts is None else f"{contacts:,}"


def _some(contacts: Sequence[str]) -> str:
    names = [visible(contact) for contact in contacts[:SAMPLES]]
    more = len(contacts) - len(names)
    return listed([*names, counted("more", more)] if more else names, "and")


def _show_work(console: Console, before: Work, after: Work, days: float) -> None:
    table = Table(box=None, pad_edge=False, padding=(0, 2, 0, 0))
    table.add_column(Text(say("what_if.work"), style="bold"))
    for head in ("before", "after", "busiest_before", "busiest_after"):
        table.add_column(Text(say(f"what_if.{head}"), style="dim"), justify="right")
    for kind in KINDS_OF_WORK:
        counts: list[Counter[int]] = [getattr(work, kind) for work in (before, after)]
        a_day = [f"{count.total() / days:,.1f}" for count in counts]
        busiest = [f"{max(count.values(), default=0):,}" for count in counts]
        table.add_row(say(f"work.{kind}"), *a_day, *busiest)
    console.print(table)


def _json(found: Opened, outcomes: Sequence[Outcome], moves: Sequence[Move], begin: int, end: int) -> dict[str, Any]:
    before, after = outcomes
    days = (end - begin) / DAY
    return {
        **head_json(found),
        "with": {"rulebook": after.rulebook.name, "version": after.rulebook.version},
        "from": moment_text(begin),
        "to": moment_text(end),
        "tags": [
            {
                "tag": move.tag,
                "before": move.before,
                "after": move.after,
                "entered": move.entered,
                "left": move.left,
            }
            for move in moves
        ],
        "work": {
            kind: {
                side: {"total": counts.total(), "a_day": round(counts.total() / days, 3), "by_day": _by_day(counts)}
                for side, made in (("before", before), ("after", after))
                for counts in [getattr(made.work, kind)]
            }
            for kind in KINDS_OF_WORK
        },
    }


def _by_day(counts: Counter[int]) -> dict[str, int]:
    return {as_date(day).isoformat(): counts[day] for day in sorted(counts)}
