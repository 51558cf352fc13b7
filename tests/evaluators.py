"""Every evaluator behind one question: which tags does each contact hold at a moment?"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any
from zoneinfo import ZoneInfo

import duckdb

from seamark.engine.batch import run_duckdb, run_spark
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
    return {"online": _online, "replay": _replay, "duckdb": _duckdb, "spark": _spark}[evaluator](
        plan, zone, events, now, fields or {}
    )


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
    with duckdb.connect(config={"threads": 1}) as connection:
        source = event_table(connection, events, fields, plan.reads)
        return _gathered(run_duckdb(plan, now, zone, source, connection).fetchall(), _contacts(events, fields))


def _spark(plan: Plan, zone: ZoneInfo, events: Sequence[Event], now: int, fields: Fields) -> Answer:
    session = spark_session()
    with duckdb.connect() as connection, TemporaryDirectory() as folder:
        source = event_table(connection, events, fields, plan.reads)
        for relation in ("events", "contacts"):
            file = Path(folder) / f"{relation}.parquet"
            connection.execute(f"COPY (SELECT * FROM {relation}) TO '{file}' (FORMAT parquet)")
            session.read.parquet(str(file)).createOrReplaceTempView(relation)
        rows = [tuple(row) for row in run_spark(plan, now, zone, source, session).collect()]
        return _gathered(rows, _contacts(events, fields))


def _gathered(rows: Sequence[Any], contacts: Sequence[str]) -> Answer:
    found: Answer = {contact: set() for contact in contacts}
    for contact, tag in rows:
        found[contact].add(tag)
    return found


@cache
def spark_session() -> Any:
    """Spark on this machine, small enough for tests."""
    from pyspark.sql import SparkSession

    return (
        SparkSession.builder.master("local[1]")
        .config("spark.ui.enabled", "false")
        .config("spark.sql.shuffle.partitions", "1")
        .config("spark.driver.host", "127.0.0.1")
        .config("spark.driver.bindAddress", "127.0.0.1")
        .getOrCreate()
    )
