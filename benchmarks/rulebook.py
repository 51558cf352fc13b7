"""The rulebook that is measured, and how much there is to it."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from zoneinfo import ZoneInfo

from seamark.engine import tree
from seamark.engine.plan import Plan, plan_rulebook
from seamark.rulebooks import open_rulebook

SIXTY = Path(__file__).parent / "rulebooks" / "sixty.yaml"
TWENTY = SIXTY.with_name("twenty.yaml")
ZONE = ZoneInfo("Asia/Shanghai")

GATHERED = (tree.Aggregate, tree.AverageDelay, tree.Last, tree.First, tree.PropOf)
"""What stands for one aggregate over a contact's events; a window of another length is another one."""


@cache
def planned(path: Path = SIXTY) -> Plan:
    """The plan of a rulebook of this folder."""
    return plan_rulebook(open_rulebook(str(path)))


def aggregates(plan: Plan) -> list[tree.Value]:
    """Each distinct aggregate that the plan's leaves compare."""
    return [value for value in plan.values() if isinstance(value, GATHERED)]


def measure_of(plan: Plan) -> str:
    """How large the rulebook is, in words."""
    return f"{len(plan.tags)} tags on {len(plan.leaves)} comparisons of {len(aggregates(plan))} distinct aggregates"
