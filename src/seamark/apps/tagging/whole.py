"""The history of all contacts at once, out of the lake, for the batch evaluator."""

from __future__ import annotations

import json
from collections.abc import Callable, Collection, Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

from django.conf import settings
from django.db import connection

from seamark.apps.tagging.rulebooks import ORGANISATION_ZONE
from seamark.apps.timeline import lake
from seamark.engine.events import Reads
from seamark.histories import Histories, open_histories
from seamark.readers.lake import expanded, manifest_of

STEPS = 3
"""The lake filled, fields written, events read."""


@contextmanager
def whole_history(reads: Reads, told: Callable[[int], None] = lambda step: None) -> Iterator[Histories]:
    """All that happened until now, and the contacts with their fields. `told` of each step taken; it may raise."""
    lake.export(settings.LAKE, lambda: told(0))
    told(1)
    with TemporaryDirectory(prefix="seamark-") as folder, lake.reading():
        fields = Path(folder) / "contacts.jsonl"
        _write_fields(fields, reads.fields)
        told(2)
        files = expanded([settings.LAKE]) if manifest_of(settings.LAKE).files else []
        with open_histories(files, [fields], reads, ORGANISATION_ZONE, as_="events") as histories:
            told(3)
            yield histories


def _write_fields(path: Path, names: Collection[str]) -> None:
    """All contacts with those of their fields that are read."""
    with connection.cursor() as cursor, path.open("w", encoding="utf-8") as file:
        cursor.execute("SELECT id::text, fields::text FROM contacts_contact")
        for contact, written in cursor:
            known = {name: value for name, value in json.loads(written).items() if name in names} if names else {}
            file.write(json.dumps({**known, "contact": contact}, ensure_ascii=False) + "\n")
