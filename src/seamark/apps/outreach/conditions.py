"""A condition beside the live rulebook: whether it fits, what it says, and whom it fits now."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime

from seamark.apps.tagging import whole
from seamark.apps.tagging.models import Version
from seamark.apps.tagging.rulebooks import GROUP, ORGANISATION_ZONE, with_additions
from seamark.apps.tagging.whole import whole_history
from seamark.apps.work.kinds import Tell
from seamark.engine.batch import run_duckdb
from seamark.engine.check import references
from seamark.engine.errors import Problem, RuleError
from seamark.engine.moments import as_moment
from seamark.engine.plan import Plan, plan_rulebook
from seamark.engine.rulebook import Rulebook

ASKED = f"{GROUP}/asked"
STEPS = whole.STEPS + 1
"""How far a search is told: the history read, and the condition asked of it."""


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
    with whole_history(plan.reads, lambda step: tell(step, STEPS)) as histories:
        source = histories.event_table()
        run_duckdb(plan, as_moment(now), ORGANISATION_ZONE, source, histories.connection).create("held")
        held = histories.connection.execute("SELECT contact::BIGINT FROM held WHERE tag = ?", [ASKED])
        yield from (contact for (contact,) in held.fetchall())
