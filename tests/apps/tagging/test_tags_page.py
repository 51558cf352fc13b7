"""The page of tags: meaning, owners, reviews, use and overlap; and new tags held against those there are."""

from __future__ import annotations

from datetime import timedelta
from unittest.mock import patch

import pytest
from django.test import Client
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from seamark.apps.accounts.access import reach
from seamark.apps.accounts.roles import Action
from seamark.apps.contacts.models import Contact
from seamark.apps.tagging import census, new_tags
from seamark.apps.tagging.cards import own_tag, review_tag
from seamark.apps.tagging.census import sampled
from seamark.apps.tagging.models import Draft, Standing, Tag, TagCard
from seamark.apps.tagging.publish import publish
from seamark.apps.tagging.rulebooks import compiled, live_rulebook
from tests.apps.conftest import Cast, happened
from tests.apps.tiers import TIERS

REVIEWED = TIERS.replace("    kind: level\n", "    kind: level\n    review: {every: 7d}\n", 1).replace(
    "color: green, when", "color: green, share: [0.15, 0.2], when"
)


@pytest.fixture
def reviewed(cast: Cast) -> None:
    """A rulebook whose activity is reviewed weekly is live."""
    compiled.cache_clear()
    publish(text=REVIEWED, by=None)


@pytest.fixture
def wang(cast: Cast, reviewed: None) -> Contact:
    contact = happened(ago=timedelta(hours=3), name="Wang", props={"text": "How much?"})
    Contact.objects.filter(pk=contact.pk).update(team=cast.south, owner=cast.alice)
    return contact


def lines(client: Client) -> dict[str, object]:
    page = client.get("/tags/?counted")
    return {line.tag.name: line for group in page.context["groups"] for line in group.lines}


@pytest.mark.covers("A19", "E05")
def test_what_tags_mean_and_who_holds_them(client: Client, cast: Cast, wang: Contact) -> None:
    client.force_login(cast.alice)
    line = lines(client)["activity/high"]
    assert (line.said, line.number, line.placed) == ("Replied within the last 24 hours", 1, "above")  # type: ignore[attr-defined]


def test_nobody_is_counted_out_of_reach(client: Client, cast: Cast, wang: Contact) -> None:
    client.force_login(cast.charlie)
    assert all(line.number == 0 for line in lines(client).values())  # type: ignore[attr-defined]
    client.force_login(cast.admin)
    assert client.get("/tags/?counted").context["census"] == (0, {})


def test_old_figures_stand_until_new_ones_are_counted(
    client: Client, cast: Cast, wang: Contact, monkeypatch: pytest.MonkeyPatch
) -> None:
    client.force_login(cast.alice)
    client.get("/tags/?counted")
    monkeypatch.setattr(census, "FRESH", timedelta(0))
    Contact.objects.filter(pk=wang.pk).update(owner=cast.bob)
    page = client.get("/tags/")
    assert page.context["census"].contacts == 1
    assert 'hx-get="/tags/?counted"' in page.content.decode()
    assert client.get("/tags/?counted").context["census"].contacts == 0


def test_figures_of_one_are_not_shown_to_another(client: Client, cast: Cast, wang: Contact) -> None:
    for member, contacts in [(cast.boss, 1), (cast.charlie, 0), (cast.alice, 1)]:
        client.force_login(member)
        assert client.get("/tags/?counted").context["census"].contacts == contacts


def test_the_page_asks_the_database_as_often_for_many_tags(
    client: Client, cast: Cast, wang: Contact, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    client.force_login(cast.rita)
    assert client.get("/tags/").context["is_counting"]
    client.get("/tags/?counted")
    with django_assert_num_queries(6):
        assert not client.get("/tags/").context["is_counting"]


@pytest.mark.covers("A19")
def test_a_review_that_is_overdue_is_told_until_it_is_done(client: Client, cast: Cast, wang: Contact) -> None:
    Tag.objects.update(made_at=timezone.now() - timedelta(days=8))
    client.force_login(cast.boss)
    assert client.get("/tags/?counted").context["kinds"]["overdue"] == 4
    client.post("/tags/activity/high/review/")
    assert client.get("/tags/?counted").context["kinds"]["overdue"] == 3
    assert TagCard.objects.get().reviewed_by == cast.boss


@pytest.mark.covers("A19")
def test_forgotten_and_unused_tags_are_proposed_for_deletion(client: Client, cast: Cast, wang: Contact) -> None:
    Tag.objects.update(made_at=timezone.now() - timedelta(days=30))
    client.force_login(cast.boss)
    page = client.get("/tags/?counted")
    found = {chip.name: words for chip, words in page.context["proposals"]}
    assert found["activity/low"] == [
        "missed 4 reviews: still needed, or to be deleted?",
        "is held by nobody: still needed, or to be deleted?",
    ]
    assert page.context["kinds"] == {"forgotten": 4, "unused": 3, "outside": 1}


@pytest.mark.covers("A19")
def test_a_tag_is_deleted_in_a_draft(client: Client, cast: Cast, wang: Contact) -> None:
    client.force_login(cast.boss)
    assert client.post("/tags/asked/vip/delete/").status_code == 302
    draft = Draft.objects.get()
    assert "vip" not in draft.text
    assert "price" in draft.text
    assert client.post("/tags/asked/vpi/delete/").status_code == 404
    client.force_login(cast.alice)
    assert client.post("/tags/asked/vip/delete/").status_code == 403


def test_owners_are_named_by_those_who_may_change_rulebooks(client: Client, cast: Cast, wang: Contact) -> None:
    client.force_login(cast.boss)
    assert f'<option value="{cast.bob.pk}">Bob' in client.get("/tags/activity/high/owner/").content.decode()
    client.post("/tags/activity/high/owner/", {"owner": cast.bob.pk}, headers={"HX-Request": "true"})
    assert f'<option value="{cast.bob.pk}" selected>Bob' in client.get("/tags/activity/high/owner/").content.decode()
    assert TagCard.objects.get().owner == cast.bob
    for member in (cast.alice, cast.charlie):
        client.force_login(member)
        assert client.post("/tags/activity/high/owner/", {"owner": ""}).status_code == 403
        assert client.get("/tags/activity/high/owner/").status_code == 403
    assert "Bob" in client.get("/tags/?counted").content.decode()


def test_a_tag_that_is_none_has_no_owner(client: Client, cast: Cast, wang: Contact) -> None:
    client.force_login(cast.boss)
    assert client.post("/tags/activity/higher/owner/", {"owner": ""}).status_code == 404
    assert client.get("/tags/activity/higher/owner/").status_code == 404


def test_owner_and_review_are_kept_side_by_side(cast: Cast, wang: Contact) -> None:
    own_tag(tag="asked/vip", owner=cast.bob, by=cast.boss)
    review_tag(tag="asked/vip", by=cast.boss)
    card = TagCard.objects.get()
    assert (card.owner, card.reviewed_by) == (cast.bob, cast.boss)


def held_by_many(cast: Cast, number: int = 25) -> None:
    """Contacts who are all high, and all asked the price."""
    tags = [Tag.objects.get(name=name).pk for name in ("activity/high", "asked/price")]
    made = [Contact(name=f"No. {place}", team=cast.south, owner=cast.alice) for place in range(number)]
    ids = [each.pk for each in Contact.objects.bulk_create(made)]
    Standing.objects.filter(pk__in=ids).update(tags=tags, since=[None, None])


@pytest.mark.covers("A20")
def test_overlap_is_measured_within_reach(client: Client, cast: Cast, reviewed: None) -> None:
    held_by_many(cast)
    client.force_login(cast.alice)
    [(first, second, words)] = client.get("/tags/overlap/").context["overlaps"]
    assert {first.name, second.name} == {"activity/high", "asked/price"}
    assert words == "25 of the 25 contacts with either hold both (100%)"
    client.force_login(cast.charlie)
    assert client.get("/tags/overlap/").context["held"].contacts == 0


def test_a_large_sea_is_sampled(cast: Cast, reviewed: None, monkeypatch: pytest.MonkeyPatch) -> None:
    held_by_many(cast)
    monkeypatch.setattr("seamark.apps.tagging.census.MOST_SAMPLED", 10)
    live = live_rulebook()
    assert live
    assert 5 <= sampled(reach(cast.boss, Action.VIEW), live).contacts <= 10


def asked(**given: str) -> dict[str, str]:
    return {
        "title_en": "Big fish",
        "title_zh": "大鱼",
        "color": "blue",
        "group": "asked",
        "name": "",
        "draft": "",
        "held": "hand",
        "when": "",
    } | given


@pytest.mark.covers("A20")
def test_a_new_tag_is_written_into_a_draft(client: Client, cast: Cast, wang: Contact) -> None:
    client.force_login(cast.boss)
    assert client.post("/tags/new/", asked()).status_code == 302
    draft = Draft.objects.get()
    assert "      big-fish: {title: {en: Big fish, zh: 大鱼}, color: blue, by_hand: true}\n" in draft.text
    again = asked(title_en="Whale", title_zh="鲸", draft=str(draft.pk), group="+", group_en="Sea", group_zh="海")
    client.post("/tags/new/", again)
    draft.refresh_from_db()
    assert "  sea:\n" in draft.text
    assert "big-fish" in draft.text


@pytest.mark.covers("A20")
@pytest.mark.parametrize(
    ("given", "other"),
    [
        ({"title_zh": "贵宾"}, "asked/vip"),
        ({"title_en": "vip", "name": "very"}, "asked/vip"),
        ({"held": "when", "when": 'any message.received[mentions "price"] over 3d'}, "asked/price"),
    ],
)
def test_a_tag_that_repeats_another_is_refused(
    client: Client, cast: Cast, wang: Contact, given: dict[str, str], other: str
) -> None:
    client.force_login(cast.boss)
    for anyway in ({}, {"anyway": "1"}):
        page = client.post("/tags/new/", asked(**given) | anyway)
        assert page.status_code == 422
        assert [(each.kind, each.other) for _, each in page.context["findings"]] == [("repeats", other)]
    assert not Draft.objects.exists()


@pytest.mark.covers("A20")
def test_of_a_tag_that_comes_near_its_maker_is_asked(client: Client, cast: Cast, wang: Contact) -> None:
    near = asked(held="when", when='any message.received[mentions "price"] over 4d')
    client.force_login(cast.boss)
    page = client.post("/tags/new/", near)
    assert [(each.kind, each.other) for _, each in page.context["findings"]] == [("near", "asked/price")]
    assert client.post("/tags/new/", near | {"anyway": "1"}).status_code == 302


@pytest.mark.covers("A20")
def test_the_overlap_of_a_new_tag_is_measured_on_contacts(client: Client, cast: Cast, reviewed: None) -> None:
    for place in range(21):
        happened(external_id=f"no {place}", props={"text": "How much?"})
    client.force_login(cast.boss)
    with patch.object(new_tags, "evaluator_of", wraps=new_tags.evaluator_of) as makes:
        page = client.post("/tags/new/", asked(held="when", when="count(message.received) over 90d >= 1"))
    assert makes.call_count == 1  # for all contacts: making one takes longer than judging
    found = {each.other: each.words for _, each in page.context["findings"]}
    assert found["asked/price"] == ("is held by 21 of the 21 who would hold either (100% of 21 measured)")


def test_a_condition_that_is_none_makes_no_tag(client: Client, cast: Cast, wang: Contact) -> None:
    client.force_login(cast.boss)
    assert client.post("/tags/new/", asked(held="when", when="tagged asked/vpi")).status_code == 422
    client.force_login(cast.alice)
    assert client.get("/tags/new/").status_code == 403
