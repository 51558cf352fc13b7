"""Who has no name is told from others by a number that is known, or by a code; and is never addressed by it."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from django.test import Client
from django.utils import translation

from seamark.apps.accounts.models import Deed, Member
from seamark.apps.contacts.models import Field
from seamark.apps.contacts.nameless import SHORTEST, visitor_called, visitor_name
from seamark.apps.contacts.ownership import transfer
from tests.apps.conftest import Cast, MakeContact, happened

pytestmark = pytest.mark.covers("F03")


@pytest.fixture(autouse=True)
def english() -> Iterator[None]:
    """A page leaves its reader's language behind."""
    with translation.override("en"):
        yield


def client_of(member: Member) -> Client:
    client = Client()
    client.force_login(member)
    return client


def listed(member: Member, sought: str = "") -> list[str]:
    """The names on the member's list of contacts."""
    answer = client_of(member).get("/contacts/", {"q": sought})
    return re.findall(r"<strong>([^<]*)</strong><small>", answer.content.decode())


def test_visitors_without_a_name_are_told_apart_in_the_readers_language(cast: Cast, make_contact: MakeContact) -> None:
    ids = [make_contact(name="").pk for _each in range(2)]
    assert sorted(listed(cast.alice)) == sorted(map(visitor_name, ids))
    cast.alice.language = "zh-hans"
    cast.alice.save()
    assert {each[:3] for each in listed(cast.alice)} == {"访客 "}


def test_a_code_is_short_and_nobody_elses() -> None:
    names = {visitor_name(id) for id in range(1, 50_000)}
    assert len(names) == 49_999
    assert {len(name.split()[-1]) for name in names} == {SHORTEST}


@pytest.mark.parametrize("id", [1, 28**4 - 1, 28**4, 28**5, 2**63 - 1])
def test_a_code_leads_back_to_its_contact(id: int) -> None:
    with translation.override("zh-hans"):
        chinese = visitor_name(id)
    assert visitor_called(chinese) == visitor_called(visitor_name(id).lower()) == id


def test_a_visitor_is_found_by_what_the_page_says(cast: Cast, make_contact: MakeContact) -> None:
    visitor, named = make_contact(name=""), make_contact(name="Wang")
    called = visitor_name(visitor.pk)
    assert listed(cast.alice, called) == listed(cast.alice, called.split()[-1]) == [called]
    assert listed(cast.alice, visitor_name(named.pk)) == []
    assert listed(cast.charlie, called) == []


def test_a_visitor_is_found_in_the_inbox(cast: Cast) -> None:
    contact = happened(name="")
    called = visitor_name(contact.pk)
    page = client_of(cast.boss).get("/inbox/", {"q": called.split()[-1], "list": "all"}).content.decode()
    assert f"<strong>{called}</strong>" in page


def test_a_known_number_tells_more_than_a_code(cast: Cast, make_contact: MakeContact) -> None:
    Field.objects.create(name="mobile", title_en="Mobile", title_zh="手机", mask=Field.Mask.PHONE)
    make_contact(name="", fields={"mobile": "13812345678"})
    assert listed(cast.alice) == ["13812345678"]
    assert listed(cast.rita) == ["1381***678"]


def test_the_name_itself_stays_empty(cast: Cast, make_contact: MakeContact) -> None:
    visitor = make_contact(name="")
    form = client_of(cast.alice).get(f"/contacts/{visitor.pk}/fields/name/", {"edit": ""}).content.decode()
    assert visitor_name(visitor.pk) not in form


def test_the_record_knows_who_was_given_away(cast: Cast, make_contact: MakeContact) -> None:
    visitor = make_contact(name="")
    transfer(contact=visitor.pk, was=cast.alice, to=cast.bob, by=cast.boss)
    assert Deed.objects.get(what=Deed.What.OWNERS_CHANGED).about == f"#{visitor.pk}"
