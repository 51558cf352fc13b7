"""The account's templates: fetched, kept, followed, and none sent that would be refused."""

from datetime import UTC, datetime, timedelta

import pytest

from seamark.apps.channels import outbox
from seamark.apps.channels.actions import change_channel, queue_message
from seamark.apps.channels.adapter import Template
from seamark.apps.channels.models import MessageTemplate, TemplateList
from seamark.apps.channels.template_lists import ask_for_templates, refresh_due
from seamark.apps.contacts.models import Identity
from seamark.apps.integrations.whatsapp.templates import read
from seamark.apps.timeline import intake
from tests.apps.accounts.test_pages import signed_in
from tests.apps.integrations.whatsapp.conftest import add_number
from tests.apps.integrations.whatsapp.standin import ACCOUNT, NUMBER, Refused, body_of, deliver, template

pytestmark = pytest.mark.covers("D01")

NOON = datetime(2026, 11, 26, 4, tzinfo=UTC)
BUTTONS = [
    {"type": "QUICK_REPLY", "text": "Call me"},
    {"type": "URL", "text": "Your order", "url": "https://shop.example.com/{{1}}"},
]
RICH = template(
    "order_sent",
    category="MARKETING",
    components=[
        {"type": "HEADER", "format": "TEXT", "text": "News for {{first_name}}"},
        {"type": "BODY", "text": "Parcel {{parcel}} is on its way, {{first_name}}."},
        {"type": "FOOTER", "text": "Harbour Tea"},
        {"type": "BUTTONS", "buttons": BUTTONS},
    ],
)


@pytest.fixture
def line(cast, platform):
    return add_number(cast, NUMBER, address=platform.address, waba_id=ACCOUNT)


@pytest.fixture
def wang(client, address, platform) -> Identity:
    deliver(client, address, body_of([platform.wrote("how much?")]))
    intake.handle_waiting()
    return Identity.objects.get()


def listed():
    return dict(MessageTemplate.objects.values_list("name", "status"))


def sent(identity, call, reason="why"):
    message = queue_message(identity=identity, reason_key=reason, text="Hello Wang", template=call)
    outbox.send_due()
    message.refresh_from_db()
    return message.state, message.reason, message.error_code


def test_the_whole_list_is_fetched_when_the_channel_is_connected(platform, line):
    platform.templates = [template(f"template_{number}") for number in range(5)]
    assert refresh_due() == 1
    assert len(listed()) == 5
    assert refresh_due() == 0


@pytest.mark.parametrize(("after", "fetched"), [(timedelta(hours=23), 0), (timedelta(hours=25), 1)])
def test_it_is_fetched_once_a_day(line, time_machine, after, fetched):
    time_machine.move_to(NOON, tick=False)
    ask_for_templates([line])
    refresh_due()
    time_machine.move_to(NOON + after, tick=False)
    assert refresh_due() == fetched


def test_it_follows_what_the_platform_tells(client, platform, line, address):
    platform.templates.append(template("sale"))
    refresh_due()
    del platform.templates[0]
    deliver(client, address, body_of([platform.template_changed("sale", "PAUSED")]))
    intake.handle_waiting()
    assert refresh_due() == 1
    assert listed() == {"sale": "paused"}


def test_news_of_another_account_fetches_nothing(client, cast, platform, line, address):
    refresh_due()
    change_channel(channel=line, options={"waba_id": "1"}, secrets={}, by=cast.admin)
    refresh_due()
    deliver(client, address, body_of([platform.template_changed("hello", "PAUSED")]))
    intake.handle_waiting()
    assert refresh_due() == 0


@pytest.mark.parametrize(
    ("code", "wait"), [(131000, timedelta(seconds=30)), (200, timedelta(seconds=30)), (100, timedelta(days=1))]
)
def test_a_list_that_cannot_be_had_is_asked_for_again_and_stops_no_message(platform, line, time_machine, code, wait):
    time_machine.move_to(NOON, tick=False)
    ask_for_templates([line])
    platform.refuse_with = [Refused(400, code)]
    refresh_due()
    known = TemplateList.objects.get()
    assert (known.error_code, known.due_at, known.asked_at) == (str(code), NOON + wait, None)
    line.refresh_from_db()
    assert line.stopped == ""


def test_who_asks_while_it_is_fetched_gets_what_holds_then(platform, line, monkeypatch):
    fetch = type(platform).tell

    def tell(*asked):
        ask_for_templates([line])
        return fetch(*asked)

    monkeypatch.setattr(
        "seamark.apps.integrations.whatsapp.templates.asked",
        lambda *a: tell(platform, f"/v24.0/{ACCOUNT}/message_templates", "Bearer token", {}),
    )
    assert refresh_due() == 1
    assert TemplateList.objects.get().asked_at is not None


def test_what_a_template_is_made_of():
    found = read(RICH)
    assert found.blanks == ["header.first_name", "body.parcel", "body.first_name", "button.1"]
    assert (found.category, found.status, found.obstacle) == ("marketing", "approved", "")
    assert (found.header, found.footer, found.buttons) == (
        "News for {{first_name}}",
        "Harbour Tea",
        ["Call me", "Your order"],
    )
    assert read(template(body="{{2}} before {{1}}")).blanks == ["body.1", "body.2"]


@pytest.mark.parametrize(
    ("overrides", "obstacle"),
    [
        ({"components": [{"type": "HEADER", "format": "IMAGE"}, {"type": "BODY", "text": "x"}]}, "header"),
        ({"components": [{"type": "BODY", "text": "x"}, {"type": "CAROUSEL", "cards": []}]}, "parts"),
        ({"components": [{"type": "BUTTONS", "buttons": [{"type": "FLOW", "text": "x"}]}]}, "parts"),
        ({"category": "AUTHENTICATION"}, "parts"),
    ],
)
def test_what_cannot_be_filled_in_here_is_said(overrides, obstacle):
    assert read(template(**overrides)).obstacle == obstacle


def test_every_blank_is_filled_where_it_stands(platform, line, wang):
    platform.templates = [RICH | {"category": "UTILITY"}]
    refresh_due()
    call = Template("order_sent", "en", ["Wang", "77", "Wang", "o/77"], read(RICH).blanks)
    assert sent(wang, call) == ("sent", "", "")
    text = {"type": "text"}
    assert platform.taken[0]["template"]["components"] == [
        {"type": "header", "parameters": [text | {"text": "Wang", "parameter_name": "first_name"}]},
        {
            "type": "body",
            "parameters": [
                text | {"text": "77", "parameter_name": "parcel"},
                text | {"text": "Wang", "parameter_name": "first_name"},
            ],
        },
        {"type": "button", "sub_type": "url", "index": "1", "parameters": [text | {"text": "o/77"}]},
    ]


@pytest.mark.parametrize(
    ("call", "reason"),
    [
        (Template("hello", "en", ["Wang", "Li"]), "template-blanks"),
        (Template("hello", "en"), "template-blanks"),
        (Template("hello", "en", [" "]), "template-blanks"),
        (Template("hello", "fr", ["Wang"]), "template-unknown"),
        (Template("paused", "en", ["Wang"]), "template-not-approved"),
        (Template("picture", "en"), "template-parts"),
    ],
)
def test_what_the_platform_would_refuse_never_leaves(platform, line, wang, call, reason):
    picture = [{"type": "HEADER", "format": "IMAGE"}, {"type": "BODY", "text": "x"}]
    platform.templates += [template("paused", status="PAUSED"), template("picture", components=picture)]
    refresh_due()
    assert sent(wang, call) == ("cancelled", reason, "")
    assert platform.taken == []


def test_a_refusal_tells_that_the_list_is_out_of_date(platform, line, wang):
    refresh_due()
    platform.template_changed("hello", "PAUSED")
    assert sent(wang, Template("hello", "en", ["Wang"])) == ("failed", "", "132015")
    assert refresh_due() == 1
    assert sent(wang, Template("hello", "en", ["Wang"]), "again") == ("cancelled", "template-not-approved", "")


def test_without_a_list_the_platform_decides(platform, cast, line, wang):
    TemplateList.objects.all().delete()
    assert sent(wang, Template("hello", "en", ["Wang", "Li"])) == ("failed", "", "132000")


def test_the_list_stands_at_the_channel_and_is_fetched_again(cast, platform, line):
    platform.templates = [RICH, template("sale", status="REJECTED")]
    refresh_due()
    ada = signed_in(cast.admin)
    page = ada.get(f"/settings/channels/{line.pk}/").content.decode()
    assert all(words in page for words in ("Parcel {{parcel}} is on its way", "Marketing", "English", "Rejected"))
    assert "being fetched" in ada.post(f"/settings/channels/{line.pk}/templates/").content.decode()
    assert refresh_due() == 1
    assert signed_in(cast.charlie).post(f"/settings/channels/{line.pk}/templates/").status_code == 403
