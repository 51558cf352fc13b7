"""New people a day: what is over the limit waits, each message for a moment of its own."""

from datetime import UTC, datetime, timedelta

import pytest

from seamark.apps.channels import outbox
from seamark.apps.channels.actions import change_channel, queue_message
from seamark.apps.channels.adapter import Template
from seamark.apps.channels.models import Opening, OutboxMessage
from seamark.apps.channels.openings import use_of
from seamark.apps.contacts.models import Identity
from tests.apps.conftest import happened

pytestmark = pytest.mark.covers("B08", "D01")

NOON = datetime(2026, 11, 26, 4, tzinfo=UTC)  # in Shanghai
HOUR, DAY, TICK = timedelta(hours=1), timedelta(days=1), timedelta(microseconds=1)
HELLO = Template("hello", "en", ["you"])


@pytest.fixture(autouse=True)
def noon(time_machine, platform):
    platform.new_people = 2
    time_machine.move_to(NOON, tick=False)


@pytest.fixture
def people(channel) -> list[Identity]:
    """Five, who wrote two days ago."""
    for number in range(5):
        happened(ago=2 * DAY, source=channel.source_id, external_id=f"p{number}")
    return list(Identity.objects.filter(source=channel.source_id).order_by("external_id"))


def write(identity, by, reason="hello", template=HELLO) -> OutboxMessage:
    key = f"{identity.external_id} {reason}"
    return queue_message(identity=identity, reason_key=key, text="Hello", template=template, by=by)


def leave(*messages):
    while outbox.send_due():
        pass
    for message in messages:
        message.refresh_from_db()
    return [(message.state, message.reason) for message in messages]


def test_what_is_over_the_limit_waits_until_somebody_stops_counting(cast, people, time_machine):
    first = write(people[0], cast.alice)
    leave(first)
    time_machine.move_to(NOON + HOUR, tick=False)
    rest = [write(each, cast.alice) for each in people[1:]]
    assert leave(*rest) == [("sent", "")] + [("held", "new-people")] * 3
    assert [each.next_at for each in rest[1:]] == [NOON + DAY, NOON + HOUR + DAY, NOON + 2 * DAY]


@pytest.mark.parametrize(("after", "state"), [(DAY - TICK, "held"), (DAY, "sent")])
def test_it_leaves_exactly_when_a_day_is_over(cast, people, time_machine, after, state):
    messages = [write(each, cast.alice) for each in people[:3]]
    leave()
    time_machine.move_to(NOON + after, tick=False)
    assert leave(messages[2])[0][0] == state


def test_people_count_once_and_those_who_write_first_not_at_all(cast, channel, people):
    happened(source=channel.source_id, external_id="p3")
    answers = [write(people[3], cast.alice, template=None), *(write(people[0], cast.alice, word) for word in "abc")]
    assert leave(*answers) == [("sent", "")] * 4
    assert use_of(channel)[:2] == (2, 1)
    assert leave(write(people[1], cast.alice), write(people[2], cast.alice)) == [("sent", ""), ("held", "new-people")]
    happened(source=channel.source_id, external_id="p4")
    assert leave(write(people[4], cast.alice, template=None)) == [("sent", "")]


def test_whoever_is_written_to_again_counts_from_then_on(cast, people, time_machine):
    leave(write(people[0], cast.alice, "a"))
    time_machine.move_to(NOON + HOUR, tick=False)
    leave(write(people[0], cast.alice, "b"), write(people[1], cast.alice))
    assert set(Opening.objects.values_list("opened_at", flat=True)) == {NOON + HOUR}


def test_what_is_held_back_by_hand_goes_no_sooner(cast, people):
    held = [write(each, cast.alice) for each in people][-1]
    leave(held)
    assert not held.can_go_now


def test_another_limit_counts_at_once(cast, channel, people, platform):
    messages = [write(each, cast.alice) for each in people]
    leave()
    assert use_of(channel) == (2, 2, 3, NOON + DAY)
    platform.new_people = None
    change_channel(channel=channel, options={}, secrets={}, by=cast.admin)
    assert leave(*messages) == [("sent", "")] * 5
    assert use_of(channel) is None


def test_those_that_wait_already_go_first(cast, people):
    leave(*(write(each, cast.alice) for each in people[:3]))
    later = write(people[3], cast.alice)
    leave(later)
    assert later.next_at == NOON + DAY
    last = write(people[4], cast.alice)
    leave(last)
    assert last.next_at == NOON + 2 * DAY
