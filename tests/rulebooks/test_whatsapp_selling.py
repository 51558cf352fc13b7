"""Every threshold of the bundled rulebook: just inside, on, and just outside its edge."""

from __future__ import annotations

from zoneinfo import ZoneInfo

import pytest

from seamark.engine.events import Event, Held
from seamark.engine.online import Online
from seamark.engine.plan import Plan, plan_rulebook
from seamark.engine.units import DAY, HOUR
from seamark.rulebooks import bundled, open_rulebook
from tests.evaluators import ALONE, Answer, answers

NOW = 1_790_000_000_000_000
ZONE = ZoneInfo("Asia/Shanghai")

Happened = tuple[str, int, dict[str, Held]]
"""(kind, how long ago in microseconds, props)"""


@pytest.fixture(scope="module")
def plan() -> Plan:
    return plan_rulebook(open_rulebook("whatsapp-selling"))


def wrote(ago: int, *mentions: str) -> Happened:
    return "message.received", ago, {"mentions": mentions} if mentions else {}


def meant(ago: int, intent: str, *mentions: str) -> Happened:
    return "message.received", ago, {"intent": intent, "mentions": mentions}


def nodded(ago: int, form: str = "polite") -> Happened:
    return "message.received", ago, {"form": form}


def showed(ago: int, interest: str) -> Happened:
    return "message.received", ago, {"interest": (interest,)}


def ordered(ago: int, amount: int = 10, times: int = 1) -> list[Happened]:
    return [("order.placed", ago, {"amount": amount * 10_000})] * times


def refunded(amount: int) -> Happened:
    return "order.refunded", DAY, {"amount": amount * 10_000}


def clicked(ago: int) -> Happened:
    return "link.clicked", ago, {}


def history(happened: list[Happened]) -> list[Event]:
    return [Event("ann", NOW - ago, kind, props, seq=place) for place, (kind, ago, props) in enumerate(happened)]


VIP: dict[str, Held] = {"tag": "by-hand/vip"}


def names(cases: list[tuple[str, list[Happened], str]]) -> list[str]:
    return [name for name, _, _ in cases]


EDGES: list[tuple[str, list[Happened], str]] = [
    # A02: the last reply within 24 h, 3 d, 7 d
    ("inside 24 h", [wrote(DAY - 1)], "activity/high"),
    ("on 24 h", [wrote(DAY)], "activity/medium"),
    ("outside 24 h", [wrote(DAY + 1)], "activity/medium"),
    ("inside 3 d", [wrote(3 * DAY - 1)], "activity/medium"),
    ("on 3 d", [wrote(3 * DAY)], "activity/low"),
    ("inside 7 d", [wrote(7 * DAY - 1)], "activity/low"),
    ("on 7 d", [wrote(7 * DAY)], "activity/dormant"),
    ("nothing", [], "activity/dormant"),
    # A03: purchase intent
    ("meant to buy inside 3 d", [meant(3 * DAY - 1, "high")], "intent/high"),
    ("meant to buy on 3 d", [meant(3 * DAY, "high")], "intent/medium"),
    ("meant to buy on 30 d", [meant(30 * DAY, "high")], "intent/none"),
    ("meant details, whatever its words", [meant(DAY, "medium", "price")], "intent/medium"),
    ("meant details on 30 d", [meant(30 * DAY, "medium")], "intent/none"),
    ("meant politely, whatever its words", [meant(DAY, "potential", "price", "specs")], "intent/potential"),
    ("meant otherwise, whatever its words", [meant(DAY, "other", "refusal"), nodded(DAY)], "intent/potential"),
    ("meant no inside 180 d", [meant(180 * DAY - 1, "none"), nodded(2 * DAY)], "intent/none"),
    ("meant no on 180 d", [meant(180 * DAY, "none"), nodded(2 * DAY)], "intent/potential"),
    ("meant no, then to buy", [meant(2 * DAY, "none"), meant(DAY, "high")], "intent/high"),
    ("meant no, then politely", [meant(2 * DAY, "none"), meant(DAY, "potential")], "intent/none"),
    ("asked the price", [wrote(HOUR, "price")], "intent/high"),
    ("asked for a discount", [wrote(HOUR, "discount")], "intent/high"),
    ("asked for stock", [wrote(HOUR, "stock")], "intent/high"),
    ("answered inside 3 d", [wrote(3 * DAY - 1, "price")], "intent/high"),
    ("no answer for 3 d", [wrote(3 * DAY, "price")], "intent/medium"),
    ("asked, and still answering", [wrote(9 * DAY, "price"), wrote(DAY)], "intent/high"),
    ("asked inside 30 d", [wrote(30 * DAY - 1, "price")], "intent/medium"),
    ("asked on 30 d", [wrote(30 * DAY, "price")], "intent/none"),
    ("asked for details", [wrote(HOUR, "specs")], "intent/medium"),
    ("asked after sales", [wrote(HOUR, "after-sales")], "intent/medium"),
    ("details on 30 d", [wrote(30 * DAY, "specs")], "intent/none"),
    ("only polite", [nodded(HOUR)], "intent/potential"),
    ("an emoji", [nodded(HOUR, "emoji")], "intent/potential"),
    ("polite inside 45 d", [nodded(45 * DAY - 1)], "intent/potential"),
    ("polite on 45 d", [nodded(45 * DAY)], "intent/none"),
    ("meant politely inside 45 d", [meant(45 * DAY - 1, "potential")], "intent/potential"),
    ("meant politely on 45 d", [meant(45 * DAY, "potential")], "intent/none"),
    ("words that are neither polite nor ask", [nodded(HOUR, "words")], "intent/none"),
    ("will write when there is need", [wrote(2 * HOUR, "price"), wrote(HOUR, "waits")], "intent/none"),
    ("meant politely, but waits to be asked", [meant(HOUR, "potential", "waits")], "intent/none"),
    ("never wrote", [("message.read", HOUR, {})], "intent/none"),
    ("refused", [wrote(2 * HOUR, "price"), wrote(HOUR, "refusal")], "intent/none"),
    ("refused in the same breath", [wrote(HOUR, "price", "refusal")], "intent/none"),
    ("asked again after refusing", [wrote(2 * HOUR, "refusal"), wrote(HOUR, "price")], "intent/high"),
    ("thanks after refusing", [wrote(2 * HOUR, "refusal"), nodded(HOUR)], "intent/none"),
    ("refused inside 180 d", [wrote(180 * DAY - 1, "refusal"), nodded(HOUR)], "intent/none"),
    ("refused on 180 d", [wrote(180 * DAY, "refusal"), nodded(HOUR)], "intent/potential"),
    # A04: interests, for 90 days
    *((f"interest in {term}", [wrote(90 * DAY - 1, term)], tag) for term, tag in (
        ("discount", "interest/discount-sensitive"),
        ("new-product", "interest/new-product"),
        ("specs", "interest/function"),
        ("durability", "interest/function"),
        ("learning", "interest/content-learner"),
    )),
    *((f"shows interest in {interest}", [showed(90 * DAY - 1, interest)], f"interest/{interest}") for interest in (
        "discount-sensitive", "new-product", "function", "content-learner", "brand-loyal",
    )),
    ("praise inside a year", [wrote(365 * DAY - 1, "loyalty")], "interest/brand-loyal"),
    ("five orders in a year", ordered(DAY, times=5), "interest/brand-loyal"),
    # A01: the four headline groups
    ("3 interactions in a month", [wrote(30 * DAY - 1), clicked(DAY), *ordered(DAY)], "headline/active-buyer"),
    ("bought on 90 d", ordered(90 * DAY), "headline/dormant-customer"),
    ("known longer than 90 d", [wrote(90 * DAY)], "headline/dormant-customer"),
    ("clicked and not bought", [clicked(30 * DAY - 1)], "headline/high-potential"),
    ("bought before the click", [*ordered(2 * DAY), clicked(DAY)], "headline/high-potential"),
    ("subscribed inside 30 d", [("subscribed", 30 * DAY - 1, {})], "headline/new-subscriber"),
    # A12: recency, frequency, spend
    ("bought inside 30 d", ordered(30 * DAY - 1), "recency/recent"),
    ("bought on 30 d", ordered(30 * DAY), "recency/cooling"),
    ("bought inside 90 d", ordered(90 * DAY - 1), "recency/cooling"),
    ("bought long ago", ordered(90 * DAY), "recency/lapsed"),
    ("never bought", [], "recency/never"),
    ("4 orders", ordered(DAY, times=4), "frequency/often"),
    ("3 orders", ordered(DAY, times=3), "frequency/sometimes"),
    ("2 orders", ordered(DAY, times=2), "frequency/sometimes"),
    ("1 order", ordered(DAY), "frequency/seldom"),
    ("spent 1,000", ordered(DAY, 1_000), "monetary/high"),
    ("spent 999", ordered(DAY, 999), "monetary/usual"),
    ("spent 1,000 on 365 d", ordered(365 * DAY, 1_000), "monetary/usual"),
    ("a refund is taken off", [*ordered(DAY, 1_000), refunded(1)], "monetary/usual"),
    ("a class of three", ordered(DAY, 300, times=4), "rfm/recent-often-high"),
    ("a class of one", ordered(95 * DAY), "rfm/lapsed-seldom-usual"),
    ("no class", [], "rfm/not-bought"),
    # By hand
    ("set by hand", [("tag.set", 900 * DAY, VIP)], "by-hand/vip"),
    ("a hand over the level", [wrote(HOUR, "price"), ("tag.set", 30 * DAY - 1, {"tag": "intent/none"})], "intent/none"),
    ("a hand that has ended", [wrote(HOUR, "price"), ("tag.set", 30 * DAY, {"tag": "intent/none"})], "intent/high"),
]  # fmt: skip

BEYOND: list[tuple[str, list[Happened], str]] = [
    ("interest on 90 d", [wrote(90 * DAY, "discount")], "interest/discount-sensitive"),
    *((f"shows {interest} on 90 d", [showed(90 * DAY, interest)], f"interest/{interest}") for interest in (
        "discount-sensitive", "new-product", "function", "content-learner",
    )),
    ("showed loyalty on a year", [showed(365 * DAY, "brand-loyal")], "interest/brand-loyal"),
    ("praise on a year", [wrote(365 * DAY, "loyalty")], "interest/brand-loyal"),
    ("four orders", ordered(DAY, times=4), "interest/brand-loyal"),
    ("2 interactions", [wrote(DAY), clicked(DAY)], "headline/active-buyer"),
    ("the third on 30 d", [wrote(30 * DAY), clicked(DAY), *ordered(DAY)], "headline/active-buyer"),
    ("bought inside 90 d", ordered(90 * DAY - 1), "headline/dormant-customer"),
    ("known for less than 90 d", [wrote(90 * DAY - 1)], "headline/dormant-customer"),
    ("clicked on 30 d", [clicked(30 * DAY)], "headline/high-potential"),
    ("bought after the click", [clicked(2 * DAY), *ordered(DAY)], "headline/high-potential"),
    ("subscribed on 30 d", [("subscribed", 30 * DAY, {})], "headline/new-subscriber"),
    ("lifted", [("tag.set", 2 * DAY, VIP), ("tag.lifted", DAY, VIP)], "by-hand/vip"),
]  # fmt: skip


CASES = [*EDGES, *BEYOND]
EVALUATORS = [*ALONE, pytest.param("spark", marks=pytest.mark.spark)]


@pytest.fixture(scope="module", params=EVALUATORS)
def told(request: pytest.FixtureRequest, plan: Plan) -> Answer:
    """What an evaluator says of all cases at once, each a contact named by its place."""
    events = [
        event._replace(contact=str(place))
        for place, (_, happened, _) in enumerate(CASES)
        for event in history(happened)
    ]
    nobody = {str(place): {} for place, case in enumerate(CASES) if not case[1]}
    return answers(request.param, plan, ZONE, events, NOW, nobody)


@pytest.mark.covers("A01", "A02", "A03", "A04", "A12", "G01", "G06")
@pytest.mark.parametrize(("place", "tag"), [(place, case[2]) for place, case in enumerate(EDGES)], ids=names(EDGES))
def test_held(told: Answer, place: int, tag: str) -> None:
    assert tag in told[str(place)]
    group = tag.partition("/")[0]
    if group not in ("interest", "headline", "by-hand"):
        assert {each for each in told[str(place)] if each.startswith(f"{group}/")} == {tag}


@pytest.mark.covers("A01", "A04", "G01", "G06")
@pytest.mark.parametrize(
    ("place", "tag"), [(len(EDGES) + place, case[2]) for place, case in enumerate(BEYOND)], ids=names(BEYOND)
)
def test_not_held(told: Answer, place: int, tag: str) -> None:
    assert tag not in told[str(place)]


@pytest.mark.covers("A02")
def test_a_reply_lifts_the_tier_at_once(plan: Plan) -> None:
    online = Online(plan, ZONE)
    state = online.state()
    for event in history([wrote(9 * DAY)]):
        online.fold(state, event)
    assert "activity/dormant" in online.verdict(state, NOW).tags
    online.fold(state, Event("ann", NOW + 1, "message.received", {}))
    assert "activity/high" in online.verdict(state, NOW + 1).tags


def test_there_are_18_rfm_classes(plan: Plan) -> None:
    assert len([tag for tag in plan.tags if tag.startswith("rfm/")]) == 18 + 1


@pytest.mark.parametrize("name", bundled())
def test_bundled_rulebooks_load_without_a_warning(name: str) -> None:
    assert open_rulebook(name).warnings == ()
