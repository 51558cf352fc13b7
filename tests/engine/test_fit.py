"""Population figures by nearest rank."""

from __future__ import annotations

from fractions import Fraction
from zoneinfo import ZoneInfo

import pytest

from seamark.engine.events import Event
from seamark.engine.fit import Fitted, fit, nearest_rank
from seamark.engine.replay import History
from seamark.engine.rulebook import load_rulebook

NOW = 1_790_000_000_000_000

RULEBOOK = """
rulebook: small
params:
  part: 2
  spent: {quantile: 0.8, of: sum(order.placed.amount) over 365d, default: 1_000}
  typical: {quantile: 0.5, of: avg(order.placed.amount) * param.part, default: 7}
groups: {g: {kind: set, tags: {big: {when: sum(order.placed.amount) over 365d >= param.spent}}}}
"""


def bought(contact: str, *amounts: int, at: int = NOW) -> History:
    return History(contact, [Event(contact, at, "order.placed", {"amount": amount * 10_000}) for amount in amounts], {})


def fitted(*histories: History) -> dict[str, Fitted]:
    return {each.name: each for each in fit(load_rulebook(RULEBOOK), ZoneInfo("UTC"), histories, NOW)}


@pytest.mark.covers("A12")
def test_the_figure_is_that_of_the_contact_at_the_rank() -> None:
    found = fitted(*(bought(f"c{amount}", amount) for amount in range(1, 11)))
    assert found["spent"] == Fitted("spent", 80_000, 10)


def test_contacts_without_a_value_do_not_count() -> None:
    assert fitted(bought("ann", 5), bought("bob"), bought("eve", 0))["spent"] == Fitted("spent", 50_000, 1)


def test_what_happens_later_does_not_count() -> None:
    assert fitted(bought("ann", 5, at=NOW + 1))["spent"] == Fitted("spent", None, 0)


def test_averages_and_other_params_take_part() -> None:
    assert fitted(bought("ann", 1, 2))["typical"].value == 30_000


@pytest.mark.parametrize(("quantile", "rank"), [(1, 1), (2_500, 1), (2_501, 2), (5_000, 2), (10_000, 4)])
def test_nearest_rank_takes_a_value_that_is_there(quantile: int, rank: int) -> None:
    assert nearest_rank([Fraction(40), Fraction(20), Fraction(30), Fraction(10)], quantile) == rank * 10


def test_a_fitted_figure_is_used() -> None:
    book = load_rulebook(RULEBOOK).with_params({"spent": 3})
    assert (book.params["spent"].value, book.params["spent"].fitted) == (30_000, True)
