"""Files from visitors: stored before they are answered, once, named by a message, and swept where none names them."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone

from seamark.apps.channels.actions import add_channel
from seamark.apps.channels.files import sweep_unsent
from seamark.apps.channels.models import Channel, StoredFile
from seamark.apps.contacts.models import Contact
from seamark.apps.inbox.models import Conversation
from seamark.apps.integrations.webchat import uploads
from seamark.apps.timeline import intake
from seamark.apps.timeline.models import Event
from tests.apps.conftest import Cast
from tests.apps.inbox.conftest import signed_in

pytestmark = [pytest.mark.usefixtures("tiers"), pytest.mark.covers("D03")]

TOKEN = "a token that a browser keeps 0123456789"
OTHER = "another token that a browser keeps 012345"
PNG = b"\x89PNG\r\n\x1a\n" + b"0" * 20
Send = Callable[..., Any]


@pytest.fixture
def folder(settings: Any, tmp_path: Path) -> Path:
    settings.FILES = tmp_path
    return tmp_path


@pytest.fixture
def channel(cast: Cast, folder: Path) -> Channel:
    return add_channel(kind="webchat", name="Shop", team=cast.south, by=cast.admin)


@pytest.fixture
def upload(channel: Channel) -> Send:
    def sent(content: bytes = PNG, name: str = "cup.png", id: str = "file-0001", token: str = TOKEN) -> Any:
        form = {"id": id, "file": SimpleUploadedFile(name, content)}
        address = f"/chat/{channel.source_id}/files"
        return Client().post(address, form, headers={"Authorization": f"Bearer {token}"})

    return sent


@pytest.fixture
def write(channel: Channel) -> Send:
    def written(files: list[str], text: str = "", id: str = "message-1", token: str = TOKEN) -> Any:
        body = json.dumps({"id": id, "text": text, "files": files})
        headers = {"Authorization": f"Bearer {token}"}
        address = f"/chat/{channel.source_id}/messages"
        answer = Client().post(address, body, content_type="application/json", headers=headers)
        intake.handle_waiting()
        return answer

    return written


def test_a_file_comes_with_a_message_and_is_read_at_the_desk(upload: Send, write: Send, cast: Cast, channel: Channel):
    answer = upload()
    assert answer.status_code == 202
    assert write([answer.json()["token"]]).status_code == 202
    props = Event.objects.get(kind="message.received").props
    assert props["files"] == [{"token": answer.json()["token"], "name": "cup.png", "type": "image/png", "size": 28}]
    assert "text" not in props
    Contact.objects.update(owner=cast.alice)
    assert Conversation.objects.get().last_form == "document"
    for member, status in ((cast.alice, 200), (cast.charlie, 404)):
        assert signed_in(member).get(f"/files/{answer.json()['token']}/").status_code == status


def test_a_visitor_sees_the_file_again_and_nobody_before_it_is_sent(upload: Send, write: Send, channel: Channel):
    token = upload().json()["token"]
    address = f"/chat/{channel.source_id}/files/{token}"
    assert Client().get(address).status_code == 404
    write([token])
    assert Client().get(address).content == PNG
    assert Client().get(address)["Content-Security-Policy"] == "sandbox; default-src 'none'"


def test_a_file_sent_again_is_one(upload: Send, folder: Path):
    assert upload().json() == upload().json()
    assert StoredFile.objects.count() == 1
    assert len([path for path in folder.rglob("*") if path.is_file()]) == 1


@pytest.mark.parametrize(
    ("content", "name", "code"),
    [
        (b"MZ\x90\x00\x03", "virus.exe", "kind"),
        (b"", "empty.png", "size"),
        (PNG + b"0" * 2**20, "large.png", "size"),
        (PNG + b"0" * 2**21, "larger.png", "size"),
    ],
)
def test_other_files_are_refused_with_a_reason(
    upload: Send, folder: Path, settings: Any, content: bytes, name: str, code: str
):
    settings.FILE_MEGABYTES = 1
    answer = upload(content, name)
    assert (answer.status_code, answer.json()["code"]) in {(413, code), (422, code)}
    assert not [path for path in folder.rglob("*") if path.is_file()]


def test_nobody_sends_what_another_visitor_sent(upload: Send, write: Send):
    token = upload().json()["token"]
    answer = write([token], token=OTHER)
    assert (answer.status_code, answer.json()["code"]) == (422, "gone")
    assert not Event.objects.exists()


def test_a_message_has_a_few_files_at_most_and_says_something(write: Send):
    assert write([]).status_code == 422
    assert write(["x" * 24] * 6, "hi").status_code == 422
    assert write(["x" * 24 + "\x00"], "hi").status_code == 422


def test_who_sends_too_many_files_waits(upload: Send, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(uploads, "FILES_A_DAY", 12)
    answers = [upload(id=f"file-{place:04}").status_code for place in range(11)]
    assert answers == [202] * 10 + [429]
    answers = [upload(id="file-0001", token=f"{OTHER}{place}").status_code for place in range(3)]
    assert answers == [202, 202, 429]


def test_a_chat_takes_no_files_where_its_channel_says_so(upload: Send, channel: Channel):
    headers = {"Authorization": f"Bearer {TOKEN}"}
    assert Client().get(f"/chat/{channel.source_id}/session", headers=headers).json()["files"]["most"] == 5
    Channel.objects.update(options={"files": "no"})
    assert upload().status_code == 403
    assert Client().get(f"/chat/{channel.source_id}/session", headers=headers).json()["files"] is None


def test_what_no_message_names_is_swept_after_a_day(upload: Send, write: Send, folder: Path):
    sent, unsent, fresh = (upload(id=f"file-{place:04}").json()["token"] for place in range(3))
    write([sent])
    StoredFile.objects.exclude(pk=fresh).update(stored_at=timezone.now() - timedelta(hours=25))
    assert sweep_unsent() == 1
    assert {path.name for path in folder.rglob("*") if path.is_file()} == {sent, fresh}
    assert write([unsent], id="message-2").json()["code"] == "gone"
