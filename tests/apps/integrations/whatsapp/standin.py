"""A stand-in for the platform: takes messages as strictly as it does, and delivers as carelessly."""

from __future__ import annotations

import json
import random
from collections.abc import Iterable, Sequence
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from itertools import count
from threading import Event, Thread
from typing import Any

from django.test import Client
from django.utils import timezone

from seamark.apps.integrations.whatsapp.signature import HEADER, signed

NUMBER = "1122334455667"
SECRETS = {"app_secret": "test-app-secret", "access_token": "token", "verify_token": "verify"}
TEMPLATES = {("hello", "en")}
A_DAY_SECONDS = 24 * 60 * 60


class Refused(Exception):
    """The platform's error."""

    def __init__(self, status: int, code: int) -> None:
        self.status, self.code = status, code


class StandIn:
    """One number on the platform; its clock is the test's."""

    def __init__(self) -> None:
        self.taken: list[dict[str, Any]] = []
        self.last_wrote: dict[str, float] = {}
        self.refuse_with: list[Refused] = []
        """What the next calls are refused with, first to last."""
        self.hangs_up = False
        """It takes the message, and the answer gets lost."""
        self.answers = Event()
        """Until it is set, nobody gets an answer."""
        self.answers.set()
        self.has_taken = Event()
        self.most_at_once = 1000
        self._ids = count(1)
        self._server = _Server(("127.0.0.1", 0), _handler(self))
        self.address = f"http://127.0.0.1:{self._server.server_port}"
        Thread(target=self._server.serve_forever, args=[0.01], daemon=True).start()

    def close(self) -> None:
        self._server.shutdown()
        self._server.server_close()

    # --- in: what it is asked to send

    def take(self, path: str, token: str, asked: dict[str, Any]) -> dict[str, Any]:
        """Raises `Refused`."""
        if token != f"Bearer {SECRETS['access_token']}":
            raise Refused(401, 190)
        if self.refuse_with:
            raise self.refuse_with.pop(0)
        to = asked.get("to") or asked.get("recipient")
        if path != f"/v24.0/{NUMBER}/messages" or asked.get("messaging_product") != "whatsapp" or not to:
            raise Refused(400, 131008)
        if len(self.taken) >= self.most_at_once:
            raise Refused(429, 130429)
        self._check_content(asked, to)
        message = asked | {"id": f"wamid.{next(self._ids)}", "whom": to}
        self.taken.append(message)
        self.has_taken.set()
        return {"messaging_product": "whatsapp", "contacts": [{"input": to}], "messages": [{"id": message["id"]}]}

    def _check_content(self, asked: dict[str, Any], to: str) -> None:
        if asked["type"] == "template":
            template = asked["template"]
            if (template["name"], template["language"]["code"]) not in TEMPLATES:
                raise Refused(404, 132001)
        elif timezone.now().timestamp() >= self.last_wrote.get(to, 0) + A_DAY_SECONDS:
            raise Refused(400, 131047)
        elif not asked["text"]["body"]:
            raise Refused(400, 131009)

    # --- out: what it delivers

    def wrote(self, text: str, wa_id: str = "8613800138000", **more: Any) -> dict[str, Any]:
        """A person writes to the number."""
        now = timezone.now().timestamp()
        self.last_wrote[wa_id] = now
        message = {"from": wa_id, "id": f"wamid.in.{next(self._ids)}", "timestamp": str(int(now))}
        return _value(contacts=[{"wa_id": wa_id, "profile": {"name": "Wang"}}]) | {
            "messages": [message | {"type": "text", "text": {"body": text}} | more]
        }

    def statuses(self, *words: str) -> list[dict[str, Any]]:
        """What became of every message it took."""
        return [_value(statuses=[_status(message, word)]) for message in self.taken for word in words]

    def echo(self, text: str, wa_id: str = "8613800138000") -> dict[str, Any]:
        """Somebody here types a message on the phone."""
        message = {"from": "1", "to": f"+{wa_id}", "id": f"wamid.echo.{next(self._ids)}", "type": "text"}
        now = str(int(timezone.now().timestamp()))
        return _value(message_echoes=[message | {"timestamp": now, "text": {"body": text}}])


def _status(message: dict[str, Any], word: str) -> dict[str, Any]:
    status: dict[str, Any] = {"id": message["id"], "status": word, "recipient_id": message["whom"]}
    status["timestamp"] = str(int(timezone.now().timestamp()))
    status["biz_opaque_callback_data"] = message["biz_opaque_callback_data"]
    if word == "failed":
        status["errors"] = [{"code": 131026, "title": "Message undeliverable"}]
    return status


def _value(**lists: Any) -> dict[str, Any]:
    return {"messaging_product": "whatsapp", "metadata": {"phone_number_id": NUMBER}} | lists


def body_of(values: Iterable[dict[str, Any]]) -> bytes:
    """One delivery that holds them all, every second one in an entry of its own."""
    entries: list[dict[str, Any]] = []
    for place, value in enumerate(values):
        field = "smb_message_echoes" if "message_echoes" in value else "messages"
        change = {"field": field, "value": value}
        if place % 2:
            entries[-1]["changes"].append(change)
        else:
            entries.append({"id": "1", "changes": [change]})
    return json.dumps({"object": "whatsapp_business_account", "entry": entries}).encode()


def deliver(client: Client, address: str, body: bytes, secret: str = SECRETS["app_secret"]) -> int:
    """Deliver one body; returns how it was answered."""
    header = {HEADER: signed(secret, body)}
    return client.post(address, body, content_type="application/json", headers=header).status_code


def deliver_carelessly(client: Client, address: str, values: Sequence[dict[str, Any]], seed: int) -> None:
    """Each one at least twice, in any order, in batches of any size."""
    chance = random.Random(seed)
    twice = [*values, *values]
    chance.shuffle(twice)
    while twice:
        size = chance.randint(1, 4)
        batch, twice = twice[:size], twice[size:]
        for _ in range(chance.randint(1, 2)):
            assert deliver(client, address, body_of(batch)) == 200


class _Server(ThreadingHTTPServer):
    request_queue_size = 64
    """As many connect at once as the outbox may open, and more."""


def _handler(platform: StandIn) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            asked = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            try:
                status, answer = 200, platform.take(self.path, self.headers["Authorization"], asked)
            except Refused as refused:
                status, answer = refused.status, {"error": {"code": refused.code, "message": "no"}}
            platform.answers.wait()
            if platform.hangs_up:
                self.connection.close()
                return
            body = json.dumps(answer).encode()
            self.send_response(status)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, format: str, *args: Any) -> None:
            """Quietly."""

    return Handler
