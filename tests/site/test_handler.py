"""The web process answers: static files before any middleware, pages after all of it."""

from pathlib import Path
from typing import Any

import pytest
from asgiref.sync import async_to_sync
from asgiref.testing import ApplicationCommunicator

from seamark.site.handler import Handler
from seamark.site.middleware import POLICY


@pytest.fixture
def handler(settings: Any, tmp_path: Path) -> Handler:
    (tmp_path / "mark.svg").write_text("<svg/>")
    settings.STATIC_ROOT = tmp_path
    return Handler()


@async_to_sync
async def answer(handler: Handler, path: str) -> tuple[int, dict[str, str], bytes]:
    scope = {"type": "http", "method": "GET", "path": path, "headers": [(b"host", b"localhost")], "query_string": b""}
    talk = ApplicationCommunicator(handler, scope)
    await talk.send_input({"type": "http.request", "body": b""})
    begun = await talk.receive_output()
    body: dict[str, Any] = await talk.receive_output()
    headers = {name.decode().lower(): value.decode() for name, value in begun["headers"]}
    return begun["status"], headers, body["body"]


def test_a_static_file_is_served_as_safely_as_a_page(handler: Handler) -> None:
    status, headers, body = answer(handler, "/static/mark.svg")
    assert (status, body) == (200, b"<svg/>")
    assert headers["content-security-policy"] == POLICY
    assert headers["x-content-type-options"] == "nosniff"


@pytest.mark.django_db(transaction=True)
def test_a_page_is_answered_through_all_middleware(handler: Handler) -> None:
    status, headers, _ = answer(handler, "/")
    assert (status, headers["location"]) == (302, "/account/login/?next=/")
    assert headers["content-security-policy"] == POLICY
