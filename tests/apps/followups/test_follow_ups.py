"""Follow-ups: what sets them going, whose they are, what closes them, and who may see them."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from seamark.apps.accounts.models import Member, Notice, Post, Team
from seamark.apps.accounts.organisation import change
from seamark.apps.channels.actions import add_channel
from seamark.apps.contacts.models import Contact, Identity
from seamark.apps.contacts.ownership import Reason, give
from seamark.apps.desk import board
from seamark.apps.followups import queries
from seamark.apps.followups.actions import escalate
from seamark.apps.followups.models import Alert, FollowUp
from seamark.apps.followups.pace import Pace
from seamark.apps.followups.queries import Person
from seamark.apps.followups.reactions import make_for_history
from seamark.apps.inbox.models import Conversation
from seamark.apps.tagging.actions import set_tag
from seamark.apps.tagging.publish import publish
from seamark.apps.timeline.record import record
from tests.apps.conftest import Cast, arrival, happened
from tests.apps.tiers import TIERS

HOUR = timedelta(hours=1)
REACTING = (
    TIERS
    + """
  deal: {en: [sign the contract], zh: [签约]}
  broken: {en: [broken], zh: [报修]}
reactions:
  - {edge: enter, tag: asked/price, do: [{start: quote}]}
  - edge: enter
    tag: activity/medium
    when: any order.placed
    do: [{follow_up: {title: {en: Ask about it, zh: 回访}}}]
  - {edge: enter, tag: asked/deal, do: [{alert: {title: {en: Speaks of the deal, zh: 提到签约}, to: manager}}]}
  - edge: enter
    tag: asked/broken
    do: [{alert: {title: {en: Repair, zh: 设备报修}, to: team, team: Repairs, pop_up: true}}]
  - edge: enter
    tag: asked/vip
    do: [{follow_up: {title: {en: Visit them, zh: 上门拜访}, team: Repairs, text: quote}}]
journeys:
  quote:
    title: {en: Quote, zh: 报价}
    steps:
      - {after: 0s, follow_up: {title: {en: Send the quote, zh: 发送报价}, priority: P1, due: 1h, text: quote}}
      - {after: 20h, follow_up: {title: {en: Ask again, zh: 再问}, priority: P2, due: 4h}}
texts:
  quote: {en: "Hello {contact.name}, here it is.", zh: "{contact.name}，报价在此。"}
"""
).replace(
    "      vip:",
    "      deal: {title: {en: Deal, zh: 成交}, when: 'any message.received[mentions \"deal\"] over 3d'}\n"
    "      broken: {title: {en: Broken, zh: 报修}, when: 'any message.received[mentions \"broken\"] over 3d'}\n"
    "      vip:",
)


@pytest.fixture
def reacting(cast: Cast, tiers: None) -> None:
    """The small rulebook, with reactions."""
    publish(text=REACTING, by=None)


@pytest.fixture
def wang(cast: Cast, reacting: None) -> Contact:
    """Alice's contact, of whom nothing is known yet but a greeting long ago."""
    contact = happened(ago=240 * HOUR, name="Wang", props={"text": "Hello"})
    Contact.objects.filter(pk=contact.pk).update(team=cast.south, owner=cast.alice)
    contact.refresh_from_db()
    return contact


@pytest.fixture
def manager(cast: Cast) -> Member:
    made = Member.objects.create_user("mia@example.com", "a long enough password", name="Mia", language="en")
    Post.objects.create(member=made, team=cast.south, role="manager")
    return made


def signed_in(member: Member) -> Client:
    client = Client()
    client.force_login(member)
    return client


def asks(text: str = "How much is it?", **overrides: object) -> None:
    happened(props={"text": text}, **overrides)


@pytest.mark.covers("B02", "B15")
def test_who_asks_the_price_is_in_todays_queue_with_why_and_words(cast: Cast, wang: Contact) -> None:
    asks()
    row = FollowUp.objects.get()
    assert (row.assignee, row.priority, row.contact) == (cast.alice, 1, wang)
    assert row.due_at == row.change.changed_at + HOUR
    page = signed_in(cast.alice).get("/today/").content.decode()
    assert "Send the quote" in page
    assert "Asked the price” was entered" in page
    assert "Hello Wang, here it is." in page


def by_chat(cast: Cast, contact: Contact) -> Conversation:
    """The contact wrote in our chat too, where it can be answered."""
    chat = add_channel(kind="webchat", name="Shop", team=cast.south, by=cast.admin)
    happened(ago=HOUR, source=chat.source_id, external_id="visitor")
    Identity.objects.filter(external_id="visitor").update(contact=contact)
    return Conversation.objects.get(identity__external_id="visitor")


@pytest.mark.covers("B02", "B15")
def test_writing_leads_to_the_conversation_with_the_words_and_back(cast: Cast, wang: Contact) -> None:
    talk = by_chat(cast, wang)
    asks()  # from a source by which nobody can be reached, and later
    row = FollowUp.objects.get()
    there = f"/inbox/{talk.pk}/?follow_up={row.pk}"
    assert f'href="{there}#answer"' in signed_in(cast.alice).get("/today/").content.decode()
    page = signed_in(cast.alice).get(there).content.decode()
    assert f'href="/today/#todo-{row.pk}"' in page
    assert page.count("Hello Wang, here it is.") == 3  # in the box, and twice where the words are suggested
    FollowUp.objects.update(state="done")
    assert "here it is." not in signed_in(cast.alice).get(there).content.decode()  # nothing is written twice


@pytest.mark.covers("B02", "B15")
def test_what_was_begun_to_be_written_is_kept(cast: Cast, wang: Contact) -> None:
    asks()
    row, talk = FollowUp.objects.get(), Conversation.objects.get()
    signed_in(cast.alice).post(f"/inbox/{talk.pk}/draft/", {"text": "Dear Wang"})
    assert (
        ">Dear Wang</textarea>" in signed_in(cast.alice).get(f"/inbox/{talk.pk}/?follow_up={row.pk}").content.decode()
    )


@pytest.mark.covers("B02")
def test_without_a_conversation_writing_leads_to_the_contact(cast: Cast, wang: Contact) -> None:
    asks()
    Conversation.objects.all().delete()
    there = f"/contacts/{wang.pk}/?follow_up={FollowUp.objects.get().pk}"
    assert f'href="{there}#answer"' in signed_in(cast.alice).get("/today/").content.decode()
    assert signed_in(cast.charlie).get(there).status_code == 404


@pytest.mark.covers("B02")
def test_one_change_makes_one_follow_up_however_often_it_is_told(cast: Cast, wang: Contact) -> None:
    told = arrival(props={"text": "How much?"})
    record([told])
    record([told])
    asks("And how much are two?")
    assert FollowUp.objects.count() == 1


def test_a_condition_of_a_reaction_is_asked_of_the_moment(cast: Cast, wang: Contact) -> None:
    happened(ago=25 * HOUR, props={"text": "Hello again"})
    assert not FollowUp.objects.exists()
    happened("order.placed", ago=300 * HOUR, external_id="li", props={"amount": 5})
    happened(ago=25 * HOUR, external_id="li", props={"text": "Hello"})
    assert FollowUp.objects.get().title["en"] == "Ask about it"


def test_history_brought_in_sets_nothing_going_until_it_is_asked(cast: Cast, wang: Contact) -> None:
    record([arrival(ago=2 * HOUR, props={"text": "How much?"})], quiet=True)
    assert not FollowUp.objects.exists()
    assert make_for_history(timezone.now() - 24 * HOUR) == 1
    assert make_for_history(timezone.now() - 24 * HOUR) == 0
    assert FollowUp.objects.get().due_at > timezone.now()


@pytest.mark.covers("B02")
def test_a_members_message_does_what_there_were_words_for(cast: Cast, wang: Contact) -> None:
    asks()
    happened("message.sent", actor="machine", props={"text": "We will answer soon."})
    assert FollowUp.objects.get().state == "open"
    happened("message.sent", actor=f"member:{cast.alice.pk}", props={"text": "It is 40."})
    assert FollowUp.objects.get().state == "done"


@pytest.mark.covers("B02")
def test_first_things_come_first(cast: Cast, reacting: None, make_contact: object) -> None:
    now = timezone.now()

    def to_do(name: str, ago: timedelta, priority: int, due: timedelta) -> None:
        contact = happened(ago=ago, external_id=name, name=name, props={"text": "Hello"})
        Contact.objects.filter(pk=contact.pk).update(team=cast.south, owner=cast.alice)
        FollowUp.objects.create(
            reason_key=name, contact=contact, assignee=cast.alice, priority=priority, title={"en": f"Do {name}"},
            made_at=now, due_at=now + due,
        )  # fmt: skip

    to_do("third", 2 * HOUR, 2, 2 * HOUR)
    to_do("fourth", 50 * HOUR, 2, HOUR)
    to_do("second", 2 * HOUR, 2, HOUR)
    to_do("first", 200 * HOUR, 1, 9 * HOUR)
    page = signed_in(cast.alice).get("/today/").content.decode()
    places = [page.index(f"Do {name}") for name in ("first", "second", "third", "fourth")]
    assert places == sorted(places)


@pytest.mark.covers("B02")
@pytest.mark.parametrize(
    ("deed", "told", "state"),
    [("done", {}, "done"), ("skip", {"reason": "Not needed"}, "skipped"), ("snooze", {"until": "hour"}, "open")],
)
def test_what_is_dealt_with_leaves_the_queue_and_comes_back_by_undo(
    cast: Cast, wang: Contact, deed: str, told: dict[str, str], state: str
) -> None:
    asks()
    row, alice = FollowUp.objects.get(), signed_in(cast.alice)
    assert "Send the quote" not in alice.post(f"/follow-ups/{row.pk}/{deed}/", told).content.decode()
    row.refresh_from_db()
    assert row.state == state
    assert "Send the quote" in alice.post(f"/follow-ups/{row.pk}/reopen/").content.decode()


def test_skipping_wants_a_reason(cast: Cast, wang: Contact) -> None:
    asks()
    row = FollowUp.objects.get()
    page = signed_in(cast.alice).post(f"/follow-ups/{row.pk}/skip/", {"reason": " "}).content.decode()
    assert "Say why it is skipped." in page
    assert FollowUp.objects.get().state == "open"


@pytest.mark.covers("B02")
def test_of_two_who_close_one_at_once_the_later_is_told(cast: Cast, manager: Member, wang: Contact) -> None:
    asks()
    row = FollowUp.objects.get()
    signed_in(manager).post(f"/follow-ups/{row.pk}/done/")
    page = signed_in(cast.alice).post(f"/follow-ups/{row.pk}/done/").content.decode()
    assert "Mia has closed this already." in page
    assert FollowUp.objects.get().closed_by == manager


@pytest.mark.covers("F01")
def test_charlie_sees_and_closes_nothing_of_alices(cast: Cast, wang: Contact) -> None:
    asks()
    asks("We will sign the contract")
    row, alert, charlie = FollowUp.objects.get(), Alert.objects.get(), signed_in(cast.charlie)
    assert "Send the quote" not in charlie.get("/today/").content.decode()
    for address in (f"/follow-ups/{row.pk}/done/", f"/follow-ups/{row.pk}/snooze/", f"/alerts/{alert.pk}/handle/"):
        assert charlie.post(address, {"until": "hour"}).status_code == 404
    assert charlie.get(f"/contacts/{wang.pk}/follow-ups/").status_code == 404
    assert charlie.get("/board/").status_code == 403
    assert signed_in(cast.rita).post(f"/follow-ups/{row.pk}/done/").status_code == 404


@pytest.mark.covers("B11")
def test_follow_ups_go_where_the_contact_goes(cast: Cast, wang: Contact) -> None:
    asks()
    give(contacts=[wang.pk], to=cast.bob, by=cast.boss, reason=Reason.TRANSFERRED)
    assert FollowUp.objects.get().assignee == cast.bob
    assert "Send the quote" in signed_in(cast.bob).get("/today/").content.decode()


@pytest.mark.covers("B03")
def test_the_manager_is_told_of_high_value_words_and_takes_them_up(cast: Cast, manager: Member, wang: Contact) -> None:
    asks("We will sign the contract")
    alert, mia = Alert.objects.get(), signed_in(manager)
    assert "Speaks of the deal" in mia.get("/board/").content.decode()
    assert "Speaks of the deal" not in signed_in(cast.alice).get("/today/").content.decode()
    (address,) = re.findall('hx-post="(/alerts/[^"]*)"', mia.get("/board/").content.decode())
    assert mia.post(address).headers["HX-Refresh"] == "true"  # the board stays a board
    assert "Speaks of the deal" not in mia.get("/board/").content.decode()
    mia.post(address)
    assert "Mia has taken this up already." in mia.get("/board/").content.decode()
    assert Alert.objects.get(pk=alert.pk).handled_by == manager


@pytest.mark.covers("B03", "B14")
def test_what_is_overdue_does_not_crowd_alerts_out(
    cast: Cast, manager: Member, wang: Contact, monkeypatch: pytest.MonkeyPatch
) -> None:
    asks("We will sign the contract")
    asks()
    FollowUp.objects.update(due_at=timezone.now() - 48 * HOUR)
    escalate()
    for module in (queries, board):
        monkeypatch.setattr(module, "MOST_ALERTS", 1)
    page = signed_in(manager).get("/board/").content.decode()
    assert "Speaks of the deal" in page
    assert "There are more; the newest are shown." not in page


@pytest.mark.covers("B03")
def test_what_is_overdue_for_too_long_is_told_to_the_managers_once(cast: Cast, manager: Member, wang: Contact) -> None:
    asks()
    row = FollowUp.objects.get()
    patience = timedelta(minutes=Pace().patience_minutes_p1)
    FollowUp.objects.update(due_at=timezone.now() - patience + timedelta(seconds=30))
    assert escalate() == 0
    FollowUp.objects.update(due_at=timezone.now() - patience - timedelta(seconds=1))
    assert escalate() == 1
    assert escalate() == 0
    assert Alert.objects.get().follow_up == row
    assert "Overdue" in signed_in(manager).get("/board/").content.decode()


@pytest.mark.covers("B11", "F01")
def test_the_board_and_its_alerts_go_with_contacts_to_another_team(cast: Cast, manager: Member, wang: Contact) -> None:
    nora = Member.objects.create_user("nora@example.com", "a long enough password", name="Nora", language="en")
    Post.objects.create(member=nora, team=cast.north, role="manager")
    asks()
    FollowUp.objects.update(due_at=timezone.now() - timedelta(hours=2))
    escalate()
    asks("We will sign the contract")
    words = ("Send the quote", "Speaks of the deal")

    def shown() -> list[list[bool]]:
        pages = [signed_in(each).get("/board/").content.decode() for each in (manager, cast.boss, nora)]
        return [[each in page for each in words] for page in pages]

    assert shown() == [[True, True], [True, True], [False, False]]
    Contact.objects.filter(pk=wang.pk).update(team=cast.north, owner=cast.charlie)
    assert shown() == [[False, False], [True, True], [True, True]]
    assert [(each.open, each.overdue) for each in people_on_board(nora)] == [(1, 1)]
    Contact.objects.filter(pk=wang.pk).update(owner=None)
    assert shown() == [[False, False], [True, True], [True, True]]


def test_the_board_shows_what_one_member_has_to_do(cast: Cast, manager: Member, wang: Contact) -> None:
    asks()
    numbers = f'href="/board/?of={cast.alice.pk}"'
    assert numbers in signed_in(manager).get("/board/people/").content.decode()
    assert "Send the quote" not in signed_in(manager).get("/board/").content.decode()  # not due yet
    assert "Send the quote" in signed_in(manager).get(f"/board/?of={cast.alice.pk}").content.decode()
    assert "Send the quote" not in signed_in(manager).get(f"/board/?of={cast.bob.pk}").content.decode()
    Contact.objects.filter(pk=wang.pk).update(team=cast.north)
    assert "Send the quote" not in signed_in(manager).get(f"/board/?of={cast.alice.pk}").content.decode()


@pytest.mark.covers("B02")
def test_the_board_shows_who_wrote_last_of_the_hot_that_nobody_owns(
    cast: Cast, tiers: None, manager: Member, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(board, "HOT", 2)

    def shown() -> tuple[list[str], bool]:
        told = signed_in(manager).get("/board/").context
        return [name for _contact, name in told["hot"]], told["hot_more"]

    for place, name in enumerate(("Third", "Second", "First")):
        happened(ago=(3 - place) * HOUR, external_id=name, name=name)
        Contact.objects.filter(name=name).update(team=cast.south)
    assert shown() == (["First", "Second"], True)
    Contact.objects.filter(name="First").update(owner=cast.alice)
    assert shown() == (["Second", "Third"], False)


def people_on_board(member: Member) -> list[Person]:
    people: list[Person] = signed_in(member).get("/board/people/").context["people"]
    return people


def test_the_board_shows_everybody_to_whoever_asks(
    cast: Cast, manager: Member, wang: Contact, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(board, "PEOPLE", 1)
    asks()
    now = timezone.now()
    FollowUp.objects.create(
        reason_key="bob", contact=wang, assignee=cast.bob, title={"en": "Call"}, made_at=now, due_at=now + HOUR
    )
    first, everybody = (
        signed_in(manager).get(f"/board/people/{asked}").content.decode() for asked in ("", "?everybody")
    )
    assert ("1 of 2 members" in first, "Alice" in first, "Bob" in first) == (True, True, False)
    assert ("1 of 2 members" in everybody, "Bob" in everybody) == (False, True)
    assert signed_in(cast.charlie).get("/board/people/").status_code == 403


def test_the_queue_is_cut_where_the_most_urgent_fill_it(
    cast: Cast, wang: Contact, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(queries, "SHOWN", 2)
    now = timezone.now()
    for name, priority, due in (("c", 2, 1), ("a", 1, 3), ("d", 2, 2), ("b", 1, 4), ("e", 3, 0)):
        FollowUp.objects.create(
            reason_key=name,
            contact=wang,
            assignee=cast.alice,
            priority=priority,
            title={"en": name},
            made_at=now,
            due_at=now + due * HOUR,
        )
    for shown in (["a", "b"], ["c", "d"], ["e"]):
        found = signed_in(cast.alice).get("/today/").context["queue"].rows
        assert [row.title["en"] for row in found] == shown
        FollowUp.objects.filter(pk__in=[row.pk for row in found]).update(state="done")


def test_patience_can_be_set(cast: Cast, wang: Contact) -> None:
    asks()
    change(Pace(patience_minutes_p1=0), by=cast.admin)
    FollowUp.objects.update(due_at=timezone.now() - timedelta(seconds=1))
    assert escalate() == 1


@pytest.mark.covers("B02", "B11")
def test_a_manager_gives_several_to_another_member(cast: Cast, manager: Member, wang: Contact) -> None:
    asks()
    row = FollowUp.objects.get()
    signed_in(manager).post("/board/reassign/", {"chosen": [f"{row.pk}:{cast.alice.pk}"], "to": cast.bob.pk})
    wang.refresh_from_db()
    assert (wang.owner, FollowUp.objects.get().assignee) == (cast.bob, cast.bob)
    signed_in(manager).post("/board/reassign/", {"chosen": [f"{row.pk}:{cast.bob.pk}"], "to": cast.charlie.pk})
    wang.refresh_from_db()
    assert wang.owner == cast.bob


@pytest.mark.covers("B02")
def test_the_later_of_two_managers_is_told_who_has_it_now(cast: Cast, manager: Member, wang: Contact) -> None:
    asks()
    FollowUp.objects.update(due_at=timezone.now() - HOUR)
    page = signed_in(manager).get("/board/").content.decode()
    (chosen,) = re.findall('name="chosen" value="([^"]*)"', page)
    give(contacts=[wang.pk], to=cast.bob, by=cast.boss, reason=Reason.ALLOCATED)
    answer = signed_in(manager).post("/board/reassign/", {"chosen": [chosen], "to": cast.alice.pk}, follow=True)
    assert "1 follow-up went to Bob meanwhile, and stays there." in answer.content.decode()
    wang.refresh_from_db()
    assert wang.owner == cast.bob


def gives(manager: Client, rows: Iterable[FollowUp], to: Member) -> str:
    """The address that undoes it."""
    chosen = [f"{row.pk}:{row.assignee_id or ''}" for row in rows]
    page = manager.post("/board/reassign/", {"chosen": chosen, "to": to.pk}, follow=True).content.decode()
    return re.findall('hx-post="(/board/undo/[^"]*)"', page)[0]


def undone(manager: Client, address: str) -> str:
    """The page afterwards."""
    assert manager.post(address).headers["HX-Refresh"] == "true"
    return manager.get("/board/").content.decode()


def helped_by(helper: Member, wang: Contact) -> FollowUp:
    """The one that is not the owner's, beside one that is."""
    asks()
    row = FollowUp.objects.get()
    row.pk, row.reason_key, row.assignee, row.snoozed_until = None, "help", helper, timezone.now() + HOUR
    row.save()
    return row


@pytest.mark.covers("B02", "B12")
def test_undo_gives_back_exactly_what_was_given_away(cast: Cast, manager: Member, wang: Contact) -> None:
    helping = helped_by(cast.boss, wang)
    client, (owners, _help) = signed_in(manager), FollowUp.objects.order_by("pk")
    address = gives(client, [owners], cast.bob)
    assert set(FollowUp.objects.values_list("assignee", flat=True)) == {cast.bob.pk}
    assert "1 contact is back with its follow-ups." in undone(client, address)
    wang.refresh_from_db()
    assert (wang.owner, Conversation.objects.get().assignee) == (cast.alice, cast.alice)
    rows = FollowUp.objects.order_by("pk").values_list("assignee", "snoozed_until")
    assert list(rows) == [(cast.alice.pk, None), (cast.boss.pk, helping.snoozed_until)]


@pytest.mark.covers("B02", "B12")
def test_undo_gives_back_what_went_without_its_contact(cast: Cast, manager: Member, wang: Contact) -> None:
    helping = helped_by(cast.boss, wang)
    client = signed_in(manager)
    address = gives(client, [helping], cast.bob)
    assert FollowUp.objects.get(pk=helping.pk).assignee == cast.bob
    assert "1 follow-up is back." in undone(client, address)
    row = FollowUp.objects.get(pk=helping.pk)
    assert (row.assignee, row.snoozed_until) == (cast.boss, helping.snoozed_until)


@pytest.mark.covers("B02", "B12")
def test_undo_leaves_what_somebody_changed_meanwhile_and_says_so(cast: Cast, manager: Member, wang: Contact) -> None:
    helping = helped_by(cast.boss, wang)
    client, first = signed_in(manager), FollowUp.objects.earliest("pk")
    address = gives(client, [first], cast.bob)
    FollowUp.objects.filter(pk=helping.pk).update(assignee=cast.charlie)
    page = undone(client, address)
    assert "1 contact is back with its follow-ups." in page
    assert "Wang, Send the quote: It was changed meanwhile." in page
    assert FollowUp.objects.get(pk=helping.pk).assignee == cast.charlie


@pytest.mark.covers("B02", "B12")
def test_undo_leaves_contacts_that_went_on_and_is_done_once(cast: Cast, manager: Member, wang: Contact) -> None:
    asks()
    client = signed_in(manager)
    address = gives(client, FollowUp.objects.all(), cast.bob)
    give(contacts=[wang.pk], to=cast.boss, by=cast.boss, reason=Reason.ALLOCATED)
    assert "Wang: Hugo has it already." in undone(client, address)
    assert "That was undone already" in undone(client, address)
    wang.refresh_from_db()
    assert (wang.owner, FollowUp.objects.get().assignee) == (cast.boss, cast.boss)


@pytest.mark.covers("B02", "B12")
def test_undo_gives_nothing_to_whoever_may_answer_nobody_any_more(cast: Cast, manager: Member, wang: Contact) -> None:
    helping = helped_by(cast.boss, wang)
    client = signed_in(manager)
    address = gives(client, [helping], cast.bob)
    Post.objects.filter(member=cast.boss).update(role="auditor")
    assert "Hugo cannot answer contacts." in undone(client, address)
    assert FollowUp.objects.get(pk=helping.pk).assignee == cast.bob


@pytest.mark.covers("F01")
def test_nobody_undoes_what_another_gave_away(cast: Cast, manager: Member, wang: Contact) -> None:
    asks()
    address = gives(signed_in(manager), FollowUp.objects.all(), cast.bob)
    assert signed_in(cast.charlie).post(address).status_code == 403
    assert "That was undone already" in undone(signed_in(cast.boss), address)
    wang.refresh_from_db()
    assert wang.owner == cast.bob


@pytest.mark.covers("B16")
def test_a_pop_up_stands_on_the_contacts_page(cast: Cast, wang: Contact) -> None:
    asks("The machine is broken")
    assert "Repair" in signed_in(cast.alice).get(f"/contacts/{wang.pk}/").content.decode()


@pytest.mark.covers("B14", "F02")
def test_a_team_that_is_told_reads_what_was_written_with_the_contact(cast: Cast, wang: Contact) -> None:
    repairs = Team.objects.create(name="Repairs", above=cast.north)
    Post.objects.create(member=cast.charlie, team=repairs, role="salesperson")
    channel = add_channel(kind="webchat", name="Chat", team=cast.south, by=cast.admin)
    told = {"source": channel.source_id, "external_id": "chatting"}
    contact = happened(**told, name="Zhou", props={"text": "I bought it in May."})
    charlie = signed_in(cast.charlie)
    talk = Conversation.objects.get(contact=contact)
    assert charlie.get(f"/inbox/{talk.pk}/").status_code == 404
    happened(**told, props={"text": "Now it is broken."})
    assert "Repair" in charlie.get("/today/").content.decode()
    assert "I bought it in May." in charlie.get(f"/inbox/{talk.pk}/").content.decode()
    assert charlie.get(f"/contacts/{contact.pk}/").status_code == 404


@pytest.fixture
def visited(cast: Cast, wang: Contact) -> FollowUp:
    """Of Alice's contact, and gone to the repair team, of which Charlie is."""
    repairs = Team.objects.create(name="Repairs", above=cast.north)
    Post.objects.create(member=cast.charlie, team=repairs, role="salesperson")
    set_tag(contact=wang, tag="asked/vip", by=cast.alice)
    return FollowUp.objects.get()


@pytest.mark.covers("F02")
def test_a_follow_up_goes_to_the_team_that_is_named(cast: Cast, visited: FollowUp, wang: Contact) -> None:
    assert (visited.assignee, visited.for_team and visited.for_team.name) == (None, "Repairs")
    talk = Conversation.objects.get(contact=wang)
    charlie = signed_in(cast.charlie)
    page = charlie.get("/today/").content.decode()
    assert "Visit them" in page
    assert f'href="/inbox/{talk.pk}/?follow_up={visited.pk}' in page
    assert "here it is." not in page  # Alice answers Wang
    Conversation.objects.filter(pk=talk.pk).update(assignee=cast.charlie)
    assert "here it is." in charlie.get("/today/").content.decode()
    assert charlie.get(f"/inbox/{talk.pk}/").status_code == 200
    assert charlie.get(f"/contacts/{wang.pk}/").status_code == 404
    assert "Visit them" not in signed_in(cast.alice).get("/today/").content.decode()
    assert "Repairs" in signed_in(cast.alice).get(f"/contacts/{wang.pk}/").content.decode()


@pytest.mark.covers("F02", "F01")
def test_of_a_team_one_takes_it_and_nobody_else(cast: Cast, visited: FollowUp) -> None:
    Post.objects.create(member=cast.boss, team=visited.for_team, role="salesperson")
    assert signed_in(cast.bob).post(f"/follow-ups/{visited.pk}/take/").status_code == 404
    assert signed_in(cast.rita).post(f"/follow-ups/{visited.pk}/take/").status_code == 404
    signed_in(cast.charlie).post(f"/follow-ups/{visited.pk}/take/")
    told = signed_in(cast.boss).post(f"/follow-ups/{visited.pk}/take/").content.decode()
    assert "Charlie has taken this up already." in told
    assert "Visit them" not in signed_in(cast.boss).get("/today/").content.decode()
    visited.refresh_from_db()
    assert visited.assignee == cast.charlie


@pytest.mark.covers("F02", "F01")
def test_who_is_of_the_team_now_reads_what_it_was_told_of_and_who_left_does_not(
    cast: Cast, visited: FollowUp, wang: Contact
) -> None:
    asks("The machine is broken")
    talk, repairs = Conversation.objects.get(contact=wang), Team.objects.get(name="Repairs")
    Post.objects.filter(member=cast.charlie, team=repairs).delete()
    dora = Member.objects.create_user("dora@example.com", "a long enough password", name="Dora", language="en")
    Post.objects.create(member=dora, team=repairs, role="salesperson")
    head = Member.objects.create_user("nils@example.com", "a long enough password", name="Nils", language="en")
    Post.objects.create(member=head, team=cast.north, role="regional-manager")
    for member, status in ((dora, 200), (head, 200), (cast.charlie, 404), (cast.bob, 404)):
        assert signed_in(member).get(f"/inbox/{talk.pk}/").status_code == status
    assert "Visit them" in signed_in(dora).get("/today/").content.decode()
    assert "Repair" in signed_in(dora).get("/today/").content.decode()
    assert "broken" in signed_in(dora).get("/inbox/?list=all").content.decode()
    assert "Visit them" not in signed_in(cast.charlie).get("/today/").content.decode()
    note = {"as": "note", "text": "I look at it", "once": "1"}
    assert signed_in(dora).post(f"/inbox/{talk.pk}/messages/", note).status_code == 200
    assert signed_in(cast.charlie).post(f"/inbox/{talk.pk}/messages/", note).status_code == 404


@pytest.mark.covers("F02")
def test_who_helps_is_told_who_answers_and_asks_to_take_it_over(cast: Cast, visited: FollowUp, wang: Contact) -> None:
    talk = by_chat(cast, wang)
    charlie, there = signed_in(cast.charlie), f"/inbox/{talk.pk}/"
    shown = charlie.get(there).content.decode()
    assert "Alice answers here." in shown
    assert "here it is." not in shown  # words for the contact are not for who cannot send them
    assert "here it is." in signed_in(cast.alice).get(there).content.decode()
    for _ in range(2):
        assert "You have asked Alice" in charlie.post(f"{there}ask/").content.decode()
    assert [each.text for each in Notice.objects.filter(member=cast.alice)] == ["Charlie mentioned you in a note"]
    page = signed_in(cast.alice).get(there).content.decode()
    assert "@Alice Please hand this conversation over to me." in page
    assert "ask/" not in page
    signed_in(cast.alice).post(f"{there}assign/", {"to": cast.charlie.pk, "was": cast.alice.pk})
    answer = {"text": "When may I come by?", "once": "1", "seen": 0}
    assert charlie.post(f"{there}messages/", answer).status_code == 200
    for member in (cast.alice, cast.bob, cast.rita):
        assert signed_in(member).post(f"{there}ask/").status_code == 404


@pytest.mark.covers("F02")
def test_for_what_nobody_handles_those_are_asked_who_lead_its_team(
    cast: Cast, visited: FollowUp, wang: Contact, manager: Member
) -> None:
    talk = by_chat(cast, wang)
    Contact.objects.filter(pk=wang.pk).update(owner=None)
    page = signed_in(cast.charlie).get(f"/inbox/{talk.pk}/").content.decode()
    assert "Nobody answers here yet; Mia can hand it over." in page
    signed_in(cast.charlie).post(f"/inbox/{talk.pk}/ask/")
    assert Notice.objects.get().member == manager


@pytest.mark.covers("F02")
def test_what_somebody_took_who_left_the_team_is_there_to_be_taken_again(cast: Cast, visited: FollowUp) -> None:
    Post.objects.create(member=cast.bob, team=visited.for_team, role="salesperson")
    signed_in(cast.charlie).post(f"/follow-ups/{visited.pk}/take/")
    assert "Visit them" not in signed_in(cast.bob).get("/today/").content.decode()
    Post.objects.filter(member=cast.charlie, team=visited.for_team).delete()
    assert "Visit them" not in signed_in(cast.charlie).get("/today/").content.decode()
    assert f"/follow-ups/{visited.pk}/take/" in signed_in(cast.bob).get("/today/").content.decode()
    signed_in(cast.bob).post(f"/follow-ups/{visited.pk}/take/")
    visited.refresh_from_db()
    assert visited.assignee == cast.bob


def test_an_auditor_is_told_of_no_alerts_of_a_team(cast: Cast, visited: FollowUp) -> None:
    Post.objects.create(member=cast.rita, team=visited.for_team, role="auditor")
    asks("The machine is broken")
    assert "Repair" not in signed_in(cast.rita).get("/today/").content.decode()
    assert signed_in(cast.rita).post(f"/alerts/{Alert.objects.get().pk}/handle/").status_code == 404


@pytest.mark.covers("F02")
def test_it_stays_with_its_team_whatever_the_owner_does(cast: Cast, visited: FollowUp, wang: Contact) -> None:
    signed_in(cast.charlie).post(f"/follow-ups/{visited.pk}/take/")
    give(contacts=[wang.pk], to=cast.bob, by=cast.boss, reason=Reason.TRANSFERRED)
    happened("message.sent", actor=f"member:{cast.bob.pk}", props={"text": "Hello"})
    visited.refresh_from_db()
    assert (visited.assignee, visited.state) == (cast.charlie, "open")
    signed_in(cast.charlie).post(f"/follow-ups/{visited.pk}/done/")
    visited.refresh_from_db()
    assert visited.state == "done"


@pytest.mark.covers("F02", "B03")
def test_the_teams_manager_sees_it_on_the_board_and_gives_it_to_one(cast: Cast, visited: FollowUp) -> None:
    nora = Member.objects.create_user("nora@example.com", "a long enough password", name="Nora", language="en")
    Post.objects.create(member=nora, team=visited.for_team, role="manager")
    board = signed_in(nora)
    assert "Visit them" in board.get("/board/").content.decode()
    board.post("/board/reassign/", {"chosen": [f"{visited.pk}:"], "to": cast.bob.pk})
    visited.refresh_from_db()
    assert visited.assignee is None  # he is of another team
    board.post("/board/reassign/", {"chosen": [f"{visited.pk}:"], "to": cast.charlie.pk})
    visited.refresh_from_db()
    assert visited.assignee == cast.charlie
    assert Notice.objects.get(member=cast.charlie).text == "Nora handed over to you: Visit them"
    FollowUp.objects.update(due_at=timezone.now() - 48 * HOUR)
    assert escalate() == 1
    assert Alert.objects.get().team == visited.for_team


@pytest.mark.covers("F02")
def test_of_a_team_that_there_is_not_it_is_the_owners(cast: Cast, wang: Contact) -> None:
    set_tag(contact=wang, tag="asked/vip", by=cast.alice)
    assert FollowUp.objects.get().assignee == cast.alice


def test_one_is_made_by_hand(cast: Cast, wang: Contact) -> None:
    alice = signed_in(cast.alice)
    due = timezone.localtime(timezone.now() + 2 * HOUR).strftime("%Y-%m-%dT%H:%M")
    told = {"title": "Call about the sample", "due_at": due, "priority": 2, "words": ""}
    assert alice.post(f"/contacts/{wang.pk}/follow-ups/add/", told).status_code == 200
    row = FollowUp.objects.get()
    assert (row.title, row.made_by, row.assignee, row.priority) == ({"en": told["title"]}, cast.alice, cast.alice, 2)
    assert "Call about the sample" in alice.get("/today/").content.decode()
    past = told | {"due_at": "2020-01-01T09:00"}
    refused = alice.post(f"/contacts/{wang.pk}/follow-ups/add/", past)
    assert refused.status_code == 422
    assert "still to come" in refused.content.decode()
    assert signed_in(cast.rita).post(f"/contacts/{wang.pk}/follow-ups/add/", told).status_code == 404


def test_the_queue_takes_as_many_queries_however_long_it_is(
    cast: Cast, wang: Contact, django_assert_max_num_queries: object
) -> None:
    asks()
    alice = signed_in(cast.alice)
    alice.get("/today/")
    now = timezone.now()
    FollowUp.objects.bulk_create(
        FollowUp(reason_key=f"{n}", contact=wang, assignee=cast.alice, title={"en": "x"}, made_at=now, due_at=now)
        for n in range(30)
    )
    with django_assert_max_num_queries(26):
        alice.get("/today/")


@pytest.mark.covers("B02")
def test_a_follow_up_is_handed_over_with_the_conversation_to_write_in(cast: Cast, wang: Contact) -> None:
    talk = by_chat(cast, wang)
    asks()
    row = FollowUp.objects.get()
    address = f"/follow-ups/{row.pk}/hand-over/"
    assert signed_in(cast.bob).post(address, {"to": cast.bob.pk}).status_code == 404
    assert signed_in(cast.charlie).post(address, {"to": cast.bob.pk}).status_code == 404
    assert signed_in(cast.alice).post(address, {"to": cast.rita.pk}).status_code == 404  # she may only read
    page = (
        signed_in(cast.alice)
        .post(address, {"to": cast.bob.pk, "was": cast.alice.pk, "why": "Speaks Dutch"})
        .content.decode()
    )
    assert "Handed over to Bob" in page
    assert "Send the quote" not in page
    assert "Send the quote" in signed_in(cast.bob).get("/today/").content.decode()
    assert "Speaks Dutch" in signed_in(cast.bob).get(f"/inbox/{talk.pk}/").content.decode()
    assert Notice.objects.get().text == "Alice handed over to you: Send the quote · Speaks Dutch"
    assert signed_in(cast.bob).post(f"/follow-ups/{row.pk}/done/").status_code == 200
    row.refresh_from_db()
    assert (row.state, row.closed_by) == ("done", cast.bob)


def test_nothing_is_handed_over_to_who_could_not_do_it(cast: Cast, wang: Contact) -> None:
    asks()
    Conversation.objects.all().delete()
    row = FollowUp.objects.get()
    alice, address = signed_in(cast.alice), f"/follow-ups/{row.pk}/hand-over/"
    assert "Choose to whom." in alice.post(address).content.decode()
    to_bob = {"to": cast.bob.pk, "was": cast.alice.pk}
    assert "no conversation to hand over" in alice.post(address, to_bob).content.decode()
    row.refresh_from_db()
    assert row.assignee == cast.alice
    assert not Notice.objects.exists()


@pytest.mark.covers("B02")
def test_the_later_of_two_who_hand_over_is_told_who_has_it(cast: Cast, manager: Member, wang: Contact) -> None:
    by_chat(cast, wang)
    asks()
    row = FollowUp.objects.get()
    address = f"/follow-ups/{row.pk}/hand-over/"
    signed_in(cast.alice).post(address, {"to": cast.bob.pk, "was": cast.alice.pk})
    page = signed_in(manager).post(address, {"to": cast.charlie.pk, "was": cast.alice.pk}).content.decode()
    assert "Bob has this now." in page
    row.refresh_from_db()
    assert row.assignee == cast.bob


@pytest.mark.covers("F02")
def test_a_teams_follow_up_goes_to_a_teammate_or_out_of_the_team(cast: Cast, visited: FollowUp) -> None:
    nora = Member.objects.create_user("nora@example.com", "a long enough password", name="Nora", language="en")
    Post.objects.create(member=nora, team=visited.for_team, role="salesperson")
    address = f"/follow-ups/{visited.pk}/hand-over/"
    page = signed_in(cast.charlie).post(address, {"to": nora.pk, "why": "Near you"}).content.decode()
    assert "Handed over to Nora" in page
    assert "Visit them" in signed_in(nora).get("/today/").content.decode()
    assert "Visit them" not in signed_in(cast.charlie).get("/today/").content.decode()
    assert Notice.objects.get(member=nora).text.endswith("Near you")
    signed_in(cast.boss).post(address, {"to": cast.alice.pk, "was": nora.pk})
    visited.refresh_from_db()
    assert (visited.assignee, visited.for_team) == (cast.alice, None)
    for member, has in ((cast.alice, True), (nora, False), (cast.charlie, False)):
        assert ("Visit them" in signed_in(member).get("/today/").content.decode()) == has


@pytest.mark.covers("F02")
def test_what_nobody_of_the_team_can_do_any_more_is_the_teams_again(cast: Cast, visited: FollowUp) -> None:
    nora = Member.objects.create_user("nora@example.com", "a long enough password", name="Nora", language="en")
    post = Post.objects.create(member=nora, team=visited.for_team, role="salesperson")
    signed_in(nora).post(f"/follow-ups/{visited.pk}/take/")
    assert "Visit them" not in signed_in(cast.charlie).get("/today/").content.decode()
    Post.objects.filter(pk=post.pk).update(role="auditor")
    assert "Visit them" in signed_in(cast.charlie).get("/today/").content.decode()


@pytest.mark.covers("B02", "B11")
def test_a_contact_stays_with_its_owner_where_another_does_one_thing_for_it(
    cast: Cast, manager: Member, wang: Contact
) -> None:
    by_chat(cast, wang)
    asks()
    nora = Member.objects.create_user("nora@example.com", "a long enough password", name="Nora", language="en")
    Post.objects.create(member=nora, team=cast.south, role="salesperson")
    FollowUp.objects.update(assignee=cast.bob)
    row = FollowUp.objects.get()
    chosen = {"chosen": [f"{row.pk}:{cast.bob.pk}"], "to": nora.pk}
    page = signed_in(manager).post("/board/reassign/", chosen, follow=True).content.decode()
    assert "1 follow-up is Nora" in page
    row.refresh_from_db()
    wang.refresh_from_db()
    assert (row.assignee, wang.owner) == (nora, cast.alice)
