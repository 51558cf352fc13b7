"""Deliveries are stored, then read exactly once in effect; what cannot be read is set aside and the rest goes on."""

import json
from datetime import timedelta

import pytest
from django.utils import timezone

from seamark.apps.contacts.models import Contact
from seamark.apps.tagging.models import TagChange
from seamark.apps.timeline import intake, wiring
from seamark.apps.timeline.models import Delivery, Event

pytestmark = pytest.mark.usefixtures("tiers")


def accept(key: str, *events: dict[str, object], **overrides: object) -> bool:
    told = {"contact": "wang", "occurred_at": timezone.now().isoformat(), "kind": "message.received"}
    body = json.dumps({"events": [told | event for event in events]}).encode()
    return intake.accept(**{"source": "shop", "channel_kind": "api", "source_key": key, "body": body} | overrides)


def test_a_delivery_told_twice_is_stored_once():
    assert accept("d1", {"id": "1"})
    assert not accept("d1", {"id": "1"})
    assert intake.handle_waiting() == 1
    assert Event.objects.count() == 1


def test_events_that_came_in_another_delivery_already_count_once():
    accept("d1", {"id": "1"}, {"id": "2"})
    accept("d2", {"id": "2"}, {"id": "3"})
    assert intake.handle_waiting() == 2
    assert Event.objects.count() == 3


def test_one_new_contact_for_all_its_events():
    accept("d1", {"id": "1"}, {"id": "2", "name": "Wang"})
    intake.handle_waiting()
    assert Contact.objects.get().name == "Wang"


def test_a_contacts_fields_hold_the_newest_change_whichever_was_told_last():
    now = timezone.now()
    for key, days, city in (("d1", 1, "Leeds"), ("d2", 0, "Hamburg"), ("d3", 2, "Porto")):
        change = {"occurred_at": (now - timedelta(days=days)).isoformat(), "kind": "field.changed", "id": key}
        accept(key, change | {"props": {"field": "city", "new": city}})
        intake.handle_waiting()
    assert Contact.objects.get().fields == {"city": "Hamburg"}


@pytest.mark.parametrize(
    "body", [b"\xff", b"[]", b'{"events": [{"id": "1"}]}', b'{"events": [{"occurred_at": "soon"}]}']
)
def test_what_cannot_be_read_is_set_aside_with_its_reason(body):
    accept("poison", body=body)
    accept("good", {"id": "1"})
    assert intake.handle_waiting() == 2
    aside = Delivery.objects.get(state="aside")
    assert aside.source_key == "poison"
    assert aside.reason
    assert Event.objects.count() == 1


def test_what_the_database_refuses_is_found_and_the_others_go_on():
    accept("good", {"id": "1"})
    accept("poison", {"id": "2", "props": {"text": "a zero \x00 byte"}})
    accept("good too", {"id": "3"})
    assert intake.handle_waiting() == 3
    assert list(Delivery.objects.order_by("id").values_list("state", flat=True)) == ["done", "aside", "done"]
    assert Event.objects.count() == 2


def test_a_failure_of_ours_is_tried_again_and_then_set_aside(monkeypatch):
    monkeypatch.setattr(wiring, "listeners", lambda: (lambda stored, quiet: 1 / 0,))
    accept("d1", {"id": "1"})
    for _ in range(intake.MOST_ATTEMPTS):
        assert Delivery.objects.get().state == "new"
        intake.handle_waiting(1)
    assert Delivery.objects.get().state == "aside"
    assert Event.objects.count() == 0


def test_deliveries_set_aside_can_be_handled_again():
    accept("d1", {"id": "1"}, channel_kind="unheard-of")
    intake.handle_waiting()
    Delivery.objects.update(channel_kind="api")
    assert intake.handle_again(Delivery.objects.all()) == 1
    intake.handle_waiting()
    assert Event.objects.count() == 1


def test_history_sets_nothing_going():
    accept("d1", {"id": "1"}, channel_kind="history")
    intake.handle_waiting()
    assert {change.cause for change in TagChange.objects.all()} == {"quiet"}
