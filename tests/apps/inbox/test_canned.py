"""Canned words: who has them at hand, how they read, and who writes them."""

from __future__ import annotations

import pytest

from seamark.apps.accounts.models import Member
from seamark.apps.contacts.models import Contact
from seamark.apps.inbox.models import CannedWords, Conversation
from tests.apps.conftest import Cast
from tests.apps.inbox.conftest import page, signed_in

pytestmark = [pytest.mark.django_db, pytest.mark.covers("B15")]


@pytest.fixture
def price() -> CannedWords:
    return CannedWords.objects.create(
        shortcut="price",
        title="Price list",
        text_en="Dear {name}, {me} of {shop} here.",
        text_zh="{name}您好，我是{me}。",
    )


def offered(talk: Conversation, cast: Cast, sought: str = "") -> str:
    return page(cast.alice, f"/inbox/{talk.pk}/words/?q={sought}")


def test_blanks_are_filled_in_and_unknown_ones_stay(talk: Conversation, cast: Cast, price: CannedWords):
    assert "Dear Wang, Alice of {shop} here." in offered(talk, cast, "pri")
    assert "Price list" not in offered(talk, cast, "address")


def test_nobody_is_addressed_by_the_code_they_have_for_want_of_a_name(
    talk: Conversation, cast: Cast, price: CannedWords
):
    Contact.objects.update(name="")
    assert "Dear {name}, Alice" in offered(talk, cast, "pri")


def test_fields_are_filled_in_as_in_rulebooks(talk: Conversation, cast: Cast, price: CannedWords):
    Contact.objects.update(fields={"city": "Leeds"})
    CannedWords.objects.update(text_en="{contact.name} of {contact.city}, {contact.size}")
    assert "Wang of Leeds, {contact.size}" in offered(talk, cast)


def test_words_are_offered_in_the_contacts_language(talk: Conversation, cast: Cast, price: CannedWords):
    Contact.objects.update(language="zh")
    assert "Wang您好，我是Alice。" in offered(talk, cast)


def test_a_teams_words_are_for_it_and_those_below(talk: Conversation, cast: Cast, price: CannedWords):
    CannedWords.objects.update(team=cast.north)
    assert "Price list" not in offered(talk, cast)
    CannedWords.objects.update(team=cast.south.above)
    assert "Price list" in offered(talk, cast)


def test_charlie_gets_no_words_with_alices_contact_in_them(talk: Conversation, cast: Cast, price: CannedWords):
    for address in (f"/inbox/{talk.pk}/words/", f"/inbox/{talk.pk}/members/", f"/contacts/{talk.contact_id}/words/"):
        assert signed_in(cast.charlie).get(address).status_code == 404
    assert "Dear Wang" in page(cast.alice, f"/contacts/{talk.contact_id}/words/")


def test_members_are_offered_for_mentioning(talk: Conversation, cast: Cast):
    shown = page(cast.alice, f"/inbox/{talk.pk}/members/?q=c")
    assert "@Charlie " in shown
    assert "@Bob " not in shown


def test_who_is_called_otherwise_is_found_by_the_beginning_of_the_address(talk: Conversation, cast: Cast):
    Member.objects.filter(pk=cast.bob.pk).update(name="周敏", email="zhou@example.com")
    assert "@周敏 " in page(cast.alice, f"/inbox/{talk.pk}/members/?q=zho")
    assert "@周敏 " not in page(cast.alice, f"/inbox/{talk.pk}/members/?q=example")


def test_words_are_made_changed_and_removed_in_the_settings(cast: Cast):
    boss = signed_in(cast.boss)
    told = {"shortcut": "/Price List", "title": "Prices", "text_en": "38 dollars"}
    boss.post("/settings/words/", told)
    made = CannedWords.objects.get()
    assert (made.shortcut, made.team) == ("price-list", None)
    assert boss.post("/settings/words/", told).status_code == 422
    boss.post(f"/settings/words/{made.pk}/", told | {"text_en": "40 dollars", "team": cast.south.pk})
    made.refresh_from_db()
    assert (made.text_en, made.team) == ("40 dollars", cast.south)
    boss.post(f"/settings/words/{made.pk}/remove/")
    assert not CannedWords.objects.exists()


def test_words_must_say_something_and_alice_writes_none(cast: Cast):
    empty = {"shortcut": "price", "title": "Prices"}
    assert signed_in(cast.boss).post("/settings/words/", empty).status_code == 422
    assert signed_in(cast.alice).get("/settings/words/").status_code == 403
