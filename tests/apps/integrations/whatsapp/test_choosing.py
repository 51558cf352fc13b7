"""A template chosen in the reply box, once the contact's window is closed."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from django.test import Client

from seamark.apps.accounts.access import Reach
from seamark.apps.accounts.models import Member
from seamark.apps.channels import outbox
from seamark.apps.channels.actions import add_channel
from seamark.apps.channels.models import Channel, MessageTemplate, OutboxMessage
from seamark.apps.channels.template_lists import BLANK, refresh_due
from seamark.apps.contacts.masks import Masks
from seamark.apps.contacts.models import Contact, Identity
from seamark.apps.desk.plain_blanks import prefilled
from seamark.apps.inbox.models import Conversation
from seamark.apps.timeline import intake
from seamark.apps.timeline.models import Event
from tests.apps.conftest import Cast, happened
from tests.apps.integrations.whatsapp.conftest import add_number
from tests.apps.integrations.whatsapp.standin import ACCOUNT, NUMBER, StandIn, body_of, deliver, template
from tests.apps.integrations.whatsapp.test_templates import NOON

pytestmark = [pytest.mark.usefixtures("tiers"), pytest.mark.covers("D01", "F02")]
DAY = timedelta(days=1)


@pytest.fixture(autouse=True)
def noon(time_machine):
    time_machine.move_to(NOON, tick=False)


@pytest.fixture
def line(cast: Cast, platform: StandIn) -> Channel:
    platform.templates = [
        template("hello", "Hello {{1}}, your order {{2}} is here."),
        template("hello", "您好{{1}}，您的订单 {{2}} 到了。", "zh_CN"),
        template("sale", "All teas for less", category="MARKETING"),
    ]
    return add_number(cast, NUMBER, address=platform.address, waba_id=ACCOUNT)


@pytest.fixture
def talk(client: Client, cast: Cast, platform: StandIn, address: str, time_machine) -> Conversation:
    """Alice's, with Wang, who wrote a day ago."""
    refresh_due()
    deliver(client, address, body_of([platform.wrote("how much?")]))
    intake.handle_waiting()
    Contact.objects.update(owner=cast.alice, language="zh")
    time_machine.move_to(NOON + DAY, tick=False)
    return Conversation.objects.get()


def signed_in(member: Member) -> Client:
    client = Client()
    client.force_login(member)
    return client


def pick(name: str, language: str = "en") -> str:
    return str(MessageTemplate.objects.get(name=name, language=language).pk)


def send(member: Member, place: str, name: str = "hello", blanks: tuple[str, ...] = ("Wang", "77"), **more: str):
    chosen = pick(name)
    form = {"as": "template", "once": "a word", "template": chosen, "of": chosen} | more
    form |= {f"blank-{number}": blank for number, blank in enumerate(blanks)}
    return signed_in(member).post(f"/{place}/messages/", form)


def place(talk: Conversation) -> str:
    return f"inbox/{talk.pk}"


def test_the_box_offers_templates_in_the_contacts_language_first_with_the_name_filled_in(cast, talk):
    page = signed_in(cast.alice).get(f"/{place(talk)}/").content.decode()
    assert 'value="message"' not in page
    assert page.index('label="Simplified Chinese"') < page.index('label="English"')
    assert "您好Wang，您的订单 <mark>{{2}}</mark> 到了。" in page


def test_it_shows_how_the_template_reads(cast, talk):
    chosen = pick("hello")
    asked = {"template": chosen, "of": chosen, "blank-0": "Mr <Wang>", "blank-1": "77"}
    page = signed_in(cast.alice).get(f"/{place(talk)}/templates/", asked).content.decode()
    assert "Hello Mr &lt;Wang&gt;, your order 77 is here." in page


@pytest.mark.parametrize("where", ["inbox", "contacts"])
def test_it_goes_by_the_outbox_and_stands_in_the_talk(cast, platform, talk, where):
    at = place(talk) if where == "inbox" else f"contacts/{talk.contact_id}"
    assert send(cast.alice, at, line=str(talk.identity_id)).status_code == 200
    outbox.send_due()
    (taken,) = platform.taken
    assert [each["text"] for each in taken["template"]["components"][0]["parameters"]] == ["Wang", "77"]
    said = Event.objects.get(kind="message.sent").props
    assert (said["text"], said["template"]) == ("Hello Wang, your order 77 is here.", "hello")
    assert "your order 77 is here." in signed_in(cast.alice).get(f"/{at}/").content.decode()


@pytest.mark.parametrize("blanks", [("Wang",), ("Wang", " ")])
def test_a_blank_that_is_empty_is_said_and_what_was_filled_in_stays(cast, talk, blanks):
    answer = send(cast.alice, place(talk), blanks=blanks)
    assert answer.status_code == 422
    assert "Fill in every blank" in answer.content.decode()
    assert 'value="Wang"' in answer.content.decode()
    assert not OutboxMessage.objects.exists()


def test_a_template_that_was_paused_meanwhile_is_refused(cast, talk):
    MessageTemplate.objects.update(status="paused")
    assert send(cast.alice, place(talk)).status_code == 422
    assert "No approved template" in signed_in(cast.alice).get(f"/{place(talk)}/templates/").content.decode()


def test_a_text_is_refused_before_it_is_lost(cast, talk):
    form = {"as": "message", "once": "a word", "text": "10 dollars"}
    answer = signed_in(cast.alice).post(f"/{place(talk)}/messages/", form)
    assert answer.status_code == 422
    assert "10 dollars" in answer.content.decode()
    assert not OutboxMessage.objects.exists()


def test_marketing_wants_consent_and_says_so_before(cast, talk):
    chosen = {"template": pick("sale")}
    page = signed_in(cast.alice).get(f"/{place(talk)}/templates/", chosen).content.decode()
    assert "has not agreed to marketing" in page
    assert send(cast.alice, place(talk), "sale", ()).status_code == 422


def test_whoever_answers_second_is_told_first(cast, talk):
    Conversation.objects.update(assignee=cast.bob)
    send(cast.alice, place(talk))
    answer = send(cast.bob, place(talk), seen="0")
    assert answer.status_code == 422
    assert "Alice has answered meanwhile" in answer.content.decode()


def test_charlie_finds_nothing_there(cast, talk):
    for at in (place(talk), f"contacts/{talk.contact_id}"):
        for member in (cast.charlie, cast.rita):
            assert signed_in(member).get(f"/{at}/templates/").status_code == 404
            assert send(member, at).status_code == 404
        assert signed_in(cast.charlie).post(f"/{at}/redraw/").status_code == 404


@pytest.mark.parametrize("where", ["inbox", "contacts"])
def test_once_the_contact_writes_the_box_is_open(cast, client, platform, address, talk, where):
    at = place(talk) if where == "inbox" else f"contacts/{talk.contact_id}"
    alice = signed_in(cast.alice)
    found = re.search(r'"offers": "(\w+)"', alice.get(f"/{at}/").content.decode())
    assert found
    offers = {"offers": found[1]}
    assert alice.post(f"/{at}/redraw/", offers).status_code == 204
    deliver(client, address, body_of([platform.wrote("hello?")]))
    intake.handle_waiting()
    assert 'name="text"' in alice.post(f"/{at}/redraw/", offers).content.decode()


def test_a_contact_who_is_reached_by_a_chat_too_is_answered_there_or_called_by_a_template(cast, talk):
    chat = add_channel(kind="webchat", name="Site", team=cast.south, by=cast.admin)
    happened(source=chat.source_id, external_id="v1")
    Identity.objects.filter(external_id="v1").update(contact=talk.contact_id)
    at = f"contacts/{talk.contact_id}"
    page = signed_in(cast.alice).get(f"/{at}/").content.decode()
    assert 'value="message" checked' in page
    assert "templates only" in page
    box = signed_in(cast.alice).get(f"/{at}/templates/", {"line": talk.identity_id}).content.decode()
    assert "您好Wang" in box
    assert send(cast.alice, at, line=str(talk.identity_id)).status_code == 200
    assert OutboxMessage.objects.get().identity_id == talk.identity_id


@pytest.mark.parametrize(
    ("body", "values"),
    [
        ("Dear {{1}}, about {{2}}", ["Wang Fang", ""]),
        ("Order {{1}} of {{2}}", ["", ""]),
        ("亲爱的{{1}}", ["Wang Fang"]),
        ("{{customer_name}} in {{city}}, {{when}}", ["Wang Fang", "Xiamen", ""]),
    ],
)
def test_what_is_plain_is_filled_in(cast, make_contact, line, body, values):
    contact = make_contact(name="Wang Fang", fields={"city": "Xiamen"})
    platform_has = MessageTemplate(channel=line, name="x", language="en", body=body)
    platform_has.blanks = [f"body.{name}" for name in BLANK.findall(body)]
    assert prefilled(platform_has, contact, Masks(Reach(everyone=True))) == values
    assert prefilled(platform_has, contact, Masks(Reach())) == [""] * len(values)
