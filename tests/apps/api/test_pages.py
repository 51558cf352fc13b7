"""The settings of keys and webhooks."""

import re

import pytest
from django.test import Client
from django.utils import timezone

from seamark.apps.accounts.models import Deed
from seamark.apps.api.keys import key_of
from seamark.apps.api.models import Call, Key, Webhook
from seamark.apps.channels.secrets import opened
from tests.apps.accounts.test_pages import signed_in
from tests.apps.conftest import Cast

pytestmark = [pytest.mark.covers("E02"), pytest.mark.usefixtures("tiers")]

KEYS, WEBHOOKS = "/settings/connections/keys/", "/settings/connections/webhooks/"


@pytest.fixture
def ada(cast: Cast) -> Client:
    return signed_in(cast.admin)


def test_a_key_is_shown_once_works_and_is_revoked(ada: Client, cast: Cast):
    told = {"name": "Our shop", "source": "shop", "scopes": ["events:write"], "member": cast.boss.pk}
    text = re.search(r"seamark_[\w-]+", ada.post(KEYS, told).content.decode())
    assert text
    key = key_of(text[0])
    assert key is not None
    assert key.member == cast.boss
    assert Deed.objects.get(what="key.added").by == cast.admin
    assert text[0] not in ada.get(KEYS).content.decode()
    ada.post(f"{KEYS}{key.pk}/revoke/")
    assert key_of(text[0]) is None


def test_who_does_not_manage_members_makes_keys_for_nobody_else(cast: Cast):
    told = {"name": "Mine", "source": "shop", "scopes": ["contacts:read"], "member": cast.admin.pk}
    assert signed_in(cast.boss).post(KEYS, told).status_code == 422
    assert not Key.objects.exists()


def test_what_signs_is_shown_once_and_a_webhook_is_switched_off(ada: Client, cast: Cast):
    shown = ada.post(WEBHOOKS, {"url": "http://127.0.0.1:9/hook", "member": cast.boss.pk}).content.decode()
    webhook = Webhook.objects.get()
    signing = opened(webhook)["signing"]
    assert signing in shown
    assert signing not in ada.get(WEBHOOKS).content.decode()
    Call.objects.create(webhook=webhook, body={"type": "tag.entered"}, next_at=timezone.now(), answer="500", attempts=1)
    page = f"{WEBHOOKS}{webhook.pk}/"
    assert "500" in ada.get(page).content.decode()
    ada.post(page)
    webhook.refresh_from_db()
    assert not webhook.is_active
    assert Call.objects.get().state == Call.State.GIVEN_UP


def test_an_address_within_the_network_is_refused_where_the_site_is_secure(ada: Client, cast: Cast, settings):
    settings.LEAST_SECURE = False
    answer = ada.post(WEBHOOKS, {"url": "https://127.0.0.1/hook", "member": cast.boss.pk})
    assert answer.status_code == 422
    assert not Webhook.objects.exists()


@pytest.mark.parametrize("page", [KEYS, WEBHOOKS])
def test_a_salesperson_sees_neither(cast: Cast, page: str):
    assert signed_in(cast.charlie).get(page).status_code == 403
