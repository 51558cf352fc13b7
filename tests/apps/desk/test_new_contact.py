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
    answer = alice.post(PAGE, {"name-value": "Zhao Min", "phone-value": "+86 138 1234 5678"})
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
    told = {"name-value": "Zhao Min", "phone-value": "+86 138 1234 5678"}
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
    assert signed_in(cast.rita).post(PAGE, {"name-value": "Zhao"}).status_code == 403


@pytest.mark.covers("A09")
def test_all_that_is_known_already_is_told_at_once(cast: Cast, phone: Field):
    Field.objects.create(name="grade", title_en="Grade", type="choice", choices=["A", "B"])
    Field.objects.create(name="budget", title_en="Budget", type="range", currency="GBP")
    told = {"name-value": "Zhao", "language-value": "zh", "grade-value": "A", "budget-low": "100", "budget-high": "90"}
    alice = signed_in(cast.alice)
    answer = alice.post(PAGE, told)
    assert answer.status_code == 422
    assert "The lower end is above the upper end." in answer.content.decode()
    assert 'value="90"' in answer.content.decode()
    assert not Contact.objects.exists()
    alice.post(PAGE, told | {"budget-high": "900"})
    made = Contact.objects.get()
    assert made.language == "zh"
    assert (made.fields["grade"], made.fields["budget"]) == ("A", {"low": "100", "high": "900"})


def test_nobody_is_made_without_a_name(cast: Cast, phone: Field):
    answer = signed_in(cast.alice).post(PAGE, {"name-value": " ", "phone-value": "1"})
    assert "Say what the contact is called." in answer.content.decode()
    assert "Say what" not in signed_in(cast.alice).get(PAGE).content.decode()
    assert not Contact.objects.exists()


def test_an_address_that_is_known_is_warned_of_however_it_is_written(cast: Cast, make_contact: MakeContact):
    Field.objects.create(name="email", title_en="E-mail", mask="email")
    make_contact(name="Wang", fields={"email": "wang@example.com"})
    answer = signed_in(cast.alice).post(PAGE, {"name-value": "Wang", "email-value": "Wang@Example.com"})
    assert "known already" in answer.content.decode()
