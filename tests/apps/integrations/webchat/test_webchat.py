"""The web chat: what visitors write is kept, once; what members answer reaches them; other sites stay out."""

import json
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from seamark.apps.channels import outbox
from seamark.apps.channels.actions import add_channel, queue_message
from seamark.apps.channels.models import Channel
from seamark.apps.contacts.models import Contact, Identity
from seamark.apps.timeline import intake
from seamark.apps.timeline.models import Event
from tests.apps.conftest import Cast, tags_of

pytestmark = [pytest.mark.usefixtures("tiers"), pytest.mark.covers("D03")]

SHOP = "https://shop.example"
TOKEN = "a token that a browser keeps 0123456789"


@pytest.fixture
def channel(cast: Cast) -> Channel:
    return add_channel(
        kind="webchat",
        name="Shop",
        team=cast.south,
        options={"origins": f"{SHOP} https://other.example", "greeting_zh": "您好"},
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
    ask("seen", {"keys": [told[1]["key"]]})
    intake.handle_waiting()
    assert Event.objects.filter(kind="message.read").count() == 1


def test_a_visitor_sees_no_other_visitors_words(ask: Ask):
    write(ask)
    other = "another token that a browser keeps 012345"
    assert ask("messages", token=other).json()["messages"] == []
    assert ask("session", {}, token=other).json()["messages"] == []


def test_a_new_visitor_gets_a_token_of_their_own(ask: Ask):
    first, second = (ask("session", {}, token="").json()["token"] for _ in range(2))
    assert first != second
    assert TOKEN not in str(list(Identity.objects.values_list("external_id", flat=True)))


def test_the_greeting_is_the_channels(ask: Ask):
    assert ask("session", {}).json()["greeting"] == {"zh": "您好"}


@pytest.mark.parametrize("path", ["messages", "session"])
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
        ({"text": "hi"}, 400),
        ([], 400),
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


def test_pages_are_noted_of_those_who_wrote(ask: Ask):
    viewed = {"id": "view-0001", "page": "/tea", "seconds": 130}
    ask("page", viewed)
    write(ask)
    ask("page", viewed)
    intake.handle_waiting()
    assert Event.objects.get(kind="page.viewed").props["seconds"] == 130


def test_a_channel_that_is_closed_answers_404(ask: Ask, channel: Channel):
    Channel.objects.update(is_active=False)
    assert ask("session", {}).status_code == 404
    assert Client().get(f"/chat/{channel.source_id}.js").status_code == 404


def test_the_script_is_small_and_asks_nobody_else(channel: Channel):
    code = Client().get(f"/chat/{channel.source_id}.js").content
    assert len(code) < 15_000
    assert b"http" not in code.replace(b"https://\xe2\x80\xa6", b"")


def test_the_demo_page_is_there_only_in_the_demo(channel: Channel, settings: Any):
    address = f"/chat/{channel.source_id}/demo"
    assert Client().get(address).status_code == 404
    settings.DEMO = True
    assert Client().get(address).status_code == 200
