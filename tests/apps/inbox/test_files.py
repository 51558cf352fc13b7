"""Files with notes and messages: what is taken, who gets it, and that it never runs."""

from __future__ import annotations

import io
import zipfile
from datetime import timedelta
from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone

from seamark.apps.channels.files import sweep_unsent
from seamark.apps.channels.models import OutboxMessage, StoredFile
from seamark.apps.inbox.models import Conversation
from seamark.apps.timeline.models import Event
from tests.apps.conftest import Cast
from tests.apps.inbox.conftest import page, send_all, signed_in

pytestmark = [pytest.mark.usefixtures("tiers", "folder"), pytest.mark.covers("F02")]
PNG = b"\x89PNG\r\n\x1a\n" + b"0" * 20


@pytest.fixture
def folder(settings: object, tmp_path: Path) -> Path:
    settings.FILES = tmp_path  # type: ignore[attr-defined]
    return tmp_path


def send(talk: Conversation, cast: Cast, *files: tuple[str, bytes], **told: str):
    uploads = [SimpleUploadedFile(name, content) for name, content in files]
    form = {"text": "", "once": "a word", "seen": "0", "files": uploads} | told
    return signed_in(cast.alice).post(f"/inbox/{talk.pk}/messages/", form)


def docx() -> bytes:
    written = io.BytesIO()
    with zipfile.ZipFile(written, "w") as archive:
        archive.writestr(zipfile.ZipInfo("word/document.xml"), "<w/>")
    return written.getvalue()


def test_a_file_goes_with_a_message_and_is_got_as_a_download(talk: Conversation, cast: Cast):
    assert send(talk, cast, ("price list.png", PNG)).status_code == 200
    send_all()
    stored = StoredFile.objects.get()
    assert Event.objects.get(kind="message.sent").props["files"][0]["name"] == "price list.png"
    assert f"/files/{stored.token}/" in page(cast.alice, f"/inbox/{talk.pk}/")
    answer = signed_in(cast.alice).get(f"/files/{stored.token}/")
    assert (answer.content, answer["Content-Type"]) == (PNG, "image/png")
    assert answer["Content-Disposition"].startswith("attachment")
    assert answer["Content-Security-Policy"] == "sandbox; default-src 'none'"
    assert answer["X-Content-Type-Options"] == "nosniff"


def test_charlie_gets_no_file_of_alices_contact(talk: Conversation, cast: Cast):
    send(talk, cast, ("a.png", PNG), **{"as": "note"})
    address = f"/files/{StoredFile.objects.get().token}/"
    assert signed_in(cast.charlie).get(address).status_code == 404
    assert signed_in(cast.boss).get(address).status_code == 200


@pytest.mark.parametrize(
    ("name", "content", "kind", "shown"),
    [
        ("run.html", PNG, "image/png", "run.html.png"),
        ("../../etc/pass.txt", b"plain \xe4\xb8\xad", "text/plain", "pass.txt"),
        ("page.html", b"<script>alert(1)</script>", "text/plain", "page.html.txt"),
        ("offer.docx", docx(), "application/vnd.openxmlformats-officedocument.wordprocessingml.document", "offer.docx"),
    ],
)
def test_what_a_file_is_its_bytes_say(
    talk: Conversation, cast: Cast, folder: Path, name: str, content: bytes, kind: str, shown: str
):
    send(talk, cast, (name, content), **{"as": "note"})
    stored = StoredFile.objects.get()
    assert (stored.kind, stored.name) == (kind, shown)
    assert [path.name for path in folder.rglob("*") if path.is_file()] == [stored.token]


@pytest.mark.parametrize(
    "files",
    [
        [("virus.exe", b"MZ\x90\x00\x03")],
        [("empty.txt", b"")],
        [("large.png", PNG + b"0" * 2**20)],
        [("archive.docx", b"PK\x03\x04 nothing")],
        [(f"{place}.png", PNG) for place in range(6)],
        [],
    ],
)
def test_other_files_are_refused(talk: Conversation, cast: Cast, settings: object, files: list[tuple[str, bytes]]):
    settings.FILE_MEGABYTES = 1  # type: ignore[attr-defined]
    assert send(talk, cast, *files).status_code == 422
    assert not OutboxMessage.objects.exists()


def test_files_of_a_refused_message_are_swept_and_others_stay(talk: Conversation, cast: Cast, folder: Path):
    send(talk, cast, ("sent.png", PNG))
    send(talk, cast, ("noted.png", PNG), once="another", **{"as": "note"})
    send(talk, cast, ("kept.png", PNG), ("virus.exe", b"MZ\x90\x00"), once="a third")
    StoredFile.objects.update(stored_at=timezone.now() - timedelta(hours=25))
    assert sweep_unsent() == 1
    assert set(StoredFile.objects.values_list("name", flat=True)) == {"sent.png", "noted.png"}
    assert len([path for path in folder.rglob("*") if path.is_file()]) == 2


def test_an_event_that_names_files_in_another_shape_shows_none(talk: Conversation, cast: Cast):
    Event.objects.update(props={"text": "how much?", "files": [{"token": "../x", "size": 1}, "no"]})
    assert "how much?" in page(cast.alice, f"/inbox/{talk.pk}/")


def test_a_visitor_gets_what_was_sent_and_no_note(talk: Conversation, cast: Cast, client: Client):
    send(talk, cast, ("for you.png", PNG))
    send(talk, cast, ("for us.png", PNG), once="another", **{"as": "note"})
    sent, noted = (StoredFile.objects.get(name=name).token for name in ("for you.png", "for us.png"))
    assert client.get(f"/chat/{talk.source}/files/{sent}").content == PNG
    assert client.get(f"/chat/{talk.source}/files/{noted}").status_code == 404
    assert client.get("/chat/another/files/" + sent).status_code == 404
