"""The settings of fields."""

from typing import Any

import pytest
from django.test import Client

from seamark.apps.accounts.money import Money
from seamark.apps.accounts.organisation import change
from seamark.apps.contacts.models import Field
from seamark.apps.tagging.publish import publish
from tests.apps.accounts.test_pages import signed_in
from tests.apps.conftest import Cast
from tests.apps.tiers import TIERS

pytestmark = pytest.mark.covers("A09", "A11")

PAGE = "/settings/fields/"


@pytest.fixture
def ada(cast: Cast) -> Client:
    return signed_in(cast.admin)


def told(**changed: Any) -> dict[str, Any]:
    return {"title_en": "Industry", "title_zh": "行业", "name": "industry", "type": "text"} | changed


def test_fields_are_added_and_put_in_order(ada: Client):
    for name in ("industry", "grade", "brand"):
        assert ada.post(PAGE, told(name=name)).status_code == 302
    last = Field.objects.get(name="brand")
    ada.post(f"{PAGE}{last.pk}/up/")
    ada.post(f"{PAGE}{last.pk}/up/")
    ada.post(f"{PAGE}{last.pk}/up/")
    assert list(Field.objects.values_list("name", flat=True)) == ["brand", "industry", "grade"]


@pytest.mark.parametrize(
    "wrong",
    [
        {"type": "choice", "choices": " \n "},
        {"type": "money"},
        {"type": "money", "currency": "¥"},
        {"name": "Industry"},
        {"type": "wish"},
    ],
)
def test_what_no_field_can_be_is_refused(ada: Client, wrong: dict[str, str]):
    assert ada.post(PAGE, told(**wrong)).status_code == 422
    assert not Field.objects.exists()


def test_choices_change_and_name_and_type_stay(ada: Client):
    ada.post(PAGE, told(type="choice", choices="retail\ntrade\nretail"))
    field = Field.objects.get()
    assert field.choices == ["retail", "trade"]
    ada.post(f"{PAGE}{field.pk}/", told(name="other", type="text", choices="retail\nmaking", mask="address"))
    field.refresh_from_db()
    assert (field.name, field.type, field.mask) == ("industry", "choice", "address")
    assert field.choices == ["retail", "making"]


def test_what_the_live_rulebook_reads_is_taken_over_in_one(ada: Client):
    publish(text=TIERS.replace("groups:", "include: [company-attributes]\ngroups:", 1), by=None)
    assert "industry" in ada.get(PAGE).content.decode()
    ada.post(f"{PAGE}missing/")
    industry = Field.objects.get(name="industry")
    assert industry.type == "choice"
    assert industry.choices
    assert not Field.objects.filter(name="name").exists()
    before = Field.objects.count()
    ada.post(f"{PAGE}missing/")
    assert Field.objects.count() == before


def test_amounts_are_taken_over_in_the_organisations_currency(ada: Client, cast: Cast):
    change(Money(home="TWD"), by=cast.admin)
    text = TIERS + "fields: {budget: {type: range, of: money}, seconds: range, yearly: money}"
    publish(text=text, by=None)
    ada.post(f"{PAGE}missing/")
    assert dict(Field.objects.values_list("name", "currency")) == {"budget": "TWD", "seconds": "", "yearly": "TWD"}


def test_a_salesperson_may_not_change_the_catalogue(cast: Cast):
    assert signed_in(cast.charlie).get(PAGE).status_code == 403
    assert signed_in(cast.charlie).post(f"{PAGE}missing/").status_code == 403
