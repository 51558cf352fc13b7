"""Reasoning rules out nothing that can happen, and what it rules out cannot."""

import pytest
import z3
from hypothesis import HealthCheck, given, settings

from seamark.engine.plan import plan_rulebook
from seamark.engine.reasoning import Reasoning, possible
from seamark.engine.rulebook import load_rulebook
from tests.engine.rulebooks import Scenario, held, scenarios

RULEBOOK = """
rulebook: small
kinds: {loan.signed: {sum: number, due: date, called: time}}
fields: {size: number, city: text, born: date, budget: range, called: time, interests: list}
terms: {price: {en: [price]}, stock: {en: [stock]}}
groups:
  level:
    kind: level
    tags:
      high: {when: last(message.received) within 24h}
      low: {when: last(message.received) within 7d}
      hand: {by_hand: true}
      rest: {otherwise: true}
"""


def can_be(condition: str) -> bool:
    asked = f"  asked:\n    kind: set\n    tags:\n      it:\n        when: >\n          {condition}\n"
    plan = plan_rulebook(load_rulebook(RULEBOOK + asked))
    reasoning = Reasoning(plan)
    truth = reasoning.held("asked/it")
    return possible(reasoning.solver(), truth)


@pytest.mark.covers("G08")
@pytest.mark.parametrize(
    "condition",
    [
        # windows
        "any order.placed over 3d and no order.placed over 7d",
        "count(order.placed) over 3d > count(order.placed) over 7d",
        "count(order.placed) over 7d >= 2 and count(order.placed) < 2",
        "last(order.placed) within 24h and last(order.placed) older than 23h and last(order.placed) older than 24h",
        "last(order.placed) older than 3d and any order.placed over 3d",
        "first(order.placed) within 3d and last(order.placed) older than 3d",
        "first(order.placed) within 3d and count(order.placed) over 3d != count(order.placed)",
        "first(order.placed) older than 3d and count(order.placed) over 3d = count(order.placed)",
        "count(order.placed) = 1 and first(order.placed) != last(order.placed)",
        "count(order.placed) > 1.5 and count(order.placed) < 2",
        # moments
        "last(order.placed) > last(quote.sent) and no order.placed",
        "last(order.placed) > last(quote.sent) and last(quote.sent) >= last(order.placed)",
        "last(order.placed) > last(quote.sent) and last(quote.sent) within 3d and no order.placed over 3d",
        "last(order.placed) older than 3d and last(quote.sent) within 3d and last(order.placed) > last(quote.sent)",
        "contact.called > last(order.placed) and contact.called is absent",
        # filters
        "any order.placed[amount > 100] and no order.placed[amount > 50]",
        "any order.placed[amount > 100] over 3d and no order.placed over 7d",
        'count(order.placed[category = "a"]) + count(order.placed[category != "a"]) > count(order.placed)',
        "count(order.placed[amount > 1]) + count(order.placed[amount <= 1]) + "
        "count(order.placed[amount is absent]) != count(order.placed)",
        'any message.received[mentions "price" and mentions "stock"] and no message.received[mentions "stock"]',
        'last(order.placed[category = "a"]) > last(order.placed)',
        "last(order.placed) > last(order.placed[hour < 12]) and last(order.placed) > last(order.placed[hour >= 12])",
        "any order.placed[hour > 23]",
        "any order.placed[weekday between 1 and 7 and not weekday >= 1]",
        'any order.placed[category in ["a", "b"] and category = "c"]',
        'any loan.signed[due < "2026-01-01" and due > "2026-01-01"]',
        # props of one event
        'last(order.placed[category = "a"]).category = "b"',
        "last(order.placed[amount > 5]).amount is absent and any order.placed[amount > 5]",
        "last(order.placed).hour between 23.5 and 30",
        'last(order.placed).category = "a" and no order.placed',
        # sums and the like
        "sum(order.placed.amount) over 3d != 0 and no order.placed over 3d",
        "min(order.placed.amount) > max(order.placed.amount)",
        "min(order.placed.amount) over 3d < min(order.placed.amount)",
        "avg(order.placed.amount) > 5 and max(order.placed.amount) <= 5",
        "avg(order.placed.amount) > 5 and sum(order.placed.amount) < 5 and count(order.placed) = 1",
        "avg(order.placed[amount > 0].amount) > 10 and sum(order.placed[amount > 0].amount) <= 10",
        "sum(order.placed[amount > 10].amount) between 1 and 10",
        "sum(order.placed[amount >= 0].amount) over 3d > sum(order.placed[amount >= 0].amount) over 7d",
        "max(order.placed[amount <= 3].amount) > 3",
        "min(order.placed.amount) is absent and sum(order.placed.amount) > 0",
        "sum(order.placed.amount) * 2 > 10 and sum(order.placed.amount) < 5",
        "sum(order.placed.amount) - sum(order.placed.amount) + 3 != 3",
        "distinct(order.placed.month) >= 13",
        "distinct(order.placed.category) > count(order.placed)",
        "distinct(order.placed.category) over 3d > distinct(order.placed.category) over 7d",
        'distinct(order.placed[category = "a"].category) = 0 and any order.placed[category = "a"]',
        # delays
        "avg(delay(message.received since message.sent)) <= 10m and no message.sent",
        "avg(delay(message.received since message.sent)) over 3d <= 10m and no message.received over 3d",
        "avg(delay(message.received since message.sent)) >= 2d and first(message.sent) within 2d",
        # fields
        "contact.size > 10 and contact.size < 5",
        "contact.size > 1 and contact.size is absent",
        'contact.city = "a" and contact.city = "b"',
        'contact.city in ["a", "b"] and contact.city != "a" and contact.city != "b"',
        "contact.budget.low > contact.budget.high",
        "contact.budget is absent and contact.budget.low > 1",
        "not contact.budget is absent and contact.budget.low is absent and contact.budget.high is absent",
        'contact.interests has "price" and contact.interests is absent',
        'contact.born > "2026-01-01" and contact.born < "2025-01-01"',
        "months_since(contact.born) between 6.1 and 6.9",
        "until_anniversary(contact.born) > 365d",
        "until_anniversary(contact.born) between 25h and 47h",
        "months_since(contact.born) >= 0 and contact.born is absent",
        # tags
        "tagged level/high and tagged level/low",
        "tagged level/high and no message.received over 24h",
        "tagged level/low and any message.received over 24h",
        "tagged level/rest and any message.received over 7d",
        "tagged level/hand and tagged level/rest",
    ],
)
def test_what_cannot_be(condition: str) -> None:
    assert not can_be(condition)


@pytest.mark.parametrize(
    "condition",
    [
        "any order.placed over 7d and no order.placed over 3d",
        "count(order.placed) over 3d = 2 and count(order.placed) over 7d = 2 and count(order.placed) = 3",
        "first(order.placed) older than 3d and last(order.placed) within 3d and count(order.placed) = 2",
        "last(order.placed) >= last(quote.sent) and last(quote.sent) >= last(order.placed)",
        "any order.placed[amount > 50] and no order.placed[amount > 100]",
        "any order.placed and no order.placed[amount <= 1] and no order.placed[amount > 1]",
        "sum(order.placed.amount) < 0 and sum(order.placed.amount) over 3d > 0",
        "sum(order.placed.amount) over 3d > sum(order.placed.amount)",
        "avg(order.placed.amount) > 5 and min(order.placed.amount) < 1 and max(order.placed.amount) > 9",
        "distinct(order.placed.month) = 12 and count(order.placed) = 12",
        "avg(delay(message.received since message.sent)) = 0s",
        "contact.size is absent and not contact.size > 3 and not contact.size <= 3",
        "contact.budget.low > 3 and contact.budget.high is absent",
        "until_anniversary(contact.born) = 365d",
        "last(message.received).mentions is absent and any message.received",
        "tagged level/hand and last(message.received) within 24h",
        "sum(order.placed.amount) * sum(quote.sent.amount) < 0",
    ],
)
def test_what_can_be(condition: str) -> None:
    assert can_be(condition)


@settings(max_examples=15, suppress_health_check=[HealthCheck.filter_too_much, HealthCheck.too_slow])
@given(scenarios())
def test_what_happens_is_never_ruled_out(scenario: Scenario) -> None:
    names = [name for name in scenario.plan.tags if name.startswith("leaf ")]
    reasoning = Reasoning(scenario.plan)
    leaves = {name: reasoning.held(name) for name in names}
    solver = reasoning.solver()
    for contact in scenario.contacts:
        oracle = scenario.oracle(contact, contact.events)
        for now in {scenario.now, *(event.occurred_at for event in contact.events)}:
            true = held(oracle, now)
            assert possible(solver, *(leaf if name in true else z3.Not(leaf) for name, leaf in leaves.items())), now
