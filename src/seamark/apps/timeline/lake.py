"""The lake: an append-only copy of the history in Parquet, for DuckDB on one machine and Spark on many.

Events are spread over buckets by a hash of their contact and sorted by contact and moment, so that whoever
evaluates reads each contact in one go. `export` adds a part for what is new; `compact` makes one file of the
parts of each bucket, all with the same columns. A part that is not in the manifest does not exist: a run that
was killed left it, and the next one writes over it or takes it away.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import duckdb
from django.db import connection, transaction

from seamark.engine.errors import Unreadable
from seamark.engine.moments import as_moment, moment_text
from seamark.readers.delimited import cell_text
from seamark.readers.lake import Manifest, manifest_of
from seamark.readers.shape import EVENT_COLUMNS, Row
from seamark.readers.writing import write_events

BUCKETS = 16
EVENTS_A_PART = 200_000
MOST_PARTS = 8
"""A bucket with more parts than this is compacted."""

_EVENTS = """
SELECT contact_id::text, occurred_at, kind, event.source || ':' || source_key, seq, channel, actor, props::text
FROM timeline_event event JOIN contacts_identity identity ON identity.id = event.identity_id
WHERE event.id > %s AND event.id <= %s AND mod(hashint8(contact_id) & 2147483647, %s) = %s
ORDER BY contact_id, occurred_at
"""


def export(folder: Path, told: Callable[[], None] = lambda: None) -> int:
    """Add what is new to the lake; returns how many ids it went forward. `told` after each part, it may raise.

    A lake of another history, such as that of a database that was restored since, begins anew.
    """
    folder.mkdir(parents=True, exist_ok=True)
    with _lock("pg_advisory_lock", "pg_advisory_unlock"):
        manifest = manifest_of(folder)
        if manifest.last_event != _event_at(manifest.exported_to):
            manifest = _emptied(folder, manifest)
        first, newest = manifest.exported_to, _newest_settled()
        while manifest.exported_to < newest:
            _export_part(folder, manifest, min(newest, manifest.exported_to + EVENTS_A_PART))
            told()
    return newest - first


def begin_anew(folder: Path) -> None:
    """Empty the lake, since what is read in events has changed; the next export fills it again."""
    if folder.exists():
        with _lock("pg_advisory_lock", "pg_advisory_unlock"):
            _emptied(folder, manifest_of(folder))


@contextmanager
def reading() -> Iterator[None]:
    """As long as the block runs, files that belong to the lake stay."""
    with _lock("pg_advisory_lock_shared", "pg_advisory_unlock_shared"):
        yield


@contextmanager
def _lock(take: str, give_back: str) -> Iterator[None]:
    """Whoever writes is alone; whoever reads is not disturbed. The lock is the connection's, and ends with it."""
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {take}(hashtext('lake'))")
    try:
        yield
    finally:
        with connection.cursor() as cursor:
            cursor.execute(f"SELECT {give_back}(hashtext('lake'))")


def _newest_settled() -> int:
    """The newest event's id, when no smaller one can still appear: whoever is writing is waited for."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("LOCK TABLE timeline_event IN SHARE ROW EXCLUSIVE MODE")
        cursor.execute("SELECT coalesce(max(id), 0) FROM timeline_event")
        newest: int = cursor.fetchone()[0]
        return newest


def _event_at(id: int) -> str:
    """The last event up to there; empty where there is none."""
    with connection.cursor() as cursor:
        cursor.execute(
            """SELECT id || ' ' || source || ':' || source_key FROM timeline_event
               WHERE id <= %s ORDER BY id DESC LIMIT 1""",
            [id],
        )
        found = cursor.fetchone()
        return str(found[0]) if found else ""


def _emptied(folder: Path, old: Manifest) -> Manifest:
    fresh = Manifest()
    fresh.write(folder)
    for name in (name for names in old.files.values() for name in names):
        (folder / name).unlink(missing_ok=True)
    return fresh


def _export_part(folder: Path, manifest: Manifest, end: int) -> None:
    for bucket in range(BUCKETS):
        name = f"bucket-{bucket:02}/{manifest.exported_to + 1:012}-{end:012}.parquet"
        path = folder / name
        path.parent.mkdir(exist_ok=True)
        if write_events(_rows(manifest.exported_to, end, bucket), path):
            manifest.files.setdefault(f"{bucket:02}", []).append(name)
        else:
            path.unlink()
    manifest.exported_to, manifest.last_event = end, _event_at(end)
    manifest.write(folder)


def _rows(after: int, to: int, bucket: int) -> Iterator[Row]:
    with transaction.atomic(), connection.chunked_cursor() as cursor:
        cursor.execute(_EVENTS, [after, to, BUCKETS, bucket])
        for number, (contact, occurred_at, *rest, props) in enumerate(cursor, 1):
            moment = moment_text(as_moment(occurred_at.astimezone(UTC)))
            own = dict(zip(EVENT_COLUMNS, (contact, moment, *rest), strict=True))
            yield Row(number, {**{name: _cell(name, each) for name, each in json.loads(props).items()}, **own}, "lake")


def _cell(name: str, value: object) -> object:
    """The value; of fields, which are of every type, its text; its JSON where no cell holds it.

    No condition asks for what is JSON then, such as the files of a message.
    """
    if isinstance(value, dict) and value and value.keys() <= {"low", "high"}:
        return f"{value.get('low', '')}..{value.get('high', '')}"
    try:
        text = cell_text(name, value)
    except Unreadable:
        return json.dumps(value, ensure_ascii=False)
    return text if name in ("old", "new") and value is not None else value


def compact(folder: Path, *, always: bool = False) -> int:
    """One file for each bucket that has more than a few parts (or for each); returns how many buckets were."""
    with _lock("pg_advisory_lock", "pg_advisory_unlock"):
        return _compacted(folder, always)


def _compacted(folder: Path, always: bool) -> int:
    manifest = manifest_of(folder)
    if not always and all(len(parts) <= MOST_PARTS for parts in manifest.files.values()):
        return 0
    everything = [str(folder / name) for names in manifest.files.values() for name in names]
    if not everything:
        return 0
    with duckdb.connect() as lake:
        types = _columns(lake, everything)
        compacted = {
            bucket: [_compact(lake, folder, bucket, names, types)] for bucket, names in sorted(manifest.files.items())
        }
    gone = {name for names in manifest.files.values() for name in names}
    manifest.files = compacted
    manifest.write(folder)
    for name in gone - {name for names in compacted.values() for name in names}:
        (folder / name).unlink(missing_ok=True)
    return len(compacted)


def _columns(lake: duckdb.DuckDBPyConnection, files: list[str]) -> dict[str, Any]:
    """The columns of all files together, with the type that holds each."""
    all_of_them = lake.sql("SELECT * FROM read_parquet(?, union_by_name = true) LIMIT 0", params=[files])
    return dict(zip(all_of_them.columns, all_of_them.types, strict=True))


def _compact(
    lake: duckdb.DuckDBPyConnection, folder: Path, bucket: str, names: list[str], types: dict[str, Any]
) -> str:
    """Every bucket gets all columns, in one order and of one type: such files are scanned as they stand."""
    begin, end = Path(names[0]).stem.split("-")[0], Path(names[-1]).stem.split("-")[1]
    made = f"bucket-{bucket}/{begin}-{end}-{datetime.now(UTC):%Y%m%d%H%M%S}.parquet"
    parts = [str(folder / name) for name in names]
    here = _columns(lake, parts)
    cells = [
        f"{_quoted(name) if name in here else 'NULL'}::{type_} AS {_quoted(name)}" for name, type_ in types.items()
    ]
    source = f"SELECT {', '.join(cells)} FROM read_parquet($parts, union_by_name = true) ORDER BY contact, occurred_at"
    target = str(folder / made).replace("'", "''")
    lake.execute(f"COPY ({source}) TO '{target}' (FORMAT PARQUET, COMPRESSION ZSTD)", {"parts": parts})
    return made


def _quoted(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'
