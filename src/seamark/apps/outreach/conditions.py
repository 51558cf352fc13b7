"""A condition beside the live rulebook: whether it fits, what it says, and whom it fits now."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterator
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from tempfile import TemporaryDirectory

from django.conf import settings
from django.db import connection

from seamark.apps.tagging.models import Version
from seamark.apps.tagging.rulebooks import GROUP, ORGANISATION_ZONE, with_additions
from seamark.apps.timeline import lake
from seamark.apps.work.kinds import Tell
from seamark.engine.batch import run_duckdb
from seamark.engine.check import references
from seamark.engine.errors import Problem, RuleError
from seamark.engine.moments import as_moment
from seamark.engine.plan import Plan, plan_rulebook
from seamark.engine.rulebook import Rulebook
from seamark.histories import open_histories
from seamark.readers.lake import expanded, manifest_of

ASKED = f"{GROUP}/asked"
STEPS = 4
"""How far a search is told: the lake filled, fields written, events read, the condition asked."""


def rulebook_with(when: str) -> Rulebook:
    """The live rulebook with the condition beside it, as the tag `ASKED`. Raises `RuleError` where it does not fit."""
    live = Version.objects.filter(state=Version.State.LIVE).first()
    if live is None:
        raise RuleError(Problem("no-rulebook", "No rulebook is live yet."))
    return with_additions(live.text, live.included, live.params, {ASKED: {"title": "asked", "when": when}})


def needed(rulebook: Rulebook, tag: str) -> Plan:
    """The plan of one tag and of those it stands on, and of nothing else."""
    below = references(rulebook)
    found: set[str] = set()
    waiting = [f"tag {tag}"]
    while waiting:
        name = waiting.pop()
        if name not in found:
            found.add(name)
            waiting += below.get(name, ())
    groups = [
        group
        if f"group {group.name}" in found
        else replace(group, tags=tuple(each for each in group.tags if f"tag {each.name}" in found))
        for group in rulebook.groups
    ]
    return plan_rulebook(replace(rulebook, groups=tuple(group for group in groups if group.tags)))


def fitting(when: str, now: datetime, tell: Tell) -> Iterator[int]:
    """The contacts, in no order, for whom the condition holds at that moment, found in the lake."""
    rulebook = rulebook_with(when)
    plan = needed(rulebook, ASKED)
    lake.export(settings.LAKE, lambda: tell(0, STEPS))
    tell(1, STEPS)
    with TemporaryDirectory(prefix="seamark-") as folder, lake.reading():
        fields = Path(folder) / "contacts.jsonl"
        _write_fields(fields, plan.reads.fields)
        tell(2, STEPS)
        files = expanded([settings.LAKE]) if manifest_of(settings.LAKE).files else []
        with open_histories(files, [fields], plan.reads, ORGANISATION_ZONE, as_="events") as histories:
            tell(3, STEPS)
            source = histories.event_table()
            run_duckdb(plan, as_moment(now), ORGANISATION_ZONE, source, histories.connection).create("held")
            held = histories.connection.execute("SELECT contact::BIGINT FROM held WHERE tag = ?", [ASKED])
            yield from (contact for (contact,) in held.fetchall())


def _write_fields(path: Path, names: Collection[str]) -> None:
    """All contacts with those of their fields that are read."""
    with connection.cursor() as cursor, path.open("w", encoding="utf-8") as file:
        cursor.execute("SELECT id::text, fields::text FROM contacts_contact")
        for contact, written in cursor:
            known = {name: value for name, value in json.loads(written).items() if name in names} if names else {}
            file.write(json.dumps({**known, "contact": contact}, ensure_ascii=False) + "\n")
