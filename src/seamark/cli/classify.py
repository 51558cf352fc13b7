"""`seamark classify`: the tags of every contact at a moment."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from functools import partial
from itertools import islice
from pathlib import Path

from seamark.cli import clock
from seamark.cli.ahead import Change, next_changes
from seamark.cli.evaluate import ENGINES, folded
from seamark.cli.failures import one_of
from seamark.cli.frame import together
from seamark.cli.language import say, spoken
from seamark.cli.naming import said
from seamark.cli.opening import Opened, opened
from seamark.cli.output import check_folder, check_rows_file, keep_rows, rows_of, write_rows, write_text
from seamark.cli.replay import COLUMNS as SPAN_COLUMNS
from seamark.cli.replay import spans
from seamark.cli.screen import out, print_json
from seamark.cli.sources import Sources
from seamark.cli.summary import Summary, show_summary, summary_json
from seamark.engine.online import Online
from seamark.engine.plan import plan_rulebook
from seamark.engine.work import asked_conditions

TAGS = "SELECT contact, tag FROM tags ORDER BY contact, tag"
MOST_LOOKED_AT = 2_000
"""Contacts whose next change is looked for."""
CHANGES_SHOWN = 5


def classify(
    name: str, sources: Sources, engine: str, output: Path | None, report: Path | None, *, as_json: bool
) -> None:
    """Classify, and show a summary, or write the rows, or give both as JSON; and write the page, if one is wanted."""
    one_of("wrong.engine", engine, ENGINES)
    if output:
        check_rows_file(output)
    if report:
        check_folder(report)
    begun = clock.seconds()
    with opened(name, sources, with_texts=report is not None) as found:
        ENGINES[engine](found)
        connection = found.histories.connection
        if output:
            write_rows(connection, TAGS, output)
        found.set_aside(beside=output)
        summary = summarised(found, engine, begun, output)
        if report:
            write_report(found, report)
        if as_json:
            print_json(summary_json(found, summary) | ({} if output else {"rows": rows_of(connection, TAGS)}))
        else:
            show_summary(found, summary)
            if report:
                out().print(say("classify.report", file=report), soft_wrap=True)


def write_report(found: Opened, path: Path) -> None:
    """The page for people about what is in the table `tags`."""
    # Jinja2 is wanted by this page alone.
    from seamark.report import Subject, page

    rulebook, histories = found.rulebook, found.histories
    plan = plan_rulebook(rulebook, asked_conditions(rulebook))
    keep_rows(histories.connection, "spans", SPAN_COLUMNS, spans(found, plan, found.now))
    saying = partial(said, rulebook)
    notes = together(found.notes)
    write_text(page(Subject(rulebook, histories, found.zone, found.now, spoken(), saying, notes)), path)


def summarised(found: Opened, engine: str, begun: float, output: Path | None = None) -> Summary:
    """What is in the table `tags`, and what changes next."""
    contacts = found.histories.contact_count
    counts = found.histories.connection.execute("SELECT tag, count(*) FROM tags GROUP BY tag").fetchall()
    return Summary(
        counts=Counter(dict(counts)),
        contacts=contacts,
        engine=engine,
        seconds=clock.seconds() - begun,
        changes=() if output else list(_changes(found)),
        looked_at=min(contacts, MOST_LOOKED_AT),
        output=output,
    )


def _changes(found: Opened) -> Iterator[Change]:
    online = Online(plan_rulebook(found.rulebook), found.zone)
    looked_at = islice(found.histories.each(), MOST_LOOKED_AT)
    states = ((history.contact, folded(online, history, found.now)) for history in looked_at)
    yield from next_changes(online, states, found.now, CHANGES_SHOWN)
