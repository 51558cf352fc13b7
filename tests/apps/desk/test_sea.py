"""The pages of the public sea: who sees and takes whom, and what is set."""

from __future__ import annotations

from datetime import timedelta
from unittest.mock import patch

import pytest
from django.test import Client
from django.utils import timezone

from seamark.apps.accounts.models import Member, Post
from seamark.apps.accounts.organisation import setting
from seamark.apps.contacts.models import Contact, Ownership
from seamark.apps.contacts.ownership import release
from seamark.apps.contacts.seas import Seas
from seamark.apps.seas.allocation import Allocation
from seamark.apps.seas.models import Rule
from tests.apps.conftest import Cast, MakeContact, happened

pytestmark = pytest.mark.covers("B11")


def get(member: Member, path: str) -> str:
    client = Client()
    client.force_login(member)
    return client.get(path).content.decode()


def post(member: Member, path: str, **said: object) -> str:
    """What the page says that it leads to; its status where it leads nowhere."""
    client = Client()
    client.force_login(member)
    answer = client.post(path, said, follow=True)
    return answer.content.decode() if answer.redirect_chain else str(answer.status_code)


def owners() -> list[str | None]:
    return list(Contact.objects.order_by("pk").values_list("owner__name", flat=True))


def test_a_member_sees_the_sea_of_their_team_alone(cast: Cast, make_contact: MakeContact):
    make_contact(name="Mei", owner=None)
    make_contact(name="Owned")
    for member, sees in ((cast.alice, True), (cast.boss, True), (cast.charlie, False), (cast.admin, False)):
        page = get(member, "/contacts/sea/")
        assert ("Mei" in page) == sees
        assert "Owned" not in page


def test_the_sea_says_how_a_contact_came_into_it(cast: Cast, make_contact: MakeContact):
    release(contact=make_contact().pk, by=cast.alice, words="Wrong number")
    page = get(cast.bob, "/contacts/sea/")
    assert "Alice released into the public sea" in page
    assert "Wrong number" in page


def test_tags_for_which_a_row_has_no_room_are_counted(cast: Cast, tiers: None):
    happened(props={"text": "what is the price?"})
    Contact.objects.update(team=cast.south, owner=None)
    assert ">+" not in get(cast.alice, "/contacts/sea/")
    with patch("seamark.apps.desk.telling.TAGS_IN_ROW", 1):
        assert "+1</button>" in get(cast.alice, "/contacts/sea/")


def test_the_sea_takes_as_many_queries_for_many_contacts(
    cast: Cast, make_contact: MakeContact, tiers: None, django_assert_max_num_queries
):
    for _ in range(12):
        make_contact(owner=None)
    happened()
    Contact.objects.update(team=cast.south, owner=None)
    client = Client()
    client.force_login(cast.alice)
    client.get("/contacts/sea/")
    with django_assert_max_num_queries(18):
        client.get("/contacts/sea/")


def test_several_are_claimed_at_once_and_those_lost_are_told(cast: Cast, make_contact: MakeContact):
    ids = [make_contact(owner=None).pk, make_contact(owner=cast.bob).pk]
    assert post(cast.charlie, "/contacts/sea/claim/", chosen=ids).count("There is no such contact") == 1
    assert post(cast.rita, "/contacts/sea/claim/", chosen=ids) == "403"
    page = post(cast.alice, "/contacts/sea/claim/", chosen=ids)
    assert f'<a href="/contacts/{ids[0]}/">Wang</a> is yours now.' in page
    assert "Bob has it already." in page
    assert owners() == ["Alice", "Bob"]


def test_several_are_allocated_by_a_way_or_to_a_member(cast: Cast, make_contact: MakeContact):
    ids = [make_contact(owner=None).pk for _ in range(2)]
    assert post(cast.alice, "/contacts/sea/allocate/", chosen=ids, to="turns") == "403"
    assert "Choose who" in post(cast.boss, "/contacts/sea/allocate/", chosen=ids, to="")
    assert "2 contacts have" in post(cast.boss, "/contacts/sea/allocate/", chosen=ids, to="turns")
    assert owners() == ["Alice", "Bob"]
    Contact.objects.update(owner=None)
    post(cast.boss, "/contacts/sea/allocate/", chosen=ids[:1], to=cast.bob.pk)
    assert owners() == ["Bob", None]


def test_owners_and_their_managers_see_who_goes_back_soon(cast: Cast, make_contact: MakeContact):
    make_contact(name="Mei")
    manager = Member.objects.create_user("zhou@example.com", name="Zhou", language="en")
    Post.objects.create(member=manager, team=cast.south, role="manager")
    Ownership.objects.update(followed_up_at=timezone.now() - timedelta(days=8))
    for member, sees in ((cast.alice, True), (manager, True), (cast.bob, False), (cast.charlie, False)):
        assert ("Mei" in get(member, "/contacts/going-back/")) == sees
    assert ">1<" in get(cast.alice, "/contacts/going-back/amount/")
    assert "1 contact of yours goes back" in get(cast.alice, "/contacts/going-back/amount/?long")
    assert get(manager, "/contacts/going-back/amount/").strip() == ""
    Ownership.objects.update(followed_up_at=timezone.now())
    assert "Nobody goes back soon" in get(cast.alice, "/contacts/going-back/")


def test_changes_of_owners_are_seen_by_those_who_allocate_there(cast: Cast, make_contact: MakeContact):
    release(contact=make_contact(name="Mei").pk, by=cast.alice, words="Wrong number")
    north = Member.objects.create_user("n@example.com", name="N", language="en")
    Post.objects.create(member=north, team=cast.north, role="manager")
    assert "Wrong number" in get(cast.boss, "/contacts/owners/")
    assert "Wrong number" not in get(north, "/contacts/owners/")
    assert "Wrong number" not in get(cast.alice, "/contacts/owners/")


def test_limits_and_rules_are_set_by_those_who_may(cast: Cast, tiers: None):
    said = {
        "claims_a_day": 5,
        "most_owned": 0,
        "cool_down_days": 1,
        "taken_back_after_days": 3,
        "warned_days_before": 4,
        "taken_back_tag": "activity/dormant",
        "by_itself": "rules",
    }
    assert post(cast.alice, "/settings/seas/", **said) == "403"
    assert post(cast.admin, "/settings/seas/", **said) == "422"
    assert "Saved." in post(cast.admin, "/settings/seas/", **said | {"warned_days_before": 3})
    assert setting(Seas) == Seas(5, 0, 1, 3, 3, "activity/dormant")
    assert setting(Allocation) == Allocation("rules", old_first=False)
    rule = {"of": "tag:activity/high", "to": f"member:{cast.bob.pk}"}
    assert post(cast.alice, "/settings/seas/rules/", **rule) == "403"
    assert post(cast.admin, "/settings/seas/rules/", of="tag:no/such", to=rule["to"]) == "422"
    assert "Bob" in post(cast.admin, "/settings/seas/rules/", **rule)
    id = Rule.objects.get(tag="activity/high", member=cast.bob).pk
    assert post(cast.alice, f"/settings/seas/rules/{id}/drop/") == "403"
    post(cast.admin, f"/settings/seas/rules/{id}/drop/")
    assert not Rule.objects.exists()
