"""The page of one contact, as members of each role see it."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from seamark.apps.accounts.models import Member
from seamark.apps.contacts.models import Contact, Field
from seamark.apps.desk import contact_page
from seamark.apps.tagging.models import TagChange
from tests.apps.conftest import Cast, happened, tags_of

pytestmark = pytest.mark.usefixtures("tiers")

HOUR = timedelta(hours=1)


@pytest.fixture
def wang(cast: Cast) -> Contact:
    """A contact of Alice's who asked for the price yesterday."""
    contact = happened(ago=20 * HOUR, name="Wang", props={"text": "Hello, how much is it <b>?"})
    Contact.objects.filter(pk=contact.pk).update(team=cast.south, owner=cast.alice)
    contact.refresh_from_db()
    return contact


def signed_in(member: Member) -> Client:
    client = Client()
    client.force_login(member)
    return client


def shown(member: Member, address: str) -> str:
    """What the page says, its white space made even."""
    answer = signed_in(member).get(address)
    assert answer.status_code == 200
    return " ".join(answer.content.decode().split())


READ = ["", "tags/", "changes/", "events/", "then/", "tags/asked/price/why/"]
WRITE = ["tags/set/", "tags/asked/vip/set/", "tags/asked/price/clear/", "tags/asked/price/lift/"]


@pytest.mark.covers("F01")
@pytest.mark.parametrize("address", READ)
def test_charlie_finds_nothing_of_alices(cast: Cast, wang: Contact, address: str) -> None:
    assert signed_in(cast.charlie).get(f"/contacts/{wang.pk}/{address}").status_code == 404
    assert signed_in(cast.alice).get(f"/contacts/{wang.pk}/{address}").status_code == 200


@pytest.mark.covers("F01")
@pytest.mark.parametrize("address", WRITE)
def test_charlie_and_who_may_only_read_change_nothing(cast: Cast, wang: Contact, address: str) -> None:
    before = tags_of(wang)
    for member in (cast.charlie, cast.rita):
        answer = signed_in(member).post(f"/contacts/{wang.pk}/{address}", {"tag": "asked/vip"})
        assert answer.status_code == 404
    assert tags_of(wang) == before


def test_who_may_only_read_is_offered_nothing_else(cast: Cast, wang: Contact) -> None:
    assert "/tags/set/" in shown(cast.alice, f"/contacts/{wang.pk}/")
    assert "/tags/set/" not in shown(cast.rita, f"/contacts/{wang.pk}/")
    assert "clear/" not in shown(cast.rita, f"/contacts/{wang.pk}/tags/asked/price/why/")


@pytest.mark.covers("G02")
def test_why_shows_the_words_and_the_end(cast: Cast, wang: Contact) -> None:
    page = shown(cast.alice, f"/contacts/{wang.pk}/tags/asked/price/why/")
    assert "“Hello, <mark>how much</mark> is it &lt;b&gt;?”" in page
    assert "rote about &quot;the price&quot; in the last 3 days" in page
    assert "unless a message comes" in page


@pytest.mark.covers("G02")
def test_why_speaks_chinese(cast: Cast, wang: Contact) -> None:
    Member.objects.filter(pk=cast.alice.pk).update(language="zh-hans")
    page = shown(cast.alice, f"/contacts/{wang.pk}/tags/activity/high/why/")
    assert "24 小时内" in page
    assert "变为黄色（中活跃），除非期间有新的客户消息。" in page


def test_an_unknown_tag_is_not_found(cast: Cast, wang: Contact) -> None:
    assert signed_in(cast.alice).get(f"/contacts/{wang.pk}/tags/asked/nothing/why/").status_code == 404


def test_changes_of_tags_say_what_kind_of_event_made_them(cast: Cast, wang: Contact) -> None:
    first = TagChange.objects.filter(contact=wang).earliest("changed_at")
    first.pk, first.changed_at = None, first.changed_at - timedelta(microseconds=1)  # as what needs no event is entered
    first.save()
    changes = signed_in(cast.alice).get(f"/contacts/{wang.pk}/changes/").context["changes"]
    assert {each.cause for each in changes[:-1]} == {"Message"}
    assert changes[-1].cause == "became known"


def test_the_timeline_is_narrowed_by_kinds_that_have_words(cast: Cast, wang: Contact) -> None:
    happened("conversation.opened")
    happened("repair.asked")
    kinds = dict(signed_in(cast.alice).get(f"/contacts/{wang.pk}/").context["kinds"])
    assert kinds["conversation.opened"] == "Open again"
    assert kinds["message.received"] == "Message"
    assert kinds["repair.asked"] == "Repair.asked"


@pytest.mark.covers("A02")
def test_tags_say_since_when_and_until_when(cast: Cast, wang: Contact) -> None:
    groups = dict(signed_in(cast.alice).get(f"/contacts/{wang.pk}/tags/").context["groups"])
    high = groups["Activity"][0]
    assert high.chip.title == "High"
    assert high.until - high.since == 24 * HOUR


@pytest.mark.covers("G04")
def test_then_shows_what_was_held(cast: Cast, wang: Contact) -> None:
    happened(ago=50 * HOUR)
    client = signed_in(cast.alice)

    def past(moment: str) -> list[str]:
        return [each.chip.name for each in client.get(f"/contacts/{wang.pk}/then/?{moment}").context["past"]]

    minute = int((timezone.now() - 21 * HOUR).timestamp()) // 60
    assert past(f"minute={minute}") == ["activity/medium"]
    assert past(f"at={(timezone.now() - 49 * HOUR).strftime('%Y-%m-%dT%H:%M')}") == ["activity/high"]
    assert past("minute=99999999999999999999") == ["activity/high", "asked/price"]
    assert past("at=whenever") == ["activity/high", "asked/price"]


def test_hands_set_clear_and_lift(cast: Cast, wang: Contact) -> None:
    client = signed_in(cast.alice)
    set_ = client.post(f"/contacts/{wang.pk}/tags/set/", {"tag": "asked/vip", "lasts": "7d"})
    assert f"/contacts/{wang.pk}/tags/asked/vip/lift/" in set_.content.decode()
    client.post(f"/contacts/{wang.pk}/tags/asked/price/clear/")
    assert set(tags_of(wang)) == {"activity/high", "asked/vip"}
    assert "by Alice, until" in shown(cast.alice, f"/contacts/{wang.pk}/tags/asked/vip/why/")
    client.post(f"/contacts/{wang.pk}/tags/asked/price/lift/")
    client.post(f"/contacts/{wang.pk}/tags/asked/vip/lift/")
    assert set(tags_of(wang)) == {"activity/high", "asked/price"}
    refused = client.post(f"/contacts/{wang.pk}/tags/set/", {"tag": "no/such"})
    assert "no tag “no/such”" in refused.content.decode()


def test_history_goes_back_page_by_page_and_forward(cast: Cast, wang: Contact, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(contact_page, "EVENTS", 2)
    for hours in (1, 2, 3):
        happened("order.placed", ago=hours * HOUR, props={"amount": 100 * hours})
    client = signed_in(cast.alice)

    def listed(query: str) -> tuple[list[str], dict[str, str]]:
        context = client.get(f"/contacts/{wang.pk}/events/?{query}").context
        entries = [entry.details or entry.text for day in context["days"] for entry in day.entries]
        return entries, {"older": context["older"], "newest": context["newest"]}

    newest, places = listed("")
    assert newest == ["100", "200"]
    older, _ = listed(f"before={places['older']}")
    assert older == ["300", "Hello, how much is it <b>?"]
    happened("link.clicked")
    assert listed(f"after={places['newest']}")[0] == ["Link click"]
    assert listed("kind=message.received")[0] == ["Hello, how much is it <b>?"]
    assert listed("before=x.y&after=0")[0] == ["Link click", "100"]


def test_messages_say_who_wrote_them_and_how_far_they_came(cast: Cast, wang: Contact) -> None:
    happened("message.sent", ago=HOUR, source_key="out 1", actor=f"member:{cast.bob.pk}", props={"text": "9.80"})
    happened("message.delivered", ago=HOUR, props={"message": "out 1"})
    happened("message.read", props={"message": "out 1"})
    page = shown(cast.alice, f"/contacts/{wang.pk}/events/")
    assert "<strong>Bob</strong> <p>9.80</p>" in page
    assert 'aria-label="Read"' in page
    assert page.count("<article") == 2
    assert "happening" not in page


@pytest.mark.covers("C07")
def test_numbers_and_addresses_are_masked_in_one_place(cast: Cast, wang: Contact) -> None:
    Field.objects.create(name="mobile", title_en="Mobile", title_zh="手机", mask=Field.Mask.PHONE)
    Field.objects.create(name="street", title_en="Street", title_zh="地址", mask=Field.Mask.ADDRESS)
    Contact.objects.filter(pk=wang.pk).update(fields={"mobile": "0912345456", "street": "12 Canal Street, Leeds"})
    wang.identities.filter(source="test").update(external_id="85255551234")
    full, masked = (shown(member, f"/contacts/{wang.pk}/") for member in (cast.alice, cast.rita))
    for secret, seen in (
        ("0912345456", "0912***456"),
        ("12 Canal Street, Leeds", "12 Can***"),
        ("85255551234", "8525***234"),
    ):
        assert secret in full
        assert secret not in masked
        assert seen in masked


def test_the_page_takes_as_many_queries_for_a_long_history(
    cast: Cast, wang: Contact, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    for hours in range(10):
        happened("message.sent", ago=hours * HOUR, actor=f"member:{cast.bob.pk}", props={"text": "Hello"})
    client = signed_in(cast.alice)
    with django_assert_max_num_queries(52):
        client.get(f"/contacts/{wang.pk}/")


@pytest.mark.covers("C07")
def test_numbers_and_mail_addresses_in_texts_are_masked_wherever_they_are_shown(cast: Cast, wang: Contact) -> None:
    happened(props={"text": "how much? 我的电话13912345678，邮箱wang.li@example.com"})
    happened("order.paid", props={"amount": 5, "product": "for +86 139 1234 5678"})
    pages = (f"/contacts/{wang.pk}/", f"/contacts/{wang.pk}/tags/asked/price/why/", "/inbox/?list=all")
    for page in pages:
        full, masked = (shown(member, page) for member in (cast.alice, cast.rita))
        for secret in ("13912345678", "wang.li@example.com"):
            assert secret in full, page
            assert secret not in masked, page
        assert "1391***678" in masked
        assert "wa***@example.com" in masked
        assert "139 1234 5678" not in masked
