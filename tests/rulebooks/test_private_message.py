"""`private-message`: the five views, each threshold just inside, on and just outside its edge."""

from __future__ import annotations

import pytest

from seamark.engine.plan import Plan, plan_rulebook
from seamark.engine.units import DAY, HOUR
from seamark.rulebooks import open_rulebook
from tests.evaluators import Answer
from tests.rulebooks.told import EVALUATORS, Case, at, case, check, on, ordered, told, wrote

CASES: dict[str, Case] = {
    "nothing": case(held="type/potential interaction/none life/undecided value/low", not_held="occasion/birthday"),
    # type
    "one order": case(ordered(900 * DAY), held="type/existing"),
    "three orders": case(*[ordered(900 * DAY)] * 3, held="type/loyal"),
    "two orders": case(*[ordered(DAY)] * 2, held="type/existing", not_held="type/loyal"),
    "two orders and a referral": case(*[ordered(DAY)] * 2, at("referral.made", DAY), held="type/loyal"),
    "one order and a referral": case(ordered(DAY), at("referral.made", DAY), held="type/existing"),
    # interaction
    "4 in a month": case(*[wrote(30 * DAY - 1)] * 3, at("link.clicked", DAY), held="interaction/high value/potential"),
    "3 in a month": case(*[wrote(DAY)] * 3, held="interaction/low value/low"),
    "the fourth on 30 d": case(*[wrote(DAY)] * 3, wrote(30 * DAY), held="interaction/low"),
    "the fourth click on 30 d": case(*[wrote(DAY)] * 3, at("link.clicked", 30 * DAY), held="interaction/low"),
    "4 clicks in a month": case(*[at("link.clicked", 30 * DAY - 1)] * 4, held="interaction/high"),
    "a click inside 90 d": case(at("link.clicked", 90 * DAY - 1), held="interaction/low"),
    "a click on 90 d": case(at("link.clicked", 90 * DAY), held="interaction/none"),
    "one inside 90 d": case(wrote(90 * DAY - 1), held="interaction/low"),
    "one on 90 d": case(wrote(90 * DAY), held="interaction/none"),
    # need
    **{
        f"wants {need} by {term}": case(wrote(90 * DAY - 1, term), held=f"need/{need}")
        for need, terms in {
            "product": "price discount stock specs durability",
            "service": "after-sales shipping service",
            "information": "new-product learning company-news",
        }.items()
        for term in terms.split()
    },
    **{
        f"needs {need}": case(wrote(90 * DAY - 1, need=[need]), held=f"need/{need}")
        for need in ("product", "service", "information")
    },
    "needed a product on 90 d": case(wrote(90 * DAY, need=["product"]), not_held="need/product"),
    "wanted a product on 90 d": case(wrote(90 * DAY, "price"), not_held="need/product"),
    "wanted service on 90 d": case(wrote(90 * DAY, "service"), not_held="need/service"),
    "wanted information on 90 d": case(wrote(90 * DAY, "learning"), not_held="need/information"),
    "two needs": case(wrote(DAY, "price", "service"), held="need/product need/service", not_held="need/information"),
    # life cycle
    "known for less than 30 d": case(wrote(30 * DAY - 1), held="life/first-contact"),
    "known for 30 d": case(wrote(30 * DAY), wrote(DAY), held="life/undecided", not_held="life/first-contact"),
    "a scan inside 30 d": case(at("scan.made", 30 * DAY - 1), held="life/first-contact"),
    "a scan on 30 d": case(at("scan.made", 30 * DAY), held="life/undecided"),
    "subscribed inside 30 d": case(at("subscribed", 30 * DAY - 1), held="life/first-contact"),
    "subscribed on 30 d": case(at("subscribed", 30 * DAY), held="life/undecided"),
    "bought inside 180 d": case(ordered(180 * DAY - 1), held="life/deal"),
    "bought on 180 d": case(ordered(180 * DAY), held="life/lost", not_held="life/deal"),
    "bought again": case(ordered(200 * DAY), ordered(DAY), held="life/deal"),
    # value
    "spent 1,000": case(ordered(365 * DAY - 1, 1_000), held="value/high"),
    "spent less": case(ordered(DAY, 999.9999), held="value/low"),
    "spent 1,000 on a year": case(ordered(365 * DAY, 1_000), held="value/low"),
    "a refund": case(ordered(DAY, 1_000), at("order.refunded", DAY, amount=1), held="value/low"),
    "a refund inside a year": case(
        ordered(DAY, 1_000), at("order.refunded", 365 * DAY - 1, amount=1), held="value/low"
    ),
    "a refund on a year": case(ordered(DAY, 1_000), at("order.refunded", 365 * DAY, amount=1), held="value/high"),
    "asked inside 30 d": case(wrote(30 * DAY - 1, "price"), held="value/potential"),
    "asked on 30 d": case(wrote(30 * DAY, "price"), held="value/low"),
    "asked and refused": case(wrote(DAY, "price"), wrote(HOUR, "refusal"), held="value/low"),
    # occasions
    "birthday": case(birthday=on(0, years=40), held="occasion/birthday"),
    "birthday tomorrow": case(birthday=on(1, years=40), not_held="occasion/birthday"),
    "a year less a moment": case(ordered(365 * DAY - 1), not_held="occasion/anniversary"),
    "a year": case(ordered(365 * DAY), held="occasion/anniversary"),
    "a year and less than 7 d": case(ordered(372 * DAY - 1), held="occasion/anniversary"),
    "a year and 7 d": case(ordered(372 * DAY), not_held="occasion/anniversary"),
}


@pytest.fixture(scope="module")
def plan() -> Plan:
    return plan_rulebook(open_rulebook("private-message"))


@pytest.fixture(scope="module", params=EVALUATORS)
def answer(request: pytest.FixtureRequest, plan: Plan) -> Answer:
    return told(request.param, plan, CASES)


@pytest.mark.covers("A16", "A21")
@pytest.mark.parametrize("name", CASES)
def test_views(answer: Answer, name: str) -> None:
    check(answer, name, CASES[name])


@pytest.mark.covers("A16")
@pytest.mark.parametrize("view", ["type", "interaction", "need", "life", "value"])
def test_every_view_has_its_strategy(view: str) -> None:
    """A deal is treated as the existing customer, and low value as the seldom interacting one, as S3 has it."""
    rulebook = open_rulebook("private-message")
    told_of = {reaction.tag for reaction in rulebook.reactions}
    same = {"life/deal": "type/existing", "value/low": "interaction/low"}
    listed = [tag.name for tag in rulebook.tags.values() if tag.name.startswith(f"{view}/") and not tag.unlisted]
    assert [tag for tag in listed if same.get(tag, tag) not in told_of] == []
