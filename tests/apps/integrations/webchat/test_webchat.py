"""The web chat: what visitors write is kept, once; what members answer reaches them; other sites stay out."""

import json
import re
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest
from django.test import Client
from time_machine import TimeMachineFixture

from seamark.apps.accounts import organisation
from seamark.apps.accounts.hours import Hours
from seamark.apps.channels import outbox
from seamark.apps.channels.actions import add_channel, queue_message
from seamark.apps.channels.models import Channel, OutboxMessage
from seamark.apps.contacts.models import Contact, Identity
from seamark.apps.inbox.actions import keep_draft, mark_read
from seamark.apps.inbox.models import Conversation
from seamark.apps.timeline import intake
from seamark.apps.timeline.models import Delivery, Event
from tests.apps.conftest import Cast, tags_of

pytestmark = [pytest.mark.usefixtures("tiers"), pytest.mark.covers("D03")]

SHOP = "https://shop.example"
TOKEN = "a token that a browser keeps 0123456789"
OTHER = "another token that a browser keeps 012345"


@pytest.fixture
def channel(cast: Cast) -> Channel:
    return add_channel(
        kind="webchat",
        name="Shop",
        team=cast.south,
        options={"origins": f"{SHOP} https://other.example", "greeting_zh": "您好", "asks": "email", "pages": "yes"},
        by=cast.admin,
    )


Ask = Callable[..., Any]


@pytest.fixture
def ask(channel: Channel) -> Ask:
    def asked(
        path: str, body: object = None, token: str = TOKEN, origin: str = "https://shop.example", key: str = ""
    ) -> Any:
        headers = {"Authorization": f"Bearer {token}", "Origin": origin}
        address = f"/chat/{key or channel.source_id}/{path}"
        if body is None:
            return Client().get(address, headers=headers)
        return Client().post(address, json.dumps(body), content_type="application/json", headers=headers)

    return asked


def write(ask: Ask, text: str = "how much is it?", id: str = "message-1", **overrides: str) -> Any:
    answer = ask("messages", {"id": id, "text": text}, **overrides)
    intake.handle_waiting()
    return answer


def test_a_message_is_stored_and_its_tags_follow(ask: Ask, cast: Cast):
    assert write(ask).status_code == 202
    contact = Contact.objects.get()
    assert (contact.team, contact.owner) == (cast.south, None)
    assert set(tags_of(contact)) == {"activity/high", "asked/price"}


def test_the_same_message_sent_again_is_one(ask: Ask):
    write(ask)
    write(ask)
    assert Event.objects.count() == 1
    assert Contact.objects.count() == 1


def test_an_answer_reaches_the_visitor_once(ask: Ask, cast: Cast):
    write(ask)
    queue_message(identity=Identity.objects.get(), reason_key="r1", text="38 dollars", by=cast.alice)
    while outbox.send_due():
        pass
    told = ask("messages").json()["messages"]
    assert [(each["mine"], each["text"], each["by"]) for each in told] == [
        (True, "how much is it?", ""),
        (False, "38 dollars", "Alice"),
    ]
    assert [each["text"] for each in ask(f"messages?after={told[0]['id']}").json()["messages"]] == ["38 dollars"]


def test_what_the_visitor_saw_is_told_once_and_never_of_others(ask: Ask, cast: Cast):
    write(ask)
    write(ask, token=OTHER)
    for number, identity in enumerate(Identity.objects.all()):
        queue_message(identity=identity, reason_key=f"r{number}", text="38 dollars", by=cast.alice)
    while outbox.send_due():
        pass
    keys = [f"outbox-{each}" for each in OutboxMessage.objects.values_list("pk", flat=True)]
    for status in ("delivered", "read", "delivered", "read"):
        assert ask("receipts", {"status": status, "keys": keys}).status_code == 204
        intake.handle_waiting()
    assert sorted(OutboxMessage.objects.values_list("receipt", flat=True)) == ["", "read"]
    assert [each.kind for each in Event.objects.filter(props__has_key="message").order_by("pk")] == [
        "message.delivered",
        "message.read",
    ]
    assert ask("messages").json()["messages"][1]["receipt"] == "read"


def test_a_visitor_sees_no_other_visitors_words(ask: Ask):
    write(ask)
    assert ask("messages", token=OTHER).json()["messages"] == []
    assert ask("session", token=OTHER).json()["messages"] == []


def test_a_token_is_kept_by_the_browser_alone(ask: Ask):
    write(ask)
    kept = [*Identity.objects.values_list("external_id"), *Event.objects.values_list("source_key")]
    assert TOKEN not in str([*kept, *Delivery.objects.values_list("body")])


def test_the_chat_is_as_the_channels_options_say(ask: Ask):
    told = ask("session").json()
    assert told["greeting"] == {"en": "", "zh": "您好"}
    assert (told["asks"], told["notes_pages"]) == (["email"], True)


def test_who_the_visitor_says_to_be_is_kept(ask: Ask):
    ask("messages", {"id": "message-1", "text": "hi", "name": "Priya", "email": "priya@example.com"})
    intake.handle_waiting()
    contact = Contact.objects.get()
    assert (contact.name, contact.fields) == ("Priya", {"email": "priya@example.com"})


@pytest.mark.parametrize("path", ["messages", "session", "receipts", "page", "stream"])
def test_other_sites_stay_out(ask: Ask, path: str):
    answer = ask(path, {"id": "message-1", "text": "hi"}, origin="https://evil.example")
    assert answer.status_code == 403
    assert "Access-Control-Allow-Origin" not in answer.headers
    assert intake.handle_waiting() == 0


def test_preflight_names_the_site_that_asked(ask: Ask, channel: Channel):
    answer = Client().options(f"/chat/{channel.source_id}/messages", headers={"Origin": "https://shop.example"})
    assert answer.headers["Access-Control-Allow-Origin"] == "https://shop.example"


@pytest.mark.parametrize(
    ("body", "status"),
    [
        ({"id": "message-1", "text": ""}, 422),
        ({"id": "message-1", "text": "x" * 4001}, 422),
        ({"id": "1", "text": "hi"}, 422),
        ({"id": "message-1", "text": "a\x00b"}, 422),
        ({"id": "message-\x001", "text": "hi"}, 422),
        ({"id": "message-1", "text": "hi", "email": "nobody"}, 422),
        ({"id": "message-1", "text": "hi", "name": "a\x00b"}, 422),
        ({"id": "message-1", "text": "\ud800"}, 422),
        ({"id": "message-1", "text": "hi", "more": "x" * 40_000}, 413),
        ({"text": "hi"}, 422),
        ([], 422),
    ],
)
def test_a_bad_message_is_refused_with_a_reason(ask: Ask, body: object, status: int):
    answer = ask("messages", body)
    assert answer.status_code == status
    assert answer.json()["message"]


def test_without_a_token_nothing_is_taken(ask: Ask):
    assert ask("messages", {"id": "message-1", "text": "hi"}, token="short").status_code == 401


def test_who_writes_too_often_waits(ask: Ask):
    statuses = {ask("messages", {"id": f"message-{number}", "text": "hi"}).status_code for number in range(22)}
    assert statuses == {202, 429}


def test_the_visitor_is_told_when_the_team_is_back(ask: Ask):
    organisation.change(Hours(opens=["00:00"] * 7, closes=["24:00"] * 7), by=None)
    assert ask("session").json()["away"] is None
    organisation.change(Hours(opens=[""] * 7, closes=[""] * 7), by=None)
    told = ask("messages").json()["away"]
    assert told["en"] == "We are away. Leave a message, and we will answer later."
    assert "留言" in told["zh"]
    assert told["offset"] == 480


def test_the_visitor_is_told_of_no_hours_that_nobody_set(ask: Ask, time_machine: TimeMachineFixture):
    time_machine.move_to(datetime(2026, 11, 28, 3, tzinfo=UTC))  # a Saturday
    assert ask("session").json()["away"] is None
    organisation.change(Hours(), by=None)
    assert ask("session").json()["away"]["en"].startswith("We are back on Monday at 09:00.")


def test_the_visitor_sees_that_an_answer_is_written_and_no_note(ask: Ask, cast: Cast):
    write(ask)
    talk = Conversation.objects.get()
    keep_draft(conversation=talk, text="for us", by=cast.alice, is_note=True)
    assert ask("messages").json()["attention"] == {"typing": "", "seen": ""}
    keep_draft(conversation=talk, text="38 doll", by=cast.alice)
    mark_read(conversation=talk, by=cast.alice)
    told = ask("messages").json()
    assert told["attention"]["typing"] == "Alice"
    assert told["attention"]["seen"] > told["messages"][0]["stored_at"]
    write(ask, token=OTHER)
    assert ask("messages", token=OTHER).json()["attention"] == {"typing": "", "seen": ""}


def test_pages_are_noted_of_those_who_wrote(ask: Ask):
    viewed = {"token": TOKEN, "id": "view-0001", "page": "/tea", "seconds": 130}
    ask("page", viewed, token="")
    write(ask)
    ask("page", viewed, token="")
    intake.handle_waiting()
    assert Event.objects.get(kind="page.viewed").props["seconds"] == 130


def test_no_pages_are_noted_where_the_channel_does_not_say_so(ask: Ask, channel: Channel):
    Channel.objects.update(options={"origins": SHOP})
    write(ask)
    ask("page", {"token": TOKEN, "id": "view-0001", "page": "/tea", "seconds": 130})
    intake.handle_waiting()
    assert not Event.objects.filter(kind="page.viewed").exists()


def test_a_channel_that_is_closed_answers_404(ask: Ask, channel: Channel):
    Channel.objects.update(is_active=False)
    assert ask("session").status_code == 404
    assert Client().get(f"/chat/{channel.source_id}.js").status_code == 404


def test_the_script_is_small_and_asks_nobody_else(channel: Channel):
    code = Client().get(f"/chat/{channel.source_id}.js").content
    assert len(code) < 29_000
    assert re.findall(rb"https?:[^?]", code) == []


def test_the_demo_page_is_there_only_in_the_demo(channel: Channel, settings: Any):
    assert Client().get("/chat/demo").status_code == 404
    settings.DEMO = True
    assert channel.source_id in Client().get("/chat/demo").content.decode()
