"""What the demo knows of its customers."""

import pytest

from seamark.apps.contacts.models import Contact, Field
from seamark.readers.shape import Row
from seamark.site.demo_fields import CURRENCY, add_catalogue, fill_fields, with_countries
from tests.apps.conftest import Cast, MakeContact


@pytest.mark.usefixtures("tiers")
def test_the_catalogue_has_each_field_once_with_titles_in_both_languages(cast: Cast) -> None:
    add_catalogue(by=cast.admin)
    fields = {field.name: field for field in Field.objects.all()}
    assert list(fields)[:3] == ["phone", "email", "company"]
    assert fields["industry"].title_en == "Industry"
    assert fields["industry"].title_zh == "行业"
    assert fields["annual_purchase"].currency == fields["budget"].currency == CURRENCY
    assert "name" not in fields


@pytest.mark.usefixtures("tiers")
def test_customers_of_the_chats_have_what_is_invented_of_them(cast: Cast, make_contact: MakeContact) -> None:
    add_catalogue(by=cast.admin)
    tom, other = make_contact(name="Tom Bellamy"), make_contact(name="Somebody")
    fill_fields()
    assert Contact.objects.get(pk=tom.pk).fields["city"] == "York"
    assert Contact.objects.get(pk=other.pk).fields == {}


def test_where_the_first_order_went_to_is_told_once() -> None:
    orders = [
        Row(1, {"contact": "17850", "occurred_at": "2010-12-01", "kind": "order.placed", "country": "France"})
    ] * 2
    told = [(row.values["kind"], row.values.get("new")) for row in with_countries(orders)]
    assert told == [("field.changed", "France"), ("order.placed", None), ("order.placed", None)]
