"""The list of contacts, as members of each role see it."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from django.core.cache import cache
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from seamark.apps.accounts.models import Member
from seamark.apps.contacts import walks
from seamark.apps.contacts.models import Contact
from seamark.apps.contacts.search import grams
from seamark.apps.desk import queries
from seamark.apps.tagging.actions import set_tag
from seamark.apps.tagging.models import Standing
from tests.apps.conftest import Cast, MakeContact, happened

DAY = timedelta(days=1)


def listed(member: Member, query: str = "") -> list[str]:
    """The names on the page that the member sees."""
    client = Client()
    client.force_login(member)
    answer = client.get(f"/contacts/{query}")
    assert answer.status_code == 200
    return re.findall(r"<strong>([^<]*)</strong><small>", answer.content.decode())


def known(name: str, cast: Cast, **overrides: object) -> Contact:
    """A contact of Alice's to whom something happened."""
    contact = happened(**{"external_id": name, "name": name} | overrides)
    Contact.objects.filter(pk=contact.pk).update(team=cast.south, owner=cast.alice)
    return contact


@pytest.mark.covers("F01")
def test_everybody_sees_their_own_list(cast: Cast, make_contact: MakeContact) -> None:
    make_contact(name="Wang")
    make_contact(name="Li", owner=cast.bob)
    make_contact(name="Zhou", owner=None)
    make_contact(name="He", owner=cast.charlie, team=cast.north)
    assert set(listed(cast.alice)) == {"Wang", "Zhou"}
    assert listed(cast.charlie) == ["He"]
    assert set(listed(cast.rita)) == {"Wang", "Li", "Zhou", "He"}
    assert listed(cast.admin) == []


def test_who_may_see_nobody_is_told_why(cast: Cast) -> None:
    client = Client()
    client.force_login(cast.admin)
    assert "Your roles show you no contacts" in client.get("/contacts/").content.decode()
    client.force_login(cast.alice)
    assert "No contacts yet" in client.get("/contacts/").content.decode()


def test_a_stranger_is_sent_to_sign_in(db: None) -> None:
    assert Client().get("/contacts/").headers["Location"].startswith("/account/login/")


@pytest.mark.usefixtures("tiers")
def test_tags_are_combined_by_all_any_and_none(cast: Cast) -> None:
    known("Now", cast, props={"text": "how much is it?"})
    known("Asked", cast, ago=2 * DAY, props={"text": "how much is it?"})
    known("Silent", cast, ago=9 * DAY)
    vip = known("Quiet", cast, ago=8 * DAY)
    set_tag(contact=vip, tag="asked/vip", by=cast.alice)
    assert set(listed(cast.alice, "?all=asked/price&all=activity/high")) == {"Now"}
    assert set(listed(cast.alice, "?any=activity/high&any=asked/vip")) == {"Now", "Quiet"}
    assert set(listed(cast.alice, "?all=activity/dormant&none=asked/vip")) == {"Silent"}
    assert len(listed(cast.alice, "?all=activity/unheard-of")) == 4


def test_a_part_of_a_name_finds_it_in_either_script(cast: Cast, make_contact: MakeContact) -> None:
    for name in ("陳雨桐", "Nadia Rahman", "王伟"):
        make_contact(name=name, grams=grams([name]))
    assert listed(cast.alice, "?q=陈雨") == ["陳雨桐"]
    assert listed(cast.alice, "?q=RAHM") == ["Nadia Rahman"]
    assert listed(cast.alice, "?q=雨") == ["陳雨桐"]
    assert listed(cast.charlie, "?q=雨") == []


@pytest.mark.parametrize(
    ("stretch", "handful", "common"), [(100, 100, 0), (100, 1, 0), (3, 2, 0), (3, 3, 9), (100, 1, 9)]
)
def test_words_are_found_however_far_the_list_is_walked(
    cast: Cast, monkeypatch: pytest.MonkeyPatch, stretch: int, handful: int, common: float
) -> None:
    for name, value in {"STRETCH": stretch, "HANDFUL": handful, "COMMON": common}.items():
        monkeypatch.setattr(walks, name, value)
    monkeypatch.setattr(queries, "PAGE", 2)
    cache.clear()
    for days in range(10):
        name = f"{'Zoe' if days % 2 else 'Max'} {days}"
        Contact.objects.filter(pk=known(name, cast, ago=days * DAY).pk).update(name=name, grams=grams([name]))
    client = Client()
    client.force_login(cast.alice)
    pages, query = [], "?q=zoe"
    while query:
        pages.append(client.get(f"/contacts/{query}").context["page"])
        query = pages[-1].after and pages[-1].after.query
    names = [[contact.name for contact in page.contacts] for page in pages]
    assert names == [["Zoe 1", "Zoe 3"], ["Zoe 5", "Zoe 7"], ["Zoe 9"]]
    back = client.get(f"/contacts/{pages[2].before.query}").context["page"]
    assert [contact.name for contact in back.contacts] == names[1]


def test_a_part_of_a_number_finds_no_number_of_the_same_pairs(cast: Cast, make_contact: MakeContact) -> None:
    for name, number in {"Zoe": "+86 55123455", "Max": "+86 9129349239"}.items():
        make_contact(name=name, grams=grams([name, number]))
    assert listed(cast.alice, "?q=1234") == ["Zoe"]
    assert listed(cast.alice, "?q=2934") == ["Max"]
    assert listed(cast.alice, "?q=86") == ["Max", "Zoe"]


def test_words_find_each_member_those_they_may_see(cast: Cast, make_contact: MakeContact) -> None:
    for name, owner in {"Zoe of Alice": cast.alice, "Zoe of Bob": cast.bob, "Zoe of nobody": None}.items():
        make_contact(name=name, owner=owner, grams=grams([name]))
    seen = {name: set(listed(getattr(cast, name), "?q=zoe")) for name in ("alice", "boss", "rita", "charlie")}
    everybody = {"Zoe of Alice", "Zoe of Bob", "Zoe of nobody"}
    assert seen == {
        "alice": {"Zoe of Alice", "Zoe of nobody"},
        "boss": everybody,
        "rita": everybody,
        "charlie": set(),
    }


def test_owners_and_the_public_sea(cast: Cast, make_contact: MakeContact) -> None:
    make_contact(name="Wang")
    make_contact(name="Zhou", owner=None)
    make_contact(name="Li", owner=cast.bob)
    assert listed(cast.alice, "?owner=sea") == ["Zhou"]
    assert listed(cast.alice, "?owner=me") == ["Wang"]
    assert listed(cast.alice, f"?owner={cast.bob.pk}") == []
    assert listed(cast.boss, f"?owner={cast.bob.pk}") == ["Li"]


def test_pages_follow_each_other_newest_first_and_back(
    cast: Cast, make_contact: MakeContact, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(queries, "PAGE", 2)
    for days in (3, 1, 2):
        known(f"{days} days ago", cast, ago=days * DAY)
    never = [make_contact(name=name) for name in ("Never", "Never either")]
    assert Standing.objects.filter(contact__in=never, last_event_at=None).count() == 2
    client = Client()
    client.force_login(cast.alice)
    seen, query = [], "?"
    while query:
        page = client.get(f"/contacts/{query}").context["page"]
        seen.append([contact.name for contact in page.contacts])
        query = page.after and page.after.query
    assert seen == [["1 days ago", "2 days ago"], ["3 days ago", "Never either"], ["Never"]]
    back = client.get(f"/contacts/{page.before.query}").context["page"]
    assert [contact.name for contact in back.contacts] == seen[1]
    assert back.before
    assert back.after


@pytest.mark.usefixtures("tiers")
def test_pages_join_the_newest_with_all_others(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(queries, "PAGE", 2)
    for days in range(5):
        known(f"{days} days ago", cast, ago=days * DAY)
    monkeypatch.setattr(walks, "NEWEST", 2)
    client = Client()
    client.force_login(cast.alice)
    pages, query = [], "?none=asked/vip"
    while query:
        pages.append(client.get(f"/contacts/{query}").context["page"])
        query = pages[-1].after and pages[-1].after.query
    names = [[contact.name for contact in page.contacts] for page in pages]
    assert names == [["0 days ago", "1 days ago"], ["2 days ago", "3 days ago"], ["4 days ago"]]
    back = client.get(f"/contacts/{pages[2].before.query}").context["page"]
    assert [contact.name for contact in back.contacts] == names[1]


@pytest.mark.parametrize("query", ["?after=x.y", "?after=-1.5", f"?before={10**18}.3", "?first=-3", "?owner=nobody"])
def test_an_odd_address_is_no_error(cast: Cast, make_contact: MakeContact, query: str) -> None:
    make_contact(name="Wang")
    assert listed(cast.alice, query) in (["Wang"], [])


@pytest.mark.usefixtures("tiers")
def test_a_longer_list_takes_no_more_queries(cast: Cast, django_assert_max_num_queries: DjangoAssertNumQueries) -> None:
    for place in range(12):
        known(f"Contact {place}", cast)
    client = Client()
    client.force_login(cast.alice)
    with django_assert_max_num_queries(15):
        assert len(client.get("/contacts/?pick=1").context["rows"]) == 12


def test_counting_stops_and_says_so(cast: Cast, make_contact: MakeContact, monkeypatch: pytest.MonkeyPatch) -> None:
    for _ in range(3):
        make_contact()
    client = Client()
    client.force_login(cast.alice)
    assert ">3 contacts<" in client.get("/contacts/amount/").content.decode()
    monkeypatch.setattr(queries, "MOST_COUNTED", 2)
    assert ">2+ contacts<" in client.get("/contacts/amount/").content.decode()


@pytest.mark.usefixtures("tiers")
def test_tags_to_choose_say_how_many_hold_them(cast: Cast) -> None:
    known("Now", cast)
    known("Before", cast, ago=9 * DAY)
    client = Client()
    client.force_login(cast.alice)
    picks = dict(client.get("/contacts/?pick=1&all=activity/high").context["picks"])
    assert {pick.chip.name: pick.number for pick in picks["Activity"]}["activity/high"] == 1
    client.force_login(cast.charlie)
    picks = dict(client.get("/contacts/?pick=1").context["picks"])
    assert {pick.number for pick in picks["Activity"]} == {0}


@pytest.mark.covers("C07")
def test_a_number_that_stands_for_a_name_is_masked(cast: Cast, make_contact: MakeContact) -> None:
    make_contact(name="+852 5555 1234")
    assert listed(cast.alice) == ["+852 5555 1234"]
    assert listed(cast.rita) == ["+852***234"]


def test_a_standing_follows_its_contact(cast: Cast, make_contact: MakeContact) -> None:
    contact = make_contact()
    Contact.objects.update(owner=None, team=cast.north)
    assert Standing.objects.filter(contact=contact, owner=None, team=cast.north).exists()
    Contact.objects.filter(pk=contact.pk)._raw_delete("default")
    assert not Standing.objects.exists()
