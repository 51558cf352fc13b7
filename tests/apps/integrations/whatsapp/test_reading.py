"""Every recorded delivery is read."""

import json

import pytest

from seamark.apps.contacts.models import Contact, Identity
from seamark.apps.integrations.whatsapp.reading import read
from seamark.apps.timeline.models import Delivery
from seamark.apps.timeline.record import record
from seamark.engine.errors import Unreadable
from tests.apps.integrations.whatsapp.conftest import add_number, recorded
from tests.apps.integrations.whatsapp.standin import NUMBER, SECRETS

pytestmark = pytest.mark.covers("D01")

TEXTS = {
    "text": "Body Text",
    "video": "caption",
    "document": "caption",
    "reply": "replied text",
    "forwarded": "forwarded text",
    "forwarded_many_times": "text forwarded many times",
    "referral": "BODY",
    "button": "title",
    "quick_reply": "title",
}
KINDS = {
    "reaction": "message.reacted",
    "unreaction_empty": "message.reacted",
    "unreaction_no_emoji": "message.reacted",
    "phone_number_change": "identity.changed",
    "user_id_change": "identity.changed",
    "identity_change": "identity.changed",
    "revoke": "message.revoked",
    "sent": "message.accepted",
    "with_tracker": "message.accepted",
    "delivered": "message.delivered",
    "read": "message.read",
    "failed": "message.failed",
    "resume": "subscribed",
}
FILES = ("message", "callback_button", "system", "deleted_message", "message_status", "user_marketing_preferences")
DELIVERIES = {name: written for file in FILES for name, written in recorded(file).items()}


def read_written(line, written):
    return read(Delivery(source=line.source_id, channel_kind="whatsapp", body=json.dumps(written).encode()))


def value_of(written):
    return written["entry"][0]["changes"][0]["value"]


def about(number, written):
    """The delivery, about this number: the recorded ones are about several, and placeholders."""
    written = json.loads(json.dumps(written))
    value_of(written)["metadata"]["phone_number_id"] = number
    return written


@pytest.mark.parametrize("name", DELIVERIES)
def test_recorded_deliveries(line, name):
    (arrival,) = read_written(line, about(NUMBER, DELIVERIES[name]))
    assert arrival.kind == KINDS.get(name, "message.received")
    assert arrival.props.get("text") == TEXTS.get(name)
    assert arrival.source == line.source_id


def test_what_is_no_text_is_kept_as_it_was_written(line):
    (arrival,) = read_written(line, DELIVERIES["order"])
    assert arrival.props["content"]["product_items"][0]["product_retailer_id"] == "HAMBURGER"


def test_a_reply_names_what_it_answers_and_an_advertisement_is_a_source(line):
    (reply,) = read_written(line, DELIVERIES["reply"])
    assert reply.props["reply_to"] == "wamid.xyzxyz=="
    (referral,) = read_written(line, DELIVERIES["referral"])
    assert referral.props["referral_id"] == "ADID"


def test_phone_and_user_id_are_one_contact_whichever_comes_first(line):
    known_by_id = about(NUMBER, DELIVERIES["text"])
    message, person = value_of(known_by_id)["messages"][0], value_of(known_by_id)["contacts"][0]
    del message["from"], person["wa_id"]
    person["user_id"] = "US.13491208655302741918"
    record(read_written(line, known_by_id))
    record(read_written(line, DELIVERIES["button"]))
    assert {each.external_id for each in Contact.objects.get().identities.all()} == {
        "US.13491208655302741918",
        "972987654321",
    }


def test_a_changed_number_stays_the_same_contact(line):
    for name in ("text", "phone_number_change"):
        record(read_written(line, about(NUMBER, DELIVERIES[name])))
    moved = about(NUMBER, DELIVERIES["image"])
    value_of(moved)["messages"][0] |= {"from": "972912345678", "id": "wamid.later"}
    record(read_written(line, moved))
    assert Contact.objects.get().identities.count() == 2


@pytest.mark.parametrize(("one", "other"), [("5511987654321", "551187654321"), ("5491123456789", "541123456789")])
def test_the_two_ways_to_write_a_number_are_one_person(line, one, other):
    for place, number in enumerate((one, other)):
        written = about(NUMBER, DELIVERIES["text"])
        value_of(written)["messages"][0] |= {"from": number, "id": f"wamid.{place}"}
        record(read_written(line, written))
    assert Contact.objects.count() == 1


def test_two_who_are_known_already_are_not_merged_unasked(line):
    first, second = (about(NUMBER, DELIVERIES["text"]) for _ in range(2))
    value_of(second)["messages"][0] |= {"from": "972912345678", "id": "wamid.2"}
    record(read_written(line, first) + read_written(line, second))
    record(read_written(line, about(NUMBER, DELIVERIES["phone_number_change"])))
    assert Contact.objects.count() == 2


def test_a_status_by_which_a_contact_stopped_marketing_is_an_opt_out(line):
    written = about(NUMBER, DELIVERIES["failed"])
    value_of(written)["statuses"][0]["errors"][0]["code"] = 131050
    assert [arrival.kind for arrival in read_written(line, written)] == ["message.failed", "unsubscribed"]


def test_keys_of_preferences_show_no_number(line):
    (arrival,) = read_written(line, about(NUMBER, DELIVERIES["resume"]))
    assert "16505551234" not in arrival.source_key


def test_what_nobody_understands_holds_nothing_up(line):
    written = about(NUMBER, DELIVERIES["text"])
    value_of(written)["messages"].append({"id": "wamid.broken"})
    unknown = {"field": "nobody_knows", "value": {"so": "what"}}
    written["entry"].append({"id": "2", "changes": [unknown]})
    assert [arrival.kind for arrival in read_written(line, written)] == ["message.received"]


@pytest.mark.parametrize("written", [[], {"object": "page"}, about("another number", DELIVERIES["text"])])
def test_a_delivery_of_nothing_that_is_ours_is_set_aside(line, written):
    with pytest.raises(Unreadable):
        read_written(line, written)


def test_one_address_serves_all_numbers_of_an_app_and_of_no_other(line, cast):
    beside = add_number(cast, "2")
    foreign = add_number(cast, "3", SECRETS | {"app_secret": "another"})
    (arrival,) = read_written(line, about("2", DELIVERIES["text"]))
    assert arrival.source == beside.source_id
    with pytest.raises(Unreadable):
        read_written(line, about("3", DELIVERIES["text"]))
    assert not Identity.objects.filter(source=foreign.source_id).exists()
