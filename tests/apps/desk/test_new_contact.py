"""Contacts made by hand."""

import pytest

from seamark.apps.contacts.models import Contact, Field, Identity
from tests.apps.accounts.test_pages import signed_in
from tests.apps.conftest import Cast, MakeContact

pytestmark = pytest.mark.usefixtures("tiers")

PAGE = "/contacts/new/"


@pytest.fixture
def phone(db: None) -> Field:
    return Field.objects.create(name="phone", title_en="Phone", title_zh="电话", mask="phone")


def test_a_contact_made_by_hand_is_its_makers_and_in_the_list(cast: Cast, phone: Field):
    alice = signed_in(cast.alice)
    answer = alice.post(PAGE, {"name": "Zhao Min", "phone": "+86 138 1234 5678"})
    made = Contact.objects.get()
    assert answer["Location"] == f"/contacts/{made.pk}/"
    assert (made.owner, made.team, made.fields["phone"]) == (cast.alice, cast.south, "+86 138 1234 5678")
    assert "Zhao Min" in alice.get("/contacts/").content.decode()
    assert "Zhao Min" not in signed_in(cast.charlie).get("/contacts/").content.decode()


def test_a_number_that_is_known_is_warned_of_and_others_stay_hidden(
    cast: Cast, phone: Field, make_contact: MakeContact
):
    mine = make_contact(name="Wang", fields={"phone": "+8613812345678"})
    hidden = make_contact(name="Secret", team=cast.north, owner=cast.charlie)
    Identity.objects.create(contact=hidden, source="whatsapp", external_id="8613812345678")
    told = {"name": "Zhao Min", "phone": "+86 138 1234 5678"}
    answer = signed_in(cast.alice).post(PAGE, told)
    shown = answer.content.decode()
    assert answer.status_code == 422
    assert f"/contacts/{mine.pk}/" in shown
    assert "Secret" not in shown
    assert "a contact that you may not see" in shown
    assert Contact.objects.count() == 2
    assert signed_in(cast.alice).post(PAGE, told | {"all-the-same": "yes"}).status_code == 302
    assert Contact.objects.count() == 3


def test_who_may_not_edit_makes_none(cast: Cast):
    assert signed_in(cast.rita).post(PAGE, {"name": "Zhao"}).status_code == 403
