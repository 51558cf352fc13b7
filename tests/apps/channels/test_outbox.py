"""The outbox: at most once for each reason, whatever fails when."""

from datetime import UTC, datetime, time, timedelta

import pytest
from django.db import connection
from django.http import Http404

from seamark.apps.accounts.errors import ActionRefused
from seamark.apps.channels import outbox
from seamark.apps.channels.access import outbox_message_for
from seamark.apps.channels.actions import queue_message, resume_channel, withdraw_message
from seamark.apps.channels.adapter import Pace, Sent, Template
from seamark.apps.channels.consents import note_consent, wishes_of
from seamark.apps.channels.errors import Consequence, OutcomeUnknown, SendError
from seamark.apps.channels.models import Channel, OutboxMessage, Purpose
from seamark.apps.contacts.models import Contact, Identity
from seamark.apps.timeline.models import Event
from seamark.apps.timeline.record import record
from tests.apps.conftest import arrival, happened

pytestmark = pytest.mark.covers("B08")

NOON = datetime(2026, 11, 26, 4, tzinfo=UTC)  # in Shanghai
MINUTE = timedelta(minutes=1)
DAY = timedelta(days=1)


@pytest.fixture(autouse=True)
def noon(time_machine):
    time_machine.move_to(NOON, tick=False)


@pytest.fixture
def wang(channel) -> Identity:
    """Has just written."""
    happened(source=channel.source_id)
    return Identity.objects.get(source=channel.source_id)


def queued(identity, reason="why", **overrides) -> OutboxMessage:
    return queue_message(**{"identity": identity, "reason_key": reason, "text": f"because {reason}"} | overrides)


def told(left, kind, key="1", **props):
    """The platform tells of a message by its outbox id."""
    happened(kind, source=left.identity.source, source_key=key, props={"outbox": str(left.pk), **props})


def state_of(message):
    message.refresh_from_db()
    return message.state


def texts(platform):
    return [message.text for message in platform.sent]


def test_a_message_leaves_once_and_stands_in_the_history(platform, wang):
    message = queued(wang)
    assert outbox.send_due() == 1
    assert outbox.send_due() == 0
    assert texts(platform) == ["because why"]
    event = Event.objects.get(kind="message.sent")
    assert (event.identity_id, event.source_key) == (wang.pk, f"platform-{message.pk}")
    assert (state_of(message), message.is_recorded) == ("sent", True)


def test_a_reason_is_a_reason_once(platform, wang):
    assert queued(wang) == queued(wang, text="again")
    outbox.send_due()
    assert texts(platform) == ["because why"]


def test_an_echo_of_it_is_not_a_second_message(wang):
    message = queued(wang)
    outbox.send_due()
    happened("message.sent", source=wang.source, source_key=f"platform-{message.pk}")
    assert Event.objects.filter(kind="message.sent").count() == 1


@pytest.mark.django_db(transaction=True)
def test_that_it_is_being_sent_is_committed_before_the_platform_is_called(platform, wang):
    seen = []

    def look(message):
        seen.append(OutboxMessage.objects.get(pk=message.outbox_id).state)
        connection.close()
        return Sent("1")

    platform.answer = look
    queued(wang)
    outbox.send_due()
    assert seen == ["sending"]


def test_a_crash_while_sending_is_never_a_second_message(platform, wang, time_machine):
    def die(message):
        raise SystemExit

    platform.answer = die
    message = queued(wang)
    with pytest.raises(SystemExit):
        outbox.send_due()
    time_machine.move_to(NOON + 10 * MINUTE)
    outbox.send_due()
    assert state_of(message) == "sending"
    time_machine.move_to(NOON + 10 * MINUTE + timedelta(microseconds=1))
    outbox.send_due()
    assert (state_of(message), len(platform.sent)) == ("unknown", 1)


def test_an_idempotent_platform_gets_it_again(platform, wang, time_machine):
    platform.is_idempotent = True
    message = queued(wang)
    OutboxMessage.objects.update(state="sending", sending_at=NOON)
    time_machine.move_to(NOON + 11 * MINUTE)
    outbox.send_due()
    assert (state_of(message), len(platform.sent)) == ("sent", 1)


@pytest.mark.parametrize("trouble", [OutcomeUnknown(), ValueError("not even we know")])
def test_what_the_platform_tells_settles_what_nobody_knew(platform, wang, time_machine, trouble):
    def fail(message):
        raise trouble

    platform.answer = fail
    message = queued(wang)
    outbox.send_due()
    assert state_of(message) == "unknown"
    told(message, "message.delivered", message="m1")
    time_machine.move_to(NOON + 2 * MINUTE)
    outbox.send_due()
    assert (state_of(message), message.receipt, message.external_id) == ("sent", "delivered", "m1")
    assert Event.objects.get(kind="message.sent").occurred_at == NOON
    assert len(platform.sent) == 1


def test_statuses_in_any_order_come_to_the_same(wang):
    message = queued(wang)
    outbox.send_due()
    for key, kind in enumerate(["message.read", "message.delivered", "message.accepted", "message.failed"]):
        told(message, kind, key=str(key), code="7")
    assert (state_of(message), message.receipt, message.error_code) == ("sent", "read", "")


def test_a_message_can_fail_after_it_was_taken(wang):
    message = queued(wang)
    outbox.send_due()
    told(message, "message.accepted", key="1")
    told(message, "message.failed", key="2", code="7")
    assert (state_of(message), message.error_code) == ("failed", "7")


def test_nobody_settles_messages_of_another_channel(wang):
    mine, forged = queued(wang, "mine"), queued(wang, "forged")
    outbox.send_due()
    failed = [
        arrival("message.failed", source=source, props={"outbox": str(message.pk), "code": "7"})
        for source, message in ((wang.source, mine), ("another", forged))
    ]
    record(failed)
    assert (state_of(mine), state_of(forged)) == ("failed", "sent")


@pytest.mark.django_db(transaction=True)
def test_a_status_may_overtake_the_answer(platform, wang):
    message = queued(wang)

    def fail_at_once(outgoing):
        told(message, "message.failed", message="m1", code="7")
        connection.close()
        return Sent("m1")

    platform.answer = fail_at_once
    outbox.send_due()
    assert (state_of(message), message.external_id, message.is_recorded) == ("failed", "m1", True)


def test_a_permanent_refusal_fails(platform, wang):
    def refuse(message):
        raise SendError("131026", permanent=True)

    platform.answer = refuse
    message = queued(wang)
    outbox.send_due()
    assert (state_of(message), message.error_code, message.next_at) == ("failed", "131026", None)


def test_others_are_tried_again_at_longer_and_longer_intervals(platform, wang, time_machine):
    def refuse(message):
        raise SendError("busy", permanent=False)

    platform.answer = refuse
    message = queued(wang)
    pauses = []
    while True:
        outbox.send_due()
        if state_of(message) != "queued":
            break
        pauses.append((message.next_at - datetime.now(UTC)).total_seconds())
        time_machine.move_to(message.next_at, tick=False)
    assert pauses == [5, 10, 20, 40, 80, 160, 320]
    assert (message.state, message.error_code) == ("failed", "busy")


def test_what_follows_waits_for_what_must_be_tried_again(platform, wang, time_machine):
    def refuse(message):
        raise SendError("busy", permanent=False, retry_after=MINUTE)

    platform.answer = refuse
    for reason in "ab":
        queued(wang, reason)
    outbox.send_due()
    assert texts(platform) == ["because a"]
    platform.answer = None
    time_machine.move_to(NOON + MINUTE, tick=False)
    while outbox.send_due():
        pass
    assert texts(platform) == ["because a", "because a", "because b"]


def test_a_dead_token_stops_the_channel_until_somebody_has_looked(platform, channel, wang, cast, time_machine):
    def refuse(message):
        raise SendError("190", permanent=False, consequence=Consequence.STOP_CHANNEL)

    platform.answer = refuse
    first, second = queued(wang, "first"), queued(wang, "second")
    outbox.send_due()
    channel.refresh_from_db()
    assert (channel.stopped, channel.stopped_code) == ("all", "190")
    platform.answer = None
    time_machine.move_to(NOON + MINUTE)
    while outbox.send_due():
        pass
    assert [(state_of(each), each.reason, each.held_until) for each in (first, second)] == [
        ("held", "channel-stopped", None)
    ] * 2
    resume_channel(channel=channel, by=cast.admin)
    outbox.send_due()
    assert state_of(first) == state_of(second) == "sent"


def test_complaints_of_quality_stop_marketing_alone(platform, channel, wang, monkeypatch):
    quality = SendError("131048", permanent=True, consequence=Consequence.STOP_MARKETING)
    monkeypatch.setattr(platform, "failure", lambda code: quality)
    message = queued(wang)
    outbox.send_due()
    told(message, "message.failed", code="131048")
    promotion, answer = queued(wang, "promotion", purpose=Purpose.MARKETING), queued(wang, "answer")
    outbox.send_due()
    assert (state_of(promotion), state_of(answer)) == ("held", "sent")
    assert Channel.objects.get().stopped == "marketing"


def test_who_stopped_marketing_on_the_platform_gets_none(platform, wang):
    def refuse(message):
        raise SendError("131050", permanent=True, consequence=Consequence.OPT_OUT)

    platform.answer = refuse
    queued(wang, "first", purpose=Purpose.MARKETING)
    outbox.send_due()
    platform.answer = None
    second = queued(wang, "second", purpose=Purpose.MARKETING)
    outbox.send_due()
    assert (state_of(second), second.reason) == ("cancelled", "opted-out")
    assert Event.objects.filter(kind="unsubscribed").count() == 1


@pytest.mark.covers("F04")
def test_consent_is_kept_with_its_source_and_time_and_the_newest_of_each_way_counts(wang, cast):
    contact = wang.contact
    happened("unsubscribed", ago=DAY, source=wang.source, props={"how": "word"})
    happened("subscribed", source=wang.source, props={"how": "word"})
    assert wishes_of([contact.pk]) == {(contact.pk, "marketing"): True}
    said = NOON - 2 * DAY
    note_consent(
        contact=contact, purpose=Purpose.MARKETING, is_allowed=False, how="telephone", said_at=said, by=cast.alice
    )
    assert wishes_of([contact.pk]) == {(contact.pk, "marketing"): False}
    kept = contact.identities.get(source="desk").consents.get()
    assert (kept.how, kept.said_at, kept.by) == ("telephone", said, cast.alice)


def test_a_held_message_says_why_and_until_when_and_then_goes(platform, wang, time_machine):
    time_machine.move_to(NOON + timedelta(hours=10), tick=False)  # 22:00 in Shanghai
    message = queued(wang, purpose=Purpose.MARKETING)
    outbox.send_due()
    nine = datetime(2026, 11, 27, 1, tzinfo=UTC)
    assert (state_of(message), message.reason, message.held_until) == ("held", "quiet-hours", nine)
    assert "night" in message.get_reason_display()
    assert outbox.next_due_at() == nine
    time_machine.move_to(nine, tick=False)
    outbox.send_due()
    assert state_of(message) == "sent"


def test_frequency_counts_what_leaves_in_the_same_batch_and_by_other_channels(wang, settings):
    settings.MESSAGES_A_WEEK = 2
    messages = [queued(wang, str(number), purpose=Purpose.MARKETING) for number in range(3)]
    outbox.send_due()
    assert [state_of(message) for message in messages] == ["sent", "sent", "held"]
    assert messages[2].held_until == NOON + 7 * DAY


def test_what_a_contact_told_us_about_themselves_counts(wang, settings):
    Contact.objects.update(fields={"pushes_per_week": "1"}, zone="America/New_York")  # where it is 23:00
    settings.QUIET_HOURS = (time(23, 30), time(9))
    first, second = (queued(wang, str(number), purpose=Purpose.MARKETING) for number in range(2))
    outbox.send_due()
    assert (state_of(first), state_of(second)) == ("sent", "held")


def test_templates_go_after_the_window_and_texts_do_not(platform, wang, time_machine):
    time_machine.move_to(NOON + DAY, tick=False)
    text, template = queued(wang, "text"), queued(wang, "template", template=Template("hello", "en", ["Wang"]))
    outbox.send_due()
    assert (state_of(text), text.reason, state_of(template)) == ("cancelled", "window-closed", "sent")
    assert platform.sent[0].template == Template("hello", "en", ["Wang"], [])


def test_beyond_the_pace_each_waits_for_its_own_moment_and_members_go_first(platform, wang, cast):
    platform.limit = Pace(per_second=2, burst=1)
    for number in range(3):
        queued(wang, f"machine {number}")
    queued(wang, "member", by=cast.alice)
    outbox.send_due()
    assert texts(platform) == ["because member"]
    waits = OutboxMessage.objects.filter(state="queued").order_by("pk").values_list("reason", "next_at")
    assert list(waits) == [("pace", NOON + number * timedelta(seconds=0.5)) for number in (1, 2, 3)]


def test_the_pace_to_one_holds_nobody_else_up(platform, channel, wang):
    platform.limit_to_one = Pace(per_second=1 / 6, burst=1)
    happened(source=channel.source_id, external_id="li")
    li = Identity.objects.get(external_id="li")
    for number, identity in enumerate([wang, wang, li]):
        queued(identity, str(number))
    outbox.send_due()
    assert sorted(texts(platform)) == ["because 0", "because 2"]
    assert outbox.next_due_at() == NOON + timedelta(seconds=6)


def test_a_message_can_be_withdrawn_until_it_is_on_its_way(wang, cast):
    message = queued(wang, by=cast.alice)
    withdraw_message(message=message, by=cast.alice)
    assert outbox.send_due() == 0
    assert state_of(message) == "cancelled"
    with pytest.raises(ActionRefused, match="taken back already"):
        withdraw_message(message=message, by=cast.alice)


def test_charlie_sees_no_message_to_contacts_of_others(wang, cast):
    message = queued(wang)
    Contact.objects.update(owner=cast.alice, team=cast.south)
    assert outbox_message_for(cast.alice, message.pk) == message
    with pytest.raises(Http404):
        outbox_message_for(cast.charlie, message.pk)


def test_judging_a_batch_takes_the_same_few_queries_however_big_it_is(
    platform, channel, django_assert_max_num_queries, time_machine
):
    for number in range(20):
        happened(source=channel.source_id, external_id=str(number))
    time_machine.move_to(NOON + timedelta(hours=10), tick=False)
    for identity in Identity.objects.filter(source=channel.source_id):
        queued(identity, identity.external_id)
    with django_assert_max_num_queries(20):
        assert outbox.send_due() == 20
    assert platform.sent == []
