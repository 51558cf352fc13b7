"""The typed events and fields of all contacts, kept where any evaluator can take them from."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import groupby
from pathlib import Path
from tempfile import TemporaryDirectory
from zoneinfo import ZoneInfo

import duckdb
import pyarrow.parquet as pq

from seamark.engine.batch import EventTable
from seamark.engine.errors import Unreadable
from seamark.engine.events import Event, Held, Reads, distinct_events, local_prop
from seamark.engine.kinds import LOCAL_PROPS
from seamark.engine.replay import History
from seamark.histories.annotation import Reader
from seamark.histories.plain import SPECIAL_KINDS, Plain, plain
from seamark.histories.tables import SQL, contacts_table, event_columns, events_batch, events_schema, few_texts
from seamark.histories.typed import Typing
from seamark.readers.recognise import EVENTS, read
from seamark.readers.rejects import Rejects
from seamark.readers.rows import read_rows
from seamark.readers.shape import REQUIRED_OF_CONTACTS, Note, Reject, Row, shortened

ROWS_AT_ONCE = 50_000
_CLOCKS = {
    "ambiguous": ("taken as the earlier moment", "出现两次，取较早的一次"),
    "nonexistent": ("shifted forward", "并不存在，已顺延"),
}

Progress = Callable[[int], None]
"""Told of rows read since the last call."""


@dataclass
class Histories:
    """What files told of contacts, typed. Close it, or use it in a `with`: it keeps a folder of its own."""

    reads: Reads
    zone: ZoneInfo
    folder: TemporaryDirectory[str]
    connection: duckdb.DuckDBPyConnection
    kinds: Counter[str] = field(default_factory=Counter)
    """How many events of each kind."""
    oldest: int | None = None
    newest: int | None = None
    fields: dict[str, dict[str, Held]] | None = None
    """Typed fields by contact; None where no contacts file was given."""
    rejects: Rejects = field(default_factory=Rejects)
    notes: list[Note] = field(default_factory=list)

    columns: list[str] = field(default_factory=list)
    """The columns of props that the events have, each `prop:type` (`event_columns`)."""
    texts: dict[str, tuple[str, ...]] = field(default_factory=dict)
    """All texts of those of them that have few (`few_texts`)."""
    has_ids: bool = True
    """Whether any event has an id, so that one may stand twice."""
    has_order: bool = True
    """Whether any event has an id or a seq, by which those of one moment are ordered."""

    @property
    def events_file(self) -> Path:
        """The Parquet file of typed events."""
        return Path(self.folder.name) / "events.parquet"

    @property
    def contact_count(self) -> int:
        """Contacts are the ids in either file."""
        known = "SELECT contact FROM events" + (
            " UNION ALL SELECT contact FROM contacts" if self.fields is not None else ""
        )
        return int(self.connection.execute(f"SELECT count(DISTINCT contact) FROM ({known})").fetchall()[0][0])

    def __enter__(self) -> Histories:
        return self

    def __exit__(self, *_: object) -> None:
        self.connection.close()
        self.folder.cleanup()

    def event_table(self) -> EventTable:
        """Where the batch evaluator finds them, in `connection`."""
        return EventTable(
            "events",
            frozenset(self.columns),
            "" if self.fields is None else "contacts",
            ordered=self.has_order,
            distinct=not self.has_ids,
            kinds=frozenset(self.kinds),
            oldest=self.oldest,
            newest=self.newest,
            texts=self.texts,
        )

    def each(self) -> Iterator[History]:
        """Every contact's history, its events in order and each once, contacts sorted."""
        without_events = sorted(self.fields or ())
        passed = 0
        for contact, events in self._grouped():
            while passed < len(without_events) and without_events[passed] <= contact:
                if without_events[passed] < contact:
                    yield self._history(without_events[passed], [])
                passed += 1
            yield self._history(contact, events)
        for contact in without_events[passed:]:
            yield self._history(contact, [])

    def one(self, contact: str) -> History | None:
        """The history of one contact, or None for one nobody has heard of."""
        events = [event for _, each in self._grouped(contact) for event in each]
        if not events and contact not in (self.fields or {}):
            return None
        return self._history(contact, events)

    def _history(self, contact: str, events: list[Event]) -> History:
        return History(contact, distinct_events(events, self.reads), (self.fields or {}).get(contact, {}))

    def _grouped(self, contact: str | None = None) -> Iterator[tuple[str, list[Event]]]:
        for name, events in groupby(self._events(contact), key=lambda event: event.contact):
            yield name, list(events)

    def _events(self, contact: str | None) -> Iterator[Event]:
        columns = event_columns(self.reads)
        names = ", ".join(f'"{name}"' for name in columns)
        where, values = ("", []) if contact is None else (" WHERE contact = ?", [contact])
        cursor = self.connection.cursor()
        cursor.execute(
            f"SELECT contact, t, kind, id, seq{', ' + names if names else ''} FROM events{where} ORDER BY contact, t",
            values,
        )
        local = {kind: [name for name in props if name in LOCAL_PROPS] for kind, props in self.reads.props.items()}
        while rows := cursor.fetchmany(ROWS_AT_ONCE):
            for contact_, moment, kind, id, seq, *cells in rows:
                read_here = self.reads.props.get(kind, {})
                props: dict[str, Held] = {
                    prop: tuple(value) if type_ == "list" else value
                    for (prop, type_), value in zip(columns.values(), cells, strict=True)
                    if value is not None and read_here.get(prop) == type_
                }
                for name in local.get(kind, ()):
                    props[name] = local_prop(name, moment, self.zone)
                yield Event(contact_, moment, kind, props, id, seq)


def open_histories(
    event_files: Sequence[Path],
    contact_files: Sequence[Path],
    reads: Reads,
    zone: ZoneInfo,
    *,
    annotate: Reader | None = None,
    as_: str | None = None,
    us: str | Sequence[str] | None = None,
    progress: Progress = lambda rows: None,
) -> Histories:
    """Read files of any kind that is known into histories. Raises `FileError` for one that is not."""
    folder: TemporaryDirectory[str] = TemporaryDirectory(prefix="seamark-")
    histories = Histories(reads, zone, folder, duckdb.connect())
    try:
        if not _take_plain(histories, event_files, annotate, as_):
            _take_events(histories, event_files, annotate, as_, us, progress)
        texts = [name for name in histories.columns if name.endswith(":text")]
        histories.texts = few_texts(histories.connection, "events", texts)
        _take_contacts(histories, contact_files)
    except BaseException:
        histories.__exit__()
        raise
    return histories


def _take_events(
    histories: Histories,
    files: Sequence[Path],
    annotate: Reader | None,
    as_: str | None,
    us: str | Sequence[str] | None,
    progress: Progress,
) -> None:
    reading = read(files, histories.zone, as_, us)
    histories.rejects = reading.rejects
    typing = Typing(histories.reads, histories.zone, histories.rejects.append)
    schema = events_schema(histories.reads)
    with pq.ParquetWriter(histories.events_file, schema) as writer:
        for typed in typing.rows(reading.rows, annotate):
            writer.write_batch(events_batch(typed, histories.reads, schema))
            progress(len(typed))
    histories.kinds, histories.oldest, histories.newest = typing.kinds, typing.oldest, typing.newest
    histories.notes += reading.notes
    for note, times in typing.clock_notes.items():
        told, told_zh = _CLOCKS[note]
        en = f"{times:,} local times were {note} where clocks changed; {told}"
        histories.notes.append(Note(en, f"{times:,} 个当地时间正值时钟调整，{told_zh}"))
    histories.columns = list(event_columns(histories.reads))
    histories.connection.execute(f"CREATE VIEW events AS SELECT * FROM {_parquet([histories.events_file])}")


def _take_plain(histories: Histories, files: Sequence[Path], annotate: Reader | None, as_: str | None) -> bool:
    """See plain Parquet as events where it is; whether that was so."""
    found = plain(files, histories.reads, annotated=annotate is not None) if as_ in (None, EVENTS) else None
    if found is None:
        return False
    connection, source = histories.connection, _parquet(found.files)
    columns, where = found.columns | found.neat, ""
    if any(connection.execute(f"SELECT 1 FROM {source} WHERE {asked} LIMIT 1").fetchall() for asked in found.untidy):
        faults = " OR ".join(f"({fault})" for fault in found.faults.values())
        columns, where = found.columns, f" WHERE NOT ({faults})"
        _set_aside(histories, found, source, faults)
    kinds = connection.execute(f"SELECT {columns['kind']}, count(*) FROM {source}{where} GROUP BY 1").fetchall()
    if any(kind in SPECIAL_KINDS for kind, _ in kinds):
        return False
    histories.kinds = Counter(dict(kinds))
    bounds = f"SELECT epoch_us(min(occurred_at)), epoch_us(max(occurred_at)) FROM {source}{where}"
    histories.oldest, histories.newest = connection.execute(bounds).fetchall()[0]
    histories.columns = [name for name in found.columns if ":" in name]
    histories.has_ids, histories.has_order = "id" in columns, not columns.keys().isdisjoint(("id", "seq"))
    missing = {"id": "''", "seq": "0::BIGINT"} | {
        name: f"NULL::{SQL[type_]}" for name, (_, type_) in event_columns(histories.reads).items()
    }
    named = ", ".join(f'{code} AS "{name}"' for name, code in (missing | columns).items())
    connection.execute(f"CREATE VIEW events AS SELECT {named} FROM {source}{where}")
    return True


def _set_aside(histories: Histories, found: Plain, source: str, faults: str) -> None:
    """The rows that cannot be read, each with the first reason that holds of it."""
    reason = "CASE " + " ".join(f"WHEN {fault} THEN '{name}'" for name, fault in found.faults.items()) + " END"
    numbered = source.removesuffix(")") + ", file_row_number = true, filename = true)"
    bad = f"SELECT * FROM {numbered} WHERE {faults}"
    rows = histories.connection.execute(
        f"SELECT filename, file_row_number + 1, {reason}, to_json(bad)::VARCHAR FROM ({bad}) bad"
    )
    for file, line, why, content in rows.fetchall():
        histories.rejects.append(Reject(file, line, why, shortened(content)))


def _parquet(files: Sequence[Path]) -> str:
    names = ", ".join("'" + str(file).replace("'", "''") + "'" for file in files)
    return f"read_parquet([{names}])"


def _take_contacts(histories: Histories, files: Sequence[Path]) -> None:
    if not files:
        return
    fields: dict[str, dict[str, Held]] = {}
    for path in files:
        for row in read_rows(path, histories.rejects.append, histories.notes.append, REQUIRED_OF_CONTACTS):
            _take_contact(fields, row, histories)
    histories.fields = fields
    histories.connection.register("contacts", contacts_table(fields, histories.reads))


def _take_contact(fields: dict[str, dict[str, Held]], row: Row, histories: Histories) -> None:
    contact = str(row.values["contact"]).strip()
    try:
        if contact in fields:
            raise Unreadable(f"contact {contact!r} stands here a second time")
        fields[contact] = histories.reads.fields_of(row.values, histories.zone)
    except Unreadable as error:
        histories.rejects.append(Reject(row.file, row.line, str(error), shortened(str(row.values))))
