"""Contacts are chosen in the list and something is done to all of them."""

from __future__ import annotations

import pytest
from django.test import Client

from seamark.apps.accounts.models import Member
from seamark.apps.batches.models import Batch
from seamark.apps.contacts.models import Contact
from seamark.apps.tagging.actions import set_tag
from seamark.apps.work.models import Work
from seamark.apps.work.running import run
from tests.apps.conftest import Cast, MakeContact, tags_of

pytestmark = pytest.mark.covers("B12")


def client_of(member: Member) -> Client:
    client = Client()
    client.force_login(member)
    return client


def deeds(member: Member) -> list[str]:
    return [deed.kind.value for deed in client_of(member).get("/contacts/").context["deeds"]]


def done(member: Member, deed: str, **given: object) -> dict[str, int]:
    """What came of it."""
    answer = client_of(member).post(f"/contacts/batch/{deed}/", given)
    assert answer.status_code == 200
    run(Work.objects.latest("pk").pk)
    return Work.objects.latest("pk").result


def test_each_role_is_offered_what_it_may_do(cast: Cast) -> None:
    assert deeds(cast.alice) == ["tag", "untag", "replace", "claim", "release"]
    assert deeds(cast.boss) == ["tag", "untag", "replace", "give", "export", "release"]
    assert client_of(cast.alice).get("/contacts/batch/give/").status_code == 404
    assert client_of(cast.admin).get("/contacts/batch/tag/").status_code == 404


@pytest.mark.usefixtures("tiers")
def test_those_ticked_are_tagged_and_nobody_of_another_region(cast: Cast, make_contact: MakeContact) -> None:
    mine, other, theirs = make_contact(), make_contact(), make_contact(owner=cast.charlie, team=cast.north)
    chosen = f"{mine.pk},{theirs.pk},x,{10**30}"
    assert done(cast.alice, "tag", tag="asked/vip", chosen=chosen) == {"done": 1, "refused": 1}
    assert ["asked/vip" in tags_of(each) for each in (mine, other, theirs)] == [True, False, False]


@pytest.mark.usefixtures("tiers")
def test_everybody_whom_the_list_finds_changes_hands(cast: Cast, make_contact: MakeContact) -> None:
    vips = [make_contact() for _ in range(3)]
    for each in vips:
        set_tag(contact=each, tag="asked/vip", by=cast.alice)
    other = make_contact()
    result = done(cast.boss, "give", everybody="1", wish="?all=asked/vip", to=cast.bob.pk, chosen=other.pk)
    assert result == {"done": 3}
    assert set(Contact.objects.filter(owner=cast.bob)) == set(vips)
    assert Batch.objects.get().to == cast.bob


@pytest.mark.usefixtures("tiers")
def test_what_is_refused_is_said_in_the_dialog(cast: Cast, make_contact: MakeContact) -> None:
    contact = make_contact()
    client = client_of(cast.alice)
    assert "Who holds" in client.get("/contacts/batch/replace/").content.decode()
    given = {"tag": "asked/vip", "into": "asked/vip", "chosen": contact.pk}
    answer = client.post("/contacts/batch/replace/", given)
    assert answer.status_code == 422
    assert "Choose two different tags." in answer.content.decode()
    assert f'name="chosen" value="{contact.pk}"' in answer.content.decode()
    assert not Batch.objects.exists()
