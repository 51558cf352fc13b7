"""Typed events and fields as Arrow tables, in the columns that `engine.batch.EventTable` tells of."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

import duckdb
import pyarrow as pa

from seamark.engine.batch import FEW_TEXTS, EventTable
from seamark.engine.events import Event, Held, Reads
from seamark.engine.kinds import Type
from seamark.histories.typed import without_local

ARROW: dict[Type, pa.DataType] = {
    "number": pa.int64(),
    "moment": pa.int64(),
    "text": pa.string(),
    "date": pa.int32(),
    "list": pa.list_(pa.string()),
}
SQL: dict[Type, str] = {
    "number": "BIGINT",
    "moment": "BIGINT",
    "text": "VARCHAR",
    "date": "INTEGER",
    "list": "VARCHAR[]",
}

SAMPLE = 10_000
"""Rows among which many texts would show, at a small part of the cost of all."""
SHORT = 200
"""Characters of a text that may stand in a query."""


def event_table(
    connection: duckdb.DuckDBPyConnection,
    events: Sequence[Event],
    contacts: Mapping[str, Mapping[str, Held]] | None,
    reads: Reads,
) -> EventTable:
    """Events and fields that are at hand, as tables `events` and `contacts` of a DuckDB connection."""
    schema = events_schema(reads)
    connection.register("events", pa.Table.from_batches([events_batch(events, reads, schema)]))
    if contacts is not None:
        connection.register("contacts", contacts_table(contacts, reads))
    moments = [event.occurred_at for event in events]
    columns = event_columns(reads)
    return EventTable(
        "events",
        frozenset(columns),
        "" if contacts is None else "contacts",
        ordered=any(event.id or event.seq for event in events),
        distinct=not any(event.id for event in events),
        kinds=frozenset(event.kind for event in events),
        oldest=min(moments, default=None),
        newest=max(moments, default=None),
        texts=few_texts(connection, "events", [name for name, (_, type_) in columns.items() if type_ == "text"]),
    )


def few_texts(
    connection: duckdb.DuckDBPyConnection, relation: str, columns: Iterable[str]
) -> dict[str, tuple[str, ...]]:
    """The texts that occur in each of these columns of a relation where they are few (`EventTable.texts`)."""
    found = {}
    for name in columns:
        for rows in (f"(FROM {relation} LIMIT {SAMPLE})", relation):
            distinct = f'SELECT DISTINCT "{name}" FROM {rows} LIMIT {FEW_TEXTS + 2}'
            texts = sorted(text for (text,) in connection.execute(distinct).fetchall() if text is not None)
            if len(texts) > FEW_TEXTS or not all(len(text) <= SHORT and text.isprintable() for text in texts):
                break
        else:
            found[name] = tuple(texts)
    return found


def event_columns(reads: Reads) -> dict[str, tuple[str, Type]]:
    """Column → (prop, type), for every prop that is read as that type under any kind."""
    pairs = sorted({(prop, type_) for props in without_local(reads).props.values() for prop, type_ in props.items()})
    return {f"{prop}:{type_}": (prop, type_) for prop, type_ in pairs}


def events_schema(reads: Reads) -> pa.Schema:
    """The columns of every event, and one for each prop that is read."""
    columns = event_columns(reads)
    text, whole = pa.string(), pa.int64()
    fixed = [("contact", text), ("t", whole), ("kind", text), ("id", text), ("seq", whole)]
    return pa.schema([*fixed, *((name, ARROW[type_]) for name, (_, type_) in columns.items())])


def events_batch(events: Sequence[Event], reads: Reads, schema: pa.Schema) -> pa.RecordBatch:
    """Typed events as a batch of `events_schema`."""
    columns = event_columns(reads)
    arrays = [
        [event.contact for event in events],
        [event.occurred_at for event in events],
        [event.kind for event in events],
        [event.id for event in events],
        [event.seq for event in events],
        *(
            [event.props.get(prop) if reads.props.get(event.kind, {}).get(prop) == type_ else None for event in events]
            for prop, type_ in columns.values()
        ),
    ]
    return pa.record_batch(
        [pa.array(values, type_.type) for values, type_ in zip(arrays, schema, strict=True)], schema=schema
    )


def contacts_table(fields: Mapping[str, Mapping[str, Held]], reads: Reads) -> pa.Table:
    """One row a contact, one column a field; a range is two columns, `name.low` and `name.high`."""
    columns: dict[str, pa.Array] = {"contact": pa.array(list(fields), pa.string())}
    for name, type_ in reads.fields.items():
        held = [values.get(name) for values in fields.values()]
        if type_ == "range":
            for place, end in enumerate(("low", "high")):
                columns[f"{name}.{end}"] = pa.array([value and value[place] for value in held], pa.int64())  # type: ignore[index]
        else:
            columns[name] = pa.array(held, ARROW[type_])
    return pa.table(columns)
