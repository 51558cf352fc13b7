"""`seamark demo`: what Seamark is, shown on the examples."""

from __future__ import annotations

import os
from collections.abc import Container, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory, gettempdir
from typing import Any
from zoneinfo import ZoneInfo

import seamark
from seamark.cli import clock
from seamark.cli.classify import summarised, write_report
from seamark.cli.evaluate import by_duckdb
from seamark.cli.failures import Failure
from seamark.cli.language import counted, say
from seamark.cli.opening import Opened, about_figures, moment_of, opened_for, rulebook_of, zone_of
from seamark.cli.screen import out, print_json
from seamark.cli.serving import serve_demo
from seamark.cli.sources import Sources
from seamark.cli.summary import Summary, show_summary, summary_json
from seamark.cli.when import Times
from seamark.cli.why import held_tags, history_of, show_why, why_json
from seamark.engine.moments import day_start, moment_text, next_date_change, today
from seamark.engine.replay import History
from seamark.engine.why import why
from seamark.readers.recognise import Reading, read
from seamark.readers.rejects import Rejects
from seamark.readers.shape import Row
from seamark.readers.shifting import Shifted, shift_weeks
from seamark.readers.writing import write_events

RULEBOOK = "whatsapp-selling"
ZONE = "Asia/Shanghai"
ORDERS, ORDERS_ZONE = "online_retail_first_8_weeks.csv.gz", ZoneInfo("Europe/London")
CHATS, CHATS_ZONE = "whatsapp", ZoneInfo("Asia/Hong_Kong")
US = ("Harbour Tea", "海港茶行")
PAGE = "demo.html"
EXPLAINED = ("intent/high", "monetary/high")
"""For each of these tags, a contact that holds it is accounted for."""


@dataclass(frozen=True)
class Examples:
    """The examples, moved in time."""

    orders: Shifted
    chats: Shifted
    rejects: Rejects
    now: int
    """The first moment after the day of the newest event: the examples end yesterday."""


def demo(
    zone_name: str | None, as_of: str | None, *, as_json: bool, serve: bool = False, port: int | None = None
) -> None:
    """Classify the examples, say why for two contacts, make a page of it, and serve the desk with them in it."""
    begun = clock.seconds()
    rulebook = rulebook_of(RULEBOOK)
    zone = zone_of(zone_name or ZONE, [])
    examples = moved_examples(zone, moment_of(as_of, zone, []) if as_of else clock.now(), rulebook.reads.props)
    with _event_file([*examples.chats.rows, *examples.orders.rows]) as events:
        sources = Sources([events], zone=zone.key, as_of=moment_text(examples.now))
        with opened_for(rulebook, sources, with_texts=True) as found:
            found.histories.rejects.extend(examples.rejects)
            found.notes += about_figures(rulebook)
            by_duckdb(found)
            found.set_aside()
            summary = summarised(found, "duckdb", begun)
            histories = [(tag, history_of(found, contact)) for tag, contact in _explained(found)]
            if as_json:
                reasons = [_account_json(found, tag, history) for tag, history in histories]
                print_json({**summary_json(found, summary), "why": reasons})
            else:
                write_report(found, page := _page())
                _show(found, examples, summary, histories, page)
    if serve:
        serve_demo({"whatsapp": examples.chats.rows, "orders": examples.orders.rows}, RULEBOOK, zone.key, port)


def _page() -> Path:
    """Where the page goes: into this folder, or where that cannot be, among temporary files."""
    return Path.cwd() / PAGE if os.access(Path.cwd(), os.W_OK) else Path(gettempdir()) / PAGE


def _show(
    found: Opened, examples: Examples, summary: Summary, histories: Sequence[tuple[str, History]], page: Path
) -> None:
    console = out()
    console.print(_beginning(examples, found.times))
    console.print()
    show_summary(found, summary)
    for tag, history in histories:
        console.print()
        console.rule(style="dim")
        account = why(found.rulebook, found.zone, history, tag, found.now)
        show_why(console, found, account, held_tags(found, history))
    console.print()
    console.rule(style="dim")
    console.print(say("demo.page", file=page), soft_wrap=True)
    console.print(say("demo.further"), soft_wrap=True)


def _account_json(found: Opened, tag: str, history: History) -> dict[str, Any]:
    account = why(found.rulebook, found.zone, history, tag, found.now)
    return {"contact": history.contact, **why_json(found, account)}


def moved_examples(zone: ZoneInfo, now: int, kinds: Container[str]) -> Examples:
    """The chats, moved by whole weeks so that they end before today; then the orders, so that they end no later.

    Events of other kinds are left out: most order lines tell of items, which this rulebook does not look at.
    """
    folder = _folder()
    chats = read(sorted((folder / CHATS).iterdir()), CHATS_ZONE, us=US)
    moved_chats = shift_weeks(_of(kinds, chats), day_start(today(now, zone), zone) - 1)
    end = next_date_change(moved_chats.newest or now, zone)
    orders = read([folder / ORDERS], ORDERS_ZONE)
    moved_orders = shift_weeks(_of(kinds, orders), end - 1)
    return Examples(moved_orders, moved_chats, Rejects([*chats.rejects, *orders.rejects]), end)


def _of(kinds: Container[str], reading: Reading) -> Iterator[Row]:
    return (row for row in reading.rows if row.values["kind"] in kinds)


def _folder() -> Path:
    """Where the examples are: beside the source, in a checkout alone."""
    folder = Path(seamark.__file__).parents[2] / "examples"
    if not (folder / ORDERS).exists():
        raise Failure("wrong.no_examples", folder=folder)
    return folder


@contextmanager
def _event_file(rows: Sequence[Row]) -> Iterator[Path]:
    with TemporaryDirectory(prefix="seamark-") as folder:
        path = Path(folder) / "examples.jsonl"
        write_events(rows, path)
        yield path


def _explained(found: Opened) -> Iterator[tuple[str, str]]:
    """For each tag that is to be explained, a contact with neither one event nor too many to look at."""
    query = """SELECT contact FROM tags JOIN events USING (contact) WHERE tag = ?
               GROUP BY contact ORDER BY abs(count(*) - 4), contact LIMIT 1"""
    for tag in EXPLAINED:
        for (contact,) in found.histories.connection.execute(query, [tag]).fetchall():
            yield tag, contact


def _beginning(examples: Examples, times: Times) -> str:
    return say(
        "demo.beginning",
        orders=counted("weeks", examples.orders.weeks),
        chats=counted("weeks", examples.chats.weeks),
        newest=times.full(examples.chats.newest or examples.now),
    )
