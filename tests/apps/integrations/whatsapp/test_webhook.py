"""The address to which the platform delivers."""

import json

import pytest

from seamark.apps.integrations.whatsapp.signature import is_genuine, signed
from seamark.apps.timeline import intake
from seamark.apps.timeline.models import Delivery, Event
from tests.apps.integrations.whatsapp.conftest import recorded
from tests.apps.integrations.whatsapp.standin import body_of, deliver

pytestmark = pytest.mark.covers("D01")


@pytest.mark.parametrize("vector", recorded("signature_vectors")["vectors"], ids=lambda vector: vector["secret"])
def test_published_signatures(vector):
    assert signed(vector["secret"], vector["body"].encode()) == vector["header"]
    assert not is_genuine(vector["secret"], vector["body"].encode() + b" ", vector["header"])


def test_the_challenge_is_answered_in_plain_text(client, address):
    asked = {"hub.mode": "subscribe", "hub.verify_token": "verify", "hub.challenge": "1158201444"}
    answer = client.get(address, asked)
    assert (answer.content, answer["Content-Type"]) == (b"1158201444", "text/plain")
    assert client.get(address, asked | {"hub.verify_token": "guess"}).status_code == 403


@pytest.mark.parametrize("header", ["", "sha256=", "sha256=" + "0" * 64, "sha1=é"])
def test_a_forged_delivery_is_not_even_kept(client, address, header):
    answer = client.post(address, b"{}", content_type="application/json", headers={"X-Hub-Signature-256": header})
    assert answer.status_code == 403
    assert not Delivery.objects.exists()


def test_an_address_nobody_has_is_none(client, db):
    assert deliver(client, "/hooks/whatsapp/nobody", b"{}") == 404


@pytest.mark.parametrize("body", [b"no json", b'{"object": "whatsapp_business_account"}', json.dumps([1]).encode()])
def test_an_unknown_shape_is_kept_and_answered(client, address, body):
    assert deliver(client, address, body) == 200
    intake.handle_waiting()
    assert Delivery.objects.get().state == "aside"


def test_a_batch_of_three_megabytes_is_taken_whole(client, address, platform):
    values = [platform.wrote("x" * 30_000) for _ in range(100)]
    assert deliver(client, address, body_of(values)) == 200
    intake.handle_waiting()
    assert Event.objects.count() == 100


def test_neither_texts_nor_numbers_are_logged(client, address, platform, caplog):
    deliver(client, address, body_of([platform.wrote("the secret recipe")]))
    deliver(client, address, b"forged", secret="another")
    intake.handle_waiting()
    assert caplog.records
    assert not any("recipe" in str(vars(each)) or "8613800138000" in str(vars(each)) for each in caplog.records)
