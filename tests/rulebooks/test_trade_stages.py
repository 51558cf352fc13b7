"""`trade-stages` and `company-attributes`: every threshold just inside, on and just outside its edge."""

from __future__ import annotations

import pytest

from seamark.engine.plan import Plan, plan_rulebook
from seamark.engine.units import DAY, HOUR
from seamark.rulebooks import open_rulebook
from tests.evaluators import Answer
from tests.rulebooks.told import EVALUATORS, Case, at, case, check, ordered, told, wrote, wrote_to

STAGES: dict[str, Case] = {
    "nothing": case(held="stage/unmarked stars/one grade/c industry/not-known", not_held="plan/idle"),
    "an inquiry": case(wrote(DAY), held="stage/inquiry plan/idle", not_held="stage/unmarked"),
    "a sample": case(at("sample.sent", DAY), held="stage/sample", not_held="stage/inquiry"),
    "a quote inside 30 d": case(at("quote.sent", 30 * DAY - 1), held="stage/inquiry", not_held="stage/undeal"),
    "a quote on 30 d": case(at("quote.sent", 30 * DAY), held="stage/undeal", not_held="stage/inquiry"),
    "a newer quote": case(at("quote.sent", 40 * DAY), at("quote.sent", DAY), held="stage/inquiry"),
    "a sample after the quote": case(at("quote.sent", 40 * DAY), at("sample.sent", DAY), held="stage/sample"),
    "a closed sample inside 30 d": case(
        at("sample.sent", 50 * DAY), at("sample.closed", 30 * DAY - 1), held="stage/sample"
    ),
    "a closed sample on 30 d": case(at("sample.sent", 50 * DAY), at("sample.closed", 30 * DAY), held="stage/undeal"),
    "a sample inside 30 d": case(at("quote.sent", 40 * DAY), at("sample.sent", 30 * DAY - 1), held="stage/sample"),
    "a sample on 30 d": case(at("quote.sent", 40 * DAY), at("sample.sent", 30 * DAY), held="stage/undeal"),
    "a sample alone": case(at("sample.sent", 40 * DAY), held="stage/sample"),
    "an order after the quote": case(at("quote.sent", 40 * DAY), ordered(DAY), held="stage/transaction"),
    "two orders": case(ordered(900 * DAY), ordered(800 * DAY), held="stage/repeat", not_held="plan/idle"),
    "a first order inside 30 d": case(ordered(30 * DAY - 1), not_held="plan/second-order"),
    "a first order on 30 d": case(ordered(30 * DAY), held="plan/second-order"),
    "a second order": case(ordered(60 * DAY), ordered(40 * DAY), not_held="plan/second-order"),
    "written to inside 7 d": case(wrote(9 * DAY), wrote_to(7 * DAY - 1), not_held="plan/idle"),
    "written to on 7 d": case(wrote(9 * DAY), wrote_to(7 * DAY), held="plan/idle"),
    "a plan by hand": case(at("tag.set", 400 * DAY, tag="plan/partner"), held="plan/partner"),
}
STARS: dict[str, Case] = {
    "asks and has ordered": case(wrote(DAY, "price"), ordered(365 * DAY - 1), held="stars/three"),
    "asks, ordered on a year": case(wrote(DAY, "price"), ordered(365 * DAY), held="stars/two"),
    "asks and had a sample": case(wrote(DAY, "stock"), at("sample.sent", 90 * DAY - 1), held="stars/three"),
    "asks, a sample on 90 d": case(wrote(DAY, "discount"), at("sample.sent", 90 * DAY), held="stars/two"),
    "asked inside 30 d": case(wrote(30 * DAY - 1, "price"), held="stars/two"),
    "asked on 30 d": case(wrote(30 * DAY, "price"), held="stars/one"),
    "asked for details": case(wrote(DAY, "specs"), held="stars/two"),
    "asked what is new inside 30 d": case(wrote(30 * DAY - 1, "new-product"), held="stars/two"),
    "asked what is new on 30 d": case(wrote(30 * DAY, "new-product"), held="stars/one"),
    "bought and silent": case(ordered(DAY), held="stars/two", not_held="stars/three"),
    "bought and refused": case(ordered(DAY), wrote(HOUR, "refusal"), held="stars/one"),
}
COMPANIES: dict[str, Case] = {
    "above 500k": case(ordered(DAY, 500_000.0001), held="grade/a", not_held="grade/b"),
    "on 500k": case(ordered(DAY, 500_000), held="grade/b", not_held="grade/a"),
    "on 100k": case(ordered(DAY, 99_999), ordered(DAY, 1), held="grade/b", not_held="grade/c"),
    "below 100k": case(ordered(DAY, 99_999.9999), held="grade/c", not_held="grade/b"),
    "600k inside a year": case(ordered(365 * DAY - 1, 600_000), held="grade/a"),
    "600k on a year": case(ordered(365 * DAY, 600_000), held="grade/c"),
    "expected above 500k": case(annual_purchase=500_001, held="grade/a"),
    "expected on 500k": case(annual_purchase=500_000, held="grade/b"),
    "expected on 100k": case(annual_purchase=100_000, held="grade/b"),
    "expected below 100k": case(annual_purchase=99_999, held="grade/c"),
    "strategic by hand": case(at("tag.set", 900 * DAY, tag="account/strategic"), held="account/strategic"),
    "a million": case(ordered(DAY, 1_000_000), held="account/high-net-worth"),
    "less than a million": case(ordered(DAY, 999_999.9999), not_held="account/high-net-worth"),
    "49 employees": case(employees=49, held="size/small", not_held="size/medium"),
    "50 employees": case(employees=50, held="size/medium", not_held="size/small size/large"),
    "200 employees": case(employees=200, held="size/medium", not_held="size/small size/large"),
    "201 employees": case(employees=201, held="size/large", not_held="size/medium"),
    "auto parts": case(industry="auto parts", held="industry/auto-parts", not_held="industry/other"),
    "no industry of the list": case(industry="toys", held="industry/other", not_held="industry/not-known"),
    "a decision maker": case(position="decision maker", held="position/decision-maker"),
    "an influencer": case(position="influencer", held="position/influencer"),
    "an executor": case(position="执行者", held="position/executor", not_held="position/decision-maker"),
    "one category": case(ordered(365 * DAY - 1, category="pumps"), held="purchases/one"),
    "one category on a year": case(ordered(365 * DAY, category="pumps"), held="purchases/not-known"),
    "a category told": case(purchase_category="pumps", held="purchases/one"),
    "two categories": case(
        ordered(DAY, category="pumps"), ordered(365 * DAY - 1, category="valves"), held="purchases/several"
    ),
    "the second on a year": case(
        ordered(DAY, category="pumps"), ordered(365 * DAY, category="valves"), held="purchases/one"
    ),
    "150k inside a year": case(ordered(365 * DAY - 1, 150_000), held="grade/b"),
    "150k on a year": case(ordered(365 * DAY, 150_000), held="grade/c"),
    "a million inside a year": case(ordered(365 * DAY - 1, 1_000_000), held="account/high-net-worth"),
    "a million on a year": case(ordered(365 * DAY, 1_000_000), not_held="account/high-net-worth"),
}
CASES = STAGES | STARS | COMPANIES


@pytest.fixture(scope="module")
def plan() -> Plan:
    return plan_rulebook(open_rulebook("trade-stages"))


@pytest.fixture(scope="module", params=EVALUATORS)
def answer(request: pytest.FixtureRequest, plan: Plan) -> Answer:
    return told(request.param, plan, CASES)


@pytest.mark.covers("A06", "A21")
@pytest.mark.parametrize("name", STAGES)
def test_stages(answer: Answer, name: str) -> None:
    check(answer, name, STAGES[name])


@pytest.mark.covers("A07")
@pytest.mark.parametrize("name", STARS)
def test_stars(answer: Answer, name: str) -> None:
    check(answer, name, STARS[name])


@pytest.mark.covers("A08", "A09")
@pytest.mark.parametrize("name", COMPANIES)
def test_companies(answer: Answer, name: str) -> None:
    check(answer, name, COMPANIES[name])
