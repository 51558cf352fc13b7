"""Contacts change hands by one action: within rights and limits, once, and written down."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier

import pytest
from django.db import connection
from django.utils import timezone

from seamark.apps.accounts.errors import ActionRefused
from seamark.apps.accounts.models import Deed, Member, Notice, Post
from seamark.apps.accounts.organisation import change
from seamark.apps.contacts.models import Contact, OwnerChange, Ownership
from seamark.apps.contacts.ownership import Reason, claim, give, release, transfer
from seamark.apps.contacts.seas import Seas
from tests.apps.conftest import Cast, MakeContact, happened

pytestmark = pytest.mark.covers("B11")


def refusal(act: object, *args: object, **named: object) -> str:
    with pytest.raises(ActionRefused) as refused:
        act(*args, **named)  # type: ignore[operator]
    return refused.value.code


def history(contact: Contact) -> list[tuple[str | None, str | None, str]]:
    return [
        (each.was_owner and each.was_owner.name, each.owner and each.owner.name, each.reason)
        for each in OwnerChange.objects.filter(contact=contact).order_by("pk")
    ]


def test_of_two_who_claim_one_wins_and_the_other_is_told_who(cast: Cast, make_contact: MakeContact):
    contact = make_contact(owner=None)
    claim(contact=contact.pk, by=cast.bob)
    with pytest.raises(ActionRefused, match="Bob has it already") as refused:
        claim(contact=contact.pk, by=cast.alice)
    assert refused.value.code == "taken"
    assert history(contact) == [(None, "Bob", "claimed")]
    assert Deed.objects.get(what="contact.claimed").by == cast.bob


def test_nobody_gives_what_is_not_theirs_to_give(cast: Cast, make_contact: MakeContact):
    mine, swimming = make_contact(), make_contact(owner=None)
    assert refusal(claim, contact=swimming.pk, by=cast.charlie) == "absent"
    assert refusal(claim, contact=swimming.pk, by=cast.rita) == "absent"
    assert refusal(release, contact=mine.pk, by=cast.bob, words="why not") == "absent"
    assert refusal(transfer, contact=mine.pk, was=cast.alice, to=cast.bob, by=cast.alice) == "stranger"
    assert refusal(claim, contact=10**9, by=cast.alice) == "absent"
    assert not OwnerChange.objects.exists()


def test_who_gets_contacts_from_others_is_told_once(cast: Cast, make_contact: MakeContact):
    one, two, three = (make_contact().pk for _ in range(3))
    give(contacts=[one], to=cast.bob, by=cast.boss, reason=Reason.TRANSFERRED)
    give(contacts=[two, three], to=cast.bob, by=cast.boss, reason=Reason.TRANSFERRED)
    claim(contact=make_contact(owner=None).pk, by=cast.alice)
    assert list(Notice.objects.order_by("pk").values_list("member", "text", "href")) == [
        (cast.bob.pk, "Hugo gave you a contact", f"/contacts/{one}/"),
        (cast.bob.pk, "Hugo gave you contacts", "/contacts/?owner=me"),
    ]


def test_many_are_given_at_once_and_those_refused_are_told_apart(cast: Cast, make_contact: MakeContact):
    free, owned, already = make_contact(owner=None), make_contact(), make_contact(owner=cast.bob)
    ids = [free.pk, owned.pk, already.pk, 10**9]
    given = give(contacts=ids, to=cast.bob, by=cast.boss, reason=Reason.TRANSFERRED, words="Alice is away")
    assert [(each.contact_id, each.was_owner) for each in given.moved] == [(free.pk, None), (owned.pk, cast.alice.pk)]
    assert {id: each.code for id, each in given.refused.items()} == {already.pk: "same", 10**9: "absent"}
    assert set(Ownership.objects.values_list("contact", "owner")) == {(id, cast.bob.pk) for id in ids[:3]}
    assert Deed.objects.get(what="contacts.given").about == "2 → Bob"


def test_who_transfers_what_another_has_moved_meanwhile_is_told(cast: Cast, make_contact: MakeContact):
    contact = make_contact(owner=cast.bob)
    assert refusal(transfer, contact=contact.pk, was=cast.alice, to=cast.alice, by=cast.boss) == "taken"


def test_a_contact_comes_along_to_an_owner_who_works_elsewhere(cast: Cast, make_contact: MakeContact):
    contact = make_contact()
    transfer(contact=contact.pk, was=cast.alice, to=cast.charlie, by=cast.boss)
    contact.refresh_from_db()
    assert (contact.owner, contact.team) == (cast.charlie, cast.north)
    give(contacts=[contact.pk], to=cast.alice, by=cast.boss, reason=Reason.UNDONE, team=cast.south)
    contact.refresh_from_db()
    assert (contact.owner, contact.team) == (cast.alice, cast.south)


def test_whoever_released_a_contact_waits_before_claiming_it_again(cast: Cast, make_contact: MakeContact):
    contact = make_contact()
    assert refusal(release, contact=contact.pk, by=cast.alice, words=" ") == "words"
    release(contact=contact.pk, by=cast.alice, words="No answer for weeks")
    assert refusal(claim, contact=contact.pk, by=cast.alice) == "cooling"
    OwnerChange.objects.update(changed_at=timezone.now() - timedelta(days=7))
    claim(contact=contact.pk, by=cast.alice)
    assert [reason for *_, reason in history(contact)] == ["released", "claimed"]


def test_a_member_claims_so_many_a_day(cast: Cast, make_contact: MakeContact):
    change(Seas(claims_a_day=2), by=None)
    first, second, third = (make_contact(owner=None).pk for _ in range(3))
    given = give(contacts=[first, second, third], to=cast.bob, by=cast.bob, reason=Reason.CLAIMED, was=None)
    assert [each.contact_id for each in given.moved] == [first, second]
    assert given.refused[third].code == "day"
    OwnerChange.objects.filter(contact=first).update(changed_at=timezone.now() - timedelta(days=1))
    claim(contact=third, by=cast.bob)


def test_a_member_owns_so_many_and_claims_no_more(cast: Cast, make_contact: MakeContact):
    make_contact(owner=cast.bob)
    change(Seas(most_owned=1), by=None)
    contact = make_contact(owner=None)
    assert refusal(claim, contact=contact.pk, by=cast.bob) == "full"
    transfer(contact=contact.pk, was=None, to=cast.bob, by=cast.boss)
    assert history(contact) == [(None, "Bob", "allocated")]


def test_who_has_left_gets_nothing(cast: Cast, make_contact: MakeContact):
    contact = make_contact()
    Member.objects.filter(pk=cast.bob.pk).update(is_active=False)
    left = Member.objects.get(pk=cast.bob.pk)
    assert refusal(transfer, contact=contact.pk, was=cast.alice, to=left, by=cast.boss) == "left"
    Post.objects.filter(member=cast.charlie).delete()
    postless = Member.objects.get(pk=cast.charlie.pk)
    assert refusal(transfer, contact=contact.pk, was=cast.alice, to=postless, by=cast.boss) == "left"


def test_what_a_member_sends_is_following_up_and_what_a_machine_sends_is_not(cast: Cast):
    contact = happened()
    Contact.objects.filter(pk=contact.pk).update(owner=cast.alice)
    long_ago = timezone.now() - timedelta(days=9)
    for kind, actor, counts in (
        ("message.received", "", False),
        ("message.sent", "machine", False),
        ("message.sent", f"member:{cast.alice.pk}", True),
        ("quote.sent", "", True),
    ):
        Ownership.objects.update(followed_up_at=long_ago)
        happened(kind, actor=actor)
        assert (Ownership.objects.get().followed_up_at > long_ago) == counts
    happened("message.sent", ago=timedelta(days=30))
    assert Ownership.objects.get().followed_up_at > long_ago


@pytest.mark.django_db(transaction=True)
def test_members_who_claim_at_the_same_moment_do_not_both_get_it(cast: Cast, make_contact: MakeContact):
    contact, ready = make_contact(owner=None), Barrier(2)

    def race(member: Member) -> str:
        ready.wait()
        try:
            claim(contact=contact.pk, by=member)
        except ActionRefused as refused:
            return refused.code
        finally:
            connection.close()
        return "got it"

    with ThreadPoolExecutor() as racers:
        outcomes = list(racers.map(race, [cast.alice, cast.bob]))
    assert sorted(outcomes) == ["got it", "taken"]
    assert OwnerChange.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_a_limit_holds_for_claims_at_the_same_moment(cast: Cast, make_contact: MakeContact):
    change(Seas(claims_a_day=1), by=None)
    ready = Barrier(2)

    def race(contact: Contact) -> bool:
        ready.wait()
        try:
            given = give(contacts=[contact.pk], to=cast.bob, by=cast.bob, reason=Reason.CLAIMED, was=None)
        finally:
            connection.close()
        return bool(given.moved)

    with ThreadPoolExecutor() as racers:
        assert sorted(racers.map(race, [make_contact(owner=None) for _ in range(2)])) == [False, True]
