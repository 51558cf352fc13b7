"""Messages to the platform and what comes back, with everything that goes wrong on the way."""

from datetime import UTC, datetime, timedelta

import pytest

from seamark.apps.channels import outbox
from seamark.apps.channels.actions import queue_message
from seamark.apps.channels.adapter import Message, Template
from seamark.apps.channels.models import Channel, Consent, OutboxMessage, Purpose
from seamark.apps.contacts.models import Identity
from seamark.apps.integrations.whatsapp.sending import payload
from seamark.apps.timeline import intake
from seamark.apps.timeline.models import Event
from tests.apps.integrations.whatsapp.standin import Refused, body_of, deliver, deliver_carelessly

pytestmark = pytest.mark.covers("D01")

NOON = datetime(2026, 11, 26, 4, tzinfo=UTC)  # in Shanghai
DAY = timedelta(days=1)


@pytest.fixture(autouse=True)
def noon(time_machine):
    time_machine.move_to(NOON, tick=False)


@pytest.fixture
def wang(client, address, platform) -> Identity:
    """Has just written."""
    deliver(client, address, body_of([platform.wrote("how much?")]))
    intake.handle_waiting()
    return Identity.objects.get()


def queued(identity, reason="why", **overrides) -> OutboxMessage:
    return queue_message(**{"identity": identity, "reason_key": reason, "text": "10 dollars"} | overrides)


def sent(message):
    outbox.send_due()
    message.refresh_from_db()
    return message.state, message.error_code


def kinds():
    return list(Event.objects.order_by("pk").values_list("kind", flat=True))


@pytest.mark.parametrize("seed", range(3))
def test_statuses_doubled_shuffled_and_batched_come_to_the_same(client, address, platform, wang, seed):
    message = queued(wang)
    assert sent(message) == ("sent", "")
    later = [platform.wrote("deal"), platform.echo("from the phone"), *platform.statuses("sent", "delivered", "read")]
    deliver_carelessly(client, address, later, seed)
    intake.handle_waiting()
    message.refresh_from_db()
    assert (message.state, message.receipt) == ("sent", "read")
    assert sorted(kinds()) == sorted(
        ["message.received", "message.sent"] * 2 + ["message.accepted", "message.delivered", "message.read"]
    )


def test_an_answer_that_got_lost_is_settled_by_a_status_and_never_a_second_message(
    client, address, platform, wang, time_machine
):
    platform.hangs_up = True
    message = queued(wang)
    assert sent(message) == ("unknown", "")
    deliver(client, address, body_of(platform.statuses("sent")))
    intake.handle_waiting()
    time_machine.move_to(NOON + timedelta(minutes=2))
    assert sent(message) == ("sent", "")
    assert len(platform.taken) == 1
    assert Event.objects.get(kind="message.sent").source_key == platform.taken[0]["id"]


def test_a_platform_that_is_away_gets_it_later(platform, line, wang, time_machine):
    Channel.objects.update(options=line.options | {"address": "http://127.0.0.1:1"})
    message = queued(wang)
    assert sent(message) == ("queued", "unreachable")
    Channel.objects.update(options=line.options)
    time_machine.move_to(NOON + timedelta(seconds=5))
    assert sent(message) == ("sent", "")


@pytest.mark.parametrize(
    ("code", "state", "stopped"),
    [
        (190, "queued", "all"),
        (10, "queued", "all"),
        (294, "queued", "all"),
        (130429, "queued", ""),
        (131056, "queued", ""),
        (131048, "queued", "marketing"),
        (131047, "failed", ""),
        (131026, "failed", ""),
        (130472, "failed", ""),
        (132001, "failed", ""),
        (131009, "failed", ""),
        (131016, "queued", ""),
        (999999, "failed", ""),
    ],
)
def test_what_error_codes_do(platform, line, wang, code, state, stopped):
    platform.refuse_with = [Refused(400, code)]
    assert sent(queued(wang)) == (state, str(code))
    line.refresh_from_db()
    assert line.stopped == stopped


def test_enough_marketing_waits_a_day(platform, wang):
    platform.refuse_with = [Refused(400, 131049)]
    message = queued(wang)
    sent(message)
    assert message.next_at == NOON + DAY


def test_who_stopped_marketing_is_believed(platform, wang):
    platform.refuse_with = [Refused(400, 131050)]
    sent(queued(wang))
    assert not Consent.objects.get().is_allowed


def test_an_opt_out_by_a_word_closes_marketing_and_not_answers(client, address, platform, wang):
    deliver(client, address, body_of([platform.wrote("STOP")]))
    intake.handle_waiting()
    promotion = queued(wang, "promotion", purpose=Purpose.MARKETING, template=Template("hello", "en"))
    answer = queued(wang, "answer")
    outbox.send_due()
    states = OutboxMessage.objects.order_by("pk").values_list("pk", "state", "reason")
    assert list(states) == [(promotion.pk, "cancelled", "opted-out"), (answer.pk, "sent", "")]


def test_after_a_day_only_templates_go_and_the_platform_agrees(platform, wang, time_machine):
    time_machine.move_to(NOON + DAY - timedelta(microseconds=1), tick=False)
    assert sent(queued(wang, "in time")) == ("sent", "")
    time_machine.move_to(NOON + DAY, tick=False)
    assert sent(queued(wang, "too late")) == ("cancelled", "")
    assert sent(queued(wang, "template", template=Template("hello", "en", ["Wang"]))) == ("sent", "")
    assert sent(queued(wang, "not approved", template=Template("nobody", "en"))) == ("failed", "132001")


def test_who_shows_no_number_is_written_to_by_their_id():
    assert payload(Message(7, "US.1349", "hi", reply_to="wamid.1")) == {
        "messaging_product": "whatsapp",
        "recipient_type": "individual",
        "recipient": "US.1349",
        "biz_opaque_callback_data": "seamark:7",
        "context": {"message_id": "wamid.1"},
        "type": "text",
        "text": {"body": "hi"},
    }


def test_nothing_that_was_written_or_is_secret_is_logged(platform, wang, caplog):
    platform.refuse_with = [Refused(400, 131047)]
    sent(queued(wang, text="the secret recipe"))
    assert caplog.records
    told = " ".join(str(vars(each)) for each in caplog.records)
    assert not any(word in told for word in ("recipe", "8613800138000", "Bearer"))
