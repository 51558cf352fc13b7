"""Rows show the tags that tell most, whole, and keep the others at hand."""

from __future__ import annotations

import pytest

from seamark.apps.contacts.models import Contact
from seamark.apps.desk.telling import chips_in_row
from seamark.apps.tagging.actions import set_tag
from seamark.apps.tagging.queries import held_by
from seamark.apps.tagging.rulebooks import live_rulebook
from tests.apps.conftest import Cast, happened

pytestmark = pytest.mark.covers("G02")


@pytest.fixture
def wang(cast: Cast, tiers: None) -> Contact:
    """Asks for the price, is a VIP by hand, and active because of the message."""
    contact = happened(props={"text": "what is the price?"})
    Contact.objects.filter(pk=contact.pk).update(team=cast.south, owner=cast.alice)
    contact.refresh_from_db()
    set_tag(contact=contact, tag="asked/vip", by=cast.alice)
    return contact


def split(contact: Contact, **room: int) -> tuple[list[str], list[str]]:
    shown, rest = chips_in_row(held_by([contact.pk])[contact.pk], live_rulebook(), **room)
    return [each.name for each in shown], [each.name for each in rest]


def test_a_level_tells_more_than_a_set_and_what_remains_least(wang: Contact) -> None:
    shown, rest = split(wang)
    assert shown == ["activity/high", "asked/price", "asked/vip"]
    assert rest == []


def test_what_does_not_fit_waits_whole(wang: Contact) -> None:
    assert split(wang, room=150) == (["activity/high"], ["asked/price", "asked/vip"])
    assert split(wang, room=10) == (["activity/high"], ["asked/price", "asked/vip"])
    assert split(wang, most=2) == (["activity/high", "asked/price"], ["asked/vip"])
