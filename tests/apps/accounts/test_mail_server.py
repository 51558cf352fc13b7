"""Notices go through a real SMTP server, over TLS and signed in, whatever that server answers."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from email.utils import formatdate
from pathlib import Path
from threading import Barrier, Thread
from typing import Any

import httpx
import pytest
from django.db import connection
from pytest_django import Settings
from time_machine import TimeMachineFixture as Clock

from seamark.apps.accounts import mailing, notices
from seamark.apps.accounts.mailing import mail_notices
from seamark.apps.accounts.models import Mail, Member, Notice
from seamark.site import environment
from seamark.site.status import status_now
from tests.apps.accounts.test_pages import signed_in
from tests.apps.conftest import Cast
from tests.browser.serving import serving
from tests.mail_server import HANGS_UP, MailServer, mail_server


@pytest.fixture
def clock(time_machine: Clock) -> Clock:
    """It stands, unless it is shifted; it begins with the database's, which it cannot shift."""
    time_machine.move_to(datetime.now(UTC).replace(microsecond=0), tick=False)
    return time_machine


@pytest.fixture
def scheme() -> str:
    return "smtp"


@pytest.fixture
def server(
    scheme: str, cast: Cast, clock: Clock, settings: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[MailServer]:
    """A mail server is set up, which Alice and Bob want to hear from."""
    with mail_server(tmp_path, scheme=scheme) as server:
        monkeypatch.setenv("SSL_CERT_FILE", str(server.certificate))
        settings.CAN_MAIL = environment.mail_server(server.address)
        for name, value in settings.CAN_MAIL.items():
            setattr(settings, name, value)
        settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
        settings.DEFAULT_FROM_EMAIL = "Seamark <desk@example.com>"
        settings.SITE_URL = "https://desk.example.com"
        yield server


def tell(clock: Clock, *members: Member, key: str = "one") -> None:
    """They were told, and did not see it."""
    notices.tell(members, Notice.Kind.MENTIONED, text=lambda: f"Told of {key}", href=f"/inbox/?{key}", key=key)
    clock.shift(mailing.TIME_TO_SEE)


def to(server: MailServer) -> list[str]:
    return [each["To"] for each in server.mails]


@pytest.mark.parametrize("scheme", ["smtp", "smtps"])
def test_a_mail_says_what_it_has_to(cast: Cast, clock: Clock, server: MailServer):
    Member.objects.filter(pk=cast.bob.pk).update(language="zh-hans")
    tell(clock, cast.alice, cast.bob)
    tell(clock, Member.objects.get(pk=cast.bob.pk), key="two")
    assert mail_notices() == 2
    assert server.sessions == 1
    alice, bob = sorted(server.mails, key=lambda mail: mail["To"])
    assert (alice["From"], alice["Subject"]) == ("Seamark <desk@example.com>", "Told of one")
    assert alice["Date"] == formatdate()
    assert alice["Message-ID"].endswith("@desk.example.com>")
    assert alice["Message-ID"] != bob["Message-ID"]
    assert alice["Auto-Submitted"] == "auto-generated"
    assert alice["List-Unsubscribe"] == "<https://desk.example.com/settings/#notices-by-mail>"
    assert alice.get_content().startswith("Told of one\nhttps://desk.example.com/inbox/?one\n\n-- \n")
    assert bob["Subject"] == "2 条通知"
    assert "Told of two\nhttps://desk.example.com/inbox/?two" in bob.get_content()


def test_a_server_that_refuses_the_sign_in_is_asked_seldom_and_the_operator_sees_it(
    cast: Cast, clock: Clock, server: MailServer, caplog: pytest.LogCaptureFixture
):
    server.answers = {"AUTH": "535 5.7.8 desk@example.com is not known"}
    tell(clock, cast.alice, cast.bob)
    assert [mail_notices() for _ in range(3)] == [1, 0, 0]
    assert status_now()["mails_held_up"] == 2
    assert [(each.message, each.answer) for each in caplog.records] == [("mail.put_off", "535 5.7.8")]
    assert "example.com" not in str(vars(caplog.records[0]))
    clock.shift(timedelta(minutes=5))
    assert [mail_notices(), server.sessions] == [1, 2]
    clock.shift(timedelta(minutes=9))
    assert [mail_notices(), server.sessions] == [0, 2]
    server.answers = {}
    clock.shift(timedelta(minutes=1))
    assert mail_notices() == 2
    assert sorted(to(server)) == ["alice@example.com", "bob@example.com"]
    assert status_now()["mails_held_up"] == 0


@pytest.mark.parametrize(
    ("answers", "answer"),
    [
        ({"EHLO": HANGS_UP}, "SMTPServerDisconnected"),
        ({"STARTTLS": "454 4.7.0 not now"}, "454 4.7.0"),
        ({"MAIL": "550 5.7.1 not from you"}, "550 5.7.1"),
    ],
)
def test_a_server_that_takes_nothing_holds_all_up(
    cast: Cast, clock: Clock, server: MailServer, answers: dict[str, str], answer: str
):
    server.answers = answers
    tell(clock, cast.alice, cast.bob)
    assert mail_notices() == 1
    assert Mail.objects.get(is_held_up=True).answer == answer
    assert status_now()["mails_held_up"] == 2


def test_a_server_that_keeps_silent_is_not_waited_for_for_ever(
    cast: Cast, clock: Clock, server: MailServer, settings: Settings
):
    assert settings.EMAIL_TIMEOUT == 10
    with socket.create_server(("localhost", 0)) as silent:
        settings.EMAIL_PORT, settings.EMAIL_TIMEOUT = silent.getsockname()[1], 0.1
        tell(clock, cast.alice)
        mail_notices()
    assert Mail.objects.get(is_held_up=True).answer == "SMTPServerDisconnected"


def test_nothing_is_told_to_a_server_that_is_not_who_it_says(
    cast: Cast, clock: Clock, server: MailServer, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.delenv("SSL_CERT_FILE")
    tell(clock, cast.alice)
    assert mail_notices() == 1
    assert Mail.objects.get().answer == "SSLCertVerificationError"
    assert not server.mails


def test_an_address_refused_for_good_gets_nothing_for_a_day_and_the_others_do(
    cast: Cast, clock: Clock, server: MailServer, caplog: pytest.LogCaptureFixture
):
    server.answers = {"RCPT alice@": "550 5.1.1 <alice@example.com> is nobody"}
    tell(clock, cast.alice, cast.bob)
    assert mail_notices() == 2
    assert to(server) == ["bob@example.com"]
    assert status_now()["mails_failed"] == 1
    assert [(each.message, each.member, each.answer) for each in caplog.records] == [
        ("mail.failed", cast.alice.pk, "550 5.1.1")
    ]
    assert "alice" not in str(vars(caplog.records[0]))
    shown = signed_in(cast.alice).get("/settings/").content.decode()
    assert "refused the last mail to you" in shown
    assert "550 5.1.1" in shown
    assert "refused the last mail" not in signed_in(cast.bob).get("/settings/").content.decode()
    shown = signed_in(cast.admin).get(f"/settings/members/{cast.alice.pk}/").content.decode()
    assert "refused the last mail to this address" in shown
    server.answers = {}
    tell(clock, cast.alice, key="two")
    clock.shift(timedelta(hours=23))
    assert mail_notices() == 0
    tell(clock, cast.alice, key="three")
    clock.shift(timedelta(hours=1))
    assert mail_notices() == 1
    assert "Told of three" in server.mails[-1].get_content()
    Mail.objects.update(settled_at=datetime.now(UTC) - timedelta(days=9))
    assert status_now()["mails_failed"] == 0


@pytest.mark.parametrize("where", ["RCPT alice@", "DATA", "."])
def test_a_mail_that_may_come_later_is_tried_again_after_growing_waits(
    cast: Cast, clock: Clock, server: MailServer, where: str
):
    server.answers = {where: "451 4.7.1 later"}
    tell(clock, cast.alice)
    began_at, tried_after = datetime.now(UTC), []
    while len(tried_after) < 7:
        if mail_notices():
            tried_after.append(round((datetime.now(UTC) - began_at) / timedelta(minutes=1)))
        clock.shift(timedelta(minutes=1))
    assert tried_after == [0, 5, 15, 35, 75, 135, 195]
    assert status_now()["mails_held_up"] == status_now()["mails_failed"] == 0
    server.answers = {}
    tell(clock, cast.alice, key="two")
    clock.shift(timedelta(hours=1))
    assert [mail_notices(), mail_notices()] == [1, 0]
    (mail,) = server.mails
    assert mail["Subject"] == "Told of one"
    clock.shift(timedelta(minutes=11))
    assert mail_notices() == 1
    assert server.mails[-1]["Subject"] == "Told of two"


def test_one_that_is_refused_later_holds_up_nobody_else(cast: Cast, clock: Clock, server: MailServer):
    server.answers = {"RCPT alice@": "450 4.2.0 later"}
    tell(clock, cast.alice, cast.bob)
    assert mail_notices() == 2
    assert to(server) == ["bob@example.com"]


def test_a_server_that_goes_away_in_the_middle_gets_it_again(cast: Cast, clock: Clock, server: MailServer):
    server.answers = {"RCPT alice@": HANGS_UP}
    tell(clock, cast.alice, cast.bob)
    assert mail_notices() == 2
    assert to(server) == ["bob@example.com"]
    server.answers = {}
    clock.shift(timedelta(minutes=5))
    assert mail_notices() == 1
    assert to(server) == ["bob@example.com", "alice@example.com"]


def test_when_nobody_knows_whether_it_left_it_goes_again_as_the_same_mail(cast: Cast, clock: Clock, server: MailServer):
    server.answers = {".": HANGS_UP}
    tell(clock, cast.alice)
    mail_notices()
    server.answers = {}
    clock.shift(timedelta(minutes=5))
    mail_notices()
    first, second = server.mails
    assert first["Message-ID"] == second["Message-ID"]
    assert first.get_content() == second.get_content()


def test_what_a_killed_worker_had_in_hand_is_not_lost(
    cast: Cast, clock: Clock, server: MailServer, monkeypatch: pytest.MonkeyPatch
):
    class Killed(BaseException):
        pass

    def killed(*_: object) -> None:
        raise Killed

    tell(clock, cast.alice, cast.bob)
    with monkeypatch.context() as patch:
        patch.setattr(mailing, "hand_over", killed)
        with pytest.raises(Killed):
            mail_notices()
    assert mail_notices() == 1, "the other one"
    clock.shift(timedelta(minutes=5))
    assert mail_notices() == 1
    assert sorted(to(server)) == ["alice@example.com", "bob@example.com"]


def test_what_was_seen_meanwhile_does_not_go(cast: Cast, clock: Clock, server: MailServer):
    server.answers = {"AUTH": "535 no"}
    tell(clock, cast.alice)
    tell(clock, cast.bob, key="two")
    mail_notices()
    notices.mark_read(cast.alice)
    Member.objects.filter(pk=cast.bob.pk).update(mailed_kinds=[])
    server.answers = {}
    clock.shift(timedelta(minutes=5))
    mail_notices()
    assert not server.mails
    assert not Mail.objects.exists()


def test_after_a_day_it_is_given_up_and_the_operator_sees_it(cast: Cast, clock: Clock, server: MailServer):
    server.answers = {"RCPT": "450 4.2.0 later"}
    tell(clock, cast.alice)
    for _ in range(30):
        mail_notices()
        clock.shift(timedelta(hours=1))
    assert (Mail.objects.get().state, Mail.objects.get().answer) == (Mail.State.GIVEN_UP, "450 4.2.0")
    assert status_now()["mails_failed"] == 1


@pytest.mark.django_db(transaction=True)
def test_two_workers_at_once_send_it_once(cast: Cast, clock: Clock, server: MailServer):
    tell(clock, cast.alice, cast.bob)
    both = Barrier(2)

    def work() -> None:
        both.wait()
        mail_notices()
        connection.close()

    workers = [Thread(target=work) for _ in range(2)]
    for each in workers:
        each.start()
    for each in workers:
        each.join()
    assert sorted(to(server)) == ["alice@example.com", "bob@example.com"]


def test_what_another_worker_sent_meanwhile_is_not_sent_again(
    cast: Cast, clock: Clock, server: MailServer, monkeypatch: pytest.MonkeyPatch
):
    save = Mail.save

    def save_too_late(mail: Mail, **options: Any) -> None:
        monkeypatch.setattr(Mail, "save", save)
        assert mail_notices() == 1, "by the other worker"
        save(mail, **options)

    tell(clock, cast.alice)
    monkeypatch.setattr(Mail, "save", save_too_late)
    mail_notices()
    assert to(server) == ["alice@example.com"]
    assert Mail.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_a_forgotten_password_is_mailed_for_or_the_page_says_that_it_is_not(cast: Cast, tmp_path: Path):
    with (
        mail_server(tmp_path) as server,
        serving(
            SEAMARK_SMTP=server.address, SEAMARK_MAIL_FROM="desk@example.com", SSL_CERT_FILE=str(server.certificate)
        ) as site,
        httpx.Client(base_url=site) as browser,
    ):
        there = "/account/password/reset/"
        browser.get(there)
        asked = {"email": "alice@example.com", "csrfmiddlewaretoken": browser.cookies["seamark_csrf"]}
        assert browser.post(there, data=asked).status_code == 302
        (mail,) = server.mails
        assert f"{site}/account/password/reset/key/" in mail.get_content()
        server.answers = {"AUTH": "535 5.7.8 no"}
        answer = browser.post(there, data=asked)
        assert (answer.status_code, "The mail could not be sent." in answer.text) == (503, True)
