"""Population figures: the quantiles that a rulebook's parameters ask for."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from fractions import Fraction
from math import ceil
from zoneinfo import ZoneInfo

from seamark.engine.online import Online
from seamark.engine.plan import plan_rulebook
from seamark.engine.replay import History, fields_before
from seamark.engine.rulebook import Rulebook
from seamark.engine.units import SCALE


@dataclass(frozen=True)
class Fitted:
    """A parameter's figure, in ten-thousandths, and of how many contacts with a non-zero value."""

    name: str
    value: int | None
    """None when no contact has a value: the default stays."""
    rows: int


def fit(rulebook: Rulebook, zone: ZoneInfo, histories: Iterable[History], as_of: int) -> list[Fitted]:
    """Every fitted parameter of the rulebook over the contacts, as of a moment.

    Nearest rank over contacts with a non-zero value (engine.md, rule 11): of n values in order, the
    one at place ceil(quantile × n). Averages are rounded half up to four decimals.
    """
    wanted = [param for param in rulebook.params.values() if param.of is not None]
    plan = plan_rulebook(rulebook, figures=tuple(param.of for param in wanted if param.of is not None))
    online = Online(plan, zone)
    values: list[list[Fraction]] = [[] for _ in wanted]
    for history in histories:
        state = online.state(fields_before(history, plan.reads))
        for event in history.events:
            if event.occurred_at <= as_of:
                online.fold(state, event)
        online.verdict(state, as_of)
        for found, figure in zip(values, online.figures(state), strict=True):
            if figure:
                found.append(figure)
    return [
        Fitted(param.name, nearest_rank(found, param.quantile or SCALE), len(found))
        for param, found in zip(wanted, values, strict=True)
    ]


def nearest_rank(values: list[Fraction], quantile: int) -> int | None:
    """The value at place ceil(quantile × n), rounded half up to ten-thousandths; `quantile` is in them too.

    >>> nearest_rank([Fraction(30_000), Fraction(10_000), Fraction(20_000)], 5_000)
    20000
    """
    if not values:
        return None
    place = ceil(Fraction(quantile, SCALE) * len(values))
    return (sorted(values)[place - 1] + Fraction(1, 2)).__floor__()
