"""A stand-in for the platform: takes messages as strictly as it does, and delivers as carelessly."""

from __future__ import annotations

import hashlib
import json
import random
import re
from collections.abc import Callable, Iterable, Sequence
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from itertools import count
from threading import Event, Thread
from typing import Any
from urllib.parse import parse_qsl

from django.test import Client
from django.utils import timezone

from seamark.apps.integrations.whatsapp.signature import HEADER, signed

NUMBER = "1122334455667"
SECRETS = {"app_secret": "test-app-secret", "access_token": "token", "verify_token": "verify"}
ACCOUNT = "998877665544"
A_PAGE = 2
A_DAY_SECONDS = 24 * 60 * 60
ADDRESS_LASTS_SECONDS = 5 * 60
MOST_BYTES = {"image": 5 * 2**20, "audio": 16 * 2**20, "video": 16 * 2**20, "document": 100 * 2**20}
TAKEN = {
    "image/jpeg",
    "image/png",
    "audio/ogg",
    "audio/mpeg",
    "audio/mp4",
    "video/mp4",
    "text/plain",
    "application/pdf",
}


def template(name: str = "hello", body: str = "Hello {{1}}", language: str = "en", **overrides: Any) -> dict[str, Any]:
    """A template, as the platform lists it."""
    components = [{"type": "BODY", "text": body}]
    told = {"name": name, "language": language, "status": "APPROVED", "category": "UTILITY", "components": components}
    return told | {"id": f"{name} {language}"} | overrides


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
        self.templates = [template()]
        self.media: dict[str, tuple[bytes, str]] = {}
        """Files by their ids, each with its media type."""
        self.damages = False
        """Files arrive with a byte too many."""
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
        self._check(token)
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

    def tell(self, path: str, token: str, params: dict[str, str]) -> dict[str, Any] | bytes:
        """A page of the list of templates, where a file lies, or the file. Raises `Refused`."""
        self._check(token)
        if path.startswith("/files/"):
            return self._file(path, params)
        id = path.removeprefix("/v24.0/")
        if id in self.media:
            return self._place(id)
        if path != f"/v24.0/{ACCOUNT}/message_templates":
            raise Refused(400, 100)
        return self._list(path, params)

    def _list(self, path: str, params: dict[str, str]) -> dict[str, Any]:
        start = int(params.get("after", 0))
        end = start + A_PAGE
        paging: dict[str, Any] = {"cursors": {"before": str(start), "after": str(end)}}
        if end < len(self.templates):
            paging["next"] = f"{self.address}{path}?after={end}"
        return {"data": self.templates[start:end], "paging": paging}

    def _place(self, id: str) -> dict[str, Any]:
        body, kind = self.media[id]
        url = f"{self.address}/files/{id}?until={timezone.now().timestamp() + ADDRESS_LASTS_SECONDS}"
        digest = hashlib.sha256(body).hexdigest()
        return {"url": url, "mime_type": kind, "sha256": digest, "file_size": len(body), "id": id}

    def _file(self, path: str, params: dict[str, str]) -> bytes:
        if timezone.now().timestamp() > float(params["until"]):
            raise Refused(404, 131052)
        return self.media[path.removeprefix("/files/")][0] + (b"!" if self.damages else b"")

    def upload(self, path: str, token: str, body: bytes, boundary: str) -> dict[str, Any]:
        """A file is given an id. Raises `Refused`."""
        self._check(token)
        parts = body.split(f"--{boundary}".encode())
        fields = {}
        for part in parts[1:-1]:
            head, _, content = part.partition(b"\r\n\r\n")
            name = re.search(rb'name="(\w+)"', head)
            assert name
            fields[name[1].decode()] = content[:-2]
        kind = fields["type"].decode()
        is_asked_well = path == f"/v24.0/{NUMBER}/media" and fields["messaging_product"] == b"whatsapp"
        if not is_asked_well or kind not in TAKEN or len(fields["file"]) > MOST_BYTES.get(kind.split("/")[0], 2**27):
            raise Refused(400, 131053)
        id = str(next(self._ids) + 10**15)
        self.media[id] = (fields["file"], kind)
        return {"id": id}

    def _check(self, token: str) -> None:
        if token != f"Bearer {SECRETS['access_token']}":
            raise Refused(401, 190)
        if self.refuse_with:
            raise self.refuse_with.pop(0)

    def _check_content(self, asked: dict[str, Any], to: str) -> None:
        if asked["type"] == "template":
            self._check_template(asked["template"])
        elif timezone.now().timestamp() >= self.last_wrote.get(to, 0) + A_DAY_SECONDS:
            raise Refused(400, 131047)
        elif asked["type"] == "text":
            if not asked["text"]["body"]:
                raise Refused(400, 131009)
        elif asked["type"] not in MOST_BYTES:
            raise Refused(400, 131051)
        elif asked[asked["type"]]["id"] not in self.media:
            raise Refused(400, 131009)
        elif asked["type"] == "audio" and "caption" in asked["audio"]:
            raise Refused(400, 131008)

    def _check_template(self, asked: dict[str, Any]) -> None:
        listed = {(each["name"], each["language"]): each for each in self.templates}
        found = listed.get((asked["name"], asked["language"]["code"]))
        if found is None or found["status"] not in ("APPROVED", "PAUSED", "DISABLED"):
            raise Refused(404, 132001)
        if found["status"] != "APPROVED":
            raise Refused(400, 132015 if found["status"] == "PAUSED" else 132016)
        given = {part["type"]: part["parameters"] for part in asked.get("components", ())}
        for part in found["components"]:
            names = re.findall(r"\{\{(\w+)\}\}", part.get("text", ""))
            told = given.get(part["type"].lower(), [])
            if len(told) != len(names):
                raise Refused(400, 132000)
            if any(not name.isdecimal() for name in names) and [p.get("parameter_name") for p in told] != names:
                raise Refused(400, 132012)

    # --- out: what it delivers

    def template_changed(self, name: str, status: str) -> dict[str, Any]:
        """A template's status moves; what is told of it names the account, and no number."""
        for each in self.templates:
            if each["name"] == name:
                each["status"] = status
        return {"event": status, "message_template_name": name, "message_template_language": "en", "reason": "NONE"}

    def wrote(self, text: str, wa_id: str = "8613800138000", **more: Any) -> dict[str, Any]:
        """A person writes to the number."""
        now = timezone.now().timestamp()
        self.last_wrote[wa_id] = now
        message = {"from": wa_id, "id": f"wamid.in.{next(self._ids)}", "timestamp": str(int(now))}
        return _value(contacts=[{"wa_id": wa_id, "profile": {"name": "Wang"}}]) | {
            "messages": [message | {"type": "text", "text": {"body": text}} | more]
        }

    def sent_file(self, form: str, body: bytes, kind: str, **more: Any) -> dict[str, Any]:
        """A person sends a file; what is told of it is an id."""
        id = str(next(self._ids) + 10**15)
        self.media[id] = (body, kind)
        content = {"id": id, "mime_type": kind, "sha256": "of another form"} | more
        return self.wrote("", **{"type": form, form: content})

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
        field = _field_of(value)
        change = {"field": field, "value": value}
        if place % 2:
            entries[-1]["changes"].append(change)
        else:
            entries.append({"id": ACCOUNT, "changes": [change]})
    return json.dumps({"object": "whatsapp_business_account", "entry": entries}).encode()


def _field_of(value: dict[str, Any]) -> str:
    if "message_template_name" in value:
        return "message_template_status_update"
    return "smb_message_echoes" if "message_echoes" in value else "messages"


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
            body = self.rfile.read(int(self.headers["Content-Length"]))
            kind, _, boundary = self.headers["Content-Type"].partition("; boundary=")
            token = self.headers["Authorization"]
            if kind == "multipart/form-data":
                self._answer(lambda: platform.upload(self.path, token, body, boundary))
            else:
                self._answer(lambda: platform.take(self.path, token, json.loads(body)))

        def do_GET(self) -> None:
            path, _, query = self.path.partition("?")
            self._answer(lambda: platform.tell(path, self.headers["Authorization"], dict(parse_qsl(query))))

        def _answer(self, does: Callable[[], dict[str, Any] | bytes]) -> None:
            answer: dict[str, Any] | bytes
            try:
                status, answer = 200, does()
            except Refused as refused:
                status, answer = refused.status, {"error": {"code": refused.code, "message": "no"}}
            platform.answers.wait()
            if platform.hangs_up:
                self.connection.close()
                return
            body = answer if isinstance(answer, bytes) else json.dumps(answer).encode()
            self.send_response(status)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, format: str, *args: Any) -> None:
            """Quietly."""

    return Handler
