"""Contacts are allocated by turns, load and rules, and taken back when nobody follows up."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from datetime import timedelta

import pytest
from django.utils import timezone

from seamark.apps.accounts.models import Member, Post
from seamark.apps.accounts.organisation import change
from seamark.apps.contacts.models import Contact, Identity, OwnerChange, Ownership
from seamark.apps.contacts.ownership import Reason, give
from seamark.apps.contacts.seas import Seas
from seamark.apps.followups.actions import finish, make_by_hand, skip
from seamark.apps.followups.models import Priority
from seamark.apps.seas.allocation import Allocation, Way, allocate
from seamark.apps.seas.arrivals import keep_seas
from seamark.apps.seas.models import Arrival, Rule
from seamark.apps.seas.taking_back import take_back_due
from seamark.apps.timeline.record import record
from tests.apps.conftest import Cast, MakeContact, arrival, happened

pytestmark = pytest.mark.covers("B11")


@pytest.fixture
def swimming(make_contact: MakeContact) -> list[int]:
    """Four contacts in the south's public sea."""
    return [make_contact(owner=None).pk for _ in range(4)]


def owners(contacts: list[int]) -> list[str | None]:
    return list(Contact.objects.filter(pk__in=contacts).order_by("pk").values_list("owner__name", flat=True))


def test_contacts_go_to_those_who_sell_in_the_team_by_turns(cast: Cast, swimming: list[int]):
    allocate(contacts=swimming[:3], way=Way.TURNS, by=cast.boss)
    assert owners(swimming) == ["Alice", "Bob", "Alice", None]
    allocate(contacts=swimming, way=Way.TURNS, by=cast.boss)
    assert owners(swimming)[3] == "Bob"


def test_contacts_go_to_whoever_owns_fewest(cast: Cast, swimming: list[int], make_contact: MakeContact):
    make_contact()
    make_contact()
    allocate(contacts=swimming, way=Way.LOAD, by=None)
    assert owners(swimming) == ["Bob", "Bob", "Alice", "Bob"]


def test_nobody_is_allocated_more_than_the_limit(cast: Cast, swimming: list[int], make_contact: MakeContact):
    make_contact()
    change(Seas(most_owned=1), by=None)
    given = allocate(contacts=swimming, way=Way.TURNS, by=None)
    assert owners(swimming) == ["Bob", None, None, None]
    assert Counter(each.code for each in given.refused.values()) == {"nobody": 3}


@pytest.mark.parametrize("way", Way)
def test_nobody_is_allocated_what_they_lost_lately(cast: Cast, swimming: list[int], way: Way):
    lost, other = swimming[:2]
    Contact.objects.filter(pk=lost).update(owner=cast.alice)
    give(contacts=[lost], to=None, by=cast.alice, reason=Reason.RELEASED, words="No answer")
    Identity.objects.bulk_create(Identity(contact_id=id, source="shop", external_id=str(id)) for id in (lost, other))
    Rule.objects.create(source="shop", team=cast.south)
    allocate(contacts=[lost, other], way=way, by=None)
    assert owners([lost, other]) == ["Bob", "Alice"]  # whose turn it was is not passed over for good
    Contact.objects.filter(pk=lost).update(owner=None)
    Rule.objects.update(team=None, member=cast.alice)
    assert [each.code for each in allocate(contacts=[lost], way=Way.RULES, by=None).refused.values()] == ["nobody"]
    OwnerChange.objects.update(changed_at=timezone.now() - timedelta(days=8))
    allocate(contacts=[lost], way=Way.RULES, by=None)
    assert owners([lost]) == ["Alice"]


def test_the_first_rule_that_fits_decides(cast: Cast, tiers: None):
    by_tag = happened(external_id="writes now")
    by_source, neither = (happened(ago=timedelta(days=50), external_id=name) for name in ("shop", "quiet"))
    Identity.objects.filter(contact=by_source).update(source="shop")
    Contact.objects.update(team=cast.south)
    Rule.objects.create(tag="activity/high", member=cast.bob)
    Rule.objects.create(source="shop", team=cast.north)
    allocate(contacts=[by_tag.pk, by_source.pk, neither.pk], way=Way.RULES, by=None)
    assert owners([by_tag.pk, by_source.pk, neither.pk]) == ["Bob", "Charlie", None]


def test_the_old_owner_comes_first_unless_they_lost_it_lately(cast: Cast, make_contact: MakeContact):
    contact = make_contact(owner=cast.bob)
    Ownership.objects.update(followed_up_at=timezone.now() - timedelta(days=14))
    assert take_back_due() == 1
    allocate(contacts=[contact.pk], way=Way.TURNS, by=None, old_first=True)
    assert owners([contact.pk]) == ["Alice"]
    Contact.objects.update(owner=None)
    OwnerChange.objects.filter(owner=cast.alice).delete()
    OwnerChange.objects.update(changed_at=timezone.now() - timedelta(days=8))
    allocate(contacts=[contact.pk], way=Way.TURNS, by=None, old_first=True)
    assert owners([contact.pk]) == ["Bob"]


def test_a_manager_allocates_within_reach_alone(cast: Cast, swimming: list[int]):
    given = allocate(contacts=swimming, way=Way.TURNS, by=cast.charlie)
    assert owners(swimming) == [None] * 4
    assert not given.moved


def test_a_contact_goes_back_when_nobody_followed_up_for_so_long(cast: Cast, make_contact: MakeContact):
    contact, now = make_contact(), timezone.now()
    Ownership.objects.update(followed_up_at=now - timedelta(days=14) + timedelta(minutes=1))
    assert take_back_due() == 0
    Ownership.objects.update(followed_up_at=now - timedelta(days=14))
    change(Seas(taken_back_after_days=0), by=None)
    assert take_back_due() == 0
    change(Seas(), by=None)
    assert take_back_due() == 1
    assert owners([contact.pk]) == [None]
    told = OwnerChange.objects.get()
    assert (told.was_owner, told.by, told.reason) == (cast.alice, None, "taken-back")


def test_who_writes_from_the_sea_is_allocated_by_itself_where_that_is_set(cast: Cast):
    Member.objects.filter(pk=cast.charlie.pk).update(is_active=False)
    Post.objects.filter(member=cast.bob).delete()
    contact = happened()
    assert keep_seas() == 0
    change(Allocation(by_itself=Way.TURNS), by=None)
    record([arrival(ago=timedelta(days=1))], quiet=True)
    assert keep_seas() == 0
    happened()
    assert keep_seas() == 1
    assert owners([contact.pk]) == ["Alice"]
    assert not Arrival.objects.exists()


def test_contacts_of_one_tag_alone_go_back_where_that_is_set(cast: Cast, tiers: None):
    quiet = happened(ago=timedelta(days=50), external_id="quiet")
    happened(external_id="writes now")
    Contact.objects.update(owner=cast.alice)
    Ownership.objects.update(followed_up_at=timezone.now() - timedelta(days=20))
    change(Seas(taken_back_tag="no/such"), by=None)
    assert take_back_due() == 0
    change(Seas(taken_back_tag="activity/dormant"), by=None)
    assert take_back_due() == 1
    assert list(Contact.objects.filter(owner=None)) == [quiet]


def test_planning_and_doing_a_follow_up_keeps_a_contact_and_skipping_it_does_not(cast: Cast, make_contact: MakeContact):
    contact, long_ago = make_contact(), timezone.now() - timedelta(days=20)

    def planned() -> int:
        due_at = timezone.now() + timedelta(days=1)
        made = make_by_hand(
            contact=contact, by=cast.alice, title="Call", due_at=due_at, priority=Priority.P3, language="en"
        )
        return made.pk

    def keeps(act: Callable[[], object]) -> bool:
        Ownership.objects.update(followed_up_at=long_ago)
        act()
        return Ownership.objects.get().followed_up_at > long_ago

    assert keeps(planned)
    first, second = planned(), planned()
    assert keeps(lambda: finish(follow_up=first, by=cast.alice))
    assert not keeps(lambda: skip(follow_up=second, by=cast.alice, reason="No need"))
