"""`scrm-desk`: every threshold just inside, on and just outside its edge."""

from __future__ import annotations

import pytest

from seamark.engine.plan import Plan, plan_rulebook
from seamark.engine.units import DAY, HOUR, MINUTE
from seamark.rulebooks import open_rulebook
from tests.evaluators import Answer
from tests.rulebooks.told import EVALUATORS, Case, at, case, check, ordered, told, wrote, wrote_to

STATES: dict[str, Case] = {
    "nothing": case(held="priority/none buying/seldom grade/c upkeep/incomplete", not_held="state/new-inquiry"),
    "an inquiry": case(wrote(DAY - 1, "price"), held="state/new-inquiry", not_held="reminder/inquiry-overdue"),
    "unanswered for 24 h": case(wrote(DAY, "price"), held="state/new-inquiry reminder/inquiry-overdue"),
    "answered": case(wrote(DAY, "price"), wrote_to(HOUR), not_held="state/new-inquiry reminder/inquiry-overdue"),
    "no inquiry": case(wrote(HOUR), not_held="state/new-inquiry"),
    "an inquiry of a customer": case(ordered(DAY), wrote(HOUR, "price"), held="state/closed priority/p3"),
    "industry and size not known": case(wrote(HOUR, "price"), industry="retail", held="reminder/industry-and-size"),
    "industry and size known": case(
        wrote(HOUR, "price"), industry="retail", employees=20, not_held="reminder/industry-and-size"
    ),
    "new inside 24 h": case(wrote_to(DAY - 1), held="state/new-customer", not_held="state/quote-sent"),
    "new on 24 h": case(wrote_to(DAY), not_held="state/new-customer reminder/new-customer-ending"),
    "new inside 23 h": case(wrote_to(23 * HOUR - 1), not_held="reminder/new-customer-ending"),
    "new on 23 h": case(wrote_to(23 * HOUR), held="state/new-customer reminder/new-customer-ending"),
    "the quote replaces it": case(
        wrote_to(HOUR), at("quote.sent", MINUTE), held="state/quote-sent", not_held="state/new-customer"
    ),
    "quote inside 6 d": case(at("quote.sent", 6 * DAY - 1), not_held="reminder/quote-expiring"),
    "quote on 6 d": case(at("quote.sent", 6 * DAY), held="reminder/quote-expiring state/quote-sent"),
    "quote answered": case(at("quote.sent", 6 * DAY), wrote(DAY), not_held="reminder/quote-expiring"),
    "quote inside 7 d": case(at("quote.sent", 7 * DAY - 1), held="state/quote-sent reminder/quote-expiring"),
    "quote on 7 d": case(
        at("quote.sent", 7 * DAY), held="state/to-confirm", not_held="state/quote-sent reminder/quote-expiring"
    ),
    "to confirm inside 30 d": case(at("quote.sent", 30 * DAY - 1), held="state/to-confirm"),
    "to confirm on 30 d": case(at("quote.sent", 30 * DAY), not_held="state/to-confirm"),
    "confirmed": case(at("quote.sent", DAY), ordered(HOUR), held="state/closed", not_held="state/to-confirm"),
    "sample inside 14 d": case(
        at("sample.sent", 14 * DAY - 1), held="state/sample-sent", not_held="reminder/sample-ending"
    ),
    "sample on 14 d": case(at("sample.sent", 14 * DAY), held="state/sample-sent reminder/sample-ending"),
    "sample on 15 d": case(at("sample.sent", 15 * DAY), not_held="state/sample-sent reminder/sample-ending"),
    "sample closed at once": case(
        at("sample.sent", DAY), at("sample.closed", DAY), held="state/sample-sent", not_held="reminder/sample-ending"
    ),
    "sample closed": case(
        at("sample.sent", 14 * DAY), at("sample.closed", DAY), not_held="state/sample-sent reminder/sample-ending"
    ),
    "known inside 60 d": case(wrote(60 * DAY - 1), not_held="state/long-term"),
    "known on 60 d": case(wrote(60 * DAY), held="state/long-term", not_held="reminder/weekly-due"),
    "known long, and bought": case(wrote(60 * DAY), ordered(DAY), not_held="state/long-term"),
    "written to inside a week": case(wrote(60 * DAY), wrote_to(7 * DAY - 1), not_held="reminder/weekly-due"),
    "written to on a week": case(wrote(60 * DAY), wrote_to(7 * DAY), held="reminder/weekly-due"),
    "refused": case(wrote(60 * DAY, "refusal"), wrote_to(7 * DAY), not_held="reminder/weekly-due"),
    "quoted, followed up inside 7 d": case(
        at("quote.sent", 8 * DAY), wrote_to(7 * DAY - 1), not_held="reminder/follow-up-late"
    ),
    "quoted, followed up on 7 d": case(at("quote.sent", 8 * DAY), wrote_to(7 * DAY), held="reminder/follow-up-late"),
}
BUYING: dict[str, Case] = {
    "ten months": case(*[ordered(30 * DAY * month) for month in range(10)], held="buying/monthly"),
    "nine months": case(*[ordered(30 * DAY * month) for month in range(9)], held="buying/quarterly"),
    "four orders": case(*[ordered(365 * DAY - 1)] * 4, held="buying/quarterly"),
    "ten months, one on a year": case(
        *[ordered(30 * DAY * month) for month in range(9)], ordered(365 * DAY), held="buying/quarterly"
    ),
    "two orders, one inside a year": case(ordered(DAY), ordered(365 * DAY - 1), held="buying/half-yearly"),
    "two orders, one on a year": case(ordered(DAY), ordered(365 * DAY), held="buying/seldom"),
    "three orders": case(*[ordered(DAY)] * 3, ordered(365 * DAY), held="buying/half-yearly"),
    "two orders": case(*[ordered(DAY)] * 2, held="buying/half-yearly"),
    "one order": case(ordered(DAY), held="buying/seldom"),
}
PRIORITIES: dict[str, Case] = {
    "a budget above 100k": case(wrote(HOUR, "price"), budget="50000-100001", held="priority/p1"),
    "a budget of 100k": case(wrote(HOUR, "price"), budget="50000-100000", held="priority/p2"),
    "a budget from 100k": case(wrote(HOUR, "price"), budget="100000-", held="priority/p2"),
    "a budget from 50k": case(wrote(HOUR, "price"), budget="50000-", held="priority/p2"),
    "a budget from below 50k": case(wrote(HOUR, "price"), budget="49999-", held="priority/p3"),
    "a budget from above 100k": case(wrote(HOUR, "price"), budget="100001-", held="priority/p1"),
    "a budget of 50k": case(wrote(HOUR, "price"), budget="20000-50000", held="priority/p2"),
    "a budget below 50k": case(wrote(HOUR, "price"), budget="20000-49999", held="priority/p3"),
    "no budget": case(wrote(HOUR, "specs"), held="priority/p3"),
    "a big budget of a customer": case(ordered(DAY), wrote(HOUR, "price"), budget="200000", held="priority/p3"),
    "a big budget, answered": case(wrote(HOUR, "price"), wrote_to(MINUTE), budget="200000", held="priority/none"),
    "words of a deal": case(ordered(DAY), wrote(DAY - 1, "deal"), held="priority/p1 asks/deal"),
    "words of a deal on 24 h": case(wrote(DAY, "deal"), held="priority/none", not_held="asks/deal"),
    "words of a deal, answered": case(wrote(HOUR, "deal"), wrote_to(MINUTE), held="priority/none asks/deal"),
}
ASKS: dict[str, Case] = {
    **{
        f"asks about {term}": case(wrote(HOUR - 1, term), held=f"asks/{tag}")
        for term, tag in {
            "price": "price",
            "shipping": "shipping",
            "booking": "booking",
            "discount": "discount",
            "payment": "payment",
            "learning": "guide",
            "person": "person",
        }.items()
    },
    **{
        f"asked about {tag} on 1 h": case(wrote(HOUR, tag), not_held=f"asks/{tag}")
        for tag in ("price", "shipping", "booking", "discount", "payment", "person")
    },
    "asked for a guide on 1 h": case(wrote(HOUR, "learning"), not_held="asks/guide"),
    # now is 10 in the morning
    "the same question three times": case(*[wrote(DAY - 1, question="how much")] * 3, held="asks/again"),
    "the same question twice": case(*[wrote(HOUR, question="how much")] * 2, not_held="asks/again"),
    "the third on 24 h": case(
        *[wrote(HOUR, question="how much")] * 2, wrote(DAY, question="how much"), not_held="asks/again"
    ),
    "three questions": case(*[wrote(HOUR, question=each) for each in ("price", "size", "how")], not_held="asks/again"),
    "another question between": case(
        *[wrote(HOUR, question="how much")] * 3, wrote(HOUR, question="size"), held="asks/again"
    ),
    "three words that ask nothing": case(*[wrote(HOUR)] * 3, not_held="asks/again"),
    "wrote before 22": case(wrote(12 * HOUR + 1), not_held="asks/overnight"),
    "wrote at 22": case(wrote(12 * HOUR), held="asks/overnight"),
    "wrote before 8": case(wrote(2 * HOUR + 1), held="asks/overnight"),
    "wrote at 8": case(wrote(2 * HOUR), not_held="asks/overnight"),
    "wrote at night, answered": case(wrote(9 * HOUR), wrote_to(HOUR), not_held="asks/overnight"),
    "a new product inside 30 d": case(wrote(30 * DAY - 1, "new-product"), held="trend/new-product"),
    "a new product on 30 d": case(wrote(30 * DAY, "new-product"), not_held="trend/new-product"),
}
FULL: dict[str, object] = {
    "name": "Ann Lee",
    "industry": "retail",
    "products": "A;B",
    "budget": "50000-80000",
    "preferred_slot": "Wed afternoon",
}
UPKEEP: dict[str, Case] = {
    "silent inside 180 d": case(wrote(180 * DAY - 1), win_chance=0.01, not_held="upkeep/to-delete"),
    "silent on 180 d, below 5 %": case(wrote(180 * DAY), win_chance=0.0499, held="upkeep/to-delete"),
    "silent on 180 d, 5 %": case(wrote(180 * DAY), win_chance=0.05, not_held="upkeep/to-delete"),
    "silent, ordered inside 180 d": case(
        wrote(200 * DAY), ordered(180 * DAY - 1), win_chance=0.01, not_held="upkeep/to-delete"
    ),
    "silent, ordered on 180 d": case(wrote(200 * DAY), ordered(180 * DAY), win_chance=0.01, held="upkeep/to-delete"),
    "written to inside 180 d": case(wrote_to(180 * DAY - 1), win_chance=0.01, not_held="upkeep/to-delete"),
    "silent, chance not known": case(wrote(180 * DAY), not_held="upkeep/to-delete"),
    "silent, and bought": case(wrote(180 * DAY), ordered(DAY), win_chance=0.01, not_held="upkeep/to-delete"),
    "only written to": case(wrote_to(180 * DAY), win_chance=0.01, held="upkeep/to-delete"),
    "a full record": case(**FULL, not_held="upkeep/incomplete"),
    **{
        f"a record without {field}": case(
            **{name: value for name, value in FULL.items() if name != field}, held="upkeep/incomplete"
        )
        for field in FULL
    },
}
CASES = STATES | BUYING | PRIORITIES | ASKS | UPKEEP


@pytest.fixture(scope="module")
def plan() -> Plan:
    return plan_rulebook(open_rulebook("scrm-desk"))


@pytest.fixture(scope="module", params=EVALUATORS)
def answer(request: pytest.FixtureRequest, plan: Plan) -> Answer:
    return told(request.param, plan, CASES)


@pytest.mark.covers("A17", "A21")
@pytest.mark.parametrize("name", STATES)
def test_states_with_a_clock(answer: Answer, name: str) -> None:
    check(answer, name, STATES[name])


@pytest.mark.covers("A18")
@pytest.mark.parametrize("name", BUYING)
def test_how_often_someone_buys(answer: Answer, name: str) -> None:
    check(answer, name, BUYING[name])


@pytest.mark.parametrize("name", PRIORITIES)
def test_priorities(answer: Answer, name: str) -> None:
    check(answer, name, PRIORITIES[name])


@pytest.mark.parametrize("name", ASKS)
def test_keywords(answer: Answer, name: str) -> None:
    check(answer, name, ASKS[name])


@pytest.mark.parametrize("name", UPKEEP)
def test_upkeep(answer: Answer, name: str) -> None:
    check(answer, name, UPKEEP[name])


@pytest.mark.covers("A19")
@pytest.mark.parametrize(
    ("group", "days"),
    [("industry", 30), ("size", 90), ("grade", 90), ("account", 180), ("buying", 90), ("upkeep", 7)],
)
def test_review_rhythms(group: str, days: int) -> None:
    every = {each.name: each.review_every for each in open_rulebook("scrm-desk").groups}
    assert every[group] == days * DAY


@pytest.mark.covers("A19")
@pytest.mark.parametrize("dimension", ["attributes", "behaviour", "value"])
def test_dimensions_keep_5_to_8_tags(dimension: str) -> None:
    groups = [group for group in open_rulebook("scrm-desk").groups if group.dimension == dimension]
    assert 5 <= sum(len(group.tags) for group in groups) <= 8
