"""The web process answers: static files before any middleware, pages after all of it."""

from pathlib import Path
from typing import Any

import pytest
from asgiref.sync import async_to_sync
from asgiref.testing import ApplicationCommunicator
from axes.models import AccessAttempt

from seamark.site.handler import Handler, behind_proxies
from seamark.site.middleware import POLICY


@pytest.fixture
def handler(settings: Any, tmp_path: Path) -> Handler:
    (tmp_path / "mark.svg").write_text("<svg/>")
    settings.STATIC_ROOT = tmp_path
    return Handler()


@async_to_sync
async def answer(handler: Any, path: str, sent: bytes = b"", **more: Any) -> tuple[int, dict[str, str], bytes]:
    headers = [(b"host", b"localhost"), *more.pop("headers", ())]
    scope = {"type": "http", "method": "POST" if sent else "GET", "path": path, "query_string": b"", "headers": headers}

    async def application(scope: Any, receive: Any, send: Any) -> None:
        await handler(scope, receive, send)

    talk = ApplicationCommunicator(application, scope | more)
    await talk.send_input({"type": "http.request", "body": sent})
    begun = await talk.receive_output(timeout=60)
    body: dict[str, Any] = await talk.receive_output(timeout=60)
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


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(("comes_from", "counted"), [("10.0.0.7", "203.0.113.9"), ("198.51.100.1", "198.51.100.1")])
def test_a_browsers_address_is_told_by_our_proxy_alone(
    handler: Handler, settings: Any, comes_from: str, counted: str
) -> None:
    settings.PROXIES = ["10.0.0.7"]
    token = b"a" * 32
    headers = [
        (b"x-forwarded-for", b"192.0.2.1, 203.0.113.9"),
        (b"content-type", b"application/x-www-form-urlencoded"),
        (b"cookie", b"seamark_csrf=" + token),
    ]
    form = b"login=li%40example.com&password=wrong&csrfmiddlewaretoken=" + token
    answer(behind_proxies(handler), "/account/login/", form, headers=headers, client=(comes_from, 4711))
    assert AccessAttempt.objects.get().ip_address == counted
