"""Conditions beside the live rulebook are judged as its tags are, and break nothing."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone

from seamark.apps.accounts.errors import ActionRefused
from seamark.apps.tagging.actions import set_tag
from seamark.apps.tagging.additions import drop_addition, latest_overlay, put_addition
from seamark.apps.tagging.models import Standing, TagChange, Version
from seamark.apps.tagging.oracle import differences
from seamark.apps.tagging.publish import judge_stale, publish
from seamark.apps.tagging.queries import held_by
from seamark.apps.tagging.rulebooks import live_rulebook
from seamark.engine.errors import RuleError
from tests.apps.conftest import happened, tags_of
from tests.apps.tiers import TIERS

pytestmark = [pytest.mark.covers("B09"), pytest.mark.usefixtures("tiers")]

RECENT = "last(message.received) within 2d"


def judge_all() -> None:
    while judge_stale():
        pass


@pytest.mark.django_db(transaction=True)
def test_every_contact_is_judged_by_an_addition_and_goes_on_being(cast: object):
    new, old = happened(), happened(ago=timedelta(days=9), external_id="li")
    put_addition(name="segment/s1", title="Recent", when=RECENT)
    judge_all()
    assert "segment/s1" in tags_of(new)
    assert "segment/s1" not in tags_of(old)
    happened(external_id="li")
    assert "segment/s1" in tags_of(old)
    assert differences() == []


def test_an_addition_is_not_listed_among_the_tags(cast: object):
    contact = happened()
    put_addition(name="segment/s1", title="Recent", when=RECENT)
    judge_all()
    assert "segment/s1" not in {each.tag.name for each in held_by([contact.pk])[contact.pk]}
    with pytest.raises(ActionRefused):
        set_tag(contact=contact, tag="segment/s1", by=None)  # type: ignore[arg-type]


def test_tags_of_the_rulebook_stay_as_they_are_and_nothing_reacts(cast: object):
    contact = happened()
    before = tags_of(contact)
    put_addition(name="segment/s1", title="Recent", when=RECENT)
    judge_all()
    after = tags_of(contact)
    since = after.pop("segment/s1")
    assert after == before
    assert since is not None
    assert TagChange.objects.get(tag__name="segment/s1").cause == "publish"


def test_what_happens_before_a_contact_is_judged_anew_counts_as_what_it_is(cast: object):
    contact = happened(ago=timedelta(days=2, hours=12))
    put_addition(name="segment/s1", title="Not for long", when=RECENT.replace("2d", "3d"))
    changes = TagChange.objects.filter(recorded_at__gte=timezone.now()).order_by("pk")
    happened()
    assert [(each.edge, each.tag.name, each.cause) for each in changes] == [
        ("enter", "segment/s1", "publish"),
        ("leave", "activity/medium", "event"),
        ("enter", "activity/high", "event"),
    ]
    judge_all()
    assert changes.count() == 3
    assert Standing.objects.get(contact=contact).version == Version.objects.get()


def test_time_that_passed_since_an_addition_counts_as_time(cast: object, monkeypatch: pytest.MonkeyPatch):
    happened(ago=timedelta(hours=23, minutes=59))
    put_addition(name="segment/s1", title="Recent", when=RECENT)
    later = timezone.now() + timedelta(minutes=2)
    monkeypatch.setattr("seamark.apps.tagging.publish.timezone.now", lambda: later)
    judge_all()
    changes = TagChange.objects.order_by("-pk").values_list("edge", "tag__name", "cause")
    assert set(changes[:3]) == {
        ("enter", "segment/s1", "publish"),
        ("leave", "activity/high", "clock"),
        ("enter", "activity/medium", "clock"),
    }


def test_a_dropped_addition_is_left_by_all(cast: object):
    contact = happened()
    put_addition(name="segment/s1", title="Recent", when=RECENT)
    judge_all()
    drop_addition(name="segment/s1")
    judge_all()
    assert "segment/s1" not in tags_of(contact)


@pytest.mark.parametrize(
    "when", ["last(mesage.received) within 2d", "nonsense", "tagged segment/s1", "tagged no/such", "rule unheard"]
)
def test_what_does_not_fit_is_refused_and_changes_nothing(cast: object, when: str):
    put_addition(name="segment/s1", title="Recent", when=RECENT)
    with pytest.raises(RuleError):
        put_addition(name="segment/s2", title="Wrong", when=when)
    assert list(latest_overlay().additions) == ["segment/s1"]
    assert live_rulebook() is not None


def test_a_rulebook_that_breaks_an_addition_says_so_and_sets_it_aside(cast: object):
    contact = happened()
    put_addition(name="segment/s1", title="The active", when="tagged activity/high")
    put_addition(name="segment/s2", title="Recent", when=RECENT)
    other = TIERS.replace("activity:", "pace:").replace("activity/", "pace/")
    with pytest.raises(ActionRefused, match="The active") as refused:
        publish(text=other, by=None, may_break=False)
    assert refused.value.code == "breaks"
    publish(text=other, by=None)
    judge_all()
    assert set(latest_overlay().broken) == {"segment/s1"}
    assert {"segment/s2", "pace/high"} <= tags_of(contact).keys()
    assert "segment/s1" not in tags_of(contact)
    publish(text=TIERS, by=None)
    judge_all()
    assert latest_overlay().broken == {}
    assert "segment/s1" in tags_of(contact)


def test_no_rulebook_may_have_the_group_of_additions(cast: object):
    with pytest.raises(RuleError, match="segment"):
        publish(text=TIERS.replace("activity:", "segment:").replace("activity/", "segment/"), by=None)
