"""The settings of channels."""

import pytest
from django.test import Client

from seamark.apps.accounts.models import Deed
from seamark.apps.channels.actions import add_channel
from seamark.apps.channels.models import Channel
from seamark.apps.channels.secrets import opened
from tests.apps.accounts.test_pages import signed_in
from tests.apps.conftest import Cast

pytestmark = pytest.mark.covers("D01")

SECRETS = {"app_secret": "first secret", "access_token": "second secret", "verify_token": "third secret"}


@pytest.fixture
def ada(cast: Cast) -> Client:
    return signed_in(cast.admin)


@pytest.fixture
def line(cast: Cast) -> Channel:
    options = {"phone_number_id": "4711"}
    return add_channel(kind="whatsapp", name="Shop", team=cast.south, options=options, secrets=SECRETS, by=cast.admin)


def test_a_web_chat_is_added_and_shows_its_line(ada: Client, cast: Cast):
    told = {"name": "Harbour Tea", "team": cast.south.pk, "option_origins": "https://shop.example.com", "short": "on"}
    ada.post("/settings/channels/add/webchat/", told)
    made = Channel.objects.get()
    assert made.options == {"origins": "https://shop.example.com", "links": "short"}
    assert f"/chat/{made.source_id}.js" in ada.get(f"/settings/channels/{made.pk}/").content.decode()


def test_secrets_are_never_shown_again_and_stay_when_left_empty(ada: Client, line: Channel):
    page = f"/settings/channels/{line.pk}/"
    shown = ada.get(page).content.decode()
    assert f"/hooks/whatsapp/{line.source_id}" in shown
    assert not any(secret in shown for secret in SECRETS.values())
    told = {"name": "Shop 2", "option_phone_number_id": "4712", "secret_app_secret": "new secret"}
    assert ada.post(page, told).status_code == 302
    line.refresh_from_db()
    assert (line.name, line.options["phone_number_id"]) == ("Shop 2", "4712")
    assert opened(line) == SECRETS | {"app_secret": "new secret"}


@pytest.mark.parametrize("rate", ["fast", "0"])
def test_a_rate_that_is_none_is_refused(ada: Client, line: Channel, rate: str):
    told = {"name": "Shop", "option_phone_number_id": "4711", "option_messages_a_second": rate}
    assert ada.post(f"/settings/channels/{line.pk}/", told).status_code == 422


def test_a_whatsapp_number_wants_all_its_secrets(ada: Client, cast: Cast):
    told = {"name": "Shop", "team": cast.south.pk, "option_phone_number_id": "4711", "secret_app_secret": "only one"}
    assert ada.post("/settings/channels/add/whatsapp/", told).status_code == 422
    assert not Channel.objects.exists()


def test_a_stopped_channel_is_let_out_again(ada: Client, line: Channel):
    Channel.objects.update(stopped="all", stopped_code="368", stopped_at="2026-11-27T00:00Z")
    assert "368" in ada.get(f"/settings/channels/{line.pk}/").content.decode()
    ada.post(f"/settings/channels/{line.pk}/resume/")
    line.refresh_from_db()
    assert line.stopped == ""
    assert Deed.objects.latest("pk").what == "channel.resumed"


def test_only_who_may_connect_channels_sees_them(cast: Cast, line: Channel):
    for member in (cast.charlie, cast.boss):
        for page in ("", f"{line.pk}/", "add/webchat/"):
            assert signed_in(member).get(f"/settings/channels/{page}").status_code == 403
        assert signed_in(member).post(f"/settings/channels/{line.pk}/resume/").status_code == 403
