"""Contacts change hands on their page."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from seamark.apps.accounts.models import Member
from seamark.apps.contacts.models import Contact, OwnerChange, Ownership
from tests.apps.conftest import Cast, MakeContact

pytestmark = pytest.mark.covers("B11")


def post(member: Member, contact: Contact, deed: str, **said: object) -> tuple[int, str]:
    """The status, and what the page says that it leads to."""
    client = Client()
    client.force_login(member)
    answer = client.post(f"/contacts/{contact.pk}/{deed}/", said, follow=True)
    return answer.redirect_chain[0][1] if answer.redirect_chain else answer.status_code, answer.content.decode()


def owner(contact: Contact) -> Member | None:
    contact.refresh_from_db()
    return contact.owner


def test_a_contact_is_claimed_by_one_alone_and_the_next_is_told_who_has_it(cast: Cast, make_contact: MakeContact):
    contact = make_contact(owner=None)
    assert post(cast.charlie, contact, "claim")[0] == 404
    assert post(cast.rita, contact, "claim")[0] == 404
    assert post(cast.bob, contact, "claim")[0] == 302
    assert "Bob has it already." in post(cast.alice, contact, "claim")[1]
    assert owner(contact) == cast.bob


def test_an_owner_releases_with_a_reason_that_the_page_keeps(cast: Cast, make_contact: MakeContact):
    contact = make_contact()
    assert post(cast.charlie, contact, "release", words="mine now")[0] == 404
    assert "Say why" in post(cast.alice, contact, "release")[1]
    status, page = post(cast.alice, contact, "release", words="No answer for weeks")
    assert (status, owner(contact)) == (302, None)
    assert "No answer for weeks" in page


def test_headquarters_transfers_and_a_salesperson_does_not(cast: Cast, make_contact: MakeContact):
    contact = make_contact()
    to_bob = {"was": cast.alice.pk, "to": cast.bob.pk}
    assert post(cast.charlie, contact, "transfer", **to_bob)[0] == 404
    assert "You may not" in post(cast.alice, contact, "transfer", **to_bob)[1]
    assert "Choose who" in post(cast.boss, contact, "transfer", was=cast.alice.pk)[1]
    assert "Bob" in post(cast.boss, contact, "transfer", **to_bob)[1]
    assert owner(contact) == cast.bob
    assert "Bob has it already" in post(cast.boss, contact, "transfer", **to_bob)[1]
    assert OwnerChange.objects.count() == 1


def test_the_page_warns_before_a_contact_goes_back(cast: Cast, make_contact: MakeContact):
    contact, client = make_contact(), Client()
    client.force_login(cast.alice)
    for days, warned in ((6, False), (7, True)):
        Ownership.objects.update(followed_up_at=timezone.now() - timedelta(days=days))
        assert ("Goes back to the public sea" in client.get(f"/contacts/{contact.pk}/").content.decode()) == warned
