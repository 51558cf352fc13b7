"""Twenty rules on facts at hand: ours, zen-engine, CEL, rule-engine and durable-rules, each in its quickest form."""

from __future__ import annotations

import random
from collections import deque
from collections.abc import Callable, Iterator
from functools import partial
from itertools import repeat
from statistics import median
from typing import Any

from benchmarks.measure import Contender, Run, spread
from benchmarks.report import Row
from benchmarks.rulebook import TWENTY, ZONE, planned
from benchmarks.synthetic import SEED
from seamark.engine.online import Online

Facts = dict[str, Any]

CONTACTS = 500
"""How many have facts; decisions go round them."""

RULES = (
    "hours <= 24",
    "hours > 24 and hours <= 72",
    "hours > 168",
    "orders >= 4",
    "orders == 0 and clicks >= 2",
    "spend >= 5000",
    "spend - refunds >= 1000",
    "channel == 'email'",
    "channel in ['whatsapp', 'wecom']",
    "'price' in mentions",
    "'discount' in mentions or 'stock' in mentions",
    "employees >= 50 and employees <= 200",
    "industry == 'electronics' and employees >= 100",
    "not ('refusal' in mentions) and hours <= 72",
    "evening >= 3",
    "channels >= 2 and spend >= 1000",
    "seconds >= 90 and orders == 0",
    "stage == 'quoted' and hours > 144 and hours <= 168",
    "(orders >= 2 and spend >= 1500) or (clicks >= 5 and seconds >= 60)",
    "city in ['Shenzhen', 'Berlin'] and stage != 'lost'",
)

"""As zen-engine and rule-engine read them, and Python too."""


def drawn() -> list[Facts]:
    """Facts of some contacts, every rule's figures on both sides of its threshold and on it."""
    pick = random.Random(SEED)
    terms = ("price", "discount", "stock", "refusal", "specs")
    return [
        {
            "hours": pick.choice((1, 24, 30, 72, 80, 150, 168, 200, 400)),
            "orders": pick.randint(0, 6),
            "spend": pick.choice((0, 500, 1_000, 1_500, 3_000, 5_000, 8_000)),
            "refunds": pick.choice((0, 0, 0, 200, 500)),
            "clicks": pick.randint(0, 6),
            "channels": pick.randint(1, 4),
            "evening": pick.randint(0, 5),
            "seconds": pick.choice((0, 30, 60, 90, 200)),
            "employees": pick.choice((1, 50, 99, 100, 200, 300)),
            "channel": pick.choice(("whatsapp", "wecom", "web", "email")),
            "industry": pick.choice(("electronics", "toys", "auto parts")),
            "city": pick.choice(("Shenzhen", "Berlin", "Lagos", "Lima")),
            "stage": pick.choice(("new", "quoted", "lost")),
            "mentions": pick.sample(terms, pick.randint(1, 3)),
        }
        for _ in range(CONTACTS)
    ]


# Contenders


def ours(count: int) -> Callable[[], Any]:
    """The generated function of the rulebook: facts are a row of a contact's fields, truths are bits."""
    online = Online(planned(TWENTY), ZONE)
    decide, slots = online.generated.decide_afresh, list(online.generated.empty)
    facts = [online.row(online.plan.reads.fields_of(each, ZONE)) for each in drawn()]
    return _each(count, facts, lambda all_facts: map(decide, repeat(slots), all_facts, repeat(0)), _bits)


def ours_from_mappings(count: int) -> Callable[[], Any]:
    """The same, each contact's fields put into a row first."""
    online = Online(planned(TWENTY), ZONE)
    decide, slots = online.generated.decide_afresh, list(online.generated.empty)
    facts = [online.plan.reads.fields_of(each, ZONE) for each in drawn()]
    return _each(
        count, facts, lambda all_facts: map(decide, repeat(slots), map(online.row, all_facts), repeat(0)), _bits
    )


def ours_as_states(count: int) -> Callable[[], Any]:
    """A state for each contact and its verdict, with the moment until which it holds."""
    online = Online(planned(TWENTY), ZONE)
    facts = [online.plan.reads.fields_of(each, ZONE) for each in drawn()]
    return _each(
        count,
        facts,
        lambda all_facts: (online.verdict(online.state(each), 0).tags for each in all_facts),
        lambda tags: [tag in tags for tag in online.plan.tags],
    )


def zen(count: int) -> Callable[[], Any]:
    """One compiled expression for all rules: ten times as quick as one for each, or as a decision."""
    from zen import compile_expression

    return _each(count, drawn(), partial(map, compile_expression(f"[{', '.join(RULES)}]").evaluate))


def cel(count: int) -> Callable[[], Any]:
    """One compiled program for all rules: ten times as quick as one for each."""
    from cel import compile

    words = {" and ": " && ", " or ": " || ", "not ": "!"}
    rules = ", ".join(RULES)
    for word, sign in words.items():
        rules = rules.replace(word, sign)
    return _each(count, drawn(), partial(map, compile(f"[{rules}]").execute))


def rule_engine(count: int) -> Callable[[], Any]:
    from rule_engine import Rule

    rules = [Rule(rule) for rule in RULES]
    return _each(count, drawn(), partial(map, lambda facts: [rule.matches(facts) for rule in rules]))


def durable_rules(count: int) -> Callable[[], Any]:
    """Facts asserted, upon which the rules fire that hold, and retracted. (Posted, they would fire but one.)"""
    from durable.lang import assert_fact, item, m, retract_fact, ruleset, when_all

    true: set[int] = set()

    def firing(place: int) -> Callable[[Any], None]:
        return lambda _: true.add(place)

    with ruleset("twenty"):
        for place, condition in enumerate(_durable(m, item)):
            when_all(condition)(firing(place))

    def decide(facts: Facts) -> list[bool]:
        true.clear()
        assert_fact("twenty", facts)
        truths = [place in true for place in range(len(RULES))]
        retract_fact("twenty", facts)
        return truths

    return _each(count, drawn(), partial(map, decide))


def _durable(m: Any, item: Any) -> tuple[Any, ...]:
    """The rules in durable-rules' own terms, which have no `not` and no `in`."""
    return (
        m.hours <= 24,
        (m.hours > 24) & (m.hours <= 72),
        m.hours > 168,
        m.orders >= 4,
        (m.orders == 0) & (m.clicks >= 2),
        m.spend >= 5000,
        m.spend >= m.refunds + 1000,
        m.channel == "email",
        (m.channel == "whatsapp") | (m.channel == "wecom"),
        m.mentions.anyItem(item == "price"),
        m.mentions.anyItem((item == "discount") | (item == "stock")),
        (m.employees >= 50) & (m.employees <= 200),
        (m.industry == "electronics") & (m.employees >= 100),
        m.mentions.allItems(item != "refusal") & (m.hours <= 72),
        m.evening >= 3,
        (m.channels >= 2) & (m.spend >= 1000),
        (m.seconds >= 90) & (m.orders == 0),
        (m.stage == "quoted") & (m.hours > 144) & (m.hours <= 168),
        ((m.orders >= 2) & (m.spend >= 1500)) | ((m.clicks >= 5) & (m.seconds >= 60)),
        ((m.city == "Shenzhen") | (m.city == "Berlin")) & (m.stage != "lost"),
    )


OURS = "Seamark, the generated function"
FROM_MAPPING = "Seamark, the same from a mapping"
CONTENDERS: dict[str, tuple[Contender, float]] = {
    OURS: (ours, 10),
    FROM_MAPPING: (ours_from_mappings, 10),
    "Seamark, a state and its verdict for each": (ours_as_states, 1),
    "zen-engine": (zen, 1),
    "CEL (common-expression-language)": (cel, 1),
    "rule-engine": (rule_engine, 0.1),
    "durable-rules": (durable_rules, 0.05),
}
"""With how many times the common number of decisions each makes in a run, so that all take about as long."""
PEERS = [name for name in CONTENDERS if not name.startswith("Seamark")]


def _each(
    count: int,
    facts: list[Any],
    decided: Callable[[list[Any]], Iterator[Any]],
    truths: Callable[[Any], list[bool]] = list,
) -> Callable[[], Any]:
    """Goes through all facts until so many decisions are made; tells afterwards what was found for each."""
    rounds = -(-count // len(facts))

    def work() -> Any:
        for _ in range(rounds):
            deque(decided(facts), maxlen=0)
        return lambda: {"done": rounds * len(facts), "truths": [truths(found) for found in decided(facts)]}

    return work


def _bits(held: int) -> list[bool]:
    return [bool(held >> place & 1) for place in range(len(RULES))]


# Results


def check_agreement(answers: dict[str, Any]) -> None:
    """All give the same twenty truths for the same facts."""
    expected = answers[OURS]["truths"]
    for name, answer in answers.items():
        assert answer["truths"] == expected, f"{name} gives other answers than {OURS}"


def rates(runs: list[Run]) -> list[float]:
    """How much was done in a second of processor time."""
    return [run.answer["done"] / run.cpu for run in runs]


def table(decided: dict[str, list[Run]]) -> list[Row]:
    best = median(rates(decided[best_peer(decided)]))
    return [
        {
            "twenty rules": name,
            "decisions a second": spread(rates(runs)),
            "µs each": median(1_000_000 / rate for rate in rates(runs)),
            "× the best peer": median(rates(runs)) / best,
        }
        for name, runs in decided.items()
    ]


def best_peer(decided: dict[str, list[Run]]) -> str:
    """The one that decides most in a second."""
    return max(PEERS, key=lambda name: median(rates(decided[name])))


def times_the_best_peer(decided: dict[str, list[Run]], ours: str) -> tuple[float, str]:
    """How many times as much this way of ours does, as the median over the rounds, and the peer's name."""
    best = best_peer(decided)
    times = [one / other for one, other in zip(rates(decided[ours]), rates(decided[best]), strict=True)]
    return median(times), best
