"""Contacts of the public sea are taken by those who may, once."""

from __future__ import annotations

import pytest
from django.test import Client

from seamark.apps.accounts.errors import ActionRefused
from seamark.apps.accounts.models import Deed
from seamark.apps.contacts.ownership import claim
from tests.apps.conftest import Cast, MakeContact


@pytest.mark.covers("B11")
def test_a_contact_is_claimed_from_the_public_sea_by_one_alone(cast: Cast, make_contact: MakeContact):
    contact = make_contact(owner=None)
    for member, status, owner in (
        (cast.charlie, 404, None),
        (cast.rita, 404, None),
        (cast.bob, 302, cast.bob),
        (cast.alice, 302, cast.bob),
    ):
        client = Client()
        client.force_login(member)
        assert client.post(f"/contacts/{contact.pk}/claim/").status_code == status
        contact.refresh_from_db()
        assert contact.owner == owner
    with pytest.raises(ActionRefused):
        claim(contact=contact.pk, by=cast.alice)
    assert Deed.objects.get(what="contact.claimed").by == cast.bob
