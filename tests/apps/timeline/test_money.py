"""Amounts in other currencies: converted once, what was told kept beside, and what has no rate said."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from django.test import Client

from seamark.apps.accounts.models import Deed, Member, Notice
from seamark.apps.accounts.money import Money, Rate
from seamark.apps.accounts.organisation import change, setting
from seamark.apps.contacts.models import Contact, Field
from seamark.apps.followups.models import FollowUp
from seamark.apps.tagging.publish import publish
from seamark.apps.tagging.rulebooks import compiled
from seamark.apps.timeline.models import Event
from seamark.rulebooks import fetch
from tests.apps.conftest import Cast, happened, tags_of

TAIWAN = Money("TWD", [Rate("USD", "31.5", "2026-11-20")])


@pytest.fixture
def money(cast: Cast) -> None:
    change(TAIWAN, by=cast.admin)


def told(field: str, new: Any, **props: Any) -> Contact:
    return happened("field.changed", props={"field": field, "old": None, "new": new, **props})


def client_of(member: Member) -> Client:
    client = Client()
    client.force_login(member)
    return client


@pytest.mark.usefixtures("money")
def test_an_order_is_compared_in_the_organisations_currency(cast: Cast) -> None:
    happened("order.placed", props={"amount": 100, "currency": "usd", "order_id": "7"})
    assert Event.objects.get().props == {
        "order_id": "7",
        "amount": 3150.0,
        "currency": "TWD",
        "told": {"value": 100, "currency": "USD", "into": "TWD", "rate": "31.5", "as_of": "2026-11-20"},
    }


@pytest.mark.usefixtures("money")
def test_a_budget_is_converted_and_what_was_told_goes_when_another_is(cast: Cast) -> None:
    contact = told("budget", {"low": "1000", "high": "2000"}, currency="USD")
    contact.refresh_from_db()
    assert contact.fields["budget"] == {"low": "31500", "high": "63000"}
    assert contact.fields["budget_told"]["value"] == {"low": "1000", "high": "2000"}
    told("budget", {"low": "50000"})
    contact.refresh_from_db()
    assert contact.fields == {"budget": {"low": "50000"}}


@pytest.mark.usefixtures("money")
def test_a_field_with_a_currency_of_its_own_stays_in_that(cast: Cast) -> None:
    Field.objects.create(name="annual_purchase", title_en="A", title_zh="A", type="money", currency="USD")
    contact = told("annual_purchase", "63000", currency="TWD")
    contact.refresh_from_db()
    assert contact.fields["annual_purchase"] == "2000"


@pytest.mark.usefixtures("money")
def test_what_has_no_rate_is_kept_and_not_compared_and_somebody_is_told(cast: Cast) -> None:
    happened("order.placed", props={"amount": 100, "currency": "JPY"})
    happened("order.placed", props={"amount": 200, "currency": "JPY"})
    assert "amount" not in Event.objects.first().props
    assert Event.objects.first().props["told"]["value"] in (100, 200)
    assert sorted(Notice.objects.values_list("member__name", flat=True)) == ["Ada", "Hugo"]
    assert "JPY" in Notice.objects.first().text
    contact = Contact.objects.get()
    page = client_of(cast.boss).get(f"/contacts/{contact.pk}/").content.decode()
    assert "100 JPY, for which no rate is known" in page


def test_without_a_currency_of_the_organisation_amounts_stay_as_they_are_told(cast: Cast) -> None:
    happened("order.placed", props={"amount": 100, "currency": "USD"})
    assert Event.objects.get().props == {"amount": 100, "currency": "USD"}


@pytest.mark.covers("B03")
@pytest.mark.usefixtures("money")
@pytest.mark.parametrize(
    ("budget", "currency", "priority"),
    [("3174", "USD", 2), ("3175", "USD", 1), ("1587", "USD", 3), ("1588", "USD", 2), ("100000", "TWD", 2),
     ("100001", "TWD", 1), ("999999", "JPY", 3)],
)  # fmt: skip
def test_priorities_compare_what_a_budget_comes_to(cast: Cast, budget: str, currency: str, priority: int) -> None:
    compiled.cache_clear()
    publish(text=fetch("scrm-desk", "")[0], by=None)
    contact = told("budget", {"high": budget}, currency=currency)
    happened(props={"text": "How much is it?"})
    tags = {name for name in tags_of(contact) if name.startswith("priority/")}
    assert tags == {f"priority/p{priority}"}
    assert FollowUp.objects.filter(priority=priority).exists()


def test_rates_are_set_by_who_may_and_recorded(cast: Cast) -> None:
    boss = client_of(cast.boss)
    boss.post("/settings/money/", {"home": "twd"})
    rate = {"currency": "usd", "worth": "31.5", "as_of": "2026-11-20"}
    assert boss.post("/settings/money/rates/", rate).status_code == 302
    assert setting(Money) == TAIWAN
    assert Deed.objects.filter(what="setting.changed", about="money").count() == 2
    assert "31.5" in boss.get("/settings/money/").content.decode()
    for wrong in ({"currency": "TWD"}, {"worth": "0"}, {"as_of": "2126-01-01"}, {"currency": "dollar"}):
        assert boss.post("/settings/money/rates/", rate | wrong).status_code == 422
    boss.post("/settings/money/rates/drop/", {"currency": "USD"})
    assert setting(Money).rates == []
    for member in (cast.alice, cast.charlie, cast.rita):
        assert client_of(member).get("/settings/money/").status_code == 403
        for address in ("/settings/money/rates/", "/settings/money/rates/USD/convert/"):
            assert client_of(member).post(address, rate).status_code == 403


@pytest.mark.covers("A08", "B03")
@pytest.mark.usefixtures("money")
def test_what_waited_for_a_rate_is_converted_once_there_is_one(cast: Cast, tmp_path: Path, settings: Any) -> None:
    settings.LAKE = tmp_path
    compiled.cache_clear()
    publish(text=fetch("scrm-desk", "")[0], by=None)
    contact = told("budget", {"high": "600000"}, currency="JPY")
    happened(props={"text": "How much is it?"})
    happened("order.placed", props={"amount": 100, "currency": "JPY"}, external_id="li")
    assert "priority/p3" in tags_of(contact)
    boss = client_of(cast.boss)
    assert "2 amounts wait for a rate" in boss.get("/settings/money/").content.decode()
    boss.post("/settings/money/rates/", {"currency": "JPY", "worth": "0.2", "as_of": "2026-11-20"})
    contact.refresh_from_db()
    assert contact.fields["budget"] == {"high": "120000"}
    assert "priority/p1" in tags_of(contact)
    assert Event.objects.get(kind="order.placed").props["amount"] == 20.0
    assert "wait for a rate" not in boss.get("/settings/money/").content.decode()


def test_another_currency_of_the_organisation_drops_the_rates(cast: Cast) -> None:
    change(TAIWAN, by=None)
    client_of(cast.admin).post("/settings/money/", {"home": "HKD"})
    assert setting(Money) == Money("HKD")


@pytest.mark.usefixtures("money")
def test_a_member_tells_a_budget_in_another_currency(cast: Cast) -> None:
    Field.objects.create(name="budget", title_en="Budget", title_zh="预算", type="range", currency="TWD")
    contact = happened(name="Wang")
    Contact.objects.filter(pk=contact.pk).update(team=cast.south, owner=cast.alice)
    alice, address = client_of(cast.alice), f"/contacts/{contact.pk}/fields/budget/"
    form = alice.get(f"{address}?edit").content.decode()
    saw = form.split('name="saw" value="')[1].split('"')[0]
    answer = alice.post(address, {"low": "1000", "high": "2000", "currency": "USD", "saw": saw})
    assert "31500–63000 TWD" in answer.content.decode()
    assert "1000–2000 USD at 31.5 of 2026-11-20" in answer.content.decode()
    assert 'value="1000"' in alice.get(f"{address}?edit").content.decode()
    assert "budget_told" not in alice.get(f"/contacts/{contact.pk}/").content.decode()
    refused = alice.post(address, {"low": "1000", "currency": "JPY", "saw": saw})
    assert (refused.status_code, "No rate is known for JPY." in refused.content.decode()) == (422, True)
    assert client_of(cast.charlie).get(f"{address}?edit").status_code == 404
