"""Notices in the page: the bell, what tells by it, and the first steps."""

from datetime import timedelta

import pytest
from django.core.mail import EmailMessage
from django.utils import timezone
from django.utils.translation import gettext
from pytest_django import Settings

from seamark.apps.accounts import notices
from seamark.apps.accounts.mail_choice import kinds_for
from seamark.apps.accounts.mailing import mail_notices
from seamark.apps.accounts.models import Mail, Member, Notice
from seamark.apps.contacts.models import Contact, Ownership
from seamark.apps.inbox.actions import write_note
from seamark.apps.inbox.models import Conversation
from seamark.apps.seas.warning import warn_owners
from seamark.site.worker import loops
from tests.apps.accounts.test_pages import signed_in
from tests.apps.conftest import Cast, MakeContact, happened

Kind = Notice.Kind
COUNT, LIST = "/settings/notices/count/", "/settings/notices/"


def test_a_member_is_told_once_in_their_language_and_reading_is_kept(cast: Cast):
    Member.objects.filter(pk=cast.bob.pk).update(language="zh-hans")
    members = list(Member.objects.filter(pk__in=[cast.alice.pk, cast.bob.pk]))
    for _ in range(2):
        notices.tell(members, Kind.MENTIONED, text=lambda: gettext("Contacts"), href="/contacts/", key="once")
    assert set(Notice.objects.values_list("member", "text")) == {(cast.alice.pk, "Contacts"), (cast.bob.pk, "客户")}
    alice = signed_in(cast.alice)
    assert alice.get(COUNT).content == b"1"
    assert 'href="/contacts/"' in alice.post(LIST).content.decode()
    assert alice.get(COUNT).content == b""
    assert signed_in(cast.bob).get(COUNT).content == b"1"
    assert signed_in(cast.charlie).get(COUNT).content == b""
    assert "/contacts/" not in signed_in(cast.charlie).post(LIST).content.decode()


def test_who_is_mentioned_is_told_and_nobody_else(cast: Cast, tiers: None):
    contact = happened(name="Wang")
    Contact.objects.filter(pk=contact.pk).update(team=cast.south, owner=cast.alice)
    talk = Conversation.objects.get(contact=contact)
    write_note(conversation=talk, text="@Bob look", mentioned=[cast.bob, cast.alice], by=cast.alice, once="one")
    notice = Notice.objects.get()
    assert notice.member == cast.bob
    assert notice.href == f"/inbox/{talk.pk}/"
    assert "Alice" in notice.text


def test_owners_are_warned_once_a_day_of_contacts_that_go_back(cast: Cast, make_contact: MakeContact, tiers: None):
    neglected, _fresh, of_charlie = make_contact(), make_contact(), make_contact(owner=cast.charlie, team=cast.north)
    long_ago = timezone.now() - timedelta(days=10)
    Ownership.objects.filter(contact__in=[neglected.pk]).update(followed_up_at=long_ago)
    assert warn_owners() == 1
    warn_owners()
    notice = Notice.objects.get()
    assert (notice.member, notice.text) == (cast.alice, "1 contact of yours goes back to the public sea soon")
    assert of_charlie.owner == cast.charlie


@pytest.mark.covers("G02")
def test_first_steps_tick_themselves_off_and_can_be_hidden(cast: Cast, make_contact: MakeContact, tiers: None):
    alice = signed_in(cast.alice)
    before = alice.get("/tour/").content.decode()
    assert before.count("is-done") == 0
    assert "Connect a channel" not in before
    contact = make_contact()
    alice.get(f"/contacts/{contact.pk}/")
    assert alice.get("/tour/").content.decode().count("is-done") == 2
    assert "Connect a channel" in signed_in(cast.admin).get("/tour/").content.decode()
    alice.post("/tour/hide/")
    assert alice.get("/tour/").content == b""


def tell(cast: Cast, key: str, kind: Notice.Kind = Kind.MENTIONED, ago: timedelta = timedelta(minutes=3)) -> None:
    """Alice and Bob, that long ago."""
    notices.tell([cast.alice, cast.bob], kind, text=lambda: f"Told of {key}", href=f"/contacts/?{key}", key=key)
    Notice.objects.filter(key=key).update(told_at=timezone.now() - ago)


def test_unseen_notices_come_in_one_mail_to_who_wants_their_kind(cast: Cast, mailoutbox: list[EmailMessage]):
    Member.objects.filter(pk=cast.bob.pk).update(mailed_kinds=[])
    tell(cast, "one")
    tell(cast, "two")
    tell(cast, "three", Kind.GOING_BACK)
    assert mail_notices() == 1
    assert mail_notices() == 0
    (sent,) = mailoutbox
    assert (sent.to, sent.subject) == ([cast.alice.email], "2 notices")
    assert "three" not in sent.body


def test_seen_or_fresh_notices_are_not_mailed(cast: Cast, mailoutbox: list[EmailMessage]):
    tell(cast, "fresh", ago=timedelta(seconds=30))
    assert mail_notices() == 0
    Notice.objects.update(told_at=timezone.now() - timedelta(minutes=5), read_at=timezone.now())
    assert mail_notices() == 0
    assert not mailoutbox


def test_a_second_mail_waits(cast: Cast, mailoutbox: list[EmailMessage]):
    tell(cast, "one")
    assert mail_notices() == 2
    tell(cast, "two")
    assert mail_notices() == 0, "the last mail went a moment ago"
    Mail.objects.update(settled_at=timezone.now() - timedelta(minutes=11))
    assert mail_notices() == 2
    assert {each.subject for each in mailoutbox[2:]} == {"Told of two"}


def test_who_has_left_gets_no_mail(cast: Cast, mailoutbox: list[EmailMessage]):
    tell(cast, "one")
    Member.objects.update(is_active=False)
    assert mail_notices() == 0


def test_a_name_of_two_lines_makes_a_subject_of_one(cast: Cast, mailoutbox: list[EmailMessage]):
    tell(cast, "one\nBcc: mallory@example.com")
    mail_notices()
    assert mailoutbox[0].subject == "Told of one Bcc: mallory@example.com"


def test_nothing_looks_for_mails_where_no_server_is_set(settings: Settings):
    settings.CAN_MAIL = {}
    assert "mails" not in [each.name for each in loops()]
    settings.CAN_MAIL = {"EMAIL_HOST": "mail.example.com"}
    assert "mails" in [each.name for each in loops()]


def test_old_notices_go_and_their_mails(cast: Cast):
    tell(cast, "old", ago=timedelta(days=91))
    tell(cast, "new", ago=timedelta(days=89))
    Mail.objects.create(member=cast.alice, next_at=timezone.now())
    Mail.objects.update(made_at=timezone.now() - timedelta(days=91))
    notices.prune()
    assert set(Notice.objects.values_list("key", flat=True)) == {"new"}
    assert not Mail.objects.exists()


CHOICE = "/settings/notices/mail/"


def test_a_member_chooses_by_kind_what_comes_by_mail(cast: Cast, settings: Settings):
    settings.CAN_MAIL = {"EMAIL_HOST": "mail.example.com"}
    bob = signed_in(cast.bob)
    shown = bob.get("/settings/").content.decode()
    assert 'value="mentioned" checked' in shown
    assert 'value="going-back">' in shown
    assert 'value="shares' not in shown, "he sees no whole teams"
    assert 'value="no-rate' not in shown
    assert "Saved." in bob.post(CHOICE, {"kinds": ["going-back", "nonsense"]}).content.decode()
    assert 'value="going-back" checked' in bob.get("/settings/").content.decode()
    assert Member.objects.get(pk=cast.bob.pk).mailed_kinds == ["going-back", "no-rate"], "what is not shown stays"
    assert Member.objects.get(pk=cast.charlie.pk).mailed_kinds == ["mentioned", "handed-over", "no-rate"]


def test_each_chooses_among_what_their_roles_bring(cast: Cast):
    shown = {member.name: kinds_for(member) for member in (cast.alice, cast.admin, cast.boss)}
    assert shown == {
        "Alice": [Kind.MENTIONED, Kind.HANDED_OVER, Kind.GOING_BACK],
        "Ada": [Kind.MENTIONED, Kind.NO_RATE],
        "Hugo": list(Kind),
    }


def test_without_a_mail_server_nothing_is_to_be_switched(cast: Cast):
    shown = signed_in(cast.bob).get("/settings/").content.decode()
    assert "No mail server is set up here" in shown
    assert " disabled><legend" in shown
