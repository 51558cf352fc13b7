"""Files by WhatsApp: what contacts send is fetched until it is here, and what members send goes as it may."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone

from seamark.apps.accounts.models import Member
from seamark.apps.channels import coming, outbox
from seamark.apps.channels.errors import SendError
from seamark.apps.channels.models import ComingFile, OutboxMessage, StoredFile
from seamark.apps.contacts.models import Contact
from seamark.apps.inbox.models import Conversation
from seamark.apps.integrations.whatsapp import media
from seamark.apps.timeline import intake
from seamark.apps.timeline.models import Event
from tests.apps.conftest import Cast
from tests.apps.integrations.whatsapp.standin import Refused, StandIn, body_of, deliver
from tests.apps.integrations.whatsapp.test_templates import NOON

pytestmark = [pytest.mark.usefixtures("tiers", "folder"), pytest.mark.covers("D01")]
PNG = b"\x89PNG\r\n\x1a\n" + b"0" * 20
OGG = b"OggS" + b"0" * 20


@pytest.fixture(autouse=True)
def noon(time_machine):
    time_machine.move_to(NOON, tick=False)


@pytest.fixture
def folder(settings, tmp_path: Path) -> Path:
    settings.FILES = tmp_path
    return tmp_path


def signed_in(member: Member) -> Client:
    client = Client()
    client.force_login(member)
    return client


def received(
    client: Client, cast: Cast, platform: StandIn, address: str, form="image", body=PNG, kind="image/png", **more
):
    """Wang, whom Alice owns, sends a file; returns its row."""
    deliver(client, address, body_of([platform.sent_file(form, body, kind, **more)]))
    intake.handle_waiting()
    Contact.objects.update(owner=cast.alice)
    return ComingFile.objects.get()


@pytest.fixture
def picture(client, cast, platform, address) -> ComingFile:
    return received(client, cast, platform, address, caption="like this one")


def talk_page(member: Member) -> str:
    return signed_in(member).get(f"/inbox/{Conversation.objects.get().pk}/").content.decode()


def test_a_picture_is_told_of_at_once_and_shown_when_it_is_here(cast, picture):
    assert "like this one" in talk_page(cast.alice)
    assert "being fetched" in talk_page(cast.alice)
    assert coming.fetch_due() == 1
    assert coming.fetch_due() == 0
    stored = StoredFile.objects.get()
    assert (stored.kind, stored.is_sent, stored.by) == ("image/png", True, None)
    page = talk_page(cast.alice)
    assert f'<img src="/files/{stored.token}/"' in page
    assert "being fetched" not in page
    assert signed_in(cast.alice).get(f"/files/{stored.token}/").content == PNG
    assert (
        f"/files/{stored.token}/"
        in signed_in(cast.alice).get(f"/contacts/{picture.identity.contact_id}/").content.decode()
    )


def test_charlie_gets_neither_the_file_nor_its_place(cast, picture):
    coming.fetch_due()
    event = Event.objects.get()
    for address in (f"/files/of/{event.pk}/", f"/files/{StoredFile.objects.get().token}/"):
        assert signed_in(cast.charlie).get(address).status_code == 404
        assert signed_in(cast.alice).get(address).status_code == 200
    assert signed_in(cast.charlie).post(f"/files/of/{event.pk}/").status_code == 404


@pytest.mark.parametrize(
    ("form", "body", "kind", "more", "kept"),
    [
        ("audio", OGG, "audio/ogg; codecs=opus", {"voice": True}, ("audio/ogg", "audio.ogg")),
        ("audio", b"\0\0\0 ftypisom" + b"0" * 9, "audio/mp4", {}, ("audio/mp4", "audio.m4a")),
        ("audio", b"#!AMR\n" + b"0" * 9, "audio/amr", {}, ("audio/amr", "audio.amr")),
        ("sticker", b"RIFF0000WEBP", "image/webp", {"animated": False}, ("image/webp", "image.webp")),
        ("document", b"%PDF-1.7", "application/pdf", {"filename": "offer.pdf"}, ("application/pdf", "offer.pdf")),
        ("document", b"<html>", "text/html", {"filename": "../x.html"}, ("text/plain", "x.html.txt")),
        (
            "document",
            b"MZ\0\1",
            "application/x-msdownload",
            {"filename": "setup.exe"},
            ("application/octet-stream", "setup.exe.bin"),
        ),
    ],
)
def test_whatever_it_is_it_is_kept_under_what_its_bytes_say(
    client, cast, platform, address, form, body, kind, more, kept
):
    received(client, cast, platform, address, form, body, kind, **more)
    coming.fetch_due()
    stored = StoredFile.objects.get()
    assert (stored.kind, stored.name) == kept


@pytest.mark.parametrize("code", [131000, 190, 130429])
def test_a_file_that_cannot_be_had_now_is_tried_again(picture, platform, time_machine, code):
    platform.refuse_with = [Refused(400, code)]
    coming.fetch_due()
    picture.refresh_from_db()
    assert (picture.state, picture.error_code, picture.next_at) == ("waiting", str(code), NOON + timedelta(seconds=5))
    time_machine.move_to(picture.next_at, tick=False)
    coming.fetch_due()
    picture.refresh_from_db()
    assert picture.state == "stored"


def test_an_address_that_ran_out_is_asked_for_anew(picture, platform, time_machine, monkeypatch):
    place = StandIn._place
    monkeypatch.setattr(
        StandIn, "_place", lambda self, id: {**place(self, id), "url": f"{self.address}/files/{id}?until=0"}
    )
    coming.fetch_due()
    monkeypatch.undo()
    picture.refresh_from_db()
    assert (picture.state, picture.error_code) == ("waiting", "http-404")


def test_a_file_that_came_damaged_is_not_kept(picture, platform):
    platform.damages = True
    coming.fetch_due()
    picture.refresh_from_db()
    assert (picture.state, picture.error_code) == ("waiting", "damaged")
    assert not StoredFile.objects.exists()


def test_the_token_goes_to_no_foreign_address(picture, monkeypatch):
    known = {"url": "http://elsewhere.example.com/files/1", "file_size": 1}
    monkeypatch.setattr(media, "asked", lambda *asked: known)
    coming.fetch_due()
    picture.refresh_from_db()
    assert (picture.state, picture.error_code) == ("failed", "foreign-address")


def test_a_file_that_is_too_large_is_said_and_not_fetched(client, cast, platform, address, settings):
    settings.RECEIVED_MEGABYTES = 1
    row = received(client, cast, platform, address, body=PNG + b"0" * 2**20)
    coming.fetch_due()
    row.refresh_from_db()
    assert (row.state, row.error_code) == ("failed", "size")
    assert "larger than is fetched" in talk_page(cast.alice)


def test_a_file_that_is_gone_is_said(cast, picture, platform):
    platform.media.clear()
    coming.fetch_due()
    assert "the platform keeps it no more" in talk_page(cast.alice)


def test_a_file_that_could_not_be_had_is_asked_for_again(cast, picture, platform):
    platform.refuse_with = [Refused(400, 131009)]
    coming.fetch_due()
    assert "could not be had from the platform (131009)" in talk_page(cast.alice)
    address = f"/files/of/{Event.objects.get().pk}/"
    assert "being fetched" in signed_in(cast.alice).post(address).content.decode()
    assert coming.fetch_due() == 1
    assert "<img" in signed_in(cast.alice).get(address).content.decode()


def test_after_a_week_it_is_no_longer_tried(picture, platform, time_machine):
    time_machine.move_to(NOON + coming.KEPT_THERE, tick=False)
    platform.refuse_with = [Refused(400, 131000)]
    coming.fetch_due()
    picture.refresh_from_db()
    assert picture.state == "failed"


def test_what_a_killed_worker_had_in_hand_is_fetched_by_the_next(picture, time_machine):
    assert coming._take()
    assert coming.fetch_due() == 0
    time_machine.move_to(NOON + coming.LEASE, tick=False)
    assert coming.fetch_due() == 1


def test_a_worker_that_was_too_slow_overrules_nobody(picture, platform, time_machine):
    slow = coming._take()
    time_machine.move_to(NOON + coming.LEASE, tick=False)
    coming.fetch_due()
    coming._note_failure(slow, SendError("slow", permanent=True))
    coming._settle(slow)
    picture.refresh_from_db()
    assert picture.state == "stored"


def test_a_delivery_that_comes_twice_is_one_file(client, cast, platform, address):
    told = platform.sent_file("image", PNG, "image/png")
    for values in ([told], [told, told]):
        deliver(client, address, body_of(values))
        intake.handle_waiting()
    assert ComingFile.objects.count() == 1


# --- out


def send(cast: Cast, *files: tuple[str, bytes], text: str = "", once: str = "a word"):
    uploads = [SimpleUploadedFile(name, content) for name, content in files]
    talk = Conversation.objects.get()
    form = {"text": text, "once": once, "seen": "0", "files": uploads}
    answer = signed_in(cast.alice).post(f"/inbox/{talk.pk}/messages/", form)
    while outbox.send_due():
        pass
    return answer


def taken(platform: StandIn) -> list[tuple[str, dict[str, str]]]:
    return [(each["type"], {k: v for k, v in each[each["type"]].items() if k != "id"}) for each in platform.taken]


def test_each_file_is_a_message_and_the_text_goes_with_the_first(cast, platform, picture):
    assert send(cast, ("a.png", PNG), ("price.pdf", b"%PDF-1.7"), text="As promised").status_code == 200
    assert taken(platform) == [("image", {"caption": "As promised"}), ("document", {"filename": "price.pdf"})]
    assert platform.media[platform.taken[0]["image"]["id"]] == (PNG, "image/png")
    assert "As promised" in talk_page(cast.alice)
    send(cast, ("a.png", PNG), ("price.pdf", b"%PDF-1.7"), text="As promised")
    assert OutboxMessage.objects.count() == 2


@pytest.mark.parametrize(("name", "content", "text"), [("a.ogg", OGG, "listen"), ("a.png", PNG, "x" * 1025)])
def test_a_text_that_does_not_fit_there_goes_before(cast, platform, picture, name, content, text):
    send(cast, (name, content), text=text)
    assert platform.taken[0]["text"]["body"] == text
    assert len(platform.taken) == 2


@pytest.mark.parametrize(
    ("name", "content", "says"),
    [
        ("a.gif", b"GIF89a0000", "does not take “a.gif”"),
        ("a.webp", b"RIFF0000WEBP", "does not take “a.webp”"),
        ("a.png", PNG + b"0" * 5 * 2**20, "only up to 5 MB"),
    ],
)
def test_what_whatsapp_would_refuse_is_said_before(cast, picture, name, content, says):
    answer = send(cast, (name, content), text="look")
    assert answer.status_code == 422
    assert says in answer.content.decode()
    assert not StoredFile.objects.exists()
    assert not OutboxMessage.objects.exists()


def test_limits_stand_in_the_box(cast, picture):
    assert "JPEG and PNG up to 5 MB" in talk_page(cast.alice)


def test_an_upload_that_fails_is_tried_again(cast, platform, picture, time_machine):
    platform.refuse_with = [Refused(500, 131016)]
    send(cast, ("a.png", PNG))
    assert platform.taken == []
    message = OutboxMessage.objects.get()
    assert (message.state, message.error_code) == ("queued", "131016")
    time_machine.move_to(timezone.now() + timedelta(seconds=5), tick=False)
    outbox.send_due()
    assert taken(platform) == [("image", {})]


def test_a_file_that_the_platform_does_not_take_fails_with_its_code(cast, platform, picture):
    platform.refuse_with = [Refused(400, 131053)]
    send(cast, ("a.png", PNG))
    message = OutboxMessage.objects.get()
    assert (message.state, message.error_code) == ("failed", "131053")


def test_two_files_keep_their_order_when_the_first_must_be_tried_again(cast, platform, picture, time_machine):
    platform.refuse_with = [Refused(500, 131016)]
    send(cast, ("a.png", PNG), ("b.pdf", b"%PDF-1.7"))
    assert platform.taken == []
    time_machine.move_to(timezone.now() + timedelta(seconds=30), tick=False)
    for _ in range(3):
        outbox.send_due()
    assert [form for form, _ in taken(platform)] == ["image", "document"]
