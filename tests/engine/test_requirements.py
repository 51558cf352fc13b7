"""Rules the requirements name, each just inside, on and just outside its edge, asked of every evaluator."""

from __future__ import annotations

from zoneinfo import ZoneInfo

import pytest

from seamark.engine.events import Event, Held
from seamark.engine.moments import as_datetime, as_day, parse_moment
from seamark.engine.plan import Plan, plan_rulebook
from seamark.engine.rulebook import load_rulebook
from seamark.engine.units import DAY, HOUR, MINUTE
from tests.evaluators import ALONE, Answer, answers

ZONE = ZoneInfo("Asia/Shanghai")
NOW = parse_moment("2026-11-20T10:00+08:00", ZONE)[0]

RULEBOOK = """
rulebook: requirements
terms:
  quote: {zh: [报价], en: [quote]}
groups:
  stage:
    kind: level
    tags:
      repeat: {when: count(order.placed) >= 2}
      transaction: {when: any order.placed}
      undeal: {when: last(quote.sent) older than 30d or last(sample.closed) older than 30d}
      sample: {when: any sample.sent}
      inquiry: {when: any message.received or any quote.sent}
      unmarked: {otherwise: true}
  grade:
    kind: level
    tags:
      a: {when: sum(order.placed.amount) over 365d > 500_000}
      b: {when: sum(order.placed.amount) over 365d >= 100_000}
      c: {otherwise: true}
  baby:
    kind: level
    tags:
      half-year: {when: months_since(contact.baby_birthday) between 6 and 12}
      older: {when: months_since(contact.baby_birthday) > 12}
  life:
    kind: level
    tags:
      converted: {when: any order.placed}
      silent: {when: last(message.received) older than 90d}
      trial-done: {when: any trial.completed}
      potential: {otherwise: true}
  behaviour:
    kind: set
    tags:
      high-intent: {when: 'any message.received[mentions "quote"]'}
      deep-browse: {when: 'count(link.clicked[target = "manual"]) over 30d >= 3 and no message.received over 30d'}
      price-hesitation: {when: 'any page.viewed[page = "price" and seconds > 120] over 7d and no order.placed over 7d'}
      cart-offer: {when: count(cart.abandoned) over 30d >= 3}
      adviser-code: {when: sum(order.placed.amount) >= 2000}
      prefers-sms: {when: count(order.placed) over 30d >= 4}
      coupon-unused: {when: last(coupon.issued) > last(coupon.redeemed) or (any coupon.issued and no coupon.redeemed)}
      price-comparison: {when: distinct(message.received.channel) over 7d >= 2}
      birthday-soon: {when: until_anniversary(contact.birthday) <= 3d}
      warm-lead:
        when: (tagged behaviour/high-intent or tagged behaviour/deep-browse)
          and not (tagged stage/repeat or contact.city is absent)
  clock:
    kind: set
    tags:
      new-customer: {when: first(message.sent) within 24h and no quote.sent}
      new-customer-ending: {when: first(message.sent) older than 23h and tagged clock/new-customer}
      quote-sent: {when: last(quote.sent) within 7d}
      quote-expiring:
        when: last(quote.sent) older than 6d and tagged clock/quote-sent
          and not last(message.received) > last(quote.sent)
      sample-sent: {when: last(sample.sent) within 15d and not last(sample.closed) > last(sample.sent)}
      sample-ending: {when: last(sample.sent) older than 14d and last(sample.sent) within 15d}
      long-term: {when: first(message.received) older than 60d and no order.placed}
  buying:
    kind: level
    tags:
      monthly: {when: distinct(order.placed.month) over 365d >= 10}
      quarterly: {when: count(order.placed) over 365d >= 4}
      seldom: {otherwise: true}
"""

Happened = tuple[str, int, dict[str, object]]


def at(kind: str, ago: int, **props: object) -> Happened:
    return kind, ago, props


def orders(*amounts: float) -> list[Happened]:
    return [at("order.placed", DAY, amount=amount) for amount in amounts]


def born(days: int, years: int = 0) -> str:
    """A date so many days after today's, so many years ago."""
    day = as_datetime(NOW + days * DAY, ZONE).date()
    return day.replace(year=day.year - years).isoformat()


CASES: dict[str, tuple[list[Happened], dict[str, object], str, str]] = {
    # name: (what happened, fields, held, not held)
    "A06 nothing": ([], {"city": "x"}, "stage/unmarked", "stage/inquiry"),
    "A06 inquiry": ([at("message.received", DAY)], {}, "stage/inquiry", "stage/unmarked"),
    "A06 sample order": ([at("sample.sent", DAY)], {}, "stage/sample", "stage/inquiry"),
    "A06 quote inside 30 d": ([at("quote.sent", 30 * DAY - 1)], {}, "stage/inquiry", "stage/undeal"),
    "A06 quote on 30 d": ([at("quote.sent", 30 * DAY)], {}, "stage/undeal", "stage/inquiry"),
    "A06 one order": (orders(1), {}, "stage/transaction", "stage/repeat"),
    "A06 two orders": (orders(1, 1), {}, "stage/repeat", "stage/transaction"),
    "A08 above 500k": (orders(500_000.0001), {}, "grade/a", "grade/b"),
    "A08 on 500k": (orders(500_000), {}, "grade/b", "grade/a"),
    "A08 on 100k": (orders(99_999, 1), {}, "grade/b", "grade/c"),
    "A08 below 100k": (orders(99_999.9999), {}, "grade/c", "grade/b"),
    "A11 5 months": ([], {"baby_birthday": "2026-05-21"}, "grade/c", "baby/half-year"),
    "A11 6 months today": ([], {"baby_birthday": "2026-05-20"}, "baby/half-year", "baby/older"),
    "A11 12 months": ([], {"baby_birthday": "2025-10-21"}, "baby/half-year", "baby/older"),
    "A11 13 months today": ([], {"baby_birthday": "2025-10-20"}, "baby/older", "baby/half-year"),
    "A13 first purchase": (orders(1), {}, "life/converted", "life/potential"),
    "A13 trial done": ([at("trial.completed", DAY)], {}, "life/trial-done", "life/potential"),
    "A13 inside 90 d": ([at("message.received", 90 * DAY - 1)], {}, "life/potential", "life/silent"),
    "A13 on 90 d": ([at("message.received", 90 * DAY)], {}, "life/silent", "life/potential"),
    "A14 asks for a quote": (
        [at("message.received", DAY, mentions=["quote"])],
        {},
        "behaviour/high-intent",
        "stage/unmarked",
    ),
    "A14 manual three times": (
        [at("link.clicked", DAY, target="manual")] * 3,
        {},
        "behaviour/deep-browse",
        "life/silent",
    ),
    "A14 manual twice": ([at("link.clicked", DAY, target="manual")] * 2, {}, "stage/unmarked", "behaviour/deep-browse"),
    "A14 above 2 min": (
        [at("page.viewed", DAY, page="price", seconds=120.5)],
        {},
        "behaviour/price-hesitation",
        "life/silent",
    ),
    "A14 on 2 min": (
        [at("page.viewed", DAY, page="price", seconds=120)],
        {},
        "stage/unmarked",
        "behaviour/price-hesitation",
    ),
    "A14 cart three times": ([at("cart.abandoned", DAY)] * 3, {}, "behaviour/cart-offer", "life/silent"),
    "A14 spent 2000": (orders(2000), {}, "behaviour/adviser-code", "behaviour/prefers-sms"),
    "A14 spent less": (orders(1999.9999), {}, "grade/c", "behaviour/adviser-code"),
    "A14 four purchases": (orders(1, 1, 1, 1), {}, "behaviour/prefers-sms", "behaviour/adviser-code"),
    "A14 three purchases": (orders(1, 1, 1), {}, "grade/c", "behaviour/prefers-sms"),
    "A14 coupon not used": (
        [at("coupon.redeemed", 9 * DAY), at("coupon.issued", DAY)],
        {},
        "behaviour/coupon-unused",
        "life/silent",
    ),
    "A14 coupon used": (
        [at("coupon.issued", 9 * DAY), at("coupon.redeemed", DAY)],
        {},
        "grade/c",
        "behaviour/coupon-unused",
    ),
    "A14 two platforms": (
        [at("message.received", DAY, channel="taobao"), at("message.received", HOUR, channel="wecom")],
        {},
        "behaviour/price-comparison",
        "life/silent",
    ),
    "A14 birthday in 3 days": ([], {"birthday": born(3, 30)}, "behaviour/birthday-soon", "life/silent"),
    "A14 birthday in 4 days": ([], {"birthday": born(4, 30)}, "grade/c", "behaviour/birthday-soon"),
    "A15 words, attributes and tags": (
        [at("message.received", DAY, mentions=["quote"])],
        {"city": "Wuhan"},
        "behaviour/warm-lead",
        "life/silent",
    ),
    "A15 no city": (
        [at("message.received", DAY, mentions=["quote"])],
        {},
        "behaviour/high-intent",
        "behaviour/warm-lead",
    ),
    "A17 inside 24 h": ([at("message.sent", DAY - 1)], {}, "clock/new-customer", "clock/quote-sent"),
    "A17 on 24 h": ([at("message.sent", DAY)], {}, "grade/c", "clock/new-customer"),
    "A17 on 23 h": ([at("message.sent", 23 * HOUR)], {}, "clock/new-customer-ending", "clock/quote-sent"),
    "A17 inside 23 h": ([at("message.sent", 23 * HOUR - 1)], {}, "clock/new-customer", "clock/new-customer-ending"),
    "A17 the quote replaces it": (
        [at("message.sent", HOUR), at("quote.sent", MINUTE)],
        {},
        "clock/quote-sent",
        "clock/new-customer",
    ),
    "A17 quote on 6 d": ([at("quote.sent", 6 * DAY)], {}, "clock/quote-expiring", "stage/undeal"),
    "A17 quote inside 7 d": ([at("quote.sent", 7 * DAY - 1)], {}, "clock/quote-expiring", "stage/undeal"),
    "A17 quote on 7 d": ([at("quote.sent", 7 * DAY)], {}, "grade/c", "clock/quote-sent"),
    "A17 quote answered": (
        [at("quote.sent", 6 * DAY), at("message.received", DAY)],
        {},
        "clock/quote-sent",
        "clock/quote-expiring",
    ),
    "A17 sample on 14 d": ([at("sample.sent", 14 * DAY)], {}, "clock/sample-ending", "stage/undeal"),
    "A17 sample on 15 d": ([at("sample.sent", 15 * DAY)], {}, "stage/sample", "clock/sample-sent"),
    "A17 sample closed": ([at("sample.sent", DAY), at("sample.closed", HOUR)], {}, "stage/sample", "clock/sample-sent"),
    "A17 on 60 d": ([at("message.received", 60 * DAY)], {}, "clock/long-term", "life/silent"),
    "A17 inside 60 d": ([at("message.received", 60 * DAY - 1)], {}, "grade/c", "clock/long-term"),
    "A18 ten months": (
        [at("order.placed", 30 * DAY * month) for month in range(10)],
        {},
        "buying/monthly",
        "buying/quarterly",
    ),
    "A18 nine months": (
        [at("order.placed", 30 * DAY * month) for month in range(9)],
        {},
        "buying/quarterly",
        "buying/monthly",
    ),
    "A18 three orders": (orders(1, 1, 1), {}, "buying/seldom", "buying/quarterly"),
}

EVALUATORS = [*ALONE, pytest.param("spark", marks=pytest.mark.spark)]


@pytest.fixture(scope="module")
def plan() -> Plan:
    return plan_rulebook(load_rulebook(RULEBOOK))


@pytest.fixture(scope="module", params=EVALUATORS)
def told(request: pytest.FixtureRequest, plan: Plan) -> Answer:
    """What an evaluator says of all cases at once, each a contact of the case's name."""
    events: list[Event] = []
    fields: dict[str, dict[str, Held]] = {}
    for name, (happened, written, _, _) in CASES.items():
        fields[name] = plan.reads.fields_of(written, ZONE)
        for seq, (kind, ago, props) in enumerate(happened):
            events.append(plan.reads.event(name, NOW - ago, kind, props, ZONE, seq=seq))
    return answers(request.param, plan, ZONE, events, NOW, fields)


@pytest.mark.covers("A06", "A08", "A11", "A13", "A14", "A15", "A17", "A18", "G01", "G06")
@pytest.mark.parametrize("name", CASES)
def test_case(told: Answer, name: str) -> None:
    _, _, held, not_held = CASES[name]
    assert held in told[name]
    assert not_held not in told[name]


def test_today_is_the_day_the_cases_are_written_for() -> None:
    assert as_day(as_datetime(NOW, ZONE).date()) == 20261120
