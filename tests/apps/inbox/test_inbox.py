"""The inbox's lists and panes: who sees what, and what is done with a conversation."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from pytest_django.fixtures import DjangoAssertNumQueries

from seamark.apps.accounts.models import Deed, Member, Notice, Post
from seamark.apps.channels.models import Channel, OutboxMessage
from seamark.apps.channels.reasons import Reason
from seamark.apps.contacts.models import Contact
from seamark.apps.desk import finding
from seamark.apps.inbox import queries
from seamark.apps.inbox.actions import assign_conversation, write_note
from seamark.apps.inbox.models import Conversation
from seamark.apps.inbox.queries import PAGE, attention_to
from seamark.apps.timeline.models import Event
from tests.apps.conftest import Cast
from tests.apps.inbox.conftest import page, said, send_all, signed_in

pytestmark = [pytest.mark.usefixtures("tiers"), pytest.mark.covers("D03", "F02")]
State = Conversation.State


def post(member: Member, talk: Conversation, deed: str, **told: object):
    return signed_in(member).post(f"/inbox/{talk.pk}/{deed}/", told)


def write(member: Member, talk: Conversation, text: str, **told: object):
    return post(member, talk, "messages", **{"text": text, "once": f"{member.pk} {text}", "seen": 0} | told)


def test_a_conversation_is_listed_where_it_belongs(talk: Conversation, cast: Cast):
    assert "Wang" in page(cast.alice)
    assert "how much?" in page(cast.alice)
    assert "Wang" not in page(cast.boss)
    assert "Wang" in page(cast.boss, "/inbox/?list=all")
    Contact.objects.update(owner=None)
    assert "Wang" in page(cast.bob, "/inbox/?list=unassigned")
    assert "Wang" not in page(cast.bob, "/inbox/?list=unassigned&waits=1")
    assert "Wang" not in page(cast.bob, "/inbox/?list=unassigned&state=done")
    assert "Wang" not in page(cast.bob, "/inbox/?list=unassigned&q=zhou")


@pytest.mark.parametrize("part", ["", "thread/", "head/", "messages/", "presence/", "unsent/", "find/?q=Wang"])
def test_charlie_sees_nothing_of_it(talk: Conversation, cast: Cast, part: str):
    assert signed_in(cast.alice).get(f"/inbox/{talk.pk}/{part}").status_code == 200
    assert signed_in(cast.charlie).get(f"/inbox/{talk.pk}/{part}").status_code == 404
    assert "Wang" not in page(cast.charlie, "/inbox/?list=all")


@pytest.mark.parametrize("deed", ["messages", "read", "draft", "assign", "snooze", "finish", "reopen"])
def test_nobody_but_who_may_does_anything(talk: Conversation, cast: Cast, deed: str):
    assert post(cast.charlie, talk, deed, text="hi", **{"for": "hour"}).status_code == 404
    if deed != "read":
        assert post(cast.rita, talk, deed, text="hi", **{"for": "hour"}).status_code == 404
    assert not OutboxMessage.objects.exists()


def test_of_an_auditor_who_looks_on_nobody_is_told(talk: Conversation, cast: Cast):
    assert post(cast.rita, talk, "read").status_code == 204
    assert "Rita" not in page(cast.alice, f"/inbox/{talk.pk}/presence/")
    assert attention_to(talk.identity).read_at is None


@pytest.mark.covers("F03")
@pytest.mark.parametrize("address", ["/inbox/{talk.pk}/", "/inbox/{talk.pk}/thread/", "/contacts/{talk.contact_id}/"])
def test_who_opened_it_stands_in_the_record(talk: Conversation, cast: Cast, address: str):
    for member in (cast.charlie, cast.alice):
        signed_in(member).get(address.format(talk=talk))
    assert [deed.by for deed in Deed.objects.filter(what="contact.seen", about_id=talk.contact_id)] == [cast.alice]


def test_an_answer_leaves_and_the_draft_is_gone(talk: Conversation, cast: Cast):
    post(cast.alice, talk, "draft", text="38 doll")
    assert "38 doll</textarea>" in page(cast.alice, f"/inbox/{talk.pk}/")
    write(cast.alice, talk, "38 dollars")
    send_all()
    shown = page(cast.alice, f"/inbox/{talk.pk}/")
    assert "38 dollars" in shown
    assert "38 doll</textarea>" not in shown
    talk.refresh_from_db()
    assert talk.state == State.WAITING


def test_of_two_who_answer_at_once_the_second_is_told_first(talk: Conversation, cast: Cast):
    write(cast.alice, talk, "38 dollars")
    second = write(cast.boss, talk, "40 dollars")
    assert second.status_code == 422
    assert second.content.decode().count("Alice has answered meanwhile") == 1
    assert "40 dollars</textarea>" in second.content.decode()
    seen = OutboxMessage.objects.get().pk
    assert write(cast.boss, talk, "40 dollars", seen=seen).status_code == 200
    assert OutboxMessage.objects.count() == 2


def test_a_hand_over_opens_the_conversation_to_another_team(talk: Conversation, cast: Cast):
    assert (
        "Handed over to Charlie"
        in post(cast.alice, talk, "assign", to=cast.charlie.pk, was=cast.alice.pk, why="speaks Thai").content.decode()
    )
    assert Notice.objects.get(member=cast.charlie).text == "Alice handed a conversation over to you"
    assert "speaks Thai" in page(cast.charlie, f"/inbox/{talk.pk}/")
    assert "Wang" in page(cast.charlie)
    assert write(cast.charlie, talk, "sawasdee").status_code == 200
    post(cast.charlie, talk, "assign", to=cast.alice.pk, was=cast.charlie.pk)
    assert signed_in(cast.charlie).get(f"/inbox/{talk.pk}/").status_code == 404


@pytest.fixture
def charlies(talk: Conversation, cast: Cast) -> Conversation:
    """With Charlie, who was mentioned before, and so reads along whoever handles it."""
    write_note(conversation=talk, text="@Charlie", mentioned=[cast.charlie], by=cast.alice, once="1")
    assign_conversation(conversation=talk, assignee=cast.charlie, was=cast.alice.pk, by=cast.boss)
    return talk


def test_a_box_that_is_open_becomes_what_its_writer_may_do_now(charlies: Conversation, cast: Cast):
    client, there = signed_in(cast.charlie), f"/inbox/{charlies.pk}/"
    offers = client.get(there).context["offers"]
    form = {"offers": offers, "text": "I was just", "as": "message", "once": "a word", "seen": "7"}
    assert client.post(f"{there}redraw/", form).status_code == 204
    assign_conversation(conversation=charlies, assignee=cast.alice, was=cast.charlie.pk, by=cast.boss)
    answer = client.post(f"{there}redraw/", form)
    shown = answer.content.decode()
    assert "Alice answers here." in shown
    assert 'value="note" checked' in shown
    assert 'value="message"' not in shown
    assert ">I was just</textarea>" in shown
    assert 'name="once" value="a word"' in shown
    assert 'name="seen" value="7"' in shown
    assert client.post(f"{there}redraw/", form | {"offers": answer.context["offers"]}).status_code == 204
    assert signed_in(cast.bob).post(f"{there}redraw/", form).status_code == 404


def test_an_answer_that_comes_after_it_was_handed_away_is_kept(charlies: Conversation, cast: Cast):
    assign_conversation(conversation=charlies, assignee=cast.alice, was=cast.charlie.pk, by=cast.boss)
    form = {"text": "I was just", "as": "message", "once": "a word", "seen": "0"}
    answer = signed_in(cast.charlie).post(f"/inbox/{charlies.pk}/messages/", form)
    assert answer.status_code == 422
    assert "Alice answers here now; nothing was sent" in answer.content.decode()
    assert ">I was just</textarea>" in answer.content.decode()
    assert not OutboxMessage.objects.exists()


def test_words_for_whom_nothing_may_be_written_any_more_stay_readable(talk: Conversation, cast: Cast):
    post = Post.objects.create(member=cast.rita, team=cast.south, role="salesperson")
    Conversation.objects.update(assignee=cast.rita)
    client, there = signed_in(cast.rita), f"/inbox/{talk.pk}/"
    form = {"offers": client.get(there).context["offers"], "text": "I was just", "as": "message"}
    post.delete()
    Conversation.objects.update(assignee=None)
    shown = client.post(f"{there}redraw/", form).content.decode()
    assert "reply-form" not in shown
    assert "readonly>I was just</textarea>" in shown


def test_whoever_answers_first_handles_it(talk: Conversation, cast: Cast):
    Contact.objects.update(owner=None)
    write(cast.boss, talk, "38 dollars")
    talk.refresh_from_db()
    assert talk.assignee == cast.boss


def test_a_contact_in_the_sea_is_claimed_and_then_answered(talk: Conversation, cast: Cast):
    Contact.objects.update(owner=None)
    assert write(cast.bob, talk, "38 dollars").status_code == 404
    assert "claim/" in page(cast.bob, f"/inbox/{talk.pk}/")
    assert post(cast.charlie, talk, "claim").status_code == 404
    assert 'value="message"' in post(cast.bob, talk, "claim").content.decode()
    talk.refresh_from_db()
    assert (talk.owner, talk.assignee) == (cast.bob, cast.bob)
    assert write(cast.bob, talk, "38 dollars").status_code == 200


def test_of_two_who_hand_it_over_at_once_one_is_told(talk: Conversation, cast: Cast):
    post(cast.alice, talk, "assign", to=cast.bob.pk, was=cast.alice.pk)
    late = post(cast.boss, talk, "assign", to=cast.charlie.pk, was=cast.alice.pk).content.decode()
    assert "meanwhile" in late
    talk.refresh_from_db()
    assert talk.assignee == cast.bob


def test_of_two_who_end_it_or_put_it_aside_at_once_the_later_is_told_who_did(talk: Conversation, cast: Cast):
    def told(member: Member, deed: str, **form: str) -> str:
        return post(member, talk, deed, **form).content.decode()

    told(cast.alice, "finish")
    assert "Alice has ended it already." in told(cast.boss, "snooze", **{"for": "week"})
    talk.refresh_from_db()
    assert talk.state == State.DONE
    told(cast.boss, "reopen")
    assert "It is open again already." in told(cast.alice, "reopen")
    told(cast.boss, "snooze", **{"for": "week"})
    assert "Hugo has put it aside already." in told(cast.alice, "finish")


def test_of_two_who_claim_its_contact_the_later_is_told_who_has_it(talk: Conversation, cast: Cast):
    Contact.objects.update(owner=None)
    post(cast.bob, talk, "claim")
    alice = signed_in(cast.alice)
    answer = alice.post(f"/inbox/{talk.pk}/claim/")
    assert "Bob has it already." in alice.get(answer["HX-Redirect"]).content.decode()
    assert post(cast.charlie, talk, "claim").status_code == 404


def test_nobody_gets_it_who_cannot_answer(talk: Conversation, cast: Cast):
    assert "cannot answer" in post(cast.alice, talk, "assign", to=cast.rita.pk, was=cast.alice.pk).content.decode()


def test_a_mention_opens_the_conversation_until_it_is_read_it_is_listed(talk: Conversation, cast: Cast):
    write(cast.alice, talk, "@Charlie do you know him?", **{"as": "note"})
    assert "You are mentioned" in page(cast.charlie)
    shown = page(cast.charlie, f"/inbox/{talk.pk}/")
    assert "do you know him?" in shown
    assert 'value="message"' not in shown
    post(cast.charlie, talk, "read")
    assert "Wang" not in page(cast.charlie)
    assert write(cast.charlie, talk, "hello").status_code == 422
    assert write(cast.charlie, talk, "yes", **{"as": "note"}).status_code == 200
    assert Event.objects.filter(kind="note.written").count() == 2


def test_a_note_is_written_once_and_never_sent(talk: Conversation, cast: Cast):
    for _ in range(2):
        write(cast.alice, talk, "a hard one", **{"as": "note"})
    assert Event.objects.filter(kind="note.written").count() == 1
    assert not OutboxMessage.objects.exists()


def found(member: Member, talk: Conversation, words: str) -> list[str]:
    hits = signed_in(member).get(f"/inbox/{talk.pk}/find/", {"q": words}).context["hits"]
    return [f"{hit.before}[{hit.words}]{hit.after}" for hit in hits]


def test_what_was_said_is_found_however_it_is_written(talk: Conversation, cast: Cast, chat: Channel):
    said(chat, "這個Price是多少？", ago=timedelta(seconds=30))
    said(chat, "what is the price", who="zhou", ago=timedelta(seconds=20))
    write(cast.alice, talk, "The price is 38, <b>net</b>")
    send_all()
    write(cast.alice, talk, "wants a lower price", **{"as": "note"})
    assert found(cast.alice, talk, "PRICE") == [
        "wants a lower [price]",
        "The [price] is 38, <b>net</b>",
        "這個[Price]是多少？",
    ]
    assert found(cast.alice, talk, "这个") == ["這個Price是多少？[]"]
    assert "&lt;b&gt;net" in page(cast.alice, f"/inbox/{talk.pk}/find/?q=38")
    assert found(cast.alice, talk, " ") == []
    assert "Nothing that was said here" in page(cast.alice, f"/inbox/{talk.pk}/find/?q=tea")


def test_of_what_is_masked_nothing_is_found(
    talk: Conversation, cast: Cast, chat: Channel, monkeypatch: pytest.MonkeyPatch
):
    said(chat, "call me: +86 138 0013 8000", ago=timedelta(seconds=30))
    assert found(cast.alice, talk, "138 0013") == ["call me: +86 [138 0013] 8000"]
    assert (found(cast.rita, talk, "138 0013"), len(found(cast.rita, talk, "call me"))) == ([], 1)
    monkeypatch.setattr(finding, "SHOWN", 1)
    address = f"/inbox/{talk.pk}/find/?q=138 0013 8000"
    said(chat, "again: +86 138 0013 8000", ago=timedelta(seconds=10))
    assert [signed_in(member).get(address).context["more"] for member in (cast.alice, cast.rita)] == [True, False]


def test_how_far_words_are_looked_for_is_said(
    talk: Conversation, cast: Cast, chat: Channel, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(queries, "MOST_LOOKED_THROUGH", 2)
    monkeypatch.setattr(finding, "SHOWN", 1)
    for second in (30, 20):
        said(chat, "tea", ago=timedelta(seconds=second))
    told = page(cast.alice, f"/inbox/{talk.pk}/find/?q=tea")
    assert told.count("<mark>") == 1
    assert "There are more" in told
    assert found(cast.alice, talk, "how much") == []


def test_the_rail_says_how_many_wait(talk: Conversation, cast: Cast):
    assert (page(cast.alice, "/inbox/count/"), page(cast.bob, "/inbox/count/")) == ("1", "")
    write(cast.alice, talk, "@Bob look", **{"as": "note"})
    post(cast.alice, talk, "finish")
    assert (page(cast.alice, "/inbox/count/"), page(cast.bob, "/inbox/count/")) == ("", "1")


def test_unread_counts_until_it_is_looked_at_or_answered(talk: Conversation, cast: Cast, chat: Channel):
    said(chat, "hello?")
    assert "2 unread messages" in page(cast.alice)
    post(cast.alice, talk, "read")
    assert "unread" not in page(cast.alice)
    assert "2 unread messages" in page(cast.boss, "/inbox/?list=all")
    write(cast.alice, talk, "here I am")
    send_all()
    assert "unread" not in page(cast.boss, "/inbox/?list=all")


def test_others_see_who_reads_and_who_writes(talk: Conversation, cast: Cast):
    address = f"/inbox/{talk.pk}/presence/"
    post(cast.boss, talk, "read")
    assert "Read by Hugo" in " ".join(page(cast.alice, address).split())
    post(cast.boss, talk, "draft", text="Dear")
    assert "Hugo is writing too" in page(cast.alice, address)
    assert "writing" not in page(cast.boss, address)
    post(cast.boss, talk, "draft", text="")
    assert "writing" not in page(cast.alice, address)


def test_snoozed_and_done_leave_the_list_and_can_be_taken_back(talk: Conversation, cast: Cast):
    shown = post(cast.alice, talk, "finish").content.decode()
    assert f"/inbox/{talk.pk}/reopen/" in shown
    assert "how much?" not in page(cast.alice)
    post(cast.alice, talk, "reopen")
    assert "how much?" in page(cast.alice)
    post(cast.alice, talk, "snooze", **{"for": "tomorrow"})
    assert "how much?" in page(cast.alice, "/inbox/?state=snoozed")
    assert "how much?" not in page(cast.alice)


def test_a_held_message_of_a_machine_may_be_let_out(talk: Conversation, cast: Cast):
    message = OutboxMessage.objects.create(
        reason_key="night", channel=Channel.objects.get(), identity=talk.identity, purpose="service", text="an offer",
        state="held", reason=Reason.QUIET_HOURS, next_at=timezone.now() + timedelta(hours=5),
    )  # fmt: skip
    assert "Send now" in page(cast.alice, f"/inbox/{talk.pk}/unsent/")
    assert post(cast.rita, talk, f"messages/{message.pk}/send-now").status_code == 404
    post(cast.alice, talk, f"messages/{message.pk}/send-now")
    assert "It waits no more" in post(cast.boss, talk, f"messages/{message.pk}/send-now").content.decode()
    send_all()
    message.refresh_from_db()
    assert (message.state, message.by) == ("sent", cast.alice)


def test_a_channel_that_is_stopped_holds_members_back_too(talk: Conversation, cast: Cast):
    message = OutboxMessage.objects.create(
        reason_key="stopped", channel=Channel.objects.get(), identity=talk.identity, purpose="service", text="an offer",
        state="held", reason=Reason.CHANNEL_STOPPED,
    )  # fmt: skip
    assert "binds members too" in post(cast.alice, talk, f"messages/{message.pk}/send-now").content.decode()


def test_long_lists_and_long_conversations_come_in_pages(talk: Conversation, cast: Cast, chat: Channel):
    for place in range(PAGE + 5):
        said(chat, f"line {place}.", ago=timedelta(hours=2, minutes=place))
        said(chat, f"hello {place}.", who=f"v{place}", ago=timedelta(hours=1, minutes=place))
    Contact.objects.update(owner=cast.alice)
    first = page(cast.alice)
    following = first.split('talk-more" hx-get="')[1].split('"')[0].replace("&amp;", "&")
    assert "hello 1." in first
    assert f"hello {PAGE + 4}." not in first
    assert f"hello {PAGE + 4}." in page(cast.alice, following)
    assert f"hello {PAGE + 4}." in page(cast.alice, f"/inbox/rows/?rows={2 * PAGE}")
    shown = page(cast.alice, f"/inbox/{talk.pk}/messages/")
    older = shown.split('older" type="button" hx-get="')[1].split('"')[0]
    assert f"line {PAGE + 4}." not in shown
    assert f"line {PAGE + 4}." in page(cast.alice, older)


def test_who_finds_nobody_in_one_list_is_led_to_all(talk: Conversation, cast: Cast):
    Conversation.objects.update(state="done")
    everywhere = "/inbox/?list=all&amp;state=any&amp;q=wang"
    assert everywhere in page(cast.alice, "/inbox/?q=wang")
    assert "Wang" in page(cast.alice, everywhere.replace("&amp;", "&"))
    assert "Look in all" not in page(cast.alice, "/inbox/?list=all&state=any&q=nobody")


def test_the_search_for_contacts_says_nothing_of_what_is_sought_in_the_inbox(talk: Conversation, cast: Cast):
    assert page(cast.alice, "/inbox/?q=wang").count('value="wang"') == 1
    assert page(cast.alice, "/contacts/?q=wang").count('value="wang"') >= 1


def test_the_list_asks_as_much_for_many_as_for_one(
    talk: Conversation, cast: Cast, chat: Channel, django_assert_num_queries: DjangoAssertNumQueries
):
    client = signed_in(cast.alice)
    client.get("/inbox/rows/")
    with CaptureQueriesContext(connection) as few:
        client.get("/inbox/rows/")
    for place in range(5):
        said(chat, "hello", who=f"v{place}")
    Contact.objects.update(owner=cast.alice)
    with django_assert_num_queries(len(few)):
        client.get("/inbox/rows/")
