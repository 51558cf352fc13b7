"""`wecom-growth`: every threshold just inside, on and just outside its edge."""

from __future__ import annotations

import pytest

from seamark.engine.plan import Plan, plan_rulebook
from seamark.engine.units import DAY, HOUR
from seamark.rulebooks import open_rulebook
from tests.evaluators import Answer
from tests.rulebooks.told import EVALUATORS, Case, Happened, at, case, check, on, ordered, told, wrote


def clicked(ago: int = DAY) -> Happened:
    return at("link.clicked", ago, target="manual")


def looked(seconds: float, ago: int = DAY) -> Happened:
    return at("page.viewed", ago, page="price", seconds=seconds)


def bought(ago: int, category: str, amount: float = 1) -> Happened:
    return at("item.bought", ago, category=category, amount=amount)


LAYERS: dict[str, Case] = {
    "nothing": case(
        held="activity/sleeping order-value/none baby/not-known school/not-at-school recency/never rfm/not-bought",
        not_held="milk/another value/high-net-worth",
    ),
    "a woman in the east": case(gender="女", region="east", held="gender/female region/east"),
    "3 interactions": case(
        wrote(90 * DAY - 1), clicked(), at("event.attended", DAY), held="activity/lively taking-part/attended"
    ),
    "the third on 90 d": case(wrote(90 * DAY), clicked(), ordered(DAY), held="activity/quiet"),
    "one interaction inside 90 d": case(wrote(90 * DAY - 1), held="activity/quiet"),
    "one interaction on 90 d": case(wrote(90 * DAY), held="activity/sleeping"),
    "consulted inside 30 d": case(wrote(30 * DAY - 1, "specs"), held="taking-part/consulted"),
    "consulted on 30 d": case(wrote(30 * DAY, "specs"), not_held="taking-part/consulted"),
    "attended on a year": case(at("event.attended", 365 * DAY), not_held="taking-part/attended"),
    "attended three times": case(*[at("event.attended", 800 * DAY)] * 3, held="taking-part/attended-thrice"),
    "attended twice": case(*[at("event.attended", DAY)] * 2, not_held="taking-part/attended-thrice"),
    "a mean of 500": case(ordered(DAY, 400), ordered(DAY, 600), held="order-value/high"),
    "a mean below 500": case(ordered(DAY, 400), ordered(DAY, 599.9999), held="order-value/usual"),
    "a mean of 100": case(ordered(DAY, 100), held="order-value/usual"),
    "a mean below 100": case(ordered(DAY, 99.9999), held="order-value/low"),
    "an order on a year": case(ordered(365 * DAY, 900), held="order-value/none"),
    **{
        f"{name} {times}": each
        for name, word in {"milk-powder": "奶粉", "skin-care": "护肤", "smart-home": "智能家居"}.items()
        for times, each in {
            "twice": case(bought(365 * DAY - 1, word), bought(DAY, word), held=f"category/{name}"),
            "once": case(bought(DAY, word), not_held=f"category/{name}"),
            "twice, one on a year": case(bought(365 * DAY, word), bought(DAY, word), not_held=f"category/{name}"),
        }.items()
    },
    "milk powder in English": case(bought(DAY, "奶粉"), bought(DAY, "milk powder"), held="category/milk-powder"),
    "a low order inside a year": case(ordered(365 * DAY - 1), held="order-value/low"),
}
MOVING: dict[str, Case] = {
    "before birth": case(baby_birthday="2026-11-21", held="baby/expected"),
    "born today": case(baby_birthday="2026-11-20", held="baby/newborn"),
    "5 months": case(baby_birthday="2026-05-21", held="baby/newborn"),
    "6 months today": case(baby_birthday="2026-05-20", held="baby/half-year"),
    "12 months": case(baby_birthday="2025-10-21", held="baby/half-year"),
    "13 months today": case(baby_birthday="2025-10-20", held="baby/toddler"),
    "36 months": case(baby_birthday="2023-10-21", held="baby/toddler"),
    "37 months today": case(baby_birthday="2023-10-20", held="baby/older"),
    "another milk": case(milk_brand="theirs", held="milk/another", not_held="milk/ours"),
    "our milk": case(milk_brand="ours", held="milk/ours", not_held="milk/another"),
    "school tomorrow": case(school_start="2026-11-21", held="school/before"),
    "72 months less a day": case(school_start="2020-11-21", held="school/primary"),
    "72 months": case(school_start="2020-11-20", held="school/junior"),
    "108 months less a day": case(school_start="2017-11-21", held="school/junior"),
    "108 months": case(school_start="2017-11-20", held="school/senior"),
    "144 months": case(school_start="2014-11-20", held="school/not-at-school"),
    "school today": case(school_start="2026-11-20", held="school/primary"),
    "144 months less a day": case(school_start="2014-11-21", held="school/senior"),
    "weak in maths": case(weak_subjects="英语;数学", held="weak-subject/maths weak-subject/english"),
}
RFM: dict[str, Case] = {
    "bought inside 90 d": case(ordered(90 * DAY - 1), held="recency/recent"),
    "bought on 90 d": case(ordered(90 * DAY), held="recency/cooling"),
    "bought on 180 d": case(ordered(180 * DAY), held="recency/lost"),
    "six orders": case(*[ordered(DAY)] * 6, held="frequency/often rfm/recent-often-usual"),
    "five orders": case(*[ordered(DAY)] * 5, held="frequency/sometimes"),
    "one order": case(ordered(DAY), held="frequency/seldom rfm/recent-seldom-usual"),
    "3,600 spent": case(ordered(179 * DAY, 3_600), held="monetary/high rfm/cooling-seldom-high"),
    "six orders, one on a year": case(*[ordered(DAY)] * 5, ordered(365 * DAY), held="frequency/sometimes"),
    "six orders, one inside a year": case(*[ordered(DAY)] * 5, ordered(365 * DAY - 1), held="frequency/often"),
    "two orders": case(ordered(DAY), ordered(365 * DAY - 1), held="frequency/sometimes"),
    "two orders, one on a year": case(ordered(DAY), ordered(365 * DAY), held="frequency/seldom"),
    "3,600 inside a year": case(ordered(365 * DAY - 1, 3_600), held="monetary/high"),
    "3,600 on a year": case(ordered(365 * DAY, 3_600), held="monetary/usual"),
    "a refund on a year": case(ordered(DAY, 3_600), at("order.refunded", 365 * DAY, amount=1), held="monetary/high"),
    **{
        f"{recency}, {frequency}, {monetary}": case(
            *[ordered(ago)] * (orders - 1), ordered(ago, amount), held=f"rfm/{recency}-{frequency}-{monetary}"
        )
        for recency, ago in {"recent": DAY, "cooling": 100 * DAY, "lost": 200 * DAY}.items()
        for frequency, orders in {"often": 6, "sometimes": 2, "seldom": 1}.items()
        for monetary, amount in {"high": 3_600, "usual": 1}.items()
    },
    "a refund": case(ordered(DAY, 3_600), at("order.refunded", DAY, amount=1), held="monetary/usual"),
    "twice in 3 months": case(ordered(90 * DAY - 1), ordered(DAY), held="value/active-customer"),
    "the first on 90 d": case(ordered(90 * DAY), ordered(DAY), not_held="value/active-customer"),
    "spent much, half a year ago": case(ordered(180 * DAY, 3_600), held="value/potential-churn"),
    "spent much, less than half a year ago": case(ordered(180 * DAY - 1, 3_600), not_held="value/potential-churn"),
    "spent little, half a year ago": case(ordered(180 * DAY, 3_599), not_held="value/potential-churn"),
    "V3 of the shop": case(member_level=3, held="value/high-net-worth"),
    "V2 of the shop": case(member_level=2, not_held="value/high-net-worth"),
    "8,900 spent": case(ordered(DAY, 8_900), held="value/high-net-worth"),
    "less than 8,900 spent": case(ordered(DAY, 8_899), not_held="value/high-net-worth"),
    "8,900 on a year": case(ordered(365 * DAY, 8_900), not_held="value/high-net-worth"),
    "8,900 inside a year": case(ordered(365 * DAY - 1, 8_900), held="value/high-net-worth"),
    "milk powder on a year": case(bought(365 * DAY, "奶粉", 6_000), not_held="value/high-net-worth"),
    "milk powder inside a year": case(bought(365 * DAY - 1, "奶粉", 6_000), held="value/high-net-worth"),
    "skin care on a year": case(bought(365 * DAY, "护肤", 4_000), not_held="value/high-net-worth"),
    "skin care inside a year": case(bought(365 * DAY - 1, "护肤", 4_000), held="value/high-net-worth"),
    "6,000 for milk powder": case(bought(DAY, "奶粉", 6_000), held="value/high-net-worth"),
    "less for milk powder": case(bought(DAY, "奶粉", 5_999), not_held="value/high-net-worth"),
    "4,000 for skin care": case(bought(DAY, "护肤", 4_000), held="value/high-net-worth"),
    "less for skin care": case(bought(DAY, "护肤", 3_999), not_held="value/high-net-worth"),
}
LIFE: dict[str, Case] = {
    "new": case(wrote(DAY), held="life/potential"),
    "first purchase": case(wrote(DAY), ordered(HOUR), held="life/converted", not_held="life/potential"),
    "trial done": case(at("trial.completed", DAY), held="life/trial-done", not_held="life/potential"),
    "short of budget": case(at("trial.completed", DAY), wrote(HOUR, "budget"), held="life/to-follow-up"),
    "silent inside 90 d": case(wrote(90 * DAY - 1), held="life/potential"),
    "silent on 90 d": case(wrote(90 * DAY), held="life/silent", not_held="life/potential"),
    "short of budget inside 90 d": case(wrote(90 * DAY - 1, "budget"), wrote(DAY), held="life/to-follow-up"),
    "short of budget on 90 d": case(wrote(90 * DAY, "budget"), wrote(DAY), held="life/potential"),
}
BEHAVIOUR: dict[str, Case] = {
    "asked the price inside 30 d": case(wrote(30 * DAY - 1, "price"), held="behaviour/high-intent"),
    "asked the price on 30 d": case(wrote(30 * DAY, "price"), not_held="behaviour/high-intent"),
    "asked, then refused": case(wrote(DAY, "price"), wrote(HOUR, "refusal"), not_held="behaviour/high-intent"),
    "manual three times": case(clicked(30 * DAY - 1), clicked(), clicked(), held="behaviour/deep-browse"),
    "manual, the third on 30 d": case(clicked(30 * DAY), clicked(), clicked(), not_held="behaviour/deep-browse"),
    "manual, and asked": case(*[clicked()] * 3, wrote(DAY), not_held="behaviour/deep-browse"),
    "manual, asked inside 30 d": case(*[clicked()] * 3, wrote(30 * DAY - 1), not_held="behaviour/deep-browse"),
    "manual, asked on 30 d": case(*[clicked()] * 3, wrote(30 * DAY), held="behaviour/deep-browse"),
    "above 2 min": case(looked(120.0001, 7 * DAY - 1), held="behaviour/price-hesitation"),
    "on 2 min": case(looked(120), not_held="behaviour/price-hesitation"),
    "above 2 min, on 7 d": case(looked(121, 7 * DAY), not_held="behaviour/price-hesitation"),
    "above 2 min, and ordered": case(looked(121), ordered(HOUR), not_held="behaviour/price-hesitation"),
    "above 2 min, ordered inside 7 d": case(looked(121), ordered(7 * DAY - 1), not_held="behaviour/price-hesitation"),
    "above 2 min, ordered on 7 d": case(looked(121), ordered(7 * DAY), held="behaviour/price-hesitation"),
    "three carts, one on 30 d": case(
        *[at("cart.abandoned", DAY)] * 2, at("cart.abandoned", 30 * DAY), not_held="behaviour/cart-offer"
    ),
    "three carts": case(*[at("cart.abandoned", 30 * DAY - 1)] * 3, held="behaviour/cart-offer"),
    "two carts": case(*[at("cart.abandoned", DAY)] * 2, not_held="behaviour/cart-offer"),
    "2,000 spent": case(ordered(900 * DAY, 2_000), held="behaviour/adviser-code"),
    "less than 2,000 spent": case(ordered(DAY, 1_999.9999), not_held="behaviour/adviser-code"),
    "four purchases in a month": case(*[ordered(30 * DAY - 1)] * 4, held="behaviour/prefers-sms"),
    "three in a month": case(*[ordered(DAY)] * 3, ordered(30 * DAY), not_held="behaviour/prefers-sms"),
    "one purchase in 3 months": case(ordered(90 * DAY - 1), held="behaviour/advertise-to"),
    "one purchase on 3 months": case(ordered(90 * DAY), not_held="behaviour/advertise-to"),
    "two purchases in 3 months": case(*[ordered(DAY)] * 2, not_held="behaviour/advertise-to"),
    "coupon not used": case(at("coupon.redeemed", 9 * DAY), at("coupon.issued", DAY), held="behaviour/coupon-unused"),
    "first coupon": case(at("coupon.issued", DAY), held="behaviour/coupon-unused"),
    "coupon used": case(at("coupon.issued", DAY), at("coupon.redeemed", HOUR), not_held="behaviour/coupon-unused"),
    "two platforms": case(
        wrote(7 * DAY - 1, channel="taobao"), wrote(HOUR, channel="wecom"), held="behaviour/price-comparison"
    ),
    "two platforms, one on 7 d": case(
        wrote(7 * DAY, channel="taobao"), wrote(HOUR, channel="wecom"), not_held="behaviour/price-comparison"
    ),
    "birthday in 3 days": case(birthday=on(3, years=30), held="behaviour/birthday-soon"),
    "birthday in 4 days": case(birthday=on(4, years=30), not_held="behaviour/birthday-soon"),
    "birthday today": case(birthday=on(0, years=30), held="behaviour/birthday-soon"),
    "repair by hand": case(at("tag.set", 400 * DAY, tag="behaviour/repair"), held="behaviour/repair"),
    "a lead of a region": case(wrote(DAY, "price"), region="north", held="behaviour/local-lead"),
    "a reader of a region": case(*[clicked()] * 3, region="north", held="behaviour/local-lead"),
    "a lead of nowhere": case(wrote(DAY, "price"), not_held="behaviour/local-lead"),
    "a customer of a region": case(wrote(DAY, "price"), ordered(DAY), region="north", not_held="behaviour/local-lead"),
    **{
        f"asked about {term} {when}": each
        for term, topic in {
            "price": "price",
            "discount": "price",
            "after-sales": "returns",
            "shipping": "delivery",
            "new-product": "news",
            "learning": "guides",
        }.items()
        for when, each in {
            "inside 90 d": case(wrote(90 * DAY - 1, term), held=f"topic/{topic}"),
            "on 90 d": case(wrote(90 * DAY, term), not_held=f"topic/{topic}"),
        }.items()
    },
    "from Douyin": case(source="douyin", held="source/douyin", not_held="source/jd"),
}
CASES = LAYERS | MOVING | RFM | LIFE | BEHAVIOUR


@pytest.fixture(scope="module")
def plan() -> Plan:
    return plan_rulebook(open_rulebook("wecom-growth"))


@pytest.fixture(scope="module", params=EVALUATORS)
def answer(request: pytest.FixtureRequest, plan: Plan) -> Answer:
    return told(request.param, plan, CASES)


@pytest.mark.covers("A10", "A21")
@pytest.mark.parametrize("name", LAYERS)
def test_layers(answer: Answer, name: str) -> None:
    check(answer, name, LAYERS[name])


@pytest.mark.covers("A11")
@pytest.mark.parametrize("name", MOVING)
def test_attributes_that_move_with_time(answer: Answer, name: str) -> None:
    check(answer, name, MOVING[name])


@pytest.mark.covers("A08", "A12")
@pytest.mark.parametrize("name", RFM)
def test_spending(answer: Answer, name: str) -> None:
    check(answer, name, RFM[name])


@pytest.mark.covers("A13")
@pytest.mark.parametrize("name", LIFE)
def test_life_cycle(answer: Answer, name: str) -> None:
    check(answer, name, LIFE[name])


@pytest.mark.covers("A14", "A15")
@pytest.mark.parametrize("name", BEHAVIOUR)
def test_behaviour(answer: Answer, name: str) -> None:
    check(answer, name, BEHAVIOUR[name])


@pytest.mark.covers("A12")
def test_there_are_18_rfm_classes(plan: Plan) -> None:
    assert len([tag for tag in plan.tags if tag.startswith("rfm/")]) == 18 + 1
