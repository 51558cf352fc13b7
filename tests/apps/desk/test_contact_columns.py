"""What the list shows of each contact, by which fields it is narrowed, and in which order it stands."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.core.cache import cache
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from seamark.apps.accounts.models import Member
from seamark.apps.contacts import walks
from seamark.apps.contacts.models import Contact, Field
from seamark.apps.desk import queries
from seamark.apps.tagging.actions import set_tag
from tests.apps.conftest import Cast, MakeContact, happened

DAY = timedelta(days=1)


def client_of(member: Member) -> Client:
    client = Client()
    client.force_login(member)
    return client


def listed(member: Member, query: str = "") -> list[str]:
    return [row.name for row in client_of(member).get(f"/contacts/{query}").context["rows"]]


@pytest.fixture
def fields(db: None) -> None:
    for name, type, more in (
        ("city", "choice", {"choices": ["Leeds", "上海"]}),
        ("note", "text", {}),
        ("budget", "money", {}),
        ("born", "date", {}),
        ("likes", "list", {}),
        ("ages", "range", {}),
        ("phone", "text", {"mask": "phone"}),
    ):
        Field.objects.create(name=name, title_en=name.capitalize(), title_zh=name, type=type, **more)


def test_each_member_has_columns_of_their_own(cast: Cast, make_contact: MakeContact, fields: None) -> None:
    make_contact(fields={"city": "上海", "likes": ["tea", "jade"]})
    alice = client_of(cast.alice)

    def columns(client: Client) -> list[str]:
        return [column.key for column in client.get("/contacts/").context["columns"]]

    chosen = {"column": ["last", "field:likes", "field:city", "field:no-more"], "wish": "?owner=me&panel=columns"}
    answer = alice.post("/contacts/columns/", chosen)
    assert answer.headers["Location"] == "/contacts/?owner=me"
    assert columns(alice) == ["field:city", "field:likes", "last"]
    assert columns(client_of(cast.bob)) == ["tags", "owner", "channel", "last"]
    (row,) = alice.get("/contacts/").context["rows"]
    assert [cell.words for cell in row.cells] == ["上海", "tea, jade", ""]


@pytest.mark.usefixtures("tiers")
def test_tags_of_a_group_have_a_column(cast: Cast) -> None:
    contact = happened()
    Contact.objects.filter(pk=contact.pk).update(team=cast.south, owner=cast.alice)
    alice = client_of(cast.alice)
    alice.post("/contacts/columns/", {"column": ["group:activity", "team"]})
    (row,) = alice.get("/contacts/").context["rows"]
    assert [cell.words for cell in row.cells] == ["Activity · High", "South"]


@pytest.mark.covers("C07")
def test_columns_are_masked_as_the_contact_is(cast: Cast, make_contact: MakeContact, fields: None) -> None:
    make_contact(fields={"phone": "0912345456"}, owner=cast.bob)
    for member, shown in ((cast.bob, "0912345456"), (cast.rita, "0912***456")):
        client = client_of(member)
        client.post("/contacts/columns/", {"column": ["field:phone"]})
        assert client.get("/contacts/").context["rows"][0].cells[0].text == shown


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("?is.city=Leeds", {"A"}),
        ("?is.note=SILK", {"B"}),
        ("?is.likes=tea", {"A", "B"}),
        ("?from.budget=100&to.budget=200", {"A"}),
        ("?from.budget=100", {"A", "B"}),
        ("?to.born=1990-12-31", {"A"}),
        ("?from.ages=30&to.ages=35", {"B"}),
        ("?is.likes=tea&is.city=上海", {"B"}),
        ("?from.budget=many", {"A", "B", "C"}),
        ("?from.budget=1e999999", {"A", "B", "C"}),
        ("?is.phone=0912", {"A", "B", "C"}),
        ("?is.nothing=x&is.=y", {"A", "B", "C"}),
    ],
)
def test_fields_narrow_the_list(
    cast: Cast, make_contact: MakeContact, fields: None, query: str, found: set[str]
) -> None:
    make_contact(
        name="A", fields={"city": "Leeds", "budget": 150, "born": "1990-05-01", "likes": ["tea"], "phone": "0912"}
    )
    make_contact(
        name="B",
        fields={
            "city": "上海",
            "budget": "2500.50",
            "note": "Silk scarves",
            "likes": "tea",
            "ages": {"low": 25, "high": 31},
        },
    )
    make_contact(name="C", fields={"budget": "a lot", "born": None})
    assert set(listed(cast.alice, query)) == found
    assert listed(cast.charlie, query) == []


@pytest.mark.usefixtures("tiers")
def test_fields_and_tags_narrow_together_and_the_page_says_by_what(cast: Cast, fields: None) -> None:
    for name, city in (("A", "Leeds"), ("B", "上海")):
        contact = happened(external_id=name, name=name)
        Contact.objects.filter(pk=contact.pk).update(team=cast.south, owner=cast.alice, fields={"city": city})
    assert listed(cast.alice, "?all=activity/high&is.city=Leeds") == ["A"]
    assert listed(cast.alice, "?none=activity/high&is.city=Leeds") == []
    page = client_of(cast.alice).get("/contacts/?is.city=Leeds&panel=fields").content.decode()
    assert "City: Leeds" in page
    assert "<option selected>Leeds</option>" in page


@pytest.mark.parametrize(
    ("sort", "order"), [("", "CBA"), ("stale", "ABC"), ("new", "CAB"), ("old", "BAC"), ("owner", "CBA")]
)
@pytest.mark.parametrize(
    "narrowed", ["", "&any=activity/high&any=activity/dormant&any=activity/medium&any=activity/low"]
)
@pytest.mark.usefixtures("tiers")
def test_orders_go_through_all_pages_and_back(
    cast: Cast, monkeypatch: pytest.MonkeyPatch, sort: str, order: str, narrowed: str
) -> None:
    for name, ago in (("B", 2 * DAY), ("A", 3 * DAY), ("C", DAY)):
        contact = happened(external_id=name, name=name, ago=ago)
        Contact.objects.filter(pk=contact.pk).update(team=cast.south, owner=cast.alice)
    monkeypatch.setattr(queries, "PAGE", 1)
    monkeypatch.setattr(walks, "NEWEST", 1)
    client = client_of(cast.alice)
    seen, query = "", f"?sort={sort}{narrowed}"
    for _ in order:
        shown = client.get(f"/contacts/{query}").context
        seen += shown["rows"][0].name
        query = shown["page"].after.query if shown["page"].after else ""
    assert (seen, query) == (order, "")
    back = client.get(f"/contacts/{shown['page'].before.query}").context
    assert back["rows"][0].name == order[1]


@pytest.mark.parametrize(("glance", "frequent"), [(1, 0), (1, 9), (100, 0)])
@pytest.mark.usefixtures("tiers")
def test_pages_are_whole_whether_those_who_fit_are_rare_or_not(
    cast: Cast, monkeypatch: pytest.MonkeyPatch, glance: int, frequent: float
) -> None:
    for days in range(8):
        contact = happened(external_id=f"{days}", name=f"{days}", ago=days * DAY)
        if days % 3:
            set_tag(contact=contact, tag="asked/vip", by=cast.alice)
    monkeypatch.setattr(queries, "PAGE", 2)
    for name, value in {"GLANCE": glance, "NEWEST": 3, "FREQUENT": frequent}.items():
        monkeypatch.setattr(walks, name, value)
    cache.clear()
    client, seen, query = client_of(cast.rita), "", "?any=asked/vip"
    while query:
        shown = client.get(f"/contacts/{query}").context
        seen += "".join(row.name for row in shown["rows"])
        query = shown["page"].after.query if shown["page"].after else ""
    assert seen == "12457"
    assert "".join(row.name for row in client.get(f"/contacts/{shown['page'].before.query}").context["rows"]) == "45"


@pytest.mark.usefixtures("tiers")
def test_more_columns_of_more_contacts_take_no_more_queries(
    cast: Cast, make_contact: MakeContact, fields: None, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    for place in range(12):
        make_contact(name=f"Contact {place}", fields={"city": "Leeds"})
    client = client_of(cast.alice)
    known = [column.key for column, _ in client.get("/contacts/?panel=columns").context["column_choices"]]
    client.post("/contacts/columns/", {"column": known})
    with django_assert_max_num_queries(16):
        assert len(client.get("/contacts/?panel=fields&is.city=Leeds").context["rows"][0].cells) == len(known)
