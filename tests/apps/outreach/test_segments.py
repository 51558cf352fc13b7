"""Segments: saved ones are tags, unsaved ones are searched for in the lake, and both find the same."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest
from pytest_django import Settings

from seamark.apps.accounts.errors import ActionRefused
from seamark.apps.contacts.models import Contact
from seamark.apps.outreach.actions import begin_search, change_segment, drop_segment, save_segment
from seamark.apps.outreach.models import Search, Segment
from seamark.apps.tagging.actions import clear_tag
from seamark.apps.tagging.additions import latest_overlay
from seamark.apps.tagging.models import Standing, Tag
from seamark.apps.tagging.publish import judge_stale
from seamark.apps.work.models import Work
from seamark.apps.work.running import run
from seamark.engine.errors import RuleError
from tests.apps.conftest import Cast, MakeContact, happened, tags_of

pytestmark = [pytest.mark.covers("B09", "A15"), pytest.mark.usefixtures("tiers")]

RECENT = "last(message.received) within 2d"


@pytest.fixture
def lake(settings: Settings, tmp_path: Path) -> None:
    settings.LAKE = tmp_path


def in_segment(segment: Segment) -> set[str]:
    """The names of the contacts in it."""
    while judge_stale():
        pass
    tag = Tag.objects.get(name=segment.tag).pk
    return set(Standing.objects.filter(tags__contains=[tag]).values_list("contact__name", flat=True))


def searched(when: str, cast: Cast) -> set[str]:
    """The names of those whom a search by headquarters finds."""
    work = begin_search(when=when, by=cast.boss)
    run(work.pk)
    work.refresh_from_db()
    assert work.state == "done", work.error
    found = Search.objects.get(pk=work.pk).contacts
    assert work.result["count"] == len(found)
    return set(Contact.objects.filter(pk__in=found).values_list("name", flat=True))


@pytest.mark.django_db(transaction=True)
@pytest.mark.usefixtures("lake")
@pytest.mark.parametrize(
    ("when", "names"),
    [
        (RECENT, {"Li"}),
        ("no message.received over 2d", {"Wang", "Nobody wrote"}),
        ("tagged activity/high and not tagged asked/price", {"Li"}),
        ('any message.received[mentions "price"] over 30d', {"Wang"}),
        ('contact.city = "Hangzhou" or rule asked', {"Nobody wrote"}),
        ("sum(order.placed.amount) over 30d >= 100 and (tagged activity/low or tagged activity/dormant)", {"Wang"}),
    ],
)
def test_a_search_and_a_saved_segment_find_the_same(cast: Cast, make_contact: MakeContact, when: str, names: set[str]):
    happened(ago=timedelta(days=5), name="Wang", props={"text": "how much?"})
    happened("order.placed", ago=timedelta(days=4), props={"amount": 120})
    li = happened(ago=timedelta(hours=2), name="Li", external_id="li")
    clear_tag(contact=li, tag="asked/price", by=cast.boss)
    make_contact(name="Nobody wrote", fields={"city": "Hangzhou"})
    assert searched(when, cast) == names
    assert in_segment(save_segment(name="Those", when=when, by=cast.boss)) == names


@pytest.mark.django_db(transaction=True)
@pytest.mark.usefixtures("lake")
def test_a_search_finds_those_alone_whom_the_member_may_see(cast: Cast, make_contact: MakeContact):
    make_contact(name="Mei")
    for member, number in ((cast.alice, 1), (cast.boss, 1), (cast.charlie, 0)):
        work = begin_search(when="no message.received over 2d", by=member)
        run(work.pk)
        assert Work.objects.get(pk=work.pk).result["count"] == number


def test_a_further_search_stops_the_one_before(cast: Cast):
    first = begin_search(when=RECENT, by=cast.alice)
    begin_search(when=RECENT, by=cast.alice)
    first.refresh_from_db()
    assert first.state == "cancelled"
    with pytest.raises(RuleError):
        begin_search(when="nonsense", by=cast.alice)


def test_of_two_editors_the_later_is_told_who_was_first(cast: Cast):
    segment = save_segment(name="Recent", when=RECENT, by=cast.boss)
    change_segment(segment=segment, name="Lately", when=RECENT, revision=1, by=cast.admin)
    with pytest.raises(ActionRefused, match="Ada has changed"):
        change_segment(segment=segment, name="Recently", when=RECENT, revision=1, by=cast.boss)
    with pytest.raises(ActionRefused, match="Ada has changed"):
        drop_segment(segment=segment, revision=1, by=cast.boss)
    drop_segment(segment=segment, revision=2, by=cast.boss)
    with pytest.raises(ActionRefused, match="dropped"):
        change_segment(segment=segment, name="Recently", when=RECENT, revision=2, by=cast.boss)
    assert latest_overlay().additions == {}


def test_a_name_is_given_once_and_what_does_not_fit_is_not_kept(cast: Cast):
    save_segment(name="Recent", when=RECENT, by=cast.boss)
    with pytest.raises(ActionRefused, match="already"):
        save_segment(name=" recent ", when=RECENT, by=cast.boss)
    with pytest.raises(RuleError):
        save_segment(name="Other", when="last(mesage.received) within 2d", by=cast.boss)
    assert Segment.objects.count() == 1


def test_there_are_so_many_segments_and_no_more(cast: Cast, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr("seamark.apps.outreach.actions.MOST_SEGMENTS", 1)
    save_segment(name="Recent", when=RECENT, by=cast.boss)
    with pytest.raises(ActionRefused, match="no more fit"):
        save_segment(name="Other", when=RECENT, by=cast.boss)


def test_a_changed_segment_moves_its_contacts(cast: Cast):
    contact = happened(ago=timedelta(days=5), name="Wang")
    segment = save_segment(name="Recent", when=RECENT, by=cast.boss)
    assert in_segment(segment) == set()
    segment = change_segment(segment=segment, name="Recent", when=RECENT.replace("2d", "9d"), revision=1, by=cast.boss)
    assert in_segment(segment) == {"Wang"}
    drop_segment(segment=segment, revision=2, by=cast.boss)
    assert segment.tag not in tags_of(contact) or not in_segment(segment)
