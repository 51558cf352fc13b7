"""The oracle: the tags of a sample of contacts, found another way, held against those that are kept live.

Histories go out as an event file and through the batch evaluator, which shares neither state nor clock with
the live way. There must be no difference.
"""

from __future__ import annotations

import json
import logging
from collections.abc import Collection
from datetime import datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import NamedTuple

from django.db import connection, transaction
from django.utils import timezone

from seamark.apps.tagging.models import Comparison
from seamark.apps.tagging.rulebooks import ORGANISATION_ZONE, Live, live_rulebook
from seamark.engine.batch import run_duckdb
from seamark.engine.moments import as_moment
from seamark.histories import open_histories

log = logging.getLogger(__name__)

KEPT = timedelta(days=90)
"""How long the outcomes of nights are kept."""


class Difference(NamedTuple):
    """A contact whose tags differ."""

    contact_id: int
    missing: tuple[str, ...]
    """Held by the batch evaluator alone."""
    extra: tuple[str, ...]
    """Held live alone."""


class Compared(NamedTuple):
    """What a comparison found."""

    contacts: int
    differences: list[Difference]


_SAMPLE = """
SELECT contact_id, tags FROM tagging_standing
WHERE version_id = %s AND (recheck_at IS NULL OR recheck_at > %s) {narrowed}
ORDER BY hashint8(contact_id # %s) LIMIT %s
"""

_EVENTS = """
SELECT contact_id::text, occurred_at, kind, event.source || ':' || source_key, seq, channel, actor, props::text
FROM timeline_event event JOIN contacts_identity identity ON identity.id = event.identity_id
WHERE contact_id = ANY(%s) AND kind = ANY(%s)
"""


def keep_comparison(at_most: int) -> Comparison:
    """Compare another sample each day, keep what came of it, and log what differs."""
    now = timezone.now()
    contacts, found = compared(at_most, seed=now.toordinal())
    for difference in found:
        log.error("tags.differ", extra=difference._asdict())
    Comparison.objects.filter(compared_at__lt=now - KEPT).delete()
    return Comparison.objects.create(compared_at=now, contacts=contacts, differing=len(found))


def differences(at_most: int = 1_000, contacts: Collection[int] | None = None) -> list[Difference]:
    """The differences among a sample of contacts, or among these, as of now."""
    return compared(at_most, contacts).differences


def compared(at_most: int, contacts: Collection[int] | None = None, seed: int = 0) -> Compared:
    """A sample of contacts, or these, as of now. Contacts that are just due are left out.

    `seed` chooses another sample.
    """
    live = live_rulebook()
    if live is None:
        return Compared(0, [])
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
        now = timezone.now()
        narrowed, values = ("AND contact_id = ANY(%s)", [list(contacts)]) if contacts is not None else ("", [])
        cursor.execute(_SAMPLE.format(narrowed=narrowed), [live.version_id, now, *values, seed, at_most])
        kept = {str(contact): {live.tag_names[tag] for tag in tags} for contact, tags in cursor.fetchall()}
        with TemporaryDirectory(prefix="seamark-") as folder:
            events, fields = Path(folder) / "events.jsonl", Path(folder) / "contacts.jsonl"
            _write(events, fields, list(map(int, kept)), live)
            found = _in_batch(events, fields, live, now)
    differing = [
        Difference(int(contact), tuple(sorted(found[contact] - held)), tuple(sorted(held - found[contact])))
        for contact, held in kept.items()
        if found[contact] != held
    ]
    return Compared(len(kept), differing)


def _write(events: Path, fields: Path, contacts: list[int], live: Live) -> None:
    names = ("contact", "occurred_at", "kind", "id", "seq", "channel", "actor")
    with connection.cursor() as cursor, events.open("w", encoding="utf-8") as file:
        cursor.execute(_EVENTS, [contacts, list(live.plan.reads.props)])
        for *values, props in cursor:
            told = dict(zip(names, values, strict=True)) | {"occurred_at": values[1].isoformat()}
            file.write(json.dumps(told | {"props": json.loads(props)}, ensure_ascii=False) + "\n")
    with connection.cursor() as cursor, fields.open("w", encoding="utf-8") as file:
        cursor.execute("SELECT id::text, fields::text FROM contacts_contact WHERE id = ANY(%s)", [contacts])
        for contact, written in cursor:
            file.write(json.dumps({**json.loads(written), "contact": contact}, ensure_ascii=False) + "\n")


def _in_batch(events: Path, fields: Path, live: Live, now: datetime) -> dict[str, set[str]]:
    with open_histories([events], [fields], live.plan.reads, ORGANISATION_ZONE, as_="events") as histories:
        source = histories.event_table()
        run_duckdb(live.plan, as_moment(now), ORGANISATION_ZONE, source, histories.connection).create("held")
        found: dict[str, set[str]] = {contact: set() for contact in histories.fields or ()}
        for contact, tag in histories.connection.execute("SELECT contact, tag FROM held").fetchall():
            found[contact].add(tag)
        return found
