"""The tags of every contact by any evaluator, as a table `tags` (contact, tag) of the histories' DuckDB."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from itertools import islice

from seamark.cli.failures import Failure
from seamark.cli.language import say
from seamark.cli.opening import Opened
from seamark.cli.output import Cells, keep_rows
from seamark.cli.screen import progress
from seamark.engine.online import Online, State
from seamark.engine.plan import plan_rulebook
from seamark.engine.replay import History, fields_before

COLUMNS = {"contact": str, "tag": str}
ROWS_AT_ONCE = 10_000


def by_duckdb(found: Opened) -> None:
    """One query."""
    # sqlglot is wanted by this evaluator alone.
    from seamark.engine.batch import run_duckdb

    histories = found.histories
    plan = plan_rulebook(found.rulebook)
    with progress(say("progress.evaluating")):
        run_duckdb(plan, found.now, found.zone, histories.event_table(), histories.connection).create("tags")


def by_online(found: Opened) -> None:
    """Contact by contact."""
    rows = ((contact, tag) for contact, tags in tags_online(found) for tag in tags)
    keep_rows(found.histories.connection, "tags", COLUMNS, _parcels(rows))


def by_spark(found: Opened) -> None:
    """One query, in the Spark session that is configured, or else on this machine."""
    try:
        from pyspark.errors import PySparkException
        from pyspark.sql import SparkSession
    except ImportError:
        raise Failure("wrong.no_spark") from None
    from seamark.engine.batch import run_spark

    histories = found.histories
    connection = histories.connection
    source = histories.event_table()
    files = {name: histories.events_file.with_name(f"{name}-for-spark.parquet") for name in ("events", "contacts")}
    rows = histories.events_file.with_name("tags-from-spark")
    with progress(say("progress.evaluating")):
        try:
            session = SparkSession.builder.appName("seamark").getOrCreate()
            for name, file in files.items():
                if name == "events" or source.contacts:
                    connection.execute(f"COPY (FROM {name}) TO '{file}' (FORMAT PARQUET)")
                    session.read.parquet(str(file)).createOrReplaceTempView(name)
            plan = plan_rulebook(found.rulebook)
            run_spark(plan, found.now, found.zone, source, session).write.parquet(str(rows))
        except PySparkException as error:
            raise Failure("wrong.spark", reason=str(error).partition("\n")[0]) from None
    connection.execute(f"CREATE TABLE tags AS SELECT contact, tag FROM read_parquet('{rows}/*.parquet')")


ENGINES: dict[str, Callable[[Opened], None]] = {"duckdb": by_duckdb, "online": by_online, "spark": by_spark}


def tags_online(found: Opened) -> Iterator[tuple[str, tuple[str, ...]]]:
    """Each contact with its tags."""
    online = Online(plan_rulebook(found.rulebook), found.zone)
    with progress(say("progress.contacts"), found.histories.contact_count) as told:
        for history in found.histories.each():
            yield history.contact, online.verdict(folded(online, history, found.now), found.now).tags
            told(1)


def folded(online: Online, history: History, now: int) -> State:
    """The state of a contact at `now`, of whom nothing later is known."""
    state = online.state(fields_before(history, online.plan.reads))
    for event in history.events:
        if event.occurred_at <= now:
            online.fold(state, event)
    return state


def _parcels(rows: Iterator[Cells]) -> Iterator[list[Cells]]:
    while parcel := list(islice(rows, ROWS_AT_ONCE)):
        yield parcel
