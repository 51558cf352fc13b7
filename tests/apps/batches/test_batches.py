"""One deed on many contacts: whole, told apart by contact, and taken back exactly."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

import pytest
from django.db.models import QuerySet
from django.test import Client
from django.utils import timezone

from seamark.apps.accounts.errors import ActionRefused
from seamark.apps.accounts.models import Deed, Member
from seamark.apps.batches import actions, running
from seamark.apps.batches.actions import Ask, begin, begin_undo
from seamark.apps.batches.models import Batch, Row
from seamark.apps.contacts.models import Contact
from seamark.apps.tagging.actions import clear_tag, lift_hand, set_tag
from seamark.apps.tagging.models import Standing, TagChange
from seamark.apps.tagging.oracle import differences
from seamark.apps.tagging.publish import publish
from seamark.apps.tagging.queries import ends_of, why_of
from seamark.apps.tagging.rulebooks import compiled
from seamark.apps.timeline.models import Event
from seamark.apps.work.running import run
from tests.apps.conftest import Cast, MakeContact, happened, tags_of
from tests.apps.tiers import TIERS

pytestmark = pytest.mark.covers("B12")

Kind = Batch.Deed
DAY = timedelta(days=1)
VIP, PARTNER, HIGH, MEDIUM = "asked/vip", "asked/partner", "activity/high", "activity/medium"


@pytest.fixture
def rulebook(db: None) -> None:
    """The small one, with a second tag that only members set."""
    compiled.cache_clear()
    publish(
        text=TIERS.replace("terms:", "      partner: {title: {en: Partner, zh: 伙伴}, by_hand: true}\nterms:"), by=None
    )


def several(cast: Cast, number: int = 5, **overrides: Any) -> list[Contact]:
    """Contacts of Alice's, who wrote a moment ago."""
    made = [happened(external_id=f"c{place}", name=f"C{place}") for place in range(number)]
    Contact.objects.filter(pk__in=[each.pk for each in made]).update(team=cast.south, owner=cast.alice, **overrides)
    return made


def those(contacts: Sequence[Contact]) -> QuerySet[Contact]:
    return Contact.objects.filter(pk__in=[each.pk for each in contacts])


def batch(kind: Batch.Deed, contacts: Sequence[Contact], by: Member, **asked: Any) -> Batch:
    """Begun and done."""
    begun = begin(Ask(kind, **asked), contacts=those(contacts), by=by)
    return finished(begun)


def undone(found: Batch, by: Member) -> Batch:
    return finished(begin_undo(found, by=by))


def finished(begun: Batch) -> Batch:
    run(begun.pk)
    begun.work.refresh_from_db()
    assert begun.work.state == "done", begun.work.error
    return begun


def held(contacts: Sequence[Contact]) -> list[list[str]]:
    return [sorted(tags_of(each)) for each in contacts]


def outcomes(found: Batch) -> list[str]:
    return [row.state for row in Row.objects.filter(batch=found).order_by("contact")]


@pytest.mark.usefixtures("rulebook")
def test_a_tag_is_set_on_all_and_what_came_of_it_is_told(cast: Cast) -> None:
    contacts = several(cast)
    set_tag(contact=contacts[1], tag=VIP, by=cast.alice)
    Contact.objects.filter(pk=contacts[2].pk).update(owner=cast.bob)
    found = batch(Kind.TAG, contacts, cast.alice, tag=VIP)
    assert outcomes(found) == ["done", "same", "refused", "done", "done"]
    assert found.work.result == {"done": 3, "same": 1, "refused": 1}
    assert [VIP in tags for tags in held(contacts)] == [True, True, False, True, True]
    assert Event.objects.filter(kind="tag.set", actor=f"member:{cast.alice.pk}").count() == 4
    assert Deed.objects.get(what="batch.begun").about == "Set a tag: Asked · VIP (5)"


@pytest.mark.usefixtures("rulebook")
@pytest.mark.django_db(transaction=True)
def test_undo_puts_every_hand_back_as_it_was(cast: Cast) -> None:
    _plain, until, cleared, ended, pinned = contacts = several(cast)
    soon = timezone.now() + 3 * DAY
    set_tag(contact=until, tag=VIP, by=cast.alice, until=soon)
    clear_tag(contact=cleared, tag=VIP, by=cast.alice)
    set_tag(contact=ended, tag=VIP, by=cast.alice)
    lift_hand(contact=ended, tag=VIP, by=cast.alice)
    set_tag(contact=pinned, tag=MEDIUM, by=cast.alice, until=soon)
    before = held(contacts)
    vip = batch(Kind.TAG, contacts, cast.alice, tag=VIP)
    high = batch(Kind.TAG, contacts, cast.alice, tag=HIGH)
    assert held(contacts) == [[HIGH, VIP]] * 5
    undone(high, cast.alice)
    undone(vip, cast.alice)
    assert held(contacts) == before
    hand = Event.objects.filter(kind="tag.set", identity__contact=until).order_by("occurred_at").last()
    assert hand is not None
    assert hand.props["until"] == soon.isoformat()
    assert not any(
        TagChange.calls_for_reactions(change.cause) for change in TagChange.objects.order_by("pk").reverse()[:4]
    )
    assert differences() == []


def stands(contact: Contact) -> tuple[object, ...]:
    """Where it stands: tags, since when, until when, and in whose name."""
    found = Standing.objects.get(pk=contact.pk)
    whys = [why_of(contact, tag) for tag in (VIP, HIGH, MEDIUM)]
    return found.tags, found.since, found.recheck_at, ends_of(contact), [(each.held, each.hand) for each in whys]


@pytest.mark.usefixtures("rulebook")
@pytest.mark.django_db(transaction=True)
def test_undo_restores_since_until_and_reason_exactly_and_for_good(cast: Cast) -> None:
    plain, until, always = (happened(ago=2 * DAY, external_id=f"c{place}", name=f"C{place}") for place in range(3))
    Contact.objects.update(team=cast.south, owner=cast.alice)
    set_tag(contact=until, tag=VIP, by=cast.alice, until=timezone.now() + 3 * DAY)
    set_tag(contact=always, tag=VIP, by=cast.alice)
    contacts = [plain, until, always]
    before = [stands(each) for each in contacts]
    batches = [batch(Kind.TAG, contacts, cast.alice, tag=HIGH), batch(Kind.UNTAG, contacts, cast.alice, tag=VIP)]
    assert [stands(each) for each in contacts] != before
    for each in reversed(batches):
        undone(each, cast.alice)
    assert [stands(each) for each in contacts] == before
    assert differences() == []
    happened("order.placed", ago=3 * DAY, external_id="c1")  # comes late, and all is judged anew
    assert stands(until) == before[1]
    happened(external_id="c1")  # and what comes after has its own moment
    assert tags_of(until)[HIGH] > before[1][1][0]


@pytest.mark.usefixtures("rulebook")
@pytest.mark.django_db(transaction=True)
def test_what_a_later_batch_covered_can_be_undone_once_that_is(cast: Cast) -> None:
    contacts = several(cast, 2)
    first = batch(Kind.TAG, contacts, cast.alice, tag=VIP)
    second = batch(Kind.UNTAG, contacts, cast.alice, tag=VIP)
    undone(second, cast.alice)
    assert held(contacts) == [[HIGH, VIP]] * 2
    undone(first, cast.alice)
    assert held(contacts) == [[HIGH]] * 2
    assert differences() == []


@pytest.mark.usefixtures("rulebook")
def test_undo_brings_back_the_level_that_was_set_last(cast: Cast) -> None:
    (contact,) = several(cast, 1)
    set_tag(contact=contact, tag=HIGH, by=cast.alice)
    set_tag(contact=contact, tag=MEDIUM, by=cast.alice)
    found = batch(Kind.TAG, [contact], cast.alice, tag=HIGH)
    assert held([contact]) == [[HIGH]]
    undone(found, cast.alice)
    assert held([contact]) == [[MEDIUM]]
    lift_hand(contact=contact, tag=MEDIUM, by=cast.alice)
    assert held([contact]) == [[HIGH]]


@pytest.mark.usefixtures("rulebook")
def test_a_tag_is_replaced_with_its_period_and_taken_away(cast: Cast) -> None:
    with_end, without, _other = contacts = several(cast, 3)
    soon = timezone.now() + 3 * DAY
    set_tag(contact=with_end, tag=VIP, by=cast.alice, until=soon)
    set_tag(contact=without, tag=VIP, by=cast.alice)
    found = batch(Kind.REPLACE, contacts, cast.alice, tag=VIP, into=PARTNER)
    assert held(contacts) == [[HIGH, PARTNER], [HIGH, PARTNER], [HIGH]]
    assert outcomes(found) == ["done", "done", "same"]
    ends = Event.objects.filter(kind="tag.set", props__tag=PARTNER).order_by("identity__contact")
    assert [event.props.get("until") for event in ends] == [soon.isoformat(), None]
    undone(found, cast.alice)
    assert held(contacts) == [[HIGH, VIP], [HIGH, VIP], [HIGH]]
    batch(Kind.UNTAG, contacts, cast.alice, tag=VIP)
    assert held(contacts) == [[HIGH]] * 3


class Killed(BaseException):
    """What kill -9 is to a process."""


@pytest.mark.usefixtures("rulebook")
def test_a_batch_killed_in_the_middle_of_a_step_goes_on_with_that_step(
    cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    contacts, write = several(cast), running._write
    steps: list[int] = []

    def killing(found: Batch, told: Any) -> None:
        write(found, told)
        steps.append(len(told))
        if len(steps) == 2:
            raise Killed

    monkeypatch.setattr(running, "STEP", 2)
    monkeypatch.setattr(running, "_write", killing)
    begun = begin(Ask(Kind.TAG, tag=VIP), contacts=those(contacts), by=cast.alice)
    with pytest.raises(Killed):
        run(begun.pk)
    assert outcomes(begun) == ["done", "done", "", "", ""]
    assert [VIP in tags for tags in held(contacts)] == [True, True, False, False, False]
    finished(begun)
    assert begun.work.result == {"done": 5}
    assert Event.objects.filter(kind="tag.set").count() == 5


@pytest.mark.usefixtures("rulebook")
def test_of_two_batches_on_one_contact_the_later_counts_and_only_it_can_be_undone(cast: Cast) -> None:
    contacts = several(cast, 2)
    first = batch(Kind.TAG, contacts, cast.alice, tag=VIP)
    second = batch(Kind.UNTAG, contacts[:1], cast.boss, tag=VIP)
    undoing = undone(first, cast.alice)
    assert outcomes(undoing) == ["refused", "done"]
    assert Row.objects.get(batch=undoing, state="refused").why == "It was changed since."
    assert held(contacts) == [[HIGH], [HIGH]]
    undone(second, cast.boss)
    assert held(contacts) == [[HIGH, VIP], [HIGH]]


def test_owners_change_and_change_back_with_their_teams(cast: Cast, make_contact: MakeContact) -> None:
    _mine, _free, moved = contacts = [make_contact(), make_contact(owner=None), make_contact(owner=cast.bob)]
    found = batch(Kind.GIVE, contacts, cast.boss, to=cast.charlie, words="The south is closed")
    assert set(those(contacts).values_list("owner", "team")) == {(cast.charlie.pk, cast.north.pk)}
    batch(Kind.RELEASE, [moved], cast.charlie, words="No answer")
    undoing = undone(found, cast.boss)
    assert outcomes(undoing) == ["done", "done", "refused"]
    assert list(those(contacts).order_by("pk").values_list("owner", "team")) == [
        (cast.alice.pk, cast.south.pk),
        (None, cast.south.pk),
        (None, cast.north.pk),
    ]


def test_claims_keep_to_the_limits_and_are_released_by_undo(cast: Cast, make_contact: MakeContact) -> None:
    contacts = [make_contact(owner=None), make_contact(owner=cast.bob), make_contact(owner=None, team=cast.north)]
    found = batch(Kind.CLAIM, contacts, cast.alice)
    assert outcomes(found) == ["done", "refused", "refused"]
    undone(found, cast.alice)
    assert Contact.objects.get(pk=contacts[0].pk).owner is None


@pytest.mark.usefixtures("rulebook")
def test_the_contacts_are_those_of_the_beginning_and_rights_those_of_the_moment(
    cast: Cast, make_contact: MakeContact
) -> None:
    stays, leaves = make_contact(), make_contact()
    begun = begin(Ask(Kind.TAG, tag=VIP), contacts=Contact.objects.filter(owner=cast.alice), by=cast.alice)
    late = make_contact()
    Contact.objects.filter(pk=leaves.pk).update(owner=cast.bob)
    finished(begun)
    assert begun.work.result == {"done": 1, "refused": 1}
    assert [VIP in tags_of(each) for each in (stays, leaves, late)] == [True, False, False]


@pytest.mark.usefixtures("rulebook")
def test_what_nobody_may_or_can_is_refused_at_once(
    cast: Cast, make_contact: MakeContact, monkeypatch: pytest.MonkeyPatch
) -> None:
    contacts = [make_contact(), make_contact()]

    def code(by: Member, kind: Batch.Deed, **asked: Any) -> str:
        with pytest.raises(ActionRefused) as refused:
            begin(Ask(kind, **asked), contacts=those(contacts), by=by)
        return refused.value.code

    assert code(cast.rita, Kind.TAG, tag=VIP) == "right"
    assert code(cast.alice, Kind.TAG, tag="asked/unheard-of") == "unknown-tag"
    assert code(cast.alice, Kind.TAG, tag=VIP, until=timezone.now() - DAY) == "past"
    assert code(cast.alice, Kind.REPLACE, tag=VIP, into=VIP) == "same-tag"
    assert code(cast.alice, Kind.GIVE, to=cast.bob) == "right"
    assert code(cast.boss, Kind.GIVE) == "nobody"
    assert code(cast.alice, Kind.RELEASE, words=" ") == "words"
    monkeypatch.setattr(actions, "MOST", 1)
    assert code(cast.alice, Kind.TAG, tag=VIP) == "many"
    contacts = []
    assert code(cast.alice, Kind.TAG, tag=VIP) == "nobody-chosen"
    assert not Batch.objects.exists()


@pytest.mark.usefixtures("rulebook")
def test_a_batch_is_undone_once_and_only_by_whoever_did_it(cast: Cast) -> None:
    contacts = several(cast, 1)
    Contact.objects.update(name="=cmd|' /C calc'!A0")
    found = batch(Kind.TAG, contacts, cast.alice, tag=VIP)
    client = Client()
    for stranger in (cast.charlie, cast.boss):
        client.force_login(stranger)
        assert client.get(f"/batches/{found.pk}/").status_code == 404
        assert client.get(f"/batches/{found.pk}/outcomes.csv").status_code == 404
        assert client.post(f"/batches/{found.pk}/undo/").status_code == 404
    client.force_login(cast.alice)
    assert "1 contact done" in client.get(f"/batches/{found.pk}/").content.decode()
    told = client.get(f"/batches/{found.pk}/outcomes.csv").content.decode("utf-8-sig")
    assert told.splitlines()[1:] == [f"{contacts[0].pk},'=cmd|' /C calc'!A0,done,"]
    assert "Undo: Set a tag" in client.post(f"/batches/{found.pk}/undo/").content.decode()
    assert "It was undone already." in client.post(f"/batches/{found.pk}/undo/").content.decode()
    finished(Batch.objects.get(undoes=found))
    assert held(contacts) == [[HIGH]]
    assert "undone" in client.get("/work/").content.decode()
