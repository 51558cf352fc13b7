"""Notices in the page: the bell, what tells by it, and the first steps."""

from datetime import timedelta

import pytest
from django.utils import timezone
from django.utils.translation import gettext

from seamark.apps.accounts import notices
from seamark.apps.accounts.models import Member, Notice
from seamark.apps.contacts.models import Contact, Ownership
from seamark.apps.inbox.actions import write_note
from seamark.apps.inbox.models import Conversation
from seamark.apps.seas.warning import warn_owners
from tests.apps.accounts.test_pages import signed_in
from tests.apps.conftest import Cast, MakeContact, happened

COUNT, LIST = "/settings/notices/count/", "/settings/notices/"


def test_a_member_is_told_once_in_their_language_and_reading_is_kept(cast: Cast):
    Member.objects.filter(pk=cast.bob.pk).update(language="zh-hans")
    members = list(Member.objects.filter(pk__in=[cast.alice.pk, cast.bob.pk]))
    for _ in range(2):
        notices.tell(members, text=lambda: gettext("Contacts"), href="/contacts/", key="once")
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
