"""Every evaluator behind one question: which tags does each contact hold at a moment?"""

from __future__ import annotations

import logging
import tempfile
from collections.abc import Mapping, Sequence
from functools import cache
from typing import Any
from zoneinfo import ZoneInfo

import duckdb

from seamark.engine.batch import compile_batch, render, run_duckdb
from seamark.engine.events import Event, Held, distinct_events
from seamark.engine.online import Online
from seamark.engine.plan import Plan
from seamark.engine.replay import History, held_at, timeline
from seamark.histories.tables import event_table

Fields = Mapping[str, Mapping[str, Held]]
Answer = dict[str, set[str]]
"""contact → the tags it holds"""

ALONE = ("online", "replay", "duckdb")
"""The evaluators that need nothing installed."""


def answers(
    evaluator: str, plan: Plan, zone: ZoneInfo, events: Sequence[Event], now: int, fields: Fields | None = None
) -> Answer:
    """What the evaluator says of every contact with an event or a field."""
    return answers_at(evaluator, plan, zone, events, [now], fields)[now]


def answers_at(
    evaluator: str, plan: Plan, zone: ZoneInfo, events: Sequence[Event], moments: Sequence[int], fields: Fields | None
) -> dict[int, Answer]:
    """What the evaluator says at each moment, each asked of it by itself."""
    if evaluator == "spark":
        return _spark(plan, zone, events, moments, fields or {})
    asked = {"online": _online, "replay": _replay, "duckdb": _duckdb}[evaluator]
    return {now: asked(plan, zone, events, now, fields or {}) for now in moments}


def _contacts(events: Sequence[Event], fields: Fields) -> list[str]:
    return sorted({*(event.contact for event in events), *fields})


def _online(plan: Plan, zone: ZoneInfo, events: Sequence[Event], now: int, fields: Fields) -> Answer:
    online = Online(plan, zone)
    states = {contact: online.state(fields.get(contact)) for contact in _contacts(events, fields)}
    for event in events:
        online.fold(states[event.contact], event)
    return {contact: set(online.verdict(state, now).tags) for contact, state in states.items()}


def _replay(plan: Plan, zone: ZoneInfo, events: Sequence[Event], now: int, fields: Fields) -> Answer:
    online = Online(plan, zone)
    found: Answer = {}
    for contact in _contacts(events, fields):
        mine = distinct_events((event for event in events if event.contact == contact), plan.reads)
        begin = min([now, *(event.occurred_at for event in mine)]) - 1
        spans = timeline(online, History(contact, mine, fields.get(contact, {})), begin, now)
        found[contact] = held_at(spans, now)
    return found


def _duckdb(plan: Plan, zone: ZoneInfo, events: Sequence[Event], now: int, fields: Fields) -> Answer:
    with _connection() as connection:
        source = event_table(connection, events, fields, plan.reads)
        return _gathered(run_duckdb(plan, now, zone, source, connection).fetchall(), _contacts(events, fields))


def _connection() -> duckdb.DuckDBPyConnection:
    """One of its own to a database that all share, whose tables are those it registers."""
    return _database().cursor()


@cache
def _database() -> duckdb.DuckDBPyConnection:
    return duckdb.connect(config={"threads": 1})


def _spark(
    plan: Plan, zone: ZoneInfo, events: Sequence[Event], moments: Sequence[int], fields: Fields
) -> dict[int, Answer]:
    """One query for all moments, since most of its time goes into reading, planning and starting it."""
    if not moments:
        return {}
    session = spark_session()
    with _connection() as connection:
        source = event_table(connection, events, fields, plan.reads)
        for relation in ("events", "contacts"):
            session.createDataFrame(connection.table(relation).to_arrow_table()).createOrReplaceTempView(relation)
    queries = ((now, render(compile_batch(plan, now, zone, source), "spark")) for now in moments)
    asked = " UNION ALL ".join(f"SELECT {now}L AS now, contact, tag FROM ({query})" for now, query in queries)
    rows = session.sql(asked).collect()
    contacts = _contacts(events, fields)
    return {now: _gathered([row[1:] for row in rows if row.now == now], contacts) for now in moments}


def _gathered(rows: Sequence[Any], contacts: Sequence[str]) -> Answer:
    found: Answer = {contact: set() for contact in contacts}
    for contact, tag in rows:
        found[contact].add(tag)
    return found


@cache
def spark_session() -> Any:
    """Spark on this machine, small enough for tests; compiling a query to Java takes longer than few rows do."""
    from pyspark.sql import SparkSession

    logging.getLogger("py4j").setLevel(logging.WARNING)  # it tells of closing when the log is closed already
    return (
        SparkSession.builder.master("local[1]")
        .config("spark.sql.codegen.wholeStage", "false")
        .config("spark.sql.codegen.factoryMode", "NO_CODEGEN")
        .config("spark.sql.adaptive.enabled", "false")
        .config("spark.sql.warehouse.dir", tempfile.gettempdir())
        .config("spark.ui.enabled", "false")
        .config("spark.sql.shuffle.partitions", "1")
        .config("spark.driver.extraJavaOptions", "-XX:TieredStopAtLevel=1 -XX:+UseSerialGC")
        .config("spark.driver.host", "127.0.0.1")
        .config("spark.driver.bindAddress", "127.0.0.1")
        .getOrCreate()
    )
