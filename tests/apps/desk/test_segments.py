"""Pages of segments: searched for, saved, opened in the list of contacts, and by whom."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest
from django.http import HttpResponse
from django.test import Client
from pytest_django import Settings

from seamark.apps.accounts.models import Member
from seamark.apps.contacts.models import Contact
from seamark.apps.outreach.actions import change_segment, save_segment
from seamark.apps.outreach.models import Segment
from seamark.apps.tagging.publish import judge_stale, publish
from seamark.apps.work.models import Work
from seamark.apps.work.running import run
from tests.apps.conftest import Cast, happened
from tests.apps.tiers import TIERS

pytestmark = [pytest.mark.covers("B09", "A15"), pytest.mark.usefixtures("tiers")]

RECENT = "last(message.received) within 2d"


@pytest.fixture
def contacts(cast: Cast) -> None:
    """Lihua wrote just now and is Alice's, Wang did nine days ago and swims in the south."""
    happened(name="Lihua", external_id="li")
    happened(name="Wang", ago=timedelta(days=9))
    Contact.objects.update(team=cast.south)
    Contact.objects.filter(name="Lihua").update(owner=cast.alice)


def client_of(member: Member) -> Client:
    client = Client()
    client.force_login(member)
    return client


def get(member: Member, path: str) -> str:
    return client_of(member).get(path).content.decode()


def post(member: Member, path: str, **said: object) -> HttpResponse:
    return client_of(member).post(path, said)


def saved(cast: Cast, when: str = RECENT) -> Segment:
    segment = save_segment(name="Lately", when=when, by=cast.boss)
    while judge_stale():
        pass
    return segment


def test_a_segment_is_saved_by_those_who_change_rulebooks(cast: Cast, contacts: None):
    said = {"act": "save", "name": "Lately", "when": RECENT}
    assert post(cast.alice, "/contacts/segments/new/", **said).status_code == 403
    assert (
        post(cast.boss, "/contacts/segments/new/", **said | {"when": "last(mesage.received) within 2d"}).status_code
        == 422
    )
    assert not Segment.objects.exists()
    assert post(cast.boss, "/contacts/segments/new/", **said).status_code == 302
    page = get(cast.alice, f"/contacts/segments/{Segment.objects.get().pk}/")
    assert "Replied within the last 2 days" in page
    assert "2 天内" in page
    assert "Save" not in page


def test_the_list_is_opened_by_a_segment_and_combined_with_tags(cast: Cast, contacts: None):
    segment = saved(cast)
    for member, sees in ((cast.alice, True), (cast.boss, True), (cast.bob, False), (cast.charlie, False)):
        assert ("Lihua" in get(member, f"/contacts/?segment={segment.pk}").split('id="rows"')[-1]) == sees
    assert "Wang" not in get(cast.boss, f"/contacts/?segment={segment.pk}")
    assert "Nobody is like that" in get(cast.boss, f"/contacts/?segment={segment.pk}&none=activity/high")
    assert "Nobody is like that" in get(cast.boss, "/contacts/?segment=999")


def test_a_segment_tells_how_many_of_those_seen_are_in_it(cast: Cast, contacts: None):
    segment = saved(cast)
    for member, told in ((cast.alice, "1 contact"), (cast.boss, "1 contact"), (cast.charlie, "0 contacts")):
        assert told in get(member, f"/contacts/segments/{segment.pk}/amount/")
    assert client_of(cast.admin).get("/contacts/segments/").status_code == 200
    stranger = Member.objects.create_user("x@example.com", name="X")
    assert client_of(stranger).get("/contacts/segments/").status_code == 403
    assert client_of(stranger).get(f"/contacts/segments/{segment.pk}/").status_code == 404


def test_a_contacts_page_tells_its_segments_and_leads_to_them(cast: Cast, contacts: None):
    segment = saved(cast)
    link = f'href="/contacts/?segment={segment.pk}"'
    lihua, wang = (Contact.objects.get(name=name) for name in ("Lihua", "Wang"))
    assert link in get(cast.alice, f"/contacts/{lihua.pk}/")
    assert link not in get(cast.boss, f"/contacts/{wang.pk}/")
    segment.delete()
    publish(text=TIERS, by=None)
    assert link not in get(cast.alice, f"/contacts/{lihua.pk}/tags/")


def test_the_later_of_two_editors_is_told_and_keeps_what_they_wrote(cast: Cast):
    segment = saved(cast)
    change_segment(segment=segment, name="Lately", when=RECENT, revision=1, by=cast.admin)
    mine = {"act": "save", "name": "Lately", "when": RECENT.replace("2d", "9d"), "revision": 1}
    answer = post(cast.boss, f"/contacts/segments/{segment.pk}/", **mine)
    assert answer.status_code == 422
    page = answer.content.decode()
    assert "Ada has changed this segment meanwhile" in page
    assert "within 9d" in page
    assert post(cast.boss, f"/contacts/segments/{segment.pk}/", **mine | {"revision": 2}).status_code == 302
    assert Segment.objects.get().when == mine["when"]


def test_a_segment_is_dropped_by_those_who_may(cast: Cast):
    segment = saved(cast)
    assert post(cast.alice, f"/contacts/segments/{segment.pk}/drop/", revision=1).status_code == 403
    post(cast.boss, f"/contacts/segments/{segment.pk}/drop/", revision=1)
    assert not Segment.objects.exists()


def test_pages_say_that_a_rulebook_broke_a_segment(cast: Cast):
    segment = saved(cast, "tagged activity/high")
    publish(text=TIERS.replace("activity:", "pace:"), by=None)
    for path in ("segments/", f"segments/{segment.pk}/", f"?segment={segment.pk}"):
        assert "The live rulebook cannot take" in get(cast.boss, f"/contacts/{path}")


@pytest.mark.django_db(transaction=True)
def test_what_a_search_found_is_listed_for_whoever_searched(
    cast: Cast, contacts: None, settings: Settings, tmp_path: Path
):
    settings.LAKE = tmp_path
    assert post(cast.alice, "/contacts/segments/new/", act="search", when="nonsense").status_code == 422
    there = post(cast.alice, "/contacts/segments/new/", act="search", when=RECENT)["Location"]
    work = Work.objects.get()
    run(work.pk)
    assert "1 contact fits." in get(cast.alice, there)
    assert client_of(cast.boss).get(there).status_code == 404
    assert "Lihua" in get(cast.alice, f"/contacts/?found={work.pk}")
    assert "Lihua" not in get(cast.boss, f"/contacts/?found={work.pk}").split('id="rows"')[-1]


def test_the_list_of_segments_takes_as_many_queries_for_many(cast: Cast, django_assert_max_num_queries):
    for number in range(5):
        save_segment(name=f"Segment {number}", when=RECENT, by=cast.boss)
    client = client_of(cast.boss)
    client.get("/contacts/segments/")
    with django_assert_max_num_queries(12):
        client.get("/contacts/segments/")
